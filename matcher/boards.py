"""What a change of a mentee with a board would do: of several columns at once, always by solving anew."""

import numpy as np

from matcher.arrays import FloatArray, IntArray, as_pairs
from matcher.closed_pairs import without_pairs
from matcher.outcomes import Outcome
from matcher.problem import Problem
from matcher.problem_changes import with_changes, with_columns
from matcher.what_if import WhatIf

__all__ = ["columns_of", "with_answers", "with_pins", "without_mentor"]


def columns_of(problem: Problem, mentee: int) -> IntArray:
    """Return the columns of the mentee that one of them, her only one for most, belongs to.

    Examples
    --------
    >>> columns_of(Problem([[0.9, 0.8, 0.7]], 1, 1, person=[4, 2, 4]), 2).tolist()
    [0, 2]
    """
    return np.flatnonzero(problem.person == problem.person[mentee])


def with_answers(what_if: WhatIf, columns: IntArray, weights: FloatArray) -> Outcome:
    """Return what the matching would be if a mentee's columns had other weights, float, shape (n_mentors, n)."""
    return what_if.solved(with_columns(what_if.problem, columns, weights), (None, columns))


def without_mentor(what_if: WhatIf, mentor: int, columns: IntArray) -> Outcome:
    """Return what the matching would be if a mentor must fill none of these columns, pinned or not."""
    weights = what_if.problem.weights[:, columns].copy()
    weights[mentor] = np.nan
    return with_answers(what_if, columns, weights)


def with_pins(what_if: WhatIf, pins: IntArray, closed: IntArray, asked: tuple[int, int]) -> Outcome:
    """Return what the matching would be with these pins, instead of the problem's, and with these pairs closed.

    Parameters
    ----------
    what_if
        The problem and its result.
    pins, closed
        int, shapes (n, 2) and (m, 2).
    asked
        The pair that the question is about.
    """
    freed = with_changes(what_if.problem, pinned=as_pairs(()))
    return what_if.solved(with_changes(without_pairs(freed, closed), pinned=pins), asked)
