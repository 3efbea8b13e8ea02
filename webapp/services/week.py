"""The hours of an ordinary week: cells of a grid, typed ranges, and the windows that both become."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
DAY = 24 * 60
CELL = 30
STEP = 15  # typed ranges may begin and end on any quarter of an hour
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.h ]?(?P<minute>\d{2}))?(?:\s*h)?")

_WRITTEN = re.compile(r"([0-6])\.(\d{1,4})\.(\d{1,4})", re.ASCII)
_MOST_WRITTEN = 7 * DAY // STEP


class Window(NamedTuple):
    """A stretch of one weekday; 0 is Monday, minutes count from midnight and 1440 is the day's end."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True)
class Fault:
    """Why a typed range cannot be kept; the form says it in words."""

    kind: str  # unreadable, half, empty, midnight, step
    weekday: int
    row: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class TypedWeek:
    windows: tuple[Window, ...]
    faults: tuple[Fault, ...]


def clock(minute: int) -> str:
    """Return a time of day as people write it; the end of the day is 24:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def merge(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the same hours with what touches or overlaps made one."""
    merged: list[Window] = []
    for window in sorted(windows):
        last = merged[-1] if merged else None
        if last and last.weekday == window.weekday and window.start <= last.end:
            merged[-1] = Window(last.weekday, last.start, max(last.end, window.end))
        else:
            merged.append(window)
    return tuple(merged)


def minutes_in(windows: Iterable[Window]) -> int:
    return sum(window.end - window.start for window in merge(windows))


def key_of(weekday: int, start: int) -> str:
    """Return the name of a cell of the grid, such as mo-17:30."""
    return f"{DAYS[weekday]}-{clock(start)}"


def cells_of(windows: Iterable[Window]) -> frozenset[str]:
    """Return the half hours that lie wholly inside the windows."""
    return frozenset(
        key_of(window.weekday, start)
        for window in merge(windows)
        for start in range(-(-window.start // CELL) * CELL, window.end - CELL + 1, CELL)
    )


def windows_of(keys: Iterable[str]) -> tuple[Window, ...]:
    """Return the windows that these cells make; what is not the name of a cell is left out."""
    cells = (_CELLS[key] for key in keys if key in _CELLS)
    return merge(cells)


def not_on_the_grid(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the windows that the grid of half hours cannot show whole."""
    return tuple(window for window in merge(windows) if window.start % CELL or window.end % CELL)


def copy_day(windows: Iterable[Window], source: int, targets: Iterable[int]) -> tuple[Window, ...]:
    """Return the week with the hours of one day in place of those of others."""
    windows, wanted = tuple(windows), set(targets) - {source}
    copies = (Window(day, w.start, w.end) for day in wanted for w in windows if w.weekday == source)
    return merge([*(w for w in windows if w.weekday not in wanted), *copies])


def without(windows: Iterable[Window], dropped: Iterable[Window]) -> tuple[Window, ...]:
    """Return the hours less others."""
    left = list(merge(windows))
    for gone in dropped:
        left = [
            Window(one.weekday, start, end)
            for one in left
            for start, end in (
                ((one.start, min(one.end, gone.start)), (max(one.start, gone.end), one.end))
                if one.weekday == gone.weekday
                else ((one.start, one.end),)
            )
            if start < end
        ]
    return merge(left)


def write_week(windows: Iterable[Window]) -> str:
    """Return the hours as one line that a page can carry along."""
    return " ".join(f"{w.weekday}.{w.start}.{w.end}" for w in windows)


def read_week(text: str) -> tuple[Window, ...]:
    """Read such a line; what is no stretch of a day is left out."""
    found = (_WRITTEN.fullmatch(word) for word in text.split()[:_MOST_WRITTEN])
    windows = (Window(*map(int, match.groups())) for match in found if match)
    return merge(w for w in windows if w.start < w.end <= DAY)


def parse_time(text: str) -> int | None:
    """Read a time of day such as 17:00, 1730 or 7; None when it is none."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    minute = int(match["hour"]) * 60 + int(match["minute"] or 0)
    return minute if minute <= DAY and int(match["minute"] or 0) < 60 else None


def rows_typed(form: Mapping[str, str], weekday: int) -> list[tuple[str, str]]:
    """Return the pairs of texts typed for a weekday, in order, empty ones too."""
    day = DAYS[weekday]
    rows: list[tuple[str, str]] = []
    while f"{day}{len(rows)}a" in form or f"{day}{len(rows)}b" in form:
        row = len(rows)
        rows.append((form.get(f"{day}{row}a", "").strip(), form.get(f"{day}{row}b", "").strip()))
    return rows


def parse_ranges(form: Mapping[str, str]) -> TypedWeek:
    """Read the from and to of every weekday, with all faults at once."""
    windows: list[Window] = []
    faults: list[Fault] = []
    for weekday in range(7):
        for row, (first, last) in enumerate(rows_typed(form, weekday)):
            if not first and not last:
                continue
            found = _read_range(weekday, row, first, last)
            if isinstance(found, Window):
                windows.append(found)
            else:
                faults.append(found)
    return TypedWeek(merge(windows), tuple(faults))


def _read_range(weekday: int, row: int, first: str, last: str) -> Window | Fault:
    if not first or not last:
        return Fault("half", weekday, row)
    start, end = parse_time(first), parse_time(last)
    if start is None or end is None:
        return Fault("unreadable", weekday, row)
    if end == 0:
        end = DAY  # "22:00 to 00:00" can only mean the day's end
    if start == end:
        return Fault("empty", weekday, row)
    if end < start:
        return Fault("midnight", weekday, row, start, end)
    if start % STEP or end % STEP:
        return Fault("step", weekday, row)
    return Window(weekday, start, end)


_CELLS = {key_of(day, start): Window(day, start, start + CELL) for day in range(7) for start in range(0, DAY, CELL)}
