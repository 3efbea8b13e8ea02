"""Offers: answered by both sides, closed at their deadline, or withdrawn by the coordinator."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, Mentorship, Offer, OutboxMessage
from webapp.services import offer_steps as steps
from webapp.services import outbox
from webapp.services.errors import AgeNotSaidError, NoRoomError, NotFoundError, WrongStateError
from webapp.services.nudges import NUDGES, lately_nudged, nudge_letter
from webapp.services.students import awaits_word
from webapp.services.transaction import transaction

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Answered:
    """What an answer led to."""

    state: str
    side: str
    mentorship_id: uuid.UUID | None


def answer_offer(
    session: Session, offer_id: uuid.UUID, *, person_id: uuid.UUID, answer: str, reason: str = "", now: datetime
) -> Answered:
    """Say yes or no to an offer, as the mentor or the mentee of it.

    The same answer twice changes nothing. A yes may become a no while the offer is open. A yes after the deadline
    counts while the place is still free.

    Raises
    ------
    NotFoundError
        There is no such offer for this person.
    NoRoomError
        The answer came late, and the place has gone meanwhile.
    AgeNotSaidError
        One of the two is a student by now, and has still to say that she is 18 or older.
    WrongStateError
        The offer was declined or withdrawn, or is a mentorship already.

    """
    with transaction(session):
        offer = steps.lock_offer(session, offer_id)
        side = side_of(offer, person_id)
        if _answer_of(offer, side) != answer:
            if answer == "yes":
                _say_yes(session, offer, side, now=now)
            else:
                _say_no(session, offer, side, reason, now=now)
            steps.note(session, f"offer.{answer}", offer, by=person_id, now=now, side=side)
            steps.settle_rounds(session, [offer.round_id])
        session.flush()  # the mentorship must be there to be found
        mentorship_id = session.scalar(select(Mentorship.id).where(Mentorship.offer_id == offer.id))
        return Answered(offer.state, side, mentorship_id)


def side_of(offer: Offer, person_id: uuid.UUID) -> str:
    """Return whether the person is the offer's mentor or mentee; for anyone else there is no such offer."""
    if offer.mentor.person_id == person_id:
        return "mentor"
    if offer.mentee.person_id == person_id:
        return "mentee"
    raise NotFoundError(f"offer {offer.id}")


def expire_offers(session: Session, *, now: datetime) -> int:
    """Close the offers whose deadline has passed, give the mentors their time back, and return how many."""
    with transaction(session):
        due = select(Offer.id).where(Offer.state == "open", Offer.deadline_at <= now)
        ids = session.scalars(due.order_by(Offer.deadline_at, Offer.id).limit(MOST_AT_ONCE)).all()
        closed = 0
        rounds = set()
        for offer in steps.lock_offers(session, ids):
            if offer.state != "open" or offer.deadline_at > now:
                continue  # answered between the look and the lock
            steps.close(session, offer, "expired", now=now)
            for side in ("mentor", "mentee"):
                steps.write_mail(session, "offer_expired", offer, side)
            rounds.add(offer.round_id)
            closed += 1
        steps.settle_rounds(session, rounds)
    return closed


def nudge_offers(session: Session, *, now: datetime) -> int:
    """Remind, three and six days after an offer, whoever has not answered yet; return how many mails that makes."""
    due = _nudges_due(session, now)
    known = _known_keys(session, list(due))
    fresh = {key: nudge for key, nudge in due.items() if key not in known}
    if not fresh:
        return 0  # nearly always: do not become a writer for nothing
    with transaction(session):
        outbox.write_all(session, fresh.values())
    return len(fresh)


def withdraw_offer(
    session: Session, offer_id: uuid.UUID, *, programme_id: uuid.UUID, why: str = "", by: uuid.UUID, now: datetime
) -> None:
    """Take back an open offer; both sides are told, without a reason.

    Raises
    ------
    NotFoundError
        The programme has no such offer.
    WrongStateError
        It is open no more.

    """
    with transaction(session):
        offer = steps.lock_offer(session, offer_id)
        if offer.mentor.programme_id != programme_id:
            raise NotFoundError(f"offer {offer_id}")
        if offer.state != "open":
            raise WrongStateError("offer", offer.state, "withdraw")
        steps.close(session, offer, "withdrawn", now=now)
        for side in ("mentor", "mentee"):
            steps.write_mail(session, "offer_withdrawn", offer, side)
        steps.note(session, "offer.withdrawn", offer, by=by, now=now, why=why[:200])
        steps.settle_rounds(session, [offer.round_id])


