"""What a mentor gives, changed by herself alone: minutes and places in a programme, a cap over all of them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, MentorOffer, Person, Programme
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.ledger import lock_time
from webapp.services.profiles import STATED
from webapp.services.transaction import transaction

LEAST_MINUTES, MOST_MINUTES = 30, 9600
MOST_PLACES = 50


@dataclass(frozen=True)
class Change:
    """What she gave before, so that she can go back, and how far her pairs go past what she gives now."""

    minutes_before: int
    places_before: int
    over: int


def change_limits(
    session: Session, slug: str, *, person_id: uuid.UUID, minutes_a_month: int, places: int, now: datetime
) -> Change:
    """Raise or lower what a mentor gives; below what is reserved keeps her pairs and reserves nothing new.

    Raises
    ------
    NotFoundError
        She gives no time in this programme.
    InvalidInputError
        A number is out of bounds.

    """
    if not LEAST_MINUTES <= minutes_a_month <= MOST_MINUTES:
        raise InvalidInputError({"minutes_a_month": "range"})
    if not 1 <= places <= MOST_PLACES:
        raise InvalidInputError({"places": "range"})
    with transaction(session):
        lock_time(session, _memberships(session, person_id))
        offer = session.scalars(
            select(MentorOffer)
            .join(Membership, Membership.id == MentorOffer.membership_id)
            .join(Programme, Programme.id == Membership.programme_id)
            .where(
                Programme.slug == slug,
                Membership.person_id == person_id,
                Membership.is_mentor,
                Membership.status != "left",
            )
            .execution_options(populate_existing=True)
        ).one_or_none()
        if offer is None:
            raise NotFoundError("offer")
        before = Change(offer.minutes_a_month, offer.places, max(0, offer.reserved_minutes - minutes_a_month))
        was_provisional = offer.is_provisional
        offer.minutes_a_month, offer.places, offer.is_provisional = minutes_a_month, places, False
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=offer.membership.programme_id,
                action=STATED,
                subject=f"membership:{offer.membership_id}",
                facts={
                    "minutes_a_month": minutes_a_month,
                    "places": places,
                    "before": {"minutes_a_month": 0 if was_provisional else before.minutes_before},
                },
                created_at=now,
            )
        )
        return before


def change_cap(session: Session, *, person_id: uuid.UUID, minutes: int | None, now: datetime) -> int | None:
    """Set or lift the cap over all programmes, and return what it was; below what is reserved keeps the pairs.

    Raises
    ------
    InvalidInputError
        The number is out of bounds.

    """
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInputError({"minutes_cap": "range"})
    with transaction(session):
        lock_time(session, _memberships(session, person_id))
        person = session.get(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)
        if person is None:
            raise NotFoundError("person")
        before, person.minutes_cap = person.minutes_cap, minutes
        session.add(
            AuditEvent(
                by_person_id=person_id,
                action="limits.cap",
                subject=f"person:{person_id}",
                facts={} if minutes is None else {"minutes_cap": minutes},
                created_at=now,
            )
        )
        return before


def read_cap(session: Session, person_id: uuid.UUID) -> int | None:
    """Return the most minutes a month that somebody gives over all programmes; None where she set no cap."""
    return session.scalar(select(Person.minutes_cap).where(Person.id == person_id))


def _memberships(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    return list(session.scalars(select(Membership.id).where(Membership.person_id == person_id)))
