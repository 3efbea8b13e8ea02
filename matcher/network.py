"""The problem as a network: flat arrays of pairs, in an order the seed decides.

Solvers break ties by the order of rows and columns. Here both are shuffled by the seed, so that nobody is
preferred for standing first on a list, and the same seed gives the same pairs again.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, as_pairs
from matcher.bounds import Prices
from matcher.problem import Problem
from matcher.weight_sources import WeightSource, spans

Flat = tuple[IntArray, IntArray, FloatArray]


@dataclass(frozen=True, eq=False)
class Network:
    """All pairs that some matching can have, sorted by mentee, then mentor.

    Mentors, mentees and persons carry *labels* here: their places in the shuffled order. What is named
    ``..._order`` holds the number in the problem for each label.

    Attributes
    ----------
    mentor, mentee, person : IntArray
        Labels of each pair, shape (n_pairs,).
    weight, minutes : FloatArray
        Weight and minutes of each pair, shape (n_pairs,).
    pinned : BoolArray
        Which pairs must be chosen, shape (n_pairs,).
    places, mentor_minutes, mixed : array
        Of each mentor, shape (n_mentors,); minutes are infinite without any.
    wanted, person_of : IntArray
        Of each mentee, shape (n_mentees,).
    person_wanted, person_columns, person_priority : array
        Of each person, shape (n_persons,).
    priority_unit : float
        The largest priority in the problem, which is 1 here: solvers have absolute tolerances.
    """

    mentor_order: IntArray
    mentee_order: IntArray
    person_order: IntArray
    mentor: IntArray
    mentee: IntArray
    weight: FloatArray
    minutes: FloatArray
    pinned: BoolArray
    places: IntArray
    mentor_minutes: FloatArray
    mixed: BoolArray
    wanted: IntArray
    person_of: IntArray
    person_wanted: IntArray
    person_columns: IntArray
    person_priority: FloatArray
    priority_unit: float

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

    def in_problem(self, prices: Prices, level: str) -> Prices:
        """Return a level's prices with the problem's own numbers and unit of priority."""
        unit = self.priority_unit if level == "priority" else 1.0
        return Prices(
            mentee=_back(prices.mentee * unit, self.mentee_order),
            person=_back(prices.person * unit, self.person_order),
            mentor=_back(prices.mentor * unit, self.mentor_order),
            minutes=_back(prices.minutes * unit, self.mentor_order),
            coverage=prices.coverage * unit,
            priority=prices.priority / self.priority_unit,
        )

    def in_units(self, bound: float | None, level: str) -> float | None:
        """Return a level's bound in the problem's unit of priority."""
        return bound * self.priority_unit if bound is not None and level == "priority" else bound


def build_network(problem: Problem, seed: int, executor: Executor | None = None) -> Network:
    """Collect the acceptable pairs of a problem and shuffle their order.

    Parameters
    ----------
    problem
        The problem.
    seed
        Seed of the shuffle.
    executor
        Where the chunks of weights are read; here and now by default.

    Returns
    -------
    Network
        With the pairs that some matching can have; pins are among them, as they do not clash.
        O(n_mentors n_mentees) time.
    """
    generator = np.random.default_rng(seed)
    mentor_order = generator.permutation(problem.n_mentors)
    mentee_order = generator.permutation(problem.n_mentees)
    person_order = generator.permutation(problem.n_persons)
    mentor, mentee, weight = _collect(problem, executor)
    pin_keys = problem.pinned[:, 0] * problem.n_mentees + problem.pinned[:, 1]
    pinned = np.isin(mentor * problem.n_mentees + mentee, pin_keys)
    minutes = problem.minutes_of(np.column_stack([mentor, mentee])).astype(np.float64)
    given = problem.mentor_minutes
    limits = np.full(problem.n_mentors, np.inf) if given is None else given.astype(np.float64)
    possible = (problem.places[mentor] > 0) & (problem.wanted[mentee] > 0) & (minutes <= limits[mentor])
    mentor, mentee, weight = mentor[possible], mentee[possible], weight[possible]
    minutes, pinned = minutes[possible], pinned[possible]
    mentor_label, mentee_label = _labels(mentor_order)[mentor], _labels(mentee_order)[mentee]
    order = np.lexsort((mentor_label, mentee_label))
    unit = float(problem.priority.max(initial=0.0)) or 1.0
    return Network(
        mentor_order=mentor_order,
        mentee_order=mentee_order,
        person_order=person_order,
        mentor=mentor_label[order],
        mentee=mentee_label[order],
        weight=weight[order],
        minutes=minutes[order],
        pinned=pinned[order],
        places=problem.places[mentor_order],
        mentor_minutes=limits[mentor_order],
        mixed=problem.mixed[mentor_order],
        wanted=problem.wanted[mentee_order],
        person_of=_labels(person_order)[problem.person[mentee_order]],
        person_wanted=problem.person_wanted[person_order],
        person_columns=problem.person_columns[person_order],
        person_priority=problem.person_priority[person_order] / unit,
        priority_unit=unit,
    )


def _collect(problem: Problem, executor: Executor | None) -> Flat:
    chunks = list(spans(problem.n_mentees))
    if not chunks:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    starts, stops = zip(*chunks, strict=True)
    over: Callable[..., Iterable[Flat]] = map if executor is None else executor.map
    parts = over(_acceptable_pairs, [problem.source] * len(chunks), starts, stops)
    mentors, mentees, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return mentors, mentees, weights


def _acceptable_pairs(source: WeightSource, start: int, stop: int) -> Flat:
    chunk = source.chunk(start, stop)
    mentees, mentors = np.nonzero(~np.isnan(chunk.T))
    return mentors, mentees + start, np.asarray(chunk[mentors, mentees], dtype=np.float64)


def _labels(order: IntArray) -> IntArray:
    labels = np.empty_like(order)
    labels[order] = np.arange(len(order))
    return labels


def _back(of_label: FloatArray, order: IntArray) -> FloatArray:
    of_number = np.empty_like(of_label)
    of_number[order] = of_label
    return of_number
