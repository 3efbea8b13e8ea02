"""What came of a published round: its offers and their answers; the pairs of a programme."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, Mentorship, Offer, Person, Programme, Round
from webapp.services.errors import NotFoundError
from webapp.services.listing import Numbered
from webapp.services.search import text_matches

PAGE = 25
OFFER_STATES = ("open", "accepted", "declined", "expired", "withdrawn")
PAIR_STATES = ("active", "paused", "completed", "ended")


@dataclass(frozen=True)
class Slot:
    """When a pair meets, by the mentor's clock; `from_day` is the first day that a meeting may fall on."""

    weekday: int | None
    minute: int | None
    week: int | None
    zone: str
    from_day: date


@dataclass(frozen=True)
class OfferRow:
    id: uuid.UUID
    mentor_id: uuid.UUID
    mentor: str
    mentee_id: uuid.UUID
    mentee: str
    state: str
    mentor_answer: str
    mentee_answer: str
    decline_reason: str
    minutes: int
    slot: Slot
    made_at: datetime
    deadline_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class PairRow:
    id: uuid.UUID
    mentor_id: uuid.UUID
    mentor: str
    mentee_id: uuid.UUID
    mentee: str
    status: str
    cadence: str
    meeting_minutes: int
    slot: Slot
    since: datetime
    round_id: uuid.UUID | None  # none: it came of a letter
    round: str
    planned_on: date | None  # of one talk or a shadow day: the day that the two agreed on


@dataclass(frozen=True)
class Listing(Numbered):
    """One page of rows, with the counts of every state."""

    rows: tuple[Any, ...]
    counts: dict[str, int]
    number: int
    pages: int
    total: int

    per_page: ClassVar[int] = PAGE


@dataclass(frozen=True)
class PublishedFacts:
    id: uuid.UUID
    name: str
    state: str
    published_at: datetime | None
    cadence: str


_mentor, _mentee = aliased(Membership), aliased(Membership)
_mentor_person, _mentee_person = aliased(Person), aliased(Person)


def published_round(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID) -> PublishedFacts:
    """Return a round of this programme whose offers have gone out; before that there is nothing to see."""
    row = session.execute(
        select(Round.id, Round.name, Round.state, Round.published_at, Programme.cadence)
        .join(Programme, Programme.id == Round.programme_id)
        .where(Round.id == round_id, Round.programme_id == programme_id)
    ).one_or_none()
    if row is None or row.published_at is None:
        raise NotFoundError
    return PublishedFacts(*row)


@dataclass(frozen=True)
class Answers:
    """How a round's offers stand; the fingerprint changes with every answer, and with nothing else."""

    states: dict[str, int]
    mentors_waited_for: int
    mentees_waited_for: int

    @property
    def fingerprint(self) -> str:
        counts = (self.states.get(state, 0) for state in OFFER_STATES)
        return ".".join(map(str, (*counts, self.mentors_waited_for, self.mentees_waited_for)))


def count_answers(session: Session, round_id: uuid.UUID) -> Answers:
    """Count the offers of a round by state, and the answers that are waited for. One query."""
    waits = [func.sum(case((answer == "waiting", 1), else_=0)) for answer in (Offer.mentor_answer, Offer.mentee_answer)]
    rows = session.execute(
        select(Offer.state, func.count(), *waits).where(Offer.round_id == round_id).group_by(Offer.state)
    ).all()
    open_ = next((row for row in rows if row[0] == "open"), (None, 0, 0, 0))
    return Answers({row[0]: row[1] for row in rows}, int(open_[2]), int(open_[3]))


def list_offers(
    session: Session, round_id: uuid.UUID, counts: dict[str, int], *, state: str, text: str, page: int
) -> Listing:
    """Return one page of a round's offers, those that wait first; the caller has counted them. Two queries."""
    chosen = [Offer.round_id == round_id, *([Offer.state == state] if state else []), *_named(text)]
    order = (case((Offer.state == "open", 0), else_=1), Offer.deadline_at, func.lower(_mentee_person.name), Offer.id)
    rows, number, pages, total = _page(session, Offer, chosen, order, page)
    return Listing(
        rows=tuple(
            OfferRow(
                id=offer.id,
                mentor_id=offer.mentor_id,
                mentor=mentor,
                mentee_id=offer.mentee_id,
                mentee=mentee,
                state=offer.state,
                mentor_answer=offer.mentor_answer,
                mentee_answer=offer.mentee_answer,
                decline_reason=offer.decline_reason,
                minutes=offer.minutes,
                slot=_slot(offer, zone, starts_on),
                made_at=offer.created_at,
                deadline_at=offer.deadline_at,
                closed_at=offer.closed_at,
            )
            for offer, mentor, mentee, zone, starts_on in rows
        ),
        counts=counts,
        number=number,
        pages=pages,
        total=total,
    )


