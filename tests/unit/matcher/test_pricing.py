"""Lists, first prices and sweeps: whatever they start from, the last sweep proves the best."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from matcher import Problem, SolveStatus, candidates, linear_programme, pricing, solve, verify
from matcher.candidates import adjust_prices, find_candidates, popularity, spread_of
from matcher.levels import Level
from matcher.network import build_network
from matcher.prices import Prices
from matcher.weight_sources import spans

NAN = float("nan")


def pool(n_mentors=40, n_mentees=70, *, seed=0, **more):
    generator = np.random.default_rng(seed)
    weights = generator.random((n_mentors, n_mentees))
    weights[generator.random(weights.shape) < 0.4] = NAN
    return Problem(weights, 2, generator.integers(1, 4, n_mentees), **more)


class CountedWeights:
    """Weights that count how often they are read, and refuse to be read whole."""

    def __init__(self, weights):
        self.weights, self.shape, self.read = weights, weights.shape, 0

    def chunk(self, start, stop):
        assert stop - start <= 1024
        self.read += 1
        return self.weights[:, start:stop]


@pytest.fixture
def as_large(monkeypatch):
    """Let small pools go the way of large ones, with lists of three and chunks of sixteen."""
    monkeypatch.setattr(candidates, "DIRECT", 0)
    monkeypatch.setattr(candidates, "LIST", 3)
    for module in (candidates, pricing):
        monkeypatch.setattr(module, "spans", lambda n_mentees: spans(n_mentees, 16))


@pytest.mark.parametrize("objective", ["coverage", "total"])
@pytest.mark.parametrize("seed", range(4))
def test_short_lists_and_all_pairs_give_equally_good_matchings(as_large, monkeypatch, objective, seed):
    problem = pool(seed=seed, priority=np.arange(70) % 3)
    short = solve(problem, objective)
    monkeypatch.setattr(candidates, "DIRECT", 10**6)
    whole = solve(problem, objective)
    assert short.status is whole.status is SolveStatus.OPTIMAL
    assert short.certificate.values == pytest.approx(whole.certificate.values, abs=1e-6)
    assert verify(problem, short).ok


@pytest.mark.parametrize("objective", ["coverage", "total"])
def test_threads_change_nothing(as_large, objective):
    problem = pool()
    with ThreadPoolExecutor(3) as executor:
        assert solve(problem, objective, executor=executor).pairs.tolist() == solve(problem, objective).pairs.tolist()


def test_mixed_minutes_search_the_whole_pool_before_they_call_it_best(as_large):
    generator = np.random.default_rng(8)
    weights = generator.random((12, 24))
    minutes, given = generator.choice([30, 45, 60], 24), generator.choice([80, 100, 110], 12)
    problem = Problem(weights, 3, 2, minutes, given)
    short = solve(problem, "total")
    assert short.status is SolveStatus.OPTIMAL
    assert build_network(problem, 0, whole=True).complete
    assert verify(problem, short).ok


def test_everyone_liking_the_same_mentors_still_spreads_the_lists(as_large):
    popular = np.zeros((40, 1))
    popular[:3] = 0.5
    problem = Problem(popular + 0.4 * np.random.default_rng(0).random((40, 70)), 2, 1)
    found = find_candidates(problem, 0)
    assert len(np.unique(found.mentors)) > 30
    assert found.prices[:3].min() > found.prices[3:].max()


def test_equal_mentors_are_not_listed_in_the_order_they_stand_in(as_large):
    found = find_candidates(Problem(np.full((40, 70), 0.5), 2, 1), 0)
    assert len(np.unique(found.mentors)) > 30


def test_popularity_that_chance_explains_is_none():
    generator = np.random.default_rng(0)
    liked = np.zeros((30, 1))
    liked[7] = 0.4
    flat = Problem(generator.random((30, 50)) * 0.5, 1, 1)
    peaked = Problem(liked + generator.random((30, 50)) * 0.5, 1, 1)
    assert np.abs(popularity(flat)).max() < 0.05
    assert popularity(peaked).argmax() == 7
    assert popularity(peaked)[7] > 0.3
    assert popularity(Problem(np.full((4, 3), NAN), 1, 1)).tolist() == [0.0] * 4


def test_a_pool_of_many_chunks_is_sampled_from_all_over_and_never_read_whole():
    weights = np.random.default_rng(0).random((12, 2100))
    weights[5, 1000:] *= 0.1  # whom only the first thousand like
    source = CountedWeights(weights)
    problem = Problem(source, 60, 1)
    assert popularity(problem)[5] < -0.1
    result = solve(problem, "total")
    assert result.status is SolveStatus.OPTIMAL
    assert source.read > 6


def test_prices_rise_where_many_ask_and_stay_zero_where_places_are_plenty():
    mentors = np.tile([0, 1], (6, 1))
    weights = np.tile([0.9, 0.5], (6, 1))
    prices = adjust_prices(mentors, weights, np.array([1, 9]), np.ones(6, dtype=np.int64), np.zeros(2))
    assert prices[0] > 0.2
    assert prices[1] == 0
    nobody = adjust_prices(mentors, weights, np.array([1, 9]), np.zeros(6, dtype=np.int64), np.zeros(2))
    assert nobody.tolist() == [0.0, 0.0]


def test_spread_of_lists_without_pairs_is_nothing():
    assert spread_of(np.full((2, 3), -np.inf)) == 0
    assert spread_of(np.array([[0.1, 0.3, -np.inf], [0.2, 0.2, 0.2]])) == pytest.approx(0.1)


def test_a_sweep_tells_what_left_out_pairs_could_add(as_large):
    problem = pool()
    network = build_network(problem, 0)
    nothing = Prices(np.zeros(70), np.zeros(70), np.zeros(40), np.zeros(40))
    everything = np.arange(network.n_pairs)
    found = pricing.sweep(network, Level("total", by_person=False), nothing, everything)
    held = network.weight[: len(everything)].sum()
    assert found.excess == pytest.approx(np.nansum(problem.weights) - held)
    assert (found.entering >= len(everything)).all()


def test_while_the_network_itself_tempts_the_pool_is_not_read(as_large):
    network = build_network(pool(), 0)
    nothing = Prices(np.zeros(70), np.zeros(70), np.zeros(40), np.zeros(40))
    found = pricing.sweep(network, Level("total", by_person=False), nothing, np.empty(0, dtype=np.int64))
    assert found.excess == np.inf
    assert found.entering.max() < network.n_pairs


def test_pairs_added_twice_keep_their_index():
    network = build_network(pool(), 0)
    before = network.n_pairs
    pair = network.pairs(np.array([3]))
    assert network.add(pair[:, 0], pair[:, 1], network.weight[[3]]).tolist() == [3]
    assert network.n_pairs == before


def test_more_first_pairs_change_nothing_but_the_way(monkeypatch):
    problem = pool(seed=5)
    few = solve(problem, "total")
    monkeypatch.setattr(linear_programme, "FIRST_PAIRS", 50)
    assert solve(problem, "total").total_weight == pytest.approx(few.total_weight, abs=1e-9)


def test_weights_that_a_source_hands_out_are_not_written_to():
    weights = np.array([[0.5]])
    problem = Problem(CountedWeights(weights), 0, 1)
    assert len(solve(problem).pairs) == 0
    assert weights.tolist() == [[0.5]]
