"""Coverage, priority and weight as one number, for walks that change who is covered by one person at most."""

from dataclasses import dataclass

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray

__all__ = ["EPSILON", "Ladder"]

EPSILON = 1e-9
"""Weights closer than this are equal: a walk has to gain more to count as better."""

_EQUAL = 1e-7  # priorities closer than this part of the largest are equal, as they are to the solver


@dataclass(frozen=True, eq=False)
class Ladder:
    """What covering or uncovering one person changes, as one number in the order of the levels.

    Covering the person with the k-th smallest priority is step k, uncovering her is step -k, no change is step 0.

    Attributes
    ----------
    of_person : IntArray
        The step of covering each person, from 1 up; 0 where coverage does not count.
    priority : FloatArray
        The priority behind each step, shape (n_steps + 1,); 0 for step 0.
    height : float
        The worth of one step: more than any two walks differ by in weight.
    """

    of_person: IntArray
    priority: FloatArray
    height: float

    @classmethod
    def of(cls, priority: FloatArray, height: float, *, by_person: bool) -> "Ladder":
        """Order persons by `priority`, float of shape (n_persons,)."""
        if not by_person:
            return cls(np.zeros(len(priority), dtype=np.int64), np.zeros(1), height)
        unit = float(priority.max(initial=0.0)) or 1.0
        distinct, place = np.unique(np.rint(priority / unit / _EQUAL), return_inverse=True)
        return cls(place + 1, np.concatenate([[0.0], distinct * unit * _EQUAL]), height)

    @property
    def noise(self) -> float:
        """What rounding errors of a walk's worth stay below."""
        return max(EPSILON, 64 * np.finfo(np.float64).eps * self.height * len(self.priority))

    def split(self, worth: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the changes of coverage, priority and weight behind worths; all -inf where there is no walk."""
        found = np.isfinite(worth)
        step = np.rint(np.where(found, worth, 0.0) / self.height).astype(np.int64)
        parts = (np.sign(step), np.sign(step) * self.priority[np.abs(step)], worth - step * self.height)
        coverage, priority, weight = (np.where(found, part, -np.inf) for part in parts)
        return coverage, priority, weight

    def is_gain(self, change: tuple[float, float, float], margin: float) -> bool:
        """Return whether one change is better, as `are_gains`."""
        coverage, priority, weight = (np.array([part]) for part in change)
        return bool(self.are_gains(coverage, priority, weight, margin)[0])

    def are_gains(self, coverage: FloatArray, priority: FloatArray, weight: FloatArray, margin: float) -> BoolArray:
        """Return which changes of coverage, priority and weight are better in the order of the levels.

        Where weight decides it must gain more than `margin`.
        """
        equal = np.abs(priority) <= _EQUAL * max(1.0, float(self.priority.max()))
        by_weight = np.where(equal, weight > margin, priority > 0)
        better: BoolArray = np.where(coverage == 0, by_weight, coverage > 0)
        return better
