"""How many partners a week makes possible, and what it is by the clock of another city."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.reasons import listed
from webapp.presenters.week import DAY_NAMES
from webapp.services.possible_partners import LEAST, Part, PartnerCount
from webapp.services.vocabulary import city_of
from webapp.services.week import Window, clock

_PARTS = {
    6: _l("%(day)s before work"),
    8: _l("%(day)s morning"),
    12: _l("%(day)s midday"),
    13: _l("%(day)s afternoon"),
    17: _l("%(day)s evening"),
    21: _l("%(day)s late evening"),
}


@dataclass(frozen=True)
class Partners:
    """One number beside the week; `is_few` where it calls for help."""

    label: str
    value: str
    note: str
    is_few: bool


@dataclass(frozen=True)
class Elsewhere:
    city: str
    lines: tuple[str, ...]
    note: str


def present_partners(counts: Iterable[PartnerCount] | None) -> list[Partners]:
    """Say how many partners remain; nothing counted means that she looked too often."""
    if counts is None:
        note = _("You have looked many times. Save your hours; the number comes back within an hour or a day.")
        return [Partners(_("How many share time with you"), _("Not counted now"), note, is_few=False)]
    counts = list(counts)
    several = len({count.slug for count in counts}) > 1
    return [_partners(count, several=several) for count in counts]


def warn_of_nobody(counts: Iterable[PartnerCount]) -> list[str]:
    """Say at once, when they are saved, where hours leave no time in common with anyone, and what would help."""
    return [
        " ".join(filter(None, [_nobody(count), _what_helps(count.helps) or _("More hours would help.")]))
        for count in counts
        if count.share == "nobody"
    ]


def _partners(count: PartnerCount, *, several: bool) -> Partners:
    label = (
        _("Mentors you share enough time with") if count.side == "mentee" else _("Mentees you share enough time with")
    )
    if several:
        label = _("%(label)s in %(programme)s", label=label, programme=count.programme)
    if count.total is None:
        return Partners(label, _("Too early to say"), _("Too few have given their hours so far."), is_few=False)
    # While hours are ticked nobody is not told apart from one or two: that would show where a single person is free.
    if count.share in {"few", "nobody"}:
        return Partners(label, _("Fewer than three"), _what_helps(count.helps), is_few=True)
    if count.share == "most":
        value = _("Most of %(all)d", all=count.total)
    elif count.about is None:
        value = _("Three or more of %(all)d", all=count.total)
    else:
        value = _("About %(n)d of %(all)d", n=count.about, all=count.total)
    return Partners(label, value, _("Rounded, and counted from hours alone; nobody’s hours are shown."), is_few=False)


def _nobody(count: PartnerCount) -> str:
    if count.side == "mentee":
        return ngettext(
            "No mentor in %(programme)s shares enough time with these hours yet.",
            "None of the %(num)d mentors in %(programme)s shares enough time with these hours yet.",
            count.total or LEAST,
            programme=count.programme,
        )
    return ngettext(
        "No mentee in %(programme)s shares enough time with these hours yet.",
        "None of the %(num)d mentees in %(programme)s shares enough time with these hours yet.",
        count.total or LEAST,
        programme=count.programme,
    )


def _what_helps(parts: Iterable[Part]) -> str:
    words = [str(_PARTS[part.first]) % {"day": DAY_NAMES[part.weekday]} for part in parts]
    return _("By your clock most of them are free on %(when)s.", when=listed(words)) if words else ""


def present_elsewhere(windows: Iterable[Window], zone: str, other: str, *, now: datetime) -> Elsewhere:
    """Return the week, stretch by stretch, as the clock of another zone shows it this week."""
    here, there = ZoneInfo(zone), ZoneInfo(other)
    today = now.astimezone(here).date()
    monday = today - timedelta(days=today.weekday())
    city = city_of(other)
    lines = tuple(
        _("%(mine)s is %(theirs)s", mine=_mine(window), theirs=_theirs(window, monday, here, there))
        for window in windows
    )
    return Elsewhere(city, lines, _("As the clocks stand this week. When they change, your own hours stay put."))


def _mine(window: Window) -> str:
    return f"{DAY_NAMES[window.weekday]} {clock(window.start)} – {clock(window.end)}"


def _theirs(window: Window, monday: date, here: ZoneInfo, there: ZoneInfo) -> str:
    start, end = (_moment(window, minute, monday, here).astimezone(there) for minute in (window.start, window.end))
    last = f"{end:%H:%M}"
    if start.date() != end.date():
        last = "24:00" if f"{end:%H:%M}" == "00:00" else f"{DAY_NAMES[end.weekday()]} {end:%H:%M}"
    return f"{DAY_NAMES[start.weekday()]} {start:%H:%M} – {last}"


def _moment(window: Window, minute: int, monday: date, here: ZoneInfo) -> datetime:
    day = monday + timedelta(days=window.weekday)
    # Through UTC: the day's end is no time of day.
    midnight = datetime.combine(day, time(), here)
    if minute < 24 * 60:
        return midnight.replace(hour=minute // 60, minute=minute % 60).astimezone(UTC)
    return datetime.combine(day + timedelta(days=1), time(), here).astimezone(UTC)
