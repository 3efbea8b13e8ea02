"""Answers in words, and what they can and cannot hold."""

import dataclasses
import importlib
import json
import typing

import pytest

import matcher
from matcher import explain, explain_left_out, solve
from matcher.answers import ANSWERS, CoordinatorAnswer, ParticipantAdvice, ParticipantAnswer, Sentence
from matcher.codes import Code
from matcher.explain import Reason
from matcher.pool import Exclusion, Interest, Pool, Ties
from matcher.problem_changes import with_changes
from matcher.scoring import build_problem
from matcher.timed_matching import match_with_times
from matcher.what_if import WhatIf
from tests.unit.matcher.people import mentee, mentor, random_pool, settings

RULES = settings(specialty_required=True, specialty_floor=0.3)


def asked(pool, objective="coverage", rules=RULES, **changes):
    problem = with_changes(build_problem(pool, rules)[0], **changes)
    return WhatIf(problem, solve(problem, objective)), pool, rules


def small(ties=None, **theirs):
    """One mentor with one place, who is matched with Kim, whom Lee would cost."""
    mentors = [mentor("mo", topics=("grants",))]
    mentees = [mentee("lee", **theirs), mentee("kim", topics=("grants",), priority=theirs.pop("lead", 0.0))]
    return Pool.build(mentors, mentees, ties=ties)


def test_explain_is_the_door_and_the_module_of_reasons_stays():
    assert matcher.explain is explain
    assert importlib.import_module("matcher.explain").Reason is Reason


def leaves(kind):
    """All types that a value of a type can hold, by the fields of dataclasses and the arguments of containers."""
    found = set()
    for argument in typing.get_args(kind):
        found |= leaves(argument) if isinstance(argument, type) or typing.get_origin(argument) else set()
    if dataclasses.is_dataclass(kind):
        for hint in typing.get_type_hints(kind).values():
            found |= leaves(hint)
    return found | {kind} if not typing.get_args(kind) else found


@pytest.mark.parametrize("kind", [ParticipantAnswer, ParticipantAdvice])
def test_types_of_participants_hold_words_and_nothing_else(kind):
    assert leaves(kind) <= {kind, Reason, Sentence, str, int}
    names = {field.name for field in dataclasses.fields(kind)}
    assert names == ({"state", "reasons", "why"} if kind is ParticipantAnswer else {"why", "change"})
    assert Code in leaves(CoordinatorAnswer)


@pytest.mark.parametrize("code", [Code.EXCLUDED, Code.CONFLICT, Code.FORBIDDEN])
@pytest.mark.parametrize("viewer", ["mentor", "mentee"])
def test_private_causes_read_not_available_to_both(code, viewer):
    told = explain(*asked(small(Ties(exclusions=(Exclusion("mo", "lee", code),)))), 0, 0, viewer=viewer)
    assert told == ParticipantAnswer(
        "not_possible", (), Sentence("not_available", {}, "Not available in this programme.")
    )


def test_coordinator_is_told_the_reason_code():
    told = explain(*asked(small(Ties(exclusions=(Exclusion("mo", "lee", Code.CONFLICT),)))), 0, 0, viewer="coordinator")
    assert (told.state, told.code, told.cost) == ("not_possible", Code.CONFLICT, None)
    assert str(told.why) == "The two have a conflict of interest."


def test_other_cause_is_told_to_participants_too():
    pool = Pool.build([mentor(hours="Mon 10-11")], [mentee(hours="Tue 10-11")])
    told = explain(*asked(pool), 0, 0, viewer="mentee")
    assert (told.state, told.why.key) == ("not_possible", "no_shared_hours")


