"""Reports on one matching, and two side by side."""

import json

import numpy as np
import pytest
from hypothesis import given

from matcher import Problem, compare, make_report, solve
from matcher.reports import Spread
from tests.strategies import examples, given_problems

PROBLEM = Problem([[0.9, 0.8, 0.2], [0.7, 0.1, 0.6]], [2, 1], [1, 1, 2], [30, 30, 60], [60, 90], person=[0, 1, 2])


def test_a_report_tells_what_everybody_and_each_group_receives():
    report = make_report(PROBLEM, [(0, 0), (0, 1)], mentee_groups={"stage": ["junior", "senior", "senior"]})
    everybody, junior, senior = report.received
    assert (everybody.group, everybody.persons, everybody.covered, everybody.wanted, everybody.pairs) == (
        "all",
        3,
        2,
        4,
        2,
    )
    assert everybody.coverage == pytest.approx(2 / 3)
    assert everybody.satisfaction == Spread(0.8, pytest.approx(0.85), pytest.approx(0.85), 0.9)
    assert (junior.value, junior.coverage) == ("junior", 1.0)
    assert (senior.value, senior.covered, senior.persons) == ("senior", 1, 2)


def test_a_report_tells_each_groups_burden_in_places_and_minutes():
    report = make_report(PROBLEM, [(0, 0), (0, 1)], mentor_groups={"city": ["Oslo", "Bergen"]})
    everybody, bergen, oslo = report.burden
    assert (everybody.mentors, everybody.used, everybody.places, everybody.pairs) == (2, 1, 3, 2)
    assert (everybody.minutes_given, everybody.minutes) == (150, 60)
    assert (oslo.value, oslo.minutes, oslo.share.mean) == ("Oslo", 60, 1.0)
    assert (bergen.value, bergen.used, bergen.share.most) == ("Bergen", 0, 0.0)


def test_a_report_names_blocking_pairs_and_becomes_plain_values():
    report = make_report(PROBLEM, [(0, 0)])
    assert report.blocking_pairs == ((0, 1), (1, 1), (1, 2))
    assert json.loads(json.dumps(report.to_dict()))["blocking_pairs"] == [[0, 1], [1, 1], [1, 2]]


def test_a_board_counts_once_in_the_group_of_its_first_column():
    problem = Problem([[0.5, 0.5, 0.5]], 3, 1, person=[0, 0, 1])
    report = make_report(problem, [(0, 1)], mentee_groups={"stage": ["a", "b", "b"]})
    assert [(part.value, part.persons, part.covered) for part in report.received] == [
        ("", 2, 1),
        ("a", 1, 1),
        ("b", 1, 0),
    ]


def test_an_empty_problem_has_an_empty_report():
    report = make_report(Problem(np.empty((0, 0)), 1, 1), [])
    assert report.received[0].coverage == 0
    assert report.burden[0].share == Spread(0, 0, 0, 0)


def test_a_group_needs_a_value_for_everybody():
    with pytest.raises(ValueError, match="the group stage has 1 values for 3 people"):
        make_report(PROBLEM, [], mentee_groups={"stage": ["junior"]})


def test_a_comparison_tells_who_gains_who_loses_and_who_moves():
    problem = Problem([[0.9, 0.8, 0.5, 0.3], [0.7, 0.1, 0.5, 0.3]], 2, 1)
    found = compare(problem, [(0, 0), (1, 1), (0, 2), (1, 3)], [(1, 0), (0, 1), (1, 2), (1, 3)])
    assert [(change.mentees, change.before, change.after) for change in found.gains] == [((1,), (1,), (0,))]
    assert [change.mentees for change in found.losses] == [(0,)]
    assert [change.mentees for change in found.moved] == [(2,)]
    assert found.added == ((0, 1), (1, 0), (1, 2))
    assert found.removed == ((0, 0), (0, 2), (1, 1))
    assert found.second.total_weight - found.first.total_weight == pytest.approx(0.5)
    assert json.loads(json.dumps(found.to_dict()))["first"]["coverage"] == 4


def test_the_largest_gain_and_the_largest_loss_come_first():
    problem = Problem([[0.1, 0.9, 0.4, 0.2]], 4, 1)
    assert [c.mentees for c in compare(problem, [], [(0, 0), (0, 1), (0, 2)]).gains] == [(1,), (2,), (0,)]
    assert [c.mentees for c in compare(problem, [(0, 0), (0, 1)], []).losses] == [(1,), (0,)]


@examples(40)
@given(given_problems(mixed_minutes=False, pins=False))
def test_both_ways_of_a_comparison_mirror_each_other(given_):
    problem = given_.problem()
    one, other = solve(problem, "coverage").pairs, solve(problem, "stable").pairs
    there, back = compare(problem, one, other), compare(problem, other, one)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert [change.mentees for change in there.gains] == [change.mentees for change in back.losses]
    rise = sum(c.satisfaction_after - c.satisfaction_before for c in there.gains + there.losses + there.moved)
    assert rise == pytest.approx(there.second.total_weight - there.first.total_weight)
    assert compare(problem, one, one).gains == compare(problem, one, one).added == ()
