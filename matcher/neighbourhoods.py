"""Better whole pairs by solving parts of the problem exactly, one after the other.

Some mentors may fill their minutes anew; they are drawn at random, more often the more they lose against the bound.
Those of the others whose fillings are known (`matcher.fillings`) keep as many pairs of each length as they have,
though with other mentees perhaps; the rest keep their pairs. What is best then is a mixed-integer programme small
enough for HiGHS to solve soon, and never worse than before. Then others are drawn ("large neighbourhood search",
Shaw 1998). It finds good pairs soon and proves nothing: bounds come from the linear programmes and from
`matcher.mixed_minutes`.
"""

from collections.abc import Callable
from time import monotonic

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.fillings import Fillings
from matcher.network import Network

FREE_MENTORS = 30
"""Mentors who may fill their minutes anew in the first part."""

STEP = 5
"""So many more do after a part solved quickly and in vain, half as many after one that took too long."""

PATIENCE = 25
"""Turns in a row without any gain after which the search ends."""

_TURN = 3.0  # seconds at most for one part
_GAIN = 1e-7
_EVERYONE = 0.1  # of the usual loss: the least that anyone's chance to be drawn counts for

Search = Callable[[IntArray, Fillings, float, IntArray], IntArray]
"""Called with pairs and fillings to choose from, a deadline, and pairs that stay; returns the best choice found."""


def improve(
    network: Network,
    near: IntArray,
    fillings: Fillings,
    best: IntArray,
    *,
    search: Search,
    merit: Callable[[IntArray], float],
    losses: Callable[[IntArray], FloatArray],
    is_enough: Callable[[IntArray], bool],
    deadline: float,
    patience: int = PATIENCE,
) -> IntArray:
    """Return pairs of at least the merit of `best`.

    Parameters
    ----------
    network
        The pairs.
    near
        Indices of the pairs worth trying.
    fillings
        Those worth trying, and those that hold `best`.
    best
        Indices of pairs that keep every rule.
    search
        Solves one part.
    merit
        Called with pairs: how good they are.
    losses
        Called with the best pairs: what each mentor loses against the bound, >= 0, shape (n_mentors,).
    is_enough
        Called with the best pairs after each turn: whether to end here.
    deadline
        On the clock of `time.monotonic`.
    patience
        Turns in a row without gain after which to end.

    Returns
    -------
    IntArray
        Indices; the same for the same arguments if time suffices.
    """
    generator = np.random.default_rng(len(near))
    holders = np.unique(network.mentor[near])
    filled = np.isin(np.arange(len(network.places)), fillings.mentor)
    stalled, n_free = 0, FREE_MENTORS
    while stalled < patience and monotonic() < deadline:
        chance = losses(best)[holders]
        chance += _EVERYONE * (chance.mean() or 1.0)
        free = np.zeros(len(network.places), dtype=np.bool_)
        free[generator.choice(holders, min(n_free, len(holders)), replace=False, p=chance / chance.sum())] = True
        loose = free | filled
        staying = best[~loose[network.mentor[best]]]
        considered = np.union1d(near[loose[network.mentor[near]]], best)
        allowed = free[fillings.mentor] | (fillings.counts >= fillings.held(network, best)).all(axis=1)
        until = min(deadline, monotonic() + _TURN)
        found = search(considered, fillings.take(allowed), until, staying)
        if merit(found) > merit(best) + _GAIN:
            best, stalled = found, 0
        else:
            stalled += 1
            n_free = max(STEP, n_free // 2) if monotonic() >= until else n_free + STEP
        if is_enough(best):
            break
    return best
