"""Stable matchings, against every stable matching there is and on published instances."""

import itertools
from time import monotonic

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import InvalidProblemError, Problem, SolveStatus, find_blocking_pairs, solve, verify
from matcher.deferred_acceptance import defer_acceptance
from tests.strategies import examples, given_problems

NAN = float("nan")
SIDES = ["mentee", "mentor"]


def ranked(first_to_last, n):
    """Ranks of `n` others from lists of them, the most wanted first."""
    return [[order.index(other) if other in order else -1 for other in range(n)] for order in first_to_last]


@st.composite
def ranked_problems(draw):
    given_ = draw(given_problems(mixed_minutes=False))
    changes = {}
    for name in ("mentor_ranks", "mentee_ranks"):
        if draw(st.booleans()):
            n = given_.weights.size
            flat = draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
            changes[name] = np.array(flat, dtype=np.int64).reshape(given_.weights.shape)
    return given_.problem(**changes)


@examples(300)
@given(ranked_problems(), st.sampled_from(SIDES), st.integers(0, 3))
def test_nobody_blocks_beside_the_pins_and_the_certificate_holds(problem, proposing, seed):
    result = solve(problem, "stable", proposing=proposing, seed=seed)
    if result.status is SolveStatus.INFEASIBLE:
        assert result.conflicts
        return
    assert result.status is SolveStatus.OPTIMAL
    assert find_blocking_pairs(problem, result.pairs).size == 0
    assert verify(problem, result).faults == ()
    assert result.certificate.values == {"stability": 0.0}
    again = solve(problem, "stable", proposing=proposing, seed=seed)
    assert again.certificate.to_json() == result.certificate.to_json()
    if not len(problem.pinned):
        assert result.pinned_blocking_pairs.shape == (0, 2)


@st.composite
def strict_problems(draw):
    """Problems in which nobody is indifferent: every weight is another."""
    given_ = draw(given_problems(mixed_minutes=False, pins=False, boards=False))
    order = draw(st.permutations(range(given_.weights.size)))
    strict = (np.array(order, dtype=np.float64).reshape(given_.weights.shape) + 1) / 100
    given_.weights = np.where(np.isnan(given_.weights), NAN, strict)
    mentee_order = draw(st.permutations(range(given_.weights.size)))
    ranks = np.array(mentee_order, dtype=np.int64).reshape(given_.weights.shape)
    return given_.problem(mentee_ranks=ranks), ranks, given_


def every_stable_matching(problem, acceptable):
    pairs = np.argwhere(acceptable)
    for size in range(len(pairs) + 1):
        for chosen in itertools.combinations(pairs.tolist(), size):
            mentors = np.bincount([j for j, _ in chosen], minlength=problem.n_mentors)
            mentees = np.bincount([i for _, i in chosen], minlength=problem.n_mentees)
            if (mentors > problem.places).any() or (mentees > problem.wanted).any():
                continue
            if not len(find_blocking_pairs(problem, chosen)):
                yield [tuple(pair) for pair in chosen]


@examples(60)
@given(strict_problems())
def test_the_side_that_proposes_likes_its_result_at_least_as_well_as_any_other_stable_matching(drawn):
    problem, ranks, given_ = drawn
    by_side = {side: {tuple(p) for p in solve(problem, "stable", proposing=side).pairs.tolist()} for side in SIDES}
    for other in every_stable_matching(problem, ~np.isnan(given_.weights)):
        for i in range(problem.n_mentees):
            mine = {j for j, mentee in by_side["mentee"] if mentee == i}
            theirs = {j for j, mentee in other if mentee == i}
            assert set(sorted(mine | theirs, key=lambda j: ranks[j, i])[: problem.wanted[i]]) == mine
        for j in range(problem.n_mentors):
            mine = {i for mentor, i in by_side["mentor"] if mentor == j}
            theirs = {i for mentor, i in other if mentor == j}
            best = sorted(mine | theirs, key=lambda i: -given_.weights[j, i])
            assert set(best[: problem.places[j]]) == mine


@examples(40)
@given(strict_problems(), st.randoms(use_true_random=False), st.sampled_from(SIDES))
def test_relabelling_relabels_the_pairs(drawn, random, proposing):
    problem, ranks, given_ = drawn
    rows = random.sample(range(problem.n_mentors), problem.n_mentors)
    columns = random.sample(range(problem.n_mentees), problem.n_mentees)
    grid = np.ix_(rows, columns)
    relabelled = Problem(given_.weights[grid], problem.places[rows], problem.wanted[columns], mentee_ranks=ranks[grid])
    before, after = (solve(each, "stable", proposing=proposing, seed=1) for each in (problem, relabelled))
    assert sorted((rows[j], columns[i]) for j, i in after.pairs.tolist()) == [tuple(p) for p in before.pairs.tolist()]


def test_each_side_gets_its_first_choice_in_the_first_example_of_gale_and_shapley():
    # College admissions and the stability of marriage (1962), section 3, example 1.
    mentor_ranks = [[0, 1, 2], [2, 0, 1], [1, 2, 0]]
    mentee_ranks = [[2, 1, 0], [0, 2, 1], [1, 0, 2]]
    problem = Problem(np.full((3, 3), 0.5), 1, 1, mentor_ranks=mentor_ranks, mentee_ranks=mentee_ranks)
    assert solve(problem, "stable", proposing="mentor").pairs.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert solve(problem, "stable", proposing="mentee").pairs.tolist() == [[0, 2], [1, 0], [2, 1]]


