"""What a calendar file would mean, as the page that asks shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from webapp.presenters.dates_away import say_stretch
from webapp.presenters.reasons import listed
from webapp.presenters.week import DAY_NAMES, duration
from webapp.services.busy_times import WEEKS, Clash, Preview
from webapp.services.errors import InvalidInputError
from webapp.services.week import Window, clock, minutes_in, write_week

_MOST_ZONES = 3


@dataclass(frozen=True)
class Offered:
    """Something that may be taken over."""

    value: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class PreviewPage:
    lead: str
    clashes: list[Offered]
    dates: list[Offered]
    more: str
    notes: list[str]


def present_preview(found: Preview, *, today: date) -> PreviewPage:
    more = ngettext("%(num)d more date is not listed.", "%(num)d more dates are not listed.", found.n_more_dates)
    return PreviewPage(
        lead=ngettext(
            "%(num)d entry, looked at from %(first)s to %(last)s.",
            "%(num)d entries, looked at from %(first)s to %(last)s.",
            found.read.n_events,
            first=format_date(found.first, "d MMMM"),
            last=format_date(found.last, "d MMMM y"),
        ),
        clashes=[_clash(clash) for clash in found.clashes],
        dates=[Offered(stretch.written, say_stretch(stretch, today=today)) for stretch in found.dates],
        more=more if found.n_more_dates else "",
        notes=_notes(found),
    )


def _clash(clash: Clash) -> Offered:
    window = clash.window
    text = f"{DAY_NAMES[window.weekday]} {clock(window.start)} – {clock(window.end)}"
    return Offered(write_week([window]), text, _("taken in %(n)d of %(all)d weeks", n=clash.weeks, all=WEEKS))


def _notes(found: Preview) -> list[str]:
    read = found.read
    notes = []
    if read.n_all_day:
        notes.append(
            ngettext(
                "%(num)d entry lasts all day and counts as busy, unless your calendar shows it as free.",
                "%(num)d entries last all day and count as busy, unless your calendar shows them as free.",
                read.n_all_day,
            )
        )
    if read.n_floating:
        notes.append(
            ngettext(
                "%(num)d entry names no time zone. It is read by your own clock.",
                "%(num)d entries name no time zone. They are read by your own clock.",
                read.n_floating,
            )
        )
    if read.unknown_zones:
        names = sorted(read.unknown_zones)
        some = listed(names[:_MOST_ZONES])
        notes.append(_("Not a time zone we know: %(names)s. These times are read by your own clock.", names=some))
    if read.n_left_out:
        notes.append(
            ngettext(
                "%(num)d entry could not be read and is left out: it is broken, or comes again by an unusual rule.",
                "%(num)d entries could not be read and are left out: broken, or coming again by an unusual rule.",
                read.n_left_out,
            )
        )
    return notes


def say_taken_over(dropped: Iterable[Window], n_dates: int) -> str:
    """Say what became of the file."""
    minutes = minutes_in(dropped)
    parts = [
        _("%(time)s a week less in your week.", time=duration(minutes)) if minutes else _("Your week is as it was."),
        ngettext("%(num)d date is blocked.", "%(num)d dates are blocked.", n_dates) if n_dates else "",
    ]
    return " ".join(filter(None, parts))


def say_refused(error: InvalidInputError) -> str:
    if "hours" in error.faults:
        return _("That would leave no hours at all. Untick fewer, or tick other hours first. The dates are kept.")
    return _("You have 100 dates already, or these are over. Remove some that you do not need. Nothing was changed.")
