r"""The linear programme of a level with the ways to fill every mentor's minutes written into it.

Beside the rows of `matcher.linear_programme`, each filling `n` of a mentor (`matcher.fillings`) is a variable
:math:`z_{jn} \ge 0`:

.. math::
    \sum_{i: t_{ji} = t} x_{ji} \le \sum_n n_t z_{jn} \quad (\pi_{jt}), \qquad \sum_n z_{jn} \le 1 \quad (\sigma_j).

A pair of length `t` then pays :math:`\pi_{jt}` besides its other prices, and no filling may be worth more than
:math:`\sigma_j`: :math:`\sum_t n_t \pi_{jt} \le \sigma_j`. At the mentees' prices of this programme the bound by whole
sets (`matcher.patterns`) is at least as tight as the programme itself: a set `S` keeps
:math:`\sum r' = \sum (r' - \pi) + \sum \pi`, at most the positive :math:`r' - \pi` and :math:`\sigma_j`.

Fillings enter as pairs do, when they would be worth more than they may; see `matcher.length_prices` for pairs left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from time import monotonic
from typing import Any

import numpy as np
from scipy import sparse

from matcher.arrays import FloatArray, IntArray, rank_within
from matcher.fillings import Fillings, find_fillings
from matcher.length_prices import LengthPrices, lifted, settled
from matcher.levels import Level
from matcher.linear_programme import (
    CLOSED,
    Programme,
    Relaxation,
    build_programme,
    read_prices,
    solve_programme,
)
from matcher.network import Network
from matcher.prices import Prices
from matcher.pricing import kept, sweep

FIRST_FILLINGS = 16
"""Fillings of each mentor the programme starts with."""

MISSING = 5.0
"""What a person less than must be covered counts, beyond the price, where that is not strictly asked for."""

_NOISE = 1e-9


@dataclass(frozen=True, eq=False)
class Filled:
    """What the programme with fillings found.

    Attributes
    ----------
    relaxed : Relaxation
        Values, pairs considered, prices and bound.
    extra : LengthPrices
        What pairs pay beside the prices.
    fillings : Fillings
        All there are.
    by_length : FloatArray
        What the pairs of each length pay for their mentor's filling, shape (n_filled, n_lengths).
    most : FloatArray
        What a filling of each mentor may be worth, shape (n_filled,).
    """

    relaxed: Relaxation
    extra: LengthPrices
    fillings: Fillings
    by_length: FloatArray
    most: FloatArray

    @cached_property
    def slack(self) -> FloatArray:
        """By how much each filling is worth less than it may be, never below 0, shape (n_fillings,)."""
        return np.maximum(0.0, self.most[self.fillings.row] - self.fillings.worth(self.by_length))

    def losses(self, network: Network, level: Level, pairs: IntArray) -> FloatArray:
        """Return how much less of the bound than it could each mentor holds with `pairs`, shape (n_mentors,)."""
        mentors = network.mentor[pairs]
        losses = np.zeros(len(network.places))
        np.add.at(losses, mentors, np.maximum(0.0, -self.keeps(network, level)[pairs]))
        if len(self.most):
            losses[self.fillings.filled] += self.most
            row_of = np.searchsorted(self.fillings.filled, mentors).clip(max=len(self.most) - 1)
            length = np.searchsorted(self.fillings.lengths, network.minutes[pairs])
            paid = np.where(self.fillings.filled[row_of] == mentors, self.by_length[row_of, length], 0.0)
            np.subtract.at(losses, mentors, paid)
        return np.maximum(0.0, losses)

    def keeps(self, network: Network, level: Level) -> FloatArray:
        """Return what each pair of the network keeps after all it pays, shape (n_pairs,)."""
        return kept(network, level, self.relaxed.prices) - self.extra.of(network.mentor, network.minutes)


def relax_filled(
    network: Network,
    level: Level,
    relaxed: Relaxation,
    deadline: float,
    tell: Callable[[float, float], None],
) -> Filled:
    """Solve a level's linear programme with fillings over all pairs.

    Parameters
    ----------
    network
        The pairs.
    level
        What to maximise and keep.
    relaxed
        The solution without fillings.
    deadline
        On the clock of `time.monotonic`.
    tell
        Called after each programme with a bound and the value so far.

    Returns
    -------
    Filled
        With the bound of `relaxed` if time runs out at once, and at most a bit above it ever.
    """
    fillings = find_fillings(network)
    nothing = LengthPrices(fillings.lengths, np.zeros((len(network.places), len(fillings.lengths))))
    best = Filled(relaxed, nothing, fillings, *_no_prices(fillings))
    if not len(fillings.mentor):
        return best
    places, minutes = relaxed.prices.mentor[fillings.filled], relaxed.prices.minutes[fillings.filled]
    by_length = places[:, np.newaxis] + np.outer(minutes, fillings.lengths)
    active = rank_within(fillings.mentor, fillings.worth(by_length)) < FIRST_FILLINGS
    considered = relaxed.considered
    while (left := deadline - monotonic()) > 0:
        some = fillings.take(active)
        programme = widen(build_programme(network, level, considered), network, considered, some)
        solution = solve_programme(programme, level, left)
        if solution is None:
            break
        by_length, most = _length_duals(programme, solution, fillings)
        worth = fillings.worth(by_length)
        over = np.maximum(0.0, fillings.most(worth) - most)
        most += over
        by_length = lifted(fillings, by_length, most)
        prices, extra = settled(network, read_prices(network, level, programme, solution), fillings, by_length)
        look = sweep(network, level, prices, considered, extra)
        value = -float(solution.fun)
        bound = value + look.excess + float(over.sum())
        found = Relaxation(solution.x[: len(considered)], considered, prices, value, bound)
        if bound <= best.relaxed.bound or bound - value <= CLOSED * max(1.0, abs(value)):
            best = Filled(found, extra, fillings, by_length, most)
        tell(best.relaxed.bound, value)
        if bound - value <= CLOSED * max(1.0, abs(value)):
            break
        active |= worth > (most - over)[fillings.row] + _NOISE
        considered = np.union1d(considered, look.entering)
    return best


def _no_prices(fillings: Fillings) -> tuple[FloatArray, FloatArray]:
    return np.zeros((len(fillings.filled), len(fillings.lengths))), np.zeros(len(fillings.filled))


def widen(programme: Programme, network: Network, considered: IntArray, fillings: Fillings) -> Programme:
    """Return a level's programme with variables and rows for some fillings at its end."""
    n_old, n_new = len(programme.cost), len(fillings.mentor)
    n_lengths, n_filled = len(fillings.lengths), len(fillings.filled)
    row_of = np.full(len(network.places), -1)
    row_of[fillings.filled] = np.arange(n_filled)
    held = np.flatnonzero(row_of[network.mentor[considered]] >= 0)
    rows = row_of[network.mentor[considered[held]]] * n_lengths
    rows += np.searchsorted(fillings.lengths, network.minutes[considered[held]])
    filling, length = np.nonzero(fillings.counts)
    values = np.concatenate([np.ones(len(held)), -fillings.counts[filling, length]])
    rows = np.concatenate([rows, fillings.row[filling] * n_lengths + length])
    columns = np.concatenate([held, n_old + filling])
    by_length = sparse.csr_array((values, (rows, columns)), shape=(n_filled * n_lengths, n_old + n_new))
    at = (fillings.row, n_old + np.arange(n_new))
    one = sparse.csr_array((np.ones(n_new), at), shape=(n_filled, n_old + n_new))
    return replace(
        programme,
        cost=np.concatenate([programme.cost, np.zeros(n_new)]),
        upper_rows=sparse.vstack([_wider(programme.upper_rows, n_new), by_length, one], format="csr"),
        upper_limits=np.concatenate([programme.upper_limits, np.zeros(n_filled * n_lengths), np.ones(n_filled)]),
        upper_blocks=(*programme.upper_blocks, ("length", n_filled * n_lengths), ("filling", n_filled)),
        equal_rows=None if programme.equal_rows is None else _wider(programme.equal_rows, n_new),
        bounds=np.vstack([programme.bounds, np.column_stack([np.zeros(n_new), np.full(n_new, np.inf)])]),
    )


