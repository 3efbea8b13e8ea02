"""Ticks from a long vocabulary, found by typing; without script they lie in a fold for each group."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from webapp.services.vocabulary import Choice, Group

Groups = Callable[[], tuple[Group, ...]]


@dataclass(frozen=True)
class Tick:
    choice: Choice
    checked: bool


@dataclass(frozen=True)
class Fold:
    name: str
    ticks: tuple[Tick, ...]
    chosen: int


@dataclass(frozen=True)
class Picture:
    """How the ticks lie on the page: what was searched for first, then every group."""

    search: str
    found: tuple[Tick, ...]
    folds: tuple[Fold, ...]


class PickField(SelectMultipleField):
    """Several of a vocabulary. Where a browser runs no script, a button called `search` looks names up."""

    def __init__(self, label: Any, groups: Groups, **kwargs: Any) -> None:
        choices = [SelectChoice(choice.id, choice.name) for group in groups() for choice in group.choices]
        super().__init__(label, choices=choices, **kwargs)
        self.groups = groups()
        self.invalid_choice_message = kwargs.get("invalid_choice_message")

    @property
    def picture(self) -> Picture:
        search = request.form.get(f"{self.id}-search", "").strip()
        chosen = set(self.data or ())
        found = {c.id for group in self.groups for c in group.choices if c.matches(search)} if search else set()
        folds = []
        for group in self.groups:
            rest = tuple(Tick(choice, choice.id in chosen) for choice in group.choices if choice.id not in found)
            if rest:
                folds.append(Fold(group.name, rest, sum(tick.checked for tick in rest)))
        ticks = tuple(
            Tick(choice, choice.id in chosen) for group in self.groups for choice in group.choices if choice.id in found
        )
        return Picture(search, ticks, tuple(folds))


class GroupedSelect(SelectField):
    """One of a vocabulary, in groups, with an empty line first."""

    def __init__(self, label: Any, groups: Groups, *, empty: Any = None, **kwargs: Any) -> None:
        choices = [SelectChoice("", empty)] if empty is not None else []
        choices += [SelectChoice(c.id, c.name, optgroup=group.name) for group in groups() for c in group.choices]
        super().__init__(label, choices=choices, **kwargs)


def is_searching() -> bool:
    """Whether the form was sent by the button of a search, and not to be saved."""
    return "search" in request.form
