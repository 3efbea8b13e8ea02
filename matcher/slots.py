"""A time to meet for one pair, or several to choose from."""

from collections.abc import Iterable

from matcher.availability import CELL, CELLS, DAY, Hours, Slot, cells, runs, shared_cells
from matcher.clock_changes import existing
from matcher.diary import Booking, Template, cells_of, first_bit
from matcher.meetings import as_bits, daytime
from matcher.settings import Settings

__all__ = ["first_slot", "is_free", "slots_apart"]

DAY_CELLS = DAY // CELL


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
    starts, preferred = _starts(mentor, mentee, template, length or settings.minutes, booked)
    return template.slot_at(first_bit(preferred or starts)) if starts else None


def slots_apart(
    mentor: Hours,
    mentee: Hours,
    settings: Settings,
    *,
    most: int,
    length: int | None = None,
    booked: Iterable[Booking] = (),
) -> list[Slot]:
    """
    Choose times for one pair to choose from, far enough from each other to make a difference.

    Parameters
    ----------
    mentor, mentee, settings, length, booked
        As for `first_slot`.
    most : int
        How many times at most.

    Returns
    -------
    list of Slot
        No two overlap. The first is that of `first_slot`; the next ones fall on other weekdays as long as there are
        any, in daytime for both before other hours.
    """
    template = Template(settings)
    minutes = length or settings.minutes
    starts, preferred = _starts(mentor, mentee, template, minutes, booked)
    span = cells_of(Slot(0, 0), minutes)
    found: list[Slot] = []
    days = 0  # starts on weekdays that have a time already
    while starts and len(found) < most:
        chosen = first_bit(preferred & ~days or starts & ~days or preferred or starts)
        found.append(template.slot_at(chosen))
        first = chosen - chosen % DAY_CELLS
        day = template.rotate((1 << DAY_CELLS) - 1, first)
        for week in range(template.weeks):
            days |= template.rotate(day, week * CELLS)
        taken = template.ruled_out(span, span, (chosen,))
        starts, preferred = starts & ~taken, preferred & ~taken
    return found


def is_free(
    mentor: Hours,
    mentee: Hours,
    settings: Settings,
    slot: Slot,
    *,
    length: int | None = None,
    booked: Iterable[Booking] = (),
) -> bool:
    """
    Say whether one pair can meet at a time.

    Parameters
    ----------
    mentor, mentee, settings, length, booked
        As for `first_slot`.
    slot : Slot
        A time on the mentor's clock.

    Returns
    -------
    bool
        Whether the whole meeting lies in the hours of both and clashes with nothing that is booked.
    """
    template = Template(settings)
    starts, _preferred = _starts(mentor, mentee, template, length or settings.minutes, booked)
    return slot.start % CELL == 0 and bool(starts >> template.start_of(slot) & 1)


def _starts(
    mentor: Hours, mentee: Hours, template: Template, minutes: int, booked: Iterable[Booking]
) -> tuple[int, int]:
    """Return the starts at which the two can meet, on the mentor's clock, and those of them in daytime for both."""
    settings = template.settings
    ahead = template.ahead(mentor.zone, mentee.zone)
    mine = existing(cells(mentor.windows), mentor.zone, settings.starts_on, settings.ends_on)
    theirs = existing(cells(mentee.windows), mentee.zone, settings.starts_on, settings.ends_on)
    starts = template.repeat(as_bits(runs(shared_cells(mine, theirs, ahead), minutes)))
    starts &= ~template.booked(mentor.zone, cells_of(Slot(0, 0), minutes), booked)
    return starts, starts & daytime(template, ahead, minutes)
