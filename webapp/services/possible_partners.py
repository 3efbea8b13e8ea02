"""How many people on the other side share time with a week, told as numbers that give nobody's hours away.

A number under three reads "fewer than three", and of fewer than three people nothing is said at all: whoever ticks
one half hour after the other must not learn when one particular person is free.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matcher.availability import Window as EngineWindow
from matcher.availability import cells, runs, shared_cells, shifts
from matcher.clock_changes import existing
from matcher.people import Mentee, Mentor
from matcher.settings import Settings
from webapp.engine.encode import settings_of, taxonomy_of
from webapp.models import Membership
from webapp.services.crowds import Crowd, View, crowd_of
from webapp.services.errors import ThrottledError
from webapp.services.fits import Side
from webapp.services.logins import hash_token
from webapp.services.throttle import Limit, count_try
from webapp.services.transaction import transaction
from webapp.services.week import Window

LEAST = 3  # people; fewer are never told apart
COUNTS_AN_HOUR = 600
Marks = NDArray[np.bool_]
# Parts of a day, by their first and last hour, that a hint may name.
PARTS = ((6, 8), (8, 12), (12, 13), (13, 17), (17, 21), (21, 24))
_CELLS_AN_HOUR = 4


@dataclass(frozen=True)
class Part:
    """A stretch of a weekday on which enough people are free."""

    weekday: int
    first: int
    last: int


@dataclass(frozen=True)
class PartnerCount:
    """For one role in one programme: `total` people gave hours, `shared` of them share enough with this week.

    `shared` is None where they are fewer than three, and `total` where those who gave hours are. `nobody` says that
    not one of three or more shares a meeting's length; then, as with few, `helps` has the parts of the week in which
    most are free.
    """

    slug: str
    programme: str
    side: Side
    total: int | None
    shared: int | None
    nobody: bool = False
    helps: tuple[Part, ...] = ()

    @property
    def is_few(self) -> bool:
        return self.total is not None and self.shared is None


def count_partners(
    session: Session, person_id: uuid.UUID, *, windows: Sequence[Window], zone: str, now: datetime, slug: str = ""
) -> tuple[PartnerCount, ...]:
    """Count for every programme that she is in or joins, or for one. Two queries a side where nobody has changed."""
    mine = cells(EngineWindow(*window) for window in windows)
    counts = []
    for member in _memberships(session, person_id, slug):
        settings = settings_of(member.programme)
        today = now.astimezone(ZoneInfo(member.programme.zone)).date()
        sides: tuple[tuple[Side, bool], ...] = (("mentee", member.is_mentee), ("mentor", member.is_mentor))
        for side, is_hers in sides:
            if is_hers:
                view = View(member.programme_id, side, today, taxonomy_of(member.programme))
                others = _Others(crowd_of(session, view), member)
                shared, helps = others.look(mine, zone, settings)
                counts.append(_told(member, side, others.total, shared, helps))
    return tuple(counts)


def count_look(session: Session, person_id: uuid.UUID, *, now: datetime) -> bool:
    """Count one look at the numbers while hours are being ticked; False where there were too many this hour."""
    limit = Limit("partners", hash_token(str(person_id)), COUNTS_AN_HOUR, timedelta(hours=1))
    try:
        with transaction(session):
            count_try(session, [limit], now=now)
    except ThrottledError:
        return False
    return True


def _memberships(session: Session, person_id: uuid.UUID, slug: str) -> list[Membership]:
    query = (
        select(Membership)
        .where(Membership.person_id == person_id, Membership.status.in_(["pending", "active", "paused"]))
        .options(joinedload(Membership.programme))
        .order_by(Membership.created_at, Membership.id)
    )
    return [one for one in session.scalars(query) if slug in {"", one.programme.slug}]


def _told(member: Membership, side: Side, total: int, shared: int, helps: tuple[Part, ...]) -> PartnerCount:
    """Leave out what would be about one or two people."""
    few = shared < LEAST
    known = total >= LEAST
    return PartnerCount(
        slug=member.programme.slug,
        programme=member.programme.name,
        side=side,
        total=total if known else None,
        shared=None if few else shared,
        nobody=known and shared == 0,
        helps=helps if known and few else (),
    )


class _Others:
    """Those on the other side who could be paired with somebody now, in groups of one zone."""

    def __init__(self, crowd: Crowd, me: Membership) -> None:
        pool, person = crowd.pool, str(me.person_id)
        people: list[Mentor | Mentee] = [*pool.mentors, *pool.mentees]
        weeks = [*pool.mentor_side.free, *pool.mentee_side.free]
        self.total = 0
        self.zones: dict[str, list[Marks]] = {}
        for one, free, looking in zip(people, weeks, crowd.looking, strict=True):
            if looking and one.person != person and one.windows and not (isinstance(one, Mentor) and one.paused):
                self.zones.setdefault(one.zone, []).append(free)
                self.total += 1

    def look(self, mine: Marks, zone: str, settings: Settings) -> tuple[int, tuple[Part, ...]]:
        """Return how many share enough; and, where they are few, when most are free by the clock of `zone`."""
        dates = settings.starts_on, settings.ends_on
        mine = existing(mine, zone, *dates)
        count, on_my_clock = 0, []
        for theirs, rows in sorted(self.zones.items()):
            ahead = shifts(zone, theirs, *dates)
            matrix = existing(np.stack(rows), theirs, *dates)
            shared = shared_cells(np.broadcast_to(mine, matrix.shape), matrix, ahead)
            meets = runs(shared, settings.minutes).any(axis=1)
            enough = shared.sum(axis=1) * 15 >= settings.shared_minutes_needed
            count += int((meets & enough).sum())
            on_my_clock.append((matrix, ahead))
        if count >= LEAST or self.total < LEAST:
            return count, ()
        everybody = [shared_cells(np.ones_like(matrix), matrix, ahead) for matrix, ahead in on_my_clock]
        return count, _best_parts(np.concatenate(everybody), settings.minutes)


def _best_parts(free: Marks, length: int) -> tuple[Part, ...]:
    """Return the two parts of the week in which most people have time for a meeting, where they are three or more."""
    found = []
    for weekday in range(7):
        for first, last in PARTS:
            begin, end = (((weekday * 24) + hour) * _CELLS_AN_HOUR for hour in (first, last))
            wanted = min(-(-length // 15), end - begin)
            number = int((free[:, begin:end].sum(axis=1) >= wanted).sum())
            if number >= LEAST:
                found.append((number, Part(weekday, first, last)))
    found.sort(key=lambda one: (-one[0], one[1].weekday, one[1].first))
    return tuple(part for _number, part in found[:2])
