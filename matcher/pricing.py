r"""Which pairs are still missing: the sweep over the whole pool that ends every linear programme.

A linear programme on few pairs has prices. Over *all* pairs, its solution is best if and only if no pair left out
pays more than its prices,

.. math:: r_{ji} = c\, w_{ji} - u_i - q_{p(i)} - v_j - t_{ji} m_j \le 0,

which is the optimality condition of linear programming (Dantzig 1963, chapter 5), read by columns ("pricing" in
column generation: Ford and Fulkerson 1958; Desrosiers and Luebbecke 2005; for matching Derigs and Metz 1986).
A sweep reads the weights chunk by chunk, on any executor, and

- brings in the few pairs of each mentee and mentor with the largest `r` (all of them at once would drown the next
  programme in columns that its better prices would never have asked for);
- adds up every positive `r`. By weak duality the value of the programme plus this sum bounds *every* matching, so
  each sweep has a true bound to tell, and the last one, whose sum is nothing, is the proof.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, rank_within
from matcher.candidates import BLOCK, possible_pairs
from matcher.levels import Level
from matcher.network import Network, back, labels
from matcher.prices import Prices
from matcher.problem import Problem
from matcher.weight_sources import spans

MORE_PAIRS = 6
"""Pairs of each mentee that may enter at a time."""

MORE_OF_MENTOR = 30
"""Pairs of each mentor that may enter at a time, and eight times the mentor's places besides."""

TEMPTING = 1e-9
"""A pair that keeps no more than this after its prices changes nothing that counts."""

NEAR = 0.05
"""With tempting pairs enter those almost so: prices will move, and then they would have to come one by one.

In units of the usual distance between a mentee's first and last pair on the list."""

WITH_OFFERS = 1.0
"""The same where open offers are kept: prices of what must be kept can be many, and move far."""

MANY = 0.1
"""So many tempting pairs for each mentee in the network itself are enough for once; the pool is not read."""

