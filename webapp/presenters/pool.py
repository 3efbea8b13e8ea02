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
        _l("%(count)s of %(others)s mentors would fit, but none of them has a place or enough minutes left."),
        _l("%(count)s of %(others)s mentees would fit, but each takes more minutes than are left."),
        _l("places"),
    ),
    "nobody": (_l("There is no mentor yet."), _l("There is no mentee yet."), _l("nobody there")),
    "no_shared_hours": (
        _l("Shares no free time that is long enough for a meeting with %(count)s of %(others)s mentors."),
        _l("Shares no free time that is long enough for a meeting with %(count)s of %(others)s mentees."),
        _l("hours"),
    ),
    "no_shared_language": (
        _l("Shares no language with %(count)s of %(others)s mentors."),
        _l("Shares no language with %(count)s of %(others)s mentees."),
        _l("language"),
    ),
    "specialty_required": (
        _l("The programme asks for close specialties, and %(count)s of %(others)s mentors work in others."),
        _l("The programme asks for close specialties, and %(count)s of %(others)s mentees look for others."),
        _l("specialty"),
    ),
    "below_minimum": (
        _l("Has less in common with %(count)s of %(others)s mentors than the smallest fit in the settings."),
        _l("Has less in common with %(count)s of %(others)s mentees than the smallest fit in the settings."),
        _l("fit"),
    ),
    "stage_not_welcome": (
        _l("%(count)s of %(others)s mentors take mentees at other career stages."),
        _l("%(count)s of %(others)s mentees are at stages that this offer does not name."),
        _l("stage"),
    ),
    "not_ahead": (
        _l("%(count)s of %(others)s mentors are not further ahead in their career."),
        _l("%(count)s of %(others)s mentees are as far in their career, or further."),
        _l("stage"),
    ),
    "mentor_paused": (
        _l("%(count)s of %(others)s mentors pause at the moment."),
        _l("The offer is paused."),
        _l("pauses"),
    ),
    "already_paired": (
        _l("Is paired, or has an offer, with %(count)s of %(others)s mentors already."),
        _l("Is paired, or has an offer, with %(count)s of %(others)s mentees already."),
        _l("already paired"),
    ),
    "former_pair": (
        _l("Was paired with %(count)s of %(others)s mentors before."),
        _l("Was paired with %(count)s of %(others)s mentees before."),
        _l("former pairs"),
    ),
    "excluded": (
        _l("%(count)s of %(others)s mentors are kept apart by a wish of one of the two."),
        _l("%(count)s of %(others)s mentees are kept apart by a wish of one of the two."),
        _l("kept apart"),
    ),
    "conflict": (
        _l("%(count)s of %(others)s mentors have a conflict of interest."),
        _l("%(count)s of %(others)s mentees have a conflict of interest."),
        _l("conflicts"),
    ),
    "forbidden": (
        _l("A coordinator ruled out %(count)s of %(others)s mentors."),
        _l("A coordinator ruled out %(count)s of %(others)s mentees."),
        _l("ruled out"),
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
        rows=tuple(_row(row) for row in rows),
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
    short = health.mentees - health.places
    if short > 0:
        title = ngettext("One place is missing in all", "%(num)d places are missing in all", short)
        return title, lead
    worst = min(
        ((cell.spare, row, part) for row in health.rows for part, cell in zip(PARTS, row.cells, strict=True)),
        key=lambda entry: entry[0],
        default=None,
    )
    if worst and worst[0] < 0:
        where = str(_SHORT_PARTS[worst[2]]) % {"specialty": name_of("specialty", worst[1].specialty)}
        return ngettext(
            "%(where)s is one place short", "%(where)s is %(num)d places short", -worst[0], where=where
        ), lead
    return _("There is a place for every mentee"), lead


def _causes(stuck: Sequence[Stuck]) -> str:
    counts = Counter(str(_CAUSES[s.cause][2]) for s in stuck)
    return ", ".join(f"{number} {word}" for word, number in counts.most_common(3)) or _("everyone has somebody")


def _row(row: SpecialtyRow) -> HeatRow:
    return HeatRow(
        name_of("specialty", row.specialty), row.mentees, row.places, tuple(_cell(cell) for cell in row.cells)
    )


def _cell(cell: Cell) -> HeatCell:
    if not cell.mentees:
        return HeatCell("·", "na", _("nobody asked"))
    said = _("%(places)s places for %(mentees)s mentees", places=cell.places, mentees=cell.mentees)
    spare = cell.spare
    if spare == 0:
        return HeatCell("0", "", said)
    steps = min(3, 1 + (abs(spare) > 1) + (abs(spare) > 5 if spare > 0 else abs(spare) > 2))
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
    text = str(_CAUSES[stuck.cause][side]) % {"count": stuck.count, "others": stuck.others}
    more = ""
    if stuck.second:
        more = str(_CAUSES[stuck.second][side]) % {"count": stuck.second_count, "others": stuck.others}
    return StuckLine(stuck.id, stuck.name, "; ".join([*about, *([works] if specialties else [])]), text, more)


def _hours(minutes: int) -> str:
    hours = minutes / 60
    return f"{hours:.0f}" if hours == int(hours) or hours >= 20 else f"{hours:.1f}"
