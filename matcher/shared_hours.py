"""The times that two people share in every clock regime."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.availability import CELL, Hours, Slot, cells, runs, shared_cells, shifts, slot_of
from matcher.clock_changes import existing

__all__ = ["shared_minutes", "shared_slots"]


def shared_slots(mentor: Hours, mentee: Hours, starts_on: date, ends_on: date, length: int) -> list[Slot]:
    """
    List the times at which both are free for a whole meeting in every clock regime.

    Returns
    -------
    list of Slot
        Weekday and start in the mentor's zone, in order.
    """
    starts = runs(_both(mentor, mentee, starts_on, ends_on), length)
    return [slot_of(int(cell)) for cell in np.flatnonzero(starts)]


def shared_minutes(mentor: Hours, mentee: Hours, starts_on: date, ends_on: date) -> int:
    """Count the minutes of a week that both have free in every clock regime."""
    return int(_both(mentor, mentee, starts_on, ends_on).sum()) * CELL


def _both(mentor: Hours, mentee: Hours, starts_on: date, ends_on: date) -> NDArray[np.bool_]:
    mine, theirs = (existing(cells(who.windows), who.zone, starts_on, ends_on) for who in (mentor, mentee))
    return shared_cells(mine, theirs, shifts(mentor.zone, mentee.zone, starts_on, ends_on))
