"""Ticks from a long vocabulary, found by typing; without script they lie in a fold for each group."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.services.vocabulary import Choice, Group, name_of

NOT_OFFERED = _l("Not offered any more")
NOT_LISTED = _l("This is not in the list. Please choose again.")
Groups = Callable[[], tuple[Group, ...]]


@dataclass(frozen=True)
class Tick:
    choice: Choice
    checked: bool


@dataclass(frozen=True)
class Fold:
    name: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Picture:
    """How the ticks lie on the page: what is chosen or was searched for first, then every group."""

    search: str
    first: tuple[Tick, ...]
    n_found: int
    folds: tuple[Fold, ...]


class PickField(SelectMultipleField):
    """Several of a vocabulary. Where a browser runs no script, a button called `search` looks names up."""

    def __init__(self, label: Any, groups: Groups, *, kind: str = "", **kwargs: Any) -> None:
        choices = [SelectChoice(choice.id, choice.name) for group in groups() for choice in group.choices]
        kwargs.setdefault("invalid_choice_message", NOT_LISTED)
        super().__init__(label, choices=choices, **kwargs)
        self.groups, self.kind = groups(), kind

    def process_data(self, value: Any) -> None:
        """Keep what is saved choosable, even where the vocabulary does not offer it any more."""
        super().process_data(value)
        offered = {choice.id for group in self.groups for choice in group.choices}
        kept = tuple(Choice(key, name_of(self.kind, key)) for key in self.data or () if key not in offered)
        if self.kind and kept:
            self.groups = (*self.groups, Group(str(NOT_OFFERED), kept))
            self.choices = [SelectChoice(c.id, c.name) for group in self.groups for c in group.choices]

    @property
    def picture(self) -> Picture:
        search = request.form.get(f"{self.id}-search", "").strip()
        chosen = set(self.data or ())
        found = {c.id for group in self.groups for c in group.choices if c.matches(search)}
        first = [c for group in self.groups for c in group.choices if c.id in chosen or c.id in found]
        folds = (
            Fold(group.name, tuple(Tick(c, checked=False) for c in group.choices if c not in first))
            for group in self.groups
        )
        ticks = tuple(Tick(choice, choice.id in chosen) for choice in first)
        return Picture(search, ticks, len(found), tuple(fold for fold in folds if fold.ticks))


class GroupedSelect(SelectField):
    """One of a vocabulary, in groups, with an empty line first."""

    choices: Any

    def __init__(self, label: Any, groups: Groups, *, kind: str = "", empty: Any = None, **kwargs: Any) -> None:
        choices = [SelectChoice("", empty)] if empty is not None else []
        choices += [SelectChoice(c.id, c.name, optgroup=group.name) for group in groups() for c in group.choices]
        kwargs = {"invalid_choice_message": NOT_LISTED, "default": "", **kwargs}
        super().__init__(label, choices=choices, **kwargs)
        self.type = "SelectField"  # what the macros go by
        self.kind = kind

    def process_data(self, value: Any) -> None:
        """Keep what is saved choosable, even where the vocabulary does not offer it any more."""
        super().process_data(value)
        self.keep([value] if value else [])

    def pre_validate(self, form: Any) -> None:
        """Name what is not in the list: what was sent is shown nowhere else."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            if self.kind:
                raise  # ids of the vocabulary say nothing to anyone
            name = str(self.data)[:60]
            raise ValidationError(_("“%(name)s” is not in the list. Please choose again.", name=name)) from error

    def keep(self, values: Iterable[str]) -> None:
        """Let these be chosen too."""
        listed: list[SelectChoice] = list(self.choices)
        known = {choice.value for choice in listed}
        kept = [SelectChoice(key, self._name(key), optgroup=NOT_OFFERED) for key in values if key not in known]
        self.choices = [*listed, *kept] if kept else self.choices

    def _name(self, key: str) -> str:
        return name_of(self.kind, key) if self.kind else key


def is_searching() -> bool:
    """Whether the form was sent in order to find names, and not to be saved."""
    if "search" in request.form:
        return True
    # The return key in a search field sends the form too, but without the name of the button that saves.
    return "save" not in request.form and any(key.endswith("-search") and text for key, text in request.form.items())
