r"""The linear programme of `matcher.linear_programme` with a floor under everyone covered.

For a floor :math:`F` each person :math:`p` gets the row :math:`\sum \min(w_{ji}, F)\, x_{ji} \ge F y_p`. For whole
pairs the smaller weight changes nothing: a pair that reaches the floor alone still does. For parts of pairs it
matters: half a pair of weight 1 no longer makes up for half a person's floor of 0.5. With these rows the programme is
no network, so its corners may hold parts of pairs.

Only matchings of the largest coverage count, and the prices of the coverage level say much about them (complementary
slackness): a pair whose prices cost something is in none of them, and a person whose further mentors cost something
has a single one in all of them. What is ruled out so leaves the programme, which is then many times quicker; and a
person with a single mentor needs one who reaches the floor alone.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matcher.arrays import BoolArray, FloatArray, IntArray
from matcher.errors import SolverError
from matcher.levels import Level
from matcher.linear_programme import Programme, build_programme
from matcher.network import Network
from matcher.prices import Prices

MORE_PAIRS = 6
"""Pairs of each mentee that may enter at a time."""

_TEMPTING = 1e-9
_OUT_OF_TIME = 1
_INFEASIBLE = 2


@dataclass(frozen=True, eq=False)
class NetworkFace:
    """What the matchings of the largest coverage have in common.

    Attributes
    ----------
    coverage : float
        How many persons they cover.
    prices : Prices
        Of the coverage level, in the labels of the network.
    possible : BoolArray
        Pairs that some of them may have, shape (n_pairs,).
    several : BoolArray
        Persons that may have several mentors in some of them, shape (n_persons,).
    """

    coverage: float
    prices: Prices
    possible: BoolArray
    several: BoolArray

    @classmethod
    def of(cls, network: Network, coverage: float, prices: Prices, room: float) -> "NetworkFace":
        """Rule out what costs more than `room`, as `matcher.bounds.Face` does."""
        paid = (prices.mentee + prices.person[network.person_of])[network.mentee] + prices.mentor[network.mentor]
        paid += network.minutes * prices.minutes[network.mentor]
        several = (network.person_wanted > 1) & (prices.person >= -room)
        return cls(coverage, prices, (paid <= room) | network.pinned, several)

    def at_floor(self, network: Network, floor: float) -> BoolArray:
        """Return which pairs may be used when everyone covered reaches `floor`."""
        too_light = (network.weight < floor) & ~self.several[network.person] & ~network.pinned
        return self.possible & ~too_light


@dataclass(frozen=True, eq=False)
class FairRelaxation:
    """A solution of the linear programme.

    Attributes
    ----------
    value : float
        Of its objective: persons covered, or total weight.
    values : FloatArray
        Of the pairs `considered`.
    considered : IntArray
        Indices of the pairs in the programme.
    prices : Prices
        In the labels of the network; right over all pairs of the face.
    """

    value: float
    values: FloatArray
    considered: IntArray
    prices: Prices


def relax_fair(
    network: Network, face: NetworkFace, name: str, floor: float, *, considered: IntArray, deadline: float
) -> FairRelaxation | None:
    """Maximise coverage, or the total weight at full coverage, with a floor.

    Parameters
    ----------
    network
        The pairs.
    face
        What is left to choose from.
    name
        ``"coverage"`` or ``"total"``.
    floor
        What everyone covered gets at least.
    considered
        Indices of pairs to start with.
    deadline
        On the clock of `time.monotonic`.

    Returns
    -------
    FairRelaxation or None
        None if time ran out, or if no parts of pairs reach the coverage, or pins the floor.
    """
    allowed = face.at_floor(network, floor)
    considered = np.union1d(considered[allowed[considered]], np.flatnonzero(network.pinned))
    while (left := deadline - monotonic()) > 0:
        programme, rows = fair_rows(network, face, name, floor, considered)
        solution: Any = linprog(
            programme.cost,
            A_ub=sparse.vstack([programme.upper_rows, rows], format="csr"),
            b_ub=np.concatenate([programme.upper_limits, np.zeros(rows.shape[0])]),
            A_eq=programme.equal_rows,
            b_eq=np.zeros(len(network.person_wanted)),
            bounds=programme.bounds,
            method="highs-ds",
            options={} if left == np.inf else {"time_limit": left},
        )
        if solution.status in {_OUT_OF_TIME, _INFEASIBLE}:
            return None
        if solution.status != 0:
            raise SolverError(f"the linear programme of level {name} with a floor failed: {solution.message}")
        prices = _prices(network, programme, solution)
        keeps = kept_at_floor(network, prices, name, floor)
        keeps[~allowed] = -np.inf
        keeps[considered] = -np.inf
        entering = _best_few(network, keeps)
        if not len(entering):
            values: FloatArray = solution.x[: len(considered)]
            return FairRelaxation(-float(solution.fun), values, considered, prices)
        considered = np.union1d(considered, entering)
    return None


def search_fair(
    network: Network, face: NetworkFace, floor: float, *, considered: IntArray, deadline: float, gap: float
) -> tuple[IntArray | None, float]:
    """Look for whole pairs of full coverage and large total weight with a floor, among some pairs.

    Returns
    -------
    chosen : IntArray or None
        Indices of the best found, if any.
    bound : float
        What none of them exceeds: -inf if there are none, inf if time ran out before anything is known.
    """
    programme, rows = fair_rows(network, face, "total", floor, considered)
    whole = np.zeros(len(programme.cost), dtype=np.int64)
    whole[: programme.n_pairs + len(network.person_wanted)] = 1
    left = max(0.0, deadline - monotonic())
    options: Any = {"mip_rel_gap": gap} | ({} if left == np.inf else {"time_limit": left})
    solution: Any = milp(
        programme.cost,
        integrality=whole,
        bounds=Bounds(programme.bounds[:, 0], programme.bounds[:, 1]),
        constraints=[
            LinearConstraint(programme.upper_rows, -np.inf, programme.upper_limits),
            LinearConstraint(rows, -np.inf, 0.0),
            LinearConstraint(programme.equal_rows, 0.0, 0.0),
        ],
        options=options,
    )
    if solution.status not in {0, _OUT_OF_TIME, _INFEASIBLE}:
        raise SolverError(f"the mixed-integer programme with a floor failed: {solution.message}")
    chosen = None if solution.x is None else considered[solution.x[: programme.n_pairs] > 0.5]
    if solution.status == _INFEASIBLE:
        return None, -np.inf
    return chosen, np.inf if solution.mip_dual_bound is None else -float(solution.mip_dual_bound)


def fair_rows(
    network: Network, face: NetworkFace, name: str, floor: float, considered: IntArray
) -> tuple[Programme, sparse.csr_array]:
    """Write the programme on some pairs, and the rows of the floor beside it."""
    level = Level(name, by_person=True, coverage=face.coverage if name == "total" else None)
    programme = build_programme(network, level, considered)
    n_pairs, n_persons = len(considered), len(network.person_wanted)
    further = np.flatnonzero(network.person_wanted > 1)
    programme.bounds[n_pairs + n_persons :, 1][~face.several[further]] = 0.0
    rows = np.concatenate([network.person[considered], np.arange(n_persons)])
    values = np.concatenate([-np.minimum(network.weight[considered], floor), np.full(n_persons, floor)])
    shape = (n_persons, len(programme.cost))
    return programme, sparse.csr_array((values, (rows, np.arange(n_pairs + n_persons))), shape=shape)


def kept_at_floor(network: Network, prices: Prices, name: str, floor: float) -> FloatArray:
    """Return r of `matcher.bounds` for every pair, with a floor."""
    assert prices.floor is not None
    paid = (prices.mentee + prices.person[network.person_of])[network.mentee] + prices.mentor[network.mentor]
    gained = prices.floor[network.person] * np.minimum(network.weight, floor)
    if name == "total":
        gained += network.weight
    return gained - paid - network.minutes * prices.minutes[network.mentor]


def _best_few(network: Network, keeps: FloatArray) -> IntArray:
    """Return indices of the pairs that keep most after their prices, a few of each mentee."""
    tempting = np.flatnonzero(keeps > _TEMPTING)
    tempting = tempting[np.lexsort((-keeps[tempting], network.mentee[tempting]))]
    mentee = network.mentee[tempting]
    first = np.searchsorted(mentee, mentee)
    return tempting[np.arange(len(tempting)) - first < MORE_PAIRS]


def _prices(network: Network, programme: Programme, solution: Any) -> Prices:
    """Read prices off the duals; HiGHS minimises, so each is minus a marginal."""
    marginals = -solution.ineqlin.marginals
    n_persons = len(network.person_wanted)
    duals = programme.split(marginals[:-n_persons] if n_persons else marginals)
    minutes = np.zeros(len(network.places))
    minutes[network.mixed] = np.maximum(0.0, duals["minutes"])
    mentee = np.zeros(len(network.wanted))
    mentee[network.person_columns[network.person_of] > 1] = np.maximum(0.0, duals["mentee"])
    return Prices(
        mentee=mentee,
        person=-solution.eqlin.marginals,
        mentor=np.maximum(0.0, duals["mentor"]),
        minutes=minutes,
        coverage=float(np.maximum(0.0, duals.get("coverage", np.zeros(1)))[0]),
        floor=np.maximum(0.0, marginals[len(marginals) - n_persons :]),
    )
