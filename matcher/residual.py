r"""The residual network of a matching: which pairs can enter, which can leave, and what walks through it gain.

Nodes are mentors, mentees' columns and, for boards, persons. A step from mentor to column lets a pair enter and gains
its weight :math:`w_{ji}`; a step from column to mentor lets a pair leave and gains :math:`-w_{ji}`; on a board a column
may also hand its mentor to another column of the same person. Pinned pairs never leave. Walks begin outside, at a
mentor with a free place or at a person who gives up a mentor, and end outside, at a person who takes one more or at a
mentor who is left with a free place.

Only where a walk begins and ends does it change who is covered. So a walk from outside, or to it, changes the levels
``coverage`` and ``priority`` by one person at most, and its worth is one number: the place of that change among all
such changes (`matcher.ladder`), many times over, and the weight.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray
from matcher.ladder import Ladder

__all__ = ["Residual", "Walks"]

Arcs = tuple[IntArray, IntArray, FloatArray]


@dataclass(frozen=True, eq=False)
class Walks:
    """The best walk to (or, backwards, from) every node.

    Attributes
    ----------
    worth : FloatArray
        What each walk is worth, shape (n_nodes,); -inf where there is none.
    before : IntArray
        The node before (backwards: after) each, -1 where the walk begins (ends).
    """

    worth: FloatArray
    before: IntArray

    def nodes(self, node: int) -> list[int]:
        """List `node` and those before it, the nearest first."""
        found = [node]
        while self.before[found[-1]] >= 0:
            found.append(int(self.before[found[-1]]))
        return found


@dataclass(frozen=True, eq=False)
class Residual:
    """A matching inside the limits of its problem; `dataclasses.replace` makes the next one.

    Attributes
    ----------
    weights : FloatArray
        Shape (n_mentors, n_mentees), -inf where not acceptable.
    places, wanted, person : IntArray
        As in `matcher.Problem`; `places` and `wanted` may exceed the pairs there are.
    priority : FloatArray
        Of each person.
    by_person : bool
        Whether coverage and priority count, as they do for ``coverage``.
    chosen, pinned : BoolArray
        The matching, and the part of it that must stay, shape (n_mentors, n_mentees).
    closed : int
        A node at which no pair enters and no walk begins or ends; -1 for none.
    """

    weights: FloatArray
    places: IntArray
    wanted: IntArray
    person: IntArray
    priority: FloatArray
    by_person: bool
    chosen: BoolArray
    pinned: BoolArray
    closed: int = -1

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_mentors, n_mentees)``."""
        return self.weights.shape[0], self.weights.shape[1]

    @cached_property
    def board(self) -> BoolArray:
        """Which columns belong to a person with several, shape (n_mentees,)."""
        several: BoolArray = np.bincount(self.person, minlength=1)[self.person] > 1
        return several

    @cached_property
    def ladder(self) -> Ladder:
        """The steps of coverage and priority."""
        return Ladder.of(self.priority, 2.0 * self.shape[1] + 4.0, by_person=self.by_person)

    @cached_property
    def load(self) -> tuple[IntArray, IntArray, IntArray]:
        """How many pairs each mentor, each column and each person has."""
        by_column = self.chosen.sum(axis=0)
        by_person = np.zeros(len(self.priority), dtype=np.int64)
        np.add.at(by_person, self.person, by_column)
        return self.chosen.sum(axis=1), by_column, by_person

    @cached_property
    def open(self) -> FloatArray:
        """The weight of every pair that may enter, -inf elsewhere, shape (n_mentors, n_mentees)."""
        mentors, columns = self.shape
        allowed = np.where(self.chosen, -np.inf, self.weights)
        for mentor, mentee in np.argwhere(self.chosen & self.board).tolist():
            allowed[mentor, self.person == self.person[mentee]] = -np.inf
        if 0 <= self.closed < mentors:
            allowed[self.closed] = -np.inf
        elif mentors <= self.closed < mentors + columns:
            allowed[:, self.closed - mentors] = -np.inf
        return allowed

    @cached_property
    def arcs(self) -> Arcs:
        """Tails, heads and gains of all steps but those that only let a pair enter."""
        mentors, columns = self.shape
        j, i = np.nonzero(self.chosen & ~self.pinned)
        found = [(mentors + i, j, -self.weights[j, i])]
        on_board = self.board[i]
        for mentor, mentee in zip(j[on_board].tolist(), i[on_board].tolist(), strict=True):
            others = np.flatnonzero((self.person == self.person[mentee]) & (self.weights[mentor] > -np.inf))
            others = others[others != mentee]
            swaps = self.weights[mentor, others] - self.weights[mentor, mentee]
            found.append((np.full(len(others), mentors + mentee), mentors + others, swaps))
        load = self.load[1]
        nodes, persons = mentors + np.arange(columns), mentors + columns + self.person
        for tails, heads, exists in (
            (nodes, persons, self.board & (load < self.wanted)),
            (persons, nodes, self.board & (load > 0)),
        ):
            found.append((tails[exists], heads[exists], np.zeros(int(exists.sum()))))
        tails, heads, gains = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return tails, heads, gains

    @cached_property
    def entries(self) -> Walks:
        """The best walk from outside to every node: what taking a place there costs the others."""
        of_mentor, of_column, of_person = self.load
        loss = np.where(of_person == 1, -self.ladder.of_person * self.ladder.height, 0.0)
        loss[of_person == 0] = -np.inf
        start = self._outside(np.where(of_mentor < self.places, 0.0, -np.inf), loss, of_column > 0)
        return self.walk(start)

    @cached_property
    def exits(self) -> Walks:
        """The best walk from every node to outside: what one more place, or one pair less, there gains."""
        of_column, of_person = self.load[1:]
        gain = np.where(of_person == 0, self.ladder.of_person * self.ladder.height, 0.0)
        start = self._outside(np.zeros(self.shape[0]), gain, of_column < self.wanted)
        return self.walk(start, backwards=True)

    def walks_between(self, source: int, target: int, least: float) -> Walks:
        """Return the best walk from one node to another by weight alone, if it gains `least` or more.

        What a walk can still gain on its way is bounded by the difference of `entries` between the two nodes, as prices
        do; where that cannot be enough the walk is given up.
        """
        start = np.full(sum(self.shape) + len(self.priority), -np.inf)
        start[source] = 0.0
        prices = self.entries.worth
        ahead = np.full(len(start), np.inf)
        if prices[target] > -np.inf:
            ahead = np.where(np.isfinite(prices), prices[target] - prices + 4 * self.ladder.noise, np.inf)

        def promising(worth: FloatArray) -> BoolArray:
            enough: BoolArray = worth > max(least, worth[target]) - ahead
            return enough

        return self.walk(start, promising=promising)

    def walk(
        self,
        start: FloatArray,
        *,
        backwards: bool = False,
        promising: Callable[[FloatArray], BoolArray] = np.isfinite,
    ) -> Walks:
        """Make walks longer while that makes one of them better.

        Parameters
        ----------
        start
            What walks of no steps are worth at each node, shape (n_nodes,).
        backwards
            Whether to walk against the steps.
        promising
            Says by the worth of walks so far from which nodes to go on.

        Raises
        ------
        ArithmeticError
            If walks get better for ever, for the matching is not a best one.

        Notes
        -----
        Bellman (1958) and Ford (1956), in rounds over the nodes that improved in the round before; a round is a few
        operations on whole arrays. At most O(n_nodes) rounds of O(n_mentors n_mentees); a few in practice.
        """
        worth, before = start.copy(), np.full(len(start), -1, dtype=np.int64)
        mentors = slice(0, self.shape[0])
        columns = slice(self.shape[0], sum(self.shape))
        tail, head, pairs = (columns, mentors, self.open.T) if backwards else (mentors, columns, self.open)
        tails, heads, gains = self.arcs
        arcs = (heads, tails, gains) if backwards else (tails, heads, gains)
        fresh = np.isfinite(start)
        for _ in range(len(start) + 1):
            near = self._let_enter(worth, before, fresh, (tail, head, pairs)) | fresh
            fresh = self._step(worth, before, near & promising(worth), arcs) & promising(worth)
            if not fresh.any():
                return Walks(worth, before)
        raise ArithmeticError("the matching can be made better without end")

    def _let_enter(
        self, worth: FloatArray, before: IntArray, fresh: BoolArray, block: tuple[slice, slice, FloatArray]
    ) -> BoolArray:
        """Step from the fresh nodes of one side to the other side's nodes; return which of them improved."""
        tail, head, pairs = block
        improved = np.zeros(len(worth), dtype=np.bool_)
        rows = np.flatnonzero(fresh[tail])
        if len(rows) and pairs.shape[1]:
            offered = worth[tail][rows, np.newaxis] + pairs[rows]
            first = offered.argmax(axis=0)
            best = offered[first, np.arange(len(first))]
            better = best > worth[head] + self.ladder.noise
            worth[head][better], before[head][better] = best[better], tail.start + rows[first[better]]
            improved[head] = better
        return improved

    def _step(self, worth: FloatArray, before: IntArray, near: BoolArray, arcs: Arcs) -> BoolArray:
        """Step along the arcs from near nodes; return which nodes improved."""
        tails, heads, gains = arcs
        improved = np.zeros(len(worth), dtype=np.bool_)
        on = np.flatnonzero(near[tails])
        offered = worth[tails[on]] + gains[on]
        order = np.argsort(offered, kind="stable")  # the last of several to one node is the best
        on, offered = on[order], offered[order]
        best, by = np.full(len(worth), -np.inf), np.full(len(worth), -1, dtype=np.int64)
        best[heads[on]], by[heads[on]] = offered, tails[on]
        improved = best > worth + self.ladder.noise
        worth[improved], before[improved] = best[improved], by[improved]
        return improved

    def _outside(self, mentors: FloatArray, persons: FloatArray, columns: BoolArray) -> FloatArray:
        """Return what the step between outside and each node is worth; single columns stand for their person."""
        single = np.where(columns & ~self.board, persons[self.person], -np.inf)
        boards = np.where(np.bincount(self.person, minlength=len(persons)) > 1, persons, -np.inf)
        start = np.concatenate([mentors, single, boards])
        if self.closed >= 0:
            start[self.closed] = -np.inf
        return start
