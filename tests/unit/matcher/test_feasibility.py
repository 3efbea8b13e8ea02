"""Whether pairs keep every rule of a problem."""

import pytest

from matcher import Problem
from matcher.feasibility import find_broken_rules, is_feasible


@pytest.mark.parametrize(
    ("pairs", "fault"),
    [
        ([[0, 0], [0, 1], [0, 2]], "mentor 0 has 3 mentees and 2 places"),
        ([[0, 0], [0, 1]], "mentor 0 spends 90 minutes and gives 80"),
        ([[0, 0], [1, 0]], "mentee 0 has 2 mentors and wants 1"),
        ([[0, 0], [0, 0]], "pair (0, 0) stands more than once"),
        ([[1, 1]], "pair (1, 1) is not acceptable"),
        ([[2, 0]], "pair (2, 0) is out of range"),
        ([[0, -1]], "pair (0, -1) is out of range"),
        ([[0, 2]], "pinned pair (0, 0) is missing"),
        ([], "pinned pair (0, 0) is missing"),
        ([[0, 0], [0, 3], [1, 3]], "mentee 3 has 2 mentors and wants 1"),
        ([[1, 2], [1, 3]], "mentor 1 fills several of columns [2, 3], one person's board"),
        ([0, 1], "pairs are not whole numbers in the shape (n_pairs, 2)"),
        ([["a", "b"]], "pairs are not whole numbers in the shape (n_pairs, 2)"),
    ],
)
def test_every_broken_rule_is_named(pairs, fault):
    weights = [[0.5, 0.5, 0.5, 0.5], [0.5, float("nan"), 0.5, 0.5]]
    problem = Problem(weights, 2, 1, [45, 45, 10, 10], [80, 80], pinned=[(0, 0)], person=[0, 1, 2, 2])
    assert fault in find_broken_rules(problem, pairs)
    assert not is_feasible(problem, pairs)
    assert is_feasible(problem, [[0, 0], [1, 2]])
