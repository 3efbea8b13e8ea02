"""Supply and demand as tables that can be read without colour: every cell has its number and its sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.week import DAY_NAMES
from webapp.services.pool import PARTS
from webapp.services.vocabulary import city_of, name_of

TABS: Mapping[str, Any] = {
    "specialty": _l("Specialty"),
    "stage": _l("Career stage"),
    "topic": _l("Topic"),
    "zone": _l("Time zone"),
    "hours": _l("Hour of the week"),
}
UNDER: Mapping[str, Any] = {
    "specialty": _l(
        "Free places less mentees who want them, by specialty and part of the week. A person counts in every part in "
        "which a meeting fits, on the programme’s clock."
    ),
    "stage": _l("Mentees by their career stage, and the free places that are open to that stage."),
    "topic": _l("Mentees by what they look for, and the free places of mentors who offer it."),
    "zone": _l("Where people are. Pairs across zones are welcome; this says how often they will be needed."),
    "hours": _l(
        "Free places less mentees, for every hour in which a whole meeting could begin, on the clock of %(zone)s."
    ),
}
FIRST: Mapping[str, Any] = {
    "specialty": _l("Specialty"),
    "stage": _l("Career stage"),
    "topic": _l("Topic"),
    "zone": _l("Time zone"),
}
PART_WORDS: Mapping[str, Any] = {
    "early": _l("Before 8:00"),
    "day": _l("Daytime"),
    "evening": _l("Evening"),
    "weekend": _l("Weekend"),
}


@dataclass(frozen=True)
class HeatCell:
    text: str
    kind: str  # a class of the heat map
    said: str


@dataclass(frozen=True)
class HeatRow:
    name: str
    under: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class SupplyRow:
    """One line of a plain table: mentees, mentors they want, places, hours a month."""

    name: str
    mentees: int
    wanted: int
    places: int
    short: int
    hours_wanted: str
    hours_given: str


@dataclass(frozen=True)
class Tab:
    key: str
    text: str
    current: bool


@dataclass(frozen=True)
class SupplyTable:
    """What one tab shows: a heat map, a plain table, or both."""

    by: str
    under: str
    first: str
    columns: tuple[str, ...]
    heat: tuple[HeatRow, ...]
    rows: tuple[SupplyRow, ...]
    hidden: int
    words: tuple[str, ...]  # the heat map of hours in sentences


def tabs(by: str) -> list[Tab]:
    return [Tab(key, str(text), key == by) for key, text in TABS.items()]


def supply_table(tables: Mapping[str, Any], by: str, zone: str, most: int | None) -> SupplyTable:
    """Return the table of one tab, cut to `most` lines."""
    if by == "hours":
        return _of_hours(tables["hours"], zone)
    lines = tables[by]
    shown = lines[:most]
    heat: tuple[HeatRow, ...] = ()
    if by == "specialty":
        limits = _limits([cell for line in lines for cell in line["cells"]])
        heat = tuple(_of_specialty(line, limits) for line in shown)
    return SupplyTable(
        by=by,
        under=str(UNDER[by]),
        first=str(FIRST[by]),
        columns=tuple(str(PART_WORDS[part]) for part in PARTS),
        heat=heat,
        rows=tuple(_row(by, line) for line in shown),
        hidden=len(lines) - len(shown),
        words=(),
    )


def hours_of(minutes: int) -> str:
    """Write minutes as hours, small numbers with a tenth."""
    hours = minutes / 60
    return f"{hours:.0f}" if hours == int(hours) or hours >= 20 else f"{hours:.1f}"


def _row(by: str, line: Mapping[str, Any]) -> SupplyRow:
    return SupplyRow(
        name=city_of(line["key"]) if by == "zone" else name_of(by, line["key"]),
        mentees=line["mentees"],
        wanted=line["wanted"],
        places=line["places"],
        short=max(0, line["mentees"] - line["places"]),
        hours_wanted=hours_of(line["minutes_wanted"]),
        hours_given=hours_of(line["minutes_given"]),
    )


def _of_specialty(line: Mapping[str, Any], limits: tuple[int, int]) -> HeatRow:
    under = "{}, {}".format(*_said(line["places"], line["mentees"])[::-1])
    cells = tuple(_cell(cell, limits) for cell in line["cells"])
    return HeatRow(name_of("specialty", line["key"]), under, cells)


def _of_hours(week: Sequence[Sequence[Sequence[int]]], zone: str) -> SupplyTable:
    """Return hours as lines and days as columns, from the first hour that anybody has to the last."""
    used = [hour for hour in range(24) if any(any(day[hour]) for day in week)]
    hours = range(min(used), max(used) + 1) if used else range(0)
    limits = _limits([cell for day in week for cell in day])
    return SupplyTable(
        by="hours",
        under=str(UNDER["hours"]) % {"zone": city_of(zone)},
        first=_("Hour"),
        columns=tuple(_short_day(day) for day in range(7)),
        heat=tuple(HeatRow(f"{hour}:00", "", tuple(_cell(day[hour], limits) for day in week)) for hour in hours),
        rows=(),
        hidden=0,
        words=tuple(_short_hours(week)),
    )


def _short_hours(week: Sequence[Sequence[Sequence[int]]]) -> list[str]:
    """Say in which stretches of each day places are short, and by how many at most."""
    found = []
    for weekday, day in enumerate(week):
        for is_short, group in groupby(range(24), key=lambda hour: day[hour][1] > day[hour][0]):
            if not is_short:
                continue
            hours = list(group)
            most = max(day[hour][1] - day[hour][0] for hour in hours)
            when = _("%(day)s, %(start)s:00 to %(end)s:00", day=DAY_NAMES[weekday], start=hours[0], end=hours[-1] + 1)
            found.append(ngettext("%(when)s: one place short", "%(when)s: up to %(num)d places short", most, when=when))
    return found


def _short_day(weekday: int) -> str:
    return str(format_date(date(2024, 1, 1 + weekday), "EEE"))  # a week that began on a Monday


def _limits(cells: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Return the largest shortage and the largest surplus, for the tints; small numbers stay pale."""
    spares = [places - mentees for places, mentees in cells if mentees]
    return max(3, -min(spares, default=0)), max(6, max(spares, default=0))


def _said(places: int, mentees: int) -> tuple[str, str]:
    return (
        ngettext("%(num)d place", "%(num)d places", places),
        ngettext("%(num)d mentee", "%(num)d mentees", mentees),
    )


def _cell(cell: Sequence[int], limits: tuple[int, int]) -> HeatCell:
    places, mentees = cell
    if not mentees:
        return HeatCell("·", "na", _("nobody asked"))
    said = _("%(places)s for %(mentees)s", **dict(zip(("places", "mentees"), _said(places, mentees), strict=True)))
    spare = places - mentees
    if not spare:
        return HeatCell("0", "", said)
    steps = -(-3 * abs(spare) // limits[spare > 0])
    return HeatCell(f"+{spare}" if spare > 0 else f"−{-spare}", f"{'u' if spare > 0 else 'd'}{steps}", said)
