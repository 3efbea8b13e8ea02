"""Whether the fields of a certificate have the form that lets anything be computed from them."""

import math
from collections.abc import Mapping
from typing import Any

from matcher.certificate import Certificate
from matcher.prices import FLOOR, KEPT, SCALARS, VECTORS
from matcher.problem import Problem

_SIDES = ("mentor", "mentee")
_STABILITY = {"proposing", "mentor_ranks", "mentee_ranks", "pinned_blocking"}


def form_faults(problem: Problem, certificate: Certificate) -> list[str]:
    """Return a sentence for every field that has not the form it should, each beginning with its name."""
    levels = certificate.values if isinstance(certificate.values, dict) else {}
    forms: dict[str, bool] = {
        "objective": isinstance(certificate.objective, str),
        "values": isinstance(certificate.values, dict) and _are_numbers_by(certificate.values, levels),
        "bounds": _are_numbers_by(certificate.bounds, levels),
        "gaps": _are_numbers_by(certificate.gaps, levels),
        "solver_bounds": certificate.solver_bounds is None or _are_numbers_by(certificate.solver_bounds, levels),
        "prices": _are_prices(problem, certificate.prices, levels),
        "pairs": _are_rows_of_numbers(certificate.pairs, 2),
        "stability": _is_stability(certificate.stability, levels),
    }
    return [f"{name}: has not the form it should" for name, fine in forms.items() if not fine]


def _is_stability(value: object, levels: Mapping[str, object]) -> bool:
    if "stability" not in levels:
        return value is None
    return (
        isinstance(value, dict)
        and set(value) == _STABILITY
        and value["proposing"] in _SIDES
        and _are_rows_of_numbers(value["pinned_blocking"], 2)
    )


def _are_rows_of_numbers(value: object, width: int) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, list) and len(row) == width and all(type(number) is int for number in row) for row in value
    )


def _are_numbers_by(value: object, levels: Mapping[str, object]) -> bool:
    return isinstance(value, dict) and set(value) == set(levels) and all(_is_number(v) for v in value.values())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _are_prices(problem: Problem, value: object, levels: Mapping[str, object]) -> bool:
    if not isinstance(value, dict) or set(value) != set(levels) - {"stability"}:
        return False
    return all(
        _are_prices_of_a_level(
            problem,
            prices,
            vectors=(*VECTORS, FLOOR) if FLOOR in levels and level in {FLOOR, "total"} else VECTORS,
            scalars=(*SCALARS, KEPT) if KEPT in levels else SCALARS,
        )
        for level, prices in value.items()
    )


def _are_prices_of_a_level(
    problem: Problem, prices: Any, *, vectors: tuple[str, ...], scalars: tuple[str, ...]
) -> bool:
    lengths = {
        "mentee": problem.n_mentees,
        "person": problem.n_persons,
        "mentor": problem.n_mentors,
        "minutes": problem.n_mentors,
        FLOOR: problem.n_persons,
    }
    if not isinstance(prices, dict) or set(prices) != {*vectors, *scalars}:
        return False
    if not all(_is_number(prices[name]) for name in scalars):
        return False
    return all(
        isinstance(prices[name], list)
        and len(prices[name]) == lengths[name]
        and all(_is_number(price) for price in prices[name])
        for name in vectors
    )
