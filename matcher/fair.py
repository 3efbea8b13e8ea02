r"""The objective `fair`: most persons covered, then the largest floor, then the largest total above it.

The *floor* is the smallest satisfaction among the covered, and satisfaction the sum of a person's weights, over her
whole board. Who is covered may be chosen as long as there are as many as possible.

1. *coverage*, as in `matcher.b_matching`;
2. *floor*, in `matcher.fair_floor`;
3. *total*: the linear programme with the floor, and where its corner holds parts of pairs, branch and bound among the
   pairs whose prices cost less than what a better matching could still gain.

References
----------
A. Kobren, B. Saha and A. McCallum (2019), Paper matching with local fairness constraints: the same problem for
reviewers and papers.
N. Garg, T. Kavitha, A. Kumar, K. Mehlhorn and J. Mestre (2010), Assigning papers to referees: why it is hard.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from time import monotonic

import numpy as np

from matcher.arrays import IntArray
from matcher.b_matching import solve_level
from matcher.bounds import Face, coverage_at_floor, upper_bound
from matcher.conflicts import find_conflicts
from matcher.errors import SolverError
from matcher.fair_floor import FloorFound, FloorSearch, fair_prices, floor_of
from matcher.fair_programme import NetworkFace, kept_at_floor, relax_fair, search_fair
from matcher.greedy import choose_greedily, generous_prices
from matcher.levels import Level
from matcher.linear_programme import first_pairs
from matcher.network import Network, build_network
from matcher.prices import Prices
from matcher.pricing import bring_in
from matcher.problem import Problem
from matcher.proofs import Proof, assemble, infeasible, tighter_bound
from matcher.result import Matching, SolveResult

Progress = Callable[[str, float, float, float | None, float | None], None]

_WHOLE = 1e-5
_NOISE = 1e-7
_ROUNDING = 1e-9  # a floor is a sum, and solvers sum in another order
_FIRST_MARGIN = 0.002  # how much pairs may cost in the first search
_WIDER = 10.0
_SAME = 1e-7  # totals closer than this part of each other count as one
_STAGES = 4


def solve_fair(
    problem: Problem,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SolveResult:
    """Find a matching with the largest floor at full coverage, and the largest total above it.

    Parameters
    ----------
    problem
        The problem.
    time_limit
        Seconds after which the best found is returned; None for no limit.
    seed
        Seed of the order in which ties are broken.
    executor
        Where chunks of weights are read.
    progress
        Called before every level and as the floor rises.

    Returns
    -------
    SolveResult
        OPTIMAL if coverage is proved, the floor is within a thousandth of what is shown to be out of reach, and the
        total is proved for this floor.

    Raises
    ------
    SolverError
        If a solver breaks or contradicts itself.
    """
    if conflicts := find_conflicts(problem):
        return infeasible(problem, "fair", conflicts)
    deadline = np.inf if time_limit is None else monotonic() + time_limit
    tell = progress or _say_nothing
    tell("coverage", 0, _STAGES, None, None)
    network = build_network(problem, seed, executor, whole=True)
    considered = first_pairs(network)
    pins = np.flatnonzero(network.pinned)
    heaviest_first = considered[np.argsort(-network.weight[considered], kind="stable")]
    chosen = choose_greedily(network, pins, heaviest_first)
    level = Level("coverage", by_person=True)
    considered, chosen, proof = solve_level(network, level, considered, chosen, deadline)
    _bring_in_all(network)
    coverage = level.worth(network, chosen)
    rules = Face.of(problem, network.in_problem(proof.prices, "coverage"), coverage)
    face = NetworkFace.of(network, coverage, proof.prices, rules.room)
    chosen = _fill_up(network, chosen)

    def tell_floor(high: float, low: float) -> None:
        tell("floor", 1, _STAGES, high, high - low)

    tell("floor", 1, _STAGES, None, None)
    until = monotonic() + 0.7 * (deadline - monotonic()) if time_limit is not None else deadline
    found = FloorSearch(network, rules, face, considered=considered, deadline=until, tell=tell_floor).find(chosen)
    tell("total", 2, _STAGES, None, None)
    chosen, last = _largest_total(network, face, found, deadline)
    tell("proof", 3, _STAGES, None, None)
    result = _proved(network, rules, chosen, covered=proof, found=found, last=last, seed=seed)
    tell("done", _STAGES, _STAGES, result.bound, result.gap)
    return result


def _bring_in_all(network: Network) -> None:
    """Let the network hold every pair of the pool: floors may need pairs that no other level would look at."""
    nothing = np.zeros(len(network.places))
    prices = Prices(np.zeros(len(network.wanted)), np.zeros(len(network.person_wanted)), nothing, nothing)
    bring_in(network, Level("coverage", by_person=True), prices, -1.0)
    network.complete = True


def _fill_up(network: Network, chosen: IntArray) -> IntArray:
    """Add what fits beside the pairs of the coverage level."""
    heaviest_first = np.argsort(-network.weight, kind="stable")
    return choose_greedily(network, chosen, heaviest_first)


def _largest_total(network: Network, face: NetworkFace, found: FloorFound, deadline: float) -> tuple[IntArray, Proof]:
    """Raise the total of the pairs found without lowering their floor; also return the proof."""
    floor = floor_of(network, found.chosen)
    asked = max(0.0, floor - _ROUNDING)
    best = found.chosen
    generous = generous_prices(network, Level("total", by_person=True))
    nothing = Proof(replace(generous, floor=np.zeros(len(network.person_wanted))), None)
    if not network.n_pairs:
        return best, nothing
    considered = np.union1d(found.considered, best)
    relaxed = relax_fair(network, face, "total", asked, considered=considered, deadline=deadline)
    if relaxed is None:
        return best, nothing
    if np.abs(relaxed.values - np.round(relaxed.values)).max(initial=0.0) <= _WHOLE:
        return relaxed.considered[relaxed.values > 0.5], Proof(relaxed.prices, relaxed.value)
    keeps = kept_at_floor(network, relaxed.prices, "total", asked)
    usable = face.at_floor(network, asked)
    margin = _FIRST_MARGIN
    while (room := relaxed.value - float(network.weight[best].sum())) > _NOISE and monotonic() < deadline:
        near = (usable & (keeps >= -min(margin, room) - _NOISE)) | network.pinned
        near[best] = True
        searched, reached = search_fair(
            network, face, asked, considered=np.flatnonzero(near), deadline=deadline, gap=_SAME
        )
        best = _better(network, best, searched, asked)
        if margin >= room:
            value = float(network.weight[best].sum())
            return best, Proof(relaxed.prices, min(relaxed.value, max(reached, value)))
        margin *= _WIDER
    return best, Proof(relaxed.prices, relaxed.value)


def _better(network: Network, best: IntArray, other: IntArray | None, floor: float) -> IntArray:
    """Return the choice with the larger total, if its floor holds in spite of the solver's tolerances."""
    if other is None or floor_of(network, other) < floor - _NOISE:
        return best
    return max(best, other, key=lambda pairs: float(network.weight[pairs].sum()))


