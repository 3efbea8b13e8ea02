"""Answers about a solved scenario, from plain values to plain values."""

import pytest

from tests.unit.webapp.test_solving import SETTINGS, mentee, mentor, work
from webapp.engine.answering import Answers, OtherProblemError, UnknownPersonError
from webapp.engine.solving import solve_work


def answers_of(plain):
    solved = solve_work(plain, lambda *_said: None)
    return Answers(plain, solved["certificate"], solved["totals"]["no_hour"])


@pytest.fixture
def scarce():
    # One place: Ann fits better than Bo.
    return work([mentor("m", places=1)], [mentee("a"), mentee("b", topics=["leadership", "career_change"])])


def test_a_pair_of_the_scenario_is_said_to_be_one(scarce):
    found = answers_of(scarce).pair("m", "a")
    assert (found["state"], found["key"]) == ("paired", "paired")
    assert {"topics_all"} <= {reason["key"] for reason in found["reasons"]}


def test_another_pair_is_told_with_its_cost_and_who_would_go(scarce):
    found = answers_of(scarce).pair("m", "b")
    assert (found["state"], found["key"], found["exact"]) == ("possible", "cost_total", True)
    assert found["params"]["total"] == "0.333"
    assert (found["entering"], found["leaving"]) == ((), (("m", "a"),))


def test_a_pair_that_the_rules_forbid_is_told_by_the_rule():
    plain = work([mentor("m"), mentor("n")], [mentee("a")], forbidden=[["m", "a"]])
    assert answers_of(plain).pair("m", "a")["key"] == "forbidden"


def test_a_pair_at_work_already_is_told_so():
    plain = work([mentor("m")], [mentee("a"), mentee("b")], taken=[["m", "a"]])
    assert answers_of(plain).pair("m", "a")["key"] == "already_paired"


def test_a_pair_that_found_no_hour_is_told_with_how_many_it_clashes():
    weekly = SETTINGS | {"cadence": "weekly"}
    people = (
        [mentor("m", minutes=960, places=3, windows=[[0, 1020, 1140]])],
        [
            mentee("a", windows=[[0, 1020, 1080]]),
            mentee("b", windows=[[0, 1020, 1080]], topics=["leadership", "career_change"]),
            mentee("c", windows=[[0, 1080, 1140]], topics=[]),
        ],
    )
    found = answers_of(work(*people, settings=weekly, objective="total")).pair("m", "b")
    assert (found["state"], found["key"], found["params"]) == ("not_possible", "hour_clash", {"count": 1})


def test_a_pair_without_a_common_hour_is_told_so_where_the_programme_does_not_ask_for_one():
    loose = SETTINGS | {"hours_required": False}
    plain = work([mentor("m"), mentor("n")], [mentee("a", windows=[[5, 600, 720]])], settings=loose)
    assert answers_of(plain).pair("m", "a")["key"] == "no_time"


def test_somebody_left_out_hears_the_smallest_change_that_helps():
    plain = work([mentor("m", windows=[[0, 1020, 1140]])], [mentee("a", windows=[[0, 960, 1020]])])
    found = answers_of(plain).left_out("a", "mentee")
    assert found["key"] == "left_no_mentor"
    assert found["change"] == {"key": "edit_hours", "params": {"windows": ["Mon 17:00-18:00"]}}


def test_somebody_with_a_mentor_is_not_left_out(scarce):
    assert answers_of(scarce).left_out("a", "mentee") is None


def test_people_outside_the_pool_are_unknown(scarce):
    answers = answers_of(scarce)
    with pytest.raises(UnknownPersonError):
        answers.pair("nobody", "a")
    with pytest.raises(UnknownPersonError):
        answers.left_out("nobody", "mentor")


def test_a_certificate_of_another_problem_is_refused(scarce):
    solved = solve_work(scarce, lambda *_said: None)
    scarce["forbidden"] = [["m", "a"]]
    with pytest.raises(OtherProblemError):
        Answers(scarce, solved["certificate"], [])
