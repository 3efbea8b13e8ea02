"""Questions about an offer while it is open: a short thread in plain text, without addresses."""

import re
import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Offer, OfferMessage
from webapp.services import offer_steps as steps
from webapp.services import talk_steps as talk
from webapp.services.errors import ConflictError, InvalidInputError
from webapp.services.offers import side_of
from webapp.services.transaction import transaction

MOST_EACH = 3  # messages a side
LONGEST = 600
LAST_DAYS = timedelta(days=2)
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.\w|https?://|\bwww\.|(?:\d[\s().+-]*){8,}", re.IGNORECASE)


def write_about_offer(
    session: Session, offer_id: uuid.UUID, *, person_id: uuid.UUID, text: str, seen: int, now: datetime
) -> None:
    """Ask the other side something, or answer.

    `seen` is how many messages the page showed; a button pressed twice writes once. The deadline moves once
    by two days when something is asked in the last two.

    Raises
    ------
    NotFoundError
        There is no such offer for this person.
    WrongStateError
        It is settled, or its deadline has passed.
    ConflictError
        Something was written meanwhile ("seen"), or this side has written its share ("limit").
    InvalidInputError
        `text` is "empty", "long", or holds an "address".

    """
    words = _checked(text)
    with transaction(session):
        offer = talk.lock_open(session, offer_id, person_id, step="ask", now=now)
        side = side_of(offer, person_id)
        count, mine = _written(session, offer.id, side)
        if count != seen and _is_last(session, offer.id, side, words):
            return
        if count != seen:
            raise ConflictError("seen")
        if mine >= MOST_EACH:
            raise ConflictError("limit")
        message = OfferMessage(
            id=uuid.uuid4(), offer_id=offer.id, number=count + 1, side=side, text=words, created_at=now
        )
        session.add(message)
        _extend(offer, now)
        talk.tell(session, offer, talk.OTHER[side], "question", message.id)
        steps.note(session, "offer.wrote", offer, by=person_id, now=now, side=side)


def _checked(text: str) -> str:
    words = "\n".join(line.strip() for line in text.strip().splitlines())
    if not words:
        raise InvalidInputError({"text": "empty"})
    if len(words) > LONGEST:
        raise InvalidInputError({"text": "long"})
    if _ADDRESS.search(words):
        raise InvalidInputError({"text": "address"})
    return words


def _written(session: Session, offer_id: uuid.UUID, side: str) -> tuple[int, int]:
    rows = session.execute(
        select(OfferMessage.side, func.count()).where(OfferMessage.offer_id == offer_id).group_by(OfferMessage.side)
    )
    counts = {row[0]: int(row[1]) for row in rows}
    return sum(counts.values()), counts.get(side, 0)


def _is_last(session: Session, offer_id: uuid.UUID, side: str, words: str) -> bool:
    """Whether the thread ends with these words of this side: its button was pressed twice."""
    query = select(OfferMessage.side, OfferMessage.text).where(OfferMessage.offer_id == offer_id)
    last = session.execute(query.order_by(OfferMessage.number.desc()).limit(1)).one_or_none()
    return last is not None and (last.side, last.text) == (side, words)


def _extend(offer: Offer, now: datetime) -> None:
    if not offer.question_extended and offer.deadline_at - now <= LAST_DAYS:
        offer.deadline_at += LAST_DAYS
        offer.question_extended = True
