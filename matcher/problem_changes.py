"""The same problem with something changed: a pin, a row, a column, one mentor more; open offers are left out."""

from typing import Any

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.problem import Problem

__all__ = ["with_changes", "with_columns", "with_mentee", "with_mentor", "with_new_mentor"]

_PARTS = (
    "mentor_capacity",
    "mentee_capacity",
    "minutes",
    "mentor_minutes",
    "pinned",
    "priority",
    "person",
    "mentor_ranks",
    "mentee_ranks",
)


def with_changes(problem: Problem, **changes: Any) -> Problem:
    """Return a problem with other values for the arguments named in `changes`.

    Examples
    --------
    >>> with_changes(Problem([[0.5]], 1, 1), pinned=[(0, 0)]).pinned.tolist()
    [[0, 0]]
    """
    weights = changes.pop("weights", problem.source)
    return Problem(weights, **({name: getattr(problem, name) for name in _PARTS} | changes))


def with_mentee(problem: Problem, mentee: int, column: FloatArray, capacity: int) -> Problem:
    """Return a problem in which a mentee has another column and wants other mentors; pins that are gone are dropped."""
    weights, wanted = problem.weights.copy(), problem.mentee_capacity.copy()
    weights[:, mentee], wanted[mentee] = column, capacity
    return with_changes(problem, weights=weights, mentee_capacity=wanted, pinned=_still(problem, weights))


def with_columns(problem: Problem, mentees: IntArray, columns: FloatArray) -> Problem:
    """Return a problem in which some mentees have other columns, (n_mentors, n); pins that are gone are dropped."""
    weights = problem.weights.copy()
    weights[:, mentees] = columns
    return with_changes(problem, weights=weights, pinned=_still(problem, weights))


def with_mentor(problem: Problem, mentor: int, row: FloatArray, capacity: int, minutes: int | None) -> Problem:
    """Return a problem in which a mentor has another row and other limits; pins that are gone are dropped."""
    weights, places = problem.weights.copy(), problem.mentor_capacity.copy()
    weights[mentor], places[mentor] = row, capacity
    changes: dict[str, Any] = {"weights": weights, "mentor_capacity": places, "pinned": _still(problem, weights)}
    if problem.mentor_minutes is not None:
        given = problem.mentor_minutes.copy()
        given[mentor] = minutes or 0
        changes["mentor_minutes"] = given
    return with_changes(problem, **changes)


def with_new_mentor(problem: Problem, row: FloatArray, capacity: int, minutes: int | None) -> Problem:
    """Return a problem with one mentor more, the last, whom nobody has ranked.

    Without `minutes` she has enough for all her places. Where minutes differ by mentor, pairs with the new one take
    what they take with the slowest of the others.
    """
    if minutes is None and problem.minutes is not None:
        minutes = capacity * int(problem.minutes.max(initial=0))
    changes: dict[str, Any] = {
        "weights": np.vstack([problem.weights, row]),
        "mentor_capacity": np.append(problem.mentor_capacity, capacity),
    }
    if problem.mentor_minutes is not None:
        changes["mentor_minutes"] = np.append(problem.mentor_minutes, minutes or 0)
    if problem.minutes is not None and problem.minutes.ndim == 2:
        changes["minutes"] = np.vstack([problem.minutes, problem.minutes.max(axis=0, initial=0)])
    for name in ("mentor_ranks", "mentee_ranks"):
        ranks = getattr(problem, name)
        if ranks is not None:
            changes[name] = np.vstack([ranks, np.full(problem.n_mentees, -1)])
    return with_changes(problem, **changes)


def _still(problem: Problem, weights: FloatArray) -> IntArray:
    """Return the pins that are still acceptable."""
    kept: IntArray = problem.pinned[~np.isnan(weights[problem.pinned[:, 0], problem.pinned[:, 1]])]
    return kept
