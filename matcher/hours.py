"""Weekly hours as people write them: ``Mon 17:00-19:00; Tue 06:30-08:00``."""

import re
from collections.abc import Iterable

from matcher.availability import DAY, WEEKDAYS, Window

__all__ = ["HoursError", "format_hours", "parse_hours"]

_RANGE = re.compile(
    r"(?P<days>[^\W\d_]+\.?(?:\s*[-–,]\s*[^\W\d_]+\.?)*)\s*"
    r"(?P<from>\d{1,2}(?::\d{2})?)\s*(?:-|–|to)\s*(?P<to>\d{1,2}(?::\d{2})?)\s*",
    re.IGNORECASE,
)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class HoursError(ValueError):
    """Hours cannot be read; the message says what to write instead."""


def parse_hours(text: str, *, over_midnight: bool = False) -> tuple[Window, ...]:
    """
    Read weekly hours.

    Parameters
    ----------
    text : str
        Ranges separated by semicolons; each is a day, days (``Mon, Wed``) or a range of days (``Mon-Fri``) and
        two 24-hour times.
    over_midnight : bool
        Whether a range that ends on the next day is split there; else it is refused.

    Raises
    ------
    HoursError
        With what to write instead.

    Examples
    --------
    >>> [str(window) for window in parse_hours("Mon 17:00-19:00; tue,thu 6:30-8")]
    ['Mon 17:00-19:00', 'Tue 06:30-08:00', 'Thu 06:30-08:00']
    """
    windows: set[Window] = set()
    for part in (piece.strip() for piece in text.split(";")):
        if part:
            windows.update(_parse_range(part, over_midnight=over_midnight))
    return tuple(sorted(windows))


def format_hours(windows: Iterable[Window]) -> str:
    """Write weekly hours so that `parse_hours` reads the same."""
    return "; ".join(str(window) for window in sorted(windows))


def _parse_range(part: str, *, over_midnight: bool) -> list[Window]:
    match = _RANGE.fullmatch(part)
    if match is None:
        raise HoursError(f"{part!r} is not a day and a time: write for example Mon 17:00-19:00")
    days = _parse_days(match["days"])
    start, end = _parse_time(match["from"]), _parse_time(match["to"])
    if start == end:
        raise HoursError(f"{part!r} begins and ends at the same time: write for example Mon 17:00-19:00")
    if start == DAY or end < start:
        split = _split_at_midnight(days, start % DAY, end)
        if over_midnight:
            return split
        raise HoursError(f"{part!r} goes past midnight: write {'; '.join(str(window) for window in split)}")
    return [Window(day, start, end) for day in days]


def _split_at_midnight(days: list[int], start: int, end: int) -> list[Window]:
    ranges: list[Window] = []
    for day in days:
        ranges.append(Window(day, start, DAY))
        if 0 < end < start:
            ranges.append(Window((day + 1) % 7, 0, end))
    return ranges


def _parse_time(text: str) -> int:
    match = _TIME.fullmatch(text)
    hours, minutes = (int(group or 0) for group in match.groups()) if match else (99, 0)
    if minutes > 59 or hours * 60 + minutes > DAY:
        raise HoursError(f"{text!r} is not a time of day: write 00:00 to 24:00")
    return hours * 60 + minutes


def _parse_days(text: str) -> list[int]:
    days: list[int] = []
    for piece in text.split(","):
        ends = [_parse_day(name) for name in re.split(r"[-–]", piece)]
        first, last = ends[0], ends[-1]
        if len(ends) > 2:
            raise HoursError(f"{piece.strip()!r} is not a range of days: write for example Mon-Fri")
        days += [day % 7 for day in range(first, last + 1 if first <= last else last + 8)]
    return days


def _parse_day(text: str) -> int:
    name = text.strip().rstrip(".").casefold()
    for number, day in enumerate(_DAYS):
        if len(name) >= 2 and day.startswith(name):
            return number
    raise HoursError(f"{text.strip()!r} is not a weekday: write one of {', '.join(WEEKDAYS)}")
