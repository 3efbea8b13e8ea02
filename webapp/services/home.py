"""What a person finds when she comes in: read in few queries, whatever she takes part in."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Membership, Mentorship, Message, Offer, Person, Round, RoundWithdrawal
from webapp.services import letter_steps
from webapp.services.students import counts_as_student
from webapp.services.terms import is_asked_anew
from webapp.services.visibility import visible_profile
from webapp.services.withdrawals import LEAVABLE

NEWS_LASTS = timedelta(days=14)
MOST = 60  # rows of each kind that a home page can carry


@dataclass(frozen=True)
class Place:
    """Her part in one programme."""

    slug: str
    programme: str
    status: str
    is_mentor: bool
    is_mentee: bool
    is_coordinator: bool
    minutes_a_month: int
    reserved_minutes: int
    reserved_places: int
    places: int
    paused_until: date | None
    is_paused: bool
    needs: tuple[str, ...]
    mentors_wanted: int
    waits: bool = False  # all is answered; a coordinator has not said yes yet
    asks_terms: bool = False  # the terms changed since she agreed to them
    asks_age: bool = False  # she takes part as a student, and never said that she is an adult

    @property
    def takes_part(self) -> bool:
        return self.status in {"active", "paused"} and (self.is_mentor or self.is_mentee)


@dataclass(frozen=True)
class _Mine:
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


@dataclass(frozen=True)
class RoundHere:
    id: uuid.UUID
    slug: str
    name: str
    state: str
    enrols_until: date | None
    is_over: bool  # enrolment has passed its last day
    came_late: bool  # joined after the pool was frozen
    has_left: bool  # asked to be left out of it


@dataclass(frozen=True)
class LetterHere:
    """A letter that waits for her answer, or brought one lately."""

    id: uuid.UUID
    side: str
    name: str
    state: str
    due_at: datetime


@dataclass(frozen=True)
class HomeFacts:
    places: tuple[Place, ...]
    offers: tuple[Pairing, ...]
    pairs: tuple[Pairing, ...]
    rounds: tuple[RoundHere, ...]
    letters: tuple[LetterHere, ...] = ()


def read_home(session: Session, person_id: uuid.UUID, *, now: datetime) -> HomeFacts:
    """Return what a person's home page needs. Five queries."""
    memberships = session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.status != "left")
        .options(
            joinedload(Membership.programme),
            joinedload(Membership.offer),
            joinedload(Membership.request),
            joinedload(Membership.person).joinedload(Person.profile),
        )
        .order_by(Membership.created_at)
        .execution_options(populate_existing=True)
    ).all()
    mine = {m.id: _Mine(m.programme.slug, m.programme.meeting_minutes) for m in memberships}
    places = tuple(_place(membership, now) for membership in memberships)
    rounds = _rounds(session, memberships, now)
    letters = _letters(session, mine, now)
    return HomeFacts(places, _offers(session, mine, now), _pairs(session, mine, now), rounds, letters)


def _place(membership: Membership, now: datetime) -> Place:
    offer, request, programme = membership.offer, membership.request, membership.programme
    today = now.astimezone(ZoneInfo(programme.zone)).date()
    is_paused = bool(
        offer
        and offer.paused_from
        and offer.paused_from <= today
        and (offer.paused_until is None or today <= offer.paused_until)
    )
    return Place(
        slug=programme.slug,
        programme=programme.name,
        status=membership.status,
        is_mentor=membership.is_mentor,
        is_mentee=membership.is_mentee,
        is_coordinator=membership.is_coordinator,
        minutes_a_month=offer.minutes_a_month if offer else 0,
        reserved_minutes=offer.reserved_minutes if offer else 0,
        reserved_places=offer.reserved_places if offer else 0,
        places=offer.places if offer else 0,
        paused_until=offer.paused_until if offer else None,
        is_paused=is_paused,
        needs=tuple(request.topics) if request else (),
        mentors_wanted=request.mentors_wanted if request else 0,
        waits=membership.status == "pending" and membership.asked_at is not None,
        asks_terms=is_asked_anew(membership, programme),
        asks_age=_is_asked_age(membership),
    )


def _is_asked_age(membership: Membership) -> bool:
    joined = membership.status in {"active", "paused"} and membership.joined_at is not None
    return joined and membership.adult_confirmed_at is None and counts_as_student(membership)


def _offers(session: Session, mine: dict[uuid.UUID, _Mine], now: datetime) -> tuple[Pairing, ...]:
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


def _offer(row: Offer, mine: dict[uuid.UUID, _Mine]) -> Pairing:
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
    )


def _pairs(session: Session, mine: dict[uuid.UUID, _Mine], now: datetime) -> tuple[Pairing, ...]:
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


def _pair(row: Mentorship, mine: dict[uuid.UUID, _Mine]) -> Pairing:
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


def _letters(session: Session, mine: dict[uuid.UUID, _Mine], now: datetime) -> tuple[LetterHere, ...]:
    """Return the letters that wait for her, the most urgent first, and those a colleague was suggested to lately."""
    if not mine:
        return ()
    waits = or_(
        and_(Message.mentor_id.in_(mine), Message.state == "waiting"),
        and_(Message.mentee_id.in_(mine), Message.state == "asked"),
        and_(Message.mentee_id.in_(mine), Message.state == "suggested", Message.closed_at > now - NEWS_LASTS),
    )
    rows = session.scalars(letter_steps.with_people().where(waits).order_by(Message.due_at, Message.id).limit(MOST))
    found = []
    for row in rows:
        side = "mentor" if row.mentor_id in mine else "mentee"
        other = row.mentee if side == "mentor" else row.mentor
        found.append(LetterHere(row.id, side, other.person.name, row.state, row.due_at))
    return tuple(found)


def _rounds(session: Session, memberships: Iterable[Membership], now: datetime) -> tuple[RoundHere, ...]:
    """Return the rounds of her programmes that she may still leave, the oldest first."""
    programmes = {membership.programme_id: membership for membership in memberships}
    if not programmes:
        return ()
    mine = [membership.id for membership in programmes.values()]
    rows = session.execute(
        select(Round, RoundWithdrawal.id.is_not(None))
        .outerjoin(
            RoundWithdrawal,
            and_(RoundWithdrawal.round_id == Round.id, RoundWithdrawal.membership_id.in_(mine)),
        )
        .where(Round.programme_id.in_(programmes), Round.state.in_(LEAVABLE))
        .order_by(Round.created_at)
        .limit(MOST)
        .execution_options(populate_existing=True)
    )
    return tuple(_round(row, programmes[row.programme_id], now, has_left=has_left) for row, has_left in rows)


def _round(row: Round, membership: Membership, now: datetime, *, has_left: bool) -> RoundHere:
    today = now.astimezone(ZoneInfo(membership.programme.zone)).date()
    return RoundHere(
        id=row.id,
        slug=membership.programme.slug,
        name=row.name,
        state=row.state,
        enrols_until=row.enrols_until,
        is_over=row.enrols_until is not None and row.enrols_until < today,
        came_late=bool(row.frozen_at and membership.joined_at and membership.joined_at > row.frozen_at),
        has_left=has_left,
    )
