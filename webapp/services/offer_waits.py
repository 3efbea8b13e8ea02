"""What waits for somebody beside open offers: a line to answer, an hour to take, a call to agree to."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, Offer, OfferAsk, OfferMessage, Person
from webapp.services.offer_questions import MOST_EACH


@dataclass(frozen=True)
class Wait:
    """One thing that the other side of an open offer waits for; `kind` is question, hour or call."""

    offer_id: uuid.UUID
    kind: str
    name: str
    deadline_at: datetime


_MENTOR, _MENTEE = aliased(Membership), aliased(Membership)
_ONE, _OTHER = aliased(Person), aliased(Person)


def read_waits(session: Session, person_id: uuid.UUID, *, now: datetime) -> list[Wait]:
    """Return what the other side of somebody's open offers waits for, the nearest deadline first. Two queries."""
    any_line, mine = aliased(OfferMessage), aliased(OfferMessage)
    last = select(func.max(any_line.number)).where(any_line.offer_id == Offer.id).correlate(Offer).scalar_subquery()
    written = (
        select(func.count())
        .where(mine.offer_id == Offer.id, mine.side != OfferMessage.side)
        .correlate(Offer, OfferMessage)
        .scalar_subquery()
    )
    lines = _of_others(select(OfferMessage, Offer, _ONE.name, _OTHER.name), OfferMessage, person_id, now)
    lines = lines.where(OfferMessage.number == last, written < MOST_EACH)
    asks = _of_others(select(OfferAsk, Offer, _ONE.name, _OTHER.name), OfferAsk, person_id, now)
    rows = [*session.execute(lines), *session.execute(asks.where(OfferAsk.state == "open"))]
    waits = [
        Wait(
            offer_id=offer.id,
            kind=thing.kind if isinstance(thing, OfferAsk) else "question",
            name=mentor if thing.side == "mentor" else mentee,
            deadline_at=offer.deadline_at,
        )
        for thing, offer, mentor, mentee in rows
    ]
    return sorted(waits, key=lambda wait: (wait.deadline_at, wait.offer_id, wait.kind))


def _of_others(query: Any, thing: type[OfferMessage | OfferAsk], person_id: uuid.UUID, now: datetime) -> Any:
    """Let a query see what the other side of this person's open offers wrote or asked."""
    return (
        query.join(Offer, Offer.id == thing.offer_id)
        .join(_MENTOR, _MENTOR.id == Offer.mentor_id)
        .join(_MENTEE, _MENTEE.id == Offer.mentee_id)
        .join(_ONE, _ONE.id == _MENTOR.person_id)
        .join(_OTHER, _OTHER.id == _MENTEE.person_id)
        .where(
            Offer.state == "open",
            Offer.deadline_at > now,
            or_(
                and_(_MENTOR.person_id == person_id, thing.side == "mentee"),
                and_(_MENTEE.person_id == person_id, thing.side == "mentor"),
            ),
        )
        .execution_options(populate_existing=True)
    )
