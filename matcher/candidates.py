r"""First prices, and the few pairs of each mentee that are worth considering at them.

A pool of 10,000 mentees and 5,000 mentors has fifty million pairs; a best matching has some twenty thousand. Here
every mentee's list of promising pairs is found in one or a few readings of the weights.

*Lists.* A mentee's list holds her best pairs by :math:`w_{ji} - v_j`, the weight less the price of the mentor's
place; at first all prices are 0. Equal values are told apart by a little noise, so that a thousand mentees to whom
all mentors are equal do not all list the same forty.

*Prices.* They start where the market as a whole clears: with `S` places in all, at the `S`-th largest of the pairs
that mentees would like to have. Then follow some rounds of adjustment ("tatonnement", Walras 1874; as an
algorithm a subgradient method with a step that shrinks, Shor 1985, on the dual of the linear programme): every
mentee asks for as many of her best pairs at these prices as she wants, and a mentor asked for more often than there
are places becomes dearer, one asked for too rarely cheaper. All mentees at once are a few array operations.

Neither lists nor prices need be right. `matcher.pricing` finds what is missing and proves that nothing is.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.problem import Problem
from matcher.weight_sources import spans

DIRECT = 20_000
"""Pools of up to this many pairs are listed whole."""

LIST = 40
"""Pairs on a mentee's list in larger pools."""

ROUNDS = 25
"""Rounds of price adjustment."""

READINGS = 3
"""How often at most the weights are read to make the lists."""

_FIRST_STEP = 0.25
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
    complete : bool
        Whether the lists hold all pairs that some matching can have.
    """

    mentors: IntArray
    weights: FloatArray
    prices: FloatArray
    complete: bool


def find_candidates(problem: Problem, seed: int, executor: Executor | None = None) -> Candidates:
    """Make the lists of all mentees.

    Parameters
    ----------
    problem
        The problem.
    seed
        Seed of the noise that tells equal pairs apart.
    executor
        Where chunks are read; here and now by default.

    Returns
    -------
    Candidates
        In O(n_mentors n_mentees) time for each reading, and the memory of one chunk for each worker.
    """
    n_mentors, n_mentees = problem.shape
    length = n_mentors if n_mentors * n_mentees <= DIRECT else min(LIST, n_mentors)
    complete = length == n_mentors
    prices = np.zeros(n_mentors)
    noise = np.random.default_rng(seed).random(2 * n_mentors) * _NOISE
    mentors: IntArray = np.empty((0, length), dtype=np.int64)
    weights: FloatArray = np.empty((0, length))
    for _ in range(READINGS):
        mentors, weights = _read_lists(problem, prices, noise, length, executor)
        prices = adjust_prices(mentors, weights, problem.places, problem.wanted, prices)
        if complete or _are_spread(problem, mentors, weights):
            break
    return Candidates(mentors, weights, prices, complete)


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
        Where to start, shape (n_mentors,); where all are 0, at the price at which the market clears as a whole.

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
    if not prices.any():
        prices = np.full(n_mentors, _clearing_price(weights, wanted, int(places.sum()), most))
    rows = np.arange(len(wanted))
    supply = np.maximum(places, 1)
    for turn in range(ROUNDS):
        left = weights - prices[mentors]
        best = -np.partition(-left, np.arange(most), axis=1)[:, :most]
        least = np.maximum(best[rows, wanted - 1], 1e-12)
        asked = np.bincount(mentors[left >= least[:, np.newaxis]], minlength=n_mentors)
        step = _FIRST_STEP / (1.0 + 0.6 * turn)
        prices = np.maximum(0.0, prices + step * np.clip((asked - supply) / supply, -1.0, 2.0))
    return prices


def _clearing_price(weights: FloatArray, wanted: IntArray, places: int, most: int) -> float:
    best = -np.partition(-weights, np.arange(most), axis=1)[:, :most]
    liked = best[(np.arange(most) < wanted[:, np.newaxis]) & (best > 0)]
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
    weights = np.ascontiguousarray(problem.chunk(start, stop).T)
    impossible = ~possible_pairs(problem, start, stop).T
    if impossible.any():
        weights = np.where(impossible, np.nan, weights)
    n_mentors = problem.n_mentors
    if length == n_mentors:
        mentors = np.broadcast_to(np.arange(n_mentors), weights.shape)
        return mentors, np.where(np.isnan(weights), -np.inf, weights)
    # Each mentee sees the same noise from another end; the start of the window is all that differs.
    windows = np.lib.stride_tricks.sliding_window_view(noise, n_mentors)
    cost = prices - weights
    cost += windows[(np.arange(start, stop) * 7919) % n_mentors]
    cost[np.isnan(cost)] = np.inf
    mentors = np.argpartition(cost, length, axis=1)[:, :length]
    listed = np.take_along_axis(weights, mentors, axis=1)
    return mentors, np.where(np.isnan(listed), -np.inf, listed)


def possible_pairs(problem: Problem, start: int, stop: int) -> Any:
    """Return which pairs a matching can have if acceptable: bool, broadcastable to (n_mentors, stop - start)."""
    possible = (problem.places > 0)[:, np.newaxis] & (problem.wanted[start:stop] > 0)
    if problem.mentor_minutes is not None:
        possible &= problem.minutes_chunk(start, stop) <= problem.mentor_minutes[:, np.newaxis]
    return possible
