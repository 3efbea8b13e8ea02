"""Pinned pairs that cannot all be kept."""

import numpy as np

from matcher.problem import Problem
from matcher.result import Conflict


def find_conflicts(problem: Problem) -> tuple[Conflict, ...]:
    """Return where pins exceed places, minutes, mentors wanted, or one column of a board for a mentor.

    Parameters
    ----------
    problem
        The problem.

    Returns
    -------
    tuple of Conflict
        Empty if the pins alone keep every rule. As nothing else *must* be chosen, the problem then has a
        solution: the pins. O(n_pins + n_mentors + n_mentees) time.
    """
    mentors, mentees = problem.pinned[:, 0], problem.pinned[:, 1]
    places = np.bincount(mentors, minlength=problem.n_mentors)
    conflicts = [
        Conflict("places", j, None, int(places[j]), int(problem.mentor_capacity[j]))
        for j in np.flatnonzero(places > problem.mentor_capacity).tolist()
    ]
    if problem.mentor_minutes is not None:
        minutes = np.zeros(problem.n_mentors, dtype=np.int64)
        np.add.at(minutes, mentors, problem.minutes_of(problem.pinned))
        conflicts += [
            Conflict("minutes", j, None, int(minutes[j]), int(problem.mentor_minutes[j]))
            for j in np.flatnonzero(minutes > problem.mentor_minutes).tolist()
        ]
    held = np.bincount(mentees, minlength=problem.n_mentees)
    conflicts += [
        Conflict("wanted", None, i, int(held[i]), int(problem.mentee_capacity[i]))
        for i in np.flatnonzero(held > problem.mentee_capacity).tolist()
    ]
    groups = np.column_stack([mentors, problem.person[mentees]])
    twice, times = np.unique(groups, axis=0, return_counts=True)
    for (mentor, person), needed in zip(twice.tolist(), times.tolist(), strict=True):
        if needed > 1:
            conflicts.append(Conflict("board", mentor, int(np.argmax(problem.person == person)), needed, 1))
    return tuple(conflicts)
