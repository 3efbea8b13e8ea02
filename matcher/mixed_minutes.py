r"""Whole pairs, for mentors whose pairs take different minutes.

Filling a mentor's minutes with pairs of 30, 45 and 60 is a knapsack, so the linear programme may want half a
pair. First the ways to fill each mentor's minutes join it (`matcher.filled_programme`), for a better bound and better
prices; its whole pairs are kept and the rest is filled greedily. In large pools `matcher.good_pairs` then finds good
pairs. Then HiGHS branches and bounds on the same rows, on few pairs first: a pair that keeps :math:`r < 0` after all
it pays costs at least :math:`-r` of the bound `B` of the programme, and a filling its slack. So once a matching of
value `V` is known, a better one has only pairs with :math:`r \ge -(B - V)` and fillings of as little slack, and a
search among all of those is a search among all ("reduced-cost fixing", Dantzig, Fulkerson and Johnson 1954). The
search widens until it includes them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.arrays import FloatArray, IntArray
from matcher.bounds import COUNTING, whole_bound
from matcher.errors import SolverError
from matcher.filled_programme import Filled, relax_filled, soften, widen
from matcher.fillings import Fillings
from matcher.good_pairs import GoodPairs
from matcher.greedy import choose_greedily
from matcher.levels import Level
from matcher.linear_programme import Relaxation, build_programme
from matcher.network import Network
from matcher.prices import Prices
from matcher.pricing import bring_in

FIRST_MARGIN = 0.003
"""How far below zero r may be in the first search."""

WIDER = 5.0
"""How many times wider each further search is."""

SMALL = 2_000
"""Up to so many pairs the search alone is quick, and nothing is improved part by part."""

_FOR_PRICES = 0.3  # of the time: so much at most goes into the programme with fillings
_TOO_LATE = 0.05  # of the time: with less left no further search begins
_LONG = 1e9  # seconds: no limit
_OUT_OF_TIME = 1  # milp's status
_NOISE = 1e-7
_CLOSE = 1e-5  # the part of the value that searches of a part of the problem leave open


@dataclass(frozen=True, eq=False)
class WholePairs:
    """The best whole pairs found.

    Attributes
    ----------
    chosen : IntArray
        Indices of the chosen pairs.
    bound : float
        What no choice can exceed; from the linear programme, or tighter from the search.
    """

    chosen: IntArray
    bound: float
    prices: Prices


def solve_whole(
    network: Network,
    level: Level,
    relaxed: Relaxation,
    chosen: IntArray,
    deadline: float,
    *,
    tell: Callable[[float, float], None] = lambda _bound, _value: None,
) -> WholePairs:
    """Maximise a level over whole pairs.

    Parameters
    ----------
    network
        The pairs.
    level
        What to maximise and keep.
    relaxed
        The solution of the level's linear programme, finished.
    chosen
        Indices of pairs that keep every rule and the level's requirements; the result is at least as good.
    deadline
        On the clock of `time.monotonic`.
    tell
        Called with bound and value after every search; may raise.

    Returns
    -------
    WholePairs
        Exact if time suffices; worst-case time is exponential.
    """
    begun = monotonic()
    filled = relax_filled(network, level, relaxed, begun + (deadline - begun) * _FOR_PRICES, tell)
    bound, judge = filled.relaxed.bound, _judge(network, level)
    starts = [_rounded(network, found, np.empty(0, dtype=np.int64)) for found in (relaxed, filled.relaxed)]
    starts.append(_rounded(network, filled.relaxed, chosen))
    best = max(chosen, *starts, key=judge)

    def search(considered: IntArray, fillings: Fillings, until: float, staying: IntArray | None = None) -> IntArray:
        soft = filled.relaxed.prices
        return _search(network, level, considered, fillings, until, soft=soft, staying=staying)[0]

    def is_enough(pairs: IntArray) -> bool:
        if not level.is_met_by(network, pairs):
            return False
        value = level.worth(network, pairs)
        tell(bound, value)
        return _room(level, bound, value) <= 0

    good = GoodPairs(network, level, filled, search=search, is_enough=is_enough)
    begun = monotonic()
    improved = len(filled.relaxed.considered) > SMALL
    if improved and not is_enough(best):
        best = good.find([best, *starts], deadline)
    margin = FIRST_MARGIN
    # A search for which little time is left would end in the middle of being written down.
    while not is_enough(best) and deadline - monotonic() > _TOO_LATE * min(deadline - begun, _LONG):
        last = margin >= _room(level, bound, level.worth(network, best))
        near = _near(network, level, filled, best, margin)
        now = monotonic()
        until = deadline if last else now + (deadline - now) / 3
        fillings = good.near_fillings(best, margin + _NOISE)
        found, searched = _search(network, level, near, fillings, until)
        best = max(best, found, key=judge)
        if last:
            bound = min(bound, max(searched, level.worth(network, best)))
            break
        if monotonic() >= until and not improved:  # not so small a problem after all
            best, improved = good.find([best, *starts], deadline), True
        margin *= WIDER
    return WholePairs(best, bound, filled.relaxed.prices)


def _near(network: Network, level: Level, filled: Filled, best: IntArray, margin: float) -> IntArray:
    """Return indices of the pairs of the whole pool that keep at least -margin."""
    bring_in(network, level, filled.relaxed.prices, -margin - _NOISE)
    near = filled.keeps(network, level) >= -margin - _NOISE
    near |= network.pinned
    near[best] = True  # so that the requirements can be met
    return np.flatnonzero(near)


def _rounded(network: Network, relaxed: Relaxation, start: IntArray) -> IntArray:
    """Keep some pairs, or the whole ones of a linear programme, then fill up, those it wanted most first."""
    order = np.lexsort((-network.weight[relaxed.considered], -relaxed.values))
    whole = relaxed.considered[relaxed.values > 1 - _NOISE]
    return choose_greedily(network, start if len(start) else whole, relaxed.considered[order])


def _judge(network: Network, level: Level) -> Any:
    """Return the key by which one choice is better than another."""
    offers = int(level.with_offers)  # among equals the choice that keeps more of them, for the next level
    return lambda pairs: (
        level.is_met_by(network, pairs),
        level.worth(network, pairs),
        offers * network.offered[pairs].sum(),
    )


def _room(level: Level, bound: float, value: float) -> float:
    """Return how much better than `value` a choice may still be; persons and offers are whole."""
    room = (whole_bound(bound) if level.name in COUNTING else bound) - value
    return room if room > _NOISE else 0.0


def _search(
    network: Network,
    level: Level,
    considered: IntArray,
    fillings: Fillings,
    deadline: float,
    *,
    soft: Prices | None = None,
    staying: IntArray | None = None,
) -> tuple[IntArray, float]:
    """Branch and bound among some pairs, of which some must stay: return the best found, and its bound."""
    programme = widen(build_programme(network, level, considered), network, considered, fillings)
    if soft is not None:
        programme = soften(programme, network, level, considered, soft)
    constraints = [LinearConstraint(programme.upper_rows, -np.inf, programme.upper_limits)]
    if programme.equal_rows is not None:
        constraints.append(LinearConstraint(programme.equal_rows, 0.0, 0.0))
    if staying is not None:
        programme.bounds[: programme.n_pairs, 0][np.isin(considered, staying)] = 1.0
    whole = np.zeros(len(programme.cost), dtype=np.int64)
    whole[: programme.n_pairs] = 1
    whole[len(whole) - len(fillings.mentor) :] = 1
    left = max(0.0, deadline - monotonic())
    options: Any = {"mip_rel_gap": 0.0 if soft is None else _CLOSE} | ({} if left == np.inf else {"time_limit": left})
    solution: Any = milp(
        programme.cost,
        integrality=whole,
        bounds=Bounds(programme.bounds[:, 0], programme.bounds[:, 1]),
        constraints=constraints,
        options=options,
    )
    if solution.status not in {0, _OUT_OF_TIME}:
        raise SolverError(f"the mixed-integer programme of level {level.name} failed: {solution.message}")
    values: FloatArray = np.zeros(len(considered)) if solution.x is None else solution.x[: programme.n_pairs]
    bound = np.inf if solution.mip_dual_bound is None else -float(solution.mip_dual_bound)
    return considered[values > 0.5], bound
