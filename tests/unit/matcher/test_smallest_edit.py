"""The smallest edit of somebody left out, shown smallest by solving every cheaper one."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from matcher import solve
from matcher.certificate import levels_of
from matcher.edits import mentee_edits, mentor_edits
from matcher.pool import Exclusion, Interest, Pool, Ties
from matcher.problem_changes import with_mentee, with_mentor
from matcher.result import Matching
from matcher.scoring import build_problem, score
from matcher.smallest_edit import find_mentee_edit, find_mentor_edit
from matcher.variants import mentee_variants, mentor_variants
from matcher.what_if import WhatIf
from tests.unit.matcher.people import mentee, mentor, random_pool, settings

STRICT = settings(specialty_required=True, specialty_floor=0.3)


def worth(problem, result):
    found = Matching.of(problem, result.pairs)
    return [found.worth(level) for level in levels_of(result.objective, has_priority=True)]


class Case:
    """One solved pool."""

    def __init__(self, pool, rules=STRICT, objective="coverage", ties=None):
        self.ties, self.rules, self.objective = ties, rules, objective
        self.pool = Pool.build(pool.mentors, pool.mentees, ties=ties)
        self.problem, _ = build_problem(self.pool, rules)
        result = solve(self.problem, objective)
        self.what_if = WhatIf(self.problem, result)
        self.before = worth(self.problem, result)
        pairs = self.what_if.pairs
        self.mentees = [i for i in range(self.problem.n_mentees) if i not in pairs[:, 1]]
        self.mentors = [j for j in range(self.problem.n_mentors) if j not in pairs[:, 0]]

    def with_person(self, edit):
        """The problem with an edit, of a pool built and scored anew."""
        edited = edit.mentor or edit.mentee
        mentors = [edited if one.key == edited.key else one for one in self.pool.mentors]
        mentees = [edited if one.key == edited.key else one for one in self.pool.mentees]
        return build_problem(Pool.build(mentors, mentees, ties=self.ties), self.rules)[0]

    def edits(self, side, number):
        """The whole catalogue of a person, and her column or row for each edit."""
        pool = self.pool
        if side:
            topics = frozenset(topic for one in pool.mentors for topic in one.topics)
            edits = list(mentee_edits(pool.mentees[number], pool.taxonomy, topics))
            return edits, score(mentee_variants(pool, number, [e.mentee for e in edits]), self.rules).weights.T
        topics = frozenset(topic for one in pool.mentees for topic in one.topics)
        edits = list(mentor_edits(pool.mentors[number], pool.taxonomy, self.rules, topics))
        return edits, score(mentor_variants(pool, number, [e.mentor for e in edits]), self.rules).weights

    def changed(self, side, number, edit, weights):
        if side:
            return with_mentee(self.problem, number, weights, edit.mentee.wanted)
        places = 0 if edit.mentor.paused else edit.mentor.places
        return with_mentor(self.problem, number, weights, places, edit.mentor.minutes)

    def is_enough(self, problem, side, number):
        """Whether every best matching of a changed problem holds her: without her it is worth less."""
        result = solve(problem, self.objective)
        better = any(now > was + 1e-6 for now, was in zip(worth(problem, result), self.before, strict=True))
        assert not better or number in result.pairs[:, side]
        return better

    def find(self, side, number, **options):
        find = find_mentee_edit if side else find_mentor_edit
        return find(self.what_if, self.pool, self.rules, number, **options)


def check_smallest(case, side, number):
    """The edit found is enough in a pool built anew, and no cheaper one is, each solved anew."""
    found = case.find(side, number)
    assert found.complete
    solved = {case.problem.sha256}
    for edit, weights in zip(*case.edits(side, number), strict=True):
        if edit == found.edit:
            assert case.is_enough(case.with_person(edit), side, number)
            return
        problem = case.changed(side, number, edit, weights)
        if problem.sha256 not in solved:  # many edits change no weight, or the same ones
            assert not case.is_enough(problem, side, number)
        solved.add(problem.sha256)
    assert found.edit is None


@pytest.mark.parametrize("objective", ["coverage", "total"])
def test_fifty_edits_are_the_smallest_that_are_enough(objective):
    checked = 0
    for seed in itertools.count():
        case = Case(random_pool(seed, 4, 6), objective=objective)
        for side, people in ((1, case.mentees), (0, case.mentors)):
            for number in people:
                check_smallest(case, side, number)
                checked += 1
        if checked >= 50:
            break


@pytest.mark.parametrize("side", [0, 1])
def test_edits_score_as_a_pool_built_anew_scores_them(side):
    ties = Ties((Interest("m1", "n1", "mentee"), Interest("m2", "n1", "mentor")), (Exclusion("m1", "n2"),))
    case = Case(random_pool(3, 4, 5), ties=ties)
    for edit, weights in list(zip(*case.edits(side, 1), strict=True))[::7]:
        rebuilt = case.with_person(edit).weights
        np.testing.assert_array_equal(weights, rebuilt[:, 1] if side else rebuilt[1])


def lonely(mine=None, theirs=None, rules=None):
    """A case of one mentor and one mentee."""
    return Case(Pool.build([mentor(**(mine or {}))], [mentee(**(theirs or {}))]), rules or settings())


@pytest.mark.parametrize(
    ("mine", "theirs", "effort", "params"),
    [
        ({"hours": "Mon 18-19"}, {"hours": "Mon 17-18"}, 2, {"windows": ["Mon 18:00-19:00"]}),
        ({"hours": "Mon 16-17"}, {"hours": "Mon 17-18"}, 2, {"windows": ["Mon 16:00-17:00"]}),
        ({"hours": "Mon 01-02"}, {"hours": "Mon 00-01"}, 2, {"windows": ["Mon 01:00-02:00"]}),
        ({"hours": "Mon 22-23"}, {"hours": "Mon 23-24"}, 2, {"windows": ["Mon 22:00-23:00"]}),
        ({"hours": "Mon 19-20"}, {"hours": "Mon 17-18"}, 3, {"windows": ["Mon 18:00-20:00"]}),
        ({"hours": "Sun 12-14"}, {"hours": "Mon 17-18"}, 4, {"windows": ["Sun 12:00-14:00"]}),
        (
            {"specialties": ("hand_surgery",)},
            {"specialties": ("general_surgery",)},
            8,
            {"specialty": "Surgery of the Hand"},
        ),
        ({"specialties": ("urology",)}, {"specialties": ("vascular_surgery",)}, 9, {"specialty": "Urology"}),
    ],
)
def test_mentee_is_told_the_edit_of_least_effort(mine, theirs, effort, params):
    case = lonely(mine, theirs, settings(specialty_required=True, specialty_floor=0.9))
    found = case.find(1, 0)
    assert (found.edit.effort, found.edit.params) == (effort, params)


@pytest.mark.parametrize(
    ("mine", "theirs", "key"),
    [
        ({"paused": True}, {}, "resume"),
        ({"stages_welcome": ("fellow",)}, {"stage": "intern"}, "stage"),
        ({"places": 0}, {}, "room"),
        ({"minutes": 30}, {}, "room"),
        ({"hours": "Mon 17-18"}, {"hours": "Mon 18-19"}, "hours"),
        ({"paused": True, "places": 0}, {}, None),
    ],
)
def test_mentor_is_told_what_of_her_own_is_in_the_way(mine, theirs, key):
    found = lonely(mine, theirs).find(0, 0)
    assert (found.edit and found.edit.key) == key


def test_topic_that_lifts_the_pair_over_the_minimum_is_told():
    topics = settings(weights={"topics": 1.0}, minimum=0.5)
    found = lonely({"topics": ("grants",)}, {"topics": ("leadership",)}, topics).find(0, 0)
    assert (found.edit.key, found.edit.params) == ("topic", {"topic": "Leadership development"})
    found = lonely({"topics": ("grants",)}, {"topics": ("leadership",)}, replace(topics, minimum=0.3)).find(1, 0)
    assert (found.edit.key, found.edit.params) == ("topic", {"topic": "Grants and funding"})


def test_who_wants_no_mentor_is_told_no_edit():
    case = lonely({}, {"wanted": 0})
    assert case.find(1, 0).edit is None


def test_mixed_minutes_are_confirmed_by_solves():
    mentors = [mentor("mo", hours="Mon 17-18", places=2, minutes=90)]
    mentees = [mentee("lee", hours="Mon 17-18"), mentee("kim", hours="Mon 19-20", minutes=30)]
    case = Case(Pool.build(mentors, mentees), settings())
    assert case.mentees == [1]
    found = case.find(1, 1)
    assert (found.edit.effort, found.complete) == (3, True)
    assert case.what_if.mentee(1, found.weights).own.tolist() == [[0, 1]]
    assert not case.find(1, 1, time_limit=0).complete


def test_mentor_with_mixed_minutes_is_confirmed_by_solves():
    mentors = [mentor("mo", places=2, minutes=20)]
    case = Case(Pool.build(mentors, [mentee("lee"), mentee("kim", minutes=30)]), settings())
    assert case.mentors == [0]
    assert case.find(0, 0).edit.key == "room"
