"""A pair offered by the coordinator's hand, in a round that is published."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Membership, Offer, Round
from webapp.services import offer_steps as steps
from webapp.services import outbox
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.hand_pairs import describe_pair
from webapp.services.ledger import lock_time
from webapp.services.transaction import transaction


def offer_by_hand(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Offer a pair that no scenario proposed, in a round that is published; the same limits hold.

    Raises
    ------
    NotFoundError
        The programme has no such round, mentor or mentee.
    NoRoomError
        The mentor's time, or the mentors the mentee asked for, do not hold another pair.
    ConflictError
        The two must not be paired, are paired already, or one of them is away.
    WrongStateError
        The round is not published.

    """
    with transaction(session):
        lock_time(session, [mentor_id])
        steps.lock_memberships(session, [mentee_id])
        round_ = _lock_answerable(session, round_id, programme_id)
        mentor, mentee = _member(session, mentor_id, programme_id), _member(session, mentee_id, programme_id)
        _check_pair(session, mentor, mentee, now=now)
        steps.check_wanted(session, mentee)
        facts = describe_pair(session, mentor, mentee)
        offer = Offer(
            id=uuid.uuid4(),
            round=round_,
            mentor=mentor,
            mentee=mentee,
            reasons=facts.reasons,
            slot_weekday=facts.slot.weekday if facts.slot else None,
            slot_minute=facts.slot.start if facts.slot else None,
            slot_week=facts.slot.week if facts.slot else None,
            minutes=steps.minutes_for(mentee.request, round_.programme.minutes_a_month) if mentee.request else 0,
            deadline_at=now + timedelta(days=round_.programme.offer_days),
            created_at=now,
        )
        session.add(offer)
        session.flush()  # the ledger refers to it
        steps.hold(session, offer, why="by_hand", now=now)
        for member in (mentor, mentee):
            outbox.write(
                session,
                template="offers_published",
                person_id=member.person_id,
                params={"offers": [str(offer.id)]},
                unique_key=f"offers_published:{offer.id}:{member.id}",
            )
        steps.note(session, "offer.by_hand", offer, by=by, now=now)
        return offer.id


def _lock_answerable(session: Session, round_id: uuid.UUID, programme_id: uuid.UUID) -> Round:
    """Return a round whose offers may be answered; the lock keeps it so until this offer stands."""
    query = select(Round).where(Round.id == round_id, Round.programme_id == programme_id)
    round_ = session.scalars(query.with_for_update(of=Round, key_share=True)).one_or_none()
    if round_ is None:
        raise NotFoundError(f"round {round_id}")
    if round_.state not in steps.ANSWERABLE:
        raise WrongStateError("round", round_.state, "offer")
    return round_


def _member(session: Session, membership_id: uuid.UUID, programme_id: uuid.UUID) -> Membership:
    member = session.get(Membership, membership_id)
    if member is None or member.programme_id != programme_id:
        raise NotFoundError(f"membership {membership_id}")
    return member


def _check_pair(session: Session, mentor: Membership, mentee: Membership, *, now: datetime) -> None:
    if mentor.id == mentee.id:
        raise ConflictError("self")
    why = steps.why_not_now(mentor, mentee, now=now)
    if why:
        raise ConflictError(why)
    if steps.is_barred(session, mentor, mentee):
        raise ConflictError("excluded")
    steps.check_unpaired(session, mentor.id, mentee.id)
