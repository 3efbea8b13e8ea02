"""A report on a pool, from plain values to plain values: figures, who is stuck and why, what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.scoring import Settings, pair_minutes
from webapp.engine.boards import member_of
from webapp.engine.decode import Tell
from webapp.engine.pool_advice import advise_pool
from webapp.engine.pool_causes import Cause, who_is_stuck
from webapp.engine.pool_supply import paused, supply_tables, usable_places
from webapp.engine.posing import read_pool
from webapp.engine.snapshots import without_boards
from webapp.engine.solving import Clock

FORMAT = 1


def report_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Work out what `services.pool.read_pool_work` asks for.

    Raises
    ------
    UnsolvableError
        The people or settings do not make a pool.

    """
    clock = Clock()
    tell("people", 0, 1, None, None)
    pool, settings = read_pool(work)
    places = usable_places(pool, settings)
    has_boards = pool.persons is not None
    people = read_pool({**work, "snapshot": without_boards(work["snapshot"])})[0] if has_boards else pool
    tables = supply_tables(people, settings, work["zone"])
    clock.note("people")
    stuck, unused = who_is_stuck(pool, settings, places, lambda share: tell("pairs", share, 1, None, None))
    clock.note("pairs")
    helps = advise_pool(work, pool, settings, stuck=stuck, unused=unused, tell=tell)
    clock.note("advice")
    return {
        "format": FORMAT,
        "counts": _counts(people, settings, places, work),
        "tables": tables,
        "stuck": _plain(pool.mentees, stuck, helps.pop("mentees", {})),
        "unused": _plain(pool.mentors, unused, helps.pop("mentors", {})),
        "advice": {"advice": [], **helps},
        "timings": clock.seconds,
    }


def _counts(pool: Pool, settings: Settings, places: Any, work: Mapping[str, Any]) -> dict[str, int]:
    away, resting = int(work["away"]), paused(pool)
    takes = pair_minutes(pool, settings).tolist()
    return {
        "mentees": len(pool.mentees),
        "wanted": sum(m.wanted for m in pool.mentees),
        "minutes_wanted": sum(m.wanted * minutes for m, minutes in zip(pool.mentees, takes, strict=True)),
        "mentors": len(pool.mentors) + away,
        "places": int(places.sum()),
        "minutes_given": sum(m.minutes for m in pool.mentors if not m.paused),
        "paused": int(resting.sum()) + away,
        "full": int(np.count_nonzero((places == 0) & ~resting)),
        "unfinished": int(work["unfinished"]),
    }


def _plain(
    people: Sequence[Mentor] | Sequence[Mentee], causes: Mapping[int, Cause], changes: Mapping[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {
            "id": member_of(one) if isinstance(one := people[number], Mentee) else one.key,
            "stage": people[number].stage,
            "specialties": list(people[number].specialties[:2]),
            **asdict(cause),
            "change": changes.get(number),
        }
        for number, cause in causes.items()
    ]
