"""Whole pairs for mixed minutes: fillings, the programme with them, and every way of searching."""

import itertools
from itertools import product
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
from matcher.bounds import upper_bound
from matcher.filled_programme import relax_filled
from matcher.fillings import Fillings, find_fillings, maximal_counts
from matcher.length_prices import LengthPrices
from matcher.levels import Level
from matcher.linear_programme import first_pairs, relax
from matcher.network import build_network
from tests.strategies import given_problems
from tests.unit.matcher.brute_force import try_everything

NOBODY = np.empty(0, dtype=np.int64)


def pool(n_mentors=30, n_mentees=60, *, lengths=(30, 45, 60), given_minutes=(60, 80, 100, 110), **more):
    generator = np.random.default_rng(8)
    return Problem(
        generator.random((n_mentors, n_mentees)),
        3,
        2,
        generator.choice(lengths, n_mentees),
        generator.choice(given_minutes, n_mentors),
        **more,
    )


@pytest.fixture
def as_large(monkeypatch):
    """Treat every pool as a large one, in small steps."""
    monkeypatch.setattr(mixed_minutes, "SMALL", 0)
    monkeypatch.setattr(neighbourhoods, "FREE_MENTORS", 6)
    monkeypatch.setattr(good_pairs, "PATIENCE", 3)
    monkeypatch.setattr(good_pairs, "FEW", 1)


def said_nothing(_bound, _value):
    return None


def filled_of(problem, level, **more):
    network = build_network(problem, 0)
    relaxed = relax(network, level, more.pop("considered", first_pairs(network)))
    return network, relaxed, relax_filled(network, level, relaxed, np.inf, said_nothing)


@pytest.mark.parametrize("lengths", [[30, 45, 60], [1], [0, 2, 3], [20, 40, 60, 75]])
@pytest.mark.parametrize(("places", "minutes"), [(1, 60), (3, 100), (4, 5), (5, 180)])
def test_fillings_are_all_counts_to_which_nothing_can_be_added(lengths, places, minutes):
    def fits(counts):
        return sum(counts) <= places and np.dot(counts, lengths) <= minutes

    fitting = [counts for counts in product(range(places + 1), repeat=len(lengths)) if fits(counts)]
    more = np.eye(len(lengths), dtype=int)
    maximal = [counts for counts in fitting if not any(fits(np.add(counts, one)) for one in more)]
    assert sorted(maximal_counts(places, minutes, lengths)) == sorted(maximal)


def test_mentors_with_too_many_ways_are_left_as_they_are(monkeypatch):
    network = build_network(pool(), 0)
    assert len(find_fillings(network).filled) == network.mixed.sum()
    monkeypatch.setattr(fillings, "MOST_FILLINGS", 4)
    some = find_fillings(network)
    assert 0 < len(some.filled) < network.mixed.sum()
    monkeypatch.setattr(fillings, "MOST_LENGTHS", 2)
    assert len(find_fillings(network).filled) == 0


def test_fillings_hold_the_pins():
    problem = Problem(np.ones((1, 4)), 4, 1, [30, 30, 45, 60], [120], pinned=[(0, 2)])
    assert (find_fillings(build_network(problem, 0)).counts[:, 1] >= 1).all()


@pytest.mark.parametrize("name", ["coverage", "priority", "total"])
def test_at_its_prices_the_bound_by_whole_sets_is_at_least_as_tight_as_the_programme(name):
    problem = pool(12, 24, priority=np.arange(24) % 5, pinned=[(0, 1), (4, 2)])
    level = Level(name, by_person=True)
    network, relaxed, filled = filled_of(problem, level)  # what the levels before reach is not asked for here
    prices = network.in_problem(filled.relaxed.prices, name)
    bound = network.in_units(filled.relaxed.bound, name)
    best = solve(problem, "coverage").certificate.values[name]
    assert best - 1e-6 <= upper_bound(problem, name, prices, {}) <= bound + 1e-6
    assert filled.relaxed.bound <= relaxed.bound + 1e-6


def test_fillings_that_enter_one_by_one_give_the_same_bound(monkeypatch):
    level = Level("total", by_person=False)
    _, relaxed, everything = filled_of(pool(), level)
    monkeypatch.setattr(filled_programme, "FIRST_FILLINGS", 1)
    _, _, few = filled_of(pool(), level)
    assert few.relaxed.bound == pytest.approx(everything.relaxed.bound, abs=1e-6)
    assert few.relaxed.bound < relaxed.bound - 1e-3


def test_no_time_for_fillings_leaves_the_linear_bound(monkeypatch):
    level = Level("total", by_person=False)
    network = build_network(pool(), 0)
    relaxed = relax(network, level, first_pairs(network))
    late = relax_filled(network, level, relaxed, -np.inf, said_nothing)
    assert late.relaxed is relaxed
    monkeypatch.setattr(filled_programme, "solve_programme", lambda *_: None)
    assert relax_filled(network, level, relaxed, np.inf, said_nothing).relaxed is relaxed


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


def test_mentors_without_fillings_lose_what_their_pairs_do_not_pay(monkeypatch):
    monkeypatch.setattr(fillings, "MOST_LENGTHS", 0)
    level = Level("total", by_person=False)
    network, _, filled = filled_of(pool(), level)
    worst = np.argsort(filled.keeps(network, level))[:2]
    losses = filled.losses(network, level, worst)
    assert losses.sum() == pytest.approx(-filled.keeps(network, level)[worst].sum())


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
