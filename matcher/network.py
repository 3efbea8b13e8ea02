"""The problem as a network: flat arrays of pairs under labels whose order the seed decides.

Solvers break ties by the order of rows and columns. Here both are shuffled by the seed, so that nobody is
preferred for standing first on a list, and the same seed gives the same pairs again.

In a large pool the network holds the pairs on the mentees' lists (`matcher.candidates`) and those that
`matcher.pricing` adds later; never all.
"""

from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, as_pairs
from matcher.candidates import find_candidates
from matcher.prices import Prices
from matcher.problem import Problem


@dataclass(eq=False)
class Network:
    """Pairs that some matching can have. Pairs are only ever added, at the end, so that indices stay true.

    Mentors, mentees and persons carry *labels* here: their places in the shuffled order. What is named
    ``..._order`` holds the number in the problem for each label.

    Attributes
    ----------
    problem : Problem
        Where the pairs come from.
    executor : Executor or None
        Where chunks of weights are read.
    spread : float
        As in `matcher.candidates.Candidates`.
    complete : bool
        Whether all pairs that some matching can have are here.
    mentor, mentee : IntArray
        Labels of each pair, shape (n_pairs,).
    weight, minutes : FloatArray
        Weight and minutes of each pair, shape (n_pairs,).
    pinned : BoolArray
        Which pairs must be chosen, shape (n_pairs,).
    offered : BoolArray
        Which pairs are open offers, shape (n_pairs,).
    places, mentor_minutes, mixed, first_prices : array
        Of each mentor, shape (n_mentors,); minutes are infinite without any.
    wanted, person_of : IntArray
        Of each mentee, shape (n_mentees,).
    person_wanted, person_columns, person_priority : array
        Of each person, shape (n_persons,).
    priority_unit : float
        The largest priority in the problem, which is 1 here: solvers have absolute tolerances.
    """

    problem: Problem
    executor: Executor | None
    spread: float
    complete: bool
    mentor_order: IntArray
    mentee_order: IntArray
    person_order: IntArray
    places: IntArray
    mentor_minutes: FloatArray
    mixed: BoolArray
    first_prices: FloatArray
    wanted: IntArray
    person_of: IntArray
    person_wanted: IntArray
    person_columns: IntArray
    person_priority: FloatArray
    priority_unit: float
    mentor: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    mentee: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    weight: FloatArray = field(default_factory=lambda: np.empty(0))
    minutes: FloatArray = field(default_factory=lambda: np.empty(0))
    pinned: BoolArray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    offered: BoolArray = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    @property
    def n_pairs(self) -> int:
        """How many pairs there are to choose from."""
        return len(self.mentor)

    @property
    def person(self) -> IntArray:
        """The person of each pair, shape (n_pairs,)."""
        return self.person_of[self.mentee]

    def pairs(self, chosen: IntArray) -> IntArray:
        """Return the chosen pairs (indices) with the problem's own numbers, sorted, shape (n, 2)."""
        mentors = self.mentor_order[self.mentor[chosen]]
        mentees = self.mentee_order[self.mentee[chosen]]
        return as_pairs(np.column_stack([mentors, mentees]))

    def keys(self, indices: IntArray) -> IntArray:
        """Return one number for each pair (index): the mentee's number, then the mentor's, in the problem."""
        mentees = self.mentee_order[self.mentee[indices]]
        return mentees * len(self.places) + self.mentor_order[self.mentor[indices]]

    def add(self, mentors: IntArray, mentees: IntArray, weights: FloatArray) -> IntArray:
        """Add pairs, given with the problem's numbers and each once, and return the indices of all of them.

        Pairs that are here already keep their index. O((n + m) log n) time for n pairs here and m given.
        """
        here = self.keys(np.arange(self.n_pairs))
        order = np.argsort(here)
        keys = mentees * len(self.places) + mentors
        at = np.searchsorted(here, keys, sorter=order)
        known = np.zeros(len(keys), dtype=np.bool_)
        inside = at < len(here)
        known[inside] = here[order[at[inside]]] == keys[inside]
        indices = np.empty(len(keys), dtype=np.int64)
        indices[known] = order[at[known]]
        indices[~known] = self.n_pairs + np.arange(len(keys) - known.sum())
        self._append(mentors[~known], mentees[~known], weights[~known])
        return indices

    def in_problem(self, prices: Prices, level: str) -> Prices:
        """Return a level's prices with the problem's own numbers and unit of priority."""
        unit = self.priority_unit if level == "priority" else 1.0
        return Prices(
            mentee=back(prices.mentee * unit, self.mentee_order),
            person=back(prices.person * unit, self.person_order),
            mentor=back(prices.mentor * unit, self.mentor_order),
            minutes=back(prices.minutes * unit, self.mentor_order),
            coverage=prices.coverage * unit,
            priority=prices.priority / self.priority_unit,
            kept=prices.kept,
        )

    def unit_of(self, level: str) -> float:
        """Return what 1 at a level is in the problem: its unit of priority, and else 1."""
        return self.priority_unit if level == "priority" else 1.0

    def in_units(self, bound: float | None, level: str) -> float | None:
        """Return a level's bound in the problem's unit of priority."""
        return None if bound is None else bound * self.unit_of(level)

    def _append(self, mentors: IntArray, mentees: IntArray, weights: FloatArray) -> None:
        minutes = self.problem.minutes_of(np.column_stack([mentors, mentees])).astype(np.float64)
        mentor, mentee = labels(self.mentor_order)[mentors], labels(self.mentee_order)[mentees]
        self.mentor = np.concatenate([self.mentor, mentor])
        self.mentee = np.concatenate([self.mentee, mentee])
        self.weight = np.concatenate([self.weight, weights])
        self.minutes = np.concatenate([self.minutes, minutes])
        given = mentees * len(self.places) + mentors
        pinned, offered = (
            np.isin(given, pairs[:, 1] * len(self.places) + pairs[:, 0])
            for pairs in (self.problem.pinned, self.problem.open_offers)
        )
        self.pinned = np.concatenate([self.pinned, pinned])
        self.offered = np.concatenate([self.offered, offered])


