r"""Exact many-to-many matching ("b-matching"), level by level.

The objective `coverage` has three levels, and each keeps what those before it reached:

1. *coverage*: as many persons as possible have at least one mentor;
2. *priority*: of those largest sets, one with the largest summed priority (left out when nobody has any);
3. *total*: of those matchings, one with the largest total weight.

The objective `total` has the last level alone. `repair` (see `matcher.repair`) has the level *kept* in place of
priority: as many open offers as possible stay.

Each level is a linear programme. Picture the places of mentors flowing to mentees: mentor, acceptable pair,
mentee, person; the first unit that reaches a person counts as coverage, further units do not. That is a flow in
a network, whose corners are whole numbers (Hoffman and Kruskal 1956), and the optima of one level are a face of
the same polytope, so the next level's corners are whole too. Mentors with mixed minutes leave the network; then
the linear programme gives prices and `matcher.mixed_minutes` whole pairs.

A cap on withdrawn offers is no face: it cuts through the polytope, and the corner of its coverage level may be in
halves. But persons covered can be counted on one arc of the network, so "at least C covered" keeps whole corners
for *every* whole C. The most persons C that the capped linear programme covers, rounded down, are thus reached by a
whole matching that keeps enough offers: the one that keeps the most while it covers C.

References
----------
A. J. Hoffman and J. B. Kruskal (1956), Integral boundary points of convex polyhedra.
A. Schrijver (2003), Combinatorial Optimization, chapters 11 (flows) and 21 (b-matchings).
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from time import monotonic

import numpy as np

from matcher.arrays import IntArray
from matcher.bounds import gap_of, whole_bound
from matcher.certificate import REPAIR, levels_of
from matcher.conflicts import find_conflicts
from matcher.greedy import choose_greedily, generous_prices
from matcher.levels import Level
from matcher.linear_programme import CLOSED, first_pairs, relax
from matcher.mixed_minutes import solve_whole
from matcher.network import Network, build_network
from matcher.prices import Prices
from matcher.problem import Problem
from matcher.proofs import Proof, infeasible, result_of
from matcher.result import SolveResult

Progress = Callable[[str, float, float, float | None, float | None], None]
"""Called with stage, done, total, bound and gap."""

_WHOLE = 1e-5  # a value this close to 0 or 1 is meant so


def solve_b_matching(
    problem: Problem,
    objective: str,
    *,
    time_limit: float | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SolveResult:
    """Find a best matching for the objective `coverage`, `total` or `repair`, with its proof.

    Parameters
    ----------
    problem
        The problem.
    objective
        ``"coverage"``, ``"total"`` or ``"repair"``; for the last, pins and open offers together keep every rule.
    time_limit
        Seconds after which the best found is returned; None for no limit.
    seed
        Seed of the order in which ties are broken.
    executor
        Where chunks of weights are read.
    progress
        Called before every level, after every sweep with what the level is bounded by and how far the linear
        programme is from that, and at the end. What it raises ends the solve and reaches the caller; nothing
        but this call's own memory is concerned, so that is a clean way to cancel.

    Returns
    -------
    SolveResult
        OPTIMAL if every level's gap is closed, FEASIBLE if time ran out before, INFEASIBLE if pins clash.

    Raises
    ------
    SolverError
        If a solver breaks or contradicts itself.

    Notes
    -----
    Deterministic for the same problem, seed and versions, unless time runs out. Priorities that differ by
    less than a ten-millionth of the largest count as equal.
    """
    deadline = np.inf if time_limit is None else monotonic() + time_limit
    if conflicts := find_conflicts(problem):
        return infeasible(problem, objective, conflicts)
    levels = levels_of(objective, has_priority=bool((problem.priority > 0).any()))
    tell = progress or _say_nothing
    tell("pairs", 0, len(levels) + 1, None, None)
    network = build_network(problem, seed, executor)
    considered = first_pairs(network)
    level = _first_level(problem, objective)
    chosen = np.flatnonzero(network.pinned | (network.offered & level.with_offers))
    if time_limit is not None:  # something to show, should time run out at once
        heaviest_first = considered[np.argsort(-network.weight[considered], kind="stable")]
        chosen = choose_greedily(network, chosen, heaviest_first)
    proofs: dict[str, Proof] = {}
    for done, name in enumerate(levels, start=1):
        tell(name, done, len(levels) + 1, None, None)
        level = replace(level, name=name)
        until = deadline
        if network.mixed.any() and time_limit is not None:  # a search may use all the time it gets
            until = monotonic() + (deadline - monotonic()) / (len(levels) + 1 - done)
        heard = _hear(network, name, partial(tell, name, done, len(levels) + 1))
        considered, chosen, proofs[name] = solve_level(network, level, considered, chosen, until, tell=heard)
        level = level.keeping(network, chosen)
        if level.with_offers:
            level = replace(level, before=_prices_to_lean_on(level, proofs[name]))
    result = result_of(problem, objective, network, chosen, proofs, seed=seed)
    tell("done", len(levels) + 1, len(levels) + 1, result.bound, result.gap)
    return result


def solve_level(
    network: Network,
    level: Level,
    considered: IntArray,
    chosen: IntArray,
    deadline: float,
    *,
    tell: Callable[[float, float], None] = lambda _bound, _value: None,
) -> tuple[IntArray, IntArray, Proof]:
    """Improve `chosen` at a level; also return the pairs considered and the proof."""
    if not network.n_pairs:
        return considered, chosen, Proof(generous_prices(network, level), None)
    relaxed = relax(network, level, np.union1d(considered, chosen), deadline, tell)
    if relaxed is None:
        return considered, chosen, Proof(generous_prices(network, level), None)
    rounded = np.round(relaxed.values)
    if np.abs(relaxed.values - rounded).max() <= _WHOLE:
        exact = relaxed.bound - relaxed.value <= CLOSED * max(1.0, abs(relaxed.value))
        return relaxed.considered, relaxed.considered[rounded > 0], Proof(relaxed.prices, None, exact)
    if not network.mixed.any():  # the cap on withdrawals, see above
        enough = replace(level, name="kept", coverage=whole_bound(relaxed.value))
        considered, found, _ = solve_level(network, enough, relaxed.considered, chosen, deadline)
        return considered, max(chosen, found, key=partial(level.worth, network)), Proof(relaxed.prices, None)
    search = solve_whole(network, level, relaxed, chosen, deadline, tell=tell)
    return relaxed.considered, search.chosen, Proof(search.prices, search.bound)


def _prices_to_lean_on(level: Level, proof: Proof) -> Prices | None:
    """Return a level's prices for the next one; not those that a cap on withdrawals is part of."""
    return proof.prices if proof.exact and (level.name != "coverage" or not proof.prices.kept) else None


def _first_level(problem: Problem, objective: str) -> Level:
    """Return what every level of an objective has in common; for a repair, how many offers the cap wants kept."""
    if objective != REPAIR:
        return Level("", by_person=objective != "total")
    return Level("", by_person=True, kept=float(problem.least_kept) or None, with_offers=True)


def _hear(
    network: Network, name: str, tell: Callable[[float | None, float | None], None]
) -> Callable[[float, float], None]:
    """Return how a level's bound and value become news: in the problem's unit, and nothing while infinite."""
    unit = network.unit_of(name)

    def heard(bound: float, value: float) -> None:
        if bound < np.inf:
            tell(bound * unit, gap_of(bound * unit, value * unit))
        else:
            tell(None, None)

    return heard


def _say_nothing(_stage: str, _done: float, _total: float, _bound: float | None, _gap: float | None) -> None:
    return None
