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
equal minutes the minutes have become places, so the bound is that of a network and exact. What a mentor with mixed
minutes adds by :math:`v_j`, :math:`m_j` and `r` is replaced by the best whole set of pairs at :math:`u` and `q`
(`matcher.patterns`), which is never more; the levels of `fair` keep the form above.

=========  ===========  =====================================================  ==========================
level      :math:`c`    :math:`g_p`                                            subtracted
=========  ===========  =====================================================  ==========================
coverage   0            1                                                      :math:`\nu K_0`; rounded down
priority   0            :math:`\lambda + b_p`                                  :math:`\lambda C`
kept       0            :math:`\lambda`                                        :math:`\lambda C`; rounded down
total      1            :math:`\lambda + \mu b_p - F s_p`                      :math:`\lambda C + \mu Q + \nu K`
floor      0            :math:`1 - F s_p`                                      nothing; rounded down
=========  ===========  =====================================================  ==========================

with :math:`b_p` the person's priority, :math:`\lambda \ge 0` the price of "at least `C` covered" and
:math:`\mu \ge 0` that of "priority at least `Q`", where `C` and `Q` are what the matching itself reaches. For the
objective `total` :math:`q = 0` and :math:`\lambda = \mu = 0`. Coverage is a whole number, so its bound is rounded down.

**Open offers.** For `matcher.repair` each pair that is an open offer adds :math:`\nu` to its :math:`r`: the price
:math:`\nu \ge 0` of "at least `K` of them kept", with `K` what the matching keeps, and on the level `coverage` the
:math:`K_0` that the cap on withdrawals asks for. On the level `kept`, which counts them, :math:`\nu = 1`.

**Floors.** For the objective `fair` the weights of everyone covered sum to :math:`F` at least:
:math:`\sum \min(w_{ji}, F)\, x_{ji} \ge F y_p`. For whole pairs the smaller weight says the same as :math:`w`, and
it bounds half pairs better. The price :math:`s_p \ge 0` of that row adds :math:`s_p \min(w_{ji}, F)` to :math:`r` and
takes :math:`F s_p` from :math:`g_p`. The level `floor` asks how many persons can be covered with a floor of `F`: when
the answer is fewer than `C`, no matching as good on coverage has a floor of `F`, and `F` is a bound on the floor.

On both levels only matchings that cover `C` persons count, and the prices of the coverage level tell what none of
them has (complementary slackness): with `B` the bound of that level before rounding, using a pair with
:math:`-r > B - C` leaves fewer than `C`, and so does a further mentor for a person with :math:`-q_p > B - C`. Such
pairs and such :math:`e_p` do not enter. Nor does a pair below `F`, unless it is pinned, for a person left with one.

References
----------
D. Koenig (1931), the cover behind the coverage level; A. Schrijver (2003), Combinatorial Optimization, chapter 21,
b-matchings and their duals.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matcher.arrays import BoolArray, FloatArray
from matcher.patterns import WholeSets
from matcher.prices import FLOOR, KEPT, Prices
from matcher.problem import Problem
from matcher.weight_sources import spans

COUNTING = frozenset({"coverage", KEPT})
"""Levels that count persons or pairs, so that their bounds are whole numbers."""

_WHOLE = 1e-6  # a bound on whole numbers this close below one means that one


@dataclass(frozen=True, eq=False)
class Face:
    """What the prices of the coverage level say about matchings that cover enough.

    Attributes
    ----------
    prices : Prices
        Of the coverage level.
    room : float
        :math:`B - C`; what costs more by the prices is in none of these matchings.
    """

    prices: Prices
    room: float

    @classmethod
    def of(cls, problem: Problem, prices: Prices, coverage: float) -> "Face":
        """Return the face of matchings that cover at least `coverage` persons."""
        bound = _bound(problem, np.ones(problem.n_persons), prices)
        return cls(prices, max(0.0, bound - coverage) + _WHOLE)

    def single(self, problem: Problem) -> BoolArray:
        """Return which persons have one mentor at most, shape (n_persons,)."""
        single: BoolArray = (problem.person_wanted == 1) | (self.prices.person < -self.room)
        return single


def upper_bound(
    problem: Problem, level: str, prices: Prices, values: Mapping[str, float], face: Face | None = None
) -> float:
    """Return the bound of a level from prices, by the formula above.

    Parameters
    ----------
    problem
        The problem.
    level
        ``"coverage"``, ``"priority"``, ``"kept"`` or ``"total"``; for ``"floor"`` see `coverage_at_floor`.
    prices
        Prices with the right signs; what they are decides only how tight the bound is.
    values
        What must be reached at least on the levels before: `C` under ``"coverage"``, `Q` under ``"priority"``,
        `F` under ``"floor"``, `K` under ``"kept"``.
    face
        Where there is a floor: what the coverage level rules out.

    Returns
    -------
    float
        In O(n_mentors n_mentees) time, reading the weights chunk by chunk.
    """
    if level == "coverage":
        cover = _bound(problem, np.ones(problem.n_persons), prices, sets=WholeSets(problem))
        return whole_bound(cover - (prices.kept or 0.0) * problem.least_kept)
    if level == KEPT:
        every = replace(prices, kept=1.0)  # an open offer is what this level counts
        bound = _bound(problem, np.full(problem.n_persons, prices.coverage), every, sets=WholeSets(problem))
        return whole_bound(bound - prices.coverage * values.get("coverage", 0.0))
    mu = 1.0 if level == "priority" else prices.priority
    gains = prices.coverage + mu * problem.person_priority
    floor = None if face is None else Floor(values[FLOOR], face)
    sets = WholeSets(problem) if face is None else None
    bound = _bound(problem, gains, prices, 1.0 if level == "total" else 0.0, floor, sets=sets)
    bound -= prices.coverage * values.get("coverage", 0.0) + (prices.kept or 0.0) * values.get(KEPT, 0.0)
    return bound - (prices.priority * values.get("priority", 0.0) if level == "total" else 0.0)


