"""What a mentor may answer to a letter, and what the mentee may say back once."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Membership, Message, Offer
from webapp.services import letter_steps as steps
from webapp.services import offer_steps
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.formats import SHADOW_DAY, minutes_of
from webapp.services.hand_pairs import describe_pair
from webapp.services.ledger import lock_time
from webapp.services.letter_reach import colleagues_of, meets_already
from webapp.services.letter_text import clean_text
from webapp.services.transaction import transaction


def say_yes(session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """Make an offer of a letter, within the mentor's own limits; her yes stands in it, the mentee confirms it.

    The same yes twice changes nothing. Returns the offer.

    Raises
    ------
    NotFoundError
        There is no such letter for this mentor.
    NoRoomError
        Her minutes or places do not hold it, or the mentee has the mentors that she asked for.
    ConflictError
        One of the two is away or has left, they meet already, or they must not be paired.
    WrongStateError
        The letter is closed.

    """
    with transaction(session):
        _lock_time_of(session, letter_id, person_id)
        letter = steps.lock_letter(session, letter_id, person_id, "mentor")
        if letter.state == "yes" and letter.offer_id is not None:
            return letter.offer_id
        _refuse_closed(letter, "say yes to")
        _check_pair(session, letter, now)
        offer = _offer(session, letter, now)
        steps.close(letter, "yes", now=now)
        letter.offer_id = offer.id
        steps.tell(session, "yes", letter, "mentee")
        steps.note(session, "letter.yes", letter, by=person_id, now=now)
        return offer.id


def say_not_now(
    session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, reason: str = "", now: datetime
) -> None:
    """Let a letter rest, kindly; the reason is told to nobody. Twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such letter for this mentor.
    WrongStateError
        The letter has another answer already.

    """
    with transaction(session):
        letter = steps.lock_letter(session, letter_id, person_id, "mentor")
        if letter.state == "not_now":
            return
        _refuse_closed(letter, "put off")
        letter.reason = reason[:30]
        steps.close(letter, "not_now", now=now)
        steps.tell(session, "not_now", letter, "mentee")
        steps.note(session, "letter.not_now", letter, by=person_id, now=now)


def ask_back(session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, text: str, now: datetime) -> None:
    """Ask the mentee one thing before answering; she has as many days as the mentor had. Twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such letter for this mentor.
    WrongStateError
        She has asked already, or the letter is closed.

    """
    with transaction(session):
        letter, words = steps.lock_letter(session, letter_id, person_id, "mentor"), clean_text(text)
        if letter.state == "asked" and letter.asked_back == words:
            return
        if letter.state != "waiting" or letter.asked_back:
            raise WrongStateError("letter", letter.state, "ask back")
        letter.state, letter.asked_back, letter.due_at = "asked", words, steps.due(now)
        steps.tell(session, "asked", letter, "mentee")
        steps.note(session, "letter.asked", letter, by=person_id, now=now)


def reply_once(session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, text: str, now: datetime) -> None:
    """Answer what the mentor asked; her clock begins anew. Twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such letter for this mentee.
    WrongStateError
        Nothing is asked, or the letter is closed.

    """
    with transaction(session):
        letter, words = steps.lock_letter(session, letter_id, person_id, "mentee"), clean_text(text)
        if letter.state == "waiting" and letter.reply == words:
            return
        if letter.state != "asked":
            raise WrongStateError("letter", letter.state, "reply")
        letter.state, letter.reply, letter.due_at = "waiting", words, steps.due(now)
        steps.tell(session, "replied", letter, "mentor")
        steps.note(session, "letter.replied", letter, by=person_id, now=now)


def suggest_colleague(
    session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, colleague_id: uuid.UUID, now: datetime
) -> None:
    """Name another mentor who takes letters; the mentee decides whether she writes to her. Twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such letter for this mentor, or the colleague cannot be suggested to this mentee.
    WrongStateError
        The letter is closed.

    """
    with transaction(session):
        letter = steps.lock_letter(session, letter_id, person_id, "mentor")
        if letter.state == "suggested" and letter.colleague_id == colleague_id:
            return
        _refuse_closed(letter, "suggest a colleague for")
        today = now.astimezone(ZoneInfo(letter.mentor.programme.zone)).date()
        choices = colleagues_of(letter.mentor, letter.mentee, today).where(Membership.id == colleague_id)
        if session.scalar(choices) is None:
            raise NotFoundError(f"colleague {colleague_id}")
        letter.colleague_id = colleague_id
        steps.close(letter, "suggested", now=now)
        steps.tell(session, "suggested", letter, "mentee")
        steps.note(session, "letter.suggested", letter, by=person_id, now=now)


def _lock_time_of(session: Session, letter_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Lock the mentor's time before the letter: answers to offers lock in that order."""
    mentor_id = session.scalar(
        select(Message.mentor_id)
        .join(Membership, Membership.id == Message.mentor_id)
        .where(Message.id == letter_id, Membership.person_id == person_id)
    )
    if mentor_id is None:
        raise NotFoundError(f"letter {letter_id}")
    lock_time(session, [mentor_id])


def _refuse_closed(letter: Message, step: str) -> None:
    if letter.state not in steps.OPEN:
        raise WrongStateError("letter", letter.state, step)


def _check_pair(session: Session, letter: Message, now: datetime) -> None:
    why = offer_steps.why_not_now(letter.mentor, letter.mentee, now=now)
    if why:
        raise ConflictError(why)
    if offer_steps.is_barred(session, letter.mentor, letter.mentee):
        raise ConflictError("excluded")
    if letter.mentor_id in meets_already(session, letter.mentee_id):
        raise ConflictError("paired")
    if letter.ask == "mentoring":
        offer_steps.check_wanted(session, letter.mentee)


def _offer(session: Session, letter: Message, now: datetime) -> Offer:
    once, programme, request = letter.ask != "mentoring", letter.mentor.programme, letter.mentee.request
    assert request is not None  # _check_pair looked
    facts = describe_pair(session, letter.mentor, letter.mentee)
    slot = None if once else facts.slot
    offer = Offer(
        id=uuid.uuid4(),
        mentor=letter.mentor,
        mentee=letter.mentee,
        minutes=minutes_of(letter.ask) if once else offer_steps.minutes_for(request, programme.minutes_a_month),
        once=once,
        is_shadow_day=letter.ask == SHADOW_DAY,
        reasons=facts.reasons,
        slot_weekday=slot.weekday if slot else None,
        slot_minute=slot.start if slot else None,
        slot_week=slot.week if slot else None,
        mentor_answer="yes",
        mentor_answered_at=now,
        deadline_at=now + timedelta(days=programme.offer_days),
        created_at=now,
    )
    session.add(offer)
    session.flush()  # the ledger refers to it
    offer_steps.hold(session, offer, why="letter", now=now)
    offer_steps.note(session, "offer.by_letter", offer, by=letter.mentor.person_id, now=now)
    return offer
