"""Refusing what is not true: every field, altered alone or with its digest."""

import json
import re
from dataclasses import fields

import numpy as np
import pytest

from matcher import Certificate, Problem, solve, verify
from matcher.certificate import SUBSTANCE
from tests.unit.matcher.certified import PROBLEMS, RESULTS


def alterations(value, path=()):
    """Yield (path, changed copy) for every single change inside a JSON value: other, missing, one more."""
    if isinstance(value, dict):
        for key, inner in value.items():
            for where, changed in alterations(inner, (*path, key)):
                yield where, value | {key: changed}
            yield (*path, key, "gone"), {k: v for k, v in value.items() if k != key}
        yield (*path, "more"), value | {"more": 1.0}
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            for where, changed in alterations(inner, (*path, at)):
                yield where, [*value[:at], changed, *value[at + 1 :]]
            yield (*path, at, "gone"), value[:at] + value[at + 1 :]
        yield (*path, "more"), [*value, 1]
    elif isinstance(value, str):
        yield path, value + "0"
        yield path, ""
        yield path, None
        yield path, [value]
        yield path, {value: value}
    elif value is None:
        yield path, 0
        yield path, {}
    else:
        for other in (value + 1, -1 - value, value + 1e-4, None, "text", float("nan"), True, [value]):
            if isinstance(other, bool) or other != value:  # -1 - value is no change to -0.5
                yield path, other


def altered_certificates(result):
    content = {"repair": None} | json.loads(result.certificate.to_json())
    for name, value in content.items():
        for path, changed in alterations(value, (name,)):
            yield name, path, Certificate.from_json(json.dumps(content | {name: changed}))


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_field_altered_alone_is_refused_and_named(name):
    names = set()
    for altered, path, certificate in altered_certificates(RESULTS[name]):
        report = verify(PROBLEMS[name], certificate)
        assert not report.ok, path
        assert any(fault.startswith(f"{altered}:") for fault in report.faults), (path, report.faults)
        names.add(altered)
    assert names == {field.name for field in fields(Certificate)}


FAULTS = [
    r"digests: there must be one for every field",
    r"\w+: has not the form it should",
    r"\w+: is not that of the problem",
    r"pairs: (pairs|pair|mentor|mentee|pinned pair|are not) .+",
    r"values: \w+ is \S+, and the pairs reach \S+",
    r"gaps: \w+ is \S+, and bound and value give \S+",
    r"bounds: \w+ is \S+, and the prices give \S+",
    r"bounds: stability is \S+, and nobody has fewer blocking pairs than 0",
    r"bounds: the prices do not show a floor of \S+ out of reach",
    r"solver_bounds: \w+ is not between the value and the bound from prices",
    r"solver_bounds: (coverage|kept) is not a whole number",
    r"solver_bounds: stand where minutes are mixed and for fair, and only there",
    r"objective: there is no '\w*'",
    r"objective: \w+ has the levels \[.+\], not \[.+\]",
    r"stability: (mentor|mentee)_ranks are not those of the problem",
    r"stability: pinned_blocking are not the pairs that pinned partners keep from blocking",
    r"status: is .+, and the gaps say '(optimal|feasible)'",
]


def is_a_sentence(fault):
    return any(re.fullmatch(pattern, fault) for pattern in FAULTS)


# Other prices may prove the same bound, and then tell no lie.
RECOMPUTED = sorted(set(SUBSTANCE) - {"versions", "seed", "prices"})


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_forger_who_renews_the_digests_is_refused_wherever_the_truth_can_be_recomputed(name):
    content = {field: getattr(RESULTS[name].certificate, field) for field in SUBSTANCE}
    for field in RECOMPUTED:
        for path, changed in alterations(json.loads(json.dumps(content[field])), (field,)):
            if isinstance(changed, float) and np.isnan(changed):
                continue
            report = verify(PROBLEMS[name], Certificate.sealed(**(content | {field: changed})))
            assert not report.ok or is_harmless(path), (path, report.faults)
            assert all(is_a_sentence(fault) for fault in report.faults), report.faults


def is_harmless(path):
    """A solver's own bound may be a little looser than it was; it stays between value and linear bound."""
    return path[0] == "solver_bounds"


@pytest.mark.parametrize(
    ("claim", "fault"),
    [
        ({"pairs": [[1, 2]]}, "values: coverage"),
        ({"objective": "total"}, "objective: total has the levels"),
        ({"objective": "luck"}, "objective: there is no 'luck'"),
        (
            {"objective": "stable"},
            "objective: stable has the levels ['stability'], not ['coverage', 'priority', 'total']",
        ),
        ({"status": "feasible"}, "status: is 'feasible', and the gaps say 'optimal'"),
        ({"solver_bounds": {"coverage": 9, "priority": 9, "total": 9}}, "solver_bounds: stand where"),
    ],
)
def test_a_resealed_lie_is_named(claim, fault):
    content = {name: getattr(RESULTS["coverage"].certificate, name) for name in SUBSTANCE}
    report = verify(PROBLEMS["coverage"], Certificate.sealed(**(content | claim)))
    assert any(fault in found for found in report.faults), report.faults


