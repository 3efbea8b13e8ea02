"""From chosen pairs and prices to a result with its certificate."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from matcher.arrays import IntArray
from matcher.bounds import COUNTING, gap_of, upper_bound, whole_bound
from matcher.certificate import FORMAT, REPAIR, Certificate, is_closed, plain_offers
from matcher.network import Network
from matcher.prices import Prices
from matcher.problem import Problem
from matcher.result import Conflict, Matching, SolveResult, SolveStatus


@dataclass(frozen=True, eq=False)
class Proof:
    """What a level leaves behind to prove its value.

    Attributes
    ----------
    prices : Prices
        In the labels of the network.
    solver_bound : float or None
        The bound of the mixed-integer solver, if it was asked.
    exact : bool
        Whether the prices alone leave no gap, not even one that rounding to whole numbers would close.
    """

    prices: Prices
    solver_bound: float | None
    exact: bool = False


def result_of(
    problem: Problem,
    objective: str,
    network: Network,
    chosen: IntArray,
    proofs: dict[str, Proof],
    *,
    seed: int,
) -> SolveResult:
    """Measure the matching, compute every level's bound from its prices, and put both together."""
    matching = Matching.of(problem, network.pairs(chosen))
    values = {name: matching.worth(name) for name in proofs}
    prices = {name: network.in_problem(proof.prices, name) for name, proof in proofs.items()}
    bounds = {name: upper_bound(problem, name, prices[name], values) for name in proofs}
    solver_bounds = None
    if problem.minutes_mode == "mixed":
        solver_bounds = {
            name: tighter_bound(bounds[name], network.in_units(proof.solver_bound, name), name)
            for name, proof in proofs.items()
        }
    return assemble(
        problem,
        objective,
        matching,
        values=values,
        prices=prices,
        bounds=bounds,
        solver_bounds=solver_bounds,
        seed=seed,
    )


def assemble(
    problem: Problem,
    objective: str,
    matching: Matching,
    *,
    values: Mapping[str, float],
    prices: Mapping[str, Prices],
    bounds: Mapping[str, float],
    solver_bounds: Mapping[str, float] | None,
    seed: int,
    stability: Mapping[str, Any] | None = None,
) -> SolveResult:
    """Seal the certificate of a measured matching and return the result; OPTIMAL if every gap is closed."""
    gaps = {name: gap_of(bounds[name], value) for name, value in values.items()}
    tightest = bounds if solver_bounds is None else solver_bounds
    closed = all(is_closed(name, gap_of(tightest[name], value)) for name, value in values.items())
    status = SolveStatus.OPTIMAL if closed else SolveStatus.FEASIBLE
    given = problem.mentor_minutes
    certificate = Certificate.sealed(
        format=FORMAT,
        problem_sha256=problem.sha256,
        objective=objective,
        status=status.value,
        mentor_capacity=problem.mentor_capacity.tolist(),
        mentee_capacity=problem.mentee_capacity.tolist(),
        mentor_minutes=None if given is None else given.tolist(),
        minutes_mode=problem.minutes_mode,
        pairs=matching.pairs.tolist(),
        values=dict(values),
        prices={name: price.to_plain() for name, price in prices.items()},
        bounds=dict(bounds),
        gaps=gaps,
        solver_bounds=None if solver_bounds is None else dict(solver_bounds),
        stability=None if stability is None else dict(stability),
        versions={"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        seed=seed,
        repair=plain_offers(problem) if objective == REPAIR else None,
    )
    last = list(values)[-1]
    return SolveResult(
        status=status,
        objective=objective,
        pairs=matching.pairs,
        total_weight=matching.total_weight,
        coverage=matching.coverage,
        satisfaction=matching.satisfaction,
        floor=matching.floor,
        bound=bounds[last],
        gap=gaps[last],
        solver_bound=None if solver_bounds is None else solver_bounds[last],
        conflicts=(),
        certificate=certificate,
    )


def infeasible(problem: Problem, objective: str, conflicts: tuple[Conflict, ...]) -> SolveResult:
    nothing = Matching.of(problem, np.empty((0, 2), dtype=np.int64))
    return SolveResult(
        status=SolveStatus.INFEASIBLE,
        objective=objective,
        pairs=nothing.pairs,
        total_weight=0.0,
        coverage=0,
        satisfaction=nothing.satisfaction,
        floor=0.0,
        bound=np.nan,
        gap=np.nan,
        solver_bound=None,
        conflicts=conflicts,
        certificate=None,
    )


def tighter_bound(bound: float, solver_bound: float | None, level: str) -> float:
    """Return the tighter of the bound from prices and the solver's, the latter whole where the level counts."""
    if solver_bound is None:
        return bound
    return min(bound, whole_bound(solver_bound) if level in COUNTING else solver_bound)
