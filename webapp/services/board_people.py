"""The people of a scenario, one page of them, each with all of her pairs; those without anybody among them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.engine.students import said_adult
from webapp.models import Membership, MentorOffer, Offer, Person, Profile, Proposal, Scenario
from webapp.services.board_rows import (
    PAGE,
    PAIR,
    BoardQuery,
    Side,
    members_of,
    pair_conditions,
    side_columns,
    side_of,
)
from webapp.services.listing import find_listed
from webapp.services.search import names_specialty, text_matches

SideName = Literal["mentor", "mentee"]
SORTS = ("name", "alone", "strong", "thin", "free")
_other, _other_person, _other_profile = aliased(Membership), aliased(Person), aliased(Profile)
_OFFER = (
    MentorOffer.minutes_a_month,
    MentorOffer.reserved_minutes,
    MentorOffer.places,
    MentorOffer.reserved_places,
)


class Pair(NamedTuple):
    """A proposal, as far as its line reads it."""

    id: uuid.UUID
    mentor_id: uuid.UUID
    mentee_id: uuid.UUID
    role: str
    weight: float
    minutes: int
    reasons: list[dict[str, Any]]
    slot_weekday: int | None
    slot_minute: int | None
    slot_week: int | None
    origin: str
    removed_at: datetime | None


@dataclass(frozen=True)
class Partner:
    """The other one of a pair, and the pair."""

    proposal: Pair
    side: Side
    zone: str  # the mentor's


@dataclass(frozen=True)
class PersonRow:
    """Somebody with her pairs, those taken out among them; the minutes are a mentor's."""

    side: Side
    zone: str
    partners: tuple[Partner, ...]
    given: int
    booked: int  # by pairs she has already
    fresh: int  # by pairs of this scenario, where they are not booked yet
    places: int
    taken_places: int


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


def find_mentors(
    session: Session, programme_id: uuid.UUID, scenario: Scenario, query: BoardQuery, *, frozen_at: datetime | None
) -> PeoplePage:
    """Return one page of the round's mentors. Two queries, whatever their number."""
    return _People(session, programme_id, scenario, query, "mentor", frozen_at).page()


def find_mentees(
    session: Session, programme_id: uuid.UUID, scenario: Scenario, query: BoardQuery, *, frozen_at: datetime | None
) -> PeoplePage:
    """Return one page of the round's mentees. Two queries, whatever their number."""
    return _People(session, programme_id, scenario, query, "mentee", frozen_at).page()


