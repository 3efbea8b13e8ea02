"""The review board: figures, proof, rows and those left without, in words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.models import Scenario
from webapp.presenters.beside import Beside, NoteLine, anchor_of
from webapp.presenters.reasons import ReasonLine, listed, sentences
from webapp.presenters.week import duration
from webapp.services.board_rows import BoardRow, Side
from webapp.services.boards import Ruling, Totals
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
_WHY_WITHOUT: Mapping[str, Any] = {
    "removed": _l("The pair was taken out by hand."),
    "nobody": _l("There is no mentor at the moment."),
    "no_shared_hours": _l("Shares no free time that is long enough for a meeting with most mentors."),
    "no_shared_language": _l("Shares no language with most mentors."),
    "specialty_required": _l("The programme asks for close specialties, and most mentors work in others."),
    "below_minimum": _l("Has less in common with most mentors than the smallest fit in the settings."),
    "stage_not_welcome": _l("Most mentors take mentees at other career stages."),
    "not_ahead": _l("Most mentors are not further ahead in their career."),
    "student_not_approved": _l("Is a student, and most mentors are not approved for students."),
    "mentor_paused": _l("Most mentors pause at the moment."),
    "already_paired": _l("Is paired with most mentors already."),
    "former_pair": _l("Was paired with most mentors before."),
    "excluded": _l("Is kept apart from most mentors by a wish of one of the two."),
    "conflict": _l("Has a conflict of interest with most mentors."),
    "forbidden": _l("A coordinator ruled out most mentors."),
    "self": _l("There is no mentor besides herself or himself."),
}


_PROVED: Mapping[str, Any] = {
    "coverage": _l("No better matching exists - checked"),
    "total": _l("No better matching exists - checked"),
    "fair": _l("The weakest place cannot be better - checked"),
    "stable": _l("No two would both rather have each other - checked"),
}


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class Proof:
    """What is known about better matchings; `proved` draws it as the badge."""

    text: str
    proved: bool
    note: str


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


@dataclass(frozen=True)
class Without:
    id: uuid.UUID
    name: str
    text: str


def present_facts(totals: Totals, *, without_url: str) -> tuple[Fact, ...]:
    """Return the four figures over the board."""
    missing = totals.mentees - totals.covered
    slots = (
        ngettext("%(num)d without an hour yet", "%(num)d without an hour yet", totals.without_slot)
        if totals.without_slot
        else _("all with an hour to meet")
    )
    if totals.removed:
        slots = ngettext("%(num)d taken out by hand", "%(num)d taken out by hand", totals.removed)
    return (
        Fact(
            _("Mentees with a mentor"),
            _("%(n)s of %(all)s", n=totals.covered, all=totals.mentees),
            _("%(n)s without, and why", n=missing) if missing else _("nobody goes without"),
            without_url if missing else "",
        ),
        Fact(_("Pairs"), str(totals.pairs), slots),
        Fact(
            _("Weakest best fit"),
            "–" if totals.weakest is None else f"{totals.weakest:.2f}",
            ngettext("%(num)d mentee below 0.50", "%(num)d mentees below 0.50", totals.thin),
        ),
        Fact(
            _("Mentors’ time used"),
            _("%(n)s of %(all)s h", n=hours(totals.minutes_used), all=hours(totals.minutes_given)),
            _("nobody over their own limit"),
        ),
    )


def present_proof(scenario: Scenario, totals: Totals) -> Proof:
    """Say whether a better matching may exist, and by how much at most."""
    note = _proof_note(totals)
    if not scenario.verified:
        return Proof(_("Not checked"), proved=False, note=_("Work the pairs out again before you publish."))
    if scenario.result_status == "OPTIMAL":
        return Proof(best_words(scenario.objective), proved=True, note=note)
    gap = float(scenario.totals.get("gap") or 0.0)
    text = _("A better matching may exist, by %(gap)s %% at most - checked", gap=f"{100 * gap:.2f}")
    return Proof(text, proved=False, note=note)


def best_words(objective: str) -> str:
    """Say what is proved of a result that is the best under its rule."""
    return str(_PROVED[objective])


def why_without(why: str) -> str:
    """Say the commonest cause for which mentees are left out, of several of them."""
    return str(_WHY_WITHOUT.get(why, _l("Mentors would fit, but their places went to others.")))


def _proof_note(totals: Totals) -> str:
    """Say what the proof still covers."""
    if not totals.out and not totals.added:
        return ""
    out = ngettext("%(num)d pair out", "%(num)d pairs out", totals.out)
    added = ngettext("%(num)d pair in", "%(num)d pairs in", totals.added)
    changes = ", ".join(text for text, n in ((out, totals.out), (added, totals.added)) if n)
    return _("The proof is of the pairs as they were worked out, before changes by hand: %(changes)s.", changes=changes)


def present_row(row: BoardRow, beside: Beside) -> Line:
    rulings, me = beside.rulings, beside.me
    ruling = rulings.by_pair.get((row.mentor.id, row.mentee.id))
    word = fit_of(row.weight)
    return Line(
        id=row.id,
        mentee=who_of(row.mentee, stage_first=True),
        mentor=who_of(row.mentor, stage_first=False),
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


def present_without(scenario: Scenario, totals: Totals, names: Mapping[uuid.UUID, str]) -> list[Without]:
    """List the mentees without a mentor, each with the commonest cause."""
    lines = []
    for entry in scenario.unmatched:
        key = uuid.UUID(entry["membership_id"])
        if entry["side"] == "mentee" and key in names and key not in totals.helped:
            lines.append(Without(key, names[key], _why_without(entry["why"], int(entry.get("acceptable", 0)))))
    lines += [Without(key, names[key], _why_without("removed", 0)) for key in totals.emptied if key in names]
    return lines


def without_ids(scenario: Scenario, totals: Totals, most: int) -> list[uuid.UUID]:
    """Return whose names the list of those without needs."""
    ids = [uuid.UUID(entry["membership_id"]) for entry in scenario.unmatched if entry["side"] == "mentee"]
    return [*ids, *totals.emptied][:most]


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


def hours(minutes: int) -> str:
    return f"{minutes // 60}" if minutes % 60 == 0 or minutes >= 1_200 else f"{minutes / 60:.1f}"


def _why_without(why: str, acceptable: int) -> str:
    if why in _WHY_WITHOUT:
        return str(_WHY_WITHOUT[why])
    return ngettext(
        "%(num)d mentor would fit, but the place went to another.",
        "%(num)d mentors would fit, but their places went to others.",
        acceptable,
    )


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
    else:
        text = _("Ruled out by you") if mine else _("Ruled out by %(name)s", name=ruling.by or _("a coordinator"))
    return f"{text}: {ruling.why}" if ruling.why else text
