"""What anyone may know of a programme: its dates and its numbers, counted when asked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import Membership, MentorOffer, Offer, Person, Profile, Programme, Round, Scenario
from webapp.services.errors import NotFoundError

FINISHED = ("published", "active", "closing", "archived")


@dataclass(frozen=True)
class LastRound:
    """How the last published round went."""

    name: str
    with_mentor: int
    took_part: int
    told_why_not: int


@dataclass(frozen=True)
class ProgrammeFacts:
    slug: str
    name: str
    summary: str
    contact: str
    cadence: str
    meeting_minutes: int
    minutes_a_month: int
    offer_days: int
    enrols_until: date | None
    starts_on: date
    ends_on: date
    enrols: bool
    coordinator: str
    mentors: int
    mentees: int
    specialties: int
    last: LastRound | None
    coming: str  # the name of the round that people join now


@dataclass(frozen=True)
class Listed:
    """A programme in the list on the first page."""

    slug: str
    name: str
    summary: str
    enrols_until: date | None
    enrols: bool


@dataclass(frozen=True)
class Programmes:
    """Programmes that have not ended, those that can be joined first; and whether anybody operates Mosaic yet."""

    current: tuple[Listed, ...]
    has_operator: bool


def find_programmes(session: Session, *, today: date) -> Programmes:
    """Return what the first page lists. Three queries."""
    rows = session.scalars(select(Programme).where(Programme.ends_on >= today).order_by(Programme.name)).all()
    coming = _coming_rounds(session, [row.id for row in rows])
    listed = []
    for row in rows:
        until = coming[row.id].enrols_until if row.id in coming else row.enrols_until
        listed.append(Listed(row.slug, row.name, row.summary, until, _enrols(row, until, today)))
    operator = session.scalar(select(Person.id).where(Person.is_operator).limit(1))
    return Programmes(tuple(sorted(listed, key=lambda one: not one.enrols)), operator is not None)


def find_programme(session: Session, slug: str, *, today: date) -> ProgrammeFacts:
    """Return a programme's facts. Eight queries at most, whatever the number of people."""
    row = session.scalar(select(Programme).where(Programme.slug == slug))
    if row is None:
        raise NotFoundError
    coming = _coming_rounds(session, [row.id]).get(row.id)
    until = coming.enrols_until if coming else row.enrols_until
    mentors, mentees = session.execute(
        select(func.count(MentorOffer.id), func.count().filter(Membership.is_mentee))
        .select_from(Membership)
        .outerjoin(MentorOffer, _gives())
        .where(_active(row.id))
    ).one()
    return ProgrammeFacts(
        slug=row.slug,
        name=row.name,
        summary=row.summary,
        contact=row.contact,
        cadence=row.cadence,
        meeting_minutes=row.meeting_minutes,
        minutes_a_month=row.minutes_a_month,
        offer_days=row.offer_days,
        enrols_until=until,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        enrols=_enrols(row, until, today),
        coordinator=session.scalar(_coordinator(row.id)) or "",
        mentors=mentors,
        mentees=mentees,
        specialties=_count_specialties(session, row.id),
        last=_last_round(session, row.id),
        coming=coming.name if coming else "",
    )


def _enrols(programme: Programme, until: date | None, today: date) -> bool:
    return programme.ends_on >= today and (until is None or until >= today)


def _coming_rounds(session: Session, programme_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Round]:
    """Return the round of each programme that people join now; its date goes before the programme's own."""
    query = select(Round).where(Round.programme_id.in_(programme_ids), Round.state == "enrolling")
    return {row.programme_id: row for row in session.scalars(query.order_by(Round.created_at))}


def _gives() -> ColumnElement[bool]:
    confirmed = MentorOffer.is_provisional.is_(False)
    return and_(MentorOffer.membership_id == Membership.id, Membership.is_mentor, confirmed)


def _active(programme_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        Membership.programme_id == programme_id,
        Membership.status == "active",
        Membership.joined_at.is_not(None),
        or_(Membership.is_mentor, Membership.is_mentee),
    )


def _coordinator(programme_id: uuid.UUID) -> Select[str]:
    return (
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.programme_id == programme_id, Membership.is_coordinator, Membership.status == "active")
        .order_by(Membership.created_at)
        .limit(1)
    )


def _count_specialties(session: Session, programme_id: uuid.UUID) -> int:
    rows = session.scalars(
        select(Profile.specialties)
        .join(Membership, Membership.person_id == Profile.person_id)
        .where(Membership.programme_id == programme_id, Membership.status == "active", Membership.is_mentor)
    )
    return len({specialty for specialties in rows for specialty in specialties})


def _last_round(session: Session, programme_id: uuid.UUID) -> LastRound | None:
    last = session.execute(
        select(Round.id, Round.name)
        .where(Round.programme_id == programme_id, Round.state.in_(FINISHED), Round.published_at.is_not(None))
        .order_by(Round.published_at.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    offered, accepted = session.execute(
        select(
            func.count(Offer.mentee_id.distinct()),
            func.count(Offer.mentee_id.distinct()).filter(Offer.state == "accepted"),
        ).where(Offer.round_id == last.id)
    ).one()
    left = session.scalar(
        select(Scenario.unmatched).where(
            Scenario.round_id == last.id, Scenario.published_at.is_not(None), Scenario.objective != "repair"
        )
    )
    told = len(left or [])
    return LastRound(last.name, with_mentor=accepted, took_part=offered + told, told_why_not=told)
