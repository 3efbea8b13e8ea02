"""What a repair must keep: under a cap that leaves its linear programme in halves, and in searches for whole pairs."""

import numpy as np

from matcher import Problem, problem_after_answers, repair, verify
from matcher.filled_programme import MISSING, soften
from matcher.greedy import generous_prices
from matcher.levels import Level
from matcher.linear_programme import build_programme
from matcher.network import build_network

NONE = float("nan")


def test_a_cap_that_leaves_the_linear_programme_in_halves_still_covers_all_it_can():
    # All five can be covered with one withdrawal; a programme of fractions splits two.
    weights = [
        [0.7, 0.5, NONE, 0.7, NONE],
        [0.8, 0.6, 0.5, NONE, NONE],
        [NONE, 0.8, NONE, 0.6, NONE],
        [NONE, NONE, NONE, NONE, 0.6],
    ]
    problem = Problem(weights, [2, 1, 1, 2], [1, 2, 1, 2, 2])
    found = repair(problem, open_offers=[(1, 1), (2, 1), (0, 3), (0, 0)], most_withdrawn=2)
    assert (found.result.coverage, len(found.withdrawn), found.proved) == (5, 1, True)
    assert verify(found.problem, found.result).ok


def test_offers_that_must_be_kept_are_paid_for_in_a_search_and_missed_without_them():
    problem = problem_after_answers(Problem([[0.9, 0.8], [0.7, 0.6]], 1, 1), open_offers=[(0, 0)])
    network = build_network(problem, 0)
    level = Level("total", by_person=True, coverage=2.0, kept=1.0, with_offers=True)
    pairs = np.arange(network.n_pairs)
    programme = build_programme(network, level, pairs)
    soft = soften(programme, network, level, pairs, generous_prices(network, level))
    paid = programme.cost[: len(pairs)] - soft.cost[: len(pairs)]
    assert paid.tolist() == (MISSING * network.offered).tolist()
    assert (soft.upper_limits >= 0).all()
    assert level.missing(network, pairs[:0]) == 3.0
    assert level.missing(network, pairs) == 0.0
