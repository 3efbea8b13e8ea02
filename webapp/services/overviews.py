"""Programmes as a whole, in figures."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection
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
    unasked: int  # of those unfinished, who came by a file and has had no mail
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
    (overview,) = programme_overviews(session, [programme_id])
    return overview


def programme_overviews(session: Session, programme_ids: Collection[uuid.UUID]) -> list[Overview]:
    """Count what there is in each of these programmes, by name. Five queries, however many there are."""
    if not programme_ids:
        return []
    programmes = session.scalars(select(Programme).where(Programme.id.in_(programme_ids)).order_by(Programme.name))
    kinds = _people(session, programme_ids)
    names = defaultdict[uuid.UUID, list[str]](list)
    for programme_id, name in session.execute(
        select(Membership.programme_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.programme_id.in_(programme_ids), Membership.is_coordinator, Membership.status == "active")
        .order_by(Membership.created_at)
    ):
        names[programme_id].append(name)
    rounds, offers = _rounds(session, programme_ids)
    pairs = _pairs(session, programme_ids)
    return [
        Overview(
            name=programme.name,
            slug=programme.slug,
            summary=programme.summary,
            starts_on=programme.starts_on,
            ends_on=programme.ends_on,
            enrols_until=programme.enrols_until,
            mentors=kinds[programme.id]["mentors"],
            mentees=kinds[programme.id]["mentees"],
            unfinished=kinds[programme.id]["pending"] + kinds[programme.id]["invited"],
            unasked=kinds[programme.id]["unasked"],
            paused=kinds[programme.id]["paused"],
            coordinators=tuple(names[programme.id]),
            rounds=tuple(rounds[programme.id]),
            offers=dict(offers[programme.id]),
            pairs=pairs.get(programme.id, 0),
        )
        for programme in programmes
    ]


def _people(session: Session, programme_ids: Collection[uuid.UUID]) -> defaultdict[uuid.UUID, Counter[str]]:
    kinds = defaultdict[uuid.UUID, Counter[str]](Counter)
    sides = (Membership.status, Membership.is_mentor, Membership.is_mentee, Membership.invited_at.is_(None))
    for programme_id, status, is_mentor, is_mentee, unasked, number in session.execute(
        select(Membership.programme_id, *sides, func.count())
        .where(Membership.programme_id.in_(programme_ids))
        .group_by(Membership.programme_id, *sides)
    ):
        kinds[programme_id][status] += number
        kinds[programme_id]["unasked"] += number * (status == "invited" and unasked)
        kinds[programme_id]["mentors"] += number * (status == "active" and is_mentor)
        kinds[programme_id]["mentees"] += number * (status == "active" and is_mentee)
    return kinds


def _rounds(
    session: Session, programme_ids: Collection[uuid.UUID]
) -> tuple[defaultdict[uuid.UUID, list[RoundLine]], defaultdict[uuid.UUID, Counter[str]]]:
    """Return the rounds of each programme, the latest first, and the states of the latest one's offers."""
    rounds = defaultdict[uuid.UUID, list[RoundLine]](list)
    for row in session.execute(
        select(
            Round.programme_id,
            Round.id,
            Round.name,
            Round.state,
            Round.enrols_until,
            Round.created_at,
            Round.published_at,
        )
        .where(Round.programme_id.in_(programme_ids))
        .order_by(Round.created_at.desc())
    ):
        line = RoundLine(row.id, row.name, row.state, row.enrols_until, row.created_at, row.published_at)
        rounds[row.programme_id].append(line)
    latest = {
        next((line.id for line in lines if line.state != "cancelled"), lines[0].id): programme_id
        for programme_id, lines in rounds.items()
    }
    offers = defaultdict[uuid.UUID, Counter[str]](Counter)
    for round_id, state, number in session.execute(
        select(Offer.round_id, Offer.state, func.count())
        .where(Offer.round_id.in_(latest))
        .group_by(Offer.round_id, Offer.state)
    ):
        if round_id is not None:
            offers[latest[round_id]][state] += number
    return rounds, offers


def _pairs(session: Session, programme_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = session.execute(
        select(Membership.programme_id, func.count())
        .select_from(Mentorship)
        .join(Membership, Membership.id == Mentorship.mentor_id)
        .where(Membership.programme_id.in_(programme_ids), Mentorship.status.in_(("active", "paused")))
        .group_by(Membership.programme_id)
    )
    return dict(rows.all())
