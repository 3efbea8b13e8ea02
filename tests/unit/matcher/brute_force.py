"""The best matching by trying every subset of pairs; shares nothing with the engine."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.strategies import Given


@dataclass
class Best:
    """The best values there are; `total_above` gives the largest total at full coverage with a floor."""

    coverage: int
    priority: float
    total: float
    largest_total: float
    floor: float
    total_above: Callable[[float], float]


def try_everything(given: Given) -> Best | None:
    """Return the best of all matchings by both objectives; None if there is no matching."""
    mentors, mentees = np.nonzero(~np.isnan(given.weights))
    n = len(mentors)
    subsets = (np.arange(2**n)[:, np.newaxis] >> np.arange(n)) & 1

    def count(where):
        return subsets @ np.asarray(where, dtype=np.float64)

    fine = np.ones(2**n, dtype=bool)
    for j, capacity in enumerate(given.mentor_capacity):
        fine &= count(mentors == j) <= capacity
    for i, capacity in enumerate(given.mentee_capacity):
        fine &= count(mentees == i) <= capacity
    if given.mentor_minutes is not None:
        minutes = np.broadcast_to(given.minutes, given.weights.shape)[mentors, mentees]
        for j, limit in enumerate(given.mentor_minutes):
            fine &= count((mentors == j) * minutes) <= limit
    for pin in given.pinned:
        fine &= count((mentors == pin[0]) & (mentees == pin[1])) == 1
    person = np.asarray(range(given.weights.shape[1]) if given.person is None else given.person, dtype=int)
    for number in set(person.tolist()):
        for j in range(given.weights.shape[0]):
            fine &= count((mentors == j) & (person[mentees] == number)) <= 1
    if not fine.any():
        return None

    coverage = np.zeros(2**n)
    priority = np.zeros(2**n)
    for number in set(person.tolist()):
        covered = count(person[mentees] == number) > 0
        coverage += covered
        if given.priority is not None:
            priority += covered * max(np.asarray(given.priority)[person == number])
    total = count(given.weights[mentors, mentees])
    best_coverage = coverage[fine].max()
    first = fine & (coverage == best_coverage)
    best_priority = priority[first].max()
    second = first & (priority >= best_priority - 1e-9)
    floor = np.full(2**n, np.inf)
    for number in set(person.tolist()):
        sums = count(np.where(person[mentees] == number, given.weights[mentors, mentees], 0.0))
        covered = count(person[mentees] == number) > 0
        floor = np.where(covered, np.minimum(floor, sums), floor)
    floor[np.isinf(floor)] = 0.0

    def total_above(least):
        return total[first & (floor >= least - 1e-9)].max()

    best_total, largest_total = total[second].max(), total[fine].max()
    return Best(int(best_coverage), best_priority, best_total, largest_total, floor[first].max(), total_above)