def _proved(
    network: Network, rules: Face, chosen: IntArray, *, covered: Proof, found: FloorFound, last: Proof, seed: int
) -> SolveResult:
    """Compute every bound from its prices, and put the result together."""
    problem = network.problem
    matching = Matching.of(problem, network.pairs(chosen))
    values = {name: matching.worth(name) for name in ("coverage", "floor", "total")}
    if values["coverage"] < len(np.unique(network.person[found.chosen])):
        raise SolverError("the level total with a floor lost coverage that had been reached")
    prices = {
        "coverage": rules.prices,
        "floor": fair_prices(network, found.prices),
        "total": fair_prices(network, last.prices),
    }
    bounds = {
        "coverage": upper_bound(problem, "coverage", prices["coverage"], values),
        "floor": max(found.refuted, values["floor"]),
        "total": upper_bound(problem, "total", prices["total"], values, rules),
    }
    if coverage_at_floor(problem, bounds["floor"], prices["floor"], rules) >= max(1.0, values["coverage"]):
        raise SolverError("the level floor reached what its prices rule out")
    solver_bounds = {
        "coverage": tighter_bound(bounds["coverage"], covered.solver_bound, "coverage"),
        "floor": min(bounds["floor"], max(found.solver_refuted, values["floor"])),
        "total": max(values["total"], tighter_bound(bounds["total"], last.solver_bound, "total")),
    }
    solver_bounds["total"] = min(solver_bounds["total"], bounds["total"])
    return assemble(
        problem,
        "fair",
        matching,
        values=values,
        prices=prices,
        bounds=bounds,
        solver_bounds=solver_bounds,
        seed=seed,
    )


def _say_nothing(_stage: str, _done: float, _total: float, _bound: float | None, _gap: float | None) -> None:
    return None
