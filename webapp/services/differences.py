"""What changed from one scenario of a round to another: new pairs, pairs that are gone, mentees who moved."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
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
    """Return what differs. Three queries."""
    gone = (_other.scenario_id == other_id, _other.removed_at.is_(None), ~_counts_in(scenario_id, _other))
    new = select(func.count()).where(Proposal.scenario_id == scenario_id, is_new(other_id)).scalar_subquery()
    n_gone = select(func.count()).select_from(_other).where(*gone).scalar_subquery()
    counts = session.execute(select(new, n_gone)).one()
    mentor, mentee = (aliased(Membership), aliased(Person)), (aliased(Membership), aliased(Person))
    listed = session.execute(
        select(mentor[1].name, mentee[1].name)
        .select_from(_other)
        .join(mentor[0], mentor[0].id == _other.mentor_id)
        .join(mentor[1], mentor[1].id == mentor[0].person_id)
        .join(mentee[0], mentee[0].id == _other.mentee_id)
        .join(mentee[1], mentee[1].id == mentee[0].person_id)
        .where(*gone)
        .order_by(func.lower(mentee[1].name), _other.id)
        .limit(MOST_GONE)
    )
    before = _before(session, scenario_id, other_id, mentees)
    return Difference(int(counts[0]), int(counts[1]), tuple(GonePair(*row) for row in listed), before)


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
