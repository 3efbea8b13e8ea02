"""Good whole pairs in large pools: dive once, then improve part by part.

What a level must keep is not asked for on the way but paid for (`matcher.filled_programme.soften`): programmes in which
everything is allowed are searched much sooner. Between choices decides a merit that counts what is missing, and only
what misses nothing is handed back in the end.
"""

from collections.abc import Callable
from time import monotonic

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.diving import dive
from matcher.filled_programme import MISSING, Filled
from matcher.fillings import Fillings
from matcher.levels import Level
from matcher.neighbourhoods import PATIENCE, improve
from matcher.network import Network

USEFUL = 0.05
"""Pairs and fillings that are this far from paying are not tried in the dive."""

CLOSE = 0.02
"""Pairs that are this far from paying are not tried when parts are improved."""

FEW = 5
"""Turns without gain before the dive, on levels where rounding is nearly best already."""

SETTLING = 2.0
"""Seconds at most for what a dive leaves open."""

_BEFORE, _DIVE, _ALL = 0.25, 0.85, 0.95  # shares of the time that are over when each part ends

Search = Callable[..., IntArray]
"""Called with pairs and fillings to choose from, a deadline, and perhaps the pairs that stay."""


class GoodPairs:
    """The search for good pairs at one level.

    Parameters
    ----------
    network
        The pairs.
    level
        What to maximise and keep.
    filled
        The solution of the level's programme with fillings.
    search
        Chooses the best pairs among few; what the level must keep is paid for.
    is_enough
        Called with the best pairs after every step: whether to end. May raise, to cancel.
    """

    def __init__(
        self,
        network: Network,
        level: Level,
        filled: Filled,
        *,
        search: Search,
        is_enough: Callable[[IntArray], bool],
    ) -> None:
        self._network, self._level, self._filled = network, level, filled
        self._search, self._is_enough = search, is_enough
        self._considered = filled.relaxed.considered
        self._keeps = filled.keeps(network, level)[self._considered]

    def find(self, starts: list[IntArray], deadline: float) -> IntArray:
        """Return pairs that keep what they must if the first of `starts` does, and are at least as good.

        Parameters
        ----------
        starts
            Choices that keep every rule; those after the first need not keep what the level must.
        deadline
            On the clock of `time.monotonic`. The last twentieth of the time is left.

        Returns
        -------
        IntArray
            Indices; the same for the same arguments if time suffices.
        """
        best, now = max(starts, key=self._merit), monotonic()

        def end(share: float) -> float:
            return now + (deadline - now) * share

        if self._level.name != "total":
            best = self._improve(best, end(_BEFORE), FEW)
        if not self._is_enough(best):
            best = max(best, self._dive(end(_DIVE)), key=self._merit)
        if not self._is_enough(best):
            best = self._improve(best, end(_ALL), PATIENCE)
        return best if self._level.is_met_by(self._network, best) else starts[0]

    def near_fillings(self, best: IntArray, margin: float) -> Fillings:
        """Return the fillings worth at most `margin` less than they may be, and those that hold the best pairs."""
        fillings = self._filled.fillings
        holding = (fillings.counts >= fillings.held(self._network, best)).all(axis=1)
        return fillings.take((self._filled.slack <= margin) | holding)

    def _dive(self, deadline: float) -> IntArray:
        def settle(considered: IntArray, fillings: Fillings) -> IntArray:
            return self._search(considered, fillings, min(deadline, monotonic() + SETTLING))

        near = self._considered[(self._keeps >= -USEFUL) | (self._filled.relaxed.values > 0)]
        near = np.union1d(near, np.flatnonzero(self._network.pinned))
        return dive(self._network, self._level, self._filled, near, search=settle, deadline=deadline)

    def _improve(self, best: IntArray, deadline: float, patience: int) -> IntArray:
        return improve(
            self._network,
            np.union1d(self._considered[self._keeps >= -CLOSE], best),
            self.near_fillings(best, USEFUL),
            best,
            search=self._search,
            merit=self._merit,
            losses=self._losses,
            is_enough=self._is_enough,
            deadline=deadline,
            patience=patience,
        )

    def _merit(self, pairs: IntArray) -> float:
        return self._level.worth(self._network, pairs) - MISSING * self._level.missing(self._network, pairs)

    def _losses(self, pairs: IntArray) -> FloatArray:
        """Return what mentors lose against the bound; those who could cover someone come first while some must be."""
        losses = self._filled.losses(self._network, self._level, pairs)
        if self._level.missing(self._network, pairs) > 0:
            open_to = ~np.isin(self._network.person[self._considered], self._network.person[pairs])
            losses[self._network.mentor[self._considered[open_to]]] += losses.sum()
        return losses