def _answer_of(offer: Offer, side: str) -> str:
    return offer.mentor_answer if side == "mentor" else offer.mentee_answer


def _say_yes(session: Session, offer: Offer, side: str, *, now: datetime) -> None:
    if offer.state not in {"open", "expired"} or not steps.is_answerable(offer):
        raise WrongStateError("offer", offer.state, "accept")
    _check_adults(offer, side)
    late = offer.state == "expired"
    if late:
        _hold_again(session, offer, now=now)
    _set_answer(offer, side, "yes", now)
    if offer.mentor_answer == offer.mentee_answer == "yes":
        steps.accept(session, offer, now=now)
    elif late:
        steps.write_mail(session, "offer_reopened", offer, "mentee" if side == "mentor" else "mentor")


def _check_adults(offer: Offer, side: str) -> None:
    """Let a student meet nobody before she has said that she is an adult, whoever of the two says the last yes."""
    me, other = (offer.mentor, offer.mentee) if side == "mentor" else (offer.mentee, offer.mentor)
    if awaits_word(me):
        raise AgeNotSaidError(is_own=True)
    if awaits_word(other) and _answer_of(offer, "mentee" if side == "mentor" else "mentor") == "yes":
        raise AgeNotSaidError(is_own=False)


def _hold_again(session: Session, offer: Offer, *, now: datetime) -> None:
    """Open an expired offer again, if the mentor still has the time and the mentee still looks for someone."""
    if steps.why_not_now(offer.mentor, offer.mentee, now=now) or steps.is_barred(session, offer.mentor, offer.mentee):
        raise NoRoomError("places")
    steps.check_unpaired(session, offer.mentor_id, offer.mentee_id)
    if not offer.once:
        steps.check_wanted(session, offer.mentee)
    steps.hold(session, offer, why="accepted_late", now=now)
    offer.state, offer.closed_at = "open", None
    offer.deadline_at = steps.late_deadline(now)


def _say_no(session: Session, offer: Offer, side: str, reason: str, *, now: datetime) -> None:
    if offer.state not in {"open", "expired"}:
        raise WrongStateError("offer", offer.state, "decline")
    was_open = offer.state == "open"
    _set_answer(offer, side, "no", now)
    offer.decline_reason = reason[:30]
    steps.close(session, offer, "declined", now=now)
    if was_open:
        steps.write_mail(session, "offer_declined", offer, "mentee" if side == "mentor" else "mentor")


def _set_answer(offer: Offer, side: str, answer: str, now: datetime) -> None:
    if side == "mentor":
        offer.mentor_answer, offer.mentor_answered_at = answer, now
    else:
        offer.mentee_answer, offer.mentee_answered_at = answer, now


def _nudges_due(session: Session, now: datetime) -> dict[str, outbox.Letter]:
    """Return each nudge that is due by its unique key; who was reminded by hand within a day waits that long."""
    mentor, mentee = aliased(Membership), aliased(Membership)
    rows = session.execute(
        select(Offer.id, Offer.round_id, Offer.created_at)
        .add_columns(Offer.mentor_answer, mentor.person_id, Offer.mentee_answer, mentee.person_id)
        .join(mentor, mentor.id == Offer.mentor_id)
        .join(mentee, mentee.id == Offer.mentee_id)
        .where(Offer.state == "open", Offer.deadline_at > now, Offer.created_at <= now - timedelta(days=NUDGES[-1]))
        .order_by(Offer.created_at, Offer.id)
    ).all()
    quiet = {round_id: lately_nudged(session, round_id, now=now) for round_id in {row.round_id for row in rows}}
    due: dict[tuple[str, uuid.UUID | None, datetime, uuid.UUID], list[str]] = {}
    for offer_id, round_id, made_at, *sides in rows:
        day = next(day for day in NUDGES if now - made_at >= timedelta(days=day))
        for answer, person_id in (sides[:2], sides[2:]):
            if answer == "waiting" and person_id not in quiet[round_id]:
                # By the moment too: an offer made by hand is of the same round, and has days of its own.
                due.setdefault((str(day), round_id, made_at, person_id), []).append(str(offer_id))
    letters = (nudge_letter(*key, offers=offers, now=now) for key, offers in due.items())
    return {letter.unique_key: letter for letter in letters}


def _known_keys(session: Session, keys: list[str]) -> set[str]:
    """Return which of these mails were written already."""
    known: set[str] = set()
    for start in range(0, len(keys), MOST_AT_ONCE):
        some = OutboxMessage.unique_key.in_(keys[start : start + MOST_AT_ONCE])
        known |= set(session.scalars(select(OutboxMessage.unique_key).where(some)))
    return known
