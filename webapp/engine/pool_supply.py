"""Supply and demand of a pool in figures: by specialty and part of the week, stage, topic, zone, and hour."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.availability import CELL, CELLS, DAY, regimes, runs
from matcher.columns import Side
from matcher.criteria import levels
from matcher.pool import Pool
from matcher.scoring import Settings, pair_minutes
from matcher.taxonomy import SUBSPECIALTY

PARTS = ("early", "day", "evening", "weekend")
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def usable_places(pool: Pool, settings: Settings) -> Ints:
    """Count for each mentor the places that her minutes can fill at the programme's own cadence."""
    by_minutes = np.array([m.minutes // settings.monthly_minutes for m in pool.mentors], dtype=np.int64)
    stated = np.array([m.places for m in pool.mentors], dtype=np.int64)
    return np.where(paused(pool), 0, np.minimum(by_minutes, stated))


def paused(pool: Pool) -> Bools:
    return np.array([m.paused for m in pool.mentors], dtype=np.bool_)


def supply_tables(pool: Pool, settings: Settings, zone: str) -> dict[str, Any]:
    """Set what is free against what is wanted.

    A person counts for each word that fits her, so the lines of a table need not add up: a mentor who welcomes three
    stages has her places open to all three. Hours are on the programme's clock.
    """
    sums = _Sums(pool, settings)
    main = _main(pool)
    wants, does = _near_specialties(pool, main)
    starts = [_starts(pool, side, zone, settings) for side in (pool.mentor_side, pool.mentee_side)]
    return {
        "specialty": _with_parts(sums, pool, wants, does, starts),
        "stage": sums.rows(pool.taxonomy.stages, *_stages(pool, settings)),
        "topic": sums.rows(pool.taxonomy.topics, pool.offered, pool.needs > 0),
        "zone": sums.rows(
            dict.fromkeys(pool.zones), *(_marked(s.zones, pool) for s in (pool.mentor_side, pool.mentee_side))
        ),
        "hours": _hours(sums, *starts),
    }


class _Sums:
    """What each mentor gives and each mentee wants, to be added up by whatever marks them."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self.places = usable_places(pool, settings)
        self.given = np.where(self.places > 0, [m.minutes for m in pool.mentors], 0).astype(np.int64)
        self.wanted = np.array([m.wanted for m in pool.mentees], dtype=np.int64)
        self.taken = self.wanted * pair_minutes(pool, settings)

    def rows(self, keys: Mapping[str, object], mentors: Bools, mentees: Bools) -> list[dict[str, Any]]:
        """Return a line for each key that some mentee is marked with, or some mentor with a place."""
        supply, demand = mentors.T.astype(np.int64), mentees.T.astype(np.int64)
        columns = (
            demand.sum(axis=1),
            demand @ self.wanted,
            supply @ self.places,
            demand @ self.taken,
            supply @ self.given,
        )
        lines = [
            dict(
                zip(
                    ("key", "mentees", "wanted", "places", "minutes_wanted", "minutes_given"),
                    (key, *values),
                    strict=True,
                )
            )
            for key, *values in zip(keys, *(column.tolist() for column in columns), strict=True)
        ]
        return sorted((line for line in lines if line["mentees"] or line["places"]), key=lambda line: -line["mentees"])


def _with_parts(sums: _Sums, pool: Pool, wants: Bools, does: Bools, starts: list[Bools]) -> list[dict[str, Any]]:
    """Add to each specialty that somebody wants its places and mentees in each part of the week."""
    mentor_parts, mentee_parts = (_parts(side) for side in starts)
    supply = does.T.astype(np.int64) @ (mentor_parts * sums.places[:, np.newaxis])
    demand = wants.T.astype(np.int64) @ mentee_parts
    cells = dict(zip(pool.taxonomy.specialties, np.stack([supply, demand], axis=2).tolist(), strict=True))
    rows = sums.rows(pool.taxonomy.specialties, does, wants)
    return [row | {"cells": cells[row["key"]]} for row in rows if row["mentees"]]


def _main(pool: Pool) -> Bools:
    return np.array([not entry.parents for entry in pool.taxonomy.specialties.values()], dtype=np.bool_)


def _near_specialties(pool: Pool, main: Bools) -> tuple[Bools, Bools]:
    """Mark for each mentee and each mentor the main specialties that hers is as close to as a subspecialty is."""
    asked = np.zeros((len(pool.mentees), len(main)), dtype=np.bool_)
    people, slots = np.nonzero(pool.interests >= 0)
    asked[people, pool.interests[people, slots]] = True
    near = (pool.taxonomy.similarity >= SUBSPECIALTY).astype(np.int64)
    wants, does = (np.asarray((says.astype(np.int64) @ near > 0) & main) for says in (asked, pool.practice))
    return wants, does


def _stages(pool: Pool, settings: Settings) -> tuple[Bools, Bools]:
    """Mark for each mentor the stages that she may be paired with, and each mentee's own."""
    mine, _theirs = levels(pool)
    stages = np.array([stage.level for stage in pool.taxonomy.stages.values()], dtype=np.float64)
    # As the rule has it: a comparison with NaN, "not stated", is false.
    behind = mine[:, np.newaxis] - stages < settings.minimum_ahead
    own = pool.mentee_side.stages[:, np.newaxis] == np.arange(len(stages))
    return pool.welcome[:, :-1] & ~behind, own


def _marked(numbers: Ints, pool: Pool) -> Bools:
    return np.asarray(numbers[:, np.newaxis] == np.arange(len(pool.zones)))


def _starts(pool: Pool, side: Side, zone: str, settings: Settings) -> Bools:
    """Mark when a whole meeting could begin for each person, on one zone's clock on the programme's first day."""
    offsets = regimes([*pool.zones, zone], settings.starts_on, settings.starts_on)[0].offsets
    free = side.free.copy()
    for number, name in enumerate(pool.zones):
        rows = side.zones == number
        free[rows] = np.roll(side.free[rows], (offsets[zone] - offsets[name]) // CELL, axis=1)
    return runs(free, settings.minutes)


def _parts(starts: Bools) -> Ints:
    """Mark in which parts of the week each person has time for a whole meeting."""
    minute = np.arange(CELLS) * CELL
    weekday, clock = minute // DAY, minute % DAY
    workday = weekday < 5
    masks = (
        workday & (clock < 8 * 60),
        workday & (clock >= 8 * 60) & (clock < 17 * 60),
        workday & (clock >= 17 * 60),
        ~workday,
    )
    return np.column_stack([starts[:, mask].any(axis=1) for mask in masks]).astype(np.int64)


def _hours(sums: _Sums, mentors: Bools, mentees: Bools) -> list[list[list[int]]]:
    """Return places and mentees for each weekday and hour in which a whole meeting could begin."""
    by_hour = [starts.reshape(len(starts), 7 * 24, 60 // CELL).any(axis=2) for starts in (mentors, mentees)]
    supply, demand = sums.places @ by_hour[0], by_hour[1].sum(axis=0)
    table: list[list[list[int]]] = np.stack([supply, demand], axis=1).reshape(7, 24, 2).tolist()
    return table
