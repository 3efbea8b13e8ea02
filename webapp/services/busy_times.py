"""What the busy times of a calendar mean for a person's week: hours that are taken most weeks, and single dates."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import AvailabilityWindow, Membership, Person, Programme
from webapp.services.calendar_files import Busy, CalendarRead, read_calendar
from webapp.services.dates_away import Stretch
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.transaction import transaction
from webapp.services.week import CELL, DAY, Window, cells_of, merge, windows_of, without
from webapp.services.week_rows import replace_week

WEEKS = 8
MOST_DATES = 40  # single dates that are offered


@dataclass(frozen=True)
class Clash:
    """Hours of the week that are taken in `weeks` of the weeks looked at, at the least."""

    window: Window
    weeks: int


@dataclass(frozen=True)
class Preview:
    first: date
    last: date
    clashes: tuple[Clash, ...]
    dates: tuple[Stretch, ...]
    n_more_dates: int
    read: CalendarRead


def preview_calendar(
    session: Session, person_id: uuid.UUID, data: bytes, *, windows: Sequence[Window], zone: str, now: datetime
) -> Preview:
    """Lay a calendar file beside a person's hours, over eight weeks; nothing of it is kept. One query.

    Raises
    ------
    InvalidInputError
        The file cannot be used; see `read_calendar`.

    """
    today = now.astimezone(ZoneInfo(zone)).date()
    first = _first_day(session, person_id, today)
    last = first + timedelta(days=7 * WEEKS - 1)
    read = read_calendar(data, zone=zone, first=first, last=last)
    taken = _taken_cells(read.busy, ZoneInfo(zone))
    ticked = cells_of(windows)
    often = _taken_often(taken, ticked)
    dates = _single_dates(taken, ticked - {key for clash in often for key in cells_of([clash.window])})
    return Preview(first, last, tuple(often), tuple(dates[:MOST_DATES]), max(0, len(dates) - MOST_DATES), read)


def untick_hours(session: Session, person_id: uuid.UUID, windows: Sequence[Window]) -> None:
    """Take these out of a person's week.

    Raises
    ------
    InvalidInputError
        No `hours` would be left.

    """
    with transaction(session):
        person = session.get(Person, person_id, with_for_update={"key_share": True})
        if person is None:
            raise NotFoundError("person")
        mine = AvailabilityWindow.person_id == person_id
        rows = session.scalars(select(AvailabilityWindow).where(mine))
        before = merge(Window(row.weekday, row.start_minute, row.end_minute) for row in rows)
        left = without(before, windows)
        if left == before:
            return
        if not left:
            raise InvalidInputError({"hours": "none"})
        replace_week(session, person, left)


def _first_day(session: Session, person_id: uuid.UUID, today: date) -> date:
    """Return the day from which her next programme's meetings run: today, where one runs already or none is known."""
    starts = session.scalars(
        select(Programme.starts_on)
        .join(Membership, Membership.programme_id == Programme.id)
        .where(Membership.person_id == person_id, Membership.status != "left", Programme.ends_on >= today)
    ).all()
    return max(today, min(starts, default=today))


def _taken_cells(busy: Iterable[Busy], zone: ZoneInfo) -> set[tuple[date, int]]:
    """Return the half hours, by date and by her own clock, that are taken in part or whole."""
    taken = set()
    for one in busy:  # no two of them overlap, so that each half hour is come by once or twice
        moment = one.starts_at - timedelta(minutes=one.starts_at.minute % CELL)
        moment = moment.replace(second=0, microsecond=0)
        while moment < one.ends_at:
            local = moment.astimezone(zone)
            taken.add((local.date(), (local.hour * 60 + local.minute) // CELL * CELL))
            moment += timedelta(minutes=CELL)
    return taken


def _taken_often(taken: set[tuple[date, int]], ticked: frozenset[str]) -> list[Clash]:
    """Return the ticked hours that are taken in at least half of the weeks, touching ones as one."""
    weeks = Counter((day.weekday(), minute) for day, minute in taken)
    cells = {
        Window(weekday, minute, minute + CELL): number
        for (weekday, minute), number in weeks.items()
        if number * 2 >= WEEKS and cells_of([Window(weekday, minute, minute + CELL)]) <= ticked
    }
    return [Clash(window, min(n for cell, n in cells.items() if _lies_in(cell, window))) for window in merge(cells)]


def _lies_in(cell: Window, window: Window) -> bool:
    return cell.weekday == window.weekday and window.start <= cell.start < window.end


def _single_dates(taken: set[tuple[date, int]], ticked: Iterable[str]) -> list[Stretch]:
    """Return the dates on which hours that stay ticked are taken: whole days as one, else from when to when."""
    kept = windows_of(ticked)
    wanted = {(w.weekday, minute) for w in kept for minute in range(w.start, w.end, CELL)}
    full = Counter(day for day, _minute in taken)
    by_day: dict[date, list[Window]] = {}
    for day, minute in sorted(taken):
        if (day.weekday(), minute) in wanted:
            by_day.setdefault(day, []).append(Window(day.weekday(), minute, minute + CELL))
    found: list[Stretch] = []
    for day, cells in by_day.items():
        if full[day] >= DAY // CELL:
            found = _with_whole_day(found, day, full)
        else:
            found += [Stretch("busy", day, day, window.start, window.end) for window in merge(cells)]
    return found


def _with_whole_day(found: list[Stretch], day: date, full: Counter[date]) -> list[Stretch]:
    """Add a day, to the stretch before it where all days between are taken too."""
    before = found[-1] if found else None
    if before is not None and before.is_all_day:
        between = (before.ends_on + timedelta(days=n) for n in range(1, (day - before.ends_on).days))
        if all(full[one] >= DAY // CELL for one in between):
            return [*found[:-1], Stretch("busy", before.starts_on, day)]
    return [*found, Stretch("busy", day, day)]
