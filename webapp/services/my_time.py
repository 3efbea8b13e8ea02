"""A mentor's time: what she gives, what is booked, and every line of her ledger."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, MentorOffer, Mentorship, Offer, Person, Programme, TimeEntry
from webapp.services.letter_dues import TALK


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
    until: date | None = None  # the last month it counts in, of a question or a shadow day
    once: str = ""  # "question" or "shadow_day"


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
        select(TimeEntry, Offer, Mentorship.planned_on, Person.name)
        .outerjoin(Offer, Offer.id == TimeEntry.offer_id)
        .outerjoin(Mentorship, Mentorship.offer_id == Offer.id)
        .outerjoin(mentee, mentee.id == Offer.mentee_id)
        .outerjoin(Person, Person.id == mentee.person_id)
        .where(TimeEntry.mentor_offer_id.in_(mentor_offer_ids))
        .order_by(TimeEntry.created_at, TimeEntry.kind, TimeEntry.id)
    )
    lines: defaultdict[uuid.UUID, list[Line]] = defaultdict(list)
    for entry, offer, planned_on, name in rows:
        lines[entry.mentor_offer_id].append(
            Line(
                at=entry.created_at,
                kind=entry.kind,
                why=entry.why,
                minutes=entry.minutes,
                month=entry.month,
                name=name or "",
                offer_state=offer.state if offer else "",
                holds=bool(offer and offer.holds_minutes),
                offer_id=entry.offer_id,
                until=_until(offer, planned_on),
                once=_once(offer),
            )
        )
    return lines


def _once(offer: Offer | None) -> str:
    if offer is None or not offer.once:
        return ""
    return "shadow_day" if offer.is_shadow_day else "question"


def _until(offer: Offer | None, planned_on: date | None) -> date | None:
    """Return the last month in which an offer takes minutes; without a day a talk holds them for a month."""
    if offer is None or not offer.once:
        return None
    return (planned_on or (offer.created_at + TALK).date()).replace(day=1)
