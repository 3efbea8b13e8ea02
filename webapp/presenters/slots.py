"""Meeting times in words, by the reader's clock and the other's beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.services.slots import Away, Meeting, first_meeting
from webapp.services.vocabulary import city_of

_DAYS = (
    _l("Mondays"),
    _l("Tuesdays"),
    _l("Wednesdays"),
    _l("Thursdays"),
    _l("Fridays"),
    _l("Saturdays"),
    _l("Sundays"),
)


@dataclass(frozen=True)
class SlotLine:
    """A weekly slot: "Tuesdays, 20:00 to 21:00"; `other` is the other's time, empty where the clocks agree."""

    when: str
    day: str
    start: str
    city: str
    first: str
    other: str


def present_slot(
    weekday: int | None,
    minute: int | None,
    length: int,
    *,
    mentor_zone: str,
    reader: str,
    other: str,
    not_before: date,
    week: int | None = None,
    every: int = 1,
    away: Iterable[Away] = (),
) -> SlotLine | None:
    """Return the slot as the reader with this zone sees it; None where the two have no slot yet."""
    if weekday is None or minute is None:
        return None
    meeting = first_meeting(
        weekday,
        minute,
        length,
        kept_in=mentor_zone,
        reader=reader,
        other=other,
        not_before=not_before,
        week=week,
        every=every,
        away=away,
    )
    day = str(_DAYS[meeting.starts_at.weekday()])
    return SlotLine(
        when=_("%(day)s, %(start)s to %(end)s", day=day, start=_clock(meeting.starts_at), end=_clock(meeting.ends_at)),
        day=day,
        start=_clock(meeting.starts_at),
        city=city_of(reader),
        # Rebased to a plain date: the formatter would otherwise move it to yet another zone.
        first=str(format_date(meeting.starts_at.date(), "EEEE d MMMM")),
        other=_other(meeting),
    )


def _other(meeting: Meeting) -> str:
    if meeting.same_clock:
        return ""
    if meeting.other.weekday() == meeting.starts_at.weekday():
        return _clock(meeting.other)
    return _("%(day)s, %(start)s", day=str(_DAYS[meeting.other.weekday()]), start=_clock(meeting.other))


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"
