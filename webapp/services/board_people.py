"""The people of a scenario, one page of them, each with all of her pairs; those without anybody among them."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, SQLColumnExpression, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, MentorOffer, Offer, Person, Profile, Proposal, Scenario
from webapp.services.board_rows import PAGE, BoardQuery, Side, pair_conditions, side_of
from webapp.services.search import names_specialty, text_matches

SideName = Literal["mentor", "mentee"]
SORTS = ("name", "alone", "strong", "thin", "free")
_other, _other_person, _other_profile = aliased(Membership), aliased(Person), aliased(Profile)


@dataclass(frozen=True)
class Partner:
    """The other one of a pair, and the pair."""

    proposal: Proposal
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
    """Return one page of the round's mentors. Three queries, whatever their number."""
    return _People(session, programme_id, scenario, query, "mentor", frozen_at).page()


def find_mentees(
    session: Session, programme_id: uuid.UUID, scenario: Scenario, query: BoardQuery, *, frozen_at: datetime | None
) -> PeoplePage:
    """Return one page of the round's mentees. Three queries, whatever their number."""
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
        chosen = self._conditions()
        words = bool(self.query.q.strip() or self.query.specialty)
        total = self.session.scalar(self._narrow(select(func.count(Membership.id)), words=words).where(*chosen)) or 0
        pages = max(1, -(-total // PAGE))
        number = min(max(1, self.query.page), pages)
        order = (*self._order(), func.lower(Person.name), Membership.id)
        found = self._narrow(select(Membership.id), words=words, names=True).where(*chosen)
        ids = found.order_by(*order).limit(PAGE).offset((number - 1) * PAGE)
        whole = self._joined(select(Membership.id, Person, Profile, MentorOffer))
        rows = self.session.execute(whole.where(Membership.id.in_(ids)).order_by(*order)).all()
        partners = self._partners([row[0] for row in rows])
        return PeoplePage(tuple(self._row(row, partners[row[0]]) for row in rows), number, pages, total)

    def _narrow(self, query: Any, *, words: bool, names: bool = False) -> Any:
        """Join what the conditions and the order need; only the page's rows are joined with all."""
        query = query.select_from(Membership)
        if self.side == "mentor":
            query = query.outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
        if words or names:
            query = query.join(Person, Person.id == Membership.person_id)
        if words:
            query = query.outerjoin(Profile, Profile.person_id == Person.id)
        return query

    def _joined(self, query: Any) -> Any:
        return (
            query.select_from(Membership)
            .join(Person, Person.id == Membership.person_id)
            .outerjoin(Profile, Profile.person_id == Person.id)
            .outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
        )

    def _conditions(self) -> list[ColumnElement[bool]]:
        query, here = self.query, self._pairs()
        chosen: list[ColumnElement[bool]] = [
            Membership.programme_id == self.programme_id,
            or_(exists(here), self._free()),
        ]
        if query.q.strip():
            partner = here.join(_other, _other.id == self.theirs).join(
                _other_person, _other_person.id == _other.person_id
            )
            named = partner.where(text_matches(query.q, _other_person.name))
            chosen.append(or_(text_matches(query.q, Person.name, Profile.city, Profile.institution), exists(named)))
        if query.specialty:
            chosen.append(names_specialty(query.specialty, Profile.specialties))
        pairs = pair_conditions(self.scenario.round_id, query)
        if pairs:
            chosen.append(exists(here.where(*pairs)))
        if query.show == "alone":
            chosen.append(~exists(here.where(Proposal.removed_at.is_(None))))
        return chosen

    def _pairs(self) -> Any:
        return select(Proposal.id).where(Proposal.scenario_id == self.scenario.id, self._is_mine())

    def _is_mine(self) -> ColumnElement[bool]:
        return Proposal.mentor_id == Membership.id if self.side == "mentor" else Proposal.mentee_id == Membership.id

    def _free(self) -> ColumnElement[bool]:
        """Say who was to be matched without a pair: active since before the freeze, with room, in no pair already."""
        role = Membership.is_mentor if self.side == "mentor" else Membership.is_mentee
        there = role & (Membership.status == "active") & Membership.joined_at.is_not(None)
        if self.frozen_at is not None:
            there &= Membership.joined_at <= self.frozen_at
        if self.side == "mentor":
            return there & MentorOffer.is_provisional.is_(False) & (MentorOffer.places > MentorOffer.reserved_places)
        return there & ~exists().where(Offer.mentee_id == Membership.id, Offer.holds_minutes, ~Offer.once)

    def _order(self) -> list[SQLColumnExpression[Any]]:
        live = self._pairs().where(Proposal.removed_at.is_(None))

        def of_pairs(value: SQLColumnExpression[Any]) -> Any:
            return live.with_only_columns(value).scalar_subquery()

        if self.query.sort == "alone":
            return [of_pairs(func.count(Proposal.id))]
        if self.query.sort in {"strong", "thin"}:
            worst = of_pairs(func.min(Proposal.weight))
            none_last = case((worst.is_(None), 1), else_=0)
            return [none_last, worst.desc() if self.query.sort == "strong" else worst]
        if self.query.sort == "free" and self.side == "mentor":
            used = func.coalesce(of_pairs(func.sum(Proposal.minutes)), 0)
            left = MentorOffer.minutes_a_month - MentorOffer.reserved_minutes
            return [(left - used if self.scenario.published_at is None else left).desc()]
        return []

    def _partners(self, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Partner]]:
        found: defaultdict[uuid.UUID, list[Partner]] = defaultdict(list)
        rows = self.session.execute(
            select(Proposal, _other_person, _other_profile)
            .join(_other, _other.id == self.theirs)
            .join(_other_person, _other_person.id == _other.person_id)
            .outerjoin(_other_profile, _other_profile.person_id == _other_person.id)
            .where(Proposal.scenario_id == self.scenario.id, self.mine.in_(ids))
            .order_by(Proposal.removed_at.is_not(None), func.lower(_other_person.name), Proposal.id)
        )
        for proposal, person, profile in rows:
            mine, theirs = (
                (proposal.mentor_id, proposal.mentee_id)
                if self.side == "mentor"
                else (proposal.mentee_id, proposal.mentor_id)
            )
            found[mine].append(Partner(proposal, side_of(theirs, person, profile), person.zone))
        return found

    def _row(self, found: Any, partners: list[Partner]) -> PersonRow:
        member_id, person, profile, offer = found
        live = [partner.proposal for partner in partners if partner.proposal.removed_at is None]
        published = self.scenario.published_at is not None
        booked = offer.reserved_minutes if offer else 0
        return PersonRow(
            side=side_of(member_id, person, profile),
            zone=person.zone,
            partners=tuple(partners),
            given=offer.minutes_a_month if offer else 0,
            booked=booked,
            fresh=0 if published else sum(proposal.minutes for proposal in live),
            places=offer.places if offer else 0,
            taken_places=(offer.reserved_places if offer else 0) + (0 if published else len(live)),
        )
