"""A mentee with a board: what changes of all her columns do, against solving the changed problem anew."""

import numpy as np
import pytest

from matcher import Problem, WhatIf, explain_left_out, solve
from matcher.boards import columns_of, with_answers, without_mentor
from matcher.people import Mentee, Mentor
from matcher.pool import Pool, Window
from matcher.problem_changes import with_columns
from matcher.result import Matching
from matcher.scoring import build_problem
from matcher.settings import Settings

NONE = float("nan")


def random_problem(seed):
    random = np.random.default_rng(seed)
    weights = random.random((4, 7)).round(2)
    weights[random.random(weights.shape) < 0.4] = NONE
    weights[:, :3] = NONE  # the board of a person whom nobody mentors yet
    return Problem(weights, random.integers(1, 3, 4), 1, person=[0, 0, 0, 1, 1, 2, 3])


def coverage_of(problem, objective="coverage"):
    return Matching.of(problem, solve(problem, objective).pairs)


@pytest.mark.parametrize("seed", range(30))
def test_whether_an_answer_covers_a_board_is_what_a_full_solve_says(seed):
    problem, random = random_problem(seed), np.random.default_rng(seed + 100)
    what_if = WhatIf(problem, solve(problem))
    assert what_if.method == "walk"
    for _ in range(6):
        columns = random.random((4, 3)).round(2)
        columns[random.random(columns.shape) < 0.6] = NONE
        changed = with_columns(problem, np.arange(3), columns)
        told = [bool(what_if.covers(column, columns[:, [column]])[0]) for column in range(3)]
        with_her, found = solve(changed), with_answers(what_if, np.arange(3), columns)
        assert any(told) == bool((with_her.pairs[:, 1] < 3).any()) == bool(len(found.own))
        assert found.coverage == with_her.coverage - len(set(problem.person[what_if.pairs[:, 1]]))


def test_a_mentor_held_out_of_a_board_is_in_none_of_its_columns():
    problem = Problem([[0.9, 0.8, 0.1], [0.5, 0.6, NONE]], 1, 1, person=[7, 7, 8])
    what_if = WhatIf(problem, solve(problem, "total"))
    assert what_if.pairs.tolist() == [[0, 0], [1, 1]]
    found = without_mentor(what_if, 0, columns_of(problem, 0))
    assert (found.leaving.tolist(), found.entering.tolist()) == ([], [[0, 2]])
    assert (found.own.tolist(), found.total) == ([[1, 1]], pytest.approx(0.7 - 1.5))


def test_a_left_out_board_is_told_the_edit_that_helps_one_of_its_places():
    evening, morning = (Window(0, 1080, 1200),), (Window(0, 480, 600),)
    mentors = [Mentor("m", "m", "UTC", topics=("burnout",), windows=morning)]
    mentees = [
        Mentee(f"n#{need}", "n", "UTC", topics=(need,), windows=evening, board="n")
        for need in ("leadership", "burnout")
    ]
    pool, settings = Pool.build(mentors, mentees), Settings()
    problem, _ = build_problem(pool, settings)
    found = explain_left_out(WhatIf(problem, solve(problem)), pool, settings, viewer="coordinator", mentee=0)
    assert (found.change.key, found.cost.coverage) == ("edit_hours", 1)
    assert str(found.why) == "No mentor is possible with these answers."
    paired = WhatIf(problem, solve(problem)).pairs
    assert len(paired) == 0


def test_columns_of_one_board_are_one_person_and_others_stay_themselves():
    mentees = [Mentee(key, key, "UTC", board=board) for key, board in (("a", ""), ("b", "x"), ("c", "x"), ("x", ""))]
    assert Pool.build([], mentees).persons.tolist() == [0, 1, 1, 2]
    assert Pool.build([], mentees[:1]).persons is None
