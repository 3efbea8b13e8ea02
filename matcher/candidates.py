r"""First prices, and the few pairs of each mentee that are worth considering at them.

A pool of 10,000 mentees and 5,000 mentors has fifty million pairs; a best matching has some twenty thousand. Here
every mentee's list of promising pairs is found in one or a few readings of the weights.

*Lists.* A mentee's list holds her best pairs by :math:`w_{ji} - v_j`, the weight less the price of the mentor's
place. Equal values are told apart by a little noise, so that a thousand mentees to whom
all mentors are equal do not all list the same few.

*Prices.* They start from what a sample of mentees shows of each mentor's popularity: the mean weight of his pairs above
that of all, shrunk towards nothing as far as chance explains the differences (James and Stein 1961). The level is
that at which the market as a whole clears: with `S` places in all, the `S`-th largest of the pairs that mentees would
like to have. Then follow some rounds of adjustment ("tatonnement", Walras 1874; as an algorithm a subgradient
method with a step that shrinks, Shor 1985, on the dual of the linear programme): every mentee asks for as many of
her best pairs at these prices as she wants, and a mentor asked for more often than there are places becomes dearer,
one asked for too rarely cheaper. All mentees at once are a few array operations.

Neither lists nor prices need be right. `matcher.pricing` finds what is missing and proves that nothing is.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.problem import Problem
from matcher.weight_sources import CHUNK, spans

DIRECT = 20_000
"""Pools of up to this many pairs are listed whole."""

LIST = 25
"""Pairs on a mentee's list in larger pools."""

ROUNDS = 25
"""Rounds of price adjustment."""

READINGS = 3
"""How often at most the weights are read to make the lists."""

BLOCK = 1 << 20
"""Pairs looked at together: few enough for temporary arrays to stay small and near the processor."""

SAMPLE = 256
"""Mentees whose weights show how popular mentors are."""

_STEP = 0.3  # of the usual distance between a mentee's first and last on the list
_NOISE = 1e-7
_ENOUGH = 0.97  # of the places that can be filled: lists that reach so many are spread well


@dataclass(frozen=True, eq=False)
class Candidates:
    """Every mentee's list.

    Attributes
    ----------
    mentors : IntArray
        Whom each mentee lists, shape (n_mentees, length).
    weights : FloatArray
        The weights of those pairs, -inf where the list is shorter, shape (n_mentees, length).
    prices : FloatArray
        First prices of the mentors' places, shape (n_mentors,).
    spread : float
        The usual distance between a mentee's first and last pair on the list.
    complete : bool
        Whether the lists hold all pairs that some matching can have.
    """

    mentors: IntArray
    weights: FloatArray
    prices: FloatArray
    spread: float
    complete: bool


def find_candidates(
    problem: Problem, seed: int, executor: Executor | None = None, *, whole: bool = False
) -> Candidates:
    """Make the lists of all mentees.

    Parameters
    ----------
    problem
        The problem.
    seed
        Seed of the noise that tells equal pairs apart.
    executor
        Where chunks are read; here and now by default.
    whole
        Whether to list all pairs, however many there are.

    Returns
    -------
    Candidates
        In O(n_mentors n_mentees) time for each reading, and the memory of one chunk for each worker.
    """
    n_mentors, n_mentees = problem.shape
    whole = whole or n_mentors * n_mentees <= DIRECT
    length = n_mentors if whole else min(LIST, n_mentors)
    complete = length == n_mentors
    prices = np.zeros(n_mentors) if complete else popularity(problem)
    noise = np.random.default_rng(seed).random(2 * n_mentors) * _NOISE
    mentors: IntArray = np.empty((0, length), dtype=np.int64)
    weights: FloatArray = np.empty((0, length))
    for _ in range(READINGS):
        mentors, weights = _read_lists(problem, prices, noise, length, executor)
        prices = adjust_prices(mentors, weights, problem.places, problem.wanted, prices)  # level and differences
        if complete or _are_spread(problem, mentors, weights):
            break
    return Candidates(mentors, weights, prices, spread_of(weights - prices[mentors]), complete)


def adjust_prices(
    mentors: IntArray, weights: FloatArray, places: IntArray, wanted: IntArray, prices: FloatArray
) -> FloatArray:
    """Return prices of places at which mentees ask for about as many as there are.

    Parameters
    ----------
    mentors, weights
        The lists, as in `Candidates`.
    places, wanted
        Of each mentor and of each mentee.
    prices
        Where to start, up to a number common to all, shape (n_mentors,).

    Returns
    -------
    FloatArray
        Shape (n_mentors,). O(rounds n_mentees length) time.
    """
    asking = wanted > 0
    n_mentors, length = len(places), mentors.shape[1]
    most = min(int(wanted.max(initial=0)), length)
    if not asking.any() or not most:
        return prices
    mentors, weights, wanted = mentors[asking], weights[asking], np.minimum(wanted[asking], length)
    rows = np.arange(len(wanted))
    named = np.bincount(mentors[weights > -np.inf], minlength=n_mentors)
    supply = np.minimum(places, named)  # who is on few lists is not cheap for that
    prices = np.maximum(0.0, prices + _clearing_price(weights - prices[mentors], wanted, int(supply.sum()), most))
    step = _STEP * spread_of(weights - prices[mentors])
    for turn in range(ROUNDS):
        left = weights - prices[mentors]
        best = -np.partition(-left, np.arange(most), axis=1)[:, :most]
        least = np.maximum(best[rows, wanted - 1], 1e-12)
        asked = np.bincount(mentors[left >= least[:, np.newaxis]], minlength=n_mentors)
        excess = np.clip((asked - supply) / np.maximum(places, 1), -1.0, 2.0)
        prices = np.maximum(0.0, prices + step / (1.0 + 0.6 * turn) * excess)
    return prices


