"""What a matching gives and takes: coverage, satisfaction and burden, overall and by group."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matcher.arrays import FloatArray, IntArray, as_pairs
from matcher.blocking_pairs import find_blocking_pairs
from matcher.problem import Problem
from matcher.result import Matching

ALL = "all"
"""The group of everybody."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How some numbers lie: the least, the middle, the mean and the most; all 0 if there are none."""

    least: float
    median: float
    mean: float
    most: float

    @classmethod
    def of(cls, values: FloatArray) -> "Spread":
        """Measure some numbers."""
        if not len(values):
            return cls(0.0, 0.0, 0.0, 0.0)
        least, median, most = (float(value) for value in np.quantile(values, [0, 0.5, 1]))
        return cls(least, median, float(values.mean()), most)


@dataclass(frozen=True, slots=True)
class Received:
    """What a group of mentees receives.

    Attributes
    ----------
    group, value : str
        The column the group comes from, and its value there; ``"all"`` and ``""`` for everybody.
    persons, covered : int
        How many there are, and how many have at least one mentor.
    coverage : float
        The share of the covered; 0 in an empty group.
    wanted, pairs : int
        Mentors wanted, and found.
    satisfaction : Spread
        Of the summed weights of the covered.
    """

    group: str
    value: str
    persons: int
    covered: int
    coverage: float
    wanted: int
    pairs: int
    satisfaction: Spread


@dataclass(frozen=True, slots=True)
class Burden:
    """What a group of mentors gives.

    Attributes
    ----------
    group, value : str
        As for `Received`.
    mentors, used : int
        How many there are, and how many have a mentee.
    places, pairs : int
        Mentees they would take, and have.
    minutes_given, minutes : int
        Minutes a month they would give, and give; 0 without minutes.
    share : Spread
        Of each mentor's places that are taken, in [0, 1], over mentors with places.
    """

    group: str
    value: str
    mentors: int
    used: int
    places: int
    pairs: int
    minutes_given: int
    minutes: int
    share: Spread


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one matching.

    Attributes
    ----------
    received, burden : tuple
        Of everybody first, then of each group in the order of its columns and values.
    blocking_pairs : tuple of (int, int)
        Mentor and mentee who would rather have each other.
    """

    received: tuple[Received, ...]
    burden: tuple[Burden, ...]
    blocking_pairs: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def make_report(
    problem: Problem,
    pairs: Any,
    *,
    mentee_groups: Mapping[str, Sequence[str]] | None = None,
    mentor_groups: Mapping[str, Sequence[str]] | None = None,
) -> Report:
    """Measure a matching.

    Parameters
    ----------
    problem
        The problem.
    pairs
        int, shape (n_pairs, 2): a matching of the problem.
    mentee_groups
        For each name of a column one value for each mentee's column. A person counts with her first column.
    mentor_groups
        For each name of a column one value for each mentor.

    Returns
    -------
    Report
        O(n_mentors n_mentees) time, for the blocking pairs.

    Raises
    ------
    ValueError
        If a group has not one value for everybody.
    """
    matching = Matching.of(problem, as_pairs(pairs))
    first = np.unique(problem.person, return_index=True)[1]
    received = [_received(problem, matching, ALL, "", np.arange(problem.n_persons))]
    for group, values in (mentee_groups or {}).items():
        labels = _checked(group, values, problem.n_mentees)[first]
        received += [
            _received(problem, matching, group, value, np.flatnonzero(labels == value))
            for value in sorted(set(labels.tolist()))
        ]
    burden = [_burden(problem, matching, ALL, "", np.arange(problem.n_mentors))]
    for group, values in (mentor_groups or {}).items():
        labels = _checked(group, values, problem.n_mentors)
        burden += [
            _burden(problem, matching, group, value, np.flatnonzero(labels == value))
            for value in sorted(set(labels.tolist()))
        ]
    blocking = find_blocking_pairs(problem, matching.pairs)
    return Report(tuple(received), tuple(burden), tuple((j, i) for j, i in blocking.tolist()))


def _checked(group: str, values: Sequence[str], n: int) -> Any:
    if len(values) != n:
        raise ValueError(f"the group {group} has {len(values)} values for {n} people")
    return np.array([str(value) for value in values], dtype=object)


def _received(problem: Problem, matching: Matching, group: str, value: str, persons: IntArray) -> Received:
    of_person = np.zeros(problem.n_persons)
    np.add.at(of_person, problem.person, matching.satisfaction)
    wanted = np.zeros(problem.n_persons, dtype=np.int64)
    np.add.at(wanted, problem.person, problem.mentee_capacity)
    held = np.bincount(problem.person[matching.pairs[:, 1]], minlength=problem.n_persons)
    covered = persons[matching.covered[persons]]
    return Received(
        group=group,
        value=value,
        persons=len(persons),
        covered=len(covered),
        coverage=len(covered) / len(persons) if len(persons) else 0.0,
        wanted=int(wanted[persons].sum()),
        pairs=int(held[persons].sum()),
        satisfaction=Spread.of(of_person[covered]),
    )


def _burden(problem: Problem, matching: Matching, group: str, value: str, mentors: IntArray) -> Burden:
    held = np.bincount(matching.pairs[:, 0], minlength=problem.n_mentors)
    minutes = np.zeros(problem.n_mentors, dtype=np.int64)
    np.add.at(minutes, matching.pairs[:, 0], problem.minutes_of(matching.pairs))
    given = problem.mentor_minutes if problem.mentor_minutes is not None else np.zeros_like(minutes)
    offering = mentors[problem.mentor_capacity[mentors] > 0]
    shares: FloatArray = np.true_divide(held[offering], problem.mentor_capacity[offering], dtype=np.float64)
    return Burden(
        group=group,
        value=value,
        mentors=len(mentors),
        used=int((held[mentors] > 0).sum()),
        places=int(problem.mentor_capacity[mentors].sum()),
        pairs=int(held[mentors].sum()),
        minutes_given=int(given[mentors].sum()),
        minutes=int(minutes[mentors].sum()),
        share=Spread.of(shares),
    )