def test_participants_hear_nothing_of_anybody_else():
    pool = random_pool(5, 6, 10)
    ties = Ties(
        (Interest("m1", "n1", "mentor"), Interest("m1", "n2", "mentee")),
        tuple(Exclusion(f"m{k}", f"n{k}", Code.CONFLICT) for k in range(6)),
    )
    what_if, pool, rules = asked(Pool.build(pool.mentors, pool.mentees, ties=ties))
    keys = {one.key for one in (*pool.mentors, *pool.mentees)}
    told = [
        explain(what_if, pool, rules, j, i, viewer=viewer)
        for j in range(6)
        for i in range(10)
        for viewer in ("mentor", "mentee")
    ]
    for i in sorted(set(range(10)) - set(what_if.pairs[:, 1].tolist())):
        told.append(explain_left_out(what_if, pool, rules, mentee=i, viewer="mentee"))
    for answer in told:
        words = json.dumps(dataclasses.asdict(answer)).replace('"', " ").split()
        assert not keys & set(words)
        assert "conflict" not in " ".join(words)


def test_cost_in_coverage_comes_first_and_names_who_would_move():
    pool = Pool.build(
        [mentor("mo"), mentor("ada", hours="Mon 10-11")],
        [mentee("lee"), mentee("kim", hours="Mon 12-13")],
    )
    told = explain(*asked(pool), 0, 0, viewer="coordinator")
    assert (told.state, str(told.why)) == ("possible", "Matching the two would leave 1 more without a mentor.")
    assert (told.entering, told.leaving) == ((), (("mo", "kim"), ("ada", "lee")))
    assert explain(*asked(pool), 0, 0, viewer="mentee").why.key == "possible"


def test_cost_in_priority_and_in_weight():
    pool = small()
    assert str(explain(*asked(pool), 0, 0, viewer="coordinator").why).startswith(
        "Matching the two would lower the total"
    )
    urgent = Pool.build(pool.mentors, [pool.mentees[0], dataclasses.replace(pool.mentees[1], priority=1.0)])
    assert explain(*asked(urgent), 0, 0, viewer="coordinator").why.key == "cost_priority"
    assert explain(*asked(urgent, "total"), 0, 0, viewer="coordinator").why.key == "cost_total"


def test_pair_of_another_best_matching_costs_nothing():
    pool = Pool.build([mentor()], [mentee("lee"), mentee("kim")])
    what_if, *rest = asked(pool)
    other = 1 - int(what_if.pairs[0, 1])
    told = explain(what_if, *rest, 0, other, viewer="coordinator")
    assert (told.why.key, told.cost.total) == ("cost_nothing", 0.0)


def test_pair_beside_a_pinned_one_is_not_promised():
    told = explain(*asked(small(), pinned=[(0, 1)]), 0, 0, viewer="coordinator")
    assert told.why.key == "cost_pinned"


def test_fair_matching_tells_what_the_floor_would_lose():
    what_if, pool, rules = asked(small(), "fair")
    told = explain(what_if, pool, rules, 0, 0, viewer="coordinator")
    assert (told.why.key, told.cost.method) == ("cost_floor", "solve")


def test_chosen_pair_is_told_so_with_its_reasons():
    for viewer in ("mentor", "mentee", "coordinator"):
        told = explain(*asked(small()), 0, 1, viewer=viewer)
        assert (told.state, told.why.key) == ("paired", "paired")
        assert told.reasons


@pytest.mark.parametrize(
    ("mine", "theirs", "side", "why", "change"),
    [
        ({"hours": "Mon 18-19"}, {"hours": "Mon 17-18"}, "mentee", "left_no_mentor", "edit_hours"),
        ({"hours": "Mon 18-19"}, {"hours": "Mon 17-18"}, "mentor", "left_no_mentee", "edit_hours"),
        ({"languages": ("en",)}, {"languages": ("fr",)}, "mentee", "left_no_mentor", "edit_none"),
        ({}, {"wanted": 0}, "mentee", "left_wants_none", "edit_none"),
        ({}, {"wanted": 0}, "mentor", "left_mentees_taken", "edit_none"),
        ({"places": 0}, {}, "mentor", "left_no_room", "edit_room"),
        ({"places": 0}, {}, "mentee", "left_mentors_taken", "edit_none"),
        ({"paused": True}, {}, "mentor", "left_no_mentee", "edit_resume"),
    ],
)
def test_left_out_are_told_why_and_what_of_their_own_would_change_it(mine, theirs, side, why, change):
    what_if, pool, rules = asked(Pool.build([mentor(**mine)], [mentee(**theirs)]))
    told = explain_left_out(what_if, pool, rules, viewer=side, **{side: 0})
    assert (told.why.key, told.change.key) == (why, change)