def spread_of(values: FloatArray) -> float:
    """Return the mean over rows of the distance between the largest and the smallest finite value, up to 0.5."""
    some = (values > -np.inf).any(axis=1)
    values = values[some]
    if not len(values):
        return 0.0
    least = values.min(axis=1, where=values > -np.inf, initial=np.inf)
    return float(np.minimum(0.5, values.max(axis=1) - least).mean())


def popularity(problem: Problem) -> FloatArray:
    """Return how much better mentors are liked than the mean of all, as far as a sample can tell: (n_mentors,)."""
    n_mentees = problem.n_mentees
    pieces = 1 if n_mentees <= CHUNK else 4
    each = min(n_mentees, SAMPLE // pieces)
    if pieces == 1:
        sample = problem.chunk(0, n_mentees)[:, :: max(1, n_mentees // each)]
    else:
        starts = (np.arange(pieces) * (n_mentees // pieces)).tolist()
        sample = np.concatenate([problem.chunk(start, start + each) for start in starts], axis=1)
    there = ~np.isnan(sample)
    seen = np.maximum(1, there.sum(axis=1))
    filled = np.where(there, sample, 0.0)
    mean = filled.sum(axis=1) / seen
    between = mean - filled.sum() / max(1, there.sum())
    between[~there.any(axis=1)] = 0.0
    within = float((np.square(filled).sum(axis=1) / seen - np.square(mean)).mean())
    chance = 2.0 * within / float(seen.mean())
    shown = float(np.square(between).mean())
    return between * max(0.0, 1.0 - chance / shown) if shown > 0 else np.zeros_like(between)


def _clearing_price(weights: FloatArray, wanted: IntArray, places: int, most: int) -> float:
    best = -np.partition(-weights, np.arange(most), axis=1)[:, :most]
    liked = best[(np.arange(most) < wanted[:, np.newaxis]) & (best > -np.inf)]
    if places >= len(liked):
        return 0.0
    return float(-np.partition(-liked, places)[places])


def _are_spread(problem: Problem, mentors: IntArray, weights: FloatArray) -> bool:
    """Whether the lists name mentors often enough to fill about as many places as can be filled."""
    named = np.bincount(mentors[weights > -np.inf], minlength=problem.n_mentors)
    possible = min(int(problem.places.sum()), int(problem.wanted.sum()))
    return int(np.minimum(named, problem.places).sum()) >= _ENOUGH * possible


def _read_lists(
    problem: Problem, prices: FloatArray, noise: FloatArray, length: int, executor: Executor | None
) -> tuple[IntArray, FloatArray]:
    chunks = list(spans(problem.n_mentees))
    if not chunks or not problem.n_mentors:
        return np.empty((problem.n_mentees, length), dtype=np.int64), np.empty((problem.n_mentees, length))
    over: Callable[..., Iterable[Any]] = map if executor is None else executor.map
    starts, stops = zip(*chunks, strict=True)
    same = len(chunks)
    parts = over(_lists_of_chunk, [problem] * same, [prices] * same, [noise] * same, [length] * same, starts, stops)
    mentors, weights = zip(*parts, strict=True)
    return np.concatenate(mentors), np.concatenate(weights)


def _lists_of_chunk(  # noqa: PLR0917 - an executor's map gives by position
    problem: Problem, prices: FloatArray, noise: FloatArray, length: int, start: int, stop: int
) -> tuple[IntArray, FloatArray]:
    """Return the lists of mentees `start` to `stop - 1`."""
    chunk = problem.chunk(start, stop)
    possible = np.broadcast_to(possible_pairs(problem, start, stop), chunk.shape)
    mentors: IntArray = np.empty((stop - start, length), dtype=np.int64)
    weights: FloatArray = np.empty((stop - start, length))
    width = max(8, BLOCK // max(1, problem.n_mentors))
    for first in range(0, stop - start, width):
        block = slice(first, min(first + width, stop - start))
        columns = np.array(chunk[:, block].T, order="C")  # a copy always, as it is written to
        columns[~possible[:, block].T] = np.nan
        mentors[block] = _best_of(columns, prices, noise, length, start + first)
        weights[block] = np.take_along_axis(columns, mentors[block], axis=1)
    weights[np.isnan(weights)] = -np.inf
    return mentors, weights


def _best_of(weights: FloatArray, prices: FloatArray, noise: FloatArray, length: int, start: int) -> IntArray:
    """Return the best mentors of some mentees, of whom the first is mentee `start`; weights by mentee, then mentor."""
    n_mentors = len(prices)
    if length == n_mentors:
        return np.broadcast_to(np.arange(n_mentors), weights.shape)
    # Each mentee sees the same noise from another end; the start of the window is all that differs.
    windows = np.lib.stride_tricks.sliding_window_view(noise, n_mentors)
    cost = prices - weights
    cost += windows[(np.arange(start, start + len(weights)) * 7919) % n_mentors]
    cost[np.isnan(cost)] = np.inf
    return np.argpartition(cost, length, axis=1)[:, :length]


def possible_pairs(problem: Problem, start: int, stop: int) -> Any:
    """Return which pairs a matching can have if acceptable: bool, broadcastable to (n_mentors, stop - start)."""
    possible = (problem.places > 0)[:, np.newaxis] & (problem.wanted[start:stop] > 0)
    if problem.mentor_minutes is not None:
        possible &= problem.minutes_chunk(start, stop) <= problem.mentor_minutes[:, np.newaxis]
    return possible
