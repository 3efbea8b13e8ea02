"""The pairs of a scenario, one page of them, with what a coordinator weighs them by."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, MentorOffer, PairRule, Person, Profile, Proposal, Scenario
from webapp.services.differences import is_new
from webapp.services.search import names_specialty, text_matches

PAGE = 25
FITS = {"strong": (0.85, 2.0), "good": (0.65, 0.85), "fair": (0.5, 0.65), "thin": (-1.0, 0.5)}
SHOWS = ("pinned", "forbidden", "removed", "by_hand", "no_slot", "changed", "alone")
SORTS = ("strong", "thin", "mentee", "mentor")


@dataclass(frozen=True)
class BoardQuery:
    """What the coordinator asked for in the address."""

    q: str = ""
    fit: str = ""
    specialty: str = ""
    show: str = ""
    sort: str = "strong"
    page: int = 1
    against: uuid.UUID | None = None  # another scenario, for what changed


@dataclass(frozen=True)
class Side:
    id: uuid.UUID
    name: str
    stage: str
    specialties: tuple[str, ...]
    city: str


@dataclass(frozen=True)
class BoardRow:
    id: uuid.UUID
    mentee: Side
    mentor: Side
    weight: float
    minutes: int
    reasons: list[dict[str, Any]]
    slot_weekday: int | None
    slot_minute: int | None
    slot_week: int | None
    origin: str
    removed: bool
    zone: str
    given: int
    fresh: int  # that this pair would add
    booked: int  # by pairs she has, and by other pairs of this scenario


@dataclass(frozen=True)
class BoardPage:
    rows: tuple[BoardRow, ...]
    number: int
    pages: int
    total: int
    size: int = field(default=PAGE)

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)


_mentor, _mentee = aliased(Membership), aliased(Membership)
_mentor_person, _mentee_person = aliased(Person), aliased(Person)
_mentor_profile, _mentee_profile = aliased(Profile), aliased(Profile)


def find_proposals(session: Session, round_id: uuid.UUID, scenario: Scenario, query: BoardQuery) -> BoardPage:
    """Return one page of a scenario's pairs. Three queries, whatever their number."""
    chosen = [Proposal.scenario_id == scenario.id, *_conditions(round_id, query)]
    words = bool(query.q.strip() or query.specialty)
    total = session.scalar(_narrow(select(func.count(Proposal.id)), words=words).where(*chosen)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, query.page), pages)
    columns = (Proposal, _mentor_person, _mentor_profile, _mentee_person, _mentee_profile, MentorOffer)
    order = (*_order(query.sort), Proposal.id)
    # The page is found with few tables, and only its rows are joined with all: a tenth of the time in a large round.
    found = _narrow(select(Proposal.id), words=words, names=query.sort in {"mentee", "mentor"}).where(*chosen)
    ids = found.order_by(*order).limit(PAGE).offset((number - 1) * PAGE)
    rows = session.execute(_joined(select(*columns)).where(Proposal.id.in_(ids)).order_by(*order)).all()
    # Once published, what a mentor's month holds is what the ledger reserved, whatever was answered since.
    used = None if scenario.published_at else _used(session, scenario.id, [row[0].mentor_id for row in rows])
    return BoardPage(tuple(_row(row, used) for row in rows), number, pages, total)


def _narrow(query: Any, *, words: bool, names: bool = False) -> Any:
    """Join what words are looked for in, or what names are sorted by."""
    query = query.select_from(Proposal)
    for member, person, profile, column in (
        (_mentor, _mentor_person, _mentor_profile, Proposal.mentor_id),
        (_mentee, _mentee_person, _mentee_profile, Proposal.mentee_id),
    ):
        if words or names:
            query = query.join(member, member.id == column).join(person, person.id == member.person_id)
        if words:
            query = query.outerjoin(profile, profile.person_id == person.id)
    return query


def _joined(query: Any) -> Any:
    return (
        query.select_from(Proposal)
        .join(_mentor, _mentor.id == Proposal.mentor_id)
        .join(_mentor_person, _mentor_person.id == _mentor.person_id)
        .outerjoin(_mentor_profile, _mentor_profile.person_id == _mentor_person.id)
        .join(_mentee, _mentee.id == Proposal.mentee_id)
        .join(_mentee_person, _mentee_person.id == _mentee.person_id)
        .outerjoin(_mentee_profile, _mentee_profile.person_id == _mentee_person.id)
        .outerjoin(MentorOffer, MentorOffer.membership_id == Proposal.mentor_id)
    )


