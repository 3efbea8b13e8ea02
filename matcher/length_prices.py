"""What pairs pay by their length when fillings are written into the programme, for pairs left out above all.

Lengths a mentor has no pairs of in the programme get the highest price that dual feasibility allows: no filling may
be worth more than its mentor's fillings may be. So few pairs tempt for want of a price. Before the pool is read, what
all of a mentor's lengths pay in common goes into the prices of places and minutes: the highest line below the prices
over the lengths. What lengths pay beyond the line is never below nothing.
"""

from dataclasses import dataclass, replace

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.fillings import Fillings
from matcher.network import Network
from matcher.prices import Prices

_NOISE = 1e-9


@dataclass(frozen=True, eq=False)
class LengthPrices:
    """What pairs of some mentors pay by their length, beside the prices of places and minutes.

    Attributes
    ----------
    lengths : IntArray
        Shape (n_lengths,), ascending.
    table : FloatArray
        Shape (n_mentors, n_lengths), never below 0.
    """

    lengths: IntArray
    table: FloatArray

    def of(self, mentors: IntArray, minutes: IntArray | FloatArray) -> FloatArray:
        """Return what pairs of these mentors and minutes pay."""
        if not len(self.lengths):
            return np.zeros(len(mentors))
        return self.table[mentors, np.searchsorted(self.lengths, minutes)]


def lifted(fillings: Fillings, by_length: FloatArray, most: FloatArray) -> FloatArray:
    """Raise the price of each length as far as no filling is then worth more than it may be."""
    by_length = by_length.copy()
    for length in range(len(fillings.lengths)):
        counts = fillings.counts[:, length]
        room = most[fillings.row] - fillings.worth(by_length)
        rise = -fillings.most(np.where(counts > 0, -room / np.maximum(1, counts), -np.inf))
        by_length[:, length] += np.where(np.isfinite(rise), np.maximum(0.0, rise), 0.0)
    return by_length


def settled(network: Network, prices: Prices, fillings: Fillings, by_length: FloatArray) -> tuple[Prices, LengthPrices]:
    """Move what all of a mentor's lengths pay in common into the prices of places and minutes."""
    filled, lengths = fillings.filled, fillings.lengths.astype(np.float64)
    fits = lengths <= network.mentor_minutes[filled][:, np.newaxis]
    above = np.where(fits, by_length, np.inf)
    place, minute = _highest_line(lengths, above, network.places[filled], network.mentor_minutes[filled])
    table = np.zeros((len(network.places), len(lengths)))
    table[filled] = np.where(
        fits, np.maximum(0.0, by_length - place[:, np.newaxis] - np.outer(minute, np.ones(len(lengths))) * lengths), 0.0
    )
    mentor, minutes = prices.mentor.copy(), prices.minutes.copy()
    mentor[filled] += place
    minutes[filled] += minute
    return replace(prices, mentor=mentor, minutes=minutes), LengthPrices(fillings.lengths, table)


def _highest_line(
    lengths: FloatArray, above: FloatArray, places: IntArray, minutes: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return v and m >= 0 with v + t m <= `above` at every length t, and P v + T m as large as can be.

    That is a linear programme in two variables: its best corner is on an axis, or where two lengths' limits meet.
    """
    place, minute = above.min(axis=1), np.zeros(len(above))
    best = places * place
    with np.errstate(divide="ignore", invalid="ignore"):
        corners = [(np.zeros(len(above)), np.where(lengths > 0, above / lengths, np.inf).min(axis=1, initial=np.inf))]
        for one in range(len(lengths)):
            for other in range(one + 1, len(lengths)):
                slope = (above[:, other] - above[:, one]) / (lengths[other] - lengths[one])
                corners.append((above[:, one] - lengths[one] * slope, slope))
        for v, m in corners:
            line = v[:, np.newaxis] + np.where(np.isfinite(m), m, 0.0)[:, np.newaxis] * lengths
            fine = np.isfinite(v) & np.isfinite(m) & (v >= 0) & (m >= 0) & (line <= above + _NOISE).all(axis=1)
            better = fine & (places * v + minutes * m > best)
            place, minute = np.where(better, v, place), np.where(better, m, minute)
            best = np.where(better, places * v + minutes * m, best)
    return place, minute
