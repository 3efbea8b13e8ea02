r"""The largest floor: first on the linear programme, then in whole pairs, then the proof.

For a floor :math:`F` let :math:`\varphi(F)` be the most persons that parts of pairs can cover with it. It falls as
`F` rises, and a floor with :math:`\varphi(F) < C` is out of reach: the prices of that programme show it. So bisection
finds the largest floor the linear programme allows, and a search for whole pairs begins there and goes down.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from matcher.arrays import FloatArray, IntArray, rank_within
from matcher.bounds import Face, coverage_at_floor
from matcher.fair_programme import FairRelaxation, NetworkFace, relax_fair, search_fair
from matcher.network import Network, back
from matcher.prices import Prices

STEP = 1e-5
"""Floors closer than this count as one."""

LP_STEP = 1e-4
"""How close the linear programme's largest floor is found."""

MOST_PAIRS = 60_000
"""Pairs up to which a search for whole pairs reads all that could be used, so that finding none proves something."""

_WHOLE = 1e-6
_GOOD_ENOUGH = 0.01  # gap of the total at which a search for any whole pairs stops
_WIDER = (0.0, 1e-4, 5e-4, 9e-4, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)


@dataclass(frozen=True, eq=False)
class FloorFound:
    """The largest floor found.

    Attributes
    ----------
    chosen : IntArray
        Indices of pairs that reach it.
    considered : IntArray
        Indices of the pairs that mattered.
    refuted : float
        A floor that is shown to be out of reach.
    prices : Prices
        What shows it, in the labels of the network.
    solver_refuted : float
        A floor that the search found out of reach; at most `refuted`.
    """

    chosen: IntArray
    considered: IntArray
    refuted: float
    prices: Prices
    solver_refuted: float


