"""Dates on which somebody is away, as a page lists them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from webapp.services.dates_away import Kept, Stretch
from webapp.services.week import clock


@dataclass(frozen=True)
class Line:
    id: uuid.UUID
    kind: str
    days: str


def present_dates(kept: Iterable[Kept], names: Mapping[str, Any], *, today: date) -> list[Line]:
    return [Line(one.id, str(names[one.stretch.kind]), say_stretch(one.stretch, today=today)) for one in kept]


def say_stretch(stretch: Stretch, *, today: date) -> str:
    """Return the days in words, and the hours where it is not all day."""
    first, last = _day(stretch.starts_on, today), _day(stretch.ends_on, today)
    days = first if stretch.starts_on == stretch.ends_on else _("%(first)s to %(last)s", first=first, last=last)
    if stretch.is_all_day:
        return days
    return _("%(days)s, %(start)s to %(end)s", days=days, start=clock(stretch.start), end=clock(stretch.end))


def _day(day: date, today: date) -> str:
    return str(format_date(day, "EEE d MMM" if day.year == today.year else "EEE d MMM y"))