@dataclass
class _People:
    session: Session
    programme_id: uuid.UUID
    scenario: Scenario
    query: BoardQuery
    side: SideName
    frozen_at: datetime | None

    @property
    def mine(self) -> SQLColumnExpression[uuid.UUID]:
        return Proposal.mentor_id if self.side == "mentor" else Proposal.mentee_id

    @property
    def theirs(self) -> SQLColumnExpression[uuid.UUID]:
        return Proposal.mentee_id if self.side == "mentor" else Proposal.mentor_id

    def page(self) -> PeoplePage:
        listed = find_listed(self.session, self._found(), self.query.page, PAGE)
        found = defaultdict(list)
        for row in self._read(listed.ids):
            found[row.id].append(row)
        people = tuple(self._row(found[key]) for key in listed.ids if key in found)
        return PeoplePage(people, listed.number, listed.pages, listed.total)

    def _found(self) -> Any:
        """Select who is meant in order, with the tables that the conditions and the order need.

        Pairs are added up or chosen from first, and people looked up in what comes of it: asked once for each person,
        a scenario of many pairs would be read as often as there are people.
        """
        found = select(Membership.id).join(Person, Person.id == Membership.person_id)
        if self.side == "mentor":
            found = found.outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
        if self.query.q.strip() or self.query.specialty:
            found = found.outerjoin(Profile, Profile.person_id == Person.id)
        found, order = self._ordered(found.where(*self._conditions()))
        return found.order_by(*order, func.lower(Person.name), Membership.id)

    def _conditions(self) -> list[ColumnElement[bool]]:
        query = self.query
        chosen: list[ColumnElement[bool]] = [
            Membership.programme_id == self.programme_id,
            or_(Membership.id.in_(self._in_pairs()), self._free()),
        ]
        if query.q.strip():
            named = members_of(self.scenario.round_id).where(text_matches(query.q, Person.name))
            beside = Membership.id.in_(self._in_pairs(self.theirs.in_(named)))
            chosen.append(or_(text_matches(query.q, Person.name, Profile.city, Profile.institution), beside))
        if query.specialty:
            chosen.append(names_specialty(query.specialty, Profile.specialties))
        if pairs := pair_conditions(self.scenario.round_id, query):
            chosen.append(Membership.id.in_(self._in_pairs(*pairs)))
        if query.show == "alone":
            chosen.append(Membership.id.not_in(self._in_pairs(Proposal.removed_at.is_(None))))
        return chosen

    def _in_pairs(self, *chosen: SQLColumnExpression[bool]) -> Any:
        """Select who of this side is in pairs of the scenario."""
        return select(self.mine).where(Proposal.scenario_id == self.scenario.id, *chosen)

    def _free(self) -> ColumnElement[bool]:
        """Say who was to be matched without a pair: active since before the freeze, with room, in no pair already."""
        role = Membership.is_mentor if self.side == "mentor" else Membership.is_mentee
        there = role & (Membership.status == "active") & Membership.joined_at.is_not(None) & said_adult()
        if self.frozen_at is not None:
            there &= Membership.joined_at <= self.frozen_at
        if self.side == "mentor":
            return there & MentorOffer.is_provisional.is_(False) & (MentorOffer.places > MentorOffer.reserved_places)
        return there & ~exists().where(Offer.mentee_id == Membership.id, Offer.holds_minutes, ~Offer.once)

    def _ordered(self, found: Any) -> tuple[Any, list[SQLColumnExpression[Any]]]:
        """Join what is sorted by, and return the order with it; within it people stand by their names."""
        sort = self.query.sort
        is_free = sort == "free" and self.side == "mentor"
        left: ColumnElement[int] = MentorOffer.minutes_a_month - MentorOffer.reserved_minutes
        if is_free and self.scenario.published_at is not None:
            return found, [left.desc()]
        if sort not in {"alone", "strong", "thin"} and not is_free:
            return found, []
        value = {"alone": func.count(), "free": func.sum(Proposal.minutes)}.get(sort, func.min(Proposal.weight))
        live = self._in_pairs(Proposal.removed_at.is_(None)).group_by(self.mine)
        figures = live.with_only_columns(self.mine.label("id"), value.label("figure")).cte()
        found, figure = found.outerjoin(figures, figures.c.id == Membership.id), figures.c.figure
        if sort == "alone":
            return found, [func.coalesce(figure, 0)]
        if is_free:
            return found, [(left - func.coalesce(figure, 0)).desc()]
        return found, [case((figure.is_(None), 1), else_=0), figure.desc() if sort == "strong" else figure]

    def _read(self, ids: Collection[uuid.UUID]) -> Sequence[Any]:
        """Return a line for each pair of these people, and one for whoever has none."""
        if not ids:
            return ()
        query = (
            select(
                Membership.id,
                Person.zone,
                *side_columns(Person, Profile, "own"),
                *_OFFER,
                self.theirs.label("theirs"),
                *(getattr(Proposal, name).label(f"pair_{name}") for name in PAIR),
                _other_person.zone.label("other_zone"),
                *side_columns(_other_person, _other_profile, "other"),
            )
            .join(Person, Person.id == Membership.person_id)
            .outerjoin(Profile, Profile.person_id == Person.id)
            .outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
            .outerjoin(Proposal, and_(Proposal.scenario_id == self.scenario.id, self.mine == Membership.id))
            .outerjoin(_other, _other.id == self.theirs)
            .outerjoin(_other_person, _other_person.id == _other.person_id)
            .outerjoin(_other_profile, _other_profile.person_id == _other_person.id)
            .where(Membership.id.in_(ids))
            .order_by(Proposal.removed_at.is_not(None), func.lower(_other_person.name), Proposal.id)
        )
        return self.session.execute(query).all()

    def _row(self, lines: Sequence[Any]) -> PersonRow:
        first, published = lines[0], self.scenario.published_at is not None
        partners = tuple(_partner(line) for line in lines if line.pair_id is not None)
        live = [partner.proposal for partner in partners if partner.proposal.removed_at is None]
        return PersonRow(
            side=side_of(first.id, first, "own"),
            zone=first.zone,
            partners=partners,
            given=first.minutes_a_month or 0,
            booked=first.reserved_minutes or 0,
            fresh=0 if published else sum(proposal.minutes for proposal in live),
            places=first.places or 0,
            taken_places=(first.reserved_places or 0) + (0 if published else len(live)),
        )


def _partner(line: Any) -> Partner:
    pair = Pair(*(getattr(line, f"pair_{name}") for name in PAIR))
    return Partner(pair, side_of(line.theirs, line, "other"), line.other_zone)