def test_both_sides_find_the_only_stable_matching_of_the_second_example_of_gale_and_shapley():
    # The same, example 2: in the only stable matching nobody has a first choice.
    mentor_ranks = np.array([[1, 2, 3, 4], [1, 4, 3, 2], [2, 1, 3, 4], [4, 2, 3, 1]]) - 1
    mentee_ranks = np.array([[3, 3, 2, 3], [4, 1, 3, 2], [2, 4, 4, 1], [1, 2, 1, 4]]) - 1
    problem = Problem(np.full((4, 4), 0.5), 1, 1, mentor_ranks=mentor_ranks, mentee_ranks=mentee_ranks)
    for side in SIDES:
        assert solve(problem, "stable", proposing=side).pairs.tolist() == [[0, 2], [1, 3], [2, 0], [3, 1]]


def test_minutes_that_are_the_same_for_a_mentor_count_as_places():
    problem = Problem([[0.9, 0.8, 0.7]], 3, 1, [45, 45, 45], [100])
    assert solve(problem, "stable").pairs.tolist() == [[0, 0], [0, 1]]


def test_mixed_minutes_are_refused_by_name():
    problem = Problem([[0.9, 0.8], [0.5, 0.5]], 2, 1, [60, 30], [120, 60])
    with pytest.raises(InvalidProblemError, match="mixed minutes a stable matching need not exist; those of mentor 1"):
        solve(problem, "stable")


def test_pinned_pairs_are_set_aside_and_who_would_rather_have_them_otherwise_is_listed_apart():
    weights = [[0.1, 0.9], [0.8, 0.2]]
    result = solve(Problem(weights, 1, 1, pinned=[(0, 0)]), "stable")
    assert result.pairs.tolist() == [[0, 0], [1, 1]]
    assert result.pinned_blocking_pairs.tolist() == [[0, 1], [1, 0]]
    assert result.certificate.stability["pinned_blocking"] == [[0, 1], [1, 0]]
    assert solve(Problem(weights, 1, 1), "stable").pinned_blocking_pairs.tolist() == []


@pytest.mark.parametrize("proposing", SIDES)
def test_a_mentor_fills_the_column_of_a_board_that_is_better_for_her(proposing):
    problem = Problem([[0.5, 0.9, 0.2]], 2, 1, person=[0, 0, 1])
    assert solve(problem, "stable", proposing=proposing).pairs.tolist() == [[0, 1], [0, 2]]


def test_a_column_passed_over_for_its_sibling_comes_back_into_question():
    # Mentor 0 proposes to column 0 first; when mentor 1 takes it, she turns to column 1 of the same person.
    problem = Problem([[0.9, 0.5, 0.1], [1.0, NAN, NAN]], 1, 1, person=[0, 0, 1])
    assert solve(problem, "stable", proposing="mentor").pairs.tolist() == [[0, 1], [1, 0]]


def test_without_time_those_who_wait_go_without_and_the_result_says_so():
    problem = Problem(np.random.default_rng(0).random((4, 6)), 1, 1, pinned=[(2, 3)])
    result = solve(problem, "stable", time_limit=0)
    assert result.pairs.tolist() == [[2, 3]]
    assert result.status is SolveStatus.FEASIBLE
    assert (result.bound, result.gap) == (0, 1)
    assert verify(problem, result).ok


def test_pins_that_clash_are_infeasible():
    result = solve(Problem(np.ones((1, 2)), 1, 1, pinned=[(0, 0), (0, 1)]), "stable")
    assert result.status is SolveStatus.INFEASIBLE


def test_progress_tells_how_many_have_proposed():
    told = []
    problem = Problem(np.random.default_rng(0).random((20, 300)), 2, 1)
    solve(problem, "stable", progress=lambda *said: told.append(said))
    assert told[0] == ("stability", 0, 300, None, None)
    assert any(0 < done < 300 for stage, done, *_ in told if stage == "stability")
    assert told[-1] == ("done", 1, 1, 0.0, 0.0)


def test_nobody_to_match_is_stable():
    for shape in ((0, 0), (0, 3), (3, 0)):
        assert solve(Problem(np.empty(shape), 1, 1), "stable").status is SolveStatus.OPTIMAL


def test_the_seed_decides_between_equals():
    problem = Problem(np.ones((1, 5)), 1, 1)
    found = {int(solve(problem, "stable", seed=seed).pairs[0, 1]) for seed in range(20)}
    assert len(found) > 1
    assert defer_acceptance(problem, deadline=monotonic() - 1).shape == (0, 2)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("proposing", SIDES)
def test_of_many_columns_of_a_board_a_mentor_fills_the_best_whatever_the_order(proposing, seed):
    weights = [[0.3, 0.9, 0.5, 0.7], [0.2, 0.8, 0.4, 0.6]]
    result = solve(Problem(weights, 2, 1, person=[0, 0, 0, 0]), "stable", proposing=proposing, seed=seed)
    assert result.pairs.tolist() == [[0, 1], [1, 3]]
