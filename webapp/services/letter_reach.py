"""Whom a mentee may write to: one set of conditions for the directory, a mentor's page and the sending."""

import uuid
from datetime import date

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.engine.bookings import still_holds
from webapp.engine.students import said_adult
from webapp.models import Exclusion, Interest, LetterBox, Membership, MentorOffer, Offer, Person
from webapp.services.errors import NotFoundError
from webapp.services.students import open_to


def within_reach(mentee: Membership, today: date) -> tuple[SQLColumnExpression[bool], ...]:
    """Say which mentors this mentee may know of and write to, where their letter boxes and offers are joined.

    Whoever is ruled out with her, or said "not for me", is simply not there; so is who pauses, and, for a student,
    whoever does not welcome students or is not approved for them where the programme asks for that.
    """
    excluded = select(Exclusion.mentor_id).where(Exclusion.mentee_id == mentee.id)
    unwanted = select(Interest.mentor_id).where(
        Interest.mentee_id == mentee.id, Interest.side == "mentor", Interest.verdict == "not_for_me"
    )
    return (
        *_takes_letters(mentee, today),
        *open_to(mentee),
        Membership.id.not_in(excluded),
        Membership.id.not_in(unwanted),
    )


def colleagues_of(mentor: Membership, mentee: Membership, today: date) -> Select[uuid.UUID]:
    """Return the query of the mentors that one may suggest to a mentee in her own place."""
    apart = (
        select(Exclusion.mentor_id)
        .where(Exclusion.mentee_id == mentor.id)
        .union(select(Exclusion.mentee_id).where(Exclusion.mentor_id == mentor.id))
    )
    return (
        select(Membership.id)
        .join(LetterBox, LetterBox.membership_id == Membership.id)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .where(*within_reach(mentee, today), Membership.id != mentor.id, Membership.id.not_in(apart))
    )


def mentee_beside(session: Session, mentor_id: uuid.UUID, *, person_id: uuid.UUID, lock: bool = False) -> Membership:
    """Return the person's own part as a mentee in the programme of a mentor."""
    programme = select(Membership.programme_id).where(Membership.id == mentor_id).scalar_subquery()
    query = (
        select(Membership)
        .where(Membership.programme_id == programme, *looks_for_mentors(person_id))
        .options(
            joinedload(Membership.request),
            joinedload(Membership.programme),
            joinedload(Membership.person).options(
                joinedload(Person.profile), joinedload(Person.trait), selectinload(Person.windows)
            ),
        )
        .execution_options(populate_existing=True)
    )
    query = query.with_for_update(of=Membership, key_share=True) if lock else query
    mentee = session.scalars(query).one_or_none()
    if mentee is None or mentee.request is None:
        raise NotFoundError(f"mentee beside {mentor_id}")
    return mentee


def looks_for_mentors(person_id: uuid.UUID) -> tuple[SQLColumnExpression[bool], ...]:
    """Say which memberships are a person's own as a mentee who has joined, does not pause, and is no minor."""
    return (
        Membership.person_id == person_id,
        Membership.is_mentee,
        Membership.status == "active",
        Membership.joined_at.is_not(None),
        said_adult(),
    )


def meets_already(session: Session, mentee_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the mentors that a mentee meets, or has an open offer with."""
    return set(session.scalars(select(Offer.mentor_id).where(Offer.mentee_id == mentee_id, still_holds())))


def _takes_letters(mentee: Membership, today: date) -> tuple[SQLColumnExpression[bool], ...]:
    away: ColumnElement[bool] = and_(
        MentorOffer.paused_from.is_not(None),
        MentorOffer.paused_from <= today,
        or_(MentorOffer.paused_until.is_(None), MentorOffer.paused_until >= today),
    )
    return (
        LetterBox.is_open,
        Membership.programme_id == mentee.programme_id,
        Membership.person_id != mentee.person_id,
        Membership.is_mentor,
        Membership.status == "active",
        Membership.joined_at.is_not(None),
        said_adult(),
        MentorOffer.is_provisional.is_(False),
        or_(MentorOffer.paused_from.is_(None), ~away),
    )
