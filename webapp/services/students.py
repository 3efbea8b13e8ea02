"""What keeps students and mentors apart: one set of conditions for letters, offers and pages."""

from sqlalchemy import SQLColumnExpression

from webapp.engine.students import is_student
from webapp.models import Membership, MentorOffer, Programme

NEEDS_APPROVAL = "students_need_approval"
"""The programme's rule, under the engine's name for it."""


def needs_approval(programme: Programme) -> bool:
    """Whether a coordinator approves mentors before students meet them."""
    return bool(programme.rules.get(NEEDS_APPROVAL, False))


def counts_as_student(member: Membership) -> bool:
    profile = member.person.profile
    return profile is not None and is_student(profile.stage)


def awaits_word(member: Membership) -> bool:
    """Whether a student has not said yet that she is an adult: until then she is shown to nobody."""
    return member.adult_confirmed_at is None and counts_as_student(member)


def lacks_approval(mentor: Membership, mentee: Membership) -> bool:
    """Whether the mentee is a student whom this mentor is not approved for."""
    if not needs_approval(mentor.programme) or mentor.offer is None:
        return False
    return mentor.offer.students_approved_at is None and counts_as_student(mentee)


def open_to(mentee: Membership) -> tuple[SQLColumnExpression[bool], ...]:
    """Return the conditions on an offer of a mentor whom this mentee may find: none, unless she is a student."""
    if not counts_as_student(mentee):
        return ()
    welcome: SQLColumnExpression[bool] = MentorOffer.welcomes_students
    approved = MentorOffer.students_approved_at.is_not(None)
    return (welcome, approved) if needs_approval(mentee.programme) else (welcome,)
