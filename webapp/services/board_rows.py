"""The pairs of a scenario, one page of them, with what a coordinator weighs them by."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, MentorOffer, PairRule, Person, Profile, Proposal, Round, Scenario
from webapp.services.differences import is_new
from webapp.services.listing import find_listed
from webapp.services.search import has_word, names_specialty, searched_text, words_in

PAGE = 25
FITS = {"strong": (0.85, 2.0), "good": (0.65, 0.85), "fair": (0.5, 0.65), "thin": (-1.0, 0.5)}
SHOWS = ("pinned", "forbidden", "removed", "by_hand", "no_slot", "changed", "alone")
SORTS = ("strong", "thin", "mentee", "mentor")
PAIR = (
    "id",
    "mentor_id",
    "mentee_id",
    "role",
    "weight",
    "minutes",
    "reasons",
    "slot_weekday",
    "slot_minute",
    "slot_week",
    "origin",
    "removed_at",
)


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
    role: str
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


def side_columns(person: Any, profile: Any, side: str) -> list[Any]:
    """Return the columns that `side_of` reads; `side` goes before their names."""
    columns = {"name": person.name, "stage": profile.stage, "specialties": profile.specialties, "city": profile.city}
    return [column.label(f"{side}_{name}") for name, column in columns.items()]


# Of a scenario's pair. An index has it and nothing else, where the rows are long: their reasons are in them.
_KEY = (Proposal.mentor_id, Proposal.mentee_id)
_mentor, _mentee = aliased(Membership), aliased(Membership)
_mentor_person, _mentee_person = aliased(Person), aliased(Person)
_mentor_profile, _mentee_profile = aliased(Profile), aliased(Profile)
_same = aliased(Proposal)
# What the scenario takes of the mentor, this pair included.
_USED = (
    select(func.coalesce(func.sum(_same.minutes), 0))
    .where(
        _same.scenario_id == Proposal.scenario_id,
        _same.mentor_id == Proposal.mentor_id,
        _same.removed_at.is_(None),
    )
    .scalar_subquery()
)
_WHOLE = (
    select(
        *(getattr(Proposal, name) for name in PAIR),
        *(getattr(MentorOffer, name) for name in ("minutes_a_month", "reserved_minutes")),
        _mentor_person.zone,
        _USED.label("used"),
        *side_columns(_mentor_person, _mentor_profile, "mentor"),
        *side_columns(_mentee_person, _mentee_profile, "mentee"),
    )
    .select_from(Proposal)
    .join(_mentor, _mentor.id == Proposal.mentor_id)
    .join(_mentor_person, _mentor_person.id == _mentor.person_id)
    .outerjoin(_mentor_profile, _mentor_profile.person_id == _mentor_person.id)
    .join(_mentee, _mentee.id == Proposal.mentee_id)
    .join(_mentee_person, _mentee_person.id == _mentee.person_id)
    .outerjoin(_mentee_profile, _mentee_profile.person_id == _mentee_person.id)
    .outerjoin(MentorOffer, MentorOffer.membership_id == Proposal.mentor_id)
)


def find_proposals(session: Session, round_id: uuid.UUID, scenario: Scenario, query: BoardQuery) -> BoardPage:
    """Return one page of a scenario's pairs. Two queries, whatever their number.

    The page is found with few tables, and only its rows are joined with all.
    """
    here = Proposal.scenario_id == scenario.id
    found = select(*_KEY).where(here, *pair_conditions(round_id, query))
    total = None
    if query.q.strip() or query.specialty:
        meant = select(*_KEY).where(here, *_about_people(round_id, query)).cte()
        found = found.join(meant, and_(*(column == meant.c[column.key] for column in _KEY)))
    else:
        # An index knows the number, and mostly the order too: the whole list need not be read for one page of it.
        total = found.with_only_columns(func.count())
    listed = find_listed(session, _ordered(found, query.sort), query.page, PAGE, total)
    # A few pairs more, where two of the page have other pairs among them: asked for one by one, all would be read.
    among = [column.in_({key[at] for key in listed.ids}) for at, column in enumerate(_KEY)]
    rows = session.execute(_WHOLE.where(here, *among)).all() if listed.ids else ()
    # Once published, what a mentor's month holds is what the ledger reserved, whatever was answered since.
    by_key = {(row.mentor_id, row.mentee_id): _row(row, published=scenario.published_at is not None) for row in rows}
    pairs = tuple(by_key[key] for key in listed.ids if key in by_key)
    return BoardPage(pairs, listed.number, listed.pages, listed.total)


def members_of(round_id: uuid.UUID, *columns: Any) -> Any:
    """Select everybody of a round's programme with these columns of hers: read in one go, in the table's order."""
    programme = select(Round.programme_id).where(Round.id == round_id).scalar_subquery()
    return (
        select(Membership.id, *columns)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.programme_id == programme)
    )


def _about_people(round_id: uuid.UUID, query: BoardQuery) -> list[ColumnElement[bool]]:
    """Say that each word is in what one of the two is called, or works and lives at; or that one names a specialty.

    People are looked at once, not once for each of their pairs.
    """
    people = members_of(round_id).outerjoin(Profile, Profile.person_id == Person.id)
    chosen = []
    if query.q.strip():
        text = searched_text(Person.name, Profile.city, Profile.institution)
        texts = people.add_columns(text.label("text")).cte()
        chosen = [select(texts.c.id).where(has_word(texts.c.text, word)).cte() for word in words_in(query.q)]
    if query.specialty:
        chosen.append(people.where(names_specialty(query.specialty, Profile.specialties)).cte())
    hits = [select(found.c.id) for found in chosen]
    return [or_(Proposal.mentor_id.in_(some), Proposal.mentee_id.in_(some)) for some in hits]


def _ordered(found: Any, sort: str) -> Any:
    if sort in {"mentee", "mentor"}:
        side = Proposal.mentor_id if sort == "mentor" else Proposal.mentee_id
        # Outer joins, though everybody has a name: it is looked up for each pair, never the other way round.
        named = found.outerjoin(Membership, Membership.id == side).outerjoin(Person, Person.id == Membership.person_id)
        return named.order_by(func.lower(Person.name), *_KEY)
    return found.order_by(Proposal.weight if sort == "thin" else Proposal.weight.desc(), *_KEY)


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


def _row(found: Any, *, published: bool) -> BoardRow:
    removed = found.removed_at is not None
    fresh = 0 if removed or published else found.minutes
    others = 0 if published else int(found.used) - fresh
    return BoardRow(
        id=found.id,
        mentee=side_of(found.mentee_id, found, "mentee"),
        mentor=side_of(found.mentor_id, found, "mentor"),
        role=found.role,
        weight=found.weight,
        minutes=found.minutes,
        reasons=found.reasons,
        slot_weekday=found.slot_weekday,
        slot_minute=found.slot_minute,
        slot_week=found.slot_week,
        origin=found.origin,
        removed=removed,
        zone=found.zone,
        given=found.minutes_a_month or 0,
        fresh=fresh,
        booked=(found.reserved_minutes or 0) + others,
    )


def side_of(membership_id: uuid.UUID, found: Any, side: str) -> Side:
    """Return somebody as the board names her; she may have no profile."""
    name, stage, specialties, city = (
        getattr(found, f"{side}_{column}") for column in ("name", "stage", "specialties", "city")
    )
    return Side(membership_id, name, stage or "", tuple(specialties or ()), city or "")
