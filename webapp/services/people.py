"""The people of a programme, found and read by its coordinator."""

import uuid
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import (
    AvailabilityWindow,
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
    Mentorship,
    Offer,
    Person,
    Profile,
)
from webapp.services.edits_shown import Edit, list_edits
from webapp.services.listing import Numbered, find_listed
from webapp.services.members import keeps_private, load_member
from webapp.services.people_query import TABLES, PeopleQuery, conditions, find_bounces, joined, missing_steps, shown
from webapp.services.progress import Achieved, find_achievements
from webapp.services.student_approvals import approver_of
from webapp.services.students import needs_approval

PAGE = 25


@dataclass(frozen=True)
class PersonRow:
    """One line of the table."""

    id: uuid.UUID
    name: str
    email: str
    institution: str
    city: str
    stage: str
    specialties: tuple[str, ...]
    is_mentor: bool
    is_mentee: bool
    is_coordinator: bool
    status: str
    joined_at: datetime | None
    minutes: int | None
    reserved: int
    places: int | None
    reserved_places: int
    paused_from: date | None
    paused_until: date | None
    wanted: int | None
    missing: tuple[str, ...]  # the steps of joining that are still open, for whoever has not finished
    invited_at: datetime | None
    reminded_at: datetime | None
    asked_at: datetime | None
    bounce: str  # why mails do not arrive


@dataclass(frozen=True)
class PeoplePage(Numbered):
    rows: tuple[PersonRow, ...]
    number: int
    pages: int
    total: int

    per_page: ClassVar[int] = PAGE


@dataclass(frozen=True)
class PairLine:
    """Another person with whom this one has an offer or is a pair."""

    other_id: uuid.UUID
    other: str
    as_mentor: bool
    kind: str  # offer or pair
    state: str
    at: datetime
    once: str = ""  # "question" or "shadow_day"


@dataclass(frozen=True)
class PersonView:
    """One person's answers, as far as the coordinator may read them: no private traits."""

    membership: Membership
    person: Person
    profile: Profile | None
    offer: MentorOffer | None
    request: MenteeRequest | None
    pairs: tuple[PairLine, ...]
    wishes: int
    is_private: bool  # an account of hers, and she has not said yes to this programme: only name and address show
    missing: tuple[str, ...]
    bounce: str
    edits: tuple[Edit, ...]
    approves_mentors: bool  # students meet only mentors approved for them
    approved_by: str  # who approved her for students, where the day is kept
    achievements: tuple[Achieved, ...] = ()


def find_people(session: Session, programme_id: uuid.UUID, query: PeopleQuery) -> PeoplePage:
    """Return one page of the programme's people. Four queries, whatever their number.

    The first looks at all people, and joins only the tables they are chosen and sorted by; what the page shows is
    read for its own few lines.
    """
    chosen, tables = conditions(programme_id, query)
    order, needed = _order(query.sort)
    found = joined(select(Membership.id), tables | needed | {Person}).where(*chosen)
    in_order = found.order_by(*order, func.lower(Person.name), Membership.id)
    listed = find_listed(session, in_order, query.page, PAGE)
    ids = listed.ids
    everything = select(Membership, Person, Profile, MentorOffer, MenteeRequest)
    rows = session.execute(joined(everything, TABLES).where(Membership.id.in_(ids))).all() if ids else ()
    people = [row[1].id for row in rows]
    with_hours = set(
        session.scalars(select(AvailabilityWindow.person_id).where(AvailabilityWindow.person_id.in_(people)))
    )
    bounces = find_bounces(session, people)
    by_id = {row[0].id: _row(row, with_hours, bounces) for row in rows}
    people_shown = tuple(by_id[key] for key in ids if key in by_id)
    return PeoplePage(people_shown, listed.number, listed.pages, listed.total)


def count_people(session: Session, programme_id: uuid.UUID) -> dict[str, int]:
    """Count the people by status; `joined` take part or pause and do not only coordinate; `asked` wait for a yes."""
    partner = Membership.is_mentor | Membership.is_mentee
    asked = and_(Membership.status == "pending", Membership.asked_at.is_not(None))
    rows = session.execute(
        select(
            Membership.status,
            func.count(),
            func.sum(case((partner, 1), else_=0)),
            func.sum(case((asked, 1), else_=0)),
        )
        .where(Membership.programme_id == programme_id)
        .group_by(Membership.status)
    ).all()
    joined = sum(partners for status, _all, partners, _asked in rows if status in {"active", "paused"})
    counts = {status: number for status, number, _partners, _asked in rows}
    return counts | {"joined": joined, "asked": sum(row[3] for row in rows)}


