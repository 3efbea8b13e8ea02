"""What a programme's forms offer, and what it calls things: a line for each word."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from webapp.engine.words import OwnTopic
from webapp.services.programme_words import RENAMED, Given, KindWords

NEW_ROWS = 3
FAULTS: dict[str, Any] = {
    "empty": _l("Give the topic a name. To offer it no longer, take its tick away."),
    "long": _l("Shorten it to 80 characters or fewer."),
    "taken": _l("Another one has this name already. Give it a name of its own."),
    "many": _l("Give ten other names at most."),
}
OFFERED_FAULTS: dict[str, Any] = {
    "none": _l("Offer at least one of them."),
    "many": _l("A programme has sixty topics of its own at most."),
}


@dataclass(frozen=True)
class WordLine:
    """A word that ships: whether it is offered, and what it is called here."""

    id: str
    ships: str
    name: str
    under: str
    offered: bool
    fault: str


@dataclass(frozen=True)
class WordFold:
    name: str
    lines: tuple[WordLine, ...]

    @property
    def n_offered(self) -> int:
        return sum(line.offered for line in self.lines)

    @property
    def has_fault(self) -> bool:
        return any(line.fault for line in self.lines)


@dataclass(frozen=True)
class OwnLine:
    """A topic of the programme's own; without an id it is a new one."""

    id: str
    name: str
    also: str
    offered: bool
    fault: str


class VocabularyForm(FlaskForm):
    fingerprint = HiddenField()

    def __init__(self, words: KindWords) -> None:
        super().__init__(data={"fingerprint": words.fingerprint})
        self.words = words
        self.faults: dict[str, str] = {}

    @property
    def given(self) -> Given:
        """What was sent, or what stands."""
        if not self.is_submitted():
            return Given(self.words.offered, self.words.names, self.words.own)
        names = {}
        if self.words.kind in RENAMED:
            keys = (choice.id for group in self.words.groups for choice in group.choices)
            names = {key: request.form.get(f"name-{key}", "") for key in keys}
        return Given(frozenset(request.form.getlist("offered")), names, tuple(self._own()))

    def _own(self) -> Iterable[OwnTopic]:
        # Three lists of the same length, a place in each for each row.
        rows = zip(*(request.form.getlist(f"own-{part}") for part in ("id", "name", "also")), strict=False)
        for key, name, also in rows:
            yield OwnTopic(key, name, tuple(text for text in also.split(",") if text.strip()))

    @property
    def folds(self) -> tuple[WordFold, ...]:
        given = self.given
        return tuple(
            WordFold(
                group.name,
                tuple(
                    WordLine(
                        choice.id,
                        choice.name,
                        given.names.get(choice.id, ""),
                        choice.under,
                        choice.id in given.offered,
                        self._fault(choice.id),
                    )
                    for choice in group.choices
                ),
            )
            for group in self.words.groups
        )

    @property
    def own_lines(self) -> tuple[OwnLine, ...]:
        given, new, lines = self.given, 0, []
        for own in given.own:
            where = own.id or f"own-{new}"
            new += not own.id
            lines.append(OwnLine(own.id, own.name, ", ".join(own.also), own.id in given.offered, self._fault(where)))
        return (*lines, *(OwnLine("", "", "", True, "") for _ in range(NEW_ROWS - new)))

    def _fault(self, key: str) -> str:
        return str(FAULTS.get(self.faults.get(key, ""), ""))

    def complain(self, faults: dict[str, str]) -> None:
        """Keep the faults for their lines, and say above all of them where to look."""
        self.faults = faults
        lines = {line.id for fold in self.folds for line in fold.lines} | {own.id for own in self.words.own}
        for key, fault in faults.items():
            if key == "offered":
                self.form_errors.append(str(OFFERED_FAULTS[fault]))
            elif key in lines or key.startswith("own-"):
                self.form_errors.append(str(FAULTS[fault]))
            else:  # a new topic that has the name of another
                self.faults = {**self.faults, "own-0": fault}
                self.form_errors.append(str(FAULTS[fault]))
