"""The hours of a week from a cell of a file: as people write them."""

import re

from matcher.hours import HoursError, parse_hours
from webapp.services.week import STEP, Window, merge

_CLOCK = re.compile(r"(?<![\w:.])(\d{1,2})(?:\s*[:.h]\s*([0-5]\d))?\s*(h|[ap]\.?m\.?)?(?![\w:])", re.IGNORECASE)
_TO = re.compile(r"\s*(?:-|–|—|\bto\b|\btill\b|\buntil\b)\s*", re.IGNORECASE)
_DAYS = (
    (re.compile(r"\b(?:weekdays|working days|workdays)\b", re.IGNORECASE), "Mon-Fri"),
    (re.compile(r"\b(?:weekends?)\b", re.IGNORECASE), "Sat-Sun"),
    (re.compile(r"\b(?:daily|every day|each day|all days)\b", re.IGNORECASE), "Mon-Sun"),
    (re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)days\b", re.IGNORECASE), r"\1day"),
    (re.compile(r"\s*(?:&|/|\+|\band\b)\s*", re.IGNORECASE), ","),
)
_TIMES_AFTER_A_DAY = re.compile(r"(?<=\d)\s*,\s*(?=\d)")
_RANGE_THEN_DAY = re.compile(r"(?<=\d)\s*,\s*(?=[^\W\d])")


class UnreadableHoursError(ValueError):
    """A part of a cell tells no hours; `part` is that part, `kind` is hours, or hours_step for odd minutes."""

    def __init__(self, part: str, kind: str = "hours") -> None:
        super().__init__(part)
        self.part, self.kind = part, kind


def read_hours(text: str) -> tuple[Window, ...]:
    """Read the hours of a week: "Mon 17:00-20:00; Wed 07:00-08:00" and much that means the same.

    Days may stand in full, as a range or joined by "and"; times may be 17, 17.30, 17h30 or 5:30 pm; "Mon 7-8, 17-19"
    gives two stretches to one day; what goes past midnight is split there.

    Raises
    ------
    UnreadableHoursError
        A part cannot be read, or does not keep to quarters of an hour.

    """
    windows: list[Window] = []
    for part in (piece.strip(" .,") for piece in re.split(r"[;|\n]", text)):
        if part:
            windows += _read_part(part)
    return merge(windows)


def _read_part(part: str) -> list[Window]:
    try:
        plain = _plainly(part)
        found = [
            window
            for stretch in _RANGE_THEN_DAY.split(plain)
            for alone in _one_range_each(stretch)
            for window in parse_hours(alone, over_midnight=True)
        ]
    except HoursError as error:
        raise UnreadableHoursError(part) from error
    if any(window.start % STEP or window.end % STEP for window in found):
        raise UnreadableHoursError(part, "hours_step")
    return [Window(window.weekday, window.start, window.end) for window in found]


def _plainly(part: str) -> str:
    for pattern, meant in _DAYS:
        part = pattern.sub(meant, part)
    times = list(_CLOCK.finditer(part))
    out, at = [], 0
    for number, match in enumerate(times):
        out += [part[at : match.start()], _twenty_four(match, times[number + 1 :])]
        at = match.end()
    return _TO.sub("-", "".join([*out, part[at:]]))


def _twenty_four(match: re.Match[str], later: list[re.Match[str]]) -> str:
    """Write a time with 24 hours; in "5-7 pm" the first takes its half of the day from the second."""
    hour, minute, half = int(match[1]), match[2] or "00", _half(match)
    if not half and later and _TO.fullmatch(match.string[match.end() : later[0].start()]):
        half = _half(later[0])
        if half == "pm" and hour > int(later[0][1]) % 12 and hour != 12:
            half = "am"  # "10-1 pm" begins in the morning
    if half and not 1 <= hour <= 12:
        raise HoursError(match[0])
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return f"{hour:02d}:{minute}"


def _half(match: re.Match[str]) -> str:
    half = (match[3] or "").replace(".", "").casefold()
    return half if half in {"am", "pm"} else ""


def _one_range_each(stretch: str) -> list[str]:
    """Repeat the days before each of several times: "Mon 7-8, 17-19"."""
    first, *more = _TIMES_AFTER_A_DAY.split(stretch)
    days = re.split(r"\d", first, maxsplit=1)[0]
    return [first, *(f"{days}{times}" for times in more)]
