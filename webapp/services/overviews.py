"""Programmes as a whole, in figures."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.models import Membership, Mentorship, Offer, Person, Programme, Round


@dataclass(frozen=True)
class ProgrammeLine:
    slug: str
    name: str
    mentors: int
    mentees: int
    waiting: int
    round_name: str
    round_state: str
    is_mine: bool


@dataclass(frozen=True)
class RoundLine:
    id: uuid.UUID
    name: str
    state: str
    enrols_until: date | None
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """A programme in figures."""

    name: str
    slug: str
    summary: str
    starts_on: date
    ends_on: date
    enrols_until: date | None
    mentors: int
    mentees: int
    unfinished: int
    paused: int
    coordinators: tuple[str, ...]
    rounds: tuple[RoundLine, ...]
    offers: dict[str, int]
    pairs: int


def list_programmes(session: Session, person_id: uuid.UUID, *, is_operator: bool) -> list[ProgrammeLine]:
    """List the programmes that this person coordinates; all of them to an operator."""
    mine = select(Membership.programme_id).where(
        Membership.person_id == person_id, Membership.is_coordinator, Membership.status == "active"
    )
    own = set(session.scalars(mine))
    query = select(Programme.id, Programme.slug, Programme.name).order_by(Programme.name)
    programmes = session.execute(query if is_operator else query.where(Programme.id.in_(own))).all()
    ids = [row.id for row in programmes]
    active = Membership.status == "active"
    counts = session.execute(
        select(
            Membership.programme_id,
            func.sum(case((active & Membership.is_mentor, 1), else_=0)),
            func.sum(case((active & Membership.is_mentee, 1), else_=0)),
            func.sum(case((Membership.status == "pending", 1), else_=0)),
        )
        .where(Membership.programme_id.in_(ids))
        .group_by(Membership.programme_id)
    ).all()
    figures = {row[0]: row[1:] for row in counts}
    latest = {
        row.programme_id: (row.name, row.state)
        for row in session.execute(
            select(Round.programme_id, Round.name, Round.state)
            .where(Round.programme_id.in_(ids))
            .order_by(Round.created_at)
        )
    }
    lines = []
    for row in programmes:
        mentors, mentees, waiting = figures.get(row.id, (0, 0, 0))
        round_name, round_state = latest.get(row.id, ("", ""))
        lines.append(
            ProgrammeLine(
                slug=row.slug,
                name=row.name,
                mentors=mentors,
                mentees=mentees,
                waiting=waiting,
                round_name=round_name,
                round_state=round_state,
                is_mine=row.id in own,
            )
        )
    return lines


def programme_overview(session: Session, programme_id: uuid.UUID) -> Overview:
    """Count what there is in a programme. Five queries."""
    programme = session.get_one(Programme, programme_id)
    kinds: Counter[str] = Counter()
    for status, is_mentor, is_mentee, number in session.execute(
        select(Membership.status, Membership.is_mentor, Membership.is_mentee, func.count())
        .where(Membership.programme_id == programme_id)
        .group_by(Membership.status, Membership.is_mentor, Membership.is_mentee)
    ):
        kinds[status] += number
        kinds["mentors"] += number * (status == "active" and is_mentor)
        kinds["mentees"] += number * (status == "active" and is_mentee)
    coordinators = session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.programme_id == programme_id, Membership.is_coordinator, Membership.status == "active")
        .order_by(Membership.created_at)
    )
    rounds = tuple(
        RoundLine(*row)
        for row in session.execute(
            select(Round.id, Round.name, Round.state, Round.enrols_until, Round.created_at, Round.published_at)
            .where(Round.programme_id == programme_id)
            .order_by(Round.created_at.desc())
        )
    )
    names = tuple(coordinators)
    latest = rounds[0].id if rounds else None
    offers = session.execute(select(Offer.state, func.count()).where(Offer.round_id == latest).group_by(Offer.state))
    pairs = session.scalar(
        select(func.count())
        .select_from(Mentorship)
        .join(Membership, Membership.id == Mentorship.mentor_id)
        .where(Membership.programme_id == programme_id, Mentorship.status.in_(("active", "paused")))
    )
    return Overview(
        name=programme.name,
        slug=programme.slug,
        summary=programme.summary,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        enrols_until=programme.enrols_until,
        mentors=kinds["mentors"],
        mentees=kinds["mentees"],
        unfinished=kinds["pending"] + kinds["invited"],
        paused=kinds["paused"],
        coordinators=names,
        rounds=rounds,
        offers=dict(offers.all()),
        pairs=pairs or 0,
    )
