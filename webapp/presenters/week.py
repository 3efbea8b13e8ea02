"""How much of the week is free, in words, and where in the world it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_date, gettext, ngettext
from flask_babel import lazy_gettext as _l

from webapp.services.vocabulary import city_of
from webapp.services.week import Window, minutes_in

DAY_NAMES = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"))
ENOUGH = 180  # minutes a week from which most people find a partner


@dataclass(frozen=True)
class Week:
    total: str
    by_day: str
    has_enough: bool


def describe_week(windows: Iterable[Window]) -> Week:
    windows = tuple(windows)
    minutes = minutes_in(windows)
    days = [
        f"{DAY_NAMES[day]} {duration(minutes_in(w for w in windows if w.weekday == day))}"
        for day in range(7)
        if any(w.weekday == day for w in windows)
    ]
    return Week(hours_a_week(minutes), ", ".join(days), minutes >= ENOUGH)


def hours_a_week(minutes: int) -> str:
    """Return the total as a person says it: halves count, quarters are named in minutes."""
    if minutes % 60 == 0:
        return ngettext("%(num)d hour a week", "%(num)d hours a week", minutes // 60)
    if minutes % 30 == 0 and minutes > 60:
        return gettext("%(n)s hours a week", n=f"{minutes // 60}½")
    return gettext("%(time)s a week", time=duration(minutes))


def duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(n)d min", n=rest)
    return gettext("%(h)d h %(m)02d", h=hours, m=rest) if rest else gettext("%(h)d h", h=hours)


def _hours(minutes: int) -> str:
    if minutes % 60:
        return duration(minutes)
    return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)


def describe_zone(zone: str, *, now: datetime) -> str:
    """Return where her clock is now, and when it next changes."""
    here = ZoneInfo(zone)
    offset = now.astimezone(here).utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    city = city_of(zone)
    if minutes == 0:
        text = gettext("%(city)s, now the same as UTC.", city=city)
    elif minutes > 0:
        text = gettext("%(city)s, now %(time)s ahead of UTC.", city=city, time=_hours(minutes))
    else:
        text = gettext("%(city)s, now %(time)s behind UTC.", city=city, time=_hours(-minutes))
    for days in range(1, 366):
        later = (now + timedelta(days=days)).astimezone(here)
        if later.utcoffset() != offset:
            change = format_date(later.date(), "d MMMM")
            return text + " " + gettext("Your hours stay put when the clocks change on %(date)s.", date=change)
    return text
