"""From the bytes of a calendar file to the stretches of time in which its owner is busy, whatever somebody sends.

Of a file only what says when is looked at. Titles, places and guests are dropped line by line before anything is
read, and so are definitions of time zones, alarms and attachments: nothing of them can be kept, nor do harm.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Event

from webapp.services.calendar_rules import Budget, Rule, read_rule
from webapp.services.errors import InvalidInputError

MOST_BYTES = 1024 * 1024
MOST_EVENTS = 2000
MOST_DAYS = 400_000  # asked about over all rules of a file
MOST_TIMES = 20_000  # found over all entries
_LONGEST_LINE = 8000
_LONGEST_ZONE = 100
_WANTED = re.compile(
    r"(?:DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|EXRULE|RECURRENCE-ID|UID|TRANSP|STATUS)[:;]", re.IGNORECASE
)
_ZONE = re.compile(r';TZID=(?:"([^"]*)"|([^":;]*))', re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Busy:
    """A stretch of time, as instants."""

    starts_at: datetime
    ends_at: datetime


@dataclass
class CalendarRead:
    """What a file says, and what of it could not be used as it stands."""

    busy: list[Busy] = field(default_factory=list)
    n_events: int = 0
    n_all_day: int = 0
    n_floating: int = 0  # without a zone: read by the reader's own clock
    n_left_out: int = 0  # broken, or coming again by a rule that is not understood
    unknown_zones: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Entry:
    uid: str
    start: datetime  # aware
    length: timedelta
    rule: Rule | None
    more: tuple[datetime, ...]  # RDATE
    without: frozenset[datetime]  # EXDATE, in UTC
    moved: datetime | None  # which time of a series this one stands for


def read_calendar(data: bytes, *, zone: str, first: date, last: date) -> CalendarRead:
    """Return when the file's owner is busy between two days of her own clock.

    Raises
    ------
    InvalidInputError
        `file` is "large", "empty", "zip", "kind" (no calendar), "events" or "times" (too many).

    """
    blocks = list(_events_in(_text_of(data)))
    read = CalendarRead(n_events=len(blocks))
    entries = []
    for block in blocks:
        try:
            entry = _read_entry(block, zone, read)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, OSError):
            read.n_left_out += 1  # the library names faults of a file by all of these
        else:
            entries += [entry] if entry else []
    here = ZoneInfo(zone)
    window = Busy(datetime.combine(first, time(), here).astimezone(UTC), _day_after(last, here))
    moved = {(entry.uid, entry.moved) for entry in entries if entry.moved is not None}
    budget = Budget(MOST_DAYS)
    for entry in entries:
        times = _times_of(entry, window, budget)
        if times is None:
            read.n_left_out += 1
            continue
        for start in times:
            if entry.moved is None and (entry.uid, start) in moved:
                continue
            busy = Busy(max(start, window.starts_at), min(start + entry.length, window.ends_at))
            if busy.starts_at < busy.ends_at:
                read.busy.append(busy)
        if len(read.busy) > MOST_TIMES:
            raise InvalidInputError({"file": "times"})
    read.busy = _merged(read.busy)
    return read


def _text_of(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise InvalidInputError({"file": "large"})
    if not data.strip():
        raise InvalidInputError({"file": "empty"})
    if data[:4] in {b"PK\x03\x04", b"\x1f\x8b\x08\x00"} or data[:2] == b"\x1f\x8b":
        raise InvalidInputError({"file": "zip"})
    # Letters that are no UTF-8 can only stand in titles, which are dropped.
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    if "BEGIN:VCALENDAR" not in text[:2000].upper():
        raise InvalidInputError({"file": "kind"})
    return text


def _events_in(text: str) -> Iterator[list[str]]:
    """Yield the lines that say when, of each entry; what lies in an entry (alarms) is left out."""
    number, inside = 0, 0
    lines: list[str] = []
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        upper = line[:40].strip().upper()
        if inside == 0 and upper == "BEGIN:VEVENT":
            number, inside, lines = number + 1, 1, []
            if number > MOST_EVENTS:
                raise InvalidInputError({"file": "events"})
        elif inside and upper.startswith("BEGIN:"):
            inside += 1
        elif inside and upper.startswith("END:"):
            inside -= 1
            if inside == 0:
                yield lines
        elif inside == 1 and _WANTED.match(line):
            lines.append(line)


def _read_entry(lines: list[str], zone: str, read: CalendarRead) -> _Entry | None:
    """Read one entry; None where it takes no time: cancelled, shown as free, without a length."""
    if any(len(line) > _LONGEST_LINE for line in lines):
        raise ValueError("a line is too long")
    plain = [_ZONE.sub(_short_zone, line) for line in lines]
    event: Any = Event.from_ical("\n".join(["BEGIN:VEVENT", *plain, "END:VEVENT", ""]))
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return None
    if "EXRULE" in event:
        raise ValueError("a rule of exceptions")
    begin = event["DTSTART"].dt
    length = _length_of(event, begin)
    if length <= timedelta():
        return None
    start = _aware(event["DTSTART"], begin, zone, read, counts=True)
    rule = None
    if "RRULE" in event:
        rule = read_rule(event["RRULE"], start.date())
        if rule is None:
            raise ValueError("a rule that is not understood")
    moved = event.get("RECURRENCE-ID")
    return _Entry(
        uid=str(event.get("UID", id(lines))),
        start=start,
        length=length,
        rule=rule,
        more=tuple(_aware(one, one.dt, zone, read) for one in _dates_of(event.get("RDATE"))),
        without=frozenset(_aware(one, one.dt, zone, read).astimezone(UTC) for one in _dates_of(event.get("EXDATE"))),
        moved=_aware(moved, moved.dt, zone, read).astimezone(UTC) if moved is not None else None,
    )


def _short_zone(match: re.Match[str]) -> str:
    """Keep the name of a zone, without what programs write before it; one that is absurdly long is none."""
    name = match[1] if match[1] is not None else match[2]
    if name.startswith("/"):
        name = "/".join(name.split("/")[-2:])
    return f';TZID="{name if len(name) <= _LONGEST_ZONE else "?"}"'


def _length_of(event: Any, begin: date | datetime) -> timedelta:
    if "DTEND" in event:
        end = event["DTEND"].dt
        if isinstance(end, datetime) and isinstance(begin, datetime) and (end.tzinfo is None) != (begin.tzinfo is None):
            end, begin = end.replace(tzinfo=None), begin.replace(tzinfo=None)
        return _elapsed(begin, end)
    if "DURATION" in event:
        return timedelta(seconds=event["DURATION"].dt.total_seconds())
    return timedelta() if isinstance(begin, datetime) else timedelta(days=1)


def _elapsed(begin: Any, end: Any) -> timedelta:
    """Return the time between two dates or two moments; by what passes, not by the clock on the wall."""
    if isinstance(begin, datetime) and begin.tzinfo is not None and isinstance(end, datetime):
        return end.astimezone(UTC) - begin.astimezone(UTC)
    length: timedelta = end - begin
    return length


def _dates_of(value: Any) -> list[Any]:
    """Return the values of a line that may stand there once, several times or not at all."""
    if value is None:
        return []
    lists = value if isinstance(value, list) else [value]
    found = []
    for one in lists:
        for moment in one.dts:
            moment.params.update(one.params)
            found.append(moment)
    return found


def _aware(prop: Any, moment: Any, zone: str, read: CalendarRead, *, counts: bool = False) -> datetime:
    """Return a moment with a zone: its own, or the reader's where it has none that is known."""
    if isinstance(moment, tuple):
        moment = moment[0]  # a period: its beginning
    if not isinstance(moment, datetime):
        read.n_all_day += counts
        return datetime.combine(moment, time(), ZoneInfo(zone))
    if moment.tzinfo is not None:
        return moment
    name = str(prop.params.get("TZID", ""))
    if name and counts:
        read.unknown_zones.add(name)
    else:
        read.n_floating += counts
    return moment.replace(tzinfo=ZoneInfo(zone))


