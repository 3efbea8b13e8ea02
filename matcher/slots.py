"""A time to meet: for one pair, and for all proposals so that nobody is twice at once."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.availability import (
    CELL,
    CELLS,
    DAY,
    Hours,
    Slot,
    Window,
    cells,
    regimes,
    runs,
    shared_cells,
    shifts,
    slot_of,
)
from matcher.pool import Pool
from matcher.settings import CADENCES, Settings

__all__ = ["first_slot", "greedy_slots"]

WEEKS = 4
TEMPLATE = WEEKS * CELLS
DAYTIME = (7 * 60, 21 * 60)
Bools = NDArray[np.bool_]


def first_slot(
    mentor: Hours,
    mentee: Hours,
    settings: Settings,
    *,
    length: int | None = None,
    mentor_busy: Iterable[Window] = (),
    mentee_busy: Iterable[Window] = (),
) -> Slot | None:
    """
    Choose a time to meet for one pair.

    Parameters
    ----------
    mentor, mentee : Hours
        Anyone with `zone` and `windows`.
    settings : Settings
        Its dates and meeting length.
    length : int, optional
        Length of the meeting, if not the programme's.
    mentor_busy, mentee_busy : iterable of Window
        Hours that are taken every week, each in the person's own zone.

    Returns
    -------
    Slot or None
        Daytime for both before other hours, then the earliest in the mentor's week; None if there is no time.
    """
    ahead = shifts(mentor.zone, mentee.zone, settings.starts_on, settings.ends_on)
    mine = cells(mentor.windows) & ~_touched(mentor_busy)
    theirs = cells(mentee.windows) & ~_touched(mentee_busy)
    found = _preferred(mine, theirs, ahead, length or settings.minutes)
    return slot_of(found[0]) if found else None


def greedy_slots(pool: Pool, settings: Settings, pairs: Iterable[Sequence[int]]) -> list[Slot | None]:
    """
    Choose a time for every pair so that no person is in two meetings at once, whatever the clocks do.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    pairs : iterable of (int, int)
        Mentor and mentee, as positions in the pool.

    Returns
    -------
    list of Slot or None
        In the order of `pairs`; None for a pair that found no free time.

    Notes
    -----
    Pairs with the fewest times choose first. A meeting takes its cells of a four-week template in every clock
    regime: each week, two weeks apart or once, by the cadence. Not exact: another order may place more pairs.
    """
    wanted = [(int(mentor), int(mentee)) for mentor, mentee in pairs]
    options = [_options(pool, settings, mentor, mentee) for mentor, mentee in wanted]
    diary = _Diary(pool, settings)
    slots: list[Slot | None] = [None] * len(wanted)
    for place in sorted(range(len(wanted)), key=lambda place: len(options[place])):
        slots[place] = diary.book(*wanted[place], options[place])
    return slots


class _Diary:
    """Who is busy when: for each person and combination of offsets, the cells of a four-week template in UTC."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self.pool = pool
        self.settings = settings
        found = regimes(pool.zones, settings.starts_on, settings.ends_on)
        self.offsets = sorted({tuple(regime.offsets[zone] for zone in pool.zones) for regime in found})
        self.busy: dict[int, list[int]] = {}

    def book(self, mentor: int, mentee: int, options: Sequence[int]) -> Slot | None:
        """Take the first option that is free for both, or none."""
        every = CADENCES[self.settings.cadence][0]
        length = self.settings.meeting_length(self.pool.mentees[mentee].minutes)
        zone = int(self.pool.mentor_side.zones[mentor])
        pair = (int(self.pool.mentor_side.persons[mentor]), int(self.pool.mentee_side.persons[mentee]))
        diaries = [self.busy.setdefault(person, [0] * len(self.offsets)) for person in pair]
        for cell in options:
            for week in range(every):
                masks = [_mask(cell + week * CELLS - offsets[zone] // CELL, length, every) for offsets in self.offsets]
                if all(not taken & mask for diary in diaries for taken, mask in zip(diary, masks, strict=True)):
                    for diary in diaries:
                        diary[:] = [taken | mask for taken, mask in zip(diary, masks, strict=True)]
                    slot = slot_of(cell)
                    return Slot(slot.weekday, slot.start, week)
        return None


def _mask(cell: int, length: int, every: int) -> int:
    """Set the bits of the cells a meeting takes; the template is a circle."""
    mask = 0
    for week in range(0, WEEKS, every):
        for step in range(-(-length // CELL)):
            mask |= 1 << ((cell + week * CELLS + step) % TEMPLATE)
    return mask


def _options(pool: Pool, settings: Settings, mentor: int, mentee: int) -> list[int]:
    mine, theirs = pool.mentors[mentor], pool.mentees[mentee]
    ahead = shifts(mine.zone, theirs.zone, settings.starts_on, settings.ends_on)
    length = settings.meeting_length(theirs.minutes)
    return _preferred(pool.mentor_side.free[mentor], pool.mentee_side.free[mentee], ahead, length)


def _preferred(mine: Bools, theirs: Bools, ahead: tuple[int, ...], length: int) -> list[int]:
    """List the cells at which a shared meeting can begin: daytime for both first, then in order of the week."""
    starts = runs(shared_cells(mine, theirs, ahead), length)
    day = runs(shared_cells(_DAYTIME_CELLS, _DAYTIME_CELLS, ahead), length)
    return [*np.flatnonzero(starts & day).tolist(), *np.flatnonzero(starts & ~day).tolist()]


def _touched(busy: Iterable[Window]) -> Bools:
    """Mark every cell that a busy window touches, even in part."""
    marked = np.zeros(CELLS, dtype=np.bool_)
    for window in busy:
        start = window.weekday * DAY + window.start
        marked[start // CELL : -(-(window.weekday * DAY + window.end) // CELL)] = True
    return marked


_DAYTIME_CELLS = cells(Window(day, *DAYTIME) for day in range(7))