@pytest.mark.parametrize("gone", ["coverage", "total"])
def test_a_level_left_out_everywhere_is_missed(gone):
    content = {name: getattr(RESULTS["fair"].certificate, name) for name in SUBSTANCE}
    for name in ("values", "prices", "bounds", "gaps", "solver_bounds"):
        content[name] = {level: value for level, value in content[name].items() if level != gone}
    given = list(content["values"])
    assert verify(PROBLEMS["fair"], Certificate.sealed(**content)).faults == (
        f"objective: fair has the levels ['coverage', 'floor', 'total'], not {given}",
    )


def test_unsorted_pairs_are_refused():
    content = {name: getattr(RESULTS["coverage"].certificate, name) for name in SUBSTANCE}
    content["pairs"] = content["pairs"][::-1]
    assert verify(PROBLEMS["coverage"], Certificate.sealed(**content)).faults == ("pairs: are not sorted",)


def test_a_worse_matching_cannot_be_called_optimal():
    problem = Problem([[0.9, 0.2]], 1, 1)
    content = {name: getattr(solve(problem, "total").certificate, name) for name in SUBSTANCE}
    worse = content | {"pairs": [[0, 1]], "values": {"total": 0.2}, "gaps": {"total": 0.7}}
    assert verify(problem, Certificate.sealed(**worse)).faults == ("status: is 'optimal', and the gaps say 'feasible'",)
    assert verify(problem, Certificate.sealed(**(worse | {"status": "feasible"}))).ok


@pytest.mark.parametrize("weights", [[0.3, 0.2], [0.9, 0.8], [0.9, 0.9, 0.9, 0.8]])
def test_a_solvers_bound_may_be_below_the_value_by_a_millionth_and_no_more(weights):
    n = len(weights)
    problem = Problem([weights], n, 1, np.arange(30, 30 + n), [30 * n + n * (n - 1) // 2])
    content = {name: getattr(solve(problem, "total").certificate, name) for name in SUBSTANCE}
    value = content["values"]["total"]
    for millionths, fine in ((0.8, True), (1.3, False), (-0.5, False)):
        claim = {"solver_bounds": {"total": value - millionths * 1e-6 * max(1, value)}}
        report = verify(problem, Certificate.sealed(**(content | claim)))
        faults = () if fine else ("solver_bounds: total is not between the value and the bound from prices",)
        assert report.faults == faults


@pytest.mark.parametrize("weights", [[[0.5]], [[1.0, 0.5], [0.6, 0.1]]])
def test_a_floor_that_is_reached_is_not_out_of_reach(weights):
    problem = Problem(weights, 1, 1)
    content = {name: getattr(solve(problem, "fair").certificate, name) for name in SUBSTANCE}
    for name, at_floor in (("bounds", 0.5), ("gaps", 0.0), ("solver_bounds", 0.5)):
        content[name] = content[name] | {"floor": at_floor}
    assert verify(problem, Certificate.sealed(**content)).faults == (
        "bounds: the prices do not show a floor of 0.5 out of reach",
    )


def test_other_pairs_than_pins_keep_from_blocking_are_refused():
    content = {name: getattr(RESULTS["stable"].certificate, name) for name in SUBSTANCE}
    content["stability"] = content["stability"] | {"pinned_blocking": [[0, 0], [0, 0]]}
    assert verify(PROBLEMS["stable"], Certificate.sealed(**content)).faults == (
        "stability: pinned_blocking are not the pairs that pinned partners keep from blocking",
    )


def test_a_solvers_bound_on_coverage_is_whole():
    content = {name: getattr(RESULTS["coverage, mixed"].certificate, name) for name in SUBSTANCE}
    bounds = content["solver_bounds"] | {"coverage": content["values"]["coverage"] - 1e-7}
    report = verify(PROBLEMS["coverage, mixed"], Certificate.sealed(**(content | {"solver_bounds": bounds})))
    assert report.faults == ("solver_bounds: coverage is not a whole number",)


@pytest.mark.parametrize("name", ["mentee", "mentor", "minutes", "floor", "coverage", "priority"])
def test_negative_prices_prove_nothing(name):
    content = {field: getattr(RESULTS["fair"].certificate, field) for field in SUBSTANCE}
    price = content["prices"]["total"][name]
    wrong = [*price[:-1], -1e-3] if isinstance(price, list) else -1e-3
    prices = content["prices"] | {"total": content["prices"]["total"] | {name: wrong}}
    report = verify(PROBLEMS["fair"], Certificate.sealed(**(content | {"prices": prices})))
    assert report.faults == ("prices: total has prices below zero, or none at all, where they must be >= 0",)