def _times_of(entry: _Entry, window: Busy, budget: Budget) -> list[datetime] | None:
    """Return the beginnings, in UTC, of what reaches into the window; None where its rule asks for too much."""
    if entry.rule is None:
        found = {entry.start.astimezone(UTC)}
    else:
        zone = entry.start.tzinfo
        first = (window.starts_at - min(entry.length, timedelta(days=60))).astimezone(zone).date()
        days = entry.rule.days_between(first, window.ends_at.astimezone(zone).date(), budget)
        if days is None:
            return None
        times = (datetime.combine(day, entry.start.time(), zone) for day in days)
        found = {moment.astimezone(UTC) for moment in times if _is_within(moment, entry.rule.until)}
    found |= {moment.astimezone(UTC) for moment in entry.more}
    return [
        moment
        for moment in found - entry.without
        if moment < window.ends_at and window.starts_at - moment < entry.length
    ]


def _is_within(moment: datetime, until: date | datetime | None) -> bool:
    if until is None:
        return True
    if not isinstance(until, datetime):
        return moment.date() <= until
    return moment <= (until if until.tzinfo else until.replace(tzinfo=moment.tzinfo))


def _merged(busy: Iterable[Busy]) -> list[Busy]:
    merged: list[Busy] = []
    for one in sorted(busy):
        if merged and one.starts_at <= merged[-1].ends_at:
            merged[-1] = Busy(merged[-1].starts_at, max(merged[-1].ends_at, one.ends_at))
        else:
            merged.append(one)
    return merged


def _day_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
