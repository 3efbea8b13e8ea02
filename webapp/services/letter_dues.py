"""What comes due with time: letters without an answer, a reminder before that, and talks whose month is over."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.engine.bookings import ONCE
from webapp.models import Mentorship, Message, OutboxMessage
from webapp.services import letter_steps as steps
from webapp.services import offer_steps, outbox
from webapp.services.transaction import transaction

REMIND = timedelta(days=2)  # before a letter runs out
TALK = timedelta(days=31)  # after which the minutes of one talk return by themselves
MOST_AT_ONCE = 500


def expire_letters(session: Session, *, now: datetime) -> int:
    """Close the letters that nobody answered in time, tell both kindly, and return how many."""
    due = select(Message.id).where(Message.state.in_(steps.OPEN), Message.due_at <= now)
    ids = session.scalars(due.order_by(Message.due_at, Message.id).limit(MOST_AT_ONCE)).all()
    if not ids:
        return 0  # nearly always: do not become a writer for nothing
    closed = 0
    with transaction(session):
        for letter in steps.lock_letters(session, ids):
            if letter.state not in steps.OPEN or letter.due_at > now:
                continue  # answered between the look and the lock
            steps.close(letter, "expired", now=now)
            for side in ("mentor", "mentee"):
                steps.tell(session, "expired", letter, side)
            closed += 1
    return closed


def remind_of_letters(session: Session, *, now: datetime) -> int:
    """Remind whoever a letter waits for, two days before it runs out; return how many mails that makes."""
    rows = session.scalars(
        steps.with_people()
        .where(Message.state.in_(steps.OPEN), Message.due_at > now, Message.due_at <= now + REMIND)
        .order_by(Message.due_at, Message.id)
        .limit(MOST_AT_ONCE)
    ).all()
    letters = [_reminder(letter, now) for letter in rows]
    keys = [letter.unique_key for letter in letters]
    known = set(session.scalars(select(OutboxMessage.unique_key).where(OutboxMessage.unique_key.in_(keys))))
    fresh = [letter for letter in letters if letter.unique_key not in known]
    if fresh:
        with transaction(session):
            outbox.write_all(session, fresh)
    return len(fresh)


def finish_talks(session: Session, *, now: datetime) -> int:
    """End the pairs that were for one talk a month ago, so that the mentors' minutes return; return how many."""
    over = select(Mentorship.offer_id).where(
        Mentorship.cadence == ONCE,
        Mentorship.status == "active",
        Mentorship.planned_on.is_(None),  # `light_formats` looks after what has a day
        Mentorship.created_at <= now - TALK,
    )
    ids = session.scalars(over.order_by(Mentorship.id).limit(MOST_AT_ONCE)).all()
    return sum(_finish(session, offer_id, now) for offer_id in ids)


def _finish(session: Session, offer_id: uuid.UUID, now: datetime) -> int:
    with transaction(session):
        offer = offer_steps.lock_offer(session, offer_id)
        pair = session.scalars(
            select(Mentorship).where(Mentorship.offer_id == offer_id).execution_options(populate_existing=True)
        ).one()
        if pair.status != "active" or pair.planned_on is not None:
            return 0  # ended, or given a day, between the look and the lock
        pair.status, pair.ended_at = "completed", now
        offer_steps.give_back(session, offer, why="talked", now=now)
        offer_steps.note(session, "mentorship.completed", offer, by=None, now=now)
        return 1


def _reminder(letter: Message, now: datetime) -> outbox.Letter:
    side = "mentor" if letter.state == "waiting" else "mentee"
    member = letter.mentor if side == "mentor" else letter.mentee
    return outbox.Letter(
        steps.TEMPLATE,
        member.person_id,
        {"letter_id": str(letter.id), "side": side, "event": "reminder"},
        f"{steps.TEMPLATE}:reminder:{letter.id}:{side}:{letter.due_at:%Y%m%d%H%M}",
        created_at=now,
    )
