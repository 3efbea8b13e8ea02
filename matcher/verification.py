"""Checking a result from the problem alone.

Nothing here solves anything: every number is computed again from the weights and the prices, with NumPy. A
certificate in which any single field was changed is refused, and the fault begins with the field's name.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.arrays import FloatArray, IntArray, as_pairs, common_pairs
from matcher.blocking_pairs import find_blocking_pairs, plain_ranks
from matcher.bounds import COUNTING, Face, coverage_at_floor, gap_of, upper_bound, whole_bound
from matcher.certificate import (
    FORMAT,
    LEVELS,
    REPAIR,
    SUBSTANCE,
    TOLERANCE,
    Certificate,
    digest_of,
    is_closed,
    levels_of,
    plain_offers,
)
from matcher.certificate_form import form_faults
from matcher.feasibility import find_broken_rules
from matcher.prices import FLOOR, Prices
from matcher.problem import Problem
from matcher.result import SolveResult, SolveStatus

_NOISE = 1e-9  # of the value: sums may be taken in another order


@dataclass(frozen=True)
class VerificationReport:
    """What `verify` found.

    Attributes
    ----------
    ok : bool
        Whether everything that was claimed is true.
    faults : tuple of str
        What is not; each begins with the name of the field concerned.
    """

    ok: bool
    faults: tuple[str, ...]


def verify(problem: Problem, claim: SolveResult | Certificate) -> VerificationReport:
    """Check a result or a certificate against the problem.

    Parameters
    ----------
    problem
        The problem that was solved, from wherever the weights come.
    claim
        What `matcher.solve` returned, or its certificate, perhaps read from a file.

    Returns
    -------
    VerificationReport
        In O(n_mentors n_mentees) time for each level, reading weights chunk by chunk.

    Notes
    -----
    The bounds in ``solver_bounds`` (mixed minutes and `fair`) rest on the solver's branching and cannot be computed
    again. They are checked for consistency: not below the value, not above the bound from prices.
    """
    if isinstance(claim, Certificate):
        faults = _certificate_faults(problem, claim)
    elif claim.certificate is None:
        faults = _infeasible_faults(problem, claim)
    else:
        faults = _certificate_faults(problem, claim.certificate)
        if not faults:
            faults = _result_faults(problem, claim, claim.certificate)
    return VerificationReport(not faults, tuple(faults))


def _certificate_faults(problem: Problem, certificate: Certificate) -> list[str]:
    faults = _digest_faults(certificate)
    # Without the levels of the objective there may be no prices to compute with.
    ill_formed = form_faults(problem, certificate) or _level_faults(problem, certificate)
    faults += ill_formed
    if not ill_formed:
        for check in (_identity_faults, _pair_faults, _bound_faults, _stability_faults, _status_faults):
            faults += check(problem, certificate)
    return list(dict.fromkeys(faults))


def _digest_faults(certificate: Certificate) -> list[str]:
    standing = [name for name in SUBSTANCE if name != REPAIR or certificate.repair is not None]
    if not isinstance(certificate.digests, dict) or set(certificate.digests) != set(standing):
        return ["digests: there must be one for every field"]
    faults = []
    if digest_of(certificate.digests) != certificate.content_sha256:
        outside = "content_sha256: does not agree with the digests"
        faults = [outside, "digests: do not agree with content_sha256"]
    for name in standing:
        if certificate.digests[name] != digest_of(getattr(certificate, name)):
            faults.append(f"{name}: does not agree with its digest")
    return faults


def _identity_faults(problem: Problem, certificate: Certificate) -> list[str]:
    """Compare what the certificate says about the problem with the problem."""
    given = problem.mentor_minutes
    truth: dict[str, Any] = {
        "format": FORMAT,
        "problem_sha256": problem.sha256,
        "mentor_capacity": problem.mentor_capacity.tolist(),
        "mentee_capacity": problem.mentee_capacity.tolist(),
        "mentor_minutes": None if given is None else given.tolist(),
        "minutes_mode": problem.minutes_mode,
        "repair": plain_offers(problem) if certificate.objective == REPAIR else None,
    }
    return [
        f"{name}: is not that of the problem"
        for name, value in truth.items()
        if digest_of(getattr(certificate, name)) != digest_of(value)  # so that true and 1.0 are not 1
    ]


def _pair_faults(problem: Problem, certificate: Certificate) -> list[str]:
    """Check the rules, and compute again what the pairs are worth."""
    broken = find_broken_rules(problem, certificate.pairs)
    if broken:
        return [f"pairs: {fault}" for fault in broken]
    if certificate.pairs != sorted(certificate.pairs):
        return ["pairs: are not sorted"]
    worth = _worth(problem, certificate.pairs, certificate.values)
    return [
        f"values: {level} is {value!r}, and the pairs reach {worth[level]!r}"
        for level, value in certificate.values.items()
        if level in worth and not _close(value, worth[level])
    ]


def _bound_faults(problem: Problem, certificate: Certificate) -> list[str]:
    """Compute every bound again from its prices, and every gap from its bound."""
    faults = []
    for level, value in certificate.values.items():
        bound, gap = certificate.bounds[level], certificate.gaps[level]
        fault = _proof_fault(problem, certificate, level)
        if fault is not None:
            faults.append(fault)
        if not _close(gap, gap_of(bound, value)):
            faults.append(f"gaps: {level} is {gap!r}, and bound and value give {gap_of(bound, value)!r}")
        if certificate.solver_bounds is not None:
            tighter = certificate.solver_bounds[level]
            if not value - TOLERANCE * max(1.0, abs(value)) <= tighter <= bound:
                faults.append(f"solver_bounds: {level} is not between the value and the bound from prices")
            if level in COUNTING and tighter != whole_bound(tighter):
                faults.append(f"solver_bounds: {level} is not a whole number")
    return faults


def _proof_fault(problem: Problem, certificate: Certificate, level: str) -> str | None:
    """Return what is wrong with the bound of a level, if anything."""
    bound = certificate.bounds[level]
    if level == "stability":
        return None if bound == 0 else f"bounds: stability is {bound!r}, and nobody has fewer blocking pairs than 0"
    prices = Prices.from_plain(certificate.prices[level])
    if not _have_right_signs(prices):
        return f"prices: {level} has prices below zero, or none at all, where they must be >= 0"
    face = None
    if prices.floor is not None:
        coverage = certificate.values["coverage"]
        face = Face.of(problem, Prices.from_plain(certificate.prices["coverage"]), coverage)
        if level == FLOOR:
            out_of_reach = bound >= 0 and coverage_at_floor(problem, bound, prices, face) < max(1.0, coverage)
            return None if out_of_reach else f"bounds: the prices do not show a floor of {bound!r} out of reach"
    recomputed = upper_bound(problem, level, prices, certificate.values, face)
    if not _close(bound, recomputed):
        return f"bounds: {level} is {bound!r}, and the prices give {recomputed!r}"
    return None


def _stability_faults(problem: Problem, certificate: Certificate) -> list[str]:
    """Compare the ranks with the problem's, and find again the pairs that pins alone keep from blocking."""
    told = certificate.stability
    if told is None:
        return []
    faults = [
        f"stability: {name} are not those of the problem"
        for name in ("mentor_ranks", "mentee_ranks")
        if digest_of(told[name]) != digest_of(plain_ranks(getattr(problem, name)))
    ]
    if not find_broken_rules(problem, certificate.pairs):
        blocking = find_blocking_pairs(problem, certificate.pairs).tolist()
        without_pins = find_blocking_pairs(problem, certificate.pairs, keep_pinned=False).tolist()
        if told["pinned_blocking"] != [pair for pair in without_pins if pair not in blocking]:
            faults.append("stability: pinned_blocking are not the pairs that pinned partners keep from blocking")
    return faults