def _conditions(round_id: uuid.UUID, query: BoardQuery) -> list[SQLColumnExpression[bool]]:
    chosen: list[SQLColumnExpression[bool]] = []
    if query.q.strip():
        sides = ((_mentor_person, _mentor_profile), (_mentee_person, _mentee_profile))
        chosen.append(or_(*(text_matches(query.q, p.name, f.city, f.institution) for p, f in sides)))
    if query.specialty:
        chosen.append(names_specialty(query.specialty, _mentor_profile.specialties, _mentee_profile.specialties))
    return chosen + pair_conditions(round_id, query)


def pair_conditions(round_id: uuid.UUID, query: BoardQuery) -> list[SQLColumnExpression[bool]]:
    """Return what the query asks of a proposal itself, whoever the two are."""
    chosen: list[SQLColumnExpression[bool]] = []
    if query.fit:
        least, most = FITS[query.fit]
        chosen += [Proposal.weight >= least, Proposal.weight < most]
    if query.show in {"pinned", "forbidden"}:
        kind = "pin" if query.show == "pinned" else "forbid"
        same = and_(PairRule.mentor_id == Proposal.mentor_id, PairRule.mentee_id == Proposal.mentee_id)
        chosen.append(exists().where(PairRule.round_id == round_id, PairRule.kind == kind, same))
    if query.show == "removed":
        chosen.append(Proposal.removed_at.is_not(None))
    if query.show == "by_hand":
        chosen.append(Proposal.origin == "hand")
    if query.show == "changed" and query.against is not None:
        chosen.append(is_new(query.against))
    if query.show == "no_slot":
        chosen.append(Proposal.slot_weekday.is_(None))
    return chosen


def _order(sort: str) -> list[SQLColumnExpression[Any]]:
    orders: dict[str, list[SQLColumnExpression[Any]]] = {
        "thin": [Proposal.weight],
        "mentee": [func.lower(_mentee_person.name)],
        "mentor": [func.lower(_mentor_person.name)],
    }
    return orders.get(sort, [Proposal.weight.desc()])


def _used(session: Session, scenario_id: uuid.UUID, mentors: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Add up what the scenario takes of each of these mentors."""
    rows = session.execute(
        select(Proposal.mentor_id, func.sum(Proposal.minutes))
        .where(Proposal.scenario_id == scenario_id, Proposal.mentor_id.in_(set(mentors)), Proposal.removed_at.is_(None))
        .group_by(Proposal.mentor_id)
    )
    return {mentor: int(minutes) for mentor, minutes in rows}


def _row(found: Any, used: dict[uuid.UUID, int] | None) -> BoardRow:
    proposal, mentor, mentor_profile, mentee, mentee_profile, offer = found
    removed = proposal.removed_at is not None
    fresh = 0 if removed or used is None else proposal.minutes
    others = used.get(proposal.mentor_id, 0) - fresh if used else 0
    return BoardRow(
        id=proposal.id,
        mentee=side_of(proposal.mentee_id, mentee, mentee_profile),
        mentor=side_of(proposal.mentor_id, mentor, mentor_profile),
        weight=proposal.weight,
        minutes=proposal.minutes,
        reasons=proposal.reasons,
        slot_weekday=proposal.slot_weekday,
        slot_minute=proposal.slot_minute,
        slot_week=proposal.slot_week,
        origin=proposal.origin,
        removed=removed,
        zone=mentor.zone,
        given=offer.minutes_a_month if offer else 0,
        fresh=fresh,
        booked=(offer.reserved_minutes if offer else 0) + others,
    )


def side_of(membership_id: uuid.UUID, person: Person, profile: Profile | None) -> Side:
    """Return somebody as the board names her."""
    return Side(
        id=membership_id,
        name=person.name,
        stage=profile.stage if profile else "",
        specialties=tuple(profile.specialties) if profile else (),
        city=profile.city if profile else "",
    )
