r"""How a mentor's minutes can be filled with whole pairs.

A *filling* of mentor `j` says how many pairs of each length the mentor holds: :math:`n = (n_t)` with
:math:`\sum_t n_t \le P_j` and :math:`\sum_t t\, n_t \le T_j`. There are few: 150 minutes and five places have eight
fillings with pairs of 30, 45 and 60 to which nothing can be added. Once every mentor's filling is fixed, each length
of a mentor is a separate number of places, minutes play no part any more, and the rest is a network with whole corners.
Fillings written into the linear programme (`matcher.filled_programme`) bring it close to the reformulation by whole
sets of pairs (Dantzig and Wolfe 1960; for knapsacks Savelsbergh 1997), as one plain linear programme of moderate
size. It is a little weaker: mixed half and half, two fillings may share one pair whole of which each has but half.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray
from matcher.network import Network

MOST_LENGTHS = 12
"""With more different lengths the programme is left as it is."""

MOST_FILLINGS = 200
"""So is a mentor with more fillings than this: with many places half a pair matters little."""


@dataclass(frozen=True, eq=False)
class Fillings:
    """Fillings of some mentors, those of each mentor together.

    Attributes
    ----------
    lengths : IntArray
        The different lengths in minutes, ascending, shape (n_lengths,).
    mentor : IntArray
        The mentor (label) of each filling, ascending, shape (n_fillings,).
    counts : IntArray
        How many pairs of each length it holds, shape (n_fillings, n_lengths).
    """

    lengths: IntArray
    mentor: IntArray
    counts: IntArray

    @cached_property
    def filled(self) -> IntArray:
        """The mentors that have fillings, ascending, shape (n_filled,)."""
        return np.unique(self.mentor)

    @cached_property
    def row(self) -> IntArray:
        """The place of each filling's mentor in `filled`, shape (n_fillings,)."""
        return np.searchsorted(self.filled, self.mentor)

    def take(self, which: BoolArray) -> "Fillings":
        """Return some of the fillings."""
        return Fillings(self.lengths, self.mentor[which], self.counts[which])

    def held(self, network: Network, pairs: IntArray) -> IntArray:
        """Return how many of `pairs` (indices) of each length each filling's mentor holds, shaped as `counts`."""
        held = np.zeros((len(network.places), len(self.lengths)), dtype=np.int64)
        if len(self.lengths):
            np.add.at(held, (network.mentor[pairs], np.searchsorted(self.lengths, network.minutes[pairs])), 1)
        return held[self.mentor]

    def worth(self, by_length: FloatArray) -> FloatArray:
        """Return what each filling is worth when a pair of a length is worth ``by_length[row, length]``."""
        worth: FloatArray = np.einsum("ft,ft->f", by_length[self.row], self.counts)
        return worth

    def most(self, values: FloatArray) -> FloatArray:
        """Return each mentor's largest of `values`, one for each filling, shape (n_filled,)."""
        starts = np.searchsorted(self.row, np.arange(len(self.filled)))
        return np.maximum.reduceat(values, starts) if len(starts) else np.empty(0)


def find_fillings(network: Network) -> Fillings:
    """Return the fillings to which no pair can be added, of every mentor with mixed minutes.

    Parameters
    ----------
    network
        The pairs; their mentors' places and minutes count, and the lengths in the whole problem.

    Returns
    -------
    Fillings
        Those that hold the mentor's pins. None at all with more than `MOST_LENGTHS` lengths, none of a mentor who
        has more than `MOST_FILLINGS`.
    """
    minutes = network.problem.minutes
    lengths = np.unique(np.empty(0, dtype=np.int64) if minutes is None else minutes)
    mentors: list[int] = []
    counts: list[tuple[int, ...]] = []
    known: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    if len(lengths) <= MOST_LENGTHS:
        unit = max(1, int(np.gcd.reduce(lengths)))
        for mentor in np.flatnonzero(network.mixed).tolist():
            key = int(network.places[mentor]), int(network.mentor_minutes[mentor]) // unit
            if key not in known:
                known[key] = maximal_counts(key[0], key[1], (lengths // unit).tolist())
            mentors += [mentor] * len(known[key])
            counts += known[key]
    counted = np.array(counts, dtype=np.int64).reshape(len(counts), len(lengths))
    fillings = Fillings(lengths, np.array(mentors, dtype=np.int64), counted)
    pins = fillings.held(network, np.flatnonzero(network.pinned))
    hold_pins: BoolArray = np.all(fillings.counts >= pins, axis=1)
    return fillings.take(hold_pins)


def maximal_counts(places: int, minutes: int, lengths: list[int]) -> list[tuple[int, ...]]:
    """Return how many pairs of each length fill `places` and `minutes`, in all ways to which nothing can be added.

    Nothing is returned if there are more than `MOST_FILLINGS` ways.

    Examples
    --------
    >>> maximal_counts(3, 90, [30, 45, 60])
    [(0, 2, 0), (1, 0, 1), (1, 1, 0), (3, 0, 0)]
    """
    found: list[tuple[int, ...]] = []
    begun: list[tuple[tuple[int, ...], int, int]] = [((), places, minutes)]
    while begun and len(found) <= MOST_FILLINGS:
        counts, room, left = begun.pop()
        length = lengths[len(counts)]
        most = room if length == 0 else min(room, left // length)
        if len(counts) + 1 < len(lengths):
            begun += [((*counts, n), room - n, left - n * length) for n in range(most, -1, -1)]
        elif most == room or left - most * length < lengths[0]:
            found.append((*counts, most))
    return found if len(found) <= MOST_FILLINGS else []
