"""Blocking pairs, by definition and on textbook cases."""

import itertools

import numpy as np
import pytest
from hypothesis import given

from matcher import Problem, find_blocking_pairs, solve
from tests.strategies import examples, given_problems

NAN = float("nan")


def blocking(problem, pairs):
    return find_blocking_pairs(problem, pairs).tolist()


def test_two_who_prefer_each_other_block():
    problem = Problem([[0.9, 0.8], [0.7, 0.1]], 1, 1)
    assert blocking(problem, [(0, 1), (1, 0)]) == [[0, 0]]
    assert blocking(problem, [(0, 0), (1, 1)]) == []


def test_nobody_matched_leaves_every_acceptable_pair_blocking():
    problem = Problem([[0.5, NAN], [0.1, 0.2]], 1, 1)
    assert blocking(problem, []) == [[0, 0], [1, 0], [1, 1]]
    assert find_blocking_pairs(problem, []).shape == (3, 2)
    assert find_blocking_pairs(Problem(np.empty((0, 2)), 1, 1), []).shape == (0, 2)


def test_equals_are_not_preferred():
    problem = Problem([[0.5, 0.5], [0.5, 0.5]], 1, 1)
    assert blocking(problem, [(0, 0), (1, 1)]) == []


def test_ranks_come_before_weights_and_unranked_last():
    weights = [[0.1, 0.9, 0.8]]
    wish = Problem(weights, 1, 1, mentor_ranks=[[0, -1, -1]])
    assert blocking(wish, [(0, 1)]) == [[0, 0]]
    assert blocking(wish, [(0, 0)]) == []
    assert blocking(wish, [(0, 2)]) == [[0, 0], [0, 1]]
    column = Problem(np.array(weights).T, 1, 1, mentee_ranks=[[0], [-1], [1]])
    assert blocking(column, [(1, 0)]) == [[0, 0], [2, 0]]


def test_a_marriage_of_three_and_three_has_its_known_stable_matchings():
    # Gale and Shapley (1962), section 3, example 1: ranks written (man's, woman's).
    mentor_ranks = [[0, 1, 2], [2, 0, 1], [1, 2, 0]]
    mentee_ranks = [[2, 1, 0], [0, 2, 1], [1, 0, 2]]
    problem = Problem(np.full((3, 3), 0.5), 1, 1, mentor_ranks=mentor_ranks, mentee_ranks=mentee_ranks)
    stable = [
        order
        for order in itertools.permutations(range(3))
        if not blocking(problem, [(man, woman) for man, woman in enumerate(order)])
    ]
    assert stable == [(0, 1, 2), (1, 2, 0), (2, 0, 1)]


def test_minutes_must_fit_once_one_partner_is_let_go():
    problem = Problem([[0.9, 0.5, 0.1]], 2, 1, [60, 30, 30], [60])
    assert blocking(problem, [(0, 1), (0, 2)]) == []
    assert blocking(problem, [(0, 2)]) == [[0, 0], [0, 1]]
    assert blocking(Problem([[0.9, 0.5, 0.1]], 2, 1, [60, 30, 30], [90]), [(0, 1), (0, 2)]) == [[0, 0]]


def test_nobody_lets_go_of_a_pinned_partner():
    weights = [[0.1, 0.9]]
    assert blocking(Problem(weights, 1, 1), [(0, 0)]) == [[0, 1]]
    assert blocking(Problem(weights, 1, 1, pinned=[(0, 0)]), [(0, 0)]) == []


def test_a_mentor_already_on_a_board_blocks_with_none_of_its_columns():
    weights = [[0.5, 0.9, 0.2]]
    assert blocking(Problem(weights, 2, 1), [(0, 0)]) == [[0, 1], [0, 2]]
    assert blocking(Problem(weights, 2, 1, person=[0, 0, 1]), [(0, 0)]) == [[0, 2]]


@examples(60)
@given(given_problems(mixed_minutes=False, pins=False, boards=False))
def test_the_definition_holds_pair_by_pair(given_):
    problem = given_.problem()
    pairs = solve(problem).pairs.tolist()
    w = given_.weights
    expected = []
    for j, i in np.argwhere(~np.isnan(w)).tolist():
        mine = [b for a, b in pairs if a == j]
        hers = [a for a, b in pairs if b == i]
        places = given_.mentor_capacity[j]
        if given_.mentor_minutes is not None:
            places = min(places, given_.mentor_minutes[j] // 30)
        he_would = len(mine) < places or any(w[j, i] > w[j, other] for other in mine)
        she_would = len(hers) < given_.mentee_capacity[i] or any(w[j, i] > w[other, i] for other in hers)
        if [j, i] not in pairs and he_would and she_would:
            expected.append([j, i])
    assert blocking(problem, pairs) == expected


def test_pairs_out_of_range_are_refused():
    with pytest.raises(IndexError):
        find_blocking_pairs(Problem([[1.0]], 1, 1), [(3, 3)])
