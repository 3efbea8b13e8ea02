"""What changed from one scenario of a round to another: new pairs, pairs that are gone, mentees who moved."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, Person, Proposal

MOST_GONE = 100
_other = aliased(Proposal)


@dataclass(frozen=True)
class GonePair:
    mentor: str
    mentee: str


@dataclass(frozen=True)
class Before:
    """A mentor whom a mentee has in the other scenario, and whether also in this one."""

    mentor_id: uuid.UUID
    name: str
    stays: bool


@dataclass(frozen=True)
class Difference:
    """A scenario against another; `before` is for the mentees who were asked about."""

    new: int
    gone: int
    gone_pairs: tuple[GonePair, ...]
    before: dict[uuid.UUID, list[Before]]


def is_new(other_id: uuid.UUID) -> ColumnElement[bool]:
    """Say of a proposal that it counts, and its pair does not in the other scenario."""
    return Proposal.removed_at.is_(None) & ~_counts_in(other_id, Proposal)


def find_difference(
    session: Session, scenario_id: uuid.UUID, other_id: uuid.UUID, mentees: Collection[uuid.UUID]
) -> Difference:
    """Return what differs. Two queries."""
    gone = (_other.scenario_id == other_id, _other.removed_at.is_(None), ~_counts_in(scenario_id, _other))
    # What is new or gone is what the two do not share, so that only what they share is looked up.
    same = (Proposal.mentor_id == _other.mentor_id, Proposal.mentee_id == _other.mentee_id)
    here = (Proposal.scenario_id == scenario_id, Proposal.removed_at.is_(None))
    there = (_other.scenario_id == other_id, _other.removed_at.is_(None))
    n_here = select(func.count()).select_from(Proposal).where(*here).scalar_subquery()
    n_there = select(func.count()).select_from(_other).where(*there).scalar_subquery()
    shared = select(func.count()).select_from(_other).join(Proposal, and_(*here, *same)).where(*there)
    n_shared = shared.scalar_subquery()
    counts = select(n_here.label("here"), n_there.label("there"), n_shared.label("shared")).subquery()
    mentor, mentee = (aliased(Membership), aliased(Person)), (aliased(Membership), aliased(Person))
    listed = (
        select(mentor[1].name.label("mentor"), mentee[1].name.label("mentee"), _other.id)
        .select_from(_other)
        .join(mentor[0], mentor[0].id == _other.mentor_id)
        .join(mentor[1], mentor[1].id == mentor[0].person_id)
        .join(mentee[0], mentee[0].id == _other.mentee_id)
        .join(mentee[1], mentee[1].id == mentee[0].person_id)
        .where(*gone)
        .order_by(func.lower(mentee[1].name), _other.id)
        .limit(MOST_GONE)
        .subquery()
    )
    # The counts stand on each line, and on one without names where no pair is gone.
    rows = session.execute(
        select(counts, listed)
        .join_from(counts, listed, true(), isouter=True)
        .order_by(func.lower(listed.c.mentee), listed.c.id)
    ).all()
    gone_pairs = tuple(GonePair(row.mentor, row.mentee) for row in rows if row.id is not None)
    before = _before(session, scenario_id, other_id, mentees)
    first = rows[0]
    return Difference(first.here - first.shared, first.there - first.shared, gone_pairs, before)


def _before(
    session: Session, scenario_id: uuid.UUID, other_id: uuid.UUID, mentees: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Before]]:
    found: defaultdict[uuid.UUID, list[Before]] = defaultdict(list)
    rows = session.execute(
        select(_other.mentee_id, _other.mentor_id, Person.name, _counts_in(scenario_id, _other))
        .join(Membership, Membership.id == _other.mentor_id)
        .join(Person, Person.id == Membership.person_id)
        .where(_other.scenario_id == other_id, _other.removed_at.is_(None), _other.mentee_id.in_(mentees))
        .order_by(Person.name)
    )
    for mentee_id, mentor_id, name, stays in rows:
        found[mentee_id].append(Before(mentor_id, name, bool(stays)))
    return dict(found)


def _counts_in(scenario_id: uuid.UUID, pair: type[Proposal]) -> ColumnElement[bool]:
    same = aliased(Proposal)
    return exists().where(
        same.scenario_id == scenario_id,
        same.removed_at.is_(None),
        same.mentor_id == pair.mentor_id,
        same.mentee_id == pair.mentee_id,
    )
