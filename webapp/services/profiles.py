"""What people offer and what they look for in a programme."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.models import (
    AuditEvent,
    Membership,
    MenteeRequest,
    MentorOffer,
    Programme,
)
from webapp.services.errors import NotFoundError
from webapp.services.ledger import lock_time
from webapp.services.transaction import transaction

STATED = "limits.stated"  # a mentor's own word on what she gives, as the audit log has it


@dataclass(frozen=True)
class OfferFacts:
    """A mentor's offer, and how much of it is taken."""

    programme: str
    programme_id: uuid.UUID
    minutes_a_pair: int
    exists: bool
    topics: tuple[str, ...] = ()
    stages_welcome: tuple[str, ...] = ()
    minutes_a_month: int | None = None
    places: int | None = None
    reserved_minutes: int = 0
    reserved_places: int = 0
    paused_from: date | None = None
    paused_until: date | None = None
    about: str = ""
    is_provisional: bool = False  # from the programme's file; she has not said it herself

    @property
    def is_over(self) -> bool:
        """Whether more is taken than she gives now: her pairs stay, nothing new is reserved."""
        return self.reserved_minutes > (self.minutes_a_month or 0) or self.reserved_places > (self.places or 0)

    def is_paused(self, today: date) -> bool:
        return (
            self.paused_from is not None
            and self.paused_from <= today
            and (self.paused_until is None or today <= self.paused_until)
        )


@dataclass(frozen=True)
class RequestFacts:
    programme: str
    programme_id: uuid.UUID
    exists: bool
    topics: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    mentors_wanted: int = 1
    board: bool = False
    goal: str = ""


def read_offer(session: Session, slug: str, *, person_id: uuid.UUID) -> OfferFacts:
    """Return her offer in this programme; NotFoundError to whoever is no mentor there. One query."""
    membership = _mine(session, slug, person_id)
    if not membership.is_mentor:
        raise NotFoundError("offer")
    programme, offer = membership.programme, membership.offer
    facts = {
        "programme": programme.name,
        "programme_id": programme.id,
        "minutes_a_pair": programme.minutes_a_month,
    }
    if offer is None:
        return OfferFacts(**facts, exists=False)  # type: ignore[arg-type]
    return OfferFacts(
        **facts,  # type: ignore[arg-type]
        exists=True,
        topics=tuple(offer.topics),
        stages_welcome=tuple(offer.stages_welcome),
        # Of a number that the file did not state she is asked as if there were none.
        minutes_a_month=offer.minutes_a_month or None if offer.is_provisional else offer.minutes_a_month,
        places=offer.places or None if offer.is_provisional else offer.places,
        reserved_minutes=offer.reserved_minutes,
        reserved_places=offer.reserved_places,
        paused_from=offer.paused_from,
        paused_until=offer.paused_until,
        about=offer.about,
        is_provisional=offer.is_provisional,
    )


def save_offer(
    session: Session,
    slug: str,
    *,
    person_id: uuid.UUID,
    topics: Sequence[str],
    stages_welcome: Sequence[str],
    minutes_a_month: int,
    places: int,
    about: str = "",
    now: datetime | None = None,
) -> None:
    """Keep what a mentor offers; she alone may raise it, and lowering it below what is taken keeps her pairs."""
    now = now or datetime.now(UTC)
    with transaction(session):
        membership = _mine(session, slug, person_id, lock=True)
        if not membership.is_mentor:
            raise NotFoundError("offer")
        offer = _locked_offer(session, membership)
        if offer is None:
            offer = MentorOffer(membership_id=membership.id, reserved_minutes=0, reserved_places=0)
            session.add(offer)
        before = 0 if offer.is_provisional else offer.minutes_a_month or 0
        offer.topics, offer.stages_welcome = list(topics), list(stages_welcome)
        offer.minutes_a_month, offer.places = minutes_a_month, places
        offer.about = about
        offer.is_provisional = False  # now she has said it herself
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=membership.programme_id,
                action=STATED,
                subject=f"membership:{membership.id}",
                facts={
                    "minutes_a_month": minutes_a_month,
                    "places": places,
                    "before": {"minutes_a_month": before},
                },
                created_at=now,
            )
        )


def set_pause(
    session: Session, slug: str, *, person_id: uuid.UUID, paused_from: date | None, paused_until: date | None
) -> None:
    """Keep a mentor out of rounds from one date to another, or until she says otherwise; no dates end the pause."""
    with transaction(session):
        membership = _mine(session, slug, person_id, lock=True)
        offer = _locked_offer(session, membership) if membership.is_mentor else None
        if offer is None:
            raise NotFoundError("offer")
        offer.paused_from = paused_from
        offer.paused_until = paused_until


def read_request(session: Session, slug: str, *, person_id: uuid.UUID) -> RequestFacts:
    """Return what she looks for in this programme; NotFoundError to whoever is no mentee there. One query."""
    membership = _mine(session, slug, person_id)
    if not membership.is_mentee:
        raise NotFoundError("request")
    request, programme = membership.request, membership.programme
    if request is None:
        return RequestFacts(programme=programme.name, programme_id=programme.id, exists=False)
    return RequestFacts(
        programme=programme.name,
        programme_id=programme.id,
        exists=True,
        topics=tuple(request.topics),
        specialties=tuple(request.specialties),
        mentors_wanted=request.mentors_wanted,
        board=request.board,
        goal=request.goal,
    )


def save_request(
    session: Session,
    slug: str,
    *,
    person_id: uuid.UUID,
    topics: Sequence[str],
    specialties: Sequence[str],
    mentors_wanted: int,
    board: bool = False,
    goal: str,
) -> None:
    """Keep what a mentee looks for; topics in order, the first counts most.

    With `board` each mentor is for a need of its own; that takes two mentors and two needs at least.
    """
    with transaction(session):
        membership = _mine(session, slug, person_id, lock=True)
        if not membership.is_mentee:
            raise NotFoundError("request")
        request = session.scalars(
            select(MenteeRequest).where(MenteeRequest.membership_id == membership.id).with_for_update()
        ).one_or_none()
        if request is None:
            request = MenteeRequest(membership_id=membership.id)
            session.add(request)
        request.topics, request.specialties = list(topics), list(specialties)
        request.mentors_wanted, request.goal = mentors_wanted, goal
        request.board = board and mentors_wanted > 1 and len(topics) > 1


def _mine(session: Session, slug: str, person_id: uuid.UUID, *, lock: bool = False) -> Membership:
    query = (
        select(Membership)
        .join(Membership.programme)
        .where(Programme.slug == slug, Membership.person_id == person_id, Membership.status != "left")
        .options(
            joinedload(Membership.programme),
            joinedload(Membership.offer),
            joinedload(Membership.request),
        )
        .execution_options(populate_existing=True)
    )
    if lock:
        # Two saves at once come one after the other, so that only the first makes the row. Time before membership,
        # as whoever answers an offer locks them; and without the keys, for others write rows that refer to them.
        mine = select(Membership.id).where(Membership.person_id == person_id)
        lock_time(session, session.scalars(mine).all())
        query = query.with_for_update(of=Membership, key_share=True)
    membership = session.scalars(query).one_or_none()
    if membership is None:
        raise NotFoundError("membership")
    return membership


def _locked_offer(session: Session, membership: Membership) -> MentorOffer | None:
    """Load the offer anew with its row locked: what is reserved on it may change at any moment."""
    return session.scalars(
        select(MentorOffer)
        .where(MentorOffer.membership_id == membership.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
