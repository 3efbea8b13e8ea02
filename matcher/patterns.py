r"""The best whole set of pairs each mentor could keep, at given prices of the mentees.

A mentor `j` with mixed minutes fills them with whole pairs. At prices of the mentees' side alone a pair keeps
:math:`r'_{ji} = c\, w_{ji} - u_i - q_{p(i)}`, and no choice of the mentor's keeps more than

.. math::
    K_j = \max \Big\{ \sum_{i \in S} r'_{ji} : |S| \le P_j,\ \sum_{i \in S} t_{ji} \le T_j,\
    \text{one column of a person},\ S \text{ holds } j\text{'s pins} \Big\}.

In the bound of `matcher.bounds` this takes the place of what the prices of places and minutes say about the mentor,
:math:`P_j v_j + T_j m_j + \sum r_{ji}` over pins and the positive others. For any :math:`v_j, m_j \ge 0` it is never
more: :math:`\sum_S r'_{ji} = \sum_S r_{ji} + |S| v_j + m_j \sum_S t_{ji} \le \sum_S r_{ji} + P_j v_j + T_j m_j`.
Mentees' prices used this way are Lagrange multipliers (Geoffrion 1974), and the best of them give the bound of the
reformulation by whole sets (Dantzig and Wolfe 1960), as in the generalised assignment problem (Savelsbergh 1997).

**Finding it.** Of the pairs of one length only the best :math:`P_j`, of different persons, can matter: if another one
is in `S`, at least one of those is of no person in `S`, and may take its place. These lists are kept while the weights
are read chunk by chunk. With one column to a person, neither can a pair matter that :math:`P_j` others beat in both
worth and minutes. For the few pairs left a table over places and minutes, in units of their common divisor, holds
the best sum, person after person (a knapsack by dynamic programming, Bellman 1957). Mentors whose table would be too
large keep the form by prices: they have so many places or minutes that half a pair matters little.

References
----------
R. Bellman (1957), Dynamic Programming. G. B. Dantzig and P. Wolfe (1960), Decomposition principle for linear programs.
A. M. Geoffrion (1974), Lagrangean relaxation for integer programming. M. Savelsbergh (1997), A branch-and-price
algorithm for the generalized assignment problem.
"""

from typing import NamedTuple

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, rank_within
from matcher.problem import Problem

MOST_CELLS = 1 << 14
"""The largest table of places and minutes of one mentor."""

BLOCK = 1 << 20
"""Pairs, or cells of tables, looked at together."""


class _Items(NamedTuple):
    """Pairs that can matter, flat: mentor's row, minutes, person, and what they keep."""

    row: IntArray
    minutes: IntArray
    person: IntArray
    keeps: FloatArray

    def take(self, which: IntArray | BoolArray) -> "_Items":
        return _Items(self.row[which], self.minutes[which], self.person[which], self.keeps[which])

    def joined(self, other: "_Items") -> "_Items":
        row, minutes, person, keeps = (np.concatenate(both) for both in zip(self, other, strict=True))
        return _Items(row, minutes, person, keeps)