def build_network(problem: Problem, seed: int, executor: Executor | None = None, *, whole: bool = False) -> Network:
    """Collect the pairs on the mentees' lists, the pinned and the offered ones, and shuffle their order.

    Parameters
    ----------
    problem
        The problem; its pins do not clash.
    seed
        Seed of the shuffle.
    executor
        Where the chunks of weights are read; here and now by default.
    whole
        Whether to hold all pairs, however many there are.

    Returns
    -------
    Network
        With its pairs sorted by the labels of mentee and mentor. O(n_mentors n_mentees) time.
    """
    generator = np.random.default_rng(seed)
    mentor_order = generator.permutation(problem.n_mentors)
    mentee_order = generator.permutation(problem.n_mentees)
    person_order = generator.permutation(problem.n_persons)
    found = find_candidates(problem, seed, executor, whole=whole)
    given = problem.mentor_minutes
    limits = np.full(problem.n_mentors, np.inf) if given is None else given.astype(np.float64)
    unit = float(problem.priority.max(initial=0.0)) or 1.0
    network = Network(
        problem=problem,
        executor=executor,
        spread=found.spread,
        complete=found.complete,
        mentor_order=mentor_order,
        mentee_order=mentee_order,
        person_order=person_order,
        places=problem.places[mentor_order],
        mentor_minutes=limits[mentor_order],
        mixed=problem.mixed[mentor_order],
        first_prices=found.prices[mentor_order],
        wanted=problem.wanted[mentee_order],
        person_of=labels(person_order)[problem.person[mentee_order]],
        person_wanted=problem.person_wanted[person_order],
        person_columns=problem.person_columns[person_order],
        person_priority=problem.person_priority[person_order] / unit,
        priority_unit=unit,
    )
    rows, places = np.nonzero(found.weights > -np.inf)
    mentors, mentees, weights = found.mentors[rows, places], rows, found.weights[rows, places]
    pins = np.concatenate([problem.pinned, problem.open_offers])
    if len(pins):
        listed = np.isin(pins[:, 1] * problem.n_mentors + pins[:, 0], mentees * problem.n_mentors + mentors)
        pins = pins[~listed]
    mentors, mentees = np.concatenate([mentors, pins[:, 0]]), np.concatenate([mentees, pins[:, 1]])
    weights = np.concatenate([weights, problem.weights_of(pins)])
    order = np.lexsort((labels(mentor_order)[mentors], labels(mentee_order)[mentees]))
    network.add(mentors[order], mentees[order], weights[order])
    return network


def labels(order: IntArray) -> IntArray:
    """Return the label of each number; the inverse of an order."""
    of_number = np.empty_like(order)
    of_number[order] = np.arange(len(order))
    return of_number


def back(of_label: FloatArray, order: IntArray) -> FloatArray:
    """Return values by number from values by label."""
    of_number = np.empty_like(of_label)
    of_number[order] = of_label
    return of_number
