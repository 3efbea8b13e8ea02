"""
One pure function for each criterion: all pairs of a pool to scores in [0, 1].

Each returns a `Part`: the score, and whether both sides stated what it needs. A missing answer is neutral (0.5).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import stated
from matcher.overlap import Overlap
from matcher.pool import Pool
from matcher.settings import Settings

__all__ = [
    "NEUTRAL",
    "Part",
    "availability",
    "background",
    "interest",
    "languages",
    "levels",
    "score_criteria",
    "specialty",
    "stage",
    "topics",
]

NEUTRAL = 0.5


class Part(NamedTuple):
    """
    One criterion over all pairs.

    Attributes
    ----------
    score : ndarray of float64, shape (n_mentors, n_mentees)
    stated : ndarray of bool, shape (n_mentors, n_mentees)
    """

    score: NDArray[np.float64]
    stated: NDArray[np.bool_]


def specialty(pool: Pool) -> Part:
    """Score the best tie in the graph between a mentee's interest and a mentor's practice."""
    # Only what somebody wishes for is looked at: one mentee among thousands of mentors names few specialties.
    named, wanted = np.unique(pool.interests, return_inverse=True)
    similarity = pool.taxonomy.similarity[:, named] * (named >= 0)  # -1 is the padding
    # reach[j, s]: how close mentor j's practice comes to the specialty named[s].
    reach = np.zeros((pool.shape[0], len(named)))
    for practised in np.flatnonzero(pool.practice.any(axis=0)).tolist():
        rows = pool.practice[:, practised]
        reach[rows] = np.maximum(reach[rows], similarity[practised])
    score = np.zeros(pool.shape)
    for column in wanted.reshape(pool.interests.shape).T:
        np.maximum(score, reach[:, column], out=score)
    return _neutral(score, stated(pool.practice), stated(pool.interests))


def topics(pool: Pool) -> Part:
    """Score the share of a mentee's needs that a mentor offers; the first need counts double."""
    covered = pool.offered.astype(np.float64) @ pool.needs.T
    wanted = pool.needs.sum(axis=1)
    score = covered / np.where(wanted > 0, wanted, 1.0)
    return _neutral(score, stated(pool.offered), wanted > 0)


def levels(pool: Pool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the level of each mentor's and each mentee's stage; NaN is "not stated"."""
    known = np.array([*(stage.level for stage in pool.taxonomy.stages.values()), np.nan])
    return known[pool.mentor_side.stages], known[pool.mentee_side.stages]


def stage(pool: Pool, settings: Settings) -> Part:
    """Score how far the mentor is ahead, up to far enough; a stage the mentor does not welcome scores 0."""
    mine, theirs = levels(pool)
    ahead = (mine[:, np.newaxis] - theirs) / settings.stage_ahead
    score = np.clip(np.nan_to_num(ahead), 0.0, 1.0) * pool.welcome[:, pool.mentee_side.stages]
    return _neutral(score, ~np.isnan(mine), ~np.isnan(theirs))


def availability(overlap: Overlap, settings: Settings) -> Part:
    """Score shared hours, up to enough of them."""
    score = np.minimum(overlap.minutes / settings.full_shared_minutes, 1.0)
    return Part(np.where(overlap.stated, score, NEUTRAL), overlap.stated)


def languages(pool: Pool) -> Part:
    """Score 1 for a shared language."""
    mine, theirs = pool.mentor_side.languages, pool.mentee_side.languages
    score = (mine.astype(np.float32) @ theirs.T.astype(np.float32) > 0).astype(np.float64)
    return _neutral(score, stated(mine), stated(theirs))


def background(pool: Pool) -> Part:
    """Score the share of a mentee's opt-in facts that the mentor shares; to state a fact never lowers a pair."""
    mine, theirs = pool.mentor_side.background, pool.mentee_side.background
    told = theirs.sum(axis=1)
    shared = mine.astype(np.float64) @ theirs.T.astype(np.float64) / np.where(told > 0, told, 1)
    return _neutral(NEUTRAL + (1.0 - NEUTRAL) * shared, stated(mine), stated(theirs))


def interest(pool: Pool) -> Part:
    """Score the mean of both sides' wishes; a side that said nothing is neutral."""
    sides = np.full((2, *pool.shape), NEUTRAL)
    told = np.zeros(pool.shape, dtype=np.bool_)
    mentor, mentee, side = pool.wishes[:, :3].astype(np.int64).T
    sides[side, mentor, mentee] = pool.wishes[:, 3]
    told[mentor, mentee] = True
    return Part(sides.mean(axis=0), told)


def score_criteria(pool: Pool, settings: Settings, overlap: Overlap) -> dict[str, Part]:
    """Score every criterion, by name."""
    return {
        "specialty": specialty(pool),
        "topics": topics(pool),
        "stage": stage(pool, settings),
        "availability": availability(overlap, settings),
        "languages": languages(pool),
        "background": background(pool),
        "interest": interest(pool),
    }


def _neutral(score: NDArray[np.float64], mentors: NDArray[np.bool_], mentees: NDArray[np.bool_]) -> Part:
    both = mentors[:, np.newaxis] & mentees
    return Part(np.where(both, score, NEUTRAL), both)