class FloorSearch:
    """The search for the largest floor on one face."""

    def __init__(
        self,
        network: Network,
        proof: Face,
        face: NetworkFace,
        *,
        considered: IntArray,
        deadline: float,
        tell: Callable[[float, float], None],
    ) -> None:
        self._network, self._proof, self._face = network, proof, face
        self._considered, self._deadline, self._tell = considered, deadline, tell
        self._needed = max(1.0, face.coverage)

    def find(self, chosen: IntArray) -> FloorFound:
        """Raise the floor of `chosen`, which has full coverage, as far as it goes."""
        network = self._network
        if not network.n_pairs:  # nobody can be covered, and the prices of that level say so
            prices = replace(self._face.prices, floor=np.zeros(len(network.person_wanted)))
            return FloorFound(chosen, self._considered, 0.0, prices, 0.0)
        low = floor_of(network, chosen)
        high = self._most()
        parts, above = self._bisect(low, max(low, high))
        chosen, high = self._search_whole(chosen, low, parts, above)
        low = floor_of(network, chosen)
        high, above = max(low, high), max(low, above)
        near = [high] if above > high else []  # prices may show what the search found
        refuted, prices = self._refute([*near, *(above + more for more in _WIDER)])
        return FloorFound(chosen, self._considered, refuted, prices, min(refuted, max(high, low)))

    def _bisect(self, low: float, high: float) -> tuple[float, float]:
        """Return the largest floor that parts of pairs reach, and one they do not (`high` itself if it is reached)."""
        if self._parts_reach(high) is not False:
            return high, high + STEP
        while high - low > LP_STEP and monotonic() < self._deadline:
            middle = (low + high) / 2
            reached = self._parts_reach(middle)
            if reached is None:
                break
            low, high = (middle, high) if reached else (low, middle)
            self._tell(high, low)
        return low, high

    def _parts_reach(self, floor: float) -> bool | None:
        """Return whether parts of pairs reach a floor at full coverage; None if time ran out."""
        relaxed = self._relax(floor)
        return None if relaxed is None else relaxed.value >= self._needed - _WHOLE

    def _relax(self, floor: float) -> FairRelaxation | None:
        relaxed = relax_fair(
            self._network, self._face, "coverage", floor, considered=self._considered, deadline=self._deadline
        )
        if relaxed is not None:
            self._considered = np.union1d(self._considered, relaxed.considered)
        return relaxed

    def _search_whole(self, chosen: IntArray, low: float, target: float, high: float) -> tuple[IntArray, float]:
        """Return whole pairs with the largest floor found, and a floor that none have."""
        while high - low > 1.01 * STEP and monotonic() < self._deadline:
            found, sure = self._whole_pairs_at(target)
            if found is not None and floor_of(self._network, found) > low + STEP / 10:
                chosen, low = found, floor_of(self._network, found)
                target = low + STEP  # perhaps this is the largest already
            elif sure:
                high = min(high, target)
                target = (low + high) / 2
            elif target - low > LP_STEP:  # nothing was proved: what is above stays open
                target = (low + target) / 2
            else:
                break
            high = max(high, low)
            target = min(max(target, low + STEP), high)
            self._tell(high, low)
        return chosen, high

    def _whole_pairs_at(self, floor: float) -> tuple[IntArray | None, bool]:
        """Look for whole pairs with a floor; also return whether finding none is sure over the whole pool."""
        relaxed = relax_fair(
            self._network, self._face, "total", floor, considered=self._considered, deadline=self._deadline
        )
        if relaxed is None:
            return None, monotonic() < self._deadline
        self._considered = np.union1d(self._considered, relaxed.considered)
        if np.abs(relaxed.values - np.round(relaxed.values)).max(initial=0.0) <= 10 * _WHOLE:
            return relaxed.considered[relaxed.values > 0.5], True
        found, bound = self._search(floor, relaxed.considered)
        if found is not None:
            return found, True
        usable = np.flatnonzero(self._face.at_floor(self._network, floor))
        if bound > -np.inf or len(usable) > MOST_PAIRS:
            return None, False
        found, bound = self._search(floor, usable)
        return found, found is not None or bound == -np.inf

    def _search(self, floor: float, among: IntArray) -> tuple[IntArray | None, float]:
        return search_fair(
            self._network, self._face, floor, considered=among, deadline=self._deadline, gap=_GOOD_ENOUGH
        )

    def _refute(self, floors: list[float]) -> tuple[float, Prices]:
        """Return the first of some floors that prices show to be out of reach, and the prices."""
        for floor in floors:
            prices = self._pinned_prices(floor)
            if prices is None:
                relaxed = self._relax(floor)
                if relaxed is None:
                    break
                prices = relaxed.prices
            if self._shows(floor, prices):
                return floor, prices
        return self._average(floors[0])

    def _average(self, least: float) -> tuple[float, Prices]:
        """Return a floor above what everybody's best pairs could give on average: weak, but always there."""
        network = self._network
        best = np.zeros(len(network.person_wanted))
        np.maximum.at(best, network.person, network.weight)
        floor = max(least, 1e-3 + 1.001 * float(network.person_wanted @ best) / self._needed)
        nothing = np.zeros(len(network.places))
        prices = Prices(
            mentee=np.zeros(len(network.wanted)),
            person=best / floor,
            mentor=nothing,
            minutes=nothing,
            floor=np.full(len(best), 1 / floor),
        )
        return floor, prices

    def _shows(self, floor: float, prices: Prices) -> bool:
        in_problem = fair_prices(self._network, prices)
        return coverage_at_floor(self._network.problem, floor, in_problem, self._proof) < self._needed

    def _most(self) -> float:
        """Return what the floor cannot exceed by everybody's best pairs, were they free for all."""
        network, face = self._network, self._face
        usable = np.flatnonzero(face.possible)
        persons = network.person[usable]
        wanted = np.where(face.several, network.person_wanted, np.minimum(1, network.person_wanted))
        best = rank_within(persons, network.weight[usable]) < wanted[persons]
        tops = np.bincount(persons[best], network.weight[usable][best], minlength=len(wanted))
        return min(float(np.sort(tops)[-int(self._needed)]), self._pinned_most()[1])

    def _pinned_most(self) -> tuple[int, float]:
        """Return the person whose pins fill all she can have with the least, and how much; infinite without one."""
        network, face = self._network, self._face
        pins = np.flatnonzero(network.pinned)
        held = np.bincount(network.person[pins], minlength=len(network.person_wanted))
        worth = np.bincount(network.person[pins], network.weight[pins], minlength=len(held))
        full = (held > 0) & (held >= np.where(face.several, network.person_wanted, 1))
        least: FloatArray = np.where(full, worth, np.inf)
        person = int(np.argmin(least)) if len(least) else 0
        return person, float(least.min(initial=np.inf))

    def _pinned_prices(self, floor: float) -> Prices | None:
        """Return the prices that show a floor out of reach because a person's pins give less, if they do."""
        person, most = self._pinned_most()
        if floor <= most + STEP / 2:
            return None
        prices = self._face.prices
        of_floor = np.zeros(len(prices.person))
        of_floor[person] = 2 * (len(of_floor) + 1) / (floor - most)
        return replace(prices, person=prices.person + floor * of_floor, floor=of_floor)


def floor_of(network: Network, chosen: IntArray) -> float:
    """Return the smallest satisfaction among the persons that pairs (indices) cover; 0 if they cover nobody."""
    persons = network.person[chosen]
    sums = np.bincount(persons, network.weight[chosen], minlength=len(network.person_wanted))
    return float(sums[np.unique(persons)].min(initial=np.inf)) if len(chosen) else 0.0


def fair_prices(network: Network, prices: Prices) -> Prices:
    """Return prices with the problem's own numbers, those of the floor as well."""
    assert prices.floor is not None
    return replace(network.in_problem(prices, "floor"), floor=back(prices.floor, network.person_order))
