"""From plain values to the problem that is solved: the pool, its weights, pins, and the pairs that hold already."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher import InvalidProblemError, Problem
from matcher.closed_pairs import without_pairs
from matcher.hour_places import close_for_free
from matcher.pair_scores import score_pairs
from matcher.pool import InvalidPoolError, Pool
from matcher.problem_changes import with_changes
from matcher.ranks import rank_wishes, with_ranks
from matcher.scoring import PoolScores, build_problem
from matcher.settings import InvalidSettingsError, Settings
from webapp.engine.boards import Pair, pairs_held, unplaced_pairs
from webapp.engine.clashes import check_room, read_pins
from webapp.engine.snapshots import interests_in, pool_of, read_bookings

__all__ = ["Pair", "Posed", "UnsolvableError", "as_timed", "pose", "read_pool", "with_hours", "with_taken"]


class UnsolvableError(Exception):
    """What was given cannot be solved, now or at another try; the message is for people."""


@dataclass(frozen=True)
class Posed:
    """A problem and what it was made of.

    In the problem, `taken` pairs are pinned like `pins`, and their minutes and places come on top of what is free: so
    who has a mentor already counts as covered, and nobody gets a second one while a first is possible for another.
    """

    pool: Pool
    settings: Settings
    scores: PoolScores
    problem: Problem
    pins: frozenset[Pair]
    taken: frozenset[Pair]


def read_pool(work: dict[str, Any]) -> tuple[Pool, Settings]:
    """Return the people and what the programme decides.

    Raises
    ------
    UnsolvableError
        With all faults.

    """
    try:
        settings = Settings.from_dict(work["settings"])
        return pool_of(work["snapshot"], tuple((mentor, mentee) for mentor, mentee in work["forbidden"])), settings
    except (InvalidSettingsError, InvalidPoolError) as error:
        raise UnsolvableError(" ".join(error.faults)) from error


def pose(work: dict[str, Any], pool: Pool, settings: Settings, tell: Callable[[float], None]) -> Posed:
    """Score all pairs and state the problem of a round.

    Raises
    ------
    ClashingPinsError
        The coordinator's pins cannot be kept.
    UnsolvableError
        The people do not make a problem.

    """
    pins = read_pins(pool, settings, work["pinned"])
    try:
        with ThreadPoolExecutor(os.cpu_count()) as executor:
            problem, scores = build_problem(pool, settings, pins, progress=tell, executor=executor)
    except InvalidProblemError as error:
        raise UnsolvableError(" ".join(error.faults)) from error
    check_room(pool, problem)
    taken = list(pairs_held(pool, work["snapshot"], work["snapshot"].get("taken", [])).values())
    problem = with_taken(pool, settings, problem, taken)
    if work["objective"] == "stable":
        problem = with_ranks(problem, *rank_wishes(pool, interests_in(work["snapshot"])))
    return Posed(pool, settings, scores, problem, frozenset(pins), frozenset(taken))


def with_taken(pool: Pool, settings: Settings, problem: Problem, taken: Sequence[Pair]) -> Problem:
    """Return the problem with pairs that hold already, and with room for them beside what is free.

    Whatever the rules say by now, such a pair may stay: it has the weight that its answers give it.
    """
    if not taken:
        return problem
    pairs = np.array(taken, dtype=np.int64)
    mentors, mentees = pairs.T
    weights = problem.chunk(0, problem.n_mentees).copy()
    weights[mentors, mentees] = [scored.potential for scored in score_pairs(pool, settings, pairs)]
    given = problem.mentor_minutes
    if given is not None:
        given = given + np.bincount(mentors, problem.minutes_of(pairs), len(given)).astype(np.int64)
    return with_changes(
        problem,
        weights=weights,
        mentor_capacity=problem.mentor_capacity + np.bincount(mentors, minlength=problem.n_mentors),
        mentee_capacity=problem.mentee_capacity + np.bincount(mentees, minlength=problem.n_mentees),
        mentor_minutes=given,
        pinned=np.concatenate([problem.pinned, pairs]),
    )


def with_hours(posed: Posed, work: dict[str, Any]) -> Problem:
    """Return the problem with the places that hours hold, and without pairs that share none."""
    booked = read_bookings(work["snapshot"].get("booked", []))
    return close_for_free(posed.pool, posed.settings, posed.problem, booked, hours_needed=False)


def as_timed(posed: Posed, work: dict[str, Any], ruled_out: Iterable[Mapping[str, Any]]) -> Problem:
    """Return the problem that was solved last: with the places that hours hold, and without pairs that found none.

    Those are as `webapp.engine.hours.plain_unplaced` tells them.
    """
    opened = with_hours(posed, work)
    cuts = unplaced_pairs(posed.pool, ruled_out)
    return without_pairs(opened, cuts) if cuts else opened
