"""Fillings: the ways in which a mentor's minutes can be filled, and the bound that they give."""

from itertools import product

import numpy as np
import pytest

from matcher import (
    Problem,
    filled_programme,
    fillings,
    solve,
)
from matcher.bounds import upper_bound
from matcher.filled_programme import relax_filled
from matcher.fillings import find_fillings, maximal_counts
from matcher.levels import Level
from matcher.linear_programme import first_pairs, relax
from matcher.network import build_network
from tests.unit.matcher.mixed_pools import filled_of, pool, said_nothing


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


def test_mentors_without_fillings_lose_what_their_pairs_do_not_pay(monkeypatch):
    monkeypatch.setattr(fillings, "MOST_LENGTHS", 0)
    level = Level("total", by_person=False)
    network, _, filled = filled_of(pool(), level)
    worst = np.argsort(filled.keeps(network, level))[:2]
    losses = filled.losses(network, level, worst)
    assert losses.sum() == pytest.approx(-filled.keeps(network, level)[worst].sum())
