"""Bounds by whole sets: true for any prices, never weaker than prices of places and minutes, exact for one mentor."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Problem, patterns, solve, verify
from matcher.bounds import upper_bound
from matcher.patterns import WholeSets
from matcher.prices import Prices
from tests.strategies import given_problems
from tests.unit.matcher.brute_force import try_everything

NAN = float("nan")


def some_prices(problem, seed):
    generator = np.random.default_rng(seed)
    return Prices(
        generator.random(problem.n_mentees) * generator.integers(0, 2, problem.n_mentees),
        generator.normal(size=problem.n_persons),
        generator.random(problem.n_mentors),
        generator.random(problem.n_mentors) / 50,
        float(generator.random()),
        float(generator.random()),
    )


@given(given_problems(), st.integers(0, 1000))
@settings(max_examples=120, deadline=None)
def test_any_prices_bound_the_best_and_never_less_tightly_than_minutes_do(drawn, seed):
    best = try_everything(drawn)
    problem = drawn.problem()
    prices = some_prices(problem, seed)
    if best is None:
        return
    values = {"coverage": best.coverage, "priority": best.priority, "total": best.total}
    for level, value in values.items():
        bound = upper_bound(problem, level, prices, values)
        assert bound >= value - 1e-9
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(patterns, "MOST_CELLS", 0)
            assert bound <= upper_bound(problem, level, prices, values) + 1e-9


def best_set(problem, mentor, keeps):
    """Try every set of a mentor's pairs."""
    pins = {mentee for at, mentee in problem.pinned.tolist() if at == mentor}
    best = -np.inf
    for size in range(problem.places[mentor] + 1):
        for chosen in combinations(np.flatnonzero(~np.isnan(keeps)).tolist(), size):
            minutes = problem.minutes_of(
                np.array([(mentor, mentee) for mentee in chosen], dtype=np.int64).reshape(-1, 2)
            ).sum()
            apart = len({int(problem.person[mentee]) for mentee in chosen}) == size
            if minutes <= problem.mentor_minutes[mentor] and apart and pins <= set(chosen):
                best = max(best, sum(keeps[mentee] for mentee in chosen))
    return best


@pytest.mark.parametrize("lengths", [(30, 45, 60), (0, 20, 37), (15, 16, 17, 19, 23, 41)])
@pytest.mark.parametrize("boards", [False, True])
@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_the_best_whole_set_is_that_of_trying_every_set(monkeypatch, lengths, boards, block):
    monkeypatch.setattr(patterns, "BLOCK", block)
    generator = np.random.default_rng(len(lengths) + boards)
    for shape in ((9,), (4, 9)):
        weights = generator.random((4, 9))
        weights[generator.random(weights.shape) < 0.2] = NAN
        weights[0, 3] = 0.4
        problem = Problem(
            weights,
            [3, 2, 4, 0],
            1,
            generator.choice(lengths, shape),
            generator.choice([70, 80, 90], 4),
            pinned=[(0, 3)],
            person=[0, 0, 0, 1, 1, 2, 3, 3, 4] if boards else None,
        )
        sets = WholeSets(problem)
        keeps = problem.weights - generator.random(9)
        told = np.where(np.isnan(keeps), -np.inf, keeps)[sets.mentors]
        sets.add(0, told[:, :4])
        sets.add(4, told[:, 4:])
        assert len(sets.mentors) >= 2
        expected = [best_set(problem, mentor, keeps[mentor]) for mentor in sets.mentors.tolist()]
        assert sets.most() == pytest.approx(expected)


def test_a_mentor_with_many_places_keeps_the_form_by_prices(monkeypatch):
    problem = Problem([[0.6, 0.5, 0.5]], 3, 1, [60, 45, 45], [104])
    exact = solve(problem, "total")
    monkeypatch.setattr(patterns, "MOST_CELLS", 21)
    assert len(WholeSets(problem).mentors) == 1  # two places and six units of 15 minutes: 21 cells
    monkeypatch.setattr(patterns, "MOST_CELLS", 20)
    assert len(WholeSets(problem).mentors) == 0
    loose = solve(problem, "total")
    assert verify(problem, loose).ok
    assert loose.solver_bound == pytest.approx(exact.total_weight)
    assert loose.bound >= exact.bound == pytest.approx(1.0)


def test_equal_minutes_have_no_whole_sets():
    assert len(WholeSets(Problem(np.ones((2, 3)), 2, 1, [30, 30, 30], [60, 90])).mentors) == 0
    assert len(WholeSets(Problem(np.ones((2, 3)), 2, 1)).mentors) == 0
