"""The review board: its pairs as lines, in words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.beside import Beside, NoteLine, anchor_of
from webapp.presenters.places import say_place
from webapp.presenters.reasons import ReasonLine, listed, sentences
from webapp.presenters.week import duration
from webapp.services.board_rows import BoardRow, Side
from webapp.services.rulings import Ruling
from webapp.services.vocabulary import city_of, name_of, names_of
from webapp.services.week import clock

FIT_WORDS: Mapping[str, Any] = {"strong": _l("Strong"), "good": _l("Good"), "fair": _l("Fair"), "thin": _l("Thin")}
REASONS_SHOWN = 3
# The same reasons as the full sentences, short enough for a column.
_SHORT: Mapping[str, Any] = {
    "topics_all": _l("all needs met"),
    "topics_some": _l("%(covered)s of %(wanted)s needs met"),
    "topics_none": _l("no need met"),
    "topics_unknown": _l("topics not stated"),
    "role_offered": _l("need met"),
    "role_open": _l("need not met"),
    "specialty_same": _l("the specialty wished"),
    "specialty_subspecialty": _l("close to the specialty wished"),
    "specialty_shared": _l("neighbouring specialty"),
    "specialty_area": _l("same area"),
    "specialty_other": _l("another specialty"),
    "specialty_unknown": _l("no specialty named"),
    "hours_shared": _l("%(hours)s in common"),
    "hours_none": _l("no hour in common"),
    "hours_unknown": _l("hours not stated"),
    "stage_ahead": _l("further ahead"),
    "stage_welcome": _l("stage welcome"),
    "stage_level": _l("equally far"),
    "stage_unknown": _l("stage not stated"),
    "language_shared": _l("shares %(languages)s"),
    "language_none": _l("no shared language"),
    "language_unknown": _l("languages not stated"),
    "wish_mentee": _l("the mentee’s wish"),
    "wish_mentor": _l("the mentor’s wish"),
}


@dataclass(frozen=True)
class Tiles:
    booked: int
    fresh: int
    free: int
    given: int
    taken: int
    said: str


@dataclass(frozen=True)
class Who:
    id: uuid.UUID
    name: str
    about: str


@dataclass(frozen=True)
class Line:
    """One pair."""

    id: uuid.UUID
    mentee: Who
    mentor: Who
    place: str  # on the mentee's board
    why: str
    reasons: list[ReasonLine]
    slot: str
    zone: str
    month: Tiles
    fit: str
    thin: bool
    weight: str
    removed: bool
    ruling: str
    kind: str  # pin, forbid or nothing
    anchor: str
    rhythm: str
    by_hand: bool
    change: str  # against another scenario: new, or from whom the mentee moved
    notes: list[NoteLine]


def present_row(row: BoardRow, beside: Beside) -> Line:
    rulings, me = beside.rulings, beside.me
    ruling = rulings.by_pair.get((row.mentor.id, row.mentee.id))
    word = fit_of(row.weight)
    return Line(
        id=row.id,
        mentee=who_of(row.mentee, stage_first=True),
        mentor=who_of(row.mentor, stage_first=False),
        place=say_place(row.role),
        why=short_why(row.reasons),
        reasons=sentences(row.reasons, "coordinator"),
        slot=slot_words(row.slot_weekday, row.slot_minute),
        zone=city_of(row.zone),
        month=tiles_of(row.booked, row.fresh, row.given),
        fit=str(FIT_WORDS[word]),
        thin=word == "thin",
        weight=f"{row.weight:.2f}",
        removed=row.removed,
        ruling=say_ruling(ruling, me) if ruling else "",
        kind=ruling.kind if ruling else "",
        anchor=anchor_of(row.mentor.id, row.mentee.id),
        rhythm=beside.rhythm(row.slot_weekday, row.slot_minute, row.slot_week, row.zone),
        by_hand=row.origin == "hand",
        change="" if row.removed else beside.change_of(row.mentor.id, row.mentee.id),
        notes=beside.notes_of(row.mentor.id, row.mentee.id),
    )


def short_why(reasons: Sequence[Mapping[str, Any]]) -> str:
    """Say in a few words what speaks most for a pair; what is missing only if nothing else is left."""
    ordered = sorted(reasons, key=lambda reason: reason["kind"] == "open")
    words = [_short(reason) for reason in ordered[:REASONS_SHOWN]]
    text = "; ".join(words)
    return text[:1].upper() + text[1:]


def _short(reason: Mapping[str, Any]) -> str:
    params = {
        name: listed([str(word) for word in value]) if isinstance(value, list) else value
        for name, value in reason.get("params", {}).items()
    }
    if "minutes" in params:
        params["hours"] = duration(int(params["minutes"]))
    return str(_SHORT[reason["key"]]) % params


def fit_of(weight: float) -> str:
    return next((word for word, least in (("strong", 0.85), ("good", 0.65), ("fair", 0.5)) if weight >= least), "thin")


def slot_words(weekday: int | None, minute: int | None) -> str:
    """Write a weekly time: Tue 19:00."""
    if weekday is None or minute is None:
        return ""
    return f"{get_day_names('abbreviated', locale=get_locale())[weekday]} {clock(minute)}"


def tiles_of(booked: int, fresh: int, given: int) -> Tiles:
    """Return a mentor's month as tiles."""
    taken = booked + fresh
    return Tiles(
        booked=booked,
        fresh=fresh,
        free=max(0, given - taken),
        given=given,
        taken=taken,
        said=_("%(taken)s of %(given)s minutes used", taken=taken, given=given),
    )


def who_of(side: Side, *, stage_first: bool) -> Who:
    """Return somebody with what the board says of her."""
    stage = name_of("stage", side.stage) if side.stage else ""
    works = ", ".join(names_of("specialty", side.specialties[:1]))
    parts = (stage, works) if stage_first else (works, side.city)
    return Who(side.id, side.name, ", ".join(part for part in parts if part))


def say_ruling(ruling: Ruling, me: uuid.UUID) -> str:
    """Say who ruled on a pair, and why."""
    mine = ruling.by_id == me
    if ruling.kind == "pin":
        text = _("Pinned by you") if mine else _("Pinned by %(name)s", name=ruling.by or _("a coordinator"))
        if ruling.has_left:
            text = _("%(pinned)s, and dropped: one of the two has left this round", pinned=text)
    else:
        text = _("Ruled out by you") if mine else _("Ruled out by %(name)s", name=ruling.by or _("a coordinator"))
    return f"{text}: {ruling.why}" if ruling.why else text
