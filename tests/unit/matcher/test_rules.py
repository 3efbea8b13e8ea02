"""Which rule makes a pair unacceptable, and which is named when several do."""

import pytest

from matcher.pool import Exclusion, Pool, Ties
from matcher.rules import Code
from matcher.scoring import score
from tests.unit.matcher.people import mentee, mentor, settings


def code(mine=None, theirs=None, ties=None, **choices):
    pool = Pool.build([mentor(**(mine or {}))], [mentee(**(theirs or {}))], ties=ties)
    return Code(int(score(pool, settings(**choices)).codes[0, 0]))


def test_people_who_say_nothing_may_be_matched():
    assert code() is Code.ACCEPTABLE


def test_nobody_is_matched_with_herself():
    assert code({"person": "kim"}, {"person": "kim"}) is Code.SELF


@pytest.mark.parametrize(
    "reason", [Code.EXCLUDED, Code.CONFLICT, Code.ALREADY_PAIRED, Code.FORMER_PAIR, Code.FORBIDDEN]
)
def test_barred_pair_keeps_its_own_reason(reason):
    ties = Ties(exclusions=(Exclusion("mo", "lee", reason),))
    assert code(ties=ties) is reason


def test_paused_mentor_takes_nobody():
    assert code({"paused": True}) is Code.MENTOR_PAUSED


def test_shared_language_is_required_of_those_who_state_one():
    assert code({"languages": ("en",)}, {"languages": ("fr",)}) is Code.NO_SHARED_LANGUAGE
    assert code({"languages": ("en",)}, {"languages": ("fr",)}, language_required=False) is Code.ACCEPTABLE
    assert code({"languages": ("en",)}) is Code.ACCEPTABLE


def test_shared_hours_are_required_of_those_who_state_some():
    hours = {"hours": "Mon 10:00-11:00"}, {"hours": "Tue 10:00-11:00"}
    assert code(*hours) is Code.NO_SHARED_HOURS
    assert code(*hours, hours_required=False) is Code.ACCEPTABLE
    assert code(hours[0]) is Code.ACCEPTABLE


def test_shared_hours_must_hold_a_whole_meeting_of_the_mentees_length():
    parts = {"hours": "Mon 10:00-10:30; Tue 10:00-10:30"}
    assert code(parts, parts) is Code.NO_SHARED_HOURS
    assert code(parts, {**parts, "minutes": 30}) is Code.ACCEPTABLE
    assert code(parts, {**parts, "minutes": 30}, min_shared_minutes=90) is Code.NO_SHARED_HOURS


def test_stage_that_is_not_welcome_is_refused():
    welcome = {"stage": "attending_mid", "stages_welcome": ("fellow",)}
    assert code(welcome, {"stage": "intern"}) is Code.STAGE_NOT_WELCOME
    assert code(welcome, {"stage": "fellow"}) is Code.ACCEPTABLE
    assert code(welcome) is Code.ACCEPTABLE


def test_mentor_behind_the_mentee_is_refused_as_far_as_the_programme_asks():
    stages = {"stage": "intern"}, {"stage": "fellow"}
    assert code(*stages) is Code.NOT_AHEAD
    assert code(*stages, minimum_ahead=-3) is Code.ACCEPTABLE
    assert code({"stage": "intern"}, {"stage": "intern"}) is Code.ACCEPTABLE
    assert code({"stage": "intern"}, {"stage": "intern"}, minimum_ahead=1) is Code.NOT_AHEAD
    assert code({"stage": "intern"}, minimum_ahead=1) is Code.ACCEPTABLE


def test_specialty_can_be_required():
    far = {"specialties": ("urology",)}, {"specialties": ("vascular_surgery",)}
    assert code(*far) is Code.ACCEPTABLE
    assert code(*far, specialty_required=True) is Code.SPECIALTY_REQUIRED
    assert code(*far, specialty_required=True, specialty_floor=0.3) is Code.ACCEPTABLE
    assert code(far[0], specialty_required=True) is Code.ACCEPTABLE


def test_weight_below_the_minimum_is_refused():
    assert code(minimum=0.6) is Code.BELOW_MINIMUM
    assert code(minimum=0.5) is Code.ACCEPTABLE


def test_reason_about_the_two_people_is_named_before_reasons_about_answers():
    ties = Ties(exclusions=(Exclusion("mo", "lee"),))
    clash = {"languages": ("en",), "paused": True}, {"languages": ("fr",)}
    assert code(*clash, ties=ties, minimum=1) is Code.EXCLUDED
    assert code(*clash, minimum=1) is Code.MENTOR_PAUSED
    same = {"person": "kim"}, {"person": "kim"}
    assert code(*same, ties=ties) is Code.SELF
