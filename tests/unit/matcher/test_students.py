"""Students and the mentors who may meet them."""

import numpy as np
import pytest

from matcher.pool import Pool
from matcher.rule_counts import count_rules
from matcher.rules import Code
from matcher.scoring import score
from matcher.taxonomy import load_taxonomy
from matcher.why_not import why_not
from tests.unit.matcher.people import mentee, mentor, settings

LOOSE = {"minimum_ahead": -20, "language_required": False, "hours_required": False}


def codes(mentors, mentees, **choices):
    return score(Pool.build(mentors, mentees), settings(**LOOSE, **choices)).codes


def drawn_people(seed):
    random = np.random.default_rng(seed)
    stages = [*load_taxonomy().stages, None]
    mentors = [
        mentor(f"m{n}", approved_for_students=bool(random.integers(2)), welcomes_students=bool(random.integers(2)))
        for n in range(40)
    ]
    return mentors, [mentee(f"n{n}", stage=stages[int(random.integers(len(stages)))]) for n in range(60)]


def plain_code(one, other):
    stage = load_taxonomy().stages.get(other.stage)
    if stage is None or not stage.student:
        return Code.ACCEPTABLE
    if not one.approved_for_students:
        return Code.STUDENT_NOT_APPROVED
    return Code.ACCEPTABLE if one.welcomes_students else Code.STAGE_NOT_WELCOME


@pytest.mark.parametrize("seed", range(5))
def test_rule_over_a_pool_is_the_rule_pair_by_pair(seed):
    mentors, mentees = drawn_people(seed)
    expected = [[plain_code(one, other) for other in mentees] for one in mentors]
    assert (codes(mentors, mentees, students_need_approval=True) == np.array(expected)).all()


def test_approval_counts_only_where_the_programme_asks_for_it():
    student = mentee(stage="ms_clinical")
    assert codes([mentor()], [student])[0, 0] == Code.ACCEPTABLE
    assert codes([mentor()], [student], students_need_approval=True)[0, 0] == Code.STUDENT_NOT_APPROVED
    assert codes([mentor()], [mentee(stage="intern")], students_need_approval=True)[0, 0] == Code.ACCEPTABLE


def test_mentor_who_keeps_students_out_does_so_whatever_stages_she_names():
    closed = mentor(welcomes_students=False, stages_welcome=("ms_clinical", "intern"))
    found = codes([closed], [mentee(stage="ms_clinical"), mentee("kim", stage="intern")])
    assert found.tolist() == [[Code.STAGE_NOT_WELCOME, Code.ACCEPTABLE]]


def test_pairs_without_approval_are_counted_by_themselves():
    pool = Pool.build([mentor(), mentor("ann", approved_for_students=True)], [mentee(stage="ms_clinical")])
    assert count_rules(pool, settings(**LOOSE, students_need_approval=True))[Code.STUDENT_NOT_APPROVED] == 1


def test_participant_does_not_learn_that_approval_is_missing():
    assert why_not(Code.STUDENT_NOT_APPROVED)[0] == "student_not_approved"
    assert why_not(Code.STUDENT_NOT_APPROVED, participant=True)[0] == "not_available"


def test_codes_that_rounds_have_stored_keep_their_numbers():
    assert (Code.NOT_AHEAD, Code.STUDENT_NOT_APPROVED) == (13, 14)