def _level_faults(problem: Problem, certificate: Certificate) -> list[str]:
    """Check that the levels are those of the objective."""
    if certificate.objective not in {*LEVELS, REPAIR}:
        return [f"objective: there is no {certificate.objective!r}"]
    levels = list(levels_of(certificate.objective, has_priority=bool((problem.priority > 0).any())))
    given = list(certificate.values)
    return [] if given == levels else [f"objective: {certificate.objective} has the levels {levels}, not {given}"]


def _status_faults(problem: Problem, certificate: Certificate) -> list[str]:
    """Check that OPTIMAL stands where every gap is closed, and a solver's bounds where a solver searched."""
    faults = []
    by_solver = problem.minutes_mode == "mixed" or certificate.objective == "fair"
    if by_solver != (certificate.solver_bounds is not None):
        faults.append("solver_bounds: stand where minutes are mixed and for fair, and only there")
    bounds = certificate.solver_bounds or certificate.bounds
    closed = all(is_closed(level, gap_of(bounds[level], value)) for level, value in certificate.values.items())
    status = SolveStatus.OPTIMAL if closed else SolveStatus.FEASIBLE
    if certificate.status != status.value:
        faults.append(f"status: is {certificate.status!r}, and the gaps say {status.value!r}")
    return faults


def _result_faults(problem: Problem, result: SolveResult, certificate: Certificate) -> list[str]:
    """Compare a result with its certificate, which has been found true."""
    pairs = as_pairs(certificate.pairs)
    satisfaction = _satisfaction(problem, pairs)
    worth = _worth(problem, certificate.pairs, ())
    last = list(certificate.values)[-1]
    solver_bound = None if certificate.solver_bounds is None else certificate.solver_bounds[last]
    apart = [] if certificate.stability is None else certificate.stability["pinned_blocking"]
    same: dict[str, bool] = {
        "status": result.status == certificate.status,
        "objective": result.objective == certificate.objective,
        "pairs": np.array_equal(result.pairs, pairs),
        "total_weight": _close(result.total_weight, worth["total"]),
        "coverage": result.coverage == worth["coverage"],
        "satisfaction": result.satisfaction.shape == satisfaction.shape
        and bool(np.allclose(result.satisfaction, satisfaction, rtol=0, atol=_NOISE)),
        "floor": _close(result.floor, worth["floor"]),
        "bound": result.bound == certificate.bounds[last],
        "gap": result.gap == certificate.gaps[last],
        "solver_bound": result.solver_bound == solver_bound,
        "conflicts": not result.conflicts,
        "pinned_blocking_pairs": result.pinned_blocking_pairs.tolist() == apart,
    }
    return [f"{name}: does not agree with the pairs and the certificate" for name, fine in same.items() if not fine]


