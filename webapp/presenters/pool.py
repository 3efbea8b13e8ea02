"""Pool health as its coordinator reads it: the news first, then figures, table and names."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.reasons import listed
from webapp.services.pool import PARTS, Cell, PoolHealth, SpecialtyRow, Stuck
from webapp.services.vocabulary import name_of, names_of

SHOWN = 8
PART_WORDS: Mapping[str, Any] = {
    "early": _l("Before 8:00"),
    "day": _l("Daytime"),
    "evening": _l("Evening"),
    "weekend": _l("Weekend"),
}
_SHORT_PARTS: Mapping[str, Any] = {
    "early": _l("%(specialty)s before 8:00"),
    "day": _l("%(specialty)s in the daytime"),
    "evening": _l("%(specialty)s in the evening"),
    "weekend": _l("%(specialty)s at the weekend"),
}
# Each cause: for a mentee over the mentors, for a mentor over the mentees, in one or two words.
_CAUSES: Mapping[str, tuple[Any, Any, Any]] = {
    "no_place": (
        _l("%(All)s mentors would fit, but none of them has a place or enough minutes left."),
        _l("%(All)s mentees would fit, but each takes more minutes than are left."),
        _l("places taken"),
    ),
    "nobody": (_l("There is no mentor yet."), _l("There is no mentee yet."), _l("missing mentors")),
    "no_shared_hours": (
        _l("Shares no free time that is long enough for a meeting with %(some)s mentors."),
        _l("Shares no free time that is long enough for a meeting with %(some)s mentees."),
        _l("hours"),
    ),
    "no_shared_language": (
        _l("Shares no language with %(some)s mentors."),
        _l("Shares no language with %(some)s mentees."),
        _l("language"),
    ),
    "specialty_required": (
        _l("The programme asks for close specialties, and %(all)s mentors work in others."),
        _l("The programme asks for close specialties, and %(all)s mentees look for others."),
        _l("specialty"),
    ),
    "below_minimum": (
        _l("Has less in common with %(some)s mentors than the smallest fit in the settings."),
        _l("Has less in common with %(some)s mentees than the smallest fit in the settings."),
        _l("fit"),
    ),
    "stage_not_welcome": (
        _l("%(All)s mentors take mentees at other career stages."),
        _l("%(All)s mentees are at stages that this offer does not name."),
        _l("stage"),
    ),
    "not_ahead": (
        _l("%(All)s mentors are not further ahead in their career."),
        _l("%(All)s mentees are as far in their career, or further."),
        _l("stage"),
    ),
    "mentor_paused": (
        _l("%(All)s mentors pause at the moment."),
        _l("The offer is paused."),
        _l("pauses"),
    ),
    "already_paired": (
        _l("Is paired, or has an offer, with %(some)s mentors already."),
        _l("Is paired, or has an offer, with %(some)s mentees already."),
        _l("present pairs"),
    ),
    "former_pair": (
        _l("Was paired with %(some)s mentors before."),
        _l("Was paired with %(some)s mentees before."),
        _l("former pairs"),
    ),
    "excluded": (
        _l("%(All)s mentors are kept apart by a wish of one of the two."),
        _l("%(All)s mentees are kept apart by a wish of one of the two."),
        _l("wishes"),
    ),
    "conflict": (
        _l("%(All)s mentors have a conflict of interest."),
        _l("%(All)s mentees have a conflict of interest."),
        _l("conflicts"),
    ),
    "forbidden": (
        _l("A coordinator ruled out %(all)s mentors."),
        _l("A coordinator ruled out %(all)s mentees."),
        _l("rulings"),
    ),
}

# The same where it is one of the others.
_ONE: Mapping[str, tuple[Any, Any]] = {
    "no_place": (
        _l("%(All)s mentors would fit, but has no place or too few minutes left."),
        _l("%(All)s mentees would fit, but takes more minutes than are left."),
    ),
    "stage_not_welcome": (
        _l("%(All)s mentors takes mentees at other career stages."),
        _l("%(All)s mentees is at a stage that this offer does not name."),
    ),
    "not_ahead": (
        _l("%(All)s mentors is not further ahead in the career."),
        _l("%(All)s mentees is as far in the career, or further."),
    ),
    "mentor_paused": (_l("%(All)s mentors pauses at the moment."), _l("The offer is paused.")),
    "excluded": (
        _l("%(All)s mentors is kept apart by a wish of one of the two."),
        _l("%(All)s mentees is kept apart by a wish of one of the two."),
    ),
    "conflict": (
        _l("%(All)s mentors has a conflict of interest."),
        _l("%(All)s mentees has a conflict of interest."),
    ),
}


@dataclass(frozen=True)
class HeatCell:
    text: str
    kind: str  # a class of the heat map
    said: str


@dataclass(frozen=True)
class HeatRow:
    name: str
    mentees: int
    places: int
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class StuckLine:
    id: uuid.UUID
    name: str
    about: str
    text: str
    more: str


@dataclass(frozen=True)
class PoolPage:
    title: str
    lead: str
    health: PoolHealth
    hours_given: str
    hours_wanted: str
    causes: str
    rows: tuple[HeatRow, ...]
    hidden: int
    parts: tuple[str, ...]
    stuck: tuple[StuckLine, ...]
    unused: tuple[StuckLine, ...]


def present_pool(health: PoolHealth, *, everything: bool) -> PoolPage:
    """Put the figures in order and tell the news; `everything` shows all rows and names."""
    title, lead = _news(health)
    rows = health.rows if everything else health.rows[:SHOWN]
    people = None if everything else SHOWN
    return PoolPage(
        title=title,
        lead=lead,
        health=health,
        hours_given=_hours(health.minutes_given),
        hours_wanted=_hours(health.minutes_wanted),
        causes=_causes(health.stuck_mentees),
        rows=tuple(_row(row, _most(health)) for row in rows),
        hidden=len(health.rows) - len(rows),
        parts=tuple(str(PART_WORDS[part]) for part in PARTS),
        stuck=tuple(_stuck(s, mentor=False) for s in health.stuck_mentees[:people]),
        unused=tuple(_stuck(s, mentor=True) for s in health.unused_mentors[:people]),
    )


def _news(health: PoolHealth) -> tuple[str, str]:
    stuck = len(health.stuck_mentees)
    if not health.mentees and not health.mentors:
        return _("Nobody is in the pool yet"), _("As soon as people have joined, this page sets places against needs.")
    if not health.mentees:
        return _("No mentee looks for a mentor"), _("There are places; send the link to those who may need them.")
    if not health.mentors:
        return _("There is no mentor yet"), _("Each mentor who joins opens at least one place.")
    lead = (
        ngettext(
            "One of %(all)s mentees cannot be matched as things stand.",
            "%(num)d of %(all)s mentees cannot be matched as things stand.",
            stuck,
            all=health.mentees,
        )
        if stuck
        else _("Each of the %(all)s mentees has at least one mentor with a place who could fit.", all=health.mentees)
    )
    return _headline(health), lead


def _headline(health: PoolHealth) -> str:
    """Name the largest shortage: of places in all, else of a specialty, else of a part of its week."""
    short = health.mentees - health.places
    if short > 0:
        return ngettext("One place too few for one mentor each", "%(num)d places too few for one mentor each", short)
    row = min(health.rows, key=lambda row: row.places - row.mentees, default=None)
    if row and row.places < row.mentees:
        number, where = row.mentees - row.places, _sentence_case(name_of("specialty", row.specialty))
        return ngettext("%(where)s is one place short", "%(where)s is %(num)d places short", number, where=where)
    spare, part, key = min(
        ((c.spare, part, row.specialty) for row in health.rows for part, c in zip(PARTS, row.cells, strict=True)),
        default=(0, "", ""),
    )
    if spare < 0:
        where = str(_SHORT_PARTS[part]) % {"specialty": _sentence_case(name_of("specialty", key))}
        return ngettext("%(where)s is one place short", "%(where)s is %(num)d places short", -spare, where=where)
    return _("There is a place for every mentee")


def _sentence_case(name: str) -> str:
    return name[:1] + name[1:].lower()


def _causes(stuck: Sequence[Stuck]) -> str:
    counts = Counter(str(_CAUSES[s.cause][2]) for s in stuck)
    if not counts:
        return _("everyone has somebody")
    return ", ".join(f"{word}: {number}" for word, number in counts.most_common(3))


def _most(health: PoolHealth) -> tuple[int, int]:
    """Return the largest shortage and the largest surplus of the table, for its tints; small numbers stay pale."""
    spares = [cell.spare for row in health.rows for cell in row.cells if cell.mentees]
    return max(3, -min(spares, default=0)), max(6, max(spares, default=0))


def _row(row: SpecialtyRow, most: tuple[int, int]) -> HeatRow:
    return HeatRow(
        name_of("specialty", row.specialty), row.mentees, row.places, tuple(_cell(cell, most) for cell in row.cells)
    )


def _cell(cell: Cell, most: tuple[int, int]) -> HeatCell:
    if not cell.mentees:
        return HeatCell("·", "na", _("nobody asked"))
    said = _(
        "%(places)s for %(mentees)s",
        places=ngettext("%(num)d place", "%(num)d places", cell.places),
        mentees=ngettext("%(num)d mentee", "%(num)d mentees", cell.mentees),
    )
    spare = cell.spare
    if spare == 0:
        return HeatCell("0", "", said)
    steps = -(-3 * abs(spare) // most[spare > 0])
    return HeatCell(f"+{spare}" if spare > 0 else f"−{-spare}", f"{'u' if spare > 0 else 'd'}{steps}", said)


def _stuck(stuck: Stuck, *, mentor: bool) -> StuckLine:
    side = 1 if mentor else 0
    specialties = listed(names_of("specialty", stuck.specialties[:2]))
    works = (
        _("works in %(specialty)s", specialty=specialties)
        if mentor
        else _("wants %(specialty)s", specialty=specialties)
    )
    about = [name_of("stage", stuck.stage)] if stuck.stage else []
    text = _sentence(stuck.cause, side, stuck.count, stuck.others)
    more = _sentence(stuck.second, side, stuck.second_count, stuck.others) if stuck.second else ""
    return StuckLine(stuck.id, stuck.name, "; ".join([*about, *([works] if specialties else [])]), text, more)


def _sentence(cause: str, side: int, count: int, others: int) -> str:
    words = _ONE[cause] if count == 1 and cause in _ONE else _CAUSES[cause]
    return str(words[side]) % _counts(count, others)


def _counts(count: int, others: int) -> dict[str, str]:
    """Return how many of the other side, for the middle and the beginning of a sentence: nobody says "79 of 79"."""
    if count == 1:
        one = _("one of %(others)s", others=others), _("One of %(others)s", others=others)
        return {"some": one[0], "all": one[0], "All": one[1]}
    some = _("%(count)s of %(others)s", count=count, others=others)
    if count < others:
        return {"some": some, "all": some, "All": some}
    return {
        "some": _("any of the %(others)s", others=others),
        "all": _("all %(others)s", others=others),
        "All": _("All %(others)s", others=others),
    }


def _hours(minutes: int) -> str:
    hours = minutes / 60
    return f"{hours:.0f}" if hours == int(hours) or hours >= 20 else f"{hours:.1f}"
