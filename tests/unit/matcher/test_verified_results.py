"""Results are believed only as far as their certificates carry them."""

from dataclasses import replace

import numpy as np
import pytest

from matcher import Problem, SolveStatus, solve, verify
from tests.unit.matcher.certified import PROBLEMS, RESULTS


def test_results_and_certificates_of_both_kinds_are_accepted():
    for name, problem in PROBLEMS.items():
        assert verify(problem, RESULTS[name]).ok
        assert verify(problem, RESULTS[name].certificate).ok


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", SolveStatus.FEASIBLE),
        ("objective", "total"),
        ("pairs", np.array([[0, 0]])),
        ("total_weight", 1.0),
        ("coverage", 1),
        ("satisfaction", np.zeros(7)),
        ("satisfaction", np.zeros(3)),
        ("satisfaction", RESULTS["coverage"].satisfaction + 5e-9),
        ("floor", 2.0),
        ("bound", 100.0),
        ("gap", 0.5),
        ("solver_bound", 3.0),
        ("conflicts", ("a",)),
        ("pinned_blocking_pairs", np.array([[0, 0]])),
    ],
)
def test_a_result_that_says_otherwise_than_its_certificate_is_refused(name, value):
    report = verify(PROBLEMS["coverage"], replace(RESULTS["coverage"], **{name: value}))
    assert report.faults == (f"{name}: does not agree with the pairs and the certificate",)


@pytest.mark.parametrize("weights", [[0.3], [1.0, 0.9, 0.9, 0.8]])
def test_sums_may_differ_by_their_rounding_and_no_more(weights):
    problem = Problem([weights], len(weights), 1)
    result = solve(problem, "total")
    noise = 1e-9 * max(1.0, result.total_weight)
    for other in (0.7 * noise, -0.7 * noise):
        assert verify(problem, replace(result, total_weight=sum(weights) + other)).ok
    for other in (1.3 * noise, -1.3 * noise):
        assert not verify(problem, replace(result, total_weight=sum(weights) + other)).ok


def test_a_false_certificate_makes_the_result_false():
    certificate = replace(RESULTS["coverage"].certificate, seed=99)
    report = verify(PROBLEMS["coverage"], replace(RESULTS["coverage"], certificate=certificate))
    assert report.faults == ("seed: does not agree with its digest",)


def test_infeasible_is_believed_only_when_the_pins_do_clash():
    clashing = Problem(np.ones((1, 2)), 1, 1, pinned=[(0, 0), (0, 1)])
    fine = Problem(np.ones((1, 2)), 2, 1, pinned=[(0, 0), (0, 1)])
    result = solve(clashing)
    assert verify(clashing, result).ok
    assert verify(fine, result).faults == (
        "conflicts: there are 1, and the pins clash 0 times",
        "status: the pins can all be kept",
    )
    assert verify(clashing, replace(result, conflicts=())).faults == (
        "conflicts: there are 0, and the pins clash 1 times",
    )
    assert verify(clashing, replace(result, pairs=np.array([[0, 0]]))).faults == (
        "pairs: there can be none without a certificate",
    )
    assert verify(fine, replace(solve(fine), certificate=None)).faults[0] == "certificate: is missing"