def list_pairs(session: Session, programme_id: uuid.UUID, *, status: str, text: str, page: int) -> Listing:
    """Return one page of a programme's mentorships, running ones first. Four queries."""
    here = select(Membership.id).where(Membership.programme_id == programme_id)
    counts = session.execute(
        select(Mentorship.status, func.count()).where(Mentorship.mentor_id.in_(here)).group_by(Mentorship.status)
    )
    chosen = [
        _mentor.programme_id == programme_id,
        *([Mentorship.status == status] if status else []),
        *_named(text),
    ]
    running = case((Mentorship.status.in_(("active", "paused")), 0), else_=1)
    order = (running, func.lower(_mentee_person.name), Mentorship.id)
    rows, number, pages, total = _page(session, Mentorship, chosen, order, page)
    rounds = _rounds_of(session, [pair.offer_id for pair, *_rest in rows])
    return Listing(
        rows=tuple(
            PairRow(
                id=pair.id,
                mentor_id=pair.mentor_id,
                mentor=mentor,
                mentee_id=pair.mentee_id,
                mentee=mentee,
                status=pair.status,
                cadence=pair.cadence,
                meeting_minutes=pair.meeting_minutes,
                slot=_slot(pair, zone, starts_on),
                since=pair.created_at,
                round_id=rounds[pair.offer_id][0] if pair.offer_id in rounds else None,
                round=rounds[pair.offer_id][1] if pair.offer_id in rounds else "",
                planned_on=pair.planned_on,
            )
            for pair, mentor, mentee, zone, starts_on in rows
        ),
        counts=dict(counts.all()),
        number=number,
        pages=pages,
        total=total,
    )


def offer_in_round(session: Session, programme_id: uuid.UUID, offer_id: uuid.UUID) -> uuid.UUID:
    """Return the round of an offer of this programme."""
    round_id = session.scalar(
        select(Round.id)
        .join(Offer, Offer.round_id == Round.id)
        .where(Offer.id == offer_id, Round.programme_id == programme_id)
    )
    if round_id is None:
        raise NotFoundError
    return round_id


def _slot(row: Offer | Mentorship, zone: str, starts_on: date) -> Slot:
    return Slot(row.slot_weekday, row.slot_minute, row.slot_week, zone, starts_on)


def _named(text: str) -> list[Any]:
    if not text.strip():
        return []
    return [or_(text_matches(text, _mentor_person.name), text_matches(text, _mentee_person.name))]


def _page(
    session: Session, table: type[Offer | Mentorship], chosen: list[Any], order: tuple[Any, ...], page: int
) -> tuple[list[Any], int, int, int]:
    total = session.scalar(_joined(select(func.count(table.id)), table).where(and_(*chosen))) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    columns = (table, _mentor_person.name, _mentee_person.name, _mentor_person.zone, Programme.starts_on)
    query = _joined(select(*columns), table).where(and_(*chosen))
    rows = session.execute(query.order_by(*order).limit(PAGE).offset((number - 1) * PAGE)).all()
    return list(rows), number, pages, total


def _joined(query: Any, table: type[Offer | Mentorship]) -> Any:
    return (
        query.select_from(table)
        .join(_mentor, _mentor.id == table.mentor_id)
        .join(_mentor_person, _mentor_person.id == _mentor.person_id)
        .join(Programme, Programme.id == _mentor.programme_id)
        .join(_mentee, _mentee.id == table.mentee_id)
        .join(_mentee_person, _mentee_person.id == _mentee.person_id)
    )


def _rounds_of(session: Session, offers: list[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    rows = session.execute(
        select(Offer.id, Round.id, Round.name).join(Round, Round.id == Offer.round_id).where(Offer.id.in_(offers))
    )
    return {row[0]: (row[1], row[2]) for row in rows}
