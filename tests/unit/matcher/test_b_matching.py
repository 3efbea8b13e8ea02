"""Solving, against brute force and on named cases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Problem, SolveStatus, candidates, linear_programme, pricing, solve, verify
from matcher.weight_sources import spans
from tests.strategies import given_problems
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


@settings(max_examples=400, deadline=None)
@given(given_problems(), st.integers(0, 3))
def test_solutions_are_as_good_as_brute_force_and_verify(given_, seed):
    problem = given_.problem()
    for objective in OBJECTIVES:
        result = solve(problem, objective, seed=seed)
        assert_best(given_, result, objective)
        assert verify(problem, result).faults == ()
        if problem.minutes_mode != "mixed" and result.certificate:
            assert max(result.certificate.gaps.values()) <= 1e-6


@settings(max_examples=200, deadline=None)
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


@settings(max_examples=40, deadline=None)
@given(given_problems(), st.randoms(use_true_random=False))
def test_relabelling_rows_and_columns_keeps_the_values(given_, random):
    rows = random.sample(range(given_.weights.shape[0]), given_.weights.shape[0])
    columns = random.sample(range(given_.weights.shape[1]), given_.weights.shape[1])

    def pick(values, order):
        return None if values is None else np.asarray(values, dtype=np.asarray(values).dtype)[order]

    minutes = given_.minutes
    if minutes is not None:
        minutes = minutes[columns] if minutes.ndim == 1 else minutes[np.ix_(rows, columns)]
    relabelled = given_.problem(
        weights=given_.weights[np.ix_(rows, columns)],
        mentor_capacity=pick(given_.mentor_capacity, rows),
        mentee_capacity=pick(given_.mentee_capacity, columns),
        minutes=minutes,
        mentor_minutes=pick(given_.mentor_minutes, rows),
        pinned=[(rows.index(j), columns.index(i)) for j, i in given_.pinned],
        priority=pick(given_.priority, columns),
        person=pick(given_.person, columns),
    )
    for objective in OBJECTIVES:
        before, after = solve(given_.problem(), objective), solve(relabelled, objective)
        assert after.status is before.status
        assert after.total_weight == pytest.approx(before.total_weight, abs=1e-6)
        if before.certificate:
            assert after.certificate.values == pytest.approx(before.certificate.values, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(given_problems(), st.data())
def test_more_capacity_never_lowers_coverage_or_total(given_, data):
    more_mentors = [c + data.draw(st.integers(0, 1)) for c in given_.mentor_capacity]
    more_mentees = [c + data.draw(st.integers(0, 1)) for c in given_.mentee_capacity]
    larger = given_.problem(mentor_capacity=more_mentors, mentee_capacity=more_mentees)
    before, after = solve(given_.problem(), "total"), solve(larger, "total")
    assert after.total_weight >= before.total_weight - 1e-6
    before, after = solve(given_.problem(), "coverage"), solve(larger, "coverage")
    assert after.coverage >= before.coverage


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
    assert knapsack.gap == pytest.approx(0.1 * 14 / 15)
    assert knapsack.solver_bound == pytest.approx(1.0)
    assert knapsack.status is SolveStatus.OPTIMAL


def test_equal_minutes_fold_into_places_and_the_bound_is_exact():
    problem = Problem([[0.6, 0.5, 0.4]], 3, 1, minutes=[60, 60, 60], mentor_minutes=[150])
    result = solve(problem, "total")
    assert problem.minutes_mode == "uniform"
    assert result.total_weight == pytest.approx(1.1)
    assert result.gap <= 1e-9


def test_same_seed_same_pairs_and_other_seeds_break_ties_otherwise():
    problem = Problem(np.full((6, 12), 0.5), 1, 1)
    pairs = [solve(problem, seed=seed).pairs.tolist() for seed in (1, 1, 2, 3)]
    assert pairs[0] == pairs[1]
    assert pairs[2] != pairs[0] or pairs[3] != pairs[0]


def test_no_time_at_all_still_gives_pins_and_a_valid_bound():
    generator = np.random.default_rng(5)
    weights = generator.random((6, 9))
    for objective in OBJECTIVES:
        problem = Problem(weights, 1, 1, pinned=[(2, 4)], priority=range(9), person=[0, 0, *range(1, 8)])
        result = solve(problem, objective, time_limit=0)
        assert result.status is SolveStatus.FEASIBLE
        assert [2, 4] in result.pairs.tolist()
        assert len(result.pairs) == 6
        assert result.bound >= solve(problem, objective).total_weight - 1e-9
        assert verify(problem, result).ok


def test_ample_time_gives_the_same_as_no_limit():
    problem = Problem(np.random.default_rng(2).random((5, 8)), 1, 1, np.arange(20, 28), [50] * 5)
    assert solve(problem, time_limit=60).status is SolveStatus.OPTIMAL
    assert solve(problem, time_limit=60).total_weight == pytest.approx(solve(problem).total_weight)


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
    assert result.status is SolveStatus.INFEASIBLE
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


def test_progress_is_told_for_every_level_and_the_end():
    told = []
    problem = Problem([[0.5, 0.5]], 1, 1, priority=[1, 2])
    solve(problem, progress=lambda *news: told.append(news))
    assert list(dict.fromkeys(stage for stage, *_ in told)) == ["pairs", "coverage", "priority", "total", "done"]
    assert [done for _, done, *_ in told] == sorted(done for _, done, *_ in told)
    assert ("priority", 2, 4, pytest.approx(2.0), pytest.approx(0.0)) in told
    assert told[-1] == ("done", 4, 4, pytest.approx(0.5), pytest.approx(0.0))


def test_every_bound_told_on_the_way_is_true(monkeypatch):
    monkeypatch.setattr(candidates, "DIRECT", 0)
    monkeypatch.setattr(candidates, "LIST", 2)
    monkeypatch.setattr(linear_programme, "FIRST_PAIRS", 0)
    monkeypatch.setattr(pricing, "MORE_PAIRS", 1)
    problem = Problem(np.random.default_rng(4).random((15, 30)), 2, 2)
    told = []
    result = solve(problem, "total", progress=lambda *news: told.append(news))
    bounds = [bound for stage, _, _, bound, _ in told if stage == "total" and bound is not None]
    assert len(bounds) > 2
    assert min(bounds) >= result.total_weight - 1e-9
    assert [gap for stage, *_, gap in told if stage == "total"][-1] == pytest.approx(0.0, abs=1e-8)


def test_what_progress_raises_cancels_and_a_second_solve_is_not_touched():
    problem = Problem(np.random.default_rng(4).random((5, 9)), 2, 2)
    expected = solve(problem).pairs.tolist()

    def cancel(stage, _done, _total, bound, _gap):
        if stage == "total" and bound is not None:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        solve(problem, progress=cancel)
    assert solve(problem).pairs.tolist() == expected


def test_chunks_read_on_an_executor_give_the_same_pairs():
    weights = np.random.default_rng(3).random((3, 1500))
    problem = Problem(weights, 2, 1)
    with ThreadPoolExecutor(2) as executor:
        assert solve(problem, executor=executor).pairs.tolist() == solve(problem).pairs.tolist()


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