def show_person(session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID) -> PersonView:
    """Return one person's answers.

    Raises
    ------
    NotFoundError
        She does not belong to this programme.

    """
    membership = load_member(session, programme_id, membership_id)
    wishes = session.scalar(
        select(func.count())
        .select_from(Interest)
        .where(
            Interest.verdict == "interested",
            or_(
                and_(Interest.mentor_id == membership_id, Interest.side == "mentor"),
                and_(Interest.mentee_id == membership_id, Interest.side == "mentee"),
            ),
        )
    )
    person = membership.person
    is_private = keeps_private(membership, person)
    profile = None if is_private else person.profile
    return PersonView(
        membership=membership,
        person=person,
        profile=profile,
        offer=membership.offer,
        request=membership.request,
        pairs=_pairs_of(session, membership_id),
        wishes=wishes or 0,
        is_private=is_private,
        missing=missing_steps(
            membership,
            profile,
            membership.offer,
            membership.request,
            has_hours=bool(person.windows) and not is_private,
        ),
        bounce=find_bounces(session, [person.id]).get(person.id, ""),
        edits=list_edits(session, [membership_id]),
        achievements=() if is_private else find_achievements(session, [person.id]).get(person.id, ()),
        approves_mentors=needs_approval(membership.programme),
        approved_by=approver_of(session, membership),
    )


def _pairs_of(session: Session, membership_id: uuid.UUID) -> tuple[PairLine, ...]:
    """List the mentorships of a person, and those of her offers that did not become one."""
    lines = []
    once = case((Offer.is_shadow_day, "shadow_day"), (Offer.once, "question"), else_="")
    for kind, table, state in (("pair", Mentorship, Mentorship.status), ("offer", Offer, Offer.state)):
        mine = or_(table.mentor_id == membership_id, table.mentee_id == membership_id)
        other_id = case((table.mentor_id == membership_id, table.mentee_id), else_=table.mentor_id)
        query = select(other_id, Person.name, table.mentor_id == membership_id, state, table.created_at, once)
        query = query.select_from(table)
        if table is Mentorship:
            query = query.join(Offer, Offer.id == Mentorship.offer_id)
        rows = session.execute(
            query.join(Membership, Membership.id == other_id)
            .join(Person, Person.id == Membership.person_id)
            .where(mine, state != "accepted")  # an accepted offer is told as its mentorship
            .order_by(table.created_at.desc())
        )
        lines += [PairLine(row[0], row[1], bool(row[2]), kind, row[3], row[4], row[5]) for row in rows]
    return tuple(lines)


def _order(sort: str) -> tuple[list[SQLColumnExpression[Any]], set[type]]:
    """Return what people are sorted by before their names, and the table that it stands in."""
    free = MentorOffer.minutes_a_month - MentorOffer.reserved_minutes
    orders: dict[str, tuple[list[SQLColumnExpression[Any]], set[type]]] = {
        "newest": ([Membership.created_at.desc()], set()),
        "stage": ([func.coalesce(shown(Profile.stage), "")], {Person, Profile}),
        "free": ([func.coalesce(free, -1).desc()], {MentorOffer}),
    }
    return orders.get(sort, ([], set()))


def _row(found: Any, with_hours: Container[uuid.UUID], bounces: Mapping[uuid.UUID, str]) -> PersonRow:
    membership, person, profile, offer, request = found
    is_private = keeps_private(membership, person)
    profile = None if is_private else profile
    return PersonRow(
        id=membership.id,
        name=person.name,
        email="" if person.deleted_at else person.email,
        institution=profile.institution if profile else "",
        city=profile.city if profile else "",
        stage=profile.stage if profile else "",
        specialties=tuple(profile.specialties) if profile else (),
        is_mentor=membership.is_mentor,
        is_mentee=membership.is_mentee,
        is_coordinator=membership.is_coordinator,
        status=membership.status,
        joined_at=membership.joined_at,
        minutes=offer.minutes_a_month if offer else None,
        reserved=offer.reserved_minutes if offer else 0,
        places=offer.places if offer else None,
        reserved_places=offer.reserved_places if offer else 0,
        paused_from=offer.paused_from if offer else None,
        paused_until=offer.paused_until if offer else None,
        wanted=request.mentors_wanted if request else None,
        missing=missing_steps(
            membership, profile, offer, request, has_hours=person.id in with_hours and not is_private
        ),
        invited_at=membership.invited_at,
        reminded_at=membership.reminded_at,
        asked_at=membership.asked_at,
        bounce=bounces.get(person.id, ""),
    )
