"""What another pair, answer or mentor would change, against solving the changed problem anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Certificate, Problem, repair, solve
from matcher.problem_changes import with_changes, with_mentee, with_mentor, with_new_mentor
from matcher.result import SolveStatus
from matcher.what_if import WhatIf
from tests.strategies import given_problems
from tests.unit.matcher.asking import FEW, NONE, OBJECTIVES, a_row, asked, check


@FEW
@given(given_problems(mixed_minutes=False), OBJECTIVES)
def test_pair_costs_what_a_full_solve_with_it_pinned_costs(made, objective):
    what_if = asked(made, objective)
    if what_if is None:
        return
    problem = what_if.problem
    assert what_if.method == "walk"
    for j, i in np.argwhere(~np.isnan(problem.weights)).tolist():
        changed = with_changes(problem, pinned=np.unique([*problem.pinned.tolist(), [j, i]], axis=0))
        check(what_if, what_if.pair(j, i), changed, lambda *pair, own=(j, i): pair == own)


@FEW
@given(given_problems(mixed_minutes=False), OBJECTIVES, st.data())
def test_changed_mentee_gets_what_a_full_solve_gives_her(made, objective, data):
    what_if = asked(made, objective)
    if what_if is None:
        return
    problem = what_if.problem
    for i in range(problem.n_mentees):
        column, wanted = a_row(data, problem.n_mentors), data.draw(st.integers(0, 3))
        check(
            what_if,
            what_if.mentee(i, column, wanted),
            with_mentee(problem, i, column, wanted),
            lambda _j, other, own=i: other == own,
        )


@FEW
@given(given_problems(mixed_minutes=False), OBJECTIVES, st.data())
def test_changed_mentor_gets_what_a_full_solve_gives_her(made, objective, data):
    what_if = asked(made, objective)
    if what_if is None:
        return
    problem = what_if.problem
    for j in range(problem.n_mentors):
        row, places, minutes = a_row(data, problem.n_mentees), data.draw(st.integers(0, 3)), 60
        check(
            what_if,
            what_if.mentor(j, row, places, minutes),
            with_mentor(problem, j, row, places, minutes),
            lambda other, _i, own=j: other == own,
        )


@FEW
@given(given_problems(mixed_minutes=False), OBJECTIVES, st.data())
def test_new_mentor_changes_what_a_full_solve_with_her_changes(made, objective, data):
    what_if = asked(made, objective)
    if what_if is None:
        return
    problem = what_if.problem
    row, places = a_row(data, problem.n_mentees), data.draw(st.integers(0, 3))
    check(
        what_if,
        what_if.new_mentor(row, places, 90),
        with_new_mentor(problem, row, places, 90),
        lambda j, _i: j == problem.n_mentors,
    )


def middle_problem(kind):
    """A pool of 36 mentees with short mentors, equal weights, priorities, pins and, for "boards", boards."""
    random = np.random.default_rng(7)
    weights = np.round(random.random((15, 36)), 2)
    weights[random.random(weights.shape) < 0.5] = np.nan
    acceptable = np.argwhere(~np.isnan(weights))
    return Problem(
        weights,
        np.where(np.arange(15) == 7, 0, random.integers(1, 3, 15)),
        random.integers(1, 3, 36),
        pinned=[acceptable[0], acceptable[-1]],
        priority=random.choice([0.0, 1.0, 2.0], 36),
        person=np.arange(36) // 2 if kind == "boards" else None,
    )


@pytest.mark.parametrize("kind", ["single", "boards"])
def test_fifty_random_pairs_of_a_middle_pool_cost_what_full_solves_say(kind):
    problem = middle_problem(kind)
    what_if = WhatIf(problem, solve(problem))
    acceptable = np.argwhere(~np.isnan(problem.weights))
    for j, i in np.random.default_rng(1).choice(acceptable, 50, replace=False).tolist():
        changed = with_changes(problem, pinned=np.unique([*problem.pinned.tolist(), [j, i]], axis=0))
        check(what_if, what_if.pair(j, i), changed, lambda *pair, own=(j, i): pair == own)


@pytest.mark.parametrize("objective", ["coverage", "fair"])
def test_mixed_minutes_and_fair_are_answered_by_solves(objective):
    problem = Problem(
        [[0.9, 0.5, 0.4], [0.8, NONE, 0.3]], 2, 1, minutes=[60, 30, 45], mentor_minutes=[80, 100], pinned=[(0, 1)]
    )
    what_if = WhatIf(problem, solve(problem, objective))
    outcome = what_if.pair(0, 2)
    assert (what_if.method, outcome.method, outcome.exact) == ("solve", "solve", True)
    assert (outcome.coverage, outcome.own.tolist()) == (0, [[0, 2]])
    pinned = solve(with_changes(problem, pinned=[(0, 1), (0, 2)]), objective)
    assert outcome.floor == pytest.approx(pinned.floor - what_if.best.floor)
    assert not what_if.pair(0, 0).possible
    assert what_if.mentee(2, [NONE, NONE]).coverage == -1
    assert what_if.mentor(1, [NONE, NONE, 1.0], 1, 45).entering.tolist() == []
    assert what_if.new_mentor([0.1, 0.2, 0.3], 1, 60).coverage == 0
    assert what_if.new_mentor([0.1, 0.2, 0.3], 1).coverage == 0


def test_stable_matching_is_answered_by_solves_with_ranks():
    problem = Problem([[0.9, 0.8], [0.7, 0.2]], 1, 1, mentor_ranks=[[0, 1], [0, 1]], mentee_ranks=[[0, 0], [1, 1]])
    what_if = WhatIf(problem, solve(problem, "stable"))
    assert what_if.pairs.tolist() == [[0, 0], [1, 1]]
    assert what_if.pair(0, 1).leaving.tolist() == [[0, 0], [1, 1]]
    assert what_if.new_mentor([1.0, NONE], 1).own.tolist() == []  # nobody has ranked her


def test_minutes_that_differ_by_pair_are_answered_by_solves_where_people_change():
    problem = Problem([[0.9, 0.8]], 2, 1, minutes=[[60, 30]], mentor_minutes=[120])
    what_if = WhatIf(problem, solve(problem))
    assert what_if.method == "walk"
    assert what_if.new_mentor([0.5, 1.0], 2, 60).own.tolist() == [[1, 1]]
    assert what_if.new_mentor([0.5, 1.0], 2).own.tolist() == [[1, 1]]
    assert what_if.mentor(0, [0.5, NONE], 1).own.tolist() == [[0, 0]]


def test_mentor_of_a_board_changes_to_another_of_its_columns():
    problem = Problem([[0.9, 0.8]], 2, 1, person=[0, 0])
    outcome = WhatIf(problem, solve(problem)).pair(0, 1)
    assert (round(outcome.total, 9), outcome.leaving.tolist()) == (-0.1, [[0, 0]])


def test_column_of_a_board_hands_its_mentor_to_another_column():
    problem = Problem([[0.9, 0.8], [0.05, NONE]], 1, 1, person=[0, 0])
    outcome = WhatIf(problem, solve(problem)).pair(1, 0)
    assert (outcome.entering.tolist(), outcome.leaving.tolist()) == ([[0, 1]], [[0, 0]])
    assert outcome.total == pytest.approx(-0.05)


def test_mentee_who_wants_more_gets_them_as_long_as_they_add_something():
    problem = Problem([[NONE], [NONE], [0.5]], 1, 1)
    outcome = WhatIf(problem, solve(problem)).mentee(0, [0.9, 0.8, 0.0], 3)
    assert (outcome.own.tolist(), round(outcome.total, 9)) == ([[0, 0], [1, 0]], 1.2)


def test_repaired_matching_is_not_asked_about():
    problem = Problem([[0.9]], 1, 1, open_offers=[(0, 0)])
    with pytest.raises(ValueError, match="ask about the round"):
        WhatIf(problem, repair(problem).result)


def test_chosen_pair_costs_nothing():
    problem = Problem([[0.9]], 1, 1)
    outcome = WhatIf(problem, solve(problem)).pair(0, 0)
    assert (outcome.possible, outcome.total, outcome.own.tolist()) == (True, 0.0, [[0, 0]])


def test_pair_that_is_not_acceptable_has_no_cost():
    problem = Problem([[NONE]], 1, 1)
    with pytest.raises(ValueError, match="not acceptable"):
        WhatIf(problem, solve(problem)).pair(0, 0)


def test_pair_that_clashes_with_pins_is_not_possible():
    problem = Problem([[0.9, 0.8]], 1, 1, pinned=[(0, 0)])
    assert not WhatIf(problem, solve(problem)).pair(0, 1).possible
    board = Problem([[0.9, 0.8]], 2, 1, pinned=[(0, 0)], person=[0, 0])
    assert not WhatIf(board, solve(board)).pair(0, 1).possible


def test_changed_person_keeps_her_pin():
    problem = Problem([[0.9, 0.8]], 1, 1, pinned=[(0, 1)])
    what_if = WhatIf(problem, solve(problem))
    assert what_if.mentee(1, [0.1]).own.tolist() == [[0, 1]]
    assert what_if.mentor(0, [1.0, 0.1], 2).own.tolist() == [[0, 0], [0, 1]]
    assert what_if.mentee(1, [NONE]).entering.tolist() == [[0, 0]]


@pytest.mark.parametrize("pairs", [[[0, 0], [1, 1]], [[0, 0]]])
def test_matching_that_is_not_the_best_is_answered_by_solves(pairs):
    problem = Problem([[0.5, 1.0], [1.0, 0.5]], 1, 1)
    certificate = solve(problem).certificate
    certificate = Certificate(**(vars(certificate) | {"pairs": pairs}))
    what_if = WhatIf(problem, certificate)
    assert what_if.method == "solve"
    assert what_if.pair(0, 1).total == pytest.approx(2.0 - 0.5 * len(pairs))


def test_matching_cut_short_by_time_is_compared_without_claiming_proof():
    problem = middle_problem("single")
    result = solve(problem, time_limit=0)
    assert result.status is SolveStatus.FEASIBLE
    what_if = WhatIf(problem, result, time_limit=0)
    j, i = np.argwhere(~np.isnan(problem.weights))[5].tolist()
    outcome = what_if.pair(j, i)
    assert (what_if.method, outcome.exact) == ("solve", False)
