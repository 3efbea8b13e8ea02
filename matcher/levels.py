"""The levels of an objective, and what pairs are worth at one."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.arrays import IntArray
from matcher.errors import SolverError
from matcher.network import Network
from matcher.prices import VECTORS, Prices

_LEAN = 4.0  # times; prices of counting levels are whole, and weights 1 at most
_SLACK = 1e-9  # of priorities whose largest is 1: keeps rounding errors of their sum from closing a level


@dataclass(frozen=True, eq=False)
class Level:
    """What a level maximises, and what it must keep.

    Attributes
    ----------
    name : str
        ``"coverage"``, ``"priority"``, ``"kept"`` or ``"total"``.
    by_person : bool
        Whether persons covered play any part; they do not for the objective `total`.
    coverage : float or None
        Persons that must be covered at least.
    priority : float or None
        Priority that the covered must have at least, where the largest is 1.
    kept : float or None
        Open offers that must be kept at least.
    with_offers : bool
        Whether open offers play any part; they do for a repair.
    before : Prices or None
        In a repair, the prices by which what must be kept is all that can be reached; see `leaning`.
    """

    name: str
    by_person: bool
    coverage: float | None = None
    priority: float | None = None
    kept: float | None = None
    with_offers: bool = False
    before: Prices | None = None

    def worth(self, network: Network, pairs: IntArray) -> float:
        """Return what pairs (indices) are worth at this level."""
        if self.name == "total":
            return float(network.weight[pairs].sum())
        if self.name == "kept":
            return float(network.offered[pairs].sum())
        covered = np.unique(network.person[pairs])
        return float(len(covered) if self.name == "coverage" else network.person_priority[covered].sum())

    def is_met_by(self, network: Network, pairs: IntArray) -> bool:
        """Return whether pairs reach what the level must keep."""
        covered = np.unique(network.person[pairs])
        enough = self.coverage is None or len(covered) >= self.coverage
        enough &= self.kept is None or network.offered[pairs].sum() >= self.kept
        return enough and (self.priority is None or network.person_priority[covered].sum() >= self.priority)

    def leaning(self, prices: Prices) -> Prices:
        """Return prices that prove as much about this level and tempt fewer pairs.

        On the face of matchings that reach the most on the level before, that level's own prices, taken many times,
        cost nothing (they are optimal there); but a pair that leads off the face has to pay for it. The solver's
        prices alone may leave this to one pair after the other, and each would enter the programme for nothing.
        """
        if self.before is None:
            return prices
        vectors = {name: getattr(prices, name) + _LEAN * getattr(self.before, name) for name in VECTORS}
        if self.name == "kept":
            return replace(prices, **vectors, coverage=prices.coverage + _LEAN)
        coverage, kept = prices.coverage + _LEAN * self.before.coverage, (prices.kept or 0.0) + _LEAN
        return replace(prices, **vectors, coverage=coverage, kept=kept)

    def missing(self, network: Network, pairs: IntArray) -> float:
        """Return by how much pairs miss what the level must keep."""
        covered = np.unique(network.person[pairs])
        missing = 0.0 if self.coverage is None else max(0.0, self.coverage - len(covered))
        if self.priority is not None:
            missing += max(0.0, self.priority - float(network.person_priority[covered].sum()))
        if self.kept is not None:
            missing += max(0.0, self.kept - float(network.offered[pairs].sum()))
        return missing

    def keeping(self, network: Network, pairs: IntArray) -> "Level":
        """Return this level with what `pairs` reach as what the next one must keep.

        Raises
        ------
        SolverError
            If they have lost what this level itself must keep.
        """
        if not self.is_met_by(network, pairs):
            raise SolverError(f"level {self.name} lost what the levels before it had reached")
        reached = self.worth(network, pairs)
        if self.name == "coverage":
            return replace(self, coverage=reached)
        if self.name == "priority":
            return replace(self, priority=reached - _SLACK)
        if self.name == "kept":
            return replace(self, kept=reached)
        return self
