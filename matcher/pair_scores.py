"""Scores of single pairs, many at a time, where the scores of the whole pool are too much to keep."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.arrays import IntArray
from matcher.criteria import NEUTRAL
from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.scoring import score
from matcher.settings import Settings

__all__ = ["PairScore", "score_pairs"]

BATCH = 64
"""Pairs scored at once: enough that calls cost little, few enough that a block of all with all does so too."""


@dataclass(frozen=True, slots=True)
class PairScore:
    """
    The scores of one pair.

    Attributes
    ----------
    mentor : Mentor
    mentee : Mentee
    parts : dict of str to float
        For each criterion the score in [0, 1].
    stated : dict of str to bool
        For each criterion whether both sides stated what it needs.
    shared_minutes : int
        Minutes a week both have free.
    potential : float
        Weighted mean of the parts, whether or not the pair is acceptable.
    wishes : tuple of float
        What the mentor and what the mentee wished, in [0, 1]; 0.5 is nothing said.
    """

    mentor: Mentor
    mentee: Mentee
    parts: dict[str, float]
    stated: dict[str, bool]
    shared_minutes: int
    potential: float
    wishes: tuple[float, float]


def score_pairs(pool: Pool, settings: Settings, pairs: IntArray) -> Iterator[PairScore]:
    """
    Score some pairs, in their order.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    pairs : ndarray of int, shape (n, 2)
        Mentor, mentee.

    Notes
    -----
    The values are those of `matcher.scoring.score`, to the last bit. Batches of pairs are scored all with all, O(n)
    calls of vectorised work on `BATCH` squared pairs.

    Examples
    --------
    >>> from matcher.people import Mentee, Mentor
    >>> lee = Mentee("lee", "lee", "UTC", topics=("burnout", "fellowship_application"))
    >>> pool = Pool.build([Mentor("mo", "mo", "UTC", topics=("burnout",))], [lee])
    >>> [pair] = score_pairs(pool, Settings(), np.array([[0, 0]]))
    >>> round(pair.parts["topics"], 3), pair.stated["languages"]
    (0.667, False)
    """
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        mentors, rows = np.unique(batch[:, 0], return_inverse=True)
        mentees, columns = np.unique(batch[:, 1], return_inverse=True)
        block = pool.take(mentors, mentees)
        scores = score(block, settings)
        said = {(int(j), int(i), int(side)): float(value) for j, i, side, value in block.wishes}
        for j, i in zip(rows.tolist(), columns.tolist(), strict=True):
            yield PairScore(
                mentor=block.mentors[j],
                mentee=block.mentees[i],
                parts={name: float(part[j, i]) for name, part in scores.parts.items()},
                stated={name: bool(part[j, i]) for name, part in scores.stated.items()},
                shared_minutes=int(scores.shared_minutes[j, i]),
                potential=float(scores.potential[j, i]),
                wishes=(said.get((j, i, 0), NEUTRAL), said.get((j, i, 1), NEUTRAL)),
            )
