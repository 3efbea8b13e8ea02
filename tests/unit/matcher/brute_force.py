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


@dataclass
class BestRepair:
    """The best values of a repair, level by level."""

    coverage: int
    kept: int
    total: float


def repair_by_trying(given: Given, accepted, open_offers, declined, most_withdrawn) -> BestRepair:
    """Return the best repair; the open offers are acceptable and no board holds two of one mentor's pairs."""
    existing = {*accepted, *open_offers}
    possible = {tuple(pair) for pair in np.argwhere(~np.isnan(given.weights)).tolist()} - set(declined) | existing
    pairs = np.array(sorted(possible), dtype=int).reshape(-1, 2)
    mentors, mentees = pairs.T
    n = len(pairs)
    subsets = ((np.arange(2**n)[:, np.newaxis] >> np.arange(n)) & 1).astype(float)
    stands = np.array([tuple(pair) in existing for pair in pairs.tolist()], dtype=bool)
    offered = np.array([tuple(pair) in set(open_offers) for pair in pairs.tolist()], dtype=bool)
    minutes = np.zeros(n) if given.minutes is None else np.broadcast_to(given.minutes, given.weights.shape)[*pairs.T]
    n_mentors, n_mentees = given.weights.shape
    limits = [(mentors == j, np.ones(n), given.mentor_capacity[j]) for j in range(n_mentors)]
    limits += [(mentees == i, np.ones(n), given.mentee_capacity[i]) for i in range(n_mentees)]
    if given.mentor_minutes is not None:
        limits += [(mentors == j, minutes, given.mentor_minutes[j]) for j in range(n_mentors)]
    fine = (subsets[:, stands & ~offered] == 1).all(axis=1)
    for whose, taken, limit in limits:
        if (whose * taken)[stands].sum() > limit:  # nothing new, and what is there may stay
            fine &= subsets @ (whose & ~stands) == 0
        else:
            fine &= subsets @ (whose * taken) <= limit
    person = np.asarray(range(n_mentees) if given.person is None else given.person, dtype=int)
    for number in set(person.tolist()):
        for j in range(n_mentors):
            fine &= subsets @ ((mentors == j) & (person[mentees] == number)) <= 1
    kept = subsets @ offered
    if most_withdrawn is not None:
        fine &= offered.sum() - kept <= most_withdrawn
    coverage = sum((subsets @ (person[mentees] == number) > 0).astype(int) for number in set(person.tolist()))
    coverage = np.broadcast_to(coverage, len(subsets))
    weights = np.nan_to_num(given.weights[mentors, mentees])
    first = fine & (coverage == coverage[fine].max())
    second = first & (kept == kept[first].max())
    return BestRepair(int(coverage[fine].max()), int(kept[first].max()), float((subsets @ weights)[second].max()))
