"""Two matchings of one problem side by side: who gains, who loses, who moves."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matcher.arrays import as_pairs
from matcher.problem import Problem
from matcher.result import Matching

_SAME = 1e-9  # satisfactions closer than this are equal


@dataclass(frozen=True, slots=True)
class Totals:
    """What one matching reaches."""

    pairs: int
    coverage: int
    total_weight: float
    floor: float


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one person.

    Attributes
    ----------
    mentees : tuple of int
        Her columns.
    before, after : tuple of int
        Her mentors, sorted.
    satisfaction_before, satisfaction_after : float
        The sums of her weights.
    """

    mentees: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    satisfaction_before: float
    satisfaction_after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two matchings side by side.

    Attributes
    ----------
    first, second : Totals
    gains, losses : tuple of Change
        Persons whose satisfaction rises, and falls; the largest change first.
    moved : tuple of Change
        Persons with other mentors than before and the same satisfaction.
    added, removed : tuple of (int, int)
        Pairs of the second matching alone, and of the first alone.
    """

    first: Totals
    second: Totals
    gains: tuple[Change, ...]
    losses: tuple[Change, ...]
    moved: tuple[Change, ...]
    added: tuple[tuple[int, int], ...]
    removed: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def compare(problem: Problem, first: Any, second: Any) -> Comparison:
    """Put two matchings of a problem side by side.

    Parameters
    ----------
    problem
        The problem.
    first, second
        int, shape (n_pairs, 2): acceptable pairs.

    Returns
    -------
    Comparison
        From the first to the second.

    Examples
    --------
    >>> problem = Problem([[0.9, 0.8], [0.7, 0.1]], mentor_capacity=1, mentee_capacity=1)
    >>> found = compare(problem, [(0, 0), (1, 1)], [(0, 1), (1, 0)])
    >>> [change.mentees for change in found.gains], [change.mentees for change in found.losses]
    ([(1,)], [(0,)])
    """
    before, after = (Matching.of(problem, as_pairs(pairs)) for pairs in (first, second))
    changes = _changes(problem, before, after)
    one, other = ({(j, i) for j, i in matching.pairs.tolist()} for matching in (before, after))
    return Comparison(
        first=_totals(before),
        second=_totals(after),
        gains=tuple(change for rise, change in changes if rise > _SAME),
        losses=tuple(change for rise, change in changes[::-1] if rise < -_SAME),
        moved=tuple(change for rise, change in changes if abs(rise) <= _SAME),
        added=tuple(sorted(other - one)),
        removed=tuple(sorted(one - other)),
    )


def _totals(matching: Matching) -> Totals:
    return Totals(len(matching.pairs), matching.coverage, matching.total_weight, matching.floor)


def _changes(problem: Problem, before: Matching, after: Matching) -> list[tuple[float, Change]]:
    """Return how much everybody's satisfaction rises whose mentors change, the largest rise first."""
    sums = [np.bincount(problem.person, m.satisfaction, minlength=problem.n_persons) for m in (before, after)]
    mentors = [_mentors_by_person(problem, matching) for matching in (before, after)]
    columns = [np.flatnonzero(problem.person == person) for person in range(problem.n_persons)]
    changes = [
        (
            float(sums[1][person] - sums[0][person]),
            Change(
                mentees=tuple(columns[person].tolist()),
                before=tuple(mentor for mentor, _ in mentors[0][person]),
                after=tuple(mentor for mentor, _ in mentors[1][person]),
                satisfaction_before=float(sums[0][person]),
                satisfaction_after=float(sums[1][person]),
            ),
        )
        for person in range(problem.n_persons)
        if mentors[0][person] != mentors[1][person]
    ]
    return sorted(changes, key=lambda found: (-found[0], found[1].mentees))


def _mentors_by_person(problem: Problem, matching: Matching) -> list[list[tuple[int, int]]]:
    """Return mentor and column of each person's pairs, sorted."""
    held: list[list[tuple[int, int]]] = [[] for _ in range(problem.n_persons)]
    for mentor, mentee in matching.pairs.tolist():
        held[int(problem.person[mentee])].append((mentor, mentee))
    return held
