"""A mentor's pause from one day to another; offers that would begin in it are withdrawn kindly, once she agrees."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.models import AuditEvent, Membership, MentorOffer, Offer, Programme
from webapp.services import offer_steps as steps
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.ledger import lock_time
from webapp.services.slots import EVERY, first_day, first_meeting
from webapp.services.transaction import transaction

AWAY = "away"  # kept with an offer that a pause took back


@dataclass(frozen=True)
class WaitingMentee:
    """A mentee whose open offer would begin within the pause."""

    offer_id: uuid.UUID
    name: str
    minutes: int
    begins_on: date


def offers_in_pause(
    session: Session,
    slug: str,
    *,
    person_id: uuid.UUID,
    paused_from: date,
    paused_until: date | None,
    now: datetime,
) -> list[WaitingMentee]:
    """Return the offers that a pause would take back, for the mentor to see before she decides."""
    membership_id = _mentor(session, slug, person_id)
    return [
        WaitingMentee(offer.id, offer.mentee.person.name, offer.minutes, begins_on(offer, now))
        for offer in _open_offers(session, membership_id)
        if _falls_in(offer, paused_from, paused_until, now)
    ]


def start_pause(
    session: Session,
    slug: str,
    *,
    person_id: uuid.UUID,
    paused_from: date,
    paused_until: date | None,
    seen: Collection[uuid.UUID],
    now: datetime,
) -> int:
    """Begin a pause, now or on a day to come, take back the offers that fall into it and return how many.

    `seen` are the offers that she was shown: only with her knowledge is any taken back. Each mentee is told kindly
    and keeps her place in line; the minutes return at once.

    Raises
    ------
    NotFoundError
        She gives no time in this programme.
    ConflictError
        Other offers than those she saw would be taken back by now ("offers").

    """
    with transaction(session):
        membership_id = _mentor(session, slug, person_id)
        lock_time(session, [membership_id])  # from here on nobody makes her an offer
        open_ids = [offer.id for offer in _open_offers(session, membership_id)]
        offers = [
            offer
            for offer in steps.lock_offers(session, open_ids)
            if offer.state == "open" and _falls_in(offer, paused_from, paused_until, now)
        ]
        if {offer.id for offer in offers} != set(seen):
            raise ConflictError("offers")
        given = session.scalars(
            select(MentorOffer)
            .where(MentorOffer.membership_id == membership_id)
            .execution_options(populate_existing=True)
        ).one()
        given.paused_from, given.paused_until = paused_from, paused_until
        for offer in offers:
            steps.close(session, offer, "withdrawn", now=now)
            offer.decline_reason = AWAY
            steps.write_mail(session, "offer_away", offer, "mentee")
            steps.note(session, "offer.withdrawn", offer, by=person_id, now=now, why=AWAY)
        steps.settle_rounds(session, {offer.round_id for offer in offers})
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=given.membership.programme_id,
                action="limits.paused",
                subject=f"membership:{membership_id}",
                facts={"withdrawn": len(offers)},
                created_at=now,
            )
        )
        return len(offers)


def begins_on(offer: Offer, now: datetime) -> date:
    """Return the day on which a pair would first meet; without an hour yet, the day by which both must answer."""
    programme, zone = offer.mentor.programme, offer.mentor.person.zone
    if offer.slot_weekday is None:
        return max(programme.starts_on, offer.deadline_at.astimezone(ZoneInfo(zone)).date())
    return first_meeting(
        offer.slot_weekday,
        offer.slot_minute or 0,
        0,
        kept_in=zone,
        reader=zone,
        other=zone,
        not_before=first_day(programme.starts_on, now, zone),
        week=offer.slot_week,
        every=EVERY[programme.cadence],
    ).starts_at.date()


def _falls_in(offer: Offer, begin: date, end: date | None, now: datetime) -> bool:
    day = begins_on(offer, now)
    return begin <= day and (end is None or day <= end)


def _mentor(session: Session, slug: str, person_id: uuid.UUID) -> uuid.UUID:
    membership_id = session.scalar(
        select(Membership.id)
        .join(Programme, Programme.id == Membership.programme_id)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .where(
            Programme.slug == slug,
            Membership.person_id == person_id,
            Membership.is_mentor,
            Membership.status != "left",
        )
    )
    if membership_id is None:
        raise NotFoundError("offer")
    return membership_id


def _open_offers(session: Session, membership_id: uuid.UUID) -> list[Offer]:
    query = (
        select(Offer)
        .where(Offer.mentor_id == membership_id, Offer.state == "open")
        .options(
            joinedload(Offer.mentor).joinedload(Membership.person),
            joinedload(Offer.mentor).joinedload(Membership.programme),
            joinedload(Offer.mentee).joinedload(Membership.person),
        )
        .order_by(Offer.created_at, Offer.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))
