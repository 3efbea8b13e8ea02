r"""How good a matching can be at most: a bound from prices, by weak duality.

Put a price on everything that is short: :math:`u_i \ge 0` on each mentor a mentee's column may hold,
:math:`v_j \ge 0` on each place, :math:`m_j \ge 0` on each minute of a mentor, and a signed price
:math:`q_p` on each mentor that reaches person :math:`p`. A pair that pays its prices keeps

.. math:: r_{ji} = c\, w_{ji} - u_i - q_{p(i)} - v_j - t_{ji} m_j.

One linear programme stands behind all levels. Its variables are the pairs :math:`x_{ji}`, for each person
her first mentor :math:`y_p \in [0, \min(1, K_p)]` and her further mentors :math:`e_p \in [0, \max(0, K_p - 1)]`,
with :math:`\sum_j \sum_{i \in p} x_{ji} = y_p + e_p`, where :math:`K_p` is what all columns of the person can hold.
Its objective is :math:`c \sum w x + \sum_p g_p y_p`. For any prices with the right signs no matching exceeds

.. math::
    \sum_i k_i u_i + \sum_j P_j v_j + \sum_j T_j m_j
    + \sum_p \left[\min(1, K_p) \max(0, g_p + q_p) + \max(0, K_p - 1) \max(0, q_p)\right]
    + \sum_{\text{pinned}} r_{ji} + \sum_{(j, p)} \max_{i \in p} \max(0, r_{ji}),

where the last sum runs over mentors and persons without a pin between them: a mentor fills at most one of a
person's columns. Pairs that no matching can have (no place, no mentor wanted, longer than all the mentor's
minutes) do not enter. For a person with a single column, :math:`u_i` and :math:`q_p` say the same and `u` is 0.
Here :math:`P_j`, :math:`T_j`, :math:`k_i` are `Problem.places`, `mentor_minutes` and `Problem.wanted`: with
equal minutes the minutes have become places, so the bound is that of a network and exact.

=========  ===========  =====================================================  ==========================
level      :math:`c`    :math:`g_p`                                            subtracted
=========  ===========  =====================================================  ==========================
coverage   0            1                                                      nothing; rounded down
priority   0            :math:`\lambda + b_p`                                  :math:`\lambda C`
total      1            :math:`\lambda + \mu b_p`                              :math:`\lambda C + \mu Q`
=========  ===========  =====================================================  ==========================

with :math:`b_p` the person's priority, :math:`\lambda \ge 0` the price of "at least `C` covered" and
:math:`\mu \ge 0` that of "priority at least `Q`", where `C` and `Q` are what the matching itself reaches. For the
objective `total` :math:`q = 0` and :math:`\lambda = \mu = 0`. Coverage is a whole number, so its bound is rounded down.

References
----------
D. Koenig (1931), the cover behind the coverage level; A. Schrijver (2003), Combinatorial Optimization, chapter 21,
b-matchings and their duals.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.arrays import FloatArray
from matcher.problem import Problem
from matcher.weight_sources import spans

VECTORS = ("mentee", "person", "mentor", "minutes")
SCALARS = ("coverage", "priority")

_WHOLE = 1e-6  # a bound on whole numbers this close below one means that one


@dataclass(frozen=True, eq=False)
class Prices:
    """What one more of everything would add to a level.

    Attributes
    ----------
    mentee : FloatArray
        :math:`u_i >= 0`, shape (n_mentees,).
    person : FloatArray
        :math:`q_p`, either sign, shape (n_persons,).
    mentor : FloatArray
        :math:`v_j >= 0`, shape (n_mentors,).
    minutes : FloatArray
        :math:`m_j >= 0`, shape (n_mentors,); 0 without minutes.
    coverage, priority : float
        :math:`lambda` and :math:`mu`, >= 0.
    """

    mentee: FloatArray
    person: FloatArray
    mentor: FloatArray
    minutes: FloatArray
    coverage: float = 0.0
    priority: float = 0.0

    def to_plain(self) -> dict[str, Any]:
        """Return the prices as lists and floats, with every sign right."""
        plain: dict[str, Any] = {name: getattr(self, name).tolist() for name in VECTORS}
        return plain | {name: float(getattr(self, name)) for name in SCALARS}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Prices":
        """Return the prices that `to_plain` wrote."""
        vectors = {name: np.asarray(plain[name], dtype=np.float64) for name in VECTORS}
        return cls(**vectors, coverage=float(plain["coverage"]), priority=float(plain["priority"]))


def person_gains(problem: Problem, level: str, prices: Prices) -> FloatArray:
    """Return :math:`g_p`, what covering each person adds at a level, float, shape (n_persons,)."""
    if level == "coverage":
        return np.ones(problem.n_persons)
    mu = 1.0 if level == "priority" else prices.priority
    return prices.coverage + mu * problem.person_priority


def upper_bound(problem: Problem, level: str, prices: Prices, values: Mapping[str, float]) -> float:
    """Return the bound of a level from prices, by the formula above.

    Parameters
    ----------
    problem
        The problem.
    level
        ``"coverage"``, ``"priority"`` or ``"total"``.
    prices
        Prices with the right signs; what they are decides only how tight the bound is.
    values
        What must be reached at least on the levels before: `C` under ``"coverage"``, `Q` under ``"priority"``.

    Returns
    -------
    float
        In O(n_mentors n_mentees) time, reading the weights chunk by chunk.
    """
    more = problem.person_wanted
    gains = person_gains(problem, level, prices)
    bound = float(problem.wanted @ prices.mentee + problem.places @ prices.mentor)
    if problem.mentor_minutes is not None:
        bound += float(problem.mentor_minutes @ prices.minutes)
    bound += float(np.minimum(1, more) @ np.maximum(0.0, gains + prices.person))
    bound += float(np.maximum(0, more - 1) @ np.maximum(0.0, prices.person))
    bound += _pair_terms(problem, prices, scale=1.0 if level == "total" else 0.0)
    if level != "coverage":
        bound -= prices.coverage * values.get("coverage", 0.0)
    if level == "total":
        bound -= prices.priority * values.get("priority", 0.0)
    return whole_bound(bound) if level == "coverage" else bound


def whole_bound(bound: float) -> float:
    """Return a bound on a whole number rounded down, past the noise of floating point."""
    return float(math.floor(bound + _WHOLE))


def gap_of(bound: float, value: float) -> float:
    """Return ``max(0, bound - value) / max(1, |value|)``."""
    return max(0.0, bound - value) / max(1.0, abs(value))


def _pair_terms(problem: Problem, prices: Prices, scale: float) -> float:
    """Sum r over pinned pairs, and over the other mentors and persons the largest of r and 0."""
    total = 0.0
    board_number = np.cumsum(problem.person_columns > 1) - 1
    on_board = problem.person_columns[problem.person] > 1
    best = np.zeros((problem.n_mentors, int((problem.person_columns > 1).sum())))
    pins = problem.pinned
    for start, stop in spans(problem.n_mentees):
        kept = _kept_by_pairs(problem, prices, scale, start, stop)
        here = pins[(pins[:, 1] >= start) & (pins[:, 1] < stop)]
        total += float(kept[here[:, 0], here[:, 1] - start].sum())
        kept[here[:, 0], here[:, 1] - start] = 0.0
        np.maximum(kept, 0.0, out=kept)
        boards = np.flatnonzero(on_board[start:stop])
        total += float(kept.sum()) - float(kept[:, boards].sum())
        for column in boards.tolist():
            at = board_number[problem.person[start + column]]
            np.maximum(best[:, at], kept[:, column], out=best[:, at])
    pinned_boards = pins[on_board[pins[:, 1]]]
    best[pinned_boards[:, 0], board_number[problem.person[pinned_boards[:, 1]]]] = 0.0
    return total + float(best.sum())


def _kept_by_pairs(problem: Problem, prices: Prices, scale: float, start: int, stop: int) -> FloatArray:
    """Return r for the pairs of a chunk, -inf where no matching can have them."""
    chunk = problem.chunk(start, stop)
    kept = scale * chunk
    kept -= (prices.mentee + prices.person[problem.person])[start:stop]
    kept -= prices.mentor[:, np.newaxis]
    if problem.mentor_minutes is not None:
        minutes = problem.minutes_chunk(start, stop)
        kept -= minutes * prices.minutes[:, np.newaxis]
        kept[minutes > problem.mentor_minutes[:, np.newaxis]] = -np.inf
    kept[np.isnan(kept)] = -np.inf
    kept[problem.places == 0] = -np.inf
    kept[:, problem.wanted[start:stop] == 0] = -np.inf
    return kept
