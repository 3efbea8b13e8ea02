"""The problem that answers leave behind: who stays, what may be withdrawn, and who is closed to new pairs."""

from typing import Any

import numpy as np

from matcher.arrays import BoolArray, IntArray, as_pairs, common_pairs
from matcher.errors import InvalidProblemError
from matcher.problem import Problem
from matcher.problem_checks import read_most, read_pins
from matcher.weight_sources import AmendedWeights

_ANSWERS = ("accepted", "open_offers", "declined")


def problem_after_answers(
    problem: Problem,
    *,
    accepted: Any = (),
    open_offers: Any = (),
    declined: Any = (),
    most_withdrawn: int | None = None,
    waiting: Any = None,
) -> Problem:
    """Return the problem that `matcher.repair` solves, without solving it; see there for the rules.

    Parameters
    ----------
    problem
        The problem of the round, with today's limits.
    accepted, open_offers, declined, most_withdrawn
        As for `matcher.repair`.
    waiting
        int, shape (n,): the mentees' columns that may gain; None for all.

    Returns
    -------
    Problem
        With `open_offers` and `most_withdrawn`, accepted pairs pinned, declined ones not acceptable, lowered limits
        raised to what is taken. It needs the memory of the amendments alone, whatever the source of weights.

    Raises
    ------
    InvalidProblemError
        With all faults.

    Examples
    --------
    A mentor who has lowered her places from two to one keeps both pairs, and gets no third:

    >>> lowered = Problem([[0.9, 0.8, 0.4]], mentor_capacity=1, mentee_capacity=1)
    >>> left = problem_after_answers(lowered, accepted=[(0, 0), (0, 1)])
    >>> left.mentor_capacity.tolist(), left.weights.tolist()
    ([2], [[0.9, 0.8, nan]])
    """
    faults: list[str] = []
    given = (accepted, open_offers, declined)
    staying, offered, refused = (
        read_pins(pairs, problem.shape, faults, name=name) for name, pairs in zip(_ANSWERS, given, strict=True)
    )
    most = read_most(most_withdrawn, "most_withdrawn", faults)
    closed_mentees = _closed_to(problem, waiting, faults)
    faults += _contradictions(staying, offered, refused)
    offered = offered[~np.isnan(problem.weights_of(offered))]
    existing = as_pairs(np.concatenate([staying, offered]))
    faults += _crowded_boards(problem, existing)
    if faults:
        raise InvalidProblemError(faults)
    mentor_capacity, places_over = _raised(problem.mentor_capacity, _sums(existing[:, 0], 1, problem.n_mentors))
    mentee_capacity, mentees_over = _raised(problem.mentee_capacity, _sums(existing[:, 1], 1, problem.n_mentees))
    mentor_minutes, minutes_over = problem.mentor_minutes, np.zeros_like(places_over)
    if mentor_minutes is not None:
        taken = _sums(existing[:, 0], problem.minutes_of(existing), problem.n_mentors)
        mentor_minutes, minutes_over = _raised(mentor_minutes, taken)
    source = AmendedWeights(
        problem.source,
        closed_mentors=places_over | minutes_over,
        closed_mentees=closed_mentees | mentees_over,
        struck=refused,
        pairs=existing,
        weights=np.nan_to_num(problem.weights_of(existing), nan=0.0),
    )
    return Problem(
        source,
        mentor_capacity,
        mentee_capacity,
        problem.minutes,
        mentor_minutes,
        pinned=staying,
        priority=problem.priority,
        person=problem.person,
        open_offers=offered,
        most_withdrawn=most,
    )


def _closed_to(problem: Problem, waiting: Any, faults: list[str]) -> BoolArray:
    """Return which mentees' columns get nothing new because others wait."""
    closed = np.full(problem.n_mentees, waiting is not None)
    columns = np.asarray([] if waiting is None else waiting)
    if columns.size == 0:
        return closed
    whole = columns.ndim == 1 and columns.dtype.kind in "iu"
    if not whole or not ((columns >= 0) & (columns < problem.n_mentees)).all():
        faults.append(f"waiting: give the columns of mentees, whole numbers from 0 to {problem.n_mentees - 1}")
        return closed
    closed[columns] = False
    return closed


def _contradictions(staying: IntArray, offered: IntArray, refused: IntArray) -> list[str]:
    """Return a sentence for every pair that has two answers."""
    answers = {"accepted": staying, "open": offered, "declined": refused}
    twice = (("accepted", "open"), ("accepted", "declined"), ("open", "declined"))
    return [
        f"({mentor}, {mentee}) is both {one} and {other}; say which"
        for one, other in twice
        for mentor, mentee in common_pairs(answers[one], answers[other]).tolist()
    ]


def _crowded_boards(problem: Problem, existing: IntArray) -> list[str]:
    """Return a sentence for every mentor who would fill several columns of one person."""
    distinct = np.unique(existing, axis=0)
    groups = np.column_stack([distinct[:, 0], problem.person[distinct[:, 1]]])
    twice, times = np.unique(groups, axis=0, return_counts=True)
    return [
        f"mentor {mentor} has {held} accepted pairs and open offers on one person's board; she can have one: "
        f"decline the others, of columns {np.flatnonzero(problem.person == person).tolist()}"
        for (mentor, person), held in zip(twice.tolist(), times.tolist(), strict=True)
        if held > 1
    ]


def _sums(of: IntArray, amounts: Any, n: int) -> IntArray:
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, of, amounts)
    return total


def _raised(limits: IntArray, taken: IntArray) -> tuple[IntArray, BoolArray]:
    """Return limits that hold at least what is taken, and where more was taken than the limit."""
    over: BoolArray = taken > limits
    return np.maximum(limits, taken), over
