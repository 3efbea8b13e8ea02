"""Weekly local hours: cells, clock regimes, and the times two people share whatever the clocks do."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CELL",
    "CELLS",
    "Hours",
    "Regime",
    "Slot",
    "Window",
    "cells",
    "check_zone",
    "in_zone",
    "regimes",
    "runs",
    "shared_cells",
    "shifts",
]

CELL = 15  # minutes: every offset in use is a multiple of it (Nepal is at +5:45)
DAY = 24 * 60
WEEK = 7 * DAY
CELLS = WEEK // CELL
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """
    A stretch of one weekday in local time.

    Attributes
    ----------
    weekday : int
        0 is Monday.
    start, end : int
        Minutes after midnight, `start < end <= 1440`.
    """

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse what is not a stretch of one day."""
        if not 0 <= self.weekday < 7 or not 0 <= self.start < self.end <= DAY:
            raise ValueError(f"not hours of one day: {self.weekday}, {self.start} to {self.end}")

    def __str__(self) -> str:
        """Write the window as a file would hold it: ``Mon 17:00-19:00``."""
        return f"{WEEKDAYS[self.weekday]} {clock(self.start)}-{clock(self.end)}"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """
    A time to meet: weekday and start in the mentor's zone, and the week of a four-week template.

    Attributes
    ----------
    weekday, start : int
        0 is Monday; minutes after midnight.
    week : int
        First week of four in which the pair meets (always 0 for a weekly cadence).
    """

    weekday: int
    start: int
    week: int = 0

    @property
    def is_a_time(self) -> bool:
        """Whether weekday and start are those of a week."""
        return 0 <= self.weekday < 7 and 0 <= self.start < DAY

    def __str__(self) -> str:
        """Write weekday and start: ``Mon 17:00``."""
        return f"{WEEKDAYS[self.weekday]} {clock(self.start)}"


@dataclass(frozen=True, slots=True)
class Regime:
    """A stretch of dates, both ends included, in which no zone concerned changes its offset (minutes from UTC)."""

    start: date
    end: date
    offsets: Mapping[str, int]


class Hours(Protocol):
    """Whoever has a zone and weekly hours."""

    @property
    def zone(self) -> str:
        """IANA name of the time zone."""

    @property
    def windows(self) -> Sequence[Window]:
        """Weekly hours in local time."""


def clock(minutes: int) -> str:
    """Write minutes after midnight as ``17:30``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def check_zone(name: str) -> str | None:
    """Say what is wrong with the name of a time zone, or nothing."""
    if name in _zones():
        return None
    folded = {zone.casefold(): zone for zone in _zones()}
    close = difflib.get_close_matches(name.strip().casefold().replace(" ", "_"), folded, n=2, cutoff=0.6)
    meant = f"; did you mean {' or '.join(folded[zone] for zone in close)}?" if close else ""
    return f"{name!r} is not a time zone such as Europe/London{meant}"


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=4096)
def _offsets(zone: str, starts_on: date, ends_on: date) -> tuple[tuple[date, int], ...]:
    """For each change of a zone's offset the first date and the minutes from UTC, as of noon UTC."""
    tz = ZoneInfo(zone)
    found: list[tuple[date, int]] = []
    for number in range((ends_on - starts_on).days + 1):
        day = starts_on + timedelta(days=number)
        offset = datetime.combine(day, time(12), UTC).astimezone(tz).utcoffset() or timedelta()
        minutes = round(offset.total_seconds() / 60)
        if not found or found[-1][1] != minutes:
            found.append((day, minutes))
    return tuple(found)


def regimes(zones: Iterable[str], starts_on: date, ends_on: date) -> list[Regime]:
    """
    Split dates into clock regimes.

    Parameters
    ----------
    zones : iterable of str
        The time zones concerned.
    starts_on, ends_on : date
        First and last date of the programme.

    Returns
    -------
    list of Regime
        In order, covering all dates. A zone that changes its clocks counts with its new offset from that date on.

    Examples
    --------
    >>> from datetime import date
    >>> found = regimes(["Europe/London"], date(2026, 1, 1), date(2026, 12, 31))
    >>> [(str(r.start), r.offsets["Europe/London"]) for r in found]
    [('2026-01-01', 0), ('2026-03-29', 60), ('2026-10-25', 0)]
    """
    changes = {zone: _offsets(zone, starts_on, ends_on) for zone in sorted(set(zones))}
    starts = sorted({starts_on} | {day for found in changes.values() for day, _ in found})
    ends = [*(day - timedelta(days=1) for day in starts[1:]), ends_on]
    return [
        Regime(start, end, {zone: _offset_on(found, start) for zone, found in changes.items()})
        for start, end in zip(starts, ends, strict=True)
    ]


