"""From the engine's arrays to plain values with the ids of memberships."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher import SolveResult
from matcher.availability import Slot
from matcher.codes import Code
from matcher.explain import reasons_of
from matcher.pair_scores import score_pairs
from webapp.engine.boards import by_mentee, codes_on_board, columns_by_member, member_of, role_of
from webapp.engine.posing import Posed

Tell = Callable[[str, float, float, float | None, float | None], None]
"""Called with stage, done, total, bound and gap, while the engine works."""


@dataclass(frozen=True)
class Found:
    """A solved problem; `pairs` are the new ones, shape (n, 2), beside those that held before."""

    posed: Posed
    result: SolveResult

    @cached_property
    def pairs(self) -> NDArray[np.int64]:
        taken = self.posed.taken
        new = [row for row, pair in enumerate(self.result.pairs.tolist()) if tuple(pair) not in taken]
        return self.result.pairs[new]


def plain_proposals(
    found: Found, slots: Sequence[Slot | None], tell: Callable[[int, int], None]
) -> list[dict[str, Any]]:
    """Return one proposal for each new pair, in the order of `Found.pairs`, with its parts and reasons.

    Reasons are those a coordinator may read; whoever shows them to one of the two leaves out the other's wish.
    """
    posed, pairs = found.posed, found.pairs
    weights = posed.problem.weights_of(pairs)
    minutes = posed.problem.minutes_of(pairs)
    proposals = []
    for place, scored in enumerate(score_pairs(posed.pool, posed.settings, pairs)):
        tell(place, len(pairs))
        slot = slots[place]
        why = reasons_of(scored, posed.pool.taxonomy, posed.settings, viewer="coordinator")
        proposals.append(
            {
                "mentor_id": scored.mentor.key,
                "mentee_id": member_of(scored.mentee),
                "role": role_of(scored.mentee),
                "weight": float(weights[place]),
                "minutes": int(minutes[place]),
                "parts": {name: round(part, 4) for name, part in scored.parts.items()},
                "reasons": [asdict(reason) for reason in why],
                "slot_weekday": slot.weekday if slot else None,
                "slot_minute": slot.start if slot else None,
                "slot_week": slot.week if slot else None,
                "origin": "pinned" if tuple(pairs[place].tolist()) in posed.pins else "solver",
            }
        )
    return proposals


def plain_totals(found: Found, slots: Sequence[Slot | None]) -> dict[str, Any]:
    """Return the numbers of a result: people, pairs, weight, its bound and gap, minutes used and given.

    `served` are the mentees who had a mentor before; coverage and weight count their pairs as well.
    """
    posed, result = found.posed, found.result
    pool, served = posed.pool, {member_of(posed.pool.mentees[column]) for _, column in posed.taken}
    acceptable = posed.scores.codes == Code.ACCEPTABLE
    mentors = [mentor for mentor in pool.mentors if not mentor.paused]
    return {
        "mentors": len(pool.mentors),
        "mentees": len(columns_by_member(pool)),
        "coverage": result.coverage,
        "pairs": len(found.pairs),
        "wanted": sum(mentee.wanted for mentee in pool.mentees),
        "places": sum(mentor.places for mentor in mentors),
        "mentors_used": len(np.unique(found.pairs[:, 0])),
        "acceptable": int(by_mentee(pool, acceptable).sum()),
        "total": result.total_weight,
        "bound": result.bound,
        "gap": result.gap,
        "floor": result.floor,
        "minutes_used": int(posed.problem.minutes_of(found.pairs).sum()),
        "minutes_given": sum(mentor.minutes for mentor in mentors),
        "without_slot": sum(slot is None for slot in slots),
        "served": sorted(served),
        # Places are more than people where some have boards.
        **({} if posed.problem.n_mentees == len(columns_by_member(pool)) else {"columns": posed.problem.n_mentees}),
    }


def plain_unmatched(found: Found) -> list[dict[str, Any]]:
    """Return those who got nobody: mentees with the reason, and mentors with room to spare.

    A mentee's `why` is "no_room" (mentors who fit are taken), or the code that rules out most mentors; `codes` counts
    them all.
    """
    codes, pool = found.posed.scores.codes, found.posed.pool
    unmatched: list[dict[str, Any]] = []
    matched_mentors, matched_columns = (set(found.result.pairs[:, side].tolist()) for side in (0, 1))
    for mentee, columns in columns_by_member(pool).items():
        if not matched_columns.isdisjoint(columns):
            continue
        own = codes_on_board(codes[:, columns])
        counts = {Code(code).name: int(n) for code, n in zip(*np.unique(own, return_counts=True), strict=True)}
        acceptable = counts.pop("ACCEPTABLE", 0)
        why = "no_room" if acceptable else max(counts, key=lambda name: counts[name], default="nobody").lower()
        unmatched.append(
            {"membership_id": mentee, "side": "mentee", "why": why, "acceptable": acceptable, "codes": counts}
        )
    by_member = by_mentee(pool, codes == Code.ACCEPTABLE)
    for row, mentor in enumerate(pool.mentors):
        if (
            row in matched_mentors
            or mentor.paused
            or not pool.mentors[row].places > 0
            or not found.posed.problem.places[row] > 0
        ):
            continue
        acceptable = int(by_member[row].sum())
        unmatched.append({"membership_id": mentor.key, "side": "mentor", "why": "not_needed", "acceptable": acceptable})
    return unmatched