class WholeSets:
    """What mentors with mixed minutes can keep; the pairs are told chunk by chunk, then `most` says.

    Attributes
    ----------
    mentors : IntArray
        Whom it is about, shape (n_rows,): mentors with mixed minutes and a table of at most `MOST_CELLS`.

    Examples
    --------
    >>> problem = Problem([[0.9, 0.8, 0.5]], 3, 1, minutes=[60, 45, 45], mentor_minutes=[90])
    >>> sets = WholeSets(problem)
    >>> sets.add(0, problem.weights[sets.mentors])
    >>> sets.most().tolist()
    [1.3]
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        unit = _units(problem)
        given = (
            np.zeros(problem.n_mentors, dtype=np.int64) if problem.mentor_minutes is None else problem.mentor_minutes
        )
        # A table could be larger than any integer: count in floating point.
        cells = (problem.places + 1.0) * (given // unit + 1.0)
        self.mentors: IntArray = np.flatnonzero(problem.mixed & (cells <= MOST_CELLS))
        row_of = np.full(problem.n_mentors, -1)
        row_of[self.mentors] = np.arange(len(self.mentors))
        self._unit = unit[self.mentors]
        self._pins = problem.pinned[row_of[problem.pinned[:, 0]] >= 0]
        self._pin_rows = row_of[self._pins[:, 0]]
        held = np.bincount(self._pin_rows, minlength=len(self.mentors))
        self._places = np.maximum(0, problem.places[self.mentors] - held)
        taken = np.bincount(self._pin_rows, problem.minutes_of(self._pins), minlength=len(self.mentors))
        self._minutes = np.maximum(0, given[self.mentors] - taken.astype(np.int64))
        self._with_pins = np.unique(self._pin_rows * problem.n_persons + problem.person[self._pins[:, 1]])
        self._kept_by_pins = np.zeros(len(self.mentors))
        nothing = np.empty(0, dtype=np.int64)
        self._items = _Items(nothing, nothing, nothing, np.empty(0))

    def add(self, start: int, keeps: FloatArray) -> None:
        """Tell what pairs with the mentees from `start` on keep.

        Parameters
        ----------
        start
            The first mentee.
        keeps
            :math:`r'`, shape (n_rows, n_columns); minus infinity where no matching can have the pair.
        """
        width = max(1, BLOCK // max(1, len(self.mentors)))
        for first in range(0, keeps.shape[1], width):
            self._add_block(start + first, keeps[:, first : first + width])

    def most(self) -> FloatArray:
        """Return :math:`K_j` of each of `mentors`, shape (n_rows,)."""
        items = self._items
        if (self._problem.person_columns <= 1).all():
            items = items.take(~self._beaten(items))
        most = self._kept_by_pins.copy()
        order = np.lexsort((self._places, self._minutes // self._unit))[::-1]
        while len(order):
            places = int(self._places[order].max())
            minutes = int(self._minutes[order[0]] // self._unit[order[0]])
            rows = order[: max(1, BLOCK // ((places + 1) * (minutes + 1)))]
            most[rows] += self._fill(items, rows)
            order = order[len(rows) :]
        return most

    def _add_block(self, start: int, keeps: FloatArray) -> None:
        problem = self._problem
        here = (self._pins[:, 1] >= start) & (self._pins[:, 1] < start + keeps.shape[1])
        pin_rows = self._pin_rows[here]
        np.add.at(self._kept_by_pins, pin_rows, keeps[pin_rows, self._pins[here, 1] - start])
        row, column = np.nonzero(keeps > 0)
        person = problem.person[start + column]
        free = ~np.isin(row * problem.n_persons + person, self._with_pins)
        row, column, person = row[free], column[free], person[free]
        pairs = np.column_stack([self.mentors[row], start + column])
        found = _Items(row, problem.minutes_of(pairs), person, keeps[row, column])
        items = self._items.joined(found)
        if not (problem.person_columns <= 1).all():
            items = items.take(_best_of_person(items))
        _, group = np.unique(np.column_stack([items.row, items.minutes]), axis=0, return_inverse=True)
        self._items = items.take(rank_within(group, items.keeps) < self._places[items.row])

    def _beaten(self, items: _Items) -> BoolArray:
        """Return which pairs as many others as the mentor has places beat in both worth and minutes."""
        order = np.lexsort((items.minutes, -items.keeps, items.row))
        at = np.empty(len(order), dtype=np.int64)
        at[order] = np.arange(len(order)) - np.searchsorted(items.row[order], items.row[order])
        minutes = np.full((len(self.mentors), int(at.max(initial=-1)) + 1), np.iinfo(np.int64).max)
        minutes[items.row, at] = items.minutes
        beaten = np.zeros(minutes.shape, dtype=np.bool_)
        for column in range(1, minutes.shape[1]):
            better = (minutes[:, :column] <= minutes[:, [column]]).sum(axis=1)
            beaten[:, column] = better >= self._places
        return beaten[items.row, at]

    def _fill(self, items: _Items, rows: IntArray) -> FloatArray:
        """Return the best sum of items in the room of some rows."""
        place_of = np.full(len(self.mentors), -1)
        place_of[rows] = np.arange(len(rows))
        items = items.take(place_of[items.row] >= 0)
        items = items.take(np.lexsort((items.person, place_of[items.row])))
        row = place_of[items.row]
        at = np.arange(len(row)) - np.searchsorted(row, row)
        places, minutes = self._places[rows], self._minutes[rows] // self._unit[rows]
        table = np.zeros((len(rows), int(places.max()) + 1, int(minutes.max()) + 1))
        before = table
        last_person = np.full(len(rows), -1)
        for turn in range(int(at.max(initial=-1)) + 1):
            now = items.take(at == turn)
            here = row[at == turn]
            # All columns of a person start from the table before her first: at most one of them is taken.
            anew = here[now.person != last_person[here]]
            if len(anew) == len(rows):
                before = table.copy()
            else:
                before = before.copy()
                before[anew] = table[anew]
            last_person[here] = now.person
            left = np.arange(table.shape[2]) - (now.minutes // self._unit[items.row[at == turn]])[:, np.newaxis]
            taken = np.take_along_axis(before[here, :-1], np.maximum(0, left)[:, np.newaxis, :], axis=2)
            taken = np.where(left[:, np.newaxis, :] >= 0, taken + now.keeps[:, np.newaxis, np.newaxis], -np.inf)
            table[here, 1:] = np.maximum(table[here, 1:], taken)
        best: FloatArray = table[np.arange(len(rows)), places, minutes]
        return best


def _units(problem: Problem) -> IntArray:
    """Return the greatest common divisor of the minutes of each mentor's pairs, at least 1, shape (n_mentors,)."""
    unit: IntArray = np.ones(problem.n_mentors, dtype=np.int64)
    if problem.minutes is not None:
        unit *= np.maximum(1, np.gcd.reduce(problem.minutes, axis=-1, initial=0))
    return unit


def _best_of_person(items: _Items) -> IntArray:
    """Return indices of the pair that keeps most among those of one mentor, person and length."""
    order = np.lexsort((-items.keeps, items.person, items.minutes, items.row))
    keys = np.column_stack([items.row, items.minutes, items.person])[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    return np.sort(order[first])
