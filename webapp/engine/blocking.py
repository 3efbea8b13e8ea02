"""How many pairs would both rather have each other than whom they are given."""

from typing import Any

from matcher import find_blocking_pairs
from matcher.ranks import rank_wishes, with_ranks
from matcher.timed_matching import TimedMatch
from webapp.engine.posing import Posed
from webapp.engine.snapshots import interests_in

MOST_PAIRS = 8_000_000
"""Larger pools are not counted: every mentor is weighed against every mentee, and ranks of all pairs are kept."""


def count_blocking(posed: Posed, snapshot: dict[str, Any], timed: TimedMatch) -> int | None:
    """Count them exactly, wishes first and fits next, whatever the objective was; None for a pool that is too large.

    Pairs that could not meet beside the others, and so were ruled out, do not count; of a board a mentor counts once.
    """
    problem = timed.unpinned
    if problem.n_mentors * problem.n_mentees > MOST_PAIRS:
        return None
    if problem.mentor_ranks is None:
        problem = with_ranks(problem, *rank_wishes(posed.pool, interests_in(snapshot)))
    pairs = find_blocking_pairs(problem, timed.result.pairs)
    return len({(mentor, int(problem.person[column])) for mentor, column in pairs.tolist()})
