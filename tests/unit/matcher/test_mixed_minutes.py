"""Whole pairs for mixed minutes: every way of searching."""

import itertools
from time import monotonic

import numpy as np
import pytest
from hypothesis import given, settings

from matcher import (
    Problem,
    SolveStatus,
    diving,
    filled_programme,
    fillings,
    good_pairs,
    mixed_minutes,
    neighbourhoods,
    repair,
    solve,
    verify,
)
from matcher.filled_programme import relax_filled
from matcher.fillings import Fillings
from matcher.length_prices import LengthPrices
from matcher.levels import Level
from matcher.linear_programme import first_pairs, relax
from matcher.network import build_network
from tests.strategies import given_problems
from tests.unit.matcher.brute_force import try_everything
from tests.unit.matcher.mixed_pools import NOBODY, filled_of, pool, said_nothing


@given(given_problems())
@settings(max_examples=60, deadline=None)
def test_the_ways_of_large_pools_find_the_best_of_small_ones(drawn):
    problem, best = drawn.problem(), try_everything(drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mixed_minutes, "SMALL", 0)
        patch.setattr(good_pairs, "PATIENCE", 2)
        for objective in ("coverage", "total"):
            result = solve(problem, objective)
            if best is None:
                assert result.status is SolveStatus.INFEASIBLE
                continue
            expected = best.total if objective == "coverage" else best.largest_total
            assert result.status is SolveStatus.OPTIMAL
            assert result.total_weight == pytest.approx(expected, abs=1e-6)
            assert verify(problem, result).ok


@pytest.mark.parametrize("objective", ["coverage", "total"])
def test_good_pairs_are_near_the_best_without_any_further_search(as_large, monkeypatch, objective):
    problem = pool(15, 30, priority=np.arange(30) % 3, pinned=[(0, 1)])
    monkeypatch.setattr(mixed_minutes, "_TOO_LATE", 2.0)
    result = solve(problem, objective, time_limit=60)
    assert result.gap < 0.02
    assert verify(problem, result).ok


