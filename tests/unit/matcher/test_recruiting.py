"""Recruiting advice, each item confirmed by a full solve of a pool built with the new mentor."""

from dataclasses import replace

import numpy as np
import pytest

from matcher import advise, solve
from matcher.pool import Pool
from matcher.problem_changes import with_mentor, with_new_mentor
from matcher.scoring import build_problem
from matcher.what_if import WhatIf
from tests.unit.matcher.people import mentee, mentor, random_pool, settings

RULES = settings(specialty_required=True, specialty_floor=0.3)


def asked(pool, objective="coverage", rules=RULES):
    problem = build_problem(pool, rules)[0]
    return WhatIf(problem, solve(problem, objective)), pool, rules


def check(advice, what_if, pool, rules):
    """The advice gains what it says, in a pool built anew with her."""
    if advice.kind == "mentor":
        recruit = replace(advice.mentor, key="new", person="new")
        rebuilt = build_problem(Pool.build([*pool.mentors, recruit], pool.mentees), rules)[0]
        np.testing.assert_allclose(rebuilt.weights[-1], advice.weights)
        changed = with_new_mentor(what_if.problem, advice.weights, advice.mentor.places, advice.mentor.minutes)
    else:
        rebuilt = build_problem(
            Pool.build([advice.mentor if one.key == advice.mentor.key else one for one in pool.mentors], pool.mentees),
            rules,
        )[0]
        row = pool.mentor_index(advice.mentor.key)
        changed = with_mentor(what_if.problem, row, advice.weights, advice.mentor.places, advice.mentor.minutes)
    for problem in (rebuilt, changed):
        result = solve(problem, what_if.objective)
        assert result.coverage - what_if.best.coverage == advice.outcome.coverage
        assert result.total_weight - what_if.best.total == pytest.approx(advice.outcome.total, abs=1e-6)


@pytest.mark.parametrize("objective", ["coverage", "total"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_advice_gains_what_a_full_solve_gains_and_the_most_comes_first(seed, objective):
    case = asked(random_pool(seed, 6, 14, places=2), objective)
    found = advise(*case, most=3)
    assert found
    for advice in found:
        check(advice, *case)
    order = [(-advice.outcome.coverage, -advice.outcome.total) for advice in found]
    assert order == sorted(order)


def test_vascular_surgeon_on_the_evening_they_are_free_is_advised_in_words():
    mentors = [mentor("mo", specialties=("psychiatry",), hours="Mon 10-12", places=2, minutes=120)]
    mentees = [
        mentee(f"n{k}", specialties=("vascular_surgery",), hours="Tue 18-20", topics=("grants",), languages=("en",))
        for k in range(2)
    ]
    first, *more = advise(*asked(Pool.build(mentors, mentees)))
    assert more == []
    assert str(first.sentence) == (
        "One more mentor in Vascular Surgery, free Tue 18:00-20:00, for Grants and funding "
        "would give 2 more mentees a mentor."
    )


def test_full_mentor_is_asked_for_a_place_and_for_minutes_where_they_are_short():
    mentees = [mentee("lee"), mentee("kim")]
    for minutes, key in ((120, "place"), (60, "place_minutes")):
        case = asked(Pool.build([mentor(minutes=minutes)], mentees), rules=settings())
        places = [advice for advice in advise(*case) if advice.kind == "place"]
        assert [(advice.sentence.key, advice.outcome.coverage) for advice in places] == [(key, 1)]
        assert "with mo would give 1 more mentee a mentor." in str(places[0].sentence)


def test_nothing_is_advised_when_nobody_is_left_out_or_no_time_is_given():
    case = asked(Pool.build([mentor()], [mentee()]), rules=settings())
    assert advise(*case) == ()
    case = asked(Pool.build([mentor()], [mentee("lee"), mentee("kim")]), rules=settings())
    assert advise(*case, time_limit=-1) == ()
    assert sorted(advice.kind for advice in advise(*case, time_limit=None)) == ["mentor", "place"]


def test_first_mentor_of_a_pool_is_advised():
    case = asked(Pool.build([], [mentee("lee"), mentee("kim")]), rules=settings())
    assert [advice.outcome.coverage for advice in advise(*case)] == [1]


def test_fair_pool_is_advised_by_solves():
    pool = Pool.build([mentor(hours="Mon 10-11")], [mentee(f"n{k}", hours="Mon 10-11") for k in range(2)])
    case = asked(pool, "fair", settings())
    found = advise(*case)
    assert [advice.outcome.method for advice in found] == ["solve"] * len(found)
    assert {advice.kind for advice in found} == {"place"}  # nobody is free in the mornings or evenings
    for advice in found:
        check(advice, *case)
