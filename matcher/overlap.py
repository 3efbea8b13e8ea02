"""The hours that every mentor and every mentee of a pool share, at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.availability import CELL, runs, shared_cells, shifts
from matcher.clock_changes import existing
from matcher.columns import stated
from matcher.pool import Pool
from matcher.settings import Settings

__all__ = ["Overlap", "find_overlap"]


Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Overlap:
    """
    Shared hours of all pairs.

    Attributes
    ----------
    minutes : ndarray of int64, shape (n_mentors, n_mentees)
        Minutes a week that both have free in every clock regime.
    meets : ndarray of bool, shape (n_mentors, n_mentees)
        Whether there is a slot for one whole meeting.
    stated : ndarray of bool, shape (n_mentors, n_mentees)
        Whether both have given hours.
    """

    minutes: NDArray[np.int64]
    meets: NDArray[np.bool_]
    stated: NDArray[np.bool_]


def find_overlap(pool: Pool, settings: Settings) -> Overlap:
    """
    Compare the hours of all pairs.

    Notes
    -----
    People are grouped by zone and meeting length. In a group the clocks differ by the same shifts, so that the
    cells of a mentee, moved to the mentor's week and intersected over the regimes, are one matrix; the shared
    cells of all pairs are its product with the mentors' cells, and so are the shared slots, for a run of an
    intersection is the intersection of the runs. Counts are whole numbers, exact in any order of summation.
    """
    minutes = np.zeros(pool.shape, dtype=np.int64)
    meets = np.zeros(pool.shape, dtype=np.bool_)
    mentors, mentees = pool.mentor_side, pool.mentee_side
    lengths = np.array([settings.meeting_length(m.minutes) for m in pool.mentees], dtype=np.int64)
    for mine in np.unique(mentors.zones):
        rows = np.flatnonzero(mentors.zones == mine)
        free = existing(mentors.free[rows], pool.zones[mine], settings.starts_on, settings.ends_on)
        starts_free = {int(length): runs(free, int(length)) for length in np.unique(lengths)}
        for theirs in np.unique(mentees.zones):
            columns = np.flatnonzero(mentees.zones == theirs)
            ahead = shifts(pool.zones[mine], pool.zones[theirs], settings.starts_on, settings.ends_on)
            hers = existing(mentees.free[columns], pool.zones[theirs], settings.starts_on, settings.ends_on)
            moved = shared_cells(np.ones_like(hers), hers, ahead)
            minutes[np.ix_(rows, columns)] = _count(free, moved) * CELL
            for length, starts in starts_free.items():
                of_length = lengths[columns] == length
                meets[np.ix_(rows, columns[of_length])] = _count(starts, runs(moved[of_length], length)) > 0
    return Overlap(minutes, meets, stated(mentors.free)[:, np.newaxis] & stated(mentees.free))


def _count(mine: Bools, theirs: Bools) -> NDArray[np.float32]:
    """
    Count the cells that each of mine and each of theirs have in common.

    Notes
    -----
    Neighbouring cells between which nobody's answer changes are one column with their number as its factor, and
    columns in which one side has nobody are left out: hours on the half hour in the daytime leave a quarter of 672.
    """
    changes = (mine[:, 1:] != mine[:, :-1]).any(axis=0) | (theirs[:, 1:] != theirs[:, :-1]).any(axis=0)
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
    widths = np.diff(np.append(starts, mine.shape[1])).astype(np.float32)
    used = mine[:, starts].any(axis=0) & theirs[:, starts].any(axis=0)
    left = mine[:, starts[used]].astype(np.float32)
    return left @ (theirs[:, starts[used]] * widths[used]).T
