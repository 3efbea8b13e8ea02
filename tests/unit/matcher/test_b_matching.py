"""Solving, against brute force and on named cases."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Problem, SolveStatus, b_matching, candidates, linear_programme, pricing, solve, verify
from matcher.weight_sources import spans
from tests.strategies import examples, given_problems
from tests.unit.matcher.brute_force import try_everything

NAN = float("nan")
DATA = Path(__file__).parents[2] / "data"
OBJECTIVES = ["coverage", "total"]


def assert_best(given_, result, objective):
    best = try_everything(given_)
    if best is None:
        assert result.status is SolveStatus.INFEASIBLE
        assert result.conflicts
        return
    assert result.status is SolveStatus.OPTIMAL
    if objective == "total":
        assert result.total_weight == pytest.approx(best.largest_total, abs=1e-6)
    else:
        assert result.coverage == best.coverage
        assert result.total_weight == pytest.approx(best.total, abs=1e-6)
        if "priority" in result.certificate.values:
            assert result.certificate.values["priority"] == pytest.approx(best.priority, abs=1e-6)
    assert result.bound >= result.total_weight - 1e-9


@examples(400)
@given(given_problems(), st.integers(0, 3))
def test_solutions_are_as_good_as_brute_force_and_verify(given_, seed):
    problem = given_.problem()
    for objective in OBJECTIVES:
        result = solve(problem, objective, seed=seed)
        assert_best(given_, result, objective)
        assert verify(problem, result).faults == ()
        assert result.certificate is None or result.certificate.seed == seed
        if problem.minutes_mode != "mixed" and result.certificate:
            assert max(result.certificate.gaps.values()) <= 1e-6


@examples(100)
@given(given_problems())
def test_through_the_interior_the_same_coverage_is_found_and_proved(given_):
    problem = given_.problem()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear_programme, "MANY_PAIRS", 1)
        result = solve(problem)
    assert_best(given_, result, "coverage")
    assert verify(problem, result).faults == ()


def test_where_the_interior_is_no_way_the_simplex_method_goes_on(monkeypatch):
    tried = []

    def by(method, programme, seconds, *, presolve, really=linear_programme._solve_by):
        tried.append(method)
        solution = really(method, programme, seconds, presolve=presolve)
        return replace_status(solution, 4) if method == "highs-ipm" else solution

    monkeypatch.setattr(linear_programme, "MANY_PAIRS", 1)
    monkeypatch.setattr(linear_programme, "_solve_by", by)
    result = solve(Problem(np.array([[0.5, 0.2], [NAN, 0.9]]), 1, 1))
    assert tried == ["highs-ipm", "highs-ds", "highs-ds"]
    assert result.coverage == 2


def replace_status(solution, status):
    solution.status = status
    return solution


@examples(200)
@given(given_problems())
def test_starting_from_one_pair_each_brings_in_all_that_matter(given_):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "DIRECT", 0)
        patch.setattr(candidates, "LIST", 1)
        patch.setattr(linear_programme, "FIRST_PAIRS", 0)
        patch.setattr(pricing, "MORE_PAIRS", 1)
        patch.setattr(pricing, "MORE_OF_MENTOR", 1)
        for module in (candidates, pricing):
            patch.setattr(module, "spans", lambda n_mentees: spans(n_mentees, 2))
        for objective in OBJECTIVES:
            result = solve(given_.problem(), objective)
            assert_best(given_, result, objective)
            assert verify(given_.problem(), result).ok


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(Problem(np.empty((0, 0)), 1, 1), id="nobody"),
        pytest.param(Problem(np.empty((0, 3)), 1, 1), id="no mentors"),
        pytest.param(Problem(np.empty((3, 0)), 1, 1), id="no mentees"),
        pytest.param(Problem(np.ones((3, 2)), 0, 1), id="no places"),
        pytest.param(Problem(np.ones((3, 2)), 1, 0), id="nobody wants any"),
        pytest.param(Problem(np.full((3, 2), NAN), 1, 1), id="nothing acceptable"),
        pytest.param(Problem(np.ones((3, 2)), 1, 1, [60, 60], [59, 0, 30]), id="too few minutes"),
    ],
)
def test_when_no_pair_is_possible_the_empty_matching_is_optimal(problem, objective):
    result = solve(problem, objective)
    assert result.status is SolveStatus.OPTIMAL
    assert result.pairs.shape == (0, 2)
    assert (result.total_weight, result.coverage, result.bound, result.floor) == (0, 0, 0, 0)
    assert result.satisfaction.tolist() == [0.0] * problem.n_mentees
    assert verify(problem, result).ok


def test_nobody_gets_a_second_mentor_while_a_first_was_possible_for_someone_else():
    problem = Problem([[0.9, 0.1], [0.8, NAN]], mentor_capacity=1, mentee_capacity=2)
    assert solve(problem, "coverage").pairs.tolist() == [[0, 1], [1, 0]]
    assert solve(problem, "total").pairs.tolist() == [[0, 0], [1, 0]]


def test_priority_decides_who_is_covered_but_costs_no_coverage():
    weights = [[0.9, 0.1, 0.1], [NAN, 0.2, NAN]]
    problem = Problem(weights, 1, 1, priority=[0, 0, 3])
    result = solve(problem)
    assert result.pairs.tolist() == [[0, 2], [1, 1]]
    assert result.certificate.values == {"coverage": 2.0, "priority": 3.0, "total": pytest.approx(0.3)}


def test_a_wide_range_of_priorities_is_kept_apart():
    problem = Problem([[1.0, 0.0, 0.5]], 1, 1, priority=[1e9, 1e9 + 1e4, 1e-9])
    assert solve(problem).pairs.tolist() == [[0, 1]]


def test_a_mentor_fills_one_column_of_a_board_and_the_person_counts_once():
    problem = Problem([[0.9, 0.8, 0.1], [0.5, 0.1, NAN]], 2, 1, person=[7, 7, 8])
    result = solve(problem)
    assert result.coverage == 2
    assert result.pairs.tolist() == [[0, 1], [0, 2], [1, 0]]
    assert result.total_weight == pytest.approx(1.4)
    assert result.floor == pytest.approx(0.1)
    assert result.satisfaction == pytest.approx([0.5, 0.8, 0.1])


def test_mixed_minutes_are_never_overdrawn_and_both_bounds_are_shown():
    problem = Problem([[0.6, 0.5, 0.5]], 3, 1, minutes=[60, 45, 45], mentor_minutes=[90])
    result = solve(problem, "total")
    assert problem.minutes_mode == "mixed"
    assert result.pairs.tolist() == [[0, 1], [0, 2]]
    assert result.status is SolveStatus.OPTIMAL
    assert result.solver_bound == pytest.approx(1.0)
    knapsack = solve(Problem([[0.6, 0.5, 0.5]], 3, 1, [60, 45, 45], [104]), "total")
    assert knapsack.total_weight == pytest.approx(1.0)
    assert knapsack.gap <= 1e-9  # half a pair more, 0.6 * 14 / 60, is in no whole set
    assert knapsack.solver_bound == pytest.approx(1.0)
    assert knapsack.status is SolveStatus.OPTIMAL


def test_equal_minutes_fold_into_places_and_the_bound_is_exact():
    problem = Problem([[0.6, 0.5, 0.4]], 3, 1, minutes=[60, 60, 60], mentor_minutes=[150])
    result = solve(problem, "total")
    assert problem.minutes_mode == "uniform"
    assert result.total_weight == pytest.approx(1.1)
    assert result.gap <= 1e-9


def test_a_programme_that_ends_in_whole_pairs_needs_no_search(monkeypatch):
    def solve_whole(*_args):
        raise AssertionError

    monkeypatch.setattr(b_matching, "solve_whole", solve_whole)
    for objective in OBJECTIVES:
        assert solve(Problem(np.ones((3, 4)), 2, 1), objective).total_weight == pytest.approx(4.0)


def test_same_seed_same_pairs_and_other_seeds_break_ties_otherwise():
    problem = Problem(np.full((6, 12), 0.5), 1, 1)
    pairs = [solve(problem, seed=seed).pairs.tolist() for seed in (1, 1, 2, 3)]
    assert pairs[0] == pairs[1]
    assert pairs[2] != pairs[0] or pairs[3] != pairs[0]


def test_the_objective_total_puts_no_price_on_persons():
    problem = Problem(np.random.default_rng(6).random((9, 5)), 2, 1, person=[0, 0, 1, 2, 3])
    assert solve(problem, "total").certificate.prices["total"]["person"] == [0.0] * 4
    assert min(solve(problem, "coverage").certificate.prices["total"]["person"]) > 0


def test_called_without_options_it_does_what_solve_does():
    problem = Problem(np.full((6, 12), 0.5), 1, 1)
    result = b_matching.solve_b_matching(problem, "coverage")
    assert result.certificate.to_json() == solve(problem).certificate.to_json()


def test_clashing_pins_are_named_each():
    problem = Problem(
        np.ones((3, 5)),
        mentor_capacity=[1, 5, 5],
        mentee_capacity=[2, 2, 0, 2, 2],
        minutes=[30, 30, 30, 30, 30],
        mentor_minutes=[300, 50, 300],
        pinned=[(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (2, 4)],
        person=[0, 1, 2, 3, 3],
    )
    result = solve(problem)
    assert (result.status, result.objective) == (SolveStatus.INFEASIBLE, "coverage")
    assert [(c.kind, c.mentor, c.mentee, c.needed, c.available) for c in result.conflicts] == [
        ("places", 0, None, 2, 1),
        ("minutes", 1, None, 60, 50),
        ("wanted", None, 2, 1, 0),
        ("board", 2, 3, 2, 1),
    ]
    sentences = [str(conflict) for conflict in result.conflicts]
    assert sentences[0] == "mentor 0 has 2 pinned mentees and 1 places: drop a pin, or ask the mentor for more"
    assert "60 minutes of pinned mentees and 50 minutes" in sentences[1]
    assert "mentee 2 has 1 pinned mentors and wants 0" in sentences[2]
    assert "mentor 2 is pinned to 2 columns of the person of column 3" in sentences[3]
    assert result.certificate is None
    assert len(result.pairs) == 0
    assert verify(problem, result).ok


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_midl_conference_has_its_known_total(objective):
    scores = np.load(DATA / "midl_scores.npy")
    problem = Problem(np.where(scores == -1, NAN, np.clip(scores, 0, 1)), mentor_capacity=4, mentee_capacity=3)
    result = solve(problem, objective)
    assert result.total_weight == pytest.approx(201.885, abs=0.001)
    assert result.status is SolveStatus.OPTIMAL
    assert verify(problem, result).ok


def test_preflib_conference_has_its_known_total():
    data = np.load(DATA / "preflib1.npz")
    weights = np.where(data["mask_matrix"] == 1, NAN, data["similarity_matrix"])
    result = solve(Problem(weights, mentor_capacity=7, mentee_capacity=3), "total")
    assert result.total_weight == pytest.approx(124.75, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"objective": "happiness"}, "there are coverage, .*total"),
        ({"proposing": "both"}, "mentor, mentee"),
        ({"time_limit": -1}, "from 0 up"),
    ],
)
def test_unknown_options_are_refused(options, says):
    with pytest.raises(ValueError, match=says):
        solve(Problem([[1.0]], 1, 1), **options)
