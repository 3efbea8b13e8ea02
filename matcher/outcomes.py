"""What a condition does to a best matching, in numbers and in pairs."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, as_pairs, read_only
from matcher.result import Matching

__all__ = ["Method", "Outcome", "Worth", "compare_worth", "measure"]

Method = Literal["walk", "solve"]
Asked = tuple[int | None, int | IntArray | None]


def _no_pairs() -> IntArray:
    return read_only(as_pairs(()))


@dataclass(frozen=True, eq=False)
class Outcome:
    """The best matching under a condition, less the best without it.

    Attributes
    ----------
    possible : bool
        Whether any matching meets the condition beside the pinned pairs; if not, everything else is 0 or empty.
    coverage : int
        How many more persons have a mentor; less than 0 for fewer.
    priority, total, floor : float
        The same for the priority of the covered, the total weight and the floor.
    own : IntArray
        The pairs of whom the condition is about, shape (n, 2).
    others : float
        What the weights of all other pairs change by.
    entering, leaving : IntArray
        The other pairs that come in and go out, each of shape (n, 2), sorted.
    method : {"walk", "solve"}
        Along augmenting walks, or by solving the changed problem.
    exact : bool
        Whether both matchings are proved best.
    """

    possible: bool
    coverage: int = 0
    priority: float = 0.0
    total: float = 0.0
    floor: float = 0.0
    own: IntArray = field(default_factory=_no_pairs)
    others: float = 0.0
    entering: IntArray = field(default_factory=_no_pairs)
    leaving: IntArray = field(default_factory=_no_pairs)
    method: Method = "walk"
    exact: bool = True


@dataclass(frozen=True, eq=False)
class Worth:
    """Pairs, shape (n, 2), with their weights, and what they reach."""

    pairs: IntArray
    weights: FloatArray
    coverage: int
    priority: float
    total: float
    floor: float

    @classmethod
    def of(cls, matching: Matching) -> "Worth":
        """Take what a matching already knows."""
        reached = (matching.coverage, matching.priority, matching.total_weight, matching.floor)
        return cls(matching.pairs, matching.weights, *reached)


def measure(pairs: IntArray, weights: FloatArray, person: IntArray, priority: FloatArray) -> Worth:
    """Measure pairs by the person of each column and the priority of each person."""
    covered = np.unique(person[pairs[:, 1]])
    sums = np.bincount(person[pairs[:, 1]], weights, minlength=len(priority))[covered]
    floor = float(sums.min()) if len(sums) else 0.0
    return Worth(pairs, weights, len(covered), float(priority[covered].sum()), float(weights.sum()), floor)


def compare_worth(before: Worth, after: Worth, asked: Asked, method: Method, *, exact: bool) -> Outcome:
    """Return the difference of two matchings.

    Parameters
    ----------
    before, after
        The best matching without the condition and with it.
    asked
        The mentor and the mentee whom the condition is about, or her columns; None for any.
    method, exact
        As in `Outcome`.
    """
    old, new = (set(map(tuple, worth.pairs[~_about(worth.pairs, asked)].tolist())) for worth in (before, after))
    mine = [float(worth.weights[_about(worth.pairs, asked)].sum()) for worth in (before, after)]
    return Outcome(
        possible=True,
        coverage=after.coverage - before.coverage,
        priority=after.priority - before.priority,
        total=after.total - before.total,
        floor=after.floor - before.floor,
        own=read_only(after.pairs[_about(after.pairs, asked)]),
        others=(after.total - mine[1]) - (before.total - mine[0]),
        entering=read_only(as_pairs(sorted(new - old))),
        leaving=read_only(as_pairs(sorted(old - new))),
        method=method,
        exact=exact,
    )


def _about(pairs: IntArray, asked: Asked) -> BoolArray:
    about = np.ones(len(pairs), dtype=np.bool_)
    for side, number in enumerate(asked):
        if number is not None:
            about &= np.isin(pairs[:, side], number)
    return about
