"""Whether pairs keep every rule of a problem."""

from typing import Any

import numpy as np

from matcher.arrays import IntArray
from matcher.problem import Problem


def find_broken_rules(problem: Problem, pairs: Any) -> list[str]:
    """Return a sentence for every rule of `problem` that `pairs` break.

    Parameters
    ----------
    problem
        The problem.
    pairs
        int, shape (n_pairs, 2): mentor and mentee.

    Returns
    -------
    list of str
        Empty if the pairs are a matching: within range, each once, acceptable, within places, minutes, mentors
        wanted, one column of a person for each mentor, and every pin kept.
    """
    array = np.asarray(pairs)
    if array.size == 0:
        array = np.empty((0, 2), dtype=np.int64)
    if array.ndim != 2 or array.shape[1] != 2 or array.dtype.kind not in "iu":
        return ["pairs are not whole numbers in the shape (n_pairs, 2)"]
    inside = ((array >= 0) & (array < np.asarray(problem.shape))).all(axis=1)
    if not inside.all():
        return [f"pair {_name(array[~inside][0])} is out of range"]
    array = array.astype(np.int64)
    faults = [f"pair {_name(pair)} is not acceptable" for pair in array[np.isnan(problem.weights_of(array))].tolist()]
    distinct, times = np.unique(array, axis=0, return_counts=True)
    faults += [f"pair {_name(pair)} stands more than once" for pair in distinct[times > 1].tolist()]
    faults += _overdrawn(problem, array)
    kept = {tuple(pair) for pair in array.tolist()}
    return faults + [
        f"pinned pair {_name(pin)} is missing" for pin in problem.pinned.tolist() if tuple(pin) not in kept
    ]


def is_feasible(problem: Problem, pairs: Any) -> bool:
    """Return whether `pairs` keep every rule of `problem`; see `find_broken_rules`."""
    return not find_broken_rules(problem, pairs)


def _overdrawn(problem: Problem, pairs: IntArray) -> list[str]:
    mentors, mentees = pairs[:, 0], pairs[:, 1]
    faults = []
    held = np.bincount(mentors, minlength=problem.n_mentors)
    for j in np.flatnonzero(held > problem.mentor_capacity).tolist():
        faults.append(f"mentor {j} has {held[j]} mentees and {problem.mentor_capacity[j]} places")
    if problem.mentor_minutes is not None:
        taken = np.zeros(problem.n_mentors, dtype=np.int64)
        np.add.at(taken, mentors, problem.minutes_of(pairs))
        for j in np.flatnonzero(taken > problem.mentor_minutes).tolist():
            faults.append(f"mentor {j} spends {taken[j]} minutes and gives {problem.mentor_minutes[j]}")
    held = np.bincount(mentees, minlength=problem.n_mentees)
    for i in np.flatnonzero(held > problem.mentee_capacity).tolist():
        faults.append(f"mentee {i} has {held[i]} mentors and wants {problem.mentee_capacity[i]}")
    distinct = np.unique(pairs, axis=0)
    groups = np.column_stack([distinct[:, 0], problem.person[distinct[:, 1]]])
    twice, times = np.unique(groups, axis=0, return_counts=True)
    for mentor, person in twice[times > 1].tolist():
        columns = np.flatnonzero(problem.person == person).tolist()
        faults.append(f"mentor {mentor} fills several of columns {columns}, one person's board")
    return faults


def _name(pair: Any) -> str:
    return f"({int(pair[0])}, {int(pair[1])})"
