"""The residual network of a result, if its matching is a best one in it."""

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.augmenting import MARGIN
from matcher.problem import Problem
from matcher.residual import Residual

__all__ = ["find_residual"]


def find_residual(problem: Problem, objective: str, pairs: IntArray, places: IntArray) -> Residual | None:
    """Return the residual network of pairs; None if a walk through it makes them better.

    Parameters
    ----------
    problem
        The problem; its minutes are not mixed.
    objective
        ``"coverage"`` or ``"total"``.
    pairs
        The matching, shape (n_pairs, 2).
    places
        Of each mentor; they may exceed the pairs there are.
    """
    weights = problem.weights
    residual = Residual(
        weights=np.where(np.isnan(weights), -np.inf, weights),
        places=places,
        wanted=problem.mentee_capacity,
        person=problem.person,
        priority=problem.person_priority,
        by_person=objective == "coverage",
        chosen=_marked(problem.shape, pairs),
        pinned=_marked(problem.shape, problem.pinned),
    )
    try:
        parts = [residual.ladder.split(walks.worth) for walks in (residual.entries, residual.exits)]
    except ArithmeticError:
        return None
    coverage, priority, weight = (first + second for first, second in zip(*parts, strict=True))
    return None if residual.ladder.are_gains(coverage, priority, weight, MARGIN).any() else residual


def _marked(shape: tuple[int, int], pairs: IntArray) -> BoolArray:
    marked = np.zeros(shape, dtype=np.bool_)
    marked[pairs[:, 0], pairs[:, 1]] = True
    return marked
