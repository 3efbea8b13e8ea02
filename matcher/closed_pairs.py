"""The same problem with some pairs closed, or with some alone pinned."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from matcher.arrays import FloatArray, IntArray, as_pairs
from matcher.problem import Problem
from matcher.problem_changes import with_changes
from matcher.weight_sources import WeightSource

__all__ = ["pin_alone", "without_pairs"]


@dataclass(frozen=True, eq=False)
class OpenWeights:
    """
    The weights of another source, with NaN for pairs that are closed.

    Attributes
    ----------
    source : WeightSource
    closed : IntArray
        Pairs, shape (n, 2).
    """

    source: WeightSource
    closed: IntArray

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_mentors, n_mentees)``."""
        return self.source.shape

    def chunk(self, start: int, stop: int) -> FloatArray:
        """Return the weights of mentees ``start`` to ``stop - 1``."""
        weights = np.array(self.source.chunk(start, stop), dtype=np.float64)
        here = self.closed[(self.closed[:, 1] >= start) & (self.closed[:, 1] < stop)]
        weights[here[:, 0], here[:, 1] - start] = np.nan
        return weights


def without_pairs(problem: Problem, pairs: Any, *, mentor_capacity: Any = None, mentee_capacity: Any = None) -> Problem:
    """
    Close some pairs, and change capacities where they are given.

    Parameters
    ----------
    problem : Problem
    pairs : array_like of int
        Shape (n, 2): mentor, mentee.
    mentor_capacity, mentee_capacity : array_like of int, optional

    Examples
    --------
    >>> without_pairs(Problem([[0.9, 0.8]], 1, 1), [(0, 0)]).weights
    array([[nan, 0.8]])
    """
    closed, source = as_pairs(pairs), problem.source
    if isinstance(source, OpenWeights):
        closed = as_pairs(np.concatenate([source.closed, closed]))
        source = source.source
    given = {"mentor_capacity": mentor_capacity, "mentee_capacity": mentee_capacity}
    changes = {name: value for name, value in given.items() if value is not None}
    return with_changes(problem, weights=OpenWeights(source, closed), **changes)


def pin_alone(problem: Problem, pairs: Any) -> Problem:
    """
    Pin some pairs that are acceptable, and close all others.

    Examples
    --------
    >>> pin_alone(Problem([[0.9, 0.8]], 1, 1), [(0, 1)]).weights
    array([[nan, 0.8]])
    """
    chosen = as_pairs(pairs)
    weights = coo_array((problem.weights_of(chosen), (chosen[:, 0], chosen[:, 1])), shape=problem.shape)
    return with_changes(problem, weights=weights, pinned=chosen)
