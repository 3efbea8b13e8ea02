r"""Whole pairs, for mentors whose pairs take different minutes.

Filling a mentor's minutes with pairs of 30, 45 and 60 is a knapsack, so the linear programme may want half a
pair. First its whole pairs are kept and the rest is filled greedily. Then HiGHS branches and bounds on the same
rows as `matcher.linear_programme`, on few pairs first: a pair that keeps :math:`r < 0` after its prices costs at
least :math:`-r` of the linear bound `B`. So once a matching of value `V` is known, a better one has only pairs
with :math:`r \ge -(B - V)`, and a search among all of those is a search among all ("reduced-cost fixing",
Dantzig, Fulkerson and Johnson 1954). The search widens until it includes them. In large pools
`matcher.neighbourhoods` improves what the first search finds, part by part.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.arrays import FloatArray, IntArray
from matcher.bounds import whole_bound
from matcher.errors import SolverError
from matcher.greedy import choose_greedily
from matcher.levels import Level
from matcher.linear_programme import Relaxation, build_programme
from matcher.neighbourhoods import improve
from matcher.network import Network
from matcher.pricing import bring_in, kept

FIRST_MARGIN = 0.003
"""How far below zero r may be in the first search."""

WIDER = 5.0
"""How many times wider each further search is."""

SMALL = 2_000
"""Up to so many pairs the search alone is quick, and nothing is improved part by part."""

_USEFUL = 0.15  # pairs that keep less than minus this are not tried when parts are improved
_OUT_OF_TIME = 1  # milp's status
_NOISE = 1e-7


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


def solve_whole(network: Network, level: Level, relaxed: Relaxation, chosen: IntArray, deadline: float) -> WholePairs:
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

    Returns
    -------
    WholePairs
        Exact if time suffices; worst-case time is exponential.
    """
    judge = _judge(network, level)
    best = max(chosen, _rounded(network, relaxed), key=judge)
    large = len(relaxed.considered) > SMALL
    # Prices of coverage are whole, so that most pairs may keep exactly 0: the first search has the usual ones.
    margin, usual = FIRST_MARGIN, level.name != "total"
    while (room := _room(level, relaxed.bound, level.worth(network, best))) > 0 and monotonic() < deadline:
        last = not usual and margin >= room
        near = _near(network, level, relaxed, best, margin, usual=usual)
        now = monotonic()
        until = now + (deadline - now) / 3 if (level.name == "total" or large) and not last else deadline
        found, bound = _search(network, level, near, until)
        best = max(best, found, key=judge)
        if last:
            return WholePairs(best, min(relaxed.bound, max(bound, level.worth(network, best))))
        if large and _room(level, relaxed.bound, level.worth(network, best)) > 0:
            best = _improved(network, level, relaxed, best, deadline)
            large = False
        margin = margin if usual else margin * WIDER
        usual = False
    return WholePairs(best, relaxed.bound)


def _improved(network: Network, level: Level, relaxed: Relaxation, best: IntArray, deadline: float) -> IntArray:
    """Improve the best found part by part, for most of the time left."""

    def search(considered: IntArray, staying: IntArray, until: float) -> IntArray:
        return _search(network, level, considered, until, staying=staying)[0]

    now = monotonic()
    near = relaxed.considered[kept(network, level, relaxed.prices)[relaxed.considered] >= -_USEFUL]
    until = now + (deadline - now) * 0.8
    return improve(network, level, np.union1d(near, best), best, search=search, deadline=until)


def _near(
    network: Network, level: Level, relaxed: Relaxation, best: IntArray, margin: float, *, usual: bool
) -> IntArray:
    """Return indices of the pairs that keep at least -margin, of the whole pool or of the usual pairs alone."""
    if not usual:
        bring_in(network, level, relaxed.prices, -margin - _NOISE)
    near = kept(network, level, relaxed.prices) >= -margin - _NOISE
    if usual:
        near &= np.isin(np.arange(network.n_pairs), relaxed.considered)
    near |= network.pinned
    near[best] = True  # so that the requirements can be met
    return np.flatnonzero(near)


def _rounded(network: Network, relaxed: Relaxation) -> IntArray:
    """Keep the whole pairs of a linear programme, then fill up, the pairs it wanted in part first."""
    order = np.lexsort((-network.weight[relaxed.considered], -relaxed.values))
    start = relaxed.considered[relaxed.values > 1 - _NOISE]
    return choose_greedily(network, start, relaxed.considered[order])


def _judge(network: Network, level: Level) -> Any:
    """Return the key by which one choice is better than another."""
    offers = int(level.with_offers)  # among equals the choice that keeps more of them, for the next level
    return lambda pairs: (
        level.is_met_by(network, pairs),
        level.worth(network, pairs),
        offers * network.offered[pairs].sum(),
    )


def _room(level: Level, bound: float, value: float) -> float:
    """Return how much better than `value` a choice may still be; persons covered are whole."""
    room = (whole_bound(bound) if level.name == "coverage" else bound) - value
    return room if room > _NOISE else 0.0


def _search(
    network: Network, level: Level, considered: IntArray, deadline: float, staying: IntArray | None = None
) -> tuple[IntArray, float]:
    """Branch and bound among some pairs, of which some must stay: return the best found, and its bound."""
    programme = build_programme(network, level, considered)
    constraints = [LinearConstraint(programme.upper_rows, -np.inf, programme.upper_limits)]
    if programme.equal_rows is not None:
        constraints.append(LinearConstraint(programme.equal_rows, 0.0, 0.0))
    if staying is not None:
        programme.bounds[: programme.n_pairs, 0][np.isin(considered, staying)] = 1.0
    whole = np.zeros(len(programme.cost), dtype=np.int64)
    whole[: programme.n_pairs] = 1
    left = max(0.0, deadline - monotonic())
    options: Any = {"mip_rel_gap": 0.0} | ({} if left == np.inf else {"time_limit": left})
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
