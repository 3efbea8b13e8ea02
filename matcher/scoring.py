"""Scores of all criteria to one weight for each pair, whole or in chunks, and the problem made of them."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Chosen, rows_of
from matcher.criteria import score_criteria
from matcher.overlap import find_overlap
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.rules import apply_rules
from matcher.settings import CADENCES, CRITERIA, InvalidSettingsError, Settings

__all__ = [
    "CADENCES",
    "CHUNK",
    "CRITERIA",
    "InvalidSettingsError",
    "PoolScores",
    "PoolWeights",
    "Scores",
    "Settings",
    "build_problem",
    "score",
]

CHUNK = 1024


@dataclass(frozen=True)
class Scores:
    """
    The scores of all mentors and some mentees.

    Attributes
    ----------
    parts, stated : dict of str to ndarray, shape (n_mentors, n)
        For each criterion the score in [0, 1], and whether both sides stated what it needs.
    shared_minutes : ndarray of int64, shape (n_mentors, n)
        Minutes a week both have free.
    weights : ndarray of float64, shape (n_mentors, n)
        Weighted mean of the parts; NaN is not acceptable.
    potential : ndarray of float64, shape (n_mentors, n)
        The same for all pairs, whether acceptable or not.
    codes : ndarray of int8, shape (n_mentors, n)
        Reason codes; 0 is acceptable.
    mentees : ndarray of int64, shape (n,)
        The columns of the pool that were scored.
    """

    parts: dict[str, NDArray[np.float64]]
    stated: dict[str, NDArray[np.bool_]]
    shared_minutes: NDArray[np.int64]
    weights: NDArray[np.float64]
    potential: NDArray[np.float64]
    codes: NDArray[np.int8]
    mentees: NDArray[np.int64]

    @property
    def reason_codes(self) -> NDArray[np.int8]:
        """The same as `codes`."""
        return self.codes


def score(pool: Pool, settings: Settings, mentees: Chosen = None) -> Scores:
    """
    Score all mentors for some mentees.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    mentees : slice or sequence of int, optional
        Columns of the pool; all when left out.

    Notes
    -----
    A column's values do not depend on which other columns are scored with it.
    """
    columns = rows_of(mentees, len(pool.mentees))
    chosen = pool if mentees is None else pool.take(mentees=columns)
    overlap = find_overlap(chosen, settings)
    parts = score_criteria(chosen, settings, overlap)
    potential = np.zeros(chosen.shape)
    whole = sum(settings.weights.values())
    for name, part in parts.items():
        potential += settings.weights.get(name, 0.0) / whole * part.score
    np.clip(potential, 0.0, 1.0, out=potential)
    codes = apply_rules(chosen, settings, parts, overlap, potential)
    return Scores(
        parts={name: part.score for name, part in parts.items()},
        stated={name: part.stated for name, part in parts.items()},
        shared_minutes=overlap.minutes,
        weights=np.where(codes == 0, potential, np.nan),
        potential=potential,
        codes=codes,
        mentees=columns,
    )


@dataclass(frozen=True)
class PoolScores:
    """
    What is kept of the scores of a whole pool.

    Attributes
    ----------
    weights : ndarray of float64, shape (n_mentors, n_mentees)
        NaN is not acceptable.
    codes : ndarray of int8, shape (n_mentors, n_mentees)
        Reason codes; 0 is acceptable.
    """

    weights: NDArray[np.float64]
    codes: NDArray[np.int8]


@dataclass(frozen=True)
class PoolWeights:
    """The weights of a pool by chunks of mentees, for pools too large to be scored at once."""

    pool: Pool
    settings: Settings

    @property
    def shape(self) -> tuple[int, int]:
        """Number of mentors, number of mentees."""
        return self.pool.shape

    def chunk(self, start: int, stop: int) -> NDArray[np.float64]:
        """Score the mentees from start to stop."""
        return score(self.pool, self.settings, slice(start, stop)).weights


def build_problem(
    pool: Pool,
    settings: Settings,
    pinned: Iterable[tuple[int, int]] = (),
    *,
    progress: Callable[[float], None] | None = None,
    executor: Executor | None = None,
) -> tuple[Problem, PoolScores]:
    """
    Make the problem of a pool: weights, places, minutes, mentors wanted and priorities.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    pinned : iterable of (int, int)
        Pairs (mentor, mentee) that must be matched.
    progress : callable, optional
        Told the share of mentees scored.
    executor : Executor, optional
        Where chunks are scored, in threads; here and now by default.

    Returns
    -------
    Problem, PoolScores

    Notes
    -----
    Of 10,000 mentees and 5,000 mentors all parts of all scores would be 6 GB: they are scored in chunks, and only what
    a solve and its report need is kept. `matcher.pair_scores.score_pairs` gives the parts of the pairs found.
    """
    n_mentees = len(pool.mentees)
    scores = PoolScores(np.full(pool.shape, np.nan), np.zeros(pool.shape, dtype=np.int8))

    def keep(start: int) -> int:
        chunk = slice(start, start + CHUNK)
        scored = score(pool, settings, chunk)
        scores.weights[:, chunk], scores.codes[:, chunk] = scored.weights, scored.codes
        return start

    starts = range(0, n_mentees, CHUNK)
    for start in map(keep, starts) if executor is None else executor.map(keep, starts):
        if progress is not None:
            progress(min(start + CHUNK, n_mentees) / n_mentees)
    priority = np.array([mentee.priority for mentee in pool.mentees], dtype=np.float64)
    problem = Problem(
        scores.weights,
        np.array([0 if mentor.paused else mentor.places for mentor in pool.mentors], dtype=np.int64),
        np.array([mentee.wanted for mentee in pool.mentees], dtype=np.int64),
        minutes=pair_minutes(pool, settings),
        mentor_minutes=np.array([mentor.minutes for mentor in pool.mentors], dtype=np.int64),
        pinned=np.array(list(pinned), dtype=np.int64).reshape(-1, 2),
        priority=priority if priority.any() else None,
        person=pool.persons,
    )
    return problem, scores


def pair_minutes(pool: Pool, settings: Settings) -> NDArray[np.int64]:
    """Give the minutes a month that each mentee takes of a mentor: the programme's, or fewer if she asks."""
    whole = settings.monthly_minutes
    return np.array([min(m.minutes or whole, whole) for m in pool.mentees], dtype=np.int64)
