"""Time limits, what is told on the way, and other processors, for `coverage` and `total`."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from matcher import Problem, SolveStatus, b_matching, candidates, linear_programme, pricing, solve, verify

OBJECTIVES = ["coverage", "total"]


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


def test_no_time_at_all_gives_the_heavier_pair():
    assert solve(Problem([[0.1, 0.9, 0.2]], 1, 1), time_limit=0).pairs.tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("minutes", "time_limit", "deadlines"),
    [
        pytest.param([30, 45, 60], 60.0, [120.0, 130.0, 160.0], id="a search shares what is left"),
        pytest.param([30, 30, 30], 60.0, [160.0, 160.0, 160.0], id="linear programmes need no share"),
        pytest.param([30, 45, 60], None, [np.inf, np.inf, np.inf], id="no limit"),
    ],
)
def test_levels_get_their_part_of_the_time(monkeypatch, minutes, time_limit, deadlines):
    seen = []

    def solve_level(network, level, considered, chosen, deadline, **options):
        seen.append(deadline)
        return original(network, level, considered, chosen, np.inf, **options)

    original = b_matching.solve_level
    monkeypatch.setattr(b_matching, "solve_level", solve_level)
    monkeypatch.setattr(b_matching, "monotonic", lambda: 100.0)
    solve(Problem([[0.6, 0.5, 0.5]], 3, 1, minutes, [90], priority=[1, 0, 2]), time_limit=time_limit)
    assert seen == deadlines


def test_ample_time_gives_the_same_as_no_limit():
    problem = Problem(np.random.default_rng(2).random((5, 8)), 1, 1, np.arange(20, 28), [50] * 5)
    assert solve(problem, time_limit=60).status is SolveStatus.OPTIMAL
    assert solve(problem, time_limit=60).total_weight == pytest.approx(solve(problem).total_weight)


def test_progress_is_told_for_every_level_and_the_end():
    told = []
    problem = Problem([[0.5, 0.5]], 1, 1, priority=[1, 2])
    solve(problem, progress=lambda *news: told.append(news))
    assert list(dict.fromkeys(stage for stage, *_ in told)) == ["pairs", "coverage", "priority", "total", "done"]
    assert [done for _, done, *_ in told] == sorted(done for _, done, *_ in told)
    assert ("priority", 2, 4, pytest.approx(2.0), pytest.approx(0.0)) in told
    assert told[-1] == ("done", 4, 4, pytest.approx(0.5), pytest.approx(0.0))
    beginnings = [news for news in told if news[3] is None]
    assert beginnings == [(stage, done, 4, None, None) for done, (stage, *_) in enumerate(beginnings)]
    assert [stage for stage, *_ in beginnings] == ["pairs", "coverage", "priority", "total"]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_bound_and_gap_told_on_the_way_is_true(monkeypatch, objective):
    monkeypatch.setattr(candidates, "DIRECT", 0)
    monkeypatch.setattr(candidates, "LIST", 2)
    monkeypatch.setattr(linear_programme, "FIRST_PAIRS", 0)
    monkeypatch.setattr(pricing, "MORE_PAIRS", 1)
    generator = np.random.default_rng(1)
    problem = Problem(generator.random((12, 40)), 1, 1, priority=generator.integers(0, 9, 40))
    told = []
    result = solve(problem, objective, progress=lambda *news: told.append(news), seed=1)
    for level, best in result.certificate.values.items():
        news = [(bound, gap) for stage, _, _, bound, gap in told if stage == level and bound is not None]
        assert all(best - 1e-9 <= bound < np.inf for bound, _ in news)
        assert all(gap >= (bound - best) / best - 1e-9 for bound, gap in news)  # no value is above the best
        assert news[-1] == (pytest.approx(best), pytest.approx(0.0, abs=1e-8))
    assert any(gap for *_, gap in told)
    assert all((gap is None) == (bound is None) for *_, bound, gap in told)


def test_while_the_pool_is_not_read_there_is_no_bound_to_tell(monkeypatch):
    monkeypatch.setattr(candidates, "DIRECT", 0)
    monkeypatch.setattr(candidates, "LIST", 3)
    monkeypatch.setattr(linear_programme, "FIRST_PAIRS", 0)
    monkeypatch.setattr(pricing, "MANY", -1)
    told = []
    solve(Problem(np.random.default_rng(4).random((15, 30)), 2, 2), "total", progress=lambda *news: told.append(news))
    assert [bound is None for stage, *_, bound, _ in told if stage == "total"] == [True, True, False]


def test_what_progress_raises_cancels_and_a_second_solve_is_not_touched():
    problem = Problem(np.random.default_rng(4).random((5, 9)), 2, 2)
    expected = solve(problem).pairs.tolist()

    def cancel(stage, _done, _total, bound, _gap):
        if stage == "total" and bound is not None:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        solve(problem, progress=cancel)
    assert solve(problem).pairs.tolist() == expected


class CountingExecutor(ThreadPoolExecutor):
    submitted = 0

    def submit(self, *work, **options):
        self.submitted += 1
        return super().submit(*work, **options)


def test_chunks_read_on_an_executor_give_the_same_pairs():
    weights = np.random.default_rng(3).random((3, 1500))
    problem = Problem(weights, 2, 1)
    with CountingExecutor(2) as executor:
        assert solve(problem, executor=executor).pairs.tolist() == solve(problem).pairs.tolist()
        assert executor.submitted > 0