_Hits = tuple[IntArray, IntArray, FloatArray, FloatArray]


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a look over all pairs found.

    Attributes
    ----------
    entering : IntArray
        Indices, in the network, of the pairs worth bringing in; sorted.
    excess : float
        The sum of every positive r among pairs left out.
    """

    entering: IntArray
    excess: float


def kept(network: Network, level: Level, prices: Prices) -> FloatArray:
    """Return what each pair of the network keeps after its prices: r above, shape (n_pairs,)."""
    scale = 1.0 if level.name == "total" else 0.0
    offered = 1.0 if level.name == "kept" else prices.kept or 0.0
    of_mentee = prices.mentee + prices.person[network.person_of]
    paid = of_mentee[network.mentee] + prices.mentor[network.mentor]
    worth = scale * network.weight + offered * network.offered
    return worth - paid - network.minutes * prices.minutes[network.mentor]


class Extra(Protocol):
    """What pairs pay beside the prices, never less than nothing."""

    def of(self, mentors: IntArray, minutes: IntArray | FloatArray) -> FloatArray:
        """Return it for pairs of these mentors (labels) that take these minutes."""
        ...


def sweep(network: Network, level: Level, prices: Prices, considered: IntArray, extra: Extra | None = None) -> Sweep:
    """Look for pairs left out that keep something after their prices.

    Parameters
    ----------
    network
        Gains the pairs found elsewhere in the pool.
    level
        What is maximised.
    prices
        In the labels of the network.
    considered
        Indices of the pairs in the programme.
    extra
        What pairs pay beside the prices, if anything.

    Returns
    -------
    Sweep
        Without entering pairs, the prices are a proof over the whole pool. While many pairs of the network
        itself are tempting, the pool is not read and `excess` is infinite.
    """
    least = -(WITH_OFFERS if level.with_offers else NEAR) * network.spread if level.name == "total" else TEMPTING
    keeps = kept(network, level, prices)
    if extra is not None:
        keeps -= extra.of(network.mentor, network.minutes)
    keeps[considered] = -np.inf
    tempting = keeps > TEMPTING
    many = tempting.sum() > MANY * len(network.wanted)
    if network.complete or many or _nothing_can_tempt(level, prices):
        if not tempting.any():
            return Sweep(np.empty(0, dtype=np.int64), 0.0)
        near = np.flatnonzero(keeps > least)
        few = _few(network.mentee[near], network.mentor[near], keeps[near], network.places)
        return Sweep(near[few], float(keeps[tempting].sum()) if network.complete else np.inf)
    mentors, mentees, weights, keeps = _read_pool(network, level, prices, np.sort(network.keys(considered)), least)
    if extra is not None:
        minutes = network.problem.minutes_of(np.column_stack([mentors, mentees]))
        keeps = keeps - extra.of(labels(network.mentor_order)[mentors], minutes)
        paying = keeps > least
        mentors, mentees, weights, keeps = mentors[paying], mentees[paying], weights[paying], keeps[paying]
    excess = float(keeps[keeps > TEMPTING].sum())
    if not excess:
        return Sweep(np.empty(0, dtype=np.int64), 0.0)
    few = _few(mentees, mentors, keeps, network.problem.places)
    return Sweep(np.sort(network.add(mentors[few], mentees[few], weights[few])), excess)


def bring_in(network: Network, level: Level, prices: Prices, least: float) -> None:
    """Add every pair of the pool that keeps at least `least` to the network."""
    if network.complete:
        return
    here = np.sort(network.keys(np.arange(network.n_pairs)))
    mentors, mentees, weights, _ = _read_pool(network, level, prices, here, least)
    network.add(mentors, mentees, weights)


def _nothing_can_tempt(level: Level, prices: Prices) -> bool:
    """Whether the prices alone leave nothing to any pair, where weights play no part."""
    if level.name == "total":
        return False
    least = prices.mentee.min() + prices.person.min() + prices.mentor.min()
    return bool(least >= -TEMPTING)


def _few(mentees: IntArray, mentors: IntArray, keeps: FloatArray, places: IntArray) -> BoolArray:
    """Return which pairs are among the best few of both their mentee and their mentor."""
    of_mentee = rank_within(mentees, keeps) < MORE_PAIRS
    room = MORE_OF_MENTOR + 8 * places
    few: BoolArray = of_mentee & (rank_within(mentors, np.where(of_mentee, keeps, -np.inf)) < room[mentors])
    return few


def _read_pool(network: Network, level: Level, prices: Prices, known: IntArray, least: float) -> _Hits:
    """Return mentor, mentee, weight and r of the pairs whose r exceeds `least`, except the known keys."""
    problem = network.problem
    of_mentee = back(prices.mentee + prices.person[network.person_of], network.mentee_order)
    of_mentor = back(prices.mentor, network.mentor_order)
    of_minute = back(prices.minutes, network.mentor_order)
    chunks = list(spans(problem.n_mentees))
    over: Callable[..., Iterable[Any]] = map if network.executor is None else network.executor.map
    tasks = [
        _Task(
            problem,
            level.name == "total",
            of_mentee[start:stop],
            of_mentor,
            of_minute,
            known[slice(*np.searchsorted(known, [start * problem.n_mentors, stop * problem.n_mentors]))],
            least,
            start,
            stop,
        )
        for start, stop in chunks
    ]
    mentors, mentees, weights, keeps = zip(*over(_Task.run, tasks), strict=True)
    return np.concatenate(mentors), np.concatenate(mentees), np.concatenate(weights), np.concatenate(keeps)


@dataclass(frozen=True, eq=False)
class _Task:
    """The sweep of one chunk; plain data, so that it can travel to another process."""

    problem: Problem
    weighted: bool
    of_mentee: FloatArray
    of_mentor: FloatArray
    of_minute: FloatArray
    known: IntArray
    least: float
    start: int
    stop: int

    def run(self) -> _Hits:
        """Return mentor, mentee, weight and r of the pairs found."""
        chunk = self.problem.chunk(self.start, self.stop)
        possible = np.broadcast_to(possible_pairs(self.problem, self.start, self.stop), chunk.shape)
        width = max(8, BLOCK // max(1, self.problem.n_mentors))
        parts = [
            self._block(chunk, possible, slice(first, min(first + width, self.stop - self.start)))
            for first in range(0, self.stop - self.start, width)
        ]
        mentors, mentees, weights, keeps = zip(*parts, strict=True)
        return np.concatenate(mentors), np.concatenate(mentees), np.concatenate(weights), np.concatenate(keeps)

    def _block(self, chunk: FloatArray, possible: BoolArray, block: slice) -> _Hits:
        weights = chunk[:, block]
        needed = self.of_mentor[:, np.newaxis] + (self.of_mentee[block] + self.least)
        first = self.start + block.start
        if self.of_minute.any():
            minutes = self.problem.minutes_chunk(first, self.start + block.stop)
            needed += minutes * self.of_minute[:, np.newaxis]
        found = weights > needed if self.weighted else (needed < 0) & ~np.isnan(weights)
        mentors, columns = np.nonzero(found & possible[:, block])
        new = ~_are_in((columns + first) * self.problem.n_mentors + mentors, self.known)
        mentors, columns = mentors[new], columns[new]
        worth = weights[mentors, columns]
        keeps = (worth if self.weighted else 0.0) - (needed[mentors, columns] - self.least)
        return mentors, columns + first, worth, keeps


def _are_in(keys: IntArray, known: IntArray) -> BoolArray:
    """Return which keys stand in the sorted array `known`."""
    at = np.searchsorted(known, keys)
    at[at == len(known)] = 0
    return known[at] == keys if len(known) else np.zeros(len(keys), dtype=np.bool_)
