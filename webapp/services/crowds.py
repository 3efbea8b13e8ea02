"""Everybody on one side of a programme as the engine sees them, kept in this process from one visit to the next.

Reading thousands of people takes seconds, and few of them change between two visits. What changed is known
(`webapp.engine.changes`), and is read again before anything is answered: what is kept is never older than the visit.
"""

import uuid
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from matcher.people import Mentee, Mentor
from webapp.engine.changes import changes_since, mark_of
from webapp.engine.encode import mentee_record, mentor_record, pauses_on
from webapp.models import Interest, Membership, Person
from webapp.services.fits import Side
from webapp.services.pair_facts import mentors_had

KEPT = 8  # sides of programmes kept in this process
ANY_DAY = date.max  # records are made for it; pauses are looked at on the day of a visit


@dataclass(frozen=True)
class Neighbour:
    """Somebody on the other side: her record without what a day or other people's answers change."""

    id: uuid.UUID
    name: str
    status: str
    record: Mentor | Mentee
    pause: tuple[date | None, date | None] = (None, None)

    def as_mentor(self, today: date) -> Mentor:
        assert isinstance(self.record, Mentor)
        paused = self.status == "paused" or pauses_on(*self.pause, today)
        return self.record if self.record.paused == paused else replace(self.record, paused=paused)

    def as_mentee(self, has: int) -> Mentee:
        assert isinstance(self.record, Mentee)
        return replace(self.record, wanted=max(0, self.record.wanted - has)) if has else self.record


@dataclass(frozen=True)
class Crowd:
    """One side of a programme, by membership and in the order of their ids."""

    mark: int
    people: dict[uuid.UUID, Neighbour]
    had: Counter[uuid.UUID]  # mentors that each mentee has
    wished: Counter[str]  # mentees interested in each mentor


_kept: OrderedDict[tuple[uuid.UUID, Side], Crowd] = OrderedDict()
_locks: dict[tuple[uuid.UUID, Side], Lock] = {}
_lock = Lock()


def crowd_of(session: Session, programme_id: uuid.UUID, side: Side) -> Crowd:
    """Return everybody whom a member on one side looks at, as they are now. Two queries where nothing has changed."""
    key = (programme_id, side)
    with _lock:
        lock = _locks.setdefault(key, Lock())
    with lock:  # of two visits at once, one reads and the other waits for it
        crowd = _as_of_now(session, programme_id, side, _kept.get(key))
        with _lock:
            _kept[key] = crowd
            _kept.move_to_end(key)
            while len(_kept) > KEPT:
                gone, _crowd = _kept.popitem(last=False)
                _locks.pop(gone, None)
    return crowd


def _as_of_now(session: Session, programme_id: uuid.UUID, side: Side, kept: Crowd | None) -> Crowd:
    mark = mark_of(session)  # before anything else: what changes from here on is read at the next visit
    changes = changes_since(session, programme_id, kept.mark, now=mark) if kept else None
    if kept is not None and not changes:
        return kept
    if kept is None or changes is None or changes.many:
        people = {one.id: one for one in _read(session, programme_id, side, None)}
        return Crowd(mark, people, mentors_had(session, programme_id), _wished(session, programme_id))
    changed = changes.members
    people = {key: one for key, one in kept.people.items() if key not in changed}
    people |= {one.id: one for one in _read(session, programme_id, side, changed)}
    had = Counter({key: number for key, number in kept.had.items() if key not in changed})
    had |= mentors_had(session, programme_id, only=changed)
    names = {str(key) for key in changed}
    wished = Counter({key: number for key, number in kept.wished.items() if key not in names})
    wished |= _wished(session, programme_id, only=changed)
    return Crowd(mark, dict(sorted(people.items())), had, wished)


def _read(
    session: Session, programme_id: uuid.UUID, side: Side, only: Collection[uuid.UUID] | None
) -> Iterable[Neighbour]:
    """Read those who take part on the side that `side` looks at; all, or only some. Two queries and more for many."""
    role = Membership.is_mentor if side == "mentee" else Membership.is_mentee
    query = select(Membership).where(
        Membership.programme_id == programme_id,
        role,
        Membership.status.in_(["active", "paused"]),
        Membership.joined_at.is_not(None),  # a coordinator who adds a role has not agreed to the terms yet
    )
    if only is not None:
        query = query.where(Membership.id.in_(only))
    for other in load_members(session, query.order_by(Membership.id)):
        # Values alone: rows do not outlive their session.
        if side == "mentee" and (offer := other.offer) is not None and not offer.is_provisional:
            pause = (offer.paused_from, offer.paused_until)
            yield Neighbour(other.id, other.person.name, other.status, mentor_record(other, on=ANY_DAY), pause)
        elif side == "mentor" and other.request is not None:
            yield Neighbour(other.id, other.person.name, other.status, mentee_record(other))


def load_members(session: Session, query: Select[Any], *, with_hours: bool = True) -> list[Membership]:
    """Load memberships with all that a card needs and, with their hours, the engine. Two queries, more for many."""
    loaded = query.options(
        joinedload(Membership.offer),
        joinedload(Membership.request),
        joinedload(Membership.person).joinedload(Person.profile),
    )
    if with_hours:
        loaded = loaded.options(
            joinedload(Membership.person).joinedload(Person.trait),
            joinedload(Membership.person).selectinload(Person.windows),
        )
    return list(session.scalars(loaded.execution_options(populate_existing=True)))


def _wished(session: Session, programme_id: uuid.UUID, *, only: Collection[uuid.UUID] | None = None) -> Counter[str]:
    """Count the mentees who are interested in each mentor."""
    query = (
        select(Interest.mentor_id, func.count())
        .join(Membership, Membership.id == Interest.mentor_id)
        .where(Membership.programme_id == programme_id, Interest.side == "mentee", Interest.verdict == "interested")
        .group_by(Interest.mentor_id)
    )
    if only is not None:
        query = query.where(Interest.mentor_id.in_(only))
    return Counter({str(mentor): number for mentor, number in session.execute(query)})
