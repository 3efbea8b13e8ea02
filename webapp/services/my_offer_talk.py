"""What stands beside an offer while it is open, as one of its two people finds it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import OfferAsk, OfferMessage
from webapp.services.my_offers import OfferFound
from webapp.services.offer_calls import has_room, read_moment
from webapp.services.offer_questions import MOST_EACH


@dataclass(frozen=True)
class Talk:
    """The thread and what was asked; `call` is the call that both agreed on."""

    messages: tuple[OfferMessage, ...]
    hour: OfferAsk | None
    asked_call: OfferAsk | None
    call: OfferAsk | None
    may_write: bool
    month_is_full: bool  # for the mentor: a moment that is asked about goes past what she gives

    @property
    def seen(self) -> int:
        return len(self.messages)


def read_talk(session: Session, found: OfferFound, *, now: datetime) -> Talk:
    """Return what the two of an offer wrote and asked. Two queries, three for a mentor who is asked for a call."""
    offer = found.offer
    query = select(OfferMessage).where(OfferMessage.offer_id == offer.id).order_by(OfferMessage.number)
    messages = tuple(session.scalars(query))
    asks = session.scalars(
        select(OfferAsk)
        .where(OfferAsk.offer_id == offer.id, OfferAsk.state.in_(("open", "taken")))
        .order_by(OfferAsk.created_at)
        .execution_options(populate_existing=True)
    ).all()
    is_open = offer.state == "open" and offer.deadline_at > now
    asked_call = next((a for a in asks if is_open and a.kind == "call" and a.state == "open"), None)
    full = False
    if asked_call is not None and found.side == "mentor" and asked_call.side == "mentee":
        full = not all(has_room(session, offer, read_moment(choice)) for choice in asked_call.choices)
    live = offer.state in {"open", "accepted"}
    return Talk(
        messages=messages,
        hour=next((a for a in asks if is_open and a.kind == "hour" and a.state == "open"), None),
        asked_call=asked_call,
        call=next((a for a in asks if live and a.kind == "call" and a.state == "taken"), None),
        may_write=is_open and sum(message.side == found.side for message in messages) < MOST_EACH,
        month_is_full=full,
    )
