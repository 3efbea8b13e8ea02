r"""A first good choice of whole pairs: round the fillings of the linear programme, half of them at a time.

The linear programme with fillings (`matcher.filled_programme`) mixes several fillings for some mentors. The mentors
whose largest share is largest keep that filling alone, the programme is solved again, and so on ("diving"). Each
time half of the mentors left are settled; mentors whose filling is whole cost nothing by it. When few are
left, a mixed-integer programme settles them together.
"""

import math
from collections.abc import Callable
from time import monotonic

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray
from matcher.filled_programme import Filled, soften, widen
from matcher.fillings import Fillings
from matcher.greedy import choose_greedily
from matcher.levels import Level
from matcher.linear_programme import build_programme, solve_programme
from matcher.network import Network

SETTLED_AT_ONCE = 0.5
"""The share of the mentors left that is settled after each programme."""

LAST_MENTORS = 2
"""So many mentors left are settled together at the end."""

_WHOLE = 1e-6

Search = Callable[[IntArray, Fillings], IntArray]
"""Called with pairs and fillings to choose from; returns the best pairs found."""


def dive(
    network: Network, level: Level, filled: Filled, near: IntArray, *, search: Search, deadline: float
) -> IntArray:
    """Return a good choice of whole pairs.

    Parameters
    ----------
    network
        The pairs.
    level
        What to maximise and keep.
    filled
        The programme's solution.
    near
        Indices of the pairs to choose from, with all that the solution has.
    search
        Settles the last mentors.
    deadline
        On the clock of `time.monotonic`.

    Returns
    -------
    IntArray
        Indices; filled up greedily if time ran out, and none if it did so at once. What the level must keep is paid
        for (`soften`), and may be missed.
    """
    fillings = filled.fillings
    base = soften(build_programme(network, level, near), network, level, near, filled.relaxed.prices)
    allowed = np.ones(len(fillings.mentor), dtype=np.bool_)
    settled = np.zeros(len(fillings.filled), dtype=np.bool_)
    found: IntArray = np.empty(0, dtype=np.int64)
    while (left := deadline - monotonic()) > 0:
        some = fillings.take(allowed)
        solution = solve_programme(widen(base, network, near, some), level, left, presolve=bool(settled.any()))
        if solution is None:
            break
        values = solution.x[: len(near)]
        if np.abs(values - np.round(values)).max(initial=0.0) <= _WHOLE:
            found = near[values > 0.5]
            break
        order = np.lexsort((-network.weight[near], -values))
        found = choose_greedily(network, near[values > 1 - _WHOLE], near[order])
        if settled.all():
            found = search(near, some)
            break
        share = np.zeros(len(fillings.mentor))
        share[allowed] = solution.x[len(base.cost) :]
        settled |= _surest(fillings.most(share), settled)
        allowed &= ~settled[fillings.row] | _first_of(fillings, share)
    return found


def _surest(largest: FloatArray, settled: BoolArray) -> BoolArray:
    """Return which of the mentors left to settle: those with the largest shares."""
    order = np.argsort(np.where(settled, 0.0, -largest), kind="stable")
    surest = np.zeros(len(settled), dtype=np.bool_)
    left = int((~settled).sum())
    surest[order[: left if left <= LAST_MENTORS else math.ceil(SETTLED_AT_ONCE * left)]] = True
    return surest


def _first_of(fillings: Fillings, share: FloatArray) -> BoolArray:
    """Return which filling of each mentor has the largest share; the first if several do."""
    order = np.lexsort((np.arange(len(share)), -share, fillings.row))
    first = np.zeros(len(share), dtype=np.bool_)
    first[order[np.searchsorted(fillings.row[order], np.arange(len(fillings.filled)))]] = True
    return first