def test_coordinator_is_told_what_an_edit_would_change_for_others():
    pool = Pool.build(
        [mentor("mo", topics=("grants",), hours="Mon 17-18")],
        [mentee("lee", topics=("grants",), hours="Mon 18-19"), mentee("kim", topics=("burnout",), hours="Mon 17-18")],
    )
    told = explain_left_out(*asked(pool), viewer="coordinator", mentee=0)
    assert (told.key, told.effort, dict(told.codes)) == ("lee", 2, {Code.NO_SHARED_HOURS: 1})
    assert str(told.change) == "Being free on Mon 17:00-18:00 as well would be enough."
    assert (told.entering, told.leaving) == ((), (("mo", "kim"),))
    pool = Pool.build([mentor("mo", hours="Mon 17-18")], [mentee("lee", hours="Mon 18-19")])
    told = explain_left_out(*asked(pool), viewer="coordinator", mentor=0)
    assert (told.key, told.cost.coverage) == ("mo", 1)


def test_search_cut_short_says_so():
    mentors = [mentor("mo", hours="Mon 17-18", places=2, minutes=90)]
    mentees = [mentee("lee", hours="Mon 17-18"), mentee("kim", hours="Mon 20-21", minutes=30)]
    told = explain_left_out(*asked(Pool.build(mentors, mentees)), viewer="mentee", mentee=1, time_limit=0)
    assert told.change.key == "edit_unknown"


def test_advice_is_for_one_person_who_was_left_out():
    what_if, pool, rules = asked(small())
    for wrong in ({}, {"mentor": 0, "mentee": 0}):
        with pytest.raises(ValueError, match="give one of"):
            explain_left_out(what_if, pool, rules, viewer="mentee", **wrong)
    with pytest.raises(ValueError, match="mentee 1 has somebody"):
        explain_left_out(what_if, pool, rules, viewer="mentee", mentee=1)


def test_every_sentence_can_be_written():
    params = dict.fromkeys(
        [
            "count",
            "floor",
            "total",
            "windows",
            "topic",
            "stage",
            "specialty",
            "minutes",
            "profile",
            "mentees",
            "mentor",
        ],
        "x",
    )
    assert all(str(Sentence.of(key, params)) for key in ANSWERS)


def test_pair_ruled_out_for_want_of_a_time_is_told_so_and_to_participants_without_others():
    people = [mentee("n0", hours="Mon 09:00-10:00"), mentee("n1", hours="Mon 09:00-10:00")]
    pool = Pool.build([mentor("m0", hours="Mon 09:00-10:30; Sun 09:00-10:00", places=2, minutes=9000)], people)
    weekly = settings(cadence="weekly")
    found = match_with_times(pool, weekly, build_problem(pool, weekly)[0])
    ((row, column),) = [out.pair for out in found.ruled_out]
    what_if = WhatIf(found.unpinned, found.result)
    told = explain(what_if, pool, weekly, row, column, viewer="coordinator")
    assert (told.state, told.why.key, told.cost) == ("not_possible", "no_time", None)
    assert explain(what_if, pool, weekly, row, column, viewer="mentee").why.key == "not_available"
    left = explain_left_out(what_if, pool, weekly, viewer="mentee", mentee=column)
    assert left.why.key == "left_no_time"