def _offset_on(changes: tuple[tuple[date, int], ...], day: date) -> int:
    return next(minutes for start, minutes in reversed(changes) if start <= day)


@lru_cache(maxsize=65536)
def shifts(zone: str, other: str, starts_on: date, ends_on: date) -> tuple[int, ...]:
    """List, over all regimes, by how many cells the other's local clock is ahead of the zone's."""
    found = {r.offsets[other] - r.offsets[zone] for r in regimes((zone, other), starts_on, ends_on)}
    return tuple(sorted(minutes // CELL for minutes in found))


def cells(windows: Iterable[Window]) -> NDArray[np.bool_]:
    """
    Mark the cells of a local week that lie wholly inside the windows.

    Returns
    -------
    ndarray of bool, shape (672,)
        Cell 0 is Monday 00:00 to 00:15.
    """
    return _cells(tuple(windows)).copy()


@lru_cache(maxsize=32768)
def _cells(windows: tuple[Window, ...]) -> NDArray[np.bool_]:
    """Mark the cells once for each week: a pool is built again and again from people who have not changed."""
    ends = [(window.weekday * DAY + window.start, window.weekday * DAY + window.end) for window in windows]
    if all(start % CELL == end % CELL == 0 for start, end in ends):
        marked = np.zeros(CELLS, dtype=np.bool_)
        for start, end in ends:
            marked[start // CELL : end // CELL] = True
        return marked
    # By minute otherwise: two windows that meet inside a cell fill it together.
    minutes = np.zeros(WEEK, dtype=np.bool_)
    for start, end in ends:
        minutes[start:end] = True
    return np.asarray(minutes.reshape(CELLS, CELL).all(axis=1), dtype=np.bool_)


def shared_cells(mine: NDArray[np.bool_], theirs: NDArray[np.bool_], ahead: Iterable[int]) -> NDArray[np.bool_]:
    """
    Mark the cells of my week that are free for both in every regime.

    Parameters
    ----------
    mine, theirs : ndarray of bool, shape (..., 672)
        Free cells, each in the person's own local week.
    ahead : iterable of int
        By how many cells their clock is ahead of mine, one for each regime (see `shifts`).
    """
    shared: NDArray[np.bool_] = mine
    for shift in ahead:
        shared = np.logical_and(shared, np.roll(theirs, -shift, axis=-1))
    return shared


def runs(free: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """
    Mark the cells at which `length` minutes of free time begin; the week is a circle.

    Notes
    -----
    Doubling: the run of n cells is the run of n // 2 cells twice, so a length costs its logarithm.
    """
    wanted = -(-length // CELL)
    found: NDArray[np.bool_] = free
    have = 1
    while have < wanted:
        step = min(have, wanted - have)
        found = np.logical_and(found, np.roll(found, -step, axis=-1))
        have += step
    return found


def slot_of(cell: int) -> Slot:
    """Turn a cell of the local week into a slot."""
    weekday, start = divmod(cell * CELL, DAY)
    return Slot(weekday, start)


def in_zone(slot: Slot, zone: str, other: str, on: date) -> Slot:
    """
    Read a slot of one zone on another zone's clock, as the clocks stand on a date.

    Examples
    --------
    >>> from datetime import date
    >>> str(in_zone(Slot(0, 22 * 60), "America/New_York", "Europe/London", date(2026, 1, 15)))
    'Tue 03:00'
    """
    offsets = regimes((zone, other), on, on)[0].offsets
    minutes = slot.weekday * DAY + slot.start + offsets[other] - offsets[zone]
    weekday, start = divmod(minutes % WEEK, DAY)
    return Slot(weekday, start, (slot.week + minutes // WEEK) % 4)
