"""The linear and the mixed-integer programme at their edges: time, breakdown, noise."""

from types import SimpleNamespace

import numpy as np
import pytest

from matcher import Problem, SolverError, SolveStatus, b_matching, linear_programme, mixed_minutes, solve, verify
from matcher.greedy import choose_greedily
from matcher.levels import Level
from matcher.network import build_network


def mixed_problem(n_mentors=12, n_mentees=24, **more):
    generator = np.random.default_rng(8)
    return Problem(
        generator.random((n_mentors, n_mentees)),
        3,
        2,
        generator.choice([30, 45, 60], n_mentees),
        generator.choice([80, 100, 110], n_mentors),
        **more,
    )


def test_a_broken_linear_programme_raises(monkeypatch):
    broken = SimpleNamespace(status=4, message="numerical difficulties")
    monkeypatch.setattr(linear_programme, "linprog", lambda *_args, **_options: broken)
    with pytest.raises(SolverError, match="level coverage failed: numerical difficulties"):
        solve(Problem([[1.0]], 1, 1))


def test_a_broken_mixed_integer_programme_raises(monkeypatch):
    broken = SimpleNamespace(status=4, message="numerical difficulties")
    monkeypatch.setattr(mixed_minutes, "milp", lambda *_args, **_options: broken)
    with pytest.raises(SolverError, match="level total failed: numerical difficulties"):
        solve(mixed_problem(), "total")


def test_a_linear_programme_out_of_time_leaves_the_greedy_matching(monkeypatch):
    late = SimpleNamespace(status=1, message="time", x=None)
    monkeypatch.setattr(linear_programme, "linprog", lambda *_args, **_options: late)
    problem = Problem(np.random.default_rng(0).random((5, 9)), 1, 1, pinned=[(3, 3)])
    result = solve(problem, time_limit=60)
    assert result.status is SolveStatus.FEASIBLE
    assert len(result.pairs) == 5
    assert [3, 3] in result.pairs.tolist()
    assert verify(problem, result).ok


def test_time_running_out_between_two_programmes_keeps_a_valid_bound(monkeypatch):
    clock = iter([0.0, *[1.0] * 3, *[1e9] * 50])
    monkeypatch.setattr(linear_programme, "FIRST_PAIRS", 1)
    monkeypatch.setattr(linear_programme, "monotonic", lambda: next(clock))
    monkeypatch.setattr(b_matching, "monotonic", lambda: 0.0)
    problem = Problem(np.random.default_rng(0).random((9, 15)), 2, 1)
    result = solve(problem, "total", time_limit=100)
    best = solve(problem, "total")
    assert result.bound >= best.total_weight - 1e-9
    assert verify(problem, result).ok


def test_a_search_out_of_time_keeps_the_rounded_pairs_and_both_bounds(monkeypatch):
    problem = mixed_problem()
    best = solve(problem, "total")
    late = SimpleNamespace(status=1, message="time", x=None, mip_dual_bound=None)
    monkeypatch.setattr(mixed_minutes, "milp", lambda *_args, **_options: late)
    result = solve(problem, "total", time_limit=60)
    assert result.status is SolveStatus.FEASIBLE
    assert 0.9 * best.total_weight < result.total_weight <= best.total_weight + 1e-9
    assert result.solver_bound >= best.total_weight - 1e-9
    assert verify(problem, result).ok


def test_no_time_for_a_search_leaves_the_linear_bound(monkeypatch):
    monkeypatch.setattr(mixed_minutes, "monotonic", lambda: np.inf)
    problem = mixed_problem()
    result = solve(problem, "total", time_limit=60)
    assert result.status is SolveStatus.FEASIBLE
    assert result.solver_bound == pytest.approx(result.bound)
    assert verify(problem, result).ok


@pytest.mark.parametrize("objective", ["coverage", "total"])
def test_searching_from_few_pairs_outwards_finds_what_searching_all_finds(monkeypatch, objective):
    problem = mixed_problem(priority=np.arange(24) % 3)
    monkeypatch.setattr(mixed_minutes, "FIRST_MARGIN", 10.0)
    everything = solve(problem, objective)
    monkeypatch.setattr(mixed_minutes, "FIRST_MARGIN", 0.0005)
    outwards = solve(problem, objective)
    assert outwards.status is everything.status is SolveStatus.OPTIMAL
    assert outwards.certificate.values == pytest.approx(everything.certificate.values, abs=1e-6)
    assert outwards.certificate.solver_bounds == pytest.approx(everything.certificate.solver_bounds, abs=1e-5)


def test_minutes_of_a_search_share_the_time_between_levels():
    problem = mixed_problem()
    result = solve(problem, "coverage", time_limit=60)
    assert result.status is SolveStatus.OPTIMAL
    assert result.total_weight == pytest.approx(solve(problem).total_weight, abs=1e-6)


def test_a_level_may_not_lose_what_was_reached():
    network = build_network(Problem([[1.0, 1.0]], 1, 1), 0)
    with pytest.raises(SolverError, match="level total lost"):
        Level("total", by_person=True, coverage=1.0).keeping(network, np.empty(0, dtype=np.int64))


def test_greedy_covers_first_and_keeps_minutes():
    problem = Problem([[0.9, 0.1, 0.1], [0.8, 0.2, 0.1]], 2, 2, [30, 30, 60], [60, 30])
    network = build_network(problem, 0)
    order = np.argsort(-network.weight, kind="stable")
    chosen = choose_greedily(network, np.empty(0, dtype=np.int64), order)
    assert network.pairs(chosen).tolist() == [[0, 0], [0, 1], [1, 1]]
