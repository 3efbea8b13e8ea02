"""A first call of 15 minutes before an answer: either side asks, both agree on a moment, its minutes are counted."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.engine.meeting_times import CALL_DAYS, CALL_MINUTES, call_is_free, free_calls
from webapp.models import Membership, MentorOffer, Offer, OfferAsk, TimeEntry
from webapp.services import offer_steps as steps
from webapp.services import talk_steps as talk
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, NotFoundError, WrongStateError
from webapp.services.ledger import spend
from webapp.services.my_offers import OfferFound
from webapp.services.offers import side_of
from webapp.services.transaction import transaction

AFTERWARDS = timedelta(days=2)  # to answer the offer in, after the call
LONGEST_PLACE = 200
CALL = "call"  # why minutes were spent, as the ledger has it
MOST_AT_ONCE = 500


def calls_to_propose(session: Session, found: OfferFound, *, now: datetime) -> list[datetime]:
    """Return up to three moments at which both are free in the next days."""
    return free_calls(session, found.offer, now=now)


def has_room(session: Session, offer: Offer, moment: datetime) -> bool:
    """Whether the mentor's month holds the call beside what is booked and other calls; for the mentor's eyes alone."""
    given = offer.mentor.offer
    if given is None:
        return False
    day = moment.astimezone(UTC).date()
    spent = session.scalar(
        select(func.coalesce(func.sum(TimeEntry.minutes), 0)).where(
            TimeEntry.mentor_offer_id == given.id,
            TimeEntry.kind == "spent",
            TimeEntry.why == CALL,  # what a pair meets comes out of what is booked for it
            TimeEntry.month == day.replace(day=1),
        )
    )
    return given.reserved_minutes + int(spent or 0) + CALL_MINUTES <= given.minutes_a_month


def ask_call(
    session: Session,
    offer_id: uuid.UUID,
    *,
    person_id: uuid.UUID,
    choices: Sequence[str],
    place: str,
    beyond: bool = False,
    now: datetime,
) -> None:
    """Ask for a call at one of up to three moments; `beyond` is the mentor's yes although her month is full.

    `place` is a number or a link that the other side reads once both have agreed on the call.

    Raises
    ------
    NotFoundError
        There is no such offer for this person.
    WrongStateError
        It is settled, or its deadline has passed.
    ConflictError
        A call was asked for or agreed already ("ask"), or a moment is taken by now ("call").
    NoRoomError
        The mentor's month is full, and she has not said that she agrees all the same.
    InvalidInputError
        `choices` is "empty", or holds what is no moment of the next days; `place` is "empty" or "long".

    """
    where = " ".join(place.split())
    if not where or len(where) > LONGEST_PLACE:
        raise InvalidInputError({"place": "long" if where else "empty"})
    moments = list(dict.fromkeys(read_moment(choice) for choice in choices))
    if not 1 <= len(moments) <= 3:
        raise InvalidInputError({"choices": "empty"})
    with transaction(session):
        offer = talk.lock_open(session, offer_id, person_id, step="ask for a call", now=now)
        side = side_of(offer, person_id)
        if _agreed(session, offer.id) is not None:
            raise ConflictError("ask")
        if any(moment > now + timedelta(days=CALL_DAYS + 2) for moment in moments):
            raise InvalidInputError({"choices": "unknown"})
        if not all(call_is_free(session, offer, moment, now=now) for moment in moments):
            raise ConflictError("call")
        if side == "mentor" and not beyond:
            _check_room(session, offer, moments)
        ask = OfferAsk(
            id=uuid.uuid4(),
            offer_id=offer.id,
            kind="call",
            side=side,
            choices=[write_moment(moment) for moment in sorted(moments)],
            place=where,
            beyond=beyond and side == "mentor",
            created_at=now,
        )
        if not talk.add_ask(session, ask):
            return
        talk.tell(session, offer, talk.OTHER[side], "call_asked", ask.id)
        steps.note(session, "offer.call_asked", offer, by=person_id, now=now, side=side)


def answer_call(
    session: Session,
    offer_id: uuid.UUID,
    ask_id: uuid.UUID,
    *,
    person_id: uuid.UUID,
    choice: str,
    beyond: bool = False,
    now: datetime,
) -> None:
    """Agree to a call at one of the moments, or do without ("keep"); the deadline moves to two days after it, once.

    Raises
    ------
    NotFoundError
        There is no such offer or wish for this person.
    WrongStateError
        The offer is settled, or the wish is answered.
    ConflictError
        The moment is taken by now, or has passed ("call").
    NoRoomError
        The mentor's month is full, and she has not said that she agrees all the same.
    InvalidInputError
        `choice` is none of the moments.

    """
    with transaction(session):
        offer = talk.lock_open(session, offer_id, person_id, step="agree to a call", now=now)
        side = side_of(offer, person_id)
        ask = talk.ask_to_answer(session, offer, ask_id, kind="call", side=side)
        if choice == "keep":
            ask.state = "kept"
        elif choice in ask.choices:
            _agree(session, offer, ask, read_moment(choice), beyond=beyond and side == "mentor", now=now)
        else:
            raise InvalidInputError({"choice": "unknown"})
        talk.settle(session, offer, ask, by=person_id, side=side, now=now)
        if ask.state == "taken":
            talk.tell(session, offer, side, "call_taken", ask.id)  # her own copy brings the file for the calendar


def call_off(session: Session, offer_id: uuid.UUID, ask_id: uuid.UUID, *, person_id: uuid.UUID, now: datetime) -> None:
    """Call off a call that was agreed and has not begun; nothing of it is counted. Twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such call for this person.
    WrongStateError
        It was never agreed, or has begun.

    """
    with transaction(session):
        offer = steps.lock_offer(session, offer_id)
        side = side_of(offer, person_id)
        ask = session.get(OfferAsk, ask_id, populate_existing=True)
        if ask is None or ask.offer_id != offer.id or ask.kind != "call":
            raise NotFoundError(f"ask {ask_id}")
        if ask.state == "called_off":
            return
        if ask.state != "taken" or ask.starts_at is None or ask.starts_at <= now:
            raise WrongStateError("call", ask.state, "call it off")
        ask.state, ask.closed_at = "called_off", now
        talk.tell(session, offer, talk.OTHER[side], "call_called_off", ask.id)
        steps.note(session, "offer.call_off", offer, by=person_id, now=now, side=side)


def count_calls(session: Session, *, now: datetime) -> int:
    """Write the minutes of calls that are over into the mentors' ledgers, once each, and return how many.

    A call whose offer came to nothing before it did not take place.
    """
    over = now - timedelta(minutes=CALL_MINUTES)
    due = (
        select(OfferAsk.id)
        .where(OfferAsk.state == "taken", OfferAsk.starts_at <= over, OfferAsk.counted_at.is_(None))
        .order_by(OfferAsk.id)
        .limit(MOST_AT_ONCE)
    )
    if not session.scalars(due).first():
        return 0  # nearly always: do not become a writer for nothing
    counted = 0
    with transaction(session):
        rows = session.execute(
            select(OfferAsk, Offer, MentorOffer.id)
            .join(Offer, Offer.id == OfferAsk.offer_id)
            .join(Membership, Membership.id == Offer.mentor_id)
            .join(MentorOffer, MentorOffer.membership_id == Membership.id)
            .where(OfferAsk.id.in_(due), OfferAsk.counted_at.is_(None))
            .order_by(OfferAsk.id)
            .with_for_update(of=OfferAsk, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for ask, offer, time_id in rows:
            if ask.starts_at is None or _came_to_nothing(offer, ask.starts_at):
                ask.state, ask.closed_at = "gone", now
                continue
            spend(session, time_id, CALL_MINUTES, offer_id=offer.id, why=CALL, on=ask.starts_at.date(), now=now)
            ask.counted_at = now
            counted += 1
    return counted


def _came_to_nothing(offer: Offer, starts_at: datetime) -> bool:
    closed = None if offer.state in {"open", "accepted"} else offer.closed_at
    return closed is not None and closed <= starts_at


def _agree(session: Session, offer: Offer, ask: OfferAsk, moment: datetime, *, beyond: bool, now: datetime) -> None:
    if not call_is_free(session, offer, moment, now=now):
        raise ConflictError("call")
    if not (beyond or ask.beyond):
        _check_room(session, offer, [moment])
    ask.beyond = ask.beyond or beyond
    ask.state, ask.starts_at = "taken", moment
    if not offer.call_extended:
        offer.deadline_at = max(offer.deadline_at, moment + AFTERWARDS)
        offer.call_extended = True


def _check_room(session: Session, offer: Offer, moments: Sequence[datetime]) -> None:
    if not all(has_room(session, offer, moment) for moment in moments):
        raise NoRoomError("month")


def _agreed(session: Session, offer_id: uuid.UUID) -> OfferAsk | None:
    query = select(OfferAsk).where(OfferAsk.offer_id == offer_id, OfferAsk.kind == "call", OfferAsk.state == "taken")
    return session.scalars(query).first()


def read_moment(choice: str) -> datetime:
    """Read what `write_moment` wrote.

    Raises
    ------
    InvalidInputError
        It is no moment.

    """
    try:
        return datetime.strptime(choice, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInputError({"choices": "unknown"}) from error


def write_moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%MZ}"
