"""One person with other answers, several times over, as a pool: to score many cases at once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.availability import cells
from matcher.columns import Bools, Number, Side, Vocabulary
from matcher.people import Mentee, Mentor
from matcher.pool import Pool

__all__ = ["mentee_variants", "mentor_variants", "with_mentors"]


def mentee_variants(pool: Pool, mentee: int, variants: Sequence[Mentee]) -> Pool:
    """Return a pool of all mentors and one mentee's `variants`, with her wishes and exclusions for each.

    Notes
    -----
    Hours, topics and specialties are taken from the variants, everything else from her column: nothing else may differ.
    """
    words = _words(pool)
    side = replace(pool.mentee_side.take(np.full(len(variants), mentee)), free=_free(variants))
    return replace(
        pool,
        mentees=tuple(variants),
        mentee_side=side,
        interests=words.interests(variants),
        needs=words.needs(variants),
        wishes=_repeat(pool.wishes, 1, mentee, len(variants)),
        barred=_repeat(pool.barred, 1, mentee, len(variants)),
        positions=(pool.positions[0], {}),
    )


def mentor_variants(pool: Pool, mentor: int, variants: Sequence[Mentor]) -> Pool:
    """Return a pool of one mentor's `variants` and all mentees, as `mentee_variants`."""
    side = replace(pool.mentor_side.take(np.full(len(variants), mentor)), free=_free(variants))
    return replace(
        with_mentors(pool, variants, side),
        wishes=_repeat(pool.wishes, 0, mentor, len(variants)),
        barred=_repeat(pool.barred, 0, mentor, len(variants)),
    )


def with_mentors(pool: Pool, mentors: Sequence[Mentor], side: Side) -> Pool:
    """Return a pool of other mentors, of whom nothing is known but what they and `side` say, and all mentees."""
    words = _words(pool)
    return replace(
        pool,
        mentors=tuple(mentors),
        mentor_side=side,
        practice=words.practice(mentors),
        offered=words.offered(mentors),
        welcome=words.welcome(mentors),
        wishes=pool.wishes[:0],
        barred=pool.barred[:0],
        positions=({}, pool.positions[1]),
    )


def _words(pool: Pool) -> Vocabulary:
    """Return what turns answers of the vocabulary into columns; free words stay as the pool has them."""
    return Vocabulary(pool.taxonomy, {}, {}, {}, {})


def _free(people: Sequence[Mentor] | Sequence[Mentee]) -> Bools:
    return np.stack([cells(person.windows) for person in people])


def _repeat(table: NDArray[Number], axis: int, number: int, times: int) -> NDArray[Number]:
    """Repeat the lines about one person for each of her variants."""
    lines = table[table[:, axis] == number]
    repeated = np.tile(lines, (times, 1))
    repeated[:, axis] = np.repeat(np.arange(times), len(lines))
    return repeated
