"""A mentor's time: what she gives, what is booked, and every line of her ledger."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from webapp.models import AuditEvent, Membership, MentorOffer, Mentorship, Offer, Person, Programme, TimeEntry
from webapp.services.letter_dues import TALK
from webapp.services.profiles import STATED

LIMITS_CHANGED = (STATED, "limits.lowered", "member.edited")


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
    changes: tuple[
        tuple[datetime, int], ...
    ] = ()  # when another number was said, and the minutes before it; oldest first

    def given_in(self, month: date) -> int:
        """Return the minutes that counted at the end of the month that begins on this day."""
        later = [before for at, before in self.changes if (at.year, at.month) > (month.year, month.month)]
        return later[0] if later else self.minutes


def my_time(session: Session, person_id: uuid.UUID) -> list[GivenTime]:
    """Return what the person gives, programme by programme, with the ledger from its beginning. Three queries."""
    given = session.execute(
        select(MentorOffer, Programme)
        .join(Membership, Membership.id == MentorOffer.membership_id)
        .join(Programme, Programme.id == Membership.programme_id)
        .where(Membership.person_id == person_id, Membership.is_mentor, Membership.status != "left")
        .order_by(MentorOffer.created_at, MentorOffer.id)
    ).all()
    lines = _lines(session, [offer.id for offer, _programme in given])
    changes = _changes(session, [offer for offer, _programme in given])
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
            changes=tuple(changes[offer.membership_id]),
        )
        for offer, programme in given
    ]


def _changes(session: Session, offers: list[MentorOffer]) -> defaultdict[uuid.UUID, list[tuple[datetime, int]]]:
    """Return when what a mentor gives was changed, by herself or downwards by another, and what it was before."""
    # The log has named the membership in two ways.
    names = {f"membership{mark}{offer.membership_id}": offer.membership_id for offer in offers for mark in ": "}
    rows = session.execute(
        select(AuditEvent.subject, AuditEvent.created_at, AuditEvent.facts)
        .where(
            AuditEvent.programme_id.in_(select(Membership.programme_id).where(Membership.id.in_(list(names.values())))),
            AuditEvent.subject.in_(names),
            AuditEvent.action.in_(LIMITS_CHANGED),
        )
        .order_by(AuditEvent.created_at, AuditEvent.id)
    )
    found: defaultdict[uuid.UUID, list[tuple[datetime, int]]] = defaultdict(list)
    for subject, at, facts in rows:
        before = (facts.get("before") or {}).get("minutes_a_month")
        if before is not None:
            found[names[subject]].append((at, before))
    return found


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
