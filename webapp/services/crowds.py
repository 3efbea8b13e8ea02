"""Everybody on one side of a programme as the engine sees them, kept in this process from one visit to the next.

Reading thousands of people takes seconds, and few of them change between two visits. What changed is known
(`webapp.engine.changes`), and is read again before anything is answered: what is kept is never older than the visit.
"""

import uuid
from collections import Counter, OrderedDict
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnExpressionArgument, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.taxonomy import Taxonomy
from webapp.engine.changes import changes_since, mark_of
from webapp.engine.encode import mentee_record, mentor_record, pauses_on, taxonomy_of
from webapp.engine.members import read_members
from webapp.engine.students import said_adult
from webapp.models import Membership, Person, Programme
from webapp.services.fits import Side, bits_of
from webapp.services.pair_facts import Standing, standing_in

KEPT = 8  # sides of programmes kept in this process
SIDES: tuple[Side, ...] = ("mentee", "mentor")
UNVISITED = timedelta(days=1)  # lines about changes are dropped after three days (`webapp.services.pool`)
ANY_DAY = date.max  # records are made for it; pauses are looked at on the day of a visit


@dataclass(frozen=True)
class Neighbour:
    """Somebody on the other side: her record without what a day or other people's answers change."""

    id: uuid.UUID
    name: str
    status: str
    record: Mentor | Mentee
    pause: tuple[date | None, date | None] = (None, None)

    def paused(self, day: date) -> bool:
        return isinstance(self.record, Mentor) and (self.status == "paused" or pauses_on(*self.pause, day))

    def on(self, day: date) -> Mentor | Mentee:
        """Return her record as it counts on a day."""
        if isinstance(self.record, Mentor) and self.record.paused != self.paused(day):
            return replace(self.record, paused=not self.record.paused)
        return self.record

    def looks(self, had: Counter[uuid.UUID]) -> bool:
        """Whether she is to be considered at all; a mentor who paused is, so that one can ask why not."""
        return isinstance(self.record, Mentor) or (self.status == "active" and had[self.id] < self.record.wanted)


@dataclass(frozen=True)
class View:
    """Who is looked at: one side of a programme, `side` being the one that looks, on a day and in its words."""

    programme_id: uuid.UUID
    side: Side
    day: date
    taxonomy: Taxonomy


@dataclass(frozen=True, eq=False)
class Crowd:
    """One side of a programme; what follows from the people is made once, not at each visit.

    `pool` has nobody on the other side; `ids`, `looking` and `bits` have a row for each of its people.
    """

    mark: int
    day: date
    people: dict[uuid.UUID, Neighbour]
    standing: Standing
    pool: Pool

    @cached_property
    def ids(self) -> list[uuid.UUID]:
        return [uuid.UUID(key) for rows in self.pool.positions for key in rows]

    @cached_property
    def looking(self) -> NDArray[np.bool_]:
        """Whether each is to be considered."""
        return np.array([self.people[key].looks(self.standing.had) for key in self.ids], dtype=np.bool_)

    @cached_property
    def bits(self) -> NDArray[np.uint64]:
        return bits_of(self.ids)


_kept: OrderedDict[tuple[uuid.UUID, Side], Crowd] = OrderedDict()
_locks: dict[tuple[uuid.UUID, Side], Lock] = {}
_lock = Lock()


def crowd_of(session: Session, view: View) -> Crowd:
    """Return everybody whom a member on one side looks at, as they are now. Two queries where nothing has changed."""
    crowd = _brought_up(session, view)
    with _lock:
        if (key := (view.programme_id, view.side)) in _kept:
            _kept.move_to_end(key)
    return crowd


def keep_ready(session: Session, *, now: datetime) -> None:
    """Bring what is kept up to date, so that no visit waits for it; where there is room, read the largest programmes.

    Where room is short, whoever was visited last stays all the same: a look of ours is not a visit.
    """
    joined = and_(Membership.programme_id == Programme.id, Membership.joined_at.is_not(None))
    largest = (
        select(Programme)
        .join(Membership, joined)
        .where(Programme.ends_on >= now.date())
        .group_by(Programme.id)
        .order_by(func.count().desc())
    )
    views = [
        View(programme.id, side, now.astimezone(ZoneInfo(programme.zone)).date(), taxonomy_of(programme))
        for programme in session.scalars(largest)
        for side in SIDES
    ]
    for view in views:
        with _lock:
            wanted = (view.programme_id, view.side) in _kept or len(_kept) < KEPT
        if wanted:
            session.rollback()  # look at the present: the side before may have taken a second
            _brought_up(session, view)


