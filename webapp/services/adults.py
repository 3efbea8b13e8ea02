"""A student's own word that she is an adult, where she became a student after she had joined."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from webapp.engine.students import is_student
from webapp.models import AuditEvent, Membership, Profile
from webapp.services.transaction import transaction

CONFIRMED = "membership.adult_confirmed"


def lacks_word(session: Session, person_id: uuid.UUID) -> bool:
    """Whether a person takes part somewhere where she never said that she is 18 or older."""
    return bool(session.scalar(select(exists().where(*_without(person_id)))))


def is_asked(session: Session, person_id: uuid.UUID) -> bool:
    """Whether a person takes part as a student, by whoever's hand, and has still to say that she is an adult."""
    stage = session.scalar(select(Profile.stage).where(Profile.person_id == person_id))
    return is_student(stage or "") and lacks_word(session, person_id)


def confirm_adult(session: Session, *, person_id: uuid.UUID, now: datetime) -> None:
    """Keep a person's word for everywhere she takes part; saying it twice changes nothing."""
    with transaction(session):
        keep_word(session, person_id, now=now)


def keep_word(session: Session, person_id: uuid.UUID, *, now: datetime) -> None:
    """Keep her word inside the caller's transaction, where it comes with another answer of hers."""
    query = select(Membership).where(*_without(person_id)).order_by(Membership.id)
    for membership in session.scalars(query.with_for_update(of=Membership, key_share=True)):
        membership.adult_confirmed_at = now
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=membership.programme_id,
                action=CONFIRMED,
                subject=f"membership:{membership.id}",
                created_at=now,
            )
        )


def _without(person_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.person_id == person_id,
        Membership.status.in_(("active", "paused")),
        Membership.joined_at.is_not(None),
        Membership.adult_confirmed_at.is_(None),
    )
