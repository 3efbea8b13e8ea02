"""What can be taken out of a programme, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from webapp.presenters.states import MEMBER, OFFER, PAIR

MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
# The states that the rows can be narrowed to.
STATES: Mapping[str, Mapping[str, tuple[Any, str]]] = {"people": MEMBER, "offers": OFFER, "mentorships": PAIR}


@dataclass(frozen=True)
class ExportWords:
    title: Any
    holds: Any


EXPORTS: Mapping[str, ExportWords] = {
    "people": ExportWords(
        _l("People"),
        _l("Everybody’s answers, hours and limits. Private facts stay private."),
    ),
    "proposals": ExportWords(
        _l("Pairs of a scenario"),
        _l("Every pair worked out, with its fit, its hour and the reasons."),
    ),
    "offers": ExportWords(
        _l("Offers and answers"),
        _l("Who was offered whom, both answers, and the reasons given to coordinators."),
    ),
    "mentorships": ExportWords(
        _l("Pairs"),
        _l("Who meets whom, since when and how often. What the two write stays theirs."),
    ),
    "minutes": ExportWords(
        _l("Mentors’ minutes"),
        _l("The ledger by mentor and month: given, reserved, returned, spent."),
    ),
}
