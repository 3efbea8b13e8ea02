"""The people of a programme, found and read by its coordinator."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import (
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
    Mentorship,
    Offer,
    Person,
    Profile,
)
from webapp.services.errors import NotFoundError
from webapp.services.search import names_specialty, text_matches

PAGE = 25
ROLES = ("mentor", "mentee", "both", "coordinator")
STATUSES = ("active", "pending", "invited", "paused", "left")
SORTS = ("name", "newest", "stage", "free")


@dataclass(frozen=True)
class PeopleQuery:
    """What the coordinator asked for in the address."""

    q: str = ""
    role: str = ""
    status: str = ""
    stage: str = ""
    specialty: str = ""
    sort: str = "name"
    page: int = 1


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


@dataclass(frozen=True)
class PeoplePage:
    rows: tuple[PersonRow, ...]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total)


@dataclass(frozen=True)
class PairLine:
    """Another person with whom this one has an offer or is a pair."""

    other_id: uuid.UUID
    other: str
    as_mentor: bool
    kind: str  # offer or pair
    state: str
    at: datetime


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


def find_people(session: Session, programme_id: uuid.UUID, query: PeopleQuery) -> PeoplePage:
    """Return one page of the programme's people. Three queries, whatever their number.

    The first two look at all people, and join only the tables they are chosen and sorted by; what the page shows is
    read for its own few lines.
    """
    chosen, tables = _conditions(programme_id, query)
    total = session.scalar(_joined(select(func.count(Membership.id)), tables).where(*chosen)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, query.page), pages)
    order, needed = _order(query.sort)
    ids = session.scalars(
        _joined(select(Membership.id), tables | needed | {Person})
        .where(*chosen)
        .order_by(*order, func.lower(Person.name), Membership.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    everything = select(Membership, Person, Profile, MentorOffer, MenteeRequest)
    rows = session.execute(_joined(everything, set(_JOINS)).where(Membership.id.in_(ids))) if ids else ()
    by_id = {row[0].id: _row(*row) for row in rows}
    return PeoplePage(tuple(by_id[key] for key in ids if key in by_id), number, pages, total)


def count_people(session: Session, programme_id: uuid.UUID) -> dict[str, int]:
    """Count the people by status; `joined` are those who take part or pause, without those who only coordinate."""
    partner = Membership.is_mentor | Membership.is_mentee
    rows = session.execute(
        select(Membership.status, func.count(), func.sum(case((partner, 1), else_=0)))
        .where(Membership.programme_id == programme_id)
        .group_by(Membership.status)
    ).all()
    joined = sum(partners for status, _all, partners in rows if status in {"active", "paused"})
    return {status: number for status, number, _partners in rows} | {"joined": joined}


def show_person(session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID) -> PersonView:
    """Return one person's answers.

    Raises
    ------
    NotFoundError
        She does not belong to this programme.

    """
    membership = session.scalar(
        select(Membership)
        .where(Membership.id == membership_id, Membership.programme_id == programme_id)
        .options(
            joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Membership.person).selectinload(Person.windows),
            joinedload(Membership.offer),
            joinedload(Membership.request),
        )
    )
    if membership is None:
        raise NotFoundError
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
    return PersonView(
        membership=membership,
        person=membership.person,
        profile=membership.person.profile,
        offer=membership.offer,
        request=membership.request,
        pairs=_pairs_of(session, membership_id),
        wishes=wishes or 0,
    )


def _pairs_of(session: Session, membership_id: uuid.UUID) -> tuple[PairLine, ...]:
    """List the mentorships of a person, and those of her offers that did not become one."""
    lines = []
    for kind, table, state in (("pair", Mentorship, Mentorship.status), ("offer", Offer, Offer.state)):
        mine = or_(table.mentor_id == membership_id, table.mentee_id == membership_id)
        other_id = case((table.mentor_id == membership_id, table.mentee_id), else_=table.mentor_id)
        rows = session.execute(
            select(other_id, Person.name, table.mentor_id == membership_id, state, table.created_at)
            .join(Membership, Membership.id == other_id)
            .join(Person, Person.id == Membership.person_id)
            .where(mine, state != "accepted")  # an accepted offer is told as its mentorship
            .order_by(table.created_at.desc())
        )
        lines += [PairLine(row[0], row[1], bool(row[2]), kind, row[3], row[4]) for row in rows]
    return tuple(lines)


_JOINS: dict[type, SQLColumnExpression[bool]] = {
    Person: Person.id == Membership.person_id,
    Profile: Profile.person_id == Membership.person_id,
    MentorOffer: MentorOffer.membership_id == Membership.id,
    MenteeRequest: MenteeRequest.membership_id == Membership.id,
}


def _joined(query: Any, tables: set[type]) -> Any:
    """Join the tables named to the memberships; everybody is a person, and may lack the rest."""
    query = query.select_from(Membership)
    for table, on in _JOINS.items():
        if table in tables:
            query = query.join(table, on, isouter=table is not Person)
    return query


def _conditions(programme_id: uuid.UUID, query: PeopleQuery) -> tuple[list[SQLColumnExpression[bool]], set[type]]:
    """Return what chooses the people, and the tables that it looks at beside the memberships."""
    chosen: list[SQLColumnExpression[bool]] = [Membership.programme_id == programme_id]
    tables: set[type] = set()
    if query.q.strip():
        chosen.append(text_matches(query.q, Person.name, Person.email, Profile.institution, Profile.city))
        tables |= {Person, Profile}
    if query.role:
        chosen.append(
            {
                "mentor": Membership.is_mentor,
                "mentee": Membership.is_mentee,
                "both": and_(Membership.is_mentor, Membership.is_mentee),
                "coordinator": Membership.is_coordinator,
            }[query.role]
        )
    # Who has left is shown only when asked for.
    chosen.append(Membership.status == query.status if query.status else Membership.status != "left")
    if query.stage:
        chosen.append(Profile.stage == query.stage)
        tables.add(Profile)
    if query.specialty:
        chosen.append(names_specialty(query.specialty, Profile.specialties, MenteeRequest.specialties))
        tables |= {Profile, MenteeRequest}
    return chosen, tables


def _order(sort: str) -> tuple[list[SQLColumnExpression[Any]], set[type]]:
    """Return what people are sorted by before their names, and the table that it stands in."""
    free = MentorOffer.minutes_a_month - MentorOffer.reserved_minutes
    orders: dict[str, tuple[list[SQLColumnExpression[Any]], set[type]]] = {
        "newest": ([Membership.created_at.desc()], set()),
        "stage": ([func.coalesce(Profile.stage, "")], {Profile}),
        "free": ([func.coalesce(free, -1).desc()], {MentorOffer}),
    }
    return orders.get(sort, ([], set()))


def _row(
    membership: Membership,
    person: Person,
    profile: Profile | None,
    offer: MentorOffer | None,
    request: MenteeRequest | None,
) -> PersonRow:
    return PersonRow(
        id=membership.id,
        name=person.name,
        email=person.email,
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
    )
