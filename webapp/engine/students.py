"""Who counts as a student, by the vocabulary that ships, and who of them is shown to anybody."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased

from matcher.taxonomy import load_taxonomy
from webapp.models import Membership, Profile


def student_stages() -> Collection[str]:
    """Return the career stages of those who are taught before they practise."""
    return frozenset(stage.id for stage in load_taxonomy().stages.values() if stage.student)


def is_student(stage: str) -> bool:
    return stage in student_stages()


def said_adult() -> ColumnElement[bool]:
    """Say that a membership is of somebody who said that she is an adult, or whom nobody asks for she is no student.

    Whoever became a student by another's hand is in no pool until she has said so herself.
    """
    hers = aliased(Profile)  # of its own, wherever the query around it joins profiles too
    student = exists().where(hers.person_id == Membership.person_id, hers.stage.in_(sorted(student_stages())))
    return or_(Membership.adult_confirmed_at.is_not(None), ~student)
