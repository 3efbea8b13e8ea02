"""Another hour for the first meeting: one side proposes up to three that both are free in, the other takes one."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.availability import Slot
from webapp.engine.meeting_times import free_hours, hour_is_free
from webapp.models import OfferAsk
from webapp.services import offer_steps as steps
from webapp.services import talk_steps as talk
from webapp.services.errors import ConflictError, InvalidInputError
from webapp.services.my_offers import OfferFound
from webapp.services.offers import side_of
from webapp.services.transaction import transaction

Hour = tuple[int, int, int]  # weekday, minute, week of four; on the mentor's clock


def hours_to_propose(session: Session, found: OfferFound) -> list[Hour]:
    """Return up to three hours that both are free in; never a list of anybody's hours."""
    return [(slot.weekday, slot.start, slot.week) for slot in free_hours(session, found.offer)]


def propose_hours(
    session: Session, offer_id: uuid.UUID, *, person_id: uuid.UUID, choices: Sequence[str], now: datetime
) -> None:
    """Ask the other side to meet in one of these hours instead.

    Raises
    ------
    NotFoundError
        There is no such offer for this person.
    WrongStateError
        It is settled, or its deadline has passed.
    ConflictError
        Hours were proposed already and wait ("ask"), or one of these is taken by now ("hour").
    InvalidInputError
        `choices` is "empty", or holds what is no hour.

    """
    hours = list(dict.fromkeys(read_hour(choice) for choice in choices))
    if not 1 <= len(hours) <= 3:
        raise InvalidInputError({"choices": "empty"})
    with transaction(session):
        offer = talk.lock_open(session, offer_id, person_id, step="propose another hour", now=now)
        if not all(hour_is_free(session, offer, Slot(*hour)) for hour in hours):
            raise ConflictError("hour")
        side = side_of(offer, person_id)
        ask = OfferAsk(
            id=uuid.uuid4(),
            offer_id=offer.id,
            kind="hour",
            side=side,
            choices=[write_hour(hour) for hour in hours],
            created_at=now,
        )
        if not talk.add_ask(session, ask):
            return
        talk.tell(session, offer, talk.OTHER[side], "hour_asked", ask.id)
        steps.note(session, "offer.hour_asked", offer, by=person_id, now=now, side=side)


def answer_hours(
    session: Session, offer_id: uuid.UUID, ask_id: uuid.UUID, *, person_id: uuid.UUID, choice: str, now: datetime
) -> None:
    """Take one of the proposed hours, or keep the hour as it is (`choice` is "keep").

    Raises
    ------
    NotFoundError
        There is no such offer or proposal for this person.
    WrongStateError
        The offer is settled, or the proposal is answered.
    ConflictError
        The hour is taken by now; nothing changed ("hour").
    InvalidInputError
        `choice` is none of what was proposed.

    """
    with transaction(session):
        offer = talk.lock_open(session, offer_id, person_id, step="take another hour", now=now)
        side = side_of(offer, person_id)
        ask = talk.ask_to_answer(session, offer, ask_id, kind="hour", side=side)
        if choice == "keep":
            ask.state = "kept"
        elif choice in ask.choices:
            weekday, minute, week = read_hour(choice)
            if not hour_is_free(session, offer, Slot(weekday, minute, week)):
                raise ConflictError("hour")
            offer.slot_weekday, offer.slot_minute, offer.slot_week = weekday, minute, week
            ask.state = "taken"
        else:
            raise InvalidInputError({"choice": "unknown"})
        talk.settle(session, offer, ask, by=person_id, side=side, now=now)


def read_hour(choice: str) -> Hour:
    """Read what `write_hour` wrote.

    Raises
    ------
    InvalidInputError
        It is no hour.

    """
    try:
        weekday, minute, week = (int(part) for part in choice.split("-"))
    except ValueError as error:
        raise InvalidInputError({"choices": "unknown"}) from error
    if not (0 <= weekday <= 6 and 0 <= minute < 1440 and 0 <= week <= 3):
        raise InvalidInputError({"choices": "unknown"})
    return weekday, minute, week


def write_hour(hour: Hour) -> str:
    return "-".join(str(part) for part in hour)
