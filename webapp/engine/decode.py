"""From the engine's arrays to plain values with the ids of memberships."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matcher import Conflict, Problem, SolveResult
from matcher.availability import Slot
from matcher.codes import Code
from matcher.explain import reasons
from matcher.pool import Pool
from matcher.scoring import Scores
from matcher.settings import Settings


@dataclass(frozen=True)
class Found:
    """A solved pool."""

    pool: Pool
    settings: Settings
    problem: Problem
    scores: Scores
    result: SolveResult
    pins: set[tuple[int, int]]


def plain_proposals(
    found: Found, slots: Sequence[Slot | None], tell: Callable[[int, int], None]
) -> list[dict[str, Any]]:
    """Return one proposal for each pair, in the order of `result.pairs`, with its parts and reasons.

    Reasons are those a coordinator may read; whoever shows them to one of the two leaves out the other's wish.
    """
    pairs = found.result.pairs
    weights = found.problem.weights_of(pairs)
    minutes = found.problem.minutes_of(pairs)
    proposals = []
    for place, (mentor, mentee) in enumerate(pairs.tolist()):
        tell(place, len(pairs))
        slot = slots[place]
        why = reasons(found.pool, found.settings, mentor, mentee, viewer="coordinator")
        proposals.append(
            {
                "mentor_id": found.pool.mentors[mentor].key,
                "mentee_id": found.pool.mentees[mentee].key,
                "weight": float(weights[place]),
                "minutes": int(minutes[place]),
                "parts": {name: round(float(part[mentor, mentee]), 4) for name, part in found.scores.parts.items()},
                "reasons": [asdict(reason) for reason in why],
                "slot_weekday": slot.weekday if slot else None,
                "slot_minute": slot.start if slot else None,
                "slot_week": slot.week if slot else None,
                "origin": "pinned" if (mentor, mentee) in found.pins else "solver",
            }
        )
    return proposals


def plain_totals(found: Found, slots: Sequence[Slot | None]) -> dict[str, Any]:
    """Return the numbers of a result: people, pairs, weight, its bound and gap, minutes used and given."""
    pool, result, problem = found.pool, found.result, found.problem
    mentors = [mentor for mentor in pool.mentors if not mentor.paused]
    return {
        "mentors": len(pool.mentors),
        "mentees": len(pool.mentees),
        "coverage": result.coverage,
        "pairs": len(result.pairs),
        "wanted": sum(mentee.wanted for mentee in pool.mentees),
        "places": sum(mentor.places for mentor in mentors),
        "mentors_used": len(np.unique(result.pairs[:, 0])),
        "acceptable": int((found.scores.codes == Code.ACCEPTABLE).sum()),
        "total": result.total_weight,
        "bound": result.bound,
        "gap": result.gap,
        "floor": result.floor,
        "minutes_used": int(problem.minutes_of(result.pairs).sum()),
        "minutes_given": sum(mentor.minutes for mentor in mentors),
        "without_slot": sum(slot is None for slot in slots),
    }


def plain_unmatched(found: Found) -> list[dict[str, Any]]:
    """Return those who got nobody: mentees with the reason, and mentors with room to spare.

    A mentee's `why` is "no_room" (mentors who fit are taken), or the code that rules out most mentors; `codes` counts
    them all.
    """
    codes, pool = found.scores.codes, found.pool
    unmatched: list[dict[str, Any]] = []
    matched_mentors, matched_mentees = (set(found.result.pairs[:, side].tolist()) for side in (0, 1))
    for column, mentee in enumerate(pool.mentees):
        if column in matched_mentees:
            continue
        counts = {
            Code(code).name: int(n) for code, n in zip(*np.unique(codes[:, column], return_counts=True), strict=True)
        }
        acceptable = counts.pop("ACCEPTABLE", 0)
        why = "no_room" if acceptable else max(counts, key=lambda name: counts[name]).lower()
        unmatched.append(
            {"membership_id": mentee.key, "side": "mentee", "why": why, "acceptable": acceptable, "codes": counts}
        )
    for row, mentor in enumerate(pool.mentors):
        if row in matched_mentors or mentor.paused or not found.problem.places[row] > 0:
            continue
        acceptable = int((codes[row] == Code.ACCEPTABLE).sum())
        unmatched.append({"membership_id": mentor.key, "side": "mentor", "why": "not_needed", "acceptable": acceptable})
    return unmatched


def plain_conflicts(pool: Pool, conflicts: Sequence[Conflict]) -> list[str]:
    """Say where pins clash, naming people by the ids of their memberships."""
    return [_sentence(pool, conflict) for conflict in conflicts]


def _sentence(pool: Pool, conflict: Conflict) -> str:
    if conflict.kind == "wanted":
        assert conflict.mentee is not None
        who = f"mentee {pool.mentees[conflict.mentee].key}"
        return f"{who} has {conflict.needed} pinned mentors and wants {conflict.available}: drop a pin"
    assert conflict.mentor is not None
    who = f"mentor {pool.mentors[conflict.mentor].key}"
    if conflict.kind == "places":
        return f"{who} has {conflict.needed} pinned mentees and {conflict.available} free places: drop a pin"
    return f"{who} has pins of {conflict.needed} minutes a month and {conflict.available} to give: drop a pin"
