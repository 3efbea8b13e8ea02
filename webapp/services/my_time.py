"""A mentor's time: what she gives, what is booked, and every line of her ledger."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, MentorOffer, Offer, Person, Programme, TimeEntry


@dataclass(frozen=True)
class Line:
    """One entry; the name is the mentee's, empty where she is gone."""

    at: datetime
    kind: str
    why: str
    minutes: int
    month: date
    name: str
    offer_state: str
    holds: bool
    offer_id: uuid.UUID | None = None


@dataclass(frozen=True)
class GivenTime:
    """What one person gives in one programme."""

    slug: str
    programme: str
    ends_on: date
    minutes: int
    places: int
    reserved_minutes: int
    reserved_places: int
    paused_from: date | None
    paused_until: date | None
    since: datetime
    lines: tuple[Line, ...]


def my_time(session: Session, person_id: uuid.UUID) -> list[GivenTime]:
    """Return what the person gives, programme by programme, with the ledger from its beginning. Two queries."""
    given = session.execute(
        select(MentorOffer, Programme)
        .join(Membership, Membership.id == MentorOffer.membership_id)
        .join(Programme, Programme.id == Membership.programme_id)
        .where(Membership.person_id == person_id, Membership.is_mentor, Membership.status != "left")
        .order_by(MentorOffer.created_at, MentorOffer.id)
    ).all()
    lines = _lines(session, [offer.id for offer, _programme in given])
    return [
        GivenTime(
            slug=programme.slug,
            programme=programme.name,
            ends_on=programme.ends_on,
            minutes=offer.minutes_a_month,
            places=offer.places,
            reserved_minutes=offer.reserved_minutes,
            reserved_places=offer.reserved_places,
            paused_from=offer.paused_from,
            paused_until=offer.paused_until,
            since=offer.created_at,
            lines=tuple(lines[offer.id]),
        )
        for offer, programme in given
    ]


def _lines(session: Session, mentor_offer_ids: list[uuid.UUID]) -> defaultdict[uuid.UUID, list[Line]]:
    mentee = aliased(Membership)
    rows = session.execute(
        select(TimeEntry, Offer.state, Offer.holds_minutes, Person.name)
        .outerjoin(Offer, Offer.id == TimeEntry.offer_id)
        .outerjoin(mentee, mentee.id == Offer.mentee_id)
        .outerjoin(Person, Person.id == mentee.person_id)
        .where(TimeEntry.mentor_offer_id.in_(mentor_offer_ids))
        .order_by(TimeEntry.created_at, TimeEntry.kind, TimeEntry.id)
    )
    lines: defaultdict[uuid.UUID, list[Line]] = defaultdict(list)
    for entry, state, holds, name in rows:
        lines[entry.mentor_offer_id].append(
            Line(
                at=entry.created_at,
                kind=entry.kind,
                why=entry.why,
                minutes=entry.minutes,
                month=entry.month,
                name=name or "",
                offer_state=state or "",
                holds=bool(holds),
                offer_id=entry.offer_id,
            )
        )
    return lines