def test_boards_and_mentors_without_fillings_are_searched_in_parts(as_large, monkeypatch):
    monkeypatch.setattr(fillings, "MOST_FILLINGS", 4)
    monkeypatch.setattr(mixed_minutes, "_TOO_LATE", 2.0)
    problem = pool(15, 30, person=np.arange(30) // 2)
    result = solve(problem, time_limit=20)
    assert result.gap < 0.02
    assert verify(problem, result).ok


def test_a_dive_out_of_time_keeps_what_it_had(monkeypatch):
    network, _, filled = filled_of(pool(), Level("total", by_person=False))
    level, near = Level("total", by_person=False), filled.relaxed.considered

    def never(*_):
        raise AssertionError

    assert len(diving.dive(network, level, filled, near, search=never, deadline=-np.inf)) == 0
    solve_programme, calls = diving.solve_programme, []

    def once(*arguments, **options):
        calls.append(0)
        return solve_programme(*arguments, **options) if len(calls) == 1 else None

    monkeypatch.setattr(diving, "solve_programme", once)
    found = diving.dive(network, level, filled, near, search=never, deadline=np.inf)
    assert len(calls) == 2
    assert level.worth(network, found) > 0.9 * filled.relaxed.bound


def test_what_a_dive_leaves_in_halves_is_searched():
    """Two columns of a person take different minutes: with a filling fixed, halves of both may be left."""
    level = Level("total", by_person=False)
    network = build_network(pool(8, 16, person=np.arange(16) // 2), 0)
    relaxed = relax(network, level, first_pairs(network))
    filled = relax_filled(network, level, relaxed, np.inf, said_nothing)
    halves = []

    class Halved:
        def __init__(self, solution, n_pairs):
            self.x = np.where(np.arange(len(solution.x)) < n_pairs, solution.x * 0.5, solution.x)

    near = filled.relaxed.considered
    solve_programme = diving.solve_programme

    def halving(*arguments, **options):
        return Halved(solve_programme(*arguments, **options), len(near))

    def search(considered, allowed):
        halves.append(len(allowed.mentor))
        assert np.array_equal(considered, near)
        return considered[:1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diving, "solve_programme", halving)
        found = diving.dive(network, level, filled, near, search=search, deadline=np.inf)
    assert halves == [len(filled.fillings.filled)]
    assert found.tolist() == near[:1].tolist()


def improving(network, near, best, search, **more):
    level = Level("total", by_person=False)
    nothing = Fillings(NOBODY, NOBODY, np.empty((0, 0), dtype=np.int64))
    given_too = {"is_enough": lambda _pairs: False, "deadline": np.inf} | more
    return neighbourhoods.improve(
        network,
        near,
        nothing,
        best,
        search=search,
        merit=lambda pairs: level.worth(network, pairs),
        losses=lambda _pairs: np.zeros(len(network.places)),
        **given_too,
    )


def test_neighbourhoods_gain_from_a_poor_start_and_end_when_they_stall():
    network = build_network(Problem(np.random.default_rng(0).random((10, 20)), 1, 1), 0)
    calls = []

    def search(considered, _fillings, _until, staying):
        calls.append(len(considered))
        return considered[:1] if len(staying) == 0 else staying

    near = np.argsort(-network.weight)[:30]
    best = improving(network, near, near[-1:], search, patience=4)
    assert len(calls) >= 4
    assert network.weight[best].sum() >= network.weight[near[-1]]


def test_neighbourhoods_shrink_when_a_part_takes_too_long_and_end_when_told(monkeypatch):
    network = build_network(Problem(np.random.default_rng(0).random((40, 20)), 1, 1), 0)
    clock, sizes = iter(range(0, 1000, 10)), []
    monkeypatch.setattr(neighbourhoods, "monotonic", lambda: float(next(clock)))
    near = np.arange(network.n_pairs)

    def search(considered, _fillings, _until, _staying):
        sizes.append(len(np.unique(network.mentor[considered])))
        return NOBODY

    improving(network, near, near[:1], search, is_enough=lambda _pairs: len(sizes) == 4)
    assert len(sizes) == 4
    assert sizes[0] > sizes[1] > sizes[2]


def test_progress_hears_bounds_during_the_search_and_may_cancel(as_large):
    heard = []

    def listen(stage, _done, _total, bound, gap):
        heard.append((stage, bound, gap))

    result = solve(pool(), "total", time_limit=30, progress=listen)
    told = [(bound, gap) for stage, bound, gap in heard if stage == "total" and bound is not None]
    assert all(bound >= result.total_weight - 1e-6 and gap >= 0 for bound, gap in told)
    assert len(told) > 3

    def cancel(stage, *_):
        if stage == "total" and len(heard) > 6:
            raise InterruptedError
        heard.append(stage)

    heard.clear()
    with pytest.raises(InterruptedError):
        solve(pool(), "total", time_limit=30, progress=cancel)


def test_who_could_cover_someone_is_freed_first_while_someone_must_be():
    level = Level("total", by_person=True, coverage=60.0)
    problem = pool()
    network, _, filled = filled_of(problem, Level("total", by_person=True))
    good = good_pairs.GoodPairs(network, level, filled, search=None, is_enough=lambda _pairs: False)
    pairs = filled.relaxed.considered[network.person[filled.relaxed.considered] > 0][:1]
    losses, plain = good._losses(pairs), filled.losses(network, level, pairs)
    assert (losses >= plain - 1e-12).all()
    assert (losses > plain).any()


def test_what_misses_someone_is_never_handed_back(as_large, monkeypatch):
    for module in (good_pairs, filled_programme):
        monkeypatch.setattr(module, "MISSING", -5.0)
    monkeypatch.setattr(mixed_minutes, "_TOO_LATE", 2.0)
    problem = pool(10, 30)
    result = solve(problem, time_limit=20)
    assert result.coverage == result.certificate.values["coverage"]
    assert result.coverage >= 0.9 * result.certificate.bounds["coverage"]
    assert verify(problem, result).ok


def test_a_small_problem_whose_search_takes_long_is_improved_in_parts_too(as_large, monkeypatch):
    monkeypatch.setattr(mixed_minutes, "SMALL", 10**6)
    monkeypatch.setattr(mixed_minutes, "FIRST_MARGIN", 1e-6)
    clock = itertools.count(monotonic(), 4.0)
    monkeypatch.setattr(mixed_minutes, "monotonic", lambda: next(clock))
    found = []
    find = good_pairs.GoodPairs.find

    def spied(self, starts, deadline):
        found.append(find(self, starts, min(deadline, monotonic() + 5)))
        return found[-1]

    monkeypatch.setattr(good_pairs.GoodPairs, "find", spied)
    problem = pool(12, 24)
    result = solve(problem, "total", time_limit=60)
    assert len(found) == 1
    assert result.gap < 0.02
    assert verify(problem, result).ok


@pytest.mark.parametrize("name", ["coverage", "total"])
def test_what_is_enough_is_not_improved(name):
    level = Level(name, by_person=True)
    network, _, filled = filled_of(pool(), level)
    good = good_pairs.GoodPairs(network, level, filled, search=None, is_enough=lambda _pairs: True)
    first, better = np.array([0]), np.flatnonzero(network.person[:200] > 0)[[0, -1]]
    assert good.find([first, better], -np.inf).tolist() == better.tolist()


def test_pairs_that_miss_someone_are_no_news(as_large, monkeypatch):
    heard, before = [], []

    def find(self, starts, _deadline):
        before.append(len(heard))
        assert not self._is_enough(NOBODY)
        before.append(len(heard))
        return starts[0]

    monkeypatch.setattr(good_pairs.GoodPairs, "find", find)
    monkeypatch.setattr(mixed_minutes, "_TOO_LATE", 2.0)
    solve(pool(), time_limit=20, progress=lambda *news: heard.append(news))
    assert before[-2] == before[-1]


@pytest.mark.parametrize("most_withdrawn", [None, 1])
def test_a_repair_is_searched_in_parts_and_keeps_what_it_must(as_large, monkeypatch, most_withdrawn):
    monkeypatch.setattr(mixed_minutes, "_TOO_LATE", 2.0)
    problem = pool(10, 30)
    offered = solve(problem, time_limit=20).pairs
    accepted, declined, waiting = offered[::3], offered[1::3], offered[2::3]
    found = repair(
        problem,
        accepted=accepted,
        open_offers=waiting,
        declined=declined,
        most_withdrawn=most_withdrawn,
        time_limit=20,
    )
    assert verify(found.problem, found.result).ok
    assert {tuple(pair) for pair in accepted.tolist()} <= {tuple(pair) for pair in found.result.pairs.tolist()}
    assert len(found.withdrawn) <= (len(waiting) if most_withdrawn is None else most_withdrawn)


def test_pairs_pay_nothing_by_length_where_no_lengths_are_known():
    nothing = LengthPrices(np.empty(0, dtype=np.int64), np.zeros((3, 0)))
    assert nothing.of(np.array([0, 2]), np.array([30, 45])).tolist() == [0.0, 0.0]
