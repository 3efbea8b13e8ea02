"""The single steps that questions, other hours and first calls share; all run inside their caller's transaction."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import Offer, OfferAsk
from webapp.services import offer_steps as steps
from webapp.services import outbox
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.offers import side_of

TEMPLATE = "offer_talk"
ANSWERED = {"hour": "offer.hour_answered", "call": "offer.call_answered"}
OTHER = {"mentor": "mentee", "mentee": "mentor"}


def lock_open(session: Session, offer_id: uuid.UUID, person_id: uuid.UUID, *, step: str, now: datetime) -> Offer:
    """Return an offer that still waits for an answer, with all rows locked that an answer counts on.

    Raises
    ------
    NotFoundError
        There is no such offer for this person.
    WrongStateError
        It is settled, or its deadline has passed.

    """
    offer = steps.lock_offer(session, offer_id)
    side_of(offer, person_id)
    if offer.state != "open" or offer.deadline_at <= now:
        raise WrongStateError("offer", "expired" if offer.state == "open" else offer.state, step)
    return offer


def add_ask(session: Session, ask: OfferAsk) -> bool:
    """Add an ask unless one of its kind waits already; the very same, of a button pressed twice, is not added again.

    Raises
    ------
    ConflictError
        Another waits already: both may have asked at once.

    """
    known = open_ask(session, ask.offer_id, ask.kind)
    if known is not None and _said_by(known) == _said_by(ask):
        return False
    if known is not None:
        raise ConflictError("ask")
    session.add(ask)
    try:
        session.flush()
    except IntegrityError as error:  # the index is the last word, whoever held the lock
        raise ConflictError("ask") from error
    return True


def _said_by(ask: OfferAsk) -> tuple[str, list[str], str]:
    return ask.side, list(ask.choices), ask.place or ""


def open_ask(session: Session, offer_id: uuid.UUID, kind: str) -> OfferAsk | None:
    query = select(OfferAsk).where(OfferAsk.offer_id == offer_id, OfferAsk.kind == kind, OfferAsk.state == "open")
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def ask_to_answer(session: Session, offer: Offer, ask_id: uuid.UUID, *, kind: str, side: str) -> OfferAsk:
    """Return an ask of the other side that waits; the lock on the offer keeps it so.

    Raises
    ------
    NotFoundError
        The offer has no such ask, or it is one's own.
    WrongStateError
        It was answered already.

    """
    ask = session.get(OfferAsk, ask_id, populate_existing=True)
    if ask is None or ask.offer_id != offer.id or ask.kind != kind or ask.side == side:
        raise NotFoundError(f"ask {ask_id}")
    if ask.state != "open":
        raise WrongStateError("ask", ask.state, "answer")
    return ask


def settle(session: Session, offer: Offer, ask: OfferAsk, *, by: uuid.UUID, side: str, now: datetime) -> None:
    """Close an ask that this side has just answered, tell the one who asked, and write it down."""
    ask.closed_at = now
    tell(session, offer, ask.side, f"{ask.kind}_{ask.state}", ask.id)
    steps.note(session, ANSWERED[ask.kind], offer, by=by, now=now, side=side, answer=ask.state)


def tell(session: Session, offer: Offer, side: str, what: str, thing_id: uuid.UUID) -> None:
    """Write to one side that there is something new on the page of the offer."""
    member = offer.mentor if side == "mentor" else offer.mentee
    outbox.write(
        session,
        template=TEMPLATE,
        person_id=member.person_id,
        params={"offer_id": str(offer.id), "thing_id": str(thing_id), "side": side, "what": what},
        unique_key=f"{TEMPLATE}:{what}:{thing_id}:{side}",
    )
