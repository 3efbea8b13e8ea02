"""A time to meet for one pair."""

from collections.abc import Iterable

from matcher.availability import Hours, Slot, cells, runs, shared_cells
from matcher.clock_changes import existing
from matcher.diary import Booking, Template, cells_of, first_bit
from matcher.meetings import as_bits, daytime
from matcher.settings import Settings

__all__ = ["first_slot"]


def first_slot(
    mentor: Hours,
    mentee: Hours,
    settings: Settings,
    *,
    length: int | None = None,
    booked: Iterable[Booking] = (),
) -> Slot | None:
    """
    Choose a time to meet for one pair.

    Parameters
    ----------
    mentor, mentee : Hours
        Anyone with `zone` and `windows`.
    settings : Settings
        Its dates, cadence and meeting length.
    length : int, optional
        Length of the meeting, if not the programme's.
    booked : iterable of Booking
        Meetings that one of the two has already, whoever of them it is; each takes its own weeks alone.

    Returns
    -------
    Slot or None
        Daytime for both before other hours, then the earliest in the mentor's template; None if there is no time.
    """
    template = Template(settings)
    minutes = length or settings.minutes
    ahead = template.ahead(mentor.zone, mentee.zone)
    mine = existing(cells(mentor.windows), mentor.zone, settings.starts_on, settings.ends_on)
    theirs = existing(cells(mentee.windows), mentee.zone, settings.starts_on, settings.ends_on)
    starts = template.repeat(as_bits(runs(shared_cells(mine, theirs, ahead), minutes)))
    starts &= ~template.booked(mentor.zone, cells_of(Slot(0, 0), minutes), booked)
    preferred = starts & daytime(template, ahead, minutes)
    return template.slot_at(first_bit(preferred or starts)) if starts else None
