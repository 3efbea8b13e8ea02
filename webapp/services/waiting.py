"""The waiting list of a published round: who has no mentor and no offer of one, why, and what is left free."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, exists, false, func, or_, select
from sqlalchemy.orm import Session

from webapp.engine.students import said_adult
from webapp.models import Membership, MenteeRequest, MentorOffer, Offer, Person, Round, RoundWithdrawal
from webapp.services.errors import NotFoundError

PAGE = 25
WHYS = ("declined", "expired", "withdrawn", "late", "left_out")


@dataclass(frozen=True)
class WaitingPerson:
    """A mentee without a mentor; `why` is one of WHYS."""

    id: uuid.UUID
    name: str
    why: str
    priority: float
    joined_at: datetime


@dataclass(frozen=True)
class WaitingList:
    """One page of those who wait, those who waited longest first, and the room that mentors have left."""

    rows: tuple[WaitingPerson, ...]
    counts: dict[str, int]
    total: int
    free_mentors: int
    free_places: int
    number: int
    pages: int


def find_waiting(
    session: Session, programme_id: uuid.UUID, round_id: uuid.UUID, *, why: str, page: int, today: date
) -> WaitingList:
    """Return who waits in a published round. Four queries, whatever their number.

    Raises
    ------
    NotFoundError
        The programme has no such round, or its offers are not out.

    """
    found = session.execute(
        select(Round.frozen_at, Round.published_at).where(Round.id == round_id, Round.programme_id == programme_id)
    ).one_or_none()
    if found is None or found.published_at is None:
        raise NotFoundError
    query = _waiting(programme_id, round_id, found.frozen_at).subquery()
    counted = session.execute(select(query.c.why, func.count()).group_by(query.c.why))
    counts: dict[str, int] = dict(counted.all())
    total = counts.get(why, 0) if why else sum(counts.values())
    pages = max(1, -(-total // PAGE))
    number = min(page, pages)
    chosen = select(query).where(query.c.why == why) if why else select(query)
    rows = session.execute(
        chosen.order_by(query.c.priority.desc(), query.c.joined_at, func.lower(query.c.name), query.c.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    mentors, places = _room(session, programme_id, round_id, today)
    return WaitingList(tuple(WaitingPerson(*row) for row in rows), counts, total, mentors, places, number, pages)


def _waiting(programme_id: uuid.UUID, round_id: uuid.UUID, frozen_at: datetime | None) -> Any:
    """Select the mentees whom `repairs.waiting_list` returns, each with what came of her."""

    def had(state: str) -> Any:
        return exists().where(Offer.mentee_id == Membership.id, Offer.round_id == round_id, Offer.state == state)

    came_late = Membership.joined_at > frozen_at if frozen_at else false()
    why = case(
        *((had(state), state) for state in ("declined", "expired", "withdrawn")), (came_late, "late"), else_="left_out"
    )
    return (
        select(Membership.id, Person.name, why.label("why"), Membership.priority, Membership.joined_at)
        .join(Person, Person.id == Membership.person_id)
        .join(MenteeRequest, MenteeRequest.membership_id == Membership.id)
        .where(
            Membership.programme_id == programme_id,
            Membership.is_mentee,
            Membership.status == "active",
            Membership.joined_at.is_not(None),
            said_adult(),
            MenteeRequest.mentors_wanted > 0,
            ~exists().where(Offer.mentee_id == Membership.id, Offer.holds_minutes, ~Offer.once),
            ~_left(round_id),
        )
    )


def _room(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID, today: date) -> tuple[int, int]:
    """Count the mentors with time and a place left, and their places."""
    row = session.execute(
        select(func.count(), func.sum(MentorOffer.places - MentorOffer.reserved_places))
        .join(Membership, Membership.id == MentorOffer.membership_id)
        .where(
            Membership.programme_id == programme_id,
            Membership.is_mentor,
            Membership.status == "active",
            Membership.joined_at.is_not(None),
            said_adult(),
            MentorOffer.is_provisional.is_(False),
            MentorOffer.places > MentorOffer.reserved_places,
            MentorOffer.minutes_a_month > MentorOffer.reserved_minutes,
            or_(MentorOffer.paused_from.is_(None), MentorOffer.paused_from > today, MentorOffer.paused_until < today),
            ~_left(round_id),
        )
    ).one()
    return int(row[0]), int(row[1] or 0)


def _left(round_id: uuid.UUID) -> Any:
    return exists().where(RoundWithdrawal.round_id == round_id, RoundWithdrawal.membership_id == Membership.id)
