"""How many people on the other side share time with a week, told so that it gives nobody's hours away.

Whoever ticks one half hour after the other and compares must not learn when one particular person is free: numbers are
rounded, small ones are not told apart, of a small programme no number is told, and one may not look without end. What
can be learned all the same stands in docs/adr/0025-private-facts-and-former-members.md.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
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
NUMBERS_FROM = 10  # people who gave hours: a number about fewer says something of each
STEP, WIDE_STEP, WIDE_FROM = 5, 10, 50
LOOKS_AN_HOUR, LOOKS_A_DAY = 80, 240
Share = Literal["nobody", "few", "some", "most"]
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
    """For one role in one programme: `total` people gave hours; None where those are fewer than three.

    `share` says how many of them share enough time with this week: "few" are fewer than three, "nobody" of three or
    more shares even a meeting's length, "most" are nearly all. `about` is their rounded number where "some" do and
    enough people gave hours. Where they are few or none, `helps` has the parts of the week in which most are free.
    """

    slug: str
    programme: str
    side: Side
    total: int | None
    share: Share | None = None
    about: int | None = None
    helps: tuple[Part, ...] = ()


def count_partners(
    session: Session, person_id: uuid.UUID, *, windows: Sequence[Window], zone: str, now: datetime, slug: str = ""
) -> tuple[PartnerCount, ...] | None:
    """Count for every programme that she is in or joins, or for one; None where she has looked too often.

    Every call is a look, a saved week too: otherwise one would save and load the page instead of ticking. Two queries a
    side where nobody has changed.
    """
    if not _may_look(session, person_id, now):
        return None
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
                told = tell(others.total, shared)
                helps = helps if told[1] in {"few", "nobody"} else ()
                counts.append(PartnerCount(member.programme.slug, member.programme.name, side, *told, helps))
    return tuple(counts)


def _may_look(session: Session, person_id: uuid.UUID, now: datetime) -> bool:
    key = hash_token(str(person_id))
    limits = (
        Limit("partners", key, LOOKS_AN_HOUR, timedelta(hours=1)),
        Limit("partners", key, LOOKS_A_DAY, timedelta(days=1)),
    )
    try:
        with transaction(session):
            count_try(session, limits, now=now)
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


def tell(total: int, shared: int) -> tuple[int | None, Share | None, int | None]:
    """Return `total`, `share` and `about` without what would be about one or two people, or about each of a few."""
    if total < LEAST:
        return None, None, None
    if shared < LEAST:
        return total, "few" if shared else "nobody", None
    about = rounded(shared)
    if total < NUMBERS_FROM:
        return total, "some", None
    if about >= rounded(total - LEAST + 1):  # otherwise the last step could be one person alone
        return total, "most", None
    return total, "some", about


def rounded(number: int) -> int:
    """Return the nearest whole step, at least one: 3 is about 5, and 67 about 70."""
    step = STEP if number < WIDE_FROM else WIDE_STEP
    return max(step, (number + step // 2) // step * step)


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
