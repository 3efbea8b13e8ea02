"""Wishes as ranks, for stable matchings."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from matcher.arrays import IntArray
from matcher.people import Interest
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.problem_changes import with_changes

__all__ = ["rank_wishes", "with_ranks"]


def rank_wishes(pool: Pool, interests: Iterable[Interest]) -> tuple[IntArray, IntArray]:
    """
    Give the ranks of both sides, int64 of shape (n_mentors, n_mentees); -1 where nobody wished.

    "Not for me" is no rank: its pair has a low weight, and that puts it last.
    """
    ranks = {side: np.full(pool.shape, -1, dtype=np.int64) for side in ("mentor", "mentee")}
    for wish in interests:
        if wish.positive:
            ranks[wish.side][pool.mentor_index(wish.mentor), pool.mentee_index(wish.mentee)] = wish.rank
    return ranks["mentor"], ranks["mentee"]


def with_ranks(problem: Problem, mentor_ranks: Any, mentee_ranks: Any) -> Problem:
    """Give the same problem with ranks."""
    return with_changes(problem, mentor_ranks=mentor_ranks, mentee_ranks=mentee_ranks)
