"""Members of a programme as plain rows: what the engine looks at, for thousands, without an object for each row.

A `Member` has the names that the mapped classes have, as far as the engine reads them, so that both make records.
"""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from webapp.models import AvailabilityWindow, Membership, MenteeRequest, MentorOffer, Person, Profile, Trait


class OfferRow(NamedTuple):
    topics: list[str]
    stages_welcome: list[str]
    minutes_a_month: int
    places: int
    reserved_minutes: int
    reserved_places: int
    paused_from: date | None
    paused_until: date | None
    is_provisional: bool
    gives_mentoring: bool
    welcomes_students: bool
    students_approved_at: datetime | None


class RequestRow(NamedTuple):
    topics: list[str]
    specialties: list[str]
    mentors_wanted: int
    board: bool
    minutes_a_month: int | None


class ProfileRow(NamedTuple):
    stage: str
    specialties: list[str]
    languages: list[str]


class WindowRow(NamedTuple):
    weekday: int
    start_minute: int
    end_minute: int


class TraitRow(NamedTuple):
    facts: list[str]


class PersonRow(NamedTuple):
    id: uuid.UUID
    name: str
    zone: str
    profile: ProfileRow | None
    windows: list[WindowRow]
    trait: TraitRow | None


class Member(NamedTuple):
    id: uuid.UUID
    person_id: uuid.UUID
    status: str
    is_mentor: bool
    is_mentee: bool
    priority: float
    person: PersonRow
    offer: OfferRow | None
    request: RequestRow | None


_MEMBER = (
    Membership.id,
    Membership.person_id,
    Membership.status,
    Membership.is_mentor,
    Membership.is_mentee,
    Membership.priority,
    Person.name,
    Person.zone,
    Trait.facts,
)
# The first of each is never null where there is a row at all.
_PROFILE = tuple(getattr(Profile, name) for name in ProfileRow._fields)
_OFFER = tuple(getattr(MentorOffer, name) for name in OfferRow._fields)
_REQUEST = tuple(getattr(MenteeRequest, name) for name in RequestRow._fields)


def read_members(session: Session, *where: ColumnExpressionArgument[bool]) -> Iterator[Member]:
    """Read memberships with all that the engine needs, by id. Two queries, whatever the number of people."""
    windows: dict[uuid.UUID, list[WindowRow]] = {}
    hours = (
        select(
            AvailabilityWindow.person_id,
            AvailabilityWindow.weekday,
            AvailabilityWindow.start_minute,
            AvailabilityWindow.end_minute,
        )
        .where(AvailabilityWindow.person_id.in_(select(Membership.person_id).where(*where)))
        .order_by(AvailabilityWindow.weekday, AvailabilityWindow.start_minute)
    )
    for person_id, *window in session.execute(hours):
        windows.setdefault(person_id, []).append(WindowRow(*window))
    query = (
        select(*_MEMBER, *_PROFILE, *_OFFER, *_REQUEST)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Profile, Profile.person_id == Membership.person_id)
        .outerjoin(Trait, Trait.person_id == Membership.person_id)
        .outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
        .outerjoin(MenteeRequest, MenteeRequest.membership_id == Membership.id)
        .where(*where)
        .order_by(Membership.id)
    )
    for row in session.execute(query):
        yield _member(row, windows)


def _member(row: Any, windows: dict[uuid.UUID, list[WindowRow]]) -> Member:
    member, person_id, status, is_mentor, is_mentee, priority, name, zone, facts, *rest = row
    profile, rest = rest[: len(_PROFILE)], rest[len(_PROFILE) :]
    offer, request = rest[: len(_OFFER)], rest[len(_OFFER) :]
    person = PersonRow(
        person_id,
        name,
        zone,
        None if profile[0] is None else ProfileRow(*profile),
        windows.get(person_id, []),
        None if facts is None else TraitRow(facts),
    )
    return Member(
        member,
        person_id,
        status,
        is_mentor,
        is_mentee,
        priority,
        person,
        None if offer[0] is None else OfferRow(*offer),
        None if request[0] is None else RequestRow(*request),
    )
