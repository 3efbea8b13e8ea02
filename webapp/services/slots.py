"""When the meetings of a slot fall, for people in different zones.

A slot is a weekday, a minute and a week of four that repeat for ever; the first of them all began on Monday, 1 January
of the year 1, so that everybody counts alike. Who meets every week or fortnight goes by less of that number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.models import Person

_DAY = 24 * 60
_LOOKED_AT = 26  # meetings that may fall out one after the other
# Weeks after which the slot comes again.
EVERY = {"weekly": 1, "fortnightly": 2, "monthly": 4, "bimonthly": 4, "once": 1}


@dataclass(frozen=True)
class Meeting:
    """One meeting by the clock of whoever looks; `other` is its start by the other person's clock."""

    starts_at: datetime
    ends_at: datetime
    other: datetime

    @property
    def same_clock(self) -> bool:
        """Whether both read the same time on the same day."""
        return self.starts_at.replace(tzinfo=None) == self.other.replace(tzinfo=None)


@dataclass(frozen=True)
class Away:
    """Days on which somebody is not free from one minute to another, by her own clock."""

    zone: str
    starts_on: date
    ends_on: date
    start: int
    end: int

    def covers(self, starts_at: datetime, length: int) -> bool:
        """Whether a meeting of so many minutes falls, in part or whole, into it."""
        mine = starts_at.astimezone(ZoneInfo(self.zone))
        begin, days = mine.hour * 60 + mine.minute, [mine.date(), mine.date() + timedelta(days=1)]
        parts = [(begin, min(begin + max(length, 1), _DAY)), (0, begin + length - _DAY)]
        return any(
            self.starts_on <= day <= self.ends_on and start < self.end and self.start < end
            for day, (start, end) in zip(days, parts, strict=True)
        )


def away_of(*people: Person) -> tuple[Away, ...]:
    """Return when these people are away."""
    return tuple(
        Away(person.zone, row.starts_on, row.ends_on, row.start_minute, row.end_minute)
        for person in people
        for row in person.exceptions
    )


def first_meeting(
    weekday: int,
    minute: int,
    length: int,
    *,
    kept_in: str,
    reader: str,
    other: str,
    not_before: date,
    week: int | None = None,
    every: int = 1,
    away: Iterable["Away"] = (),
) -> Meeting:
    """Return the first meeting of a slot on or after a day, later where somebody is away.

    Who is away all the time looked at gets the first one all the same: the two move it then.

    Parameters
    ----------
    weekday, minute, length
        The slot: 0 is Monday, minutes count from midnight; how long a meeting is.
    kept_in
        The zone that the slot is written in, the mentor's.
    reader, other
        The zones of whoever looks and of the other person.
    not_before
        A day in the slot's own zone.
    week, every
        The slot's week, None where any will do; after how many weeks it comes again.
    away
        When either of the two is away.

    """
    day = not_before + timedelta(days=(weekday - not_before.weekday()) % 7)
    if week is not None:
        day += timedelta(weeks=(week - _week_of(day)) % every)
    hour, rest = divmod(minute, 60)
    first = starts_at = datetime.combine(day, time(hour, rest), ZoneInfo(kept_in))
    stretches = tuple(away)
    for times in range(_LOOKED_AT):
        starts_at = first + timedelta(weeks=times * every)  # by the clock on the wall, as the slot is kept
        if not any(one.covers(starts_at, length) for one in stretches):
            break
    else:
        starts_at = first
    begin = starts_at.astimezone(ZoneInfo(reader))
    # Wall clock arithmetic would be wrong over a change of the clocks.
    end = (starts_at.astimezone(ZoneInfo("UTC")) + timedelta(minutes=length)).astimezone(ZoneInfo(reader))
    return Meeting(begin, end, starts_at.astimezone(ZoneInfo(other)))


def _week_of(day: date) -> int:
    return (day.toordinal() - 1) // 7


def next_day(first: date, today: date, *, weeks: int) -> date:
    """Return the first day, on or after today, of meetings that began on a day and come every so many weeks."""
    late = max(0, (today - first).days)
    return first + timedelta(weeks=-(-late // (7 * weeks)) * weeks)


def first_day(starts_on: date, now: datetime, zone: str) -> date:
    """Return the day from which meetings are looked for: the programme's first, or today once it runs."""
    return max(starts_on, now.astimezone(ZoneInfo(zone)).date())
