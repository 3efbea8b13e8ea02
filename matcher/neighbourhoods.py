"""Better whole pairs by solving small parts of the problem exactly, one after the other.

A few dozen mentors, drawn at random, give back their pairs; everyone else's stay. What the free mentors can do best
is a mixed-integer programme small enough for HiGHS to solve in a moment, and never worse than before. Then others
are drawn ("large neighbourhood search", Shaw 1998). It finds good pairs soon and proves nothing: bounds come from
the linear programme and from `matcher.mixed_minutes`.
"""

from collections.abc import Callable
from time import monotonic

import numpy as np

from matcher.arrays import IntArray
from matcher.levels import Level
from matcher.network import Network

FREE_MENTORS = 30
"""Mentors who give back their pairs at a time."""

PATIENCE = 25
"""Turns in a row without any gain after which the search ends."""

_TURN = 1.0  # seconds at most for one part
_GAIN = 1e-7

Search = Callable[[IntArray, IntArray, float], IntArray]
"""Called with the pairs to choose from, those among them that stay, and a deadline; returns the best choice found."""


def improve(
    network: Network, level: Level, near: IntArray, best: IntArray, *, search: Search, deadline: float
) -> IntArray:
    """Return pairs at least as good as `best`.

    Parameters
    ----------
    network
        The pairs.
    level
        What to maximise and keep; `best` meets it, or nothing will be found.
    near
        Indices of the pairs worth trying.
    best
        Indices of pairs that keep every rule.
    search
        Solves one part.
    deadline
        On the clock of `time.monotonic`.

    Returns
    -------
    IntArray
        Indices; the same for the same arguments if time suffices.
    """
    generator = np.random.default_rng(len(near))
    holders = np.unique(network.mentor[near])
    stalled = 0
    while stalled < PATIENCE and monotonic() < deadline:
        free = np.zeros(len(network.places), dtype=np.bool_)
        free[generator.choice(holders, min(FREE_MENTORS, len(holders)), replace=False)] = True
        staying = best[~free[network.mentor[best]]]
        considered = np.union1d(near[free[network.mentor[near]]], best)
        found = search(considered, staying, min(deadline, monotonic() + _TURN))
        gain = level.worth(network, found) - level.worth(network, best)
        if level.is_met_by(network, found) and gain > _GAIN:
            best, stalled = found, 0
        else:
            stalled += 1
    return best
