"""What a timetable says of new pairs: their slots, which pairs found no hour, and what that may have cost."""

from collections.abc import Iterable, Sequence
from typing import Any

from matcher import Unplaced
from matcher.availability import Slot
from matcher.pool import Pool
from matcher.timed_matching import TimedMatch
from webapp.engine.boards import member_of, role_of
from webapp.engine.decode import Found


def new_slots(found: Found, slots: Sequence[Slot | None]) -> list[Slot | None]:
    """Return the slots of the new pairs, in their order, from those of all pairs."""
    of_pair = dict(zip(map(tuple, found.result.pairs.tolist()), slots, strict=True))
    return [of_pair[mentor, mentee] for mentor, mentee in found.pairs.tolist()]


def gap_of_times(timed: TimedMatch) -> float:
    """Return how much better, at most, a matching with an hour for every pair may be: the widest gap of all levels.

    Where a level's bound is not known after times cost coverage, the gap of the coverage says it already.
    """
    gaps = [gap for gap in timed.gaps.values() if gap is not None]
    return float(max(gaps, default=timed.result.gap))


def plain_unplaced(pool: Pool, unplaced: Iterable[Unplaced]) -> list[dict[str, Any]]:
    """Return pairs that were left out for want of an hour, by ids, and with how many others they clash.

    On a mentee's board a pair is told once, with the `roles` in which it was left out.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in unplaced:
        mentor, column = pool.mentors[entry.pair[0]].key, pool.mentees[entry.pair[1]]
        plain = {
            "mentor_id": mentor,
            "mentee_id": member_of(column),
            "code": entry.code,
            "beside": len(entry.beside),
        }
        row = rows.setdefault((mentor, member_of(column)), plain)
        if column.board:
            row.setdefault("roles", []).append(role_of(column))
    return list(rows.values())
