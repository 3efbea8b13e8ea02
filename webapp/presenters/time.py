"""A mentor's time, month by month and line by line."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.services.my_time import GivenTime, Line

MONTHS = 4
_WHY = {
    "declined": _l("%(name)s, not this time"),
    "expired": _l("%(name)s, no answer in time"),
    "withdrawn": _l("%(name)s, offer withdrawn"),
    "ended": _l("%(name)s, pair ended"),
    "talked": _l("%(name)s, one talk, a month ago"),
    "not_held": _l("%(name)s, did not take place"),
    "untold": _l("%(name)s, nobody said that it took place"),
    "month_over": _l("%(name)s, the month is over"),
}


@dataclass(frozen=True)
class MonthTile:
    name: str
    note: str
    current: bool
    spent: int
    held: int
    new: int
    free: int
    label: str
    sentence: str


@dataclass(frozen=True)
class LedgerLine:
    day: str
    text: str
    badge: str
    kind: str
    minutes: str
    left: int


@dataclass(frozen=True)
class TimePage:
    slug: str
    programme: str
    title: str
    lead: str
    months: tuple[MonthTile, ...]
    lines: tuple[LedgerLine, ...]


def present_time(given: GivenTime, *, now: datetime, zone: str) -> TimePage:
    today = now.astimezone(ZoneInfo(zone)).date()
    return TimePage(
        slug=given.slug,
        programme=given.programme,
        title=_title(given),
        lead=_lead(given),
        months=tuple(_month(given, month, today) for month in _months(given, today)),
        lines=_ledger(given, zone),
    )


def _title(given: GivenTime) -> str:
    free = max(0, given.minutes - given.reserved_minutes)
    if not free:
        return _("All your %(num)d minutes a month are booked or held", num=given.minutes)
    if free == given.minutes:
        return _("All your %(num)d minutes a month are free", num=given.minutes)
    return _("%(free)d of your %(all)d minutes a month are free", free=free, all=given.minutes)


def _lead(given: GivenTime) -> str:
    people = ngettext("one mentee", "%(num)d mentees", given.places)
    lead = _("You give %(n)d minutes a month, for at most %(people)s.", n=given.minutes, people=people)
    if given.reserved_minutes > given.minutes:
        over = given.reserved_minutes - given.minutes
        more = _("%(n)d minutes more are booked from before; nothing new is added.", n=over)
        return f"{lead} {more}"
    return lead + " " + _("Only you can raise that.")


def _months(given: GivenTime, today: date) -> list[date]:
    """Return this month and those that follow, or, before the programme begins, its first ones."""
    booked = [line.month for line in given.lines if line.kind == "reserved" and line.holds]
    begin = max(_after(today, 1), min(booked, default=today))
    return [_after(today, 0), *(_after(begin, n) for n in range(MONTHS - 1))]


def _after(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _month(given: GivenTime, month: date, today: date) -> MonthTile:
    running = [line for line in given.lines if _counts(line, month, given.ends_on)]
    spent = sum(line.minutes for line in given.lines if line.kind == "spent" and _same(line.month, month))
    held = sum(line.minutes for line in running if line.offer_state != "open")
    new = sum(line.minutes for line in running if line.offer_state == "open")
    free = max(0, given.minutes - held - new)
    current = _same(month, today)
    name = str(format_date(month, "MMMM"))
    spent = min(spent, held)  # what was spent is held until the month is over
    label = _(
        "%(month)s: %(held)d minutes booked, %(new)d held for an open offer, %(free)d free",
        month=name,
        held=held,
        new=new,
        free=free,
    )
    if spent:
        label += ", " + _("%(n)d of them spent", n=spent)
    sentence = _sentence(held, new, free)
    return MonthTile(name, _note(running, current=current), current, spent, held - spent, new, free, label, sentence)


def _same(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _counts(line: Line, month: date, ends_on: date) -> bool:
    """Whether this line books minutes of that month: a pair takes them each month until the programme ends."""
    return line.kind == "reserved" and line.holds and line.month <= month <= (line.until or ends_on)


def _note(running: list[Line], *, current: bool) -> str:
    opened = sum(line.offer_state == "open" for line in running)
    if opened:
        return ngettext("one open offer", "%(num)d open offers", opened)
    if any(line.once for line in running):
        return _("with a talk or a shadow day")
    return _("this month") if current else ngettext("one pair", "%(num)d pairs", len(running)) if running else ""


def _sentence(held: int, new: int, free: int) -> str:
    if free:
        return _("%(n)d minutes free", n=free)
    if new:
        return _("Full, if the answer is yes")
    return _("All booked") if held else _("No time given")


def _ledger(given: GivenTime, zone: str) -> tuple[LedgerLine, ...]:
    left = given.minutes
    text = _("You give %(n)d minutes a month", n=given.minutes)
    since = min([given.since, *(line.at for line in given.lines)])
    lines = [LedgerLine(_day(since, zone), text, _("Given"), "", f"+{given.minutes}", left)]
    last_hold = {line.name: n for n, line in enumerate(given.lines) if line.kind == "reserved"}
    for number, line in enumerate(given.lines):
        name = line.name or _("Somebody who has left")
        if line.kind == "returned":
            left += line.minutes
            words = str(_WHY.get(line.why, _l("%(name)s"))) % {"name": name}
            lines.append(LedgerLine(_day(line.at, zone), words, _("Given back"), "", f"+{line.minutes}", left))
        elif line.kind == "spent":
            words = _("%(name)s, took place", name=name)
            lines.append(LedgerLine(_day(line.at, zone), words, _("Spent"), "yes", str(line.minutes), left))
        elif line.kind == "reserved":
            left -= line.minutes
            is_open = line.offer_state == "open" and last_hold[line.name] == number
            badge = (_("Held"), "wait") if is_open else (_("Booked"), "held")
            words = _held_words(line, name)
            lines.append(LedgerLine(_day(line.at, zone), words, *badge, f"−{line.minutes}", left))
    return tuple(lines)


def _held_words(line: Line, name: str) -> str:
    if line.once == "shadow_day":
        return _("%(name)s, a shadow day", name=name)
    if line.once:
        return _("%(name)s, one talk", name=name)
    return _("%(name)s, each month from %(month)s", name=name, month=format_date(line.month, "MMMM"))


def _day(moment: datetime, zone: str) -> str:
    return str(format_date(moment.astimezone(ZoneInfo(zone)).date(), "d MMM"))
