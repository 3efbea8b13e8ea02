"""Pairs that both said yes: found by the two people in them, ended by either."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Membership, Mentorship, Person
from webapp.services import offer_steps as steps
from webapp.services.errors import NotFoundError
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class Pair:
    """A mentorship as one of its two people finds it."""

    mentorship: Mentorship
    side: str  # which of the two is looking


def my_mentorships(session: Session, person_id: uuid.UUID) -> list[Pair]:
    """Return the person's pairs, running ones first, then the latest."""
    pairs = [_as_seen(row, person_id) for row in session.scalars(_of_person(person_id))]
    running = ("active", "paused")
    return sorted(pairs, key=lambda pair: pair.mentorship.status not in running)


def find_mentorship(session: Session, mentorship_id: uuid.UUID, *, person_id: uuid.UUID) -> Pair:
    """Return this pair to one of its two people; for anyone else there is no such pair."""
    return _find(session, mentorship_id, person_id)


def end_mentorship(
    session: Session, mentorship_id: uuid.UUID, *, person_id: uuid.UUID, reason: str = "", now: datetime
) -> None:
    """End a pair, without blame; the mentor's time returns at once. Ending it twice changes nothing.

    Raises
    ------
    NotFoundError
        The person is not one of the two.

    """
    with transaction(session):
        offer_id = session.scalar(select(Mentorship.offer_id).where(Mentorship.id == mentorship_id))
        if offer_id is None:
            raise NotFoundError(f"mentorship {mentorship_id}")
        offer = steps.lock_offer(session, offer_id)
        pair = _find(session, mentorship_id, person_id)
        if pair.mentorship.status not in {"active", "paused"}:
            return
        pair.mentorship.status, pair.mentorship.ended_at = "ended", now
        pair.mentorship.end_reason = reason[:30]
        steps.give_back(session, offer, why="ended", now=now)
        steps.write_mail(session, "mentorship_ended", offer, "mentee" if pair.side == "mentor" else "mentor")
        steps.note(session, "mentorship.ended", offer, by=person_id, now=now, side=pair.side)


def _find(session: Session, mentorship_id: uuid.UUID, person_id: uuid.UUID) -> Pair:
    row = session.scalars(_of_person(person_id).where(Mentorship.id == mentorship_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"mentorship {mentorship_id}")
    return _as_seen(row, person_id)


def _of_person(person_id: uuid.UUID) -> Select[Mentorship]:
    mine = select(Membership.id).where(Membership.person_id == person_id)
    return (
        select(Mentorship)
        .where(or_(Mentorship.mentor_id.in_(mine), Mentorship.mentee_id.in_(mine)))
        .options(
            joinedload(Mentorship.offer),
            joinedload(Mentorship.mentor).joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Mentorship.mentee).joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Mentorship.mentor).joinedload(Membership.person).selectinload(Person.exceptions),
            joinedload(Mentorship.mentee).joinedload(Membership.person).selectinload(Person.exceptions),
            joinedload(Mentorship.mentor).joinedload(Membership.programme),
        )
        .order_by(Mentorship.created_at.desc(), Mentorship.id)
    )


def _as_seen(row: Mentorship, person_id: uuid.UUID) -> Pair:
    return Pair(row, "mentor" if row.mentor.person_id == person_id else "mentee")