def coverage_at_floor(problem: Problem, floor: float, prices: Prices, face: Face) -> float:
    """Return the most persons that matchings on the face can cover if everyone covered has `floor` or more."""
    bound = _bound(problem, np.ones(problem.n_persons), prices, 0.0, Floor(floor, face))
    return whole_bound(max(0.0, bound))


class Floor(NamedTuple):
    """What everyone covered has at least, and where this is asked."""

    least: float
    face: Face


def _bound(
    problem: Problem,
    gains: FloatArray,
    prices: Prices,
    scale: float = 0.0,
    floor: Floor | None = None,
    *,
    sets: WholeSets | None = None,
) -> float:
    """Return the sum above for c = `scale` and g = `gains`, less what the floor costs; by whole sets where given."""
    if sets is not None:  # mentors counted by whole sets have no prices of their own
        mentor, minutes = prices.mentor.copy(), prices.minutes.copy()
        mentor[sets.mentors] = minutes[sets.mentors] = 0.0
        prices = replace(prices, mentor=mentor, minutes=minutes)
    more = problem.person_wanted
    further = np.maximum(0, more - 1)
    if floor is not None:
        assert prices.floor is not None
        gains = gains - floor.least * prices.floor
        further = np.where(floor.face.single(problem), 0, further)
    bound = float(problem.wanted @ prices.mentee + problem.places @ prices.mentor)
    if problem.mentor_minutes is not None:
        bound += float(problem.mentor_minutes @ prices.minutes)
    bound += float(np.minimum(1, more) @ np.maximum(0.0, gains + prices.person))
    bound += float(further @ np.maximum(0.0, prices.person))
    return bound + _pair_terms(problem, prices, scale, floor, sets)


def whole_bound(bound: float) -> float:
    """Return a bound on a whole number rounded down, past the noise of floating point."""
    return float(math.floor(bound + _WHOLE))


def gap_of(bound: float, value: float) -> float:
    """Return ``max(0, bound - value) / max(1, |value|)``."""
    return max(0.0, bound - value) / max(1.0, abs(value))


def _pair_terms(problem: Problem, prices: Prices, scale: float, floor: Floor | None, sets: WholeSets | None) -> float:
    """Sum r over pinned pairs, and over the other mentors and persons the largest of r and 0."""
    total = 0.0
    board_number = np.cumsum(problem.person_columns > 1) - 1
    on_board = problem.person_columns[problem.person] > 1
    best = np.zeros((problem.n_mentors, int((problem.person_columns > 1).sum())))
    pins = problem.pinned
    for start, stop in spans(problem.n_mentees):
        kept = _kept_by_pairs(problem, prices, (start, stop), scale, floor)
        if sets is not None and len(sets.mentors):
            sets.add(start, kept[sets.mentors])
            kept[sets.mentors] = 0.0
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
    return total + float(best.sum()) + (0.0 if sets is None else float(sets.most().sum()))


def _kept_by_pairs(
    problem: Problem, prices: Prices, span: tuple[int, int], scale: float, floor: Floor | None
) -> FloatArray:
    """Return r for the pairs of a chunk, -inf where no matching can have them."""
    start, stop = span
    chunk = problem.chunk(start, stop)
    kept = scale * chunk - _paid(problem, prices, span)
    if prices.kept:
        offers = problem.open_offers[(problem.open_offers[:, 1] >= start) & (problem.open_offers[:, 1] < stop)]
        kept[offers[:, 0], offers[:, 1] - start] += prices.kept
    if floor is not None:
        assert prices.floor is not None
        person = problem.person[start:stop]
        kept += prices.floor[person] * np.minimum(chunk, floor.least)
        ruled_out = (chunk < floor.least) & floor.face.single(problem)[person]
        ruled_out |= _paid(problem, floor.face.prices, span) > floor.face.room
        here = problem.pinned[(problem.pinned[:, 1] >= start) & (problem.pinned[:, 1] < stop)]
        ruled_out[here[:, 0], here[:, 1] - start] = False
        kept[ruled_out] = -np.inf
    if problem.mentor_minutes is not None:
        kept[problem.minutes_chunk(start, stop) > problem.mentor_minutes[:, np.newaxis]] = -np.inf
    kept[np.isnan(kept)] = -np.inf
    kept[problem.places == 0] = -np.inf
    kept[:, problem.wanted[start:stop] == 0] = -np.inf
    return kept


def _paid(problem: Problem, prices: Prices, span: tuple[int, int]) -> FloatArray:
    """Return what the pairs of a chunk pay: :math:`u_i + q_p + v_j + t_ji m_j`."""
    start, stop = span
    paid: FloatArray = prices.mentor[:, np.newaxis] + (prices.mentee + prices.person[problem.person])[start:stop]
    if problem.mentor_minutes is not None:
        paid += problem.minutes_chunk(start, stop) * prices.minutes[:, np.newaxis]
    return paid
