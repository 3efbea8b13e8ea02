"""The offers and the pairs that a person's home page shows, each from her own side."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Membership, Mentorship, Offer, Person
from webapp.services.visibility import visible_profile

NEWS_LASTS = timedelta(days=14)
MOST = 60  # rows of each kind that a home page can carry


@dataclass(frozen=True)
class Mine:
    """What her own side of a pairing says; values, for a later query may load the rows anew."""

    slug: str
    meeting_minutes: int


@dataclass(frozen=True)
class Other:
    """The other of a pair, as far as a partner may know her before and after both said yes."""

    name: str
    zone: str
    city: str
    specialties: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Pairing:
    """An offer or a mentorship from her side; `state` is the row's own."""

    id: uuid.UUID
    slug: str
    side: str  # mentor or mentee: what she is in it
    other: Other
    state: str
    my_answer: str
    other_answer: str
    minutes: int
    slot_weekday: int | None
    slot_minute: int | None
    meeting_minutes: int
    mentor_zone: str
    deadline_at: datetime | None
    closed_at: datetime | None
    once: bool  # one talk, which makes nobody a mentor
    is_shadow_day: bool = False
    planned_on: date | None = None
    role: str = ""  # the need that it is for, on the mentee's board


def read_offers(session: Session, mine: dict[uuid.UUID, Mine], now: datetime) -> tuple[Pairing, ...]:
    """Return open offers, the most urgent first, then those that ended lately without a pair."""
    if not mine:
        return ()
    lately = and_(Offer.state.in_(("declined", "expired", "withdrawn")), Offer.closed_at > now - NEWS_LASTS)
    rows = session.scalars(
        select(Offer)
        .where(
            or_(Offer.mentor_id.in_(mine), Offer.mentee_id.in_(mine)),
            or_(Offer.state == "open", lately),
        )
        .options(
            joinedload(Offer.mentor).joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Offer.mentor).joinedload(Membership.offer),
            joinedload(Offer.mentee).joinedload(Membership.person).joinedload(Person.profile),
        )
        .order_by(Offer.deadline_at, Offer.id)
        .limit(MOST)
        .execution_options(populate_existing=True)
    )
    return tuple(_offer(row, mine) for row in rows)


def _offer(row: Offer, mine: dict[uuid.UUID, Mine]) -> Pairing:
    side = "mentor" if row.mentor_id in mine else "mentee"
    me = mine[row.mentor_id if side == "mentor" else row.mentee_id]
    answers = (row.mentor_answer, row.mentee_answer)
    return Pairing(
        id=row.id,
        slug=me.slug,
        side=side,
        other=_other(row.mentee if side == "mentor" else row.mentor),
        state=row.state,
        my_answer=answers[0] if side == "mentor" else answers[1],
        other_answer=answers[1] if side == "mentor" else answers[0],
        minutes=row.minutes,
        slot_weekday=row.slot_weekday,
        slot_minute=row.slot_minute,
        meeting_minutes=me.meeting_minutes,
        mentor_zone=row.mentor.person.zone,
        deadline_at=row.deadline_at,
        closed_at=row.closed_at,
        once=row.once,
        is_shadow_day=row.is_shadow_day,
        role=row.role,
    )


def read_pairs(session: Session, mine: dict[uuid.UUID, Mine], now: datetime) -> tuple[Pairing, ...]:
    """Return her mentorships that go on or rest, and those that ended lately."""
    if not mine:
        return ()
    rows = session.scalars(
        select(Mentorship)
        .where(
            or_(Mentorship.mentor_id.in_(mine), Mentorship.mentee_id.in_(mine)),
            or_(Mentorship.status.in_(("active", "paused")), Mentorship.ended_at > now - NEWS_LASTS),
        )
        .options(
            joinedload(Mentorship.offer),
            joinedload(Mentorship.mentor).joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Mentorship.mentor).joinedload(Membership.offer),
            joinedload(Mentorship.mentee).joinedload(Membership.person).joinedload(Person.profile),
        )
        .order_by(Mentorship.created_at, Mentorship.id)
        .limit(MOST)
        .execution_options(populate_existing=True)
    )
    return tuple(_pair(row, mine) for row in rows)


def _pair(row: Mentorship, mine: dict[uuid.UUID, Mine]) -> Pairing:
    side = "mentor" if row.mentor_id in mine else "mentee"
    me = mine[row.mentor_id if side == "mentor" else row.mentee_id]
    return Pairing(
        id=row.id,
        slug=me.slug,
        side=side,
        other=_other(row.mentee if side == "mentor" else row.mentor),
        state=row.status,
        my_answer="yes",
        other_answer="yes",
        minutes=row.offer.minutes,
        slot_weekday=row.slot_weekday,
        slot_minute=row.slot_minute,
        meeting_minutes=row.meeting_minutes,
        mentor_zone=row.mentor.person.zone,
        deadline_at=None,
        closed_at=row.ended_at,
        once=row.offer.once,
        is_shadow_day=row.offer.is_shadow_day,
        planned_on=row.planned_on,
        role=row.offer.role,
    )


def _other(membership: Membership) -> Other:
    person, profile = membership.person, membership.person.profile
    offer = membership.offer if membership.is_mentor else None
    return Other(
        name=person.name,
        zone=person.zone,
        city=visible_profile(person, to_pair=False).city,
        specialties=tuple(profile.specialties) if profile else (),
        topics=tuple(offer.topics) if offer else (),
    )
