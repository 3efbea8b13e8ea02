"""Pool health: what the mentors of a programme give against what its mentees look for, before any round."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.availability import CELL, CELLS, DAY, regimes, runs
from matcher.codes import Code
from matcher.columns import Side
from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.scoring import CHUNK, Settings, pair_minutes, score
from matcher.taxonomy import SUBSPECIALTY
from webapp.engine.encode import pool_of, snapshot_of
from webapp.models import Membership, Person, Programme

PARTS = ("early", "day", "evening", "weekend")
NO_PLACE = "no_place"  # somebody would fit, but none of them has a place or the minutes left
NOBODY = "nobody"  # there is no mentor at all
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Stuck:
    """Somebody who cannot be matched as things stand, and the commonest cause over all of the other side."""

    id: uuid.UUID
    name: str
    stage: str | None
    specialties: tuple[str, ...]
    cause: str  # a reason code in small letters, `no_place` or `nobody`
    count: int  # of so many on the other side it is the cause
    others: int
    second: str
    second_count: int


@dataclass(frozen=True)
class Cell:
    """Places and mentees of one specialty in one part of the week."""

    places: int
    mentees: int

    @property
    def spare(self) -> int:
        return self.places - self.mentees


@dataclass(frozen=True)
class SpecialtyRow:
    specialty: str
    mentees: int
    places: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class PoolHealth:
    mentees: int
    wanted: int
    minutes_wanted: int
    mentors: int
    places: int
    minutes_given: int
    paused: int
    full: int
    unfinished: int
    rows: tuple[SpecialtyRow, ...]
    stuck_mentees: tuple[Stuck, ...]
    unused_mentors: tuple[Stuck, ...]


def pool_health(session: Session, programme_id: uuid.UUID, *, now: datetime) -> PoolHealth:
    """Compare supply and demand among those who take part now."""
    programme = session.get_one(Programme, programme_id)
    snapshot = snapshot_of(session, programme_id, now=now, with_booked=False)
    pool, settings = pool_of(snapshot), Settings.from_dict(snapshot["settings"])
    members = _members(session, programme_id)
    away = sum(m.is_mentor and m.status == "paused" for m in members)
    takes = pair_minutes(pool, settings)
    paused = np.array([m.paused for m in pool.mentors], dtype=np.bool_)
    places = _usable_places(pool, settings, paused)
    stuck, unused = _who_is_stuck(pool, settings, places)
    names = {str(m.id): m.name for m in members}
    return PoolHealth(
        mentees=len(pool.mentees),
        wanted=sum(m.wanted for m in pool.mentees),
        minutes_wanted=int(sum(m.wanted * int(t) for m, t in zip(pool.mentees, takes, strict=True))),
        mentors=len(pool.mentors) + away,
        places=int(places.sum()),
        minutes_given=sum(m.minutes for m in pool.mentors if not m.paused),
        paused=int(paused.sum()) + away,
        full=int(((places == 0) & ~paused).sum()),
        unfinished=sum(m.status in {"pending", "invited"} for m in members),
        rows=_heat(pool, settings, places, programme.zone),
        stuck_mentees=tuple(_named(pool.mentees[i], cause, names) for i, cause in stuck),
        unused_mentors=tuple(_named(pool.mentors[j], cause, names) for j, cause in unused),
    )


def _usable_places(pool: Pool, settings: Settings, paused: Bools) -> NDArray[np.int64]:
    """Count for each mentor the places that her minutes can fill at the programme's own cadence."""
    by_minutes = np.array([m.minutes // settings.monthly_minutes for m in pool.mentors], dtype=np.int64)
    stated = np.array([m.places for m in pool.mentors], dtype=np.int64)
    return np.where(paused, 0, np.minimum(by_minutes, stated))


_Cause = tuple[str, int, int, str, int]


def _who_is_stuck(
    pool: Pool, settings: Settings, places: NDArray[np.int64]
) -> tuple[list[tuple[int, _Cause]], list[tuple[int, _Cause]]]:
    """List the mentees and the mentors for whom no acceptable pair has a place, each with its cause."""
    n_mentors, n_mentees = pool.shape
    takes = pair_minutes(pool, settings)
    room = np.array([0 if m.paused or not m.places else m.minutes for m in pool.mentors], dtype=np.int64)
    stuck: list[tuple[int, _Cause]] = []
    useful = np.zeros(n_mentors, dtype=np.bool_)
    causes = np.zeros((n_mentors, len(Code)), dtype=np.int64)
    for start in range(0, n_mentees, CHUNK):
        columns = slice(start, min(start + CHUNK, n_mentees))
        codes = score(pool, settings, columns).codes
        fits = codes == Code.ACCEPTABLE
        has_place = fits & (room[:, np.newaxis] >= takes[columns])
        useful |= has_place.any(axis=1)
        for code in Code:
            causes[:, code] += (codes == code).sum(axis=1)
        for column in np.flatnonzero(~has_place.any(axis=0)):
            counted = np.bincount(codes[:, column], minlength=len(Code))
            stuck.append((start + int(column), _cause(counted, n_mentors)))
    able = (places > 0) & ~useful
    return stuck, [(int(row), _cause(causes[row], n_mentees)) for row in np.flatnonzero(able)]


def _cause(counted: NDArray[np.int64], others: int) -> _Cause:
    """Name the commonest cause; oneself is no cause, and one that fits but has no place counts before all."""
    if not others:
        return NOBODY, 0, 0, "", 0
    counts = Counter({code: int(counted[code]) for code in Code if counted[code] and code is not Code.SELF})
    if counts[Code.ACCEPTABLE]:
        return NO_PLACE, counts[Code.ACCEPTABLE], others, "", 0
    ranked = [(code.name.lower(), number) for code, number in counts.most_common(2)]
    ranked += [("", 0)] * (2 - len(ranked))
    if not ranked[0][0]:
        return NOBODY, 0, 0, "", 0
    return (*ranked[0], others, *ranked[1])


def _named(person: Mentor | Mentee, cause: _Cause, names: dict[str, str]) -> Stuck:
    name, count, others, second, second_count = cause
    return Stuck(
        id=uuid.UUID(person.key),
        name=names.get(person.key, ""),
        stage=person.stage,
        specialties=person.specialties,
        cause=name,
        count=count,
        others=others,
        second=second,
        second_count=second_count,
    )


def _heat(pool: Pool, settings: Settings, places: NDArray[np.int64], zone: str) -> tuple[SpecialtyRow, ...]:
    """Set places against mentees by specialty and part of the week, on the programme's clock.

    A person counts in each part of the week in which she has time for a whole meeting, and for each specialty
    to which hers is as close as a subspecialty is; so a row's cells need not add up to its total.
    """
    taxonomy = pool.taxonomy
    near = taxonomy.similarity >= SUBSPECIALTY
    main = np.array([not entry.parents for entry in taxonomy.specialties.values()], dtype=np.bool_)
    asked = np.zeros((len(pool.mentees), len(main)), dtype=np.bool_)
    people, slots = np.nonzero(pool.interests >= 0)
    asked[people, pool.interests[people, slots]] = True
    wants, does = _near(asked, near, main), _near(pool.practice, near, main)
    mentee_parts = _parts(_on_clock(pool, pool.mentee_side, zone, settings), settings)
    mentor_parts = _parts(_on_clock(pool, pool.mentor_side, zone, settings), settings)
    demand = wants.T.astype(np.int64) @ mentee_parts
    supply = does.T.astype(np.int64) @ (mentor_parts * places[:, np.newaxis])
    asked_for, given = wants.sum(axis=0), places @ does
    rows = [
        SpecialtyRow(
            specialty=key,
            mentees=int(asked_for[row]),
            places=int(given[row]),
            cells=tuple(Cell(int(supply[row, part]), int(demand[row, part])) for part in range(len(PARTS))),
        )
        for row, key in enumerate(taxonomy.specialties)
        if main[row] and asked_for[row]
    ]
    return tuple(sorted(rows, key=lambda row: -row.mentees))


def _near(says: Bools, near: Bools, main: Bools) -> Bools:
    """Mark for each person the main specialties that what she says is close to."""
    return np.asarray((says.astype(np.int64) @ near.astype(np.int64) > 0) & main, dtype=np.bool_)


def _on_clock(pool: Pool, side: Side, zone: str, settings: Settings) -> Bools:
    """Move each person's week to the clock of one zone, as the clocks stand on the programme's first day."""
    offsets = regimes([*pool.zones, zone], settings.starts_on, settings.starts_on)[0].offsets
    free = side.free.copy()
    for number, name in enumerate(pool.zones):
        rows = side.zones == number
        free[rows] = np.roll(side.free[rows], (offsets[zone] - offsets[name]) // CELL, axis=1)
    return free


def _parts(free: Bools, settings: Settings) -> NDArray[np.int64]:
    """Mark in which parts of the week each person has time for a whole meeting."""
    starts = runs(free, settings.minutes)
    minute = np.arange(CELLS) * CELL
    weekday, clock = minute // DAY, minute % DAY
    workday = weekday < 5
    masks = np.array(
        [
            workday & (clock < 8 * 60),
            workday & (clock >= 8 * 60) & (clock < 17 * 60),
            workday & (clock >= 17 * 60),
            ~workday,
        ]
    )
    return (starts.astype(np.int64) @ masks.T.astype(np.int64) > 0).astype(np.int64)


@dataclass(frozen=True)
class _Member:
    id: uuid.UUID
    name: str
    status: str
    is_mentor: bool


def _members(session: Session, programme_id: uuid.UUID) -> list[_Member]:
    rows = session.execute(
        select(Membership.id, Person.name, Membership.status, Membership.is_mentor)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.programme_id == programme_id, Membership.is_mentor | Membership.is_mentee)
    )
    return [_Member(*row) for row in rows]
