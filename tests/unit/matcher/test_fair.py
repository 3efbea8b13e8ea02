"""The objective `fair`, against brute force and on published data."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Problem, SolverError, SolveStatus, fair, fair_floor, fair_programme, solve, verify
from matcher.network import build_network
from matcher.prices import Prices
from tests.strategies import examples, given_problems
from tests.unit.matcher.brute_force import try_everything

NAN = float("nan")
DATA = Path(__file__).parents[2] / "data"
NEAR = 2e-5  # floors closer than this count as one


def assert_fairest(given_, result):
    best = try_everything(given_)
    if best is None:
        assert result.status is SolveStatus.INFEASIBLE
        assert result.conflicts
        return
    assert result.coverage == best.coverage
    assert best.floor - NEAR <= result.floor <= best.floor + 1e-9
    assert result.total_weight == pytest.approx(best.total_above(result.floor), abs=1e-6)
    assert result.bound >= result.total_weight - 1e-9
    assert result.certificate.bounds["floor"] >= best.floor - 1e-9
    assert result.status is SolveStatus.OPTIMAL


@examples(200)
@given(given_problems(), st.integers(0, 3))
def test_fairest_matchings_are_as_good_as_brute_force_and_verify(given_, seed):
    problem = given_.problem()
    result = solve(problem, "fair", seed=seed)
    assert verify(problem, result).faults == ()
    assert_fairest(given_, result)
    again = solve(problem, "fair", seed=seed)
    assert again.pairs.tolist() == result.pairs.tolist()


@examples(60)
@given(given_problems())
def test_pairs_come_in_as_they_are_needed_and_are_looked_for_in_the_whole_pool(given_):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matcher.linear_programme.FIRST_PAIRS", 0)
        patch.setattr(fair_programme, "MORE_PAIRS", 1)
        result = solve(given_.problem(), "fair")
        assert verify(given_.problem(), result).ok
        assert_fairest(given_, result)


@examples(40)
@given(given_problems(), st.randoms(use_true_random=False))
def test_the_order_of_mentors_and_mentees_does_not_matter(given_, random):
    rows = random.sample(range(given_.weights.shape[0]), given_.weights.shape[0])
    given_.mentor_capacity = [given_.mentor_capacity[j] for j in rows]
    before = solve(given_.problem(mentor_capacity=np.array(given_.mentor_capacity)[np.argsort(rows)].tolist()), "fair")
    minutes = given_.minutes
    after = solve(
        given_.problem(
            weights=given_.weights[rows],
            minutes=minutes[rows] if minutes is not None and minutes.ndim == 2 else minutes,
            mentor_minutes=None if given_.mentor_minutes is None else [given_.mentor_minutes[j] for j in rows],
            pinned=[(rows.index(j), i) for j, i in given_.pinned],
        ),
        "fair",
    )
    assert after.status is before.status
    assert after.coverage == before.coverage
    assert after.floor == pytest.approx(before.floor, abs=NEAR)


def midl():
    scores = np.load(DATA / "midl_scores.npy")
    return Problem(np.where(scores == -1, NAN, np.clip(scores, 0, 1)), 4, 3)


def test_midl_has_its_known_floor_and_total():
    result = solve(midl(), "fair")
    assert result.status is SolveStatus.OPTIMAL
    assert result.floor == pytest.approx(0.94484, abs=1e-5)
    assert result.total_weight == pytest.approx(201.7687, abs=1e-3)
    assert result.certificate.bounds["floor"] == pytest.approx(result.floor, abs=1e-3)
    assert verify(midl(), result).ok


def test_preflib_has_its_known_floor_and_total():
    data = np.load(DATA / "preflib1.npz")
    weights = np.where(data["mask_matrix"] == 1, NAN, data["similarity_matrix"])
    result = solve(Problem(weights, 7, 3), "fair")
    assert (result.floor, result.total_weight) == (pytest.approx(0.75), pytest.approx(124.75))


def test_mentors_in_short_supply_leave_everyone_covered_with_one_good_pair():
    generator = np.random.default_rng(2)
    problem = Problem(generator.random((40, 120)).round(3), generator.integers(1, 4, 40), generator.integers(1, 4, 120))
    result = solve(problem, "fair")
    assert result.status is SolveStatus.OPTIMAL
    assert result.coverage == problem.places.sum()
    assert result.floor == solve(problem, "coverage").floor or result.floor > 0.9
    assert verify(problem, result).ok


def test_a_better_floor_is_worth_more_than_a_larger_total():
    problem = Problem([[1.0, 0.5], [0.6, 0.1]], 1, 1)
    assert solve(problem).total_weight == pytest.approx(1.1)
    assert solve(problem, "fair").pairs.tolist() == [[0, 1], [1, 0]]
    assert solve(Problem([[1.0, 0.5], [0.6, 0.2]], 1, 1), "fair").floor == 0.5


def test_who_is_covered_may_be_chosen():
    result = solve(Problem([[0.9, 0.2, 0.8]], 2, 1), "fair")
    assert result.pairs.tolist() == [[0, 0], [0, 2]]
    assert result.floor == 0.8


def test_a_board_counts_over_all_its_columns():
    problem = Problem([[0.4, NAN, 0.9], [NAN, 0.4, NAN]], 1, 1, person=[0, 0, 1], pinned=[(0, 0)])
    result = solve(problem, "fair")
    assert result.pairs.tolist() == [[0, 0], [1, 1]]
    assert result.floor == pytest.approx(0.8)


def test_pins_may_keep_the_floor_down_and_that_is_proved():
    generator = np.random.default_rng(0)
    weights = generator.random((6, 9)) / 2 + 0.5
    weights[0, 0] = 0.125
    problem = Problem(weights, 2, 1, pinned=[(0, 0)])
    result = solve(problem, "fair")
    assert result.floor == 0.125
    assert result.status is SolveStatus.OPTIMAL
    assert verify(problem, result).ok


@pytest.mark.parametrize("time_limit", [0, 0.001, 0.02, 0.05, 30])
def test_when_time_runs_out_the_best_found_verifies(time_limit):
    problem = midl()
    result = solve(problem, "fair", time_limit=time_limit)
    assert verify(problem, result).faults == ()
    assert result.coverage > 0
    assert result.certificate.bounds["floor"] >= result.floor


def test_time_that_runs_out_inside_a_search_leaves_what_is_known(monkeypatch):
    problem = midl()
    monkeypatch.setattr(fair_floor, "search_fair", lambda *_, **__: (None, np.inf))
    result = solve(problem, "fair")
    assert verify(problem, result).ok
    assert result.certificate.solver_bounds["floor"] > result.floor


def test_a_floor_that_parts_of_pairs_reach_and_whole_pairs_do_not_is_ruled_out_by_the_search():
    problem = Problem(np.full((5, 3), 0.6), 1, 2)  # five thirds of a mentor would give each a floor of 1
    result = solve(problem, "fair")
    assert (result.floor, result.total_weight) == (0.6, pytest.approx(3.0))
    assert result.status is SolveStatus.OPTIMAL
    assert result.certificate.bounds["floor"] == pytest.approx(1.0, abs=2e-3)
    assert result.certificate.solver_bounds["floor"] == pytest.approx(0.6, abs=2e-5)
    assert verify(problem, result).ok


def test_whole_pairs_are_looked_for_in_the_whole_pool_before_a_floor_is_given_up(monkeypatch):
    asked = []

    def search(*arguments, considered, **options):
        asked.append(len(considered))
        return (
            (None, -np.inf)
            if len(asked) == 1
            else fair_programme.search_fair(*arguments, considered=considered, **options)
        )

    monkeypatch.setattr(fair_floor, "search_fair", search)
    assert solve(midl(), "fair").floor == pytest.approx(0.94484, abs=1e-5)
    assert asked[1] > asked[0]
    monkeypatch.setattr(fair_floor, "MOST_PAIRS", 10)
    asked.clear()
    result = solve(midl(), "fair")
    assert verify(midl(), result).ok


def test_time_that_runs_out_in_the_bisection_leaves_a_weak_bound_that_verifies(monkeypatch):
    real, calls = fair_floor.relax_fair, []

    def relax(*arguments, **options):
        calls.append(1)
        return real(*arguments, **options) if len(calls) < 3 else None

    monkeypatch.setattr(fair_floor, "relax_fair", relax)
    problem = Problem(np.random.default_rng(1).random((8, 12)), 2, 2)
    result = solve(problem, "fair")
    assert verify(problem, result).faults == ()
    assert result.certificate.gaps["floor"] > 0.1


def test_prices_that_show_nothing_are_replaced_by_weak_ones_that_do(monkeypatch):
    monkeypatch.setattr(fair_floor.FloorSearch, "_shows", lambda *_: False)
    problem = Problem(np.random.default_rng(1).random((8, 12)), 2, 2)
    result = solve(problem, "fair")
    assert verify(problem, result).faults == ()
    assert result.certificate.bounds["floor"] > 1


def test_a_search_that_finds_nothing_better_keeps_what_was_found(monkeypatch):
    monkeypatch.setattr(fair, "search_fair", lambda *_, **__: (None, np.inf))
    result = solve(midl(), "fair")
    assert result.floor == pytest.approx(0.94484, abs=1e-5)
    assert verify(midl(), result).ok


def test_time_that_runs_out_after_a_search_leaves_the_linear_bound(monkeypatch):
    real, clock = fair.search_fair, [0.0]

    def search(*arguments, **options):
        clock[0] = 1e9
        return real(*arguments, **options | {"deadline": np.inf})

    monkeypatch.setattr(fair, "search_fair", search)
    monkeypatch.setattr(fair, "monotonic", lambda: clock[0])
    monkeypatch.setattr(fair_floor, "monotonic", lambda: 0.0)
    monkeypatch.setattr(fair_programme, "monotonic", lambda: 0.0)
    result = solve(midl(), "fair", time_limit=30)
    assert verify(midl(), result).ok
    assert result.solver_bound == pytest.approx(result.bound)


def test_the_linear_programme_starts_from_nothing_and_brings_in_what_it_needs():
    problem = Problem(np.random.default_rng(1).random((8, 12)), 2, 2)
    network = build_network(problem, 0)
    nothing = Prices(np.zeros(12), np.zeros(12), np.zeros(8), np.zeros(8))
    face = fair_programme.NetworkFace.of(network, 8.0, nothing, 0.0)
    values = [
        fair_programme.relax_fair(network, face, "coverage", 0.9, considered=start, deadline=np.inf).value
        for start in (np.array([], dtype=np.int64), np.arange(network.n_pairs))
    ]
    assert values[0] == pytest.approx(values[1])


def test_a_level_that_loses_what_was_reached_is_told(monkeypatch):
    real = fair._largest_total
    monkeypatch.setattr(fair, "_largest_total", lambda *arguments: (real(*arguments)[0][:1], real(*arguments)[1]))
    with pytest.raises(SolverError, match="lost coverage"):
        solve(midl(), "fair")


def test_a_floor_above_what_its_prices_rule_out_is_told(monkeypatch):
    monkeypatch.setattr(fair, "coverage_at_floor", lambda *_: 1e9)
    with pytest.raises(SolverError, match="what its prices rule out"):
        solve(midl(), "fair")


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(Problem(np.empty((0, 0)), 1, 1), id="nobody"),
        pytest.param(Problem(np.empty((0, 3)), 1, 1), id="no mentors"),
        pytest.param(Problem(np.empty((3, 0)), 1, 1), id="no mentees"),
        pytest.param(Problem(np.ones((3, 2)), 0, 1), id="no places"),
        pytest.param(Problem(np.full((3, 2), NAN), 1, 1), id="nothing acceptable"),
    ],
)
def test_when_no_pair_is_possible_the_empty_matching_is_fair(problem):
    result = solve(problem, "fair")
    assert result.status is SolveStatus.OPTIMAL
    assert (result.total_weight, result.coverage, result.bound, result.floor) == (0, 0, 0, 0)
    assert verify(problem, result).ok


def test_progress_tells_the_floors_on_the_way():
    told = []
    solve(midl(), "fair", progress=lambda *said: told.append(said))
    stages = [stage for stage, *_ in told]
    assert list(dict.fromkeys(stages)) == ["coverage", "floor", "total", "proof", "done"]
    assert any(bound is not None and gap >= 0 for stage, _, _, bound, gap in told if stage == "floor")


@pytest.mark.parametrize("solver", ["linprog", "milp"])
def test_a_solver_that_breaks_is_told(monkeypatch, solver):
    class Broken:
        status = 4
        message = "numbers fell out"

    monkeypatch.setattr(fair_programme, solver, lambda *_, **__: Broken)
    with pytest.raises(SolverError, match="with a floor failed: numbers fell out"):
        solve(midl(), "fair")
