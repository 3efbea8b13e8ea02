"""Which rule makes a pair unacceptable, and which is named when several do."""

import pytest

from matcher.pool import Exclusion, Pool, Ties
from matcher.rule_counts import count_rules
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


def test_former_pair_may_meet_again_where_the_programme_says_so_and_other_reasons_stand():
    ties = Ties(exclusions=(Exclusion("mo", "lee", Code.FORMER_PAIR),))
    assert code(ties=ties, former_pairs_allowed=True) is Code.ACCEPTABLE
    ties = Ties(exclusions=(Exclusion("mo", "lee", Code.CONFLICT),))
    assert code(ties=ties, former_pairs_allowed=True) is Code.CONFLICT


def test_each_rule_is_counted_by_itself_and_nobody_with_herself():
    mentors = [mentor(languages=("en",), stage="intern"), mentor("ann", person="kim", languages=("fr",))]
    mentees = [mentee(languages=("fr",), stage="fellow"), mentee("ben", person="kim", languages=("en",))]
    ties = Ties(exclusions=(Exclusion("ann", "lee", Code.FORMER_PAIR),))
    pool = Pool.build(mentors, mentees, ties=ties)
    counts = count_rules(pool, settings())
    assert counts[Code.NO_SHARED_LANGUAGE] == 1
    assert counts[Code.NOT_AHEAD] == 1
    assert counts[Code.FORMER_PAIR] == 1
    assert counts[Code.NO_SHARED_HOURS] == counts[Code.SPECIALTY_REQUIRED] == counts[Code.STAGE_NOT_WELCOME] == 0
    loose = settings(language_required=False, minimum_ahead=-20, former_pairs_allowed=True)
    assert not any(count_rules(pool, loose).values())


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