def soften(programme: Programme, network: Network, level: Level, considered: IntArray, prices: Prices) -> Programme:
    """Return a level's programme in which what must be kept is not asked for, but paid for well beyond its price.

    Searches find whole pairs sooner so; whether these keep what they must is to be looked at afterwards.
    """
    if level.coverage is None:
        return programme
    bonus = np.full(len(network.person_wanted), prices.coverage + MISSING)
    bonus += (prices.priority + (0.0 if level.priority is None else MISSING)) * network.person_priority
    cost = programme.cost.copy()
    cost[programme.n_pairs : programme.n_pairs + len(bonus)] -= bonus
    if level.kept is not None and level.name != "kept":
        cost[: programme.n_pairs] -= ((prices.kept or 0.0) + MISSING) * network.offered[considered]
    limits = programme.upper_limits.copy()
    start = 0
    for name, n_rows in programme.upper_blocks:
        if name in {"coverage", "priority", "kept"}:
            limits[start : start + n_rows] = 0.0
        start += n_rows
    return replace(programme, cost=cost, upper_limits=limits)


def _wider(rows: Any, n_new: int) -> Any:
    return sparse.hstack([rows, sparse.csr_array((rows.shape[0], n_new))], format="csr")


def _length_duals(programme: Programme, solution: Any, fillings: Fillings) -> tuple[FloatArray, FloatArray]:
    """Read what pairs pay by length and what fillings may be worth."""
    duals = programme.split(np.maximum(0.0, -solution.ineqlin.marginals))
    return duals["length"].reshape(len(fillings.filled), -1), duals["filling"]
