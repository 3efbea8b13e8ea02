"""A mentor's time, month by month and line by line."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.services.my_time import GivenTime, Line
from webapp.services.time_months import MonthSum, counts_in, month_after, sum_month

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
_SPENT = {"call": _l("%(name)s, first call")}


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
    over: str  # an overrun, in words; empty where there is none


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
    spent: str
    spent_note: str
    returned: str
    since: str
    pause: str  # in words; empty where there is none
    is_away: bool


def present_time(given: GivenTime, *, now: datetime, zone: str) -> TimePage:
    today = now.astimezone(ZoneInfo(zone)).date()
    return TimePage(
        slug=given.slug,
        programme=given.programme,
        title=_title(given),
        lead=_lead(given),
        months=tuple(_month(given, month, today) for month in _months(given, today)),
        lines=_ledger(given, zone),
        spent=length_words(total_of(given, "spent")),
        spent_note=_spent_note(given),
        returned=length_words(total_of(given, "returned")),
        since=str(format_date(min([given.since, *(line.at for line in given.lines)]), "MMMM y")),
        pause=_pause(given, today),
        is_away=_away_in(given, today, today),
    )


def length_words(minutes: int) -> str:
    """Write a sum of minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)d min", n=rest)
    return _("%(hours)d h %(n)d min", hours=hours, n=rest) if rest else _("%(hours)d h", hours=hours)


def total_of(given: GivenTime, kind: str) -> int:
    return sum(line.minutes for line in given.lines if line.kind == kind)


def _spent_note(given: GivenTime) -> str:
    spent = [line for line in given.lines if line.kind == "spent"]
    if not spent:
        return _("No meeting and no call is written down so far.")
    people = len({line.name for line in spent})
    return ngettext("with one mentee", "with %(num)d mentees", people)


def _pause(given: GivenTime, today: date) -> str:
    begin, end = given.paused_from, given.paused_until
    if begin is None or (end is not None and end < today):
        return ""
    if end is None:
        return _("You pause from %(day)s on.", day=_long(begin))
    return _("You pause from %(day)s to %(last)s.", day=_long(begin), last=_long(end))


def _long(day: date) -> str:
    return str(format_date(day, "d MMMM y"))


def _away_in(given: GivenTime, first: date, last: date) -> bool:
    begin, end = given.paused_from, given.paused_until
    return begin is not None and begin <= last and (end is None or first <= end)


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
    """Return the last month if there is anything in it, this one and those that follow, or the programme's first."""
    booked = [line.month for line in given.lines if line.kind == "reserved" and line.holds]
    begin = max(month_after(today, 1), min(booked, default=today))
    last = month_after(today, -1)
    past = [last] if any(line.month <= last for line in given.lines) else []
    ahead = [month_after(begin, n) for n in range(MONTHS - 1 - len(past))]
    return [*past, month_after(today, 0), *ahead]


def _month(given: GivenTime, month: date, today: date) -> MonthTile:
    found = sum_month(given, month)
    current, past = (month.year, month.month) == (today.year, today.month), month < today.replace(day=1)
    held = 0 if past else found.left
    free = max(0, found.booked - found.spent) if past else found.free
    name = str(format_date(month, "MMMM"))
    label = _(
        "%(month)s: %(spent)d minutes spent, %(held)d booked, %(new)d held for an open offer, %(free)d free",
        month=name,
        spent=found.spent,
        held=held,
        new=found.new,
        free=free,
    )
    over = max(0, found.spent - found.given) if past else found.over
    return MonthTile(
        name=name,
        note=_("closed") if past else _note(given, month, current=current),
        current=current,
        spent=found.spent,
        held=held,
        new=found.new,
        free=free,
        label=label,
        sentence=_past(found) if past else _sentence(found),
        over=_("%(n)d minutes more than you give", n=over) if over else "",
    )


def _past(found: MonthSum) -> str:
    if not found.spent and not found.booked:
        return _("Nothing was booked")
    back = max(0, found.booked - found.spent)
    return _("%(n)d spent, %(m)d of what was booked not used", n=found.spent, m=back)


def _note(given: GivenTime, month: date, *, current: bool) -> str:
    running = [line for line in given.lines if counts_in(line, month, given.ends_on)]
    last = month_after(month, 1) - timedelta(days=1)
    if _away_in(given, month, last):
        return _("away, wholly or in part")
    opened = sum(line.offer_state == "open" for line in running)
    if opened:
        return ngettext("one open offer", "%(num)d open offers", opened)
    if any(line.once for line in running):
        return _("with a talk or a shadow day")
    return _("this month") if current else ngettext("one pair", "%(num)d pairs", len(running)) if running else ""


def _sentence(found: MonthSum) -> str:
    if found.free:
        return _("%(n)d minutes free", n=found.free)
    if found.new:
        return _("Full, if the answer is yes")
    return _("All booked") if found.left or found.spent else _("No time given")


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
            words = str(_SPENT.get(line.why, _l("%(name)s, took place"))) % {"name": name}
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
