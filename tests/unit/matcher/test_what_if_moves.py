"""What it costs to hold a pair out, or to move a mentee, against solving the changed problem anew."""

import numpy as np
from hypothesis import given

from matcher.problem_changes import with_changes, with_mentee
from tests.strategies import Given, given_problems
from tests.unit.matcher.asking import FEW, NONE, OBJECTIVES, asked, check


@FEW
@given(given_problems(mixed_minutes=False), OBJECTIVES)
def test_a_pair_held_out_costs_what_a_full_solve_without_it_costs(made, objective):
    what_if = asked(made, objective)
    if what_if is None:
        return
    problem = what_if.problem
    for j, i in np.argwhere(~np.isnan(problem.weights)).tolist():
        outcome = what_if.without(j, i)
        if [j, i] not in what_if.pairs.tolist():
            assert (outcome.coverage, outcome.total, outcome.leaving.tolist()) == (0, 0.0, [])
            continue
        column = problem.weights[:, i].copy()
        column[j] = NONE
        changed = with_mentee(problem, i, column, int(problem.mentee_capacity[i]))
        check(what_if, outcome, changed, lambda *pair, mentee=i: pair[1] == mentee)


def test_a_mentee_moves_to_a_mentor_who_is_pinned_to_her_already():
    given_ = Given(np.array([[0.0], [0.2], [np.nan]]), [1, 1, 0], [2], pinned=[(0, 0)])
    what_if = asked(given_, "coverage")
    assert what_if.instead(0, 0, 1).possible


@FEW
@given(given_problems(mixed_minutes=False), OBJECTIVES)
def test_a_moved_mentee_costs_what_a_full_solve_with_the_one_and_without_the_other_costs(made, objective):
    what_if = asked(made, objective)
    if what_if is None:
        return
    problem = what_if.problem
    for old, i in what_if.pairs.tolist():
        for j in np.flatnonzero(~np.isnan(problem.weights[:, i])).tolist():
            if j == old:
                continue
            column = problem.weights[:, i].copy()
            column[old] = NONE
            changed = with_mentee(problem, i, column, int(problem.mentee_capacity[i]))
            pins = np.unique([*changed.pinned.tolist(), [j, i]], axis=0)
            check(
                what_if,
                what_if.instead(j, i, old),
                with_changes(changed, pinned=pins),
                lambda *pair, own=(j, i): pair == own,
            )
