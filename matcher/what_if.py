"""What another pair, another answer or another mentor would change: exact differences to a best matching."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, as_pairs
from matcher.augmenting import MARGIN, force_pair, insert_mentee, insert_mentor, push_out
from matcher.best_residual import find_residual
from matcher.certificate import REPAIR, Certificate
from matcher.closed_pairs import without_pairs
from matcher.outcomes import Asked, Method, Outcome, Worth, compare_worth, measure
from matcher.problem import Problem
from matcher.problem_changes import with_changes, with_mentee, with_mentor, with_new_mentor
from matcher.residual import Residual
from matcher.result import Matching, SolveResult, SolveStatus
from matcher.solving import solve

__all__ = ["Outcome", "WhatIf"]


class WhatIf:
    """Answers about one solved problem; made once, asked many times.

    Parameters
    ----------
    problem
        The problem.
    result
        Its result, or the certificate of one.
    time_limit
        Seconds for each question that needs a solve; None for no limit.

    Attributes
    ----------
    method : {"walk", "solve"}
        How questions are answered. Walks are exact for an OPTIMAL result of ``coverage`` or ``total`` without
        mixed minutes; everything else is solved anew with the condition.

    Raises
    ------
    ValueError
        For a repaired matching: what it may cost to move is decided by the offers that wait.

    Notes
    -----
    Holds a few dense arrays of (n_mentors, n_mentees). A pair is answered with one walk between two nodes, a changed
    mentee or mentor with one walk for each of her pairs; see `matcher.residual`.

    Examples
    --------
    >>> from matcher import Problem, solve
    >>> problem = Problem([[0.9, 0.8], [0.7, 0.1]], mentor_capacity=1, mentee_capacity=1)
    >>> what_if = WhatIf(problem, solve(problem))
    >>> cost = what_if.pair(0, 0)
    >>> round(cost.total, 9), cost.entering.tolist(), cost.leaving.tolist()
    (-0.5, [[1, 1]], [[0, 1], [1, 0]])
    """

    def __init__(self, problem: Problem, result: SolveResult | Certificate, *, time_limit: float | None = None) -> None:
        if result.objective == REPAIR:
            raise ValueError("a repair keeps open offers: ask about the round that it repairs")
        self.problem = problem
        self.objective = result.objective
        self.pairs = as_pairs(result.pairs)
        self.best = Worth.of(Matching.of(problem, self.pairs))
        self.optimal = str(result.status) == SolveStatus.OPTIMAL
        certificate = result if isinstance(result, Certificate) else result.certificate
        self._seed = 0 if certificate is None else certificate.seed
        self._time_limit = time_limit
        solvable = self.optimal and self.objective in {"coverage", "total"} and not problem.mixed.any()
        self.residual = find_residual(problem, self.objective, self.pairs, self._places()) if solvable else None

    @property
    def method(self) -> Method:
        """How questions are answered."""
        return "solve" if self.residual is None else "walk"

    def walks_for(self, mentee: int) -> bool:
        """Return whether a change of this mentee's column is answered along walks."""
        return self.residual is not None and self._even and not self.residual.board[mentee]

    @property
    def walks_for_uncovered(self) -> bool:
        """Whether `covers` answers for mentees without a mentor, whether or not they have boards."""
        return self.residual is not None and self._even

    @property
    def walks_for_mentors(self) -> bool:
        """Whether a change of a mentor's row is answered along walks."""
        return self.residual is not None and self._even

    def pair(self, mentor: int, mentee: int) -> Outcome:
        """Return what the matching would be if it had to hold an acceptable pair.

        Raises
        ------
        ValueError
            If the pair is not acceptable.
        """
        asked = as_pairs([(mentor, mentee)])
        if np.isnan(self.problem.weights_of(asked)[0]):
            raise ValueError(f"pair ({mentor}, {mentee}) is not acceptable; its reason code says why")
        if _holds(self.pairs, mentor, mentee):
            return Outcome(possible=True, own=asked, method=self.method, exact=self.optimal)
        if self.residual is None:
            pins = np.vstack([self.problem.pinned, asked])
            return self.solved(with_changes(self.problem, pinned=pins), (mentor, mentee))
        chosen = force_pair(self.residual, mentor, mentee)
        if chosen is None:
            return Outcome(possible=False)
        return self._walked(replace(self.residual, chosen=chosen), (mentor, mentee))

    def without(self, mentor: int, mentee: int) -> Outcome:
        """Return what the matching would be if it must not hold a pair, pinned or not."""
        if not _holds(self.pairs, mentor, mentee):
            return Outcome(possible=True, method=self.method, exact=self.optimal)
        column = self.problem.weights[:, mentee].copy()
        column[mentor] = np.nan
        return self.mentee(mentee, column)

    def instead(self, mentor: int, mentee: int, old: int) -> Outcome:
        """Return what the matching would be if a mentee had this mentor, and must not have another.

        Raises
        ------
        ValueError
            If the pair is not acceptable.
        """
        if not _holds(self.problem.pinned, old, mentee):
            found = self.pair(mentor, mentee)
            # A best matching that holds the pair, and leaves the other out by itself, is the best that must.
            stays = _holds(self.pairs, old, mentee) and not _holds(found.leaving, old, mentee)
            if not found.possible or not (stays or _holds(found.entering, old, mentee)):
                return found
        pins = self.problem.pinned
        freed = with_changes(self.problem, pinned=pins[~(pins == (old, mentee)).all(axis=1)])
        pins = np.unique(np.vstack([freed.pinned, as_pairs([(mentor, mentee)])]), axis=0)  # it may be pinned already
        return self.solved(with_changes(without_pairs(freed, [(old, mentee)]), pinned=pins), (mentor, mentee))

    def mentee(self, mentee: int, weights: Any, capacity: int | None = None) -> Outcome:
        """Return what the matching would be if a mentee had another column of weights, and wanted other mentors.

        Parameters
        ----------
        mentee
            Her column.
        weights
            float, shape (n_mentors,), in [0, 1], NaN where not acceptable.
        capacity
            Mentors wanted; as many as before by default.
        """
        column = np.asarray(weights, dtype=np.float64)
        wanted = int(self.problem.mentee_capacity[mentee]) if capacity is None else capacity
        rest = None
        if self.residual is not None and self.walks_for(mentee):
            rest = push_out(self.residual, self.problem.n_mentors + mentee)
        if rest is None:
            return self.solved(with_mentee(self.problem, mentee, column, wanted), (None, mentee))
        # Where nobody left, the walks to the mentors are known: none leads through a column without pairs.
        known = rest.entries if rest is self.residual else None
        table, limits = rest.weights.copy(), rest.wanted.copy()
        table[:, mentee], limits[mentee] = np.where(np.isnan(column), -np.inf, column), wanted
        return self._walked(insert_mentee(replace(rest, weights=table, wanted=limits), mentee, known), (None, mentee))

    def mentor(self, mentor: int, weights: Any, capacity: int, minutes: int | None = None) -> Outcome:
        """Return what the matching would be if a mentor had another row of weights and other limits.

        Parameters
        ----------
        mentor
            The row.
        weights
            float, shape (n_mentees,), in [0, 1], NaN where not acceptable.
        capacity
            Places.
        minutes
            Minutes a month the mentor gives; as many as before by default.
        """
        row = np.asarray(weights, dtype=np.float64)
        if minutes is None and self.problem.mentor_minutes is not None:
            minutes = int(self.problem.mentor_minutes[mentor])
        room = self.room(capacity, minutes)
        rest = None if self.residual is None or not self._even or room is None else push_out(self.residual, mentor)
        if rest is None or room is None:
            return self.solved(with_mentor(self.problem, mentor, row, capacity, minutes), (mentor, None))
        table, places = rest.weights.copy(), rest.places.copy()
        table[mentor], places[mentor] = np.where(np.isnan(row), -np.inf, row), room
        return self._walked(insert_mentor(replace(rest, weights=table, places=places), mentor), (mentor, None))

    def new_mentor(self, weights: Any, capacity: int, minutes: int | None = None) -> Outcome:
        """Return what the matching would be with one more mentor, whose number is `n_mentors`.

        The arguments are as for `mentor`; without `minutes` she has enough for all her places.
        """
        row = np.asarray(weights, dtype=np.float64)
        number = self.problem.n_mentors
        room = self.room(capacity, minutes)
        if self.residual is None or not self._even or room is None:
            return self.solved(with_new_mentor(self.problem, row, capacity, minutes), (number, None))
        rest = self.residual
        none = np.zeros((1, self.problem.n_mentees), dtype=np.bool_)
        rest = replace(
            rest,
            weights=np.vstack([rest.weights, np.where(np.isnan(row), -np.inf, row)]),
            places=np.append(rest.places, room),
            chosen=np.vstack([rest.chosen, none]),
            pinned=np.vstack([rest.pinned, none]),
        )
        return self._walked(insert_mentor(rest, number), (number, None))

    def within_reach(self, mentee: int) -> IntArray:
        """Return the mentors whom a mentee without one could have in a best matching if they fitted perfectly."""
        if self.residual is None or not self.walks_for_uncovered:
            return np.arange(self.problem.n_mentors)
        return np.flatnonzero(self._covers(self.residual, mentee, self._entries(self.residual) + 1.0))

    def covers(self, mentee: int, columns: FloatArray) -> BoolArray:
        """Return for which columns a mentee without a mentor would have one in every best matching.

        Parameters
        ----------
        mentee
            Her number; she has no mentor now, in this column or another of her board, and wants one at least.
        columns
            float, shape (n_mentors, n), NaN where not acceptable: her column in each of n cases.

        Notes
        -----
        One addition and one comparison for each weight, for the walks that bring her a mentor end in the same
        entries whatever her answers are.
        """
        assert self.residual is not None
        offered = np.where(np.isnan(columns), -np.inf, columns) + self._entries(self.residual)[:, np.newaxis]
        return self._covers(self.residual, mentee, offered.max(axis=0, initial=-np.inf))

    def occupies(self, rows: FloatArray) -> BoolArray:
        """Return for which rows a mentor without a mentee, who has a place, would have one in every best matching.

        Parameters
        ----------
        rows
            float, shape (n, n_mentees), NaN where not acceptable: the mentor's row in each of n cases.
        """
        assert self.residual is not None
        exits = self.residual.exits.worth[self.problem.n_mentors : sum(self.problem.shape)]
        offered = np.where(np.isnan(rows), -np.inf, rows) + exits
        parts = self.residual.ladder.split(offered.max(axis=1, initial=-np.inf))
        return self.residual.ladder.are_gains(*parts, MARGIN)

    def room(self, capacity: int, minutes: int | None) -> int | None:
        """Return how many pairs a mentor's limits hold; None if that depends on which pairs."""
        taken = self.problem.minutes
        if taken is None or taken.size == 0 or minutes is None:
            return capacity
        least, most = (min(capacity, minutes // length) if length else capacity for length in self._lengths)
        return most if least == most else None

    @cached_property
    def _lengths(self) -> tuple[int, int]:
        """The minutes of the shortest and of the longest pair."""
        assert self.problem.minutes is not None
        return int(self.problem.minutes.min()), int(self.problem.minutes.max())

    @cached_property
    def _rooms(self) -> list[int | None]:
        """What the limits of each mentor hold."""
        given = self.problem.mentor_minutes
        minutes = [None] * self.problem.n_mentors if given is None else given.tolist()
        return [self.room(*limit) for limit in zip(self.problem.mentor_capacity.tolist(), minutes, strict=True)]

    def _places(self) -> IntArray:
        """Return the places of each mentor: beyond the pairs there are, if a further one finds its place anyway."""
        return np.array(self._rooms, dtype=np.int64) if self._even else self.problem.places

    @property
    def _even(self) -> bool:
        """Whether every mentor holds as many pairs whichever they are, and another pair changes nobody's places."""
        return None not in self._rooms

    def _entries(self, residual: Residual) -> FloatArray:
        """Return what a place of each mentor costs the others."""
        return residual.entries.worth[: self.problem.n_mentors]

    @staticmethod
    def _covers(residual: Residual, mentee: int, worth: FloatArray) -> BoolArray:
        """Return for which worths of a pair, with what it costs the others, a mentee is covered."""
        coverage, priority, weight = residual.ladder.split(worth)
        if residual.by_person:
            coverage, priority = coverage + 1, priority + residual.priority[residual.person[mentee]]
        return residual.ladder.are_gains(coverage, priority, weight, MARGIN)

    def _walked(self, after: Residual, asked: Asked) -> Outcome:
        pairs = np.argwhere(after.chosen)
        found = measure(pairs, after.weights[pairs[:, 0], pairs[:, 1]], after.person, after.priority)
        return compare_worth(self.best, found, asked, "walk", exact=True)

    def solved(self, problem: Problem, asked: Asked) -> Outcome:
        """Return what the matching would be in a changed problem; always by a solve."""
        result = solve(problem, self.objective, seed=self._seed, time_limit=self._time_limit)
        if result.status is SolveStatus.INFEASIBLE:
            return Outcome(possible=False, method="solve")
        found = Worth.of(Matching.of(problem, result.pairs))
        exact = self.optimal and result.status is SolveStatus.OPTIMAL
        return compare_worth(self.best, found, asked, "solve", exact=exact)


def _holds(pairs: IntArray, mentor: int, mentee: int) -> bool:
    return bool((pairs == (mentor, mentee)).all(axis=1).any())