def _brought_up(session: Session, view: View) -> Crowd:
    key = (view.programme_id, view.side)
    with _lock:
        lock = _locks.setdefault(key, Lock())
    with lock:  # of two visits at once, one reads and the other waits for it
        kept = _kept.get(key)
        # Other words may make other records of the same rows.
        crowd = _as_of_now(session, view, kept if kept is not None and kept.pool.taxonomy is view.taxonomy else None)
        with _lock:
            _kept[key] = crowd
            while len(_kept) > KEPT:
                gone, _crowd = _kept.popitem(last=False)
                _locks.pop(gone, None)
    return crowd


def _as_of_now(session: Session, view: View, kept: Crowd | None) -> Crowd:
    mark = mark_of(session)  # before anything else: what changes from here on is read at the next visit
    if kept is not None and view.day - kept.day > UNVISITED:
        kept = None  # what changed meanwhile may be forgotten already
    changes = changes_since(session, view.programme_id, kept.mark, now=mark) if kept else None
    if kept is not None and not changes and kept.day == view.day:
        return kept
    if kept is None or changes is None or changes.many:
        people = {one.id: one for one in _read(session, view, None)}
        pool = _joined(Pool.build([], [], view.taxonomy), people.values(), view.day)
        return Crowd(mark, view.day, people, standing_in(session, view.programme_id), pool)
    changed = changes.members
    people = {key: one for key, one in kept.people.items() if key not in changed}
    # A pause begins or ends with a day, and no row changes.
    turned = [one for one in people.values() if view.day != kept.day and one.paused(view.day) != one.paused(kept.day)]
    read = {one.id: one for one in _read(session, view, changed)} if changed else {}
    pool = _without(kept.pool, {str(key) for key in changed} | {str(one.id) for one in turned})
    pool = _joined(pool, [*turned, *read.values()], view.day)
    standing = _continued(kept.standing, standing_in(session, view.programme_id, only=changed), changed)
    return Crowd(mark, view.day, people | read, standing, pool)


def _continued(kept: Standing, fresh: Standing, changed: Collection[uuid.UUID]) -> Standing:
    names = {str(key) for key in changed}
    return Standing(
        had=Counter({key: number for key, number in kept.had.items() if key not in changed}) | fresh.had,
        wished=Counter({key: number for key, number in kept.wished.items() if key not in names}) | fresh.wished,
        mentees=fresh.mentees,
    )


def _without(pool: Pool, gone: Container[str]) -> Pool:
    mentors, mentees = ([row for key, row in rows.items() if key not in gone] for rows in pool.positions)
    return pool.take(mentors=mentors) if pool.mentors else pool.take(mentees=mentees)


def _joined(pool: Pool, people: Iterable[Neighbour], day: date) -> Pool:
    records = [one.on(day) for one in people]
    return pool.extended(
        mentors=[record for record in records if isinstance(record, Mentor)],
        mentees=[record for record in records if isinstance(record, Mentee)],
    )


def _read(session: Session, view: View, only: Collection[uuid.UUID] | None) -> Iterable[Neighbour]:
    """Read those who take part on the side that `view` looks at; all, or only some. Two queries."""
    where: list[ColumnExpressionArgument[bool]] = [
        Membership.programme_id == view.programme_id,
        Membership.is_mentor if view.side == "mentee" else Membership.is_mentee,
        Membership.status.in_(["active", "paused"]),
        Membership.joined_at.is_not(None),  # a coordinator who adds a role has not agreed to the terms yet
        said_adult(),
    ]
    if only is not None:
        where.append(Membership.id.in_(only))
    for other in read_members(session, *where):
        if view.side == "mentee" and (offer := other.offer) is not None and not offer.is_provisional:
            record: Mentor | Mentee = mentor_record(other, view.taxonomy, on=ANY_DAY)
            yield Neighbour(other.id, other.person.name, other.status, record, (offer.paused_from, offer.paused_until))
        elif view.side == "mentor" and other.request is not None:
            yield Neighbour(other.id, other.person.name, other.status, mentee_record(other, view.taxonomy))


def load_member(session: Session, query: Select[Any]) -> Membership | None:
    """Load one membership with all that the engine needs. One query."""
    loaded = query.options(
        joinedload(Membership.offer),
        joinedload(Membership.request),
        joinedload(Membership.person).options(
            joinedload(Person.profile), joinedload(Person.trait), joinedload(Person.windows)
        ),
    )
    return session.scalars(loaded.execution_options(populate_existing=True)).unique().one_or_none()