def _infeasible_faults(problem: Problem, result: SolveResult) -> list[str]:
    """Check that a result without a certificate says INFEASIBLE, and that its pins do clash."""
    faults = []
    if result.status != SolveStatus.INFEASIBLE:
        faults.append("certificate: is missing")
    if len(result.pairs):
        faults.append("pairs: there can be none without a certificate")
    clashes = find_broken_rules(problem, problem.pinned)
    if len(clashes) != len(result.conflicts):
        faults.append(f"conflicts: there are {len(result.conflicts)}, and the pins clash {len(clashes)} times")
    if result.status == SolveStatus.INFEASIBLE and not clashes:
        faults.append("status: the pins can all be kept")
    return faults


def _worth(problem: Problem, pairs: list[list[int]], levels: Container[str]) -> dict[str, float]:
    """Return what pairs are worth at every level; stability, which takes longer, only if it is among `levels`."""
    array = as_pairs(pairs)
    covered = np.unique(problem.person[array[:, 1]])
    worth = {
        "coverage": float(len(covered)),
        "priority": float(problem.person_priority[covered].sum()),
        "floor": _floor(problem, _satisfaction(problem, array), pairs),
        "kept": float(len(common_pairs(array, problem.open_offers))),
        "total": float(problem.weights_of(array).sum()),
    }
    return worth | ({"stability": 0.0 - len(find_blocking_pairs(problem, array))} if "stability" in levels else {})


def _satisfaction(problem: Problem, pairs: IntArray) -> FloatArray:
    sums = np.zeros(problem.n_mentees)
    np.add.at(sums, pairs[:, 1], problem.weights_of(pairs))
    return sums


def _floor(problem: Problem, satisfaction: FloatArray, pairs: list[list[int]]) -> float:
    """Return the smallest sum over a covered person's columns; nobody covered gives 0."""
    of_person = np.bincount(problem.person, satisfaction)
    covered = {int(problem.person[mentee]) for _, mentee in pairs}
    return min((float(of_person[person]) for person in covered), default=0.0)


def _close(one: float, other: float) -> bool:
    return bool(abs(one - other) <= _NOISE * max(1.0, abs(other)))


def _have_right_signs(prices: Prices) -> bool:
    scalars = [prices.coverage, prices.priority, prices.kept or 0.0]
    never_negative = [prices.mentee, prices.mentor, prices.minutes, scalars]
    never_negative += [] if prices.floor is None else [prices.floor]
    return all(bool((np.asarray(vector) >= 0).all()) for vector in never_negative)
