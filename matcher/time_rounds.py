"""Solve, look for times, rule out what cannot all meet, and solve again."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from time import monotonic

import numpy as np

from matcher.arrays import IntArray, as_pairs, as_tuples
from matcher.blocking_pairs import find_blocking_pairs
from matcher.boards import columns_of
from matcher.bounds import gap_of
from matcher.certificate import LEVELS, TOLERANCE, is_closed
from matcher.closed_pairs import pin_alone, without_pairs
from matcher.problem import Problem
from matcher.proofs import tighter_bound
from matcher.result import Matching, SolveResult, SolveStatus
from matcher.time_fill import Pair, Place, fill_up
from matcher.timetable import Timetable, Unplaced

__all__ = ["Pair", "Rounds", "TimedMatch"]

FOR_CUTS = 0.8
"""The share of the time in which pairs are ruled out; the rest is for filling up."""


@dataclass(frozen=True, eq=False)
class TimedMatch:
    """
    A matching with its times.

    Attributes
    ----------
    result : SolveResult
        The pairs, best for `problem` and proved so by its certificate.
    problem : Problem
        What was solved last: the problem given, less the places that nobody's hours hold and the pairs ruled out.
        Where the search ended before every pair had a time, or more pairs were found to fit, the pairs are pinned and
        all others closed.
    unpinned : Problem
        The same before pairs were pinned at the end: `problem` itself where they were not. What others could be matched
        is to be asked of this one, of which the pairs need not be the best.
    timetable : Timetable
        Slots in the order of `result.pairs`. Only pinned pairs, which must be matched, may have none.
    ruled_out : tuple of Unplaced
        Pairs that would have been proposed but for the times, and which others they clash with.
    bounds : dict of str to float
        For each level of the objective what no matching with a time for every pair can exceed that is as good on
        the levels before as the first solve, before any pair was ruled out for a clash. Where the coverage falls
        short of that, the bound of "total" is that of all matchings with times.
    gaps : dict of str to float or None
        For each level ``max(0, bound - value) / max(1, |value|)``: what the times may have cost at most. None where
        there is no bound: for "stability", and for a priority or floor after a coverage that fell short.
    solves : int
        How many times a matching was solved.
    """

    result: SolveResult
    problem: Problem
    unpinned: Problem
    timetable: Timetable
    ruled_out: tuple[Unplaced, ...] = ()
    bounds: dict[str, float] = field(default_factory=dict)
    gaps: dict[str, float | None] = field(default_factory=dict)
    solves: int = 1

    @property
    def pinned_at_end(self) -> bool:
        """Whether the pairs were pinned and all others closed, so that the certificate says nothing of others."""
        return self.unpinned is not self.problem

    @cached_property
    def blocking_pairs(self) -> IntArray:
        """Pairs, of those not ruled out, who would rather have each other; int, shape (n, 2)."""
        return find_blocking_pairs(self.unpinned, self.result.pairs)

    @property
    def is_best(self) -> bool:
        """Whether no matching with times is proved to be better on no level; for "stable", whether no pair blocks."""
        if self.result.objective == "stable":
            return len(self.blocking_pairs) == 0
        return all(gap is not None and is_closed(level, gap) for level, gap in self.gaps.items())


@dataclass(frozen=True, eq=False)
class _Round:
    """
    One solve with its timetable.

    Attributes
    ----------
    missed : dict of (int, int) to Unplaced
        The pairs that cannot stay.
    clashing : list of Unplaced
        Each says from which pairs one is to be ruled out.
    kept : list of (int, int)
        The pairs but those missed.
    worth : tuple of float
        Minus the pinned pairs without a time, then what the pairs kept are worth, level by level.
    """

    result: SolveResult
    timetable: Timetable
    missed: dict[Pair, Unplaced]
    clashing: list[Unplaced]
    kept: list[Pair]
    worth: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Rounds:
    """
    Solves, looks for times, rules pairs out and begins again.

    Attributes
    ----------
    problem : Problem
        With nothing ruled out yet.
    objective : str
    ask : callable
        Solves a problem for an objective within so many seconds (None: without a limit).
    place : callable
        See `matcher.time_fill.Place`.
    deadline : float
        On the clock of `time.monotonic`.
    may_lack : frozenset of str
        Codes with which a pair stays without a slot.
    """

    problem: Problem
    objective: str
    ask: Callable[[Problem, str, float | None], SolveResult]
    place: Place
    deadline: float
    may_lack: frozenset[str] = frozenset()

    @cached_property
    def pinned(self) -> frozenset[Pair]:
        """The pairs that must be matched."""
        return frozenset(as_tuples(self.problem.pinned))

    def run(self) -> TimedMatch:
        """Go on until every pair has a time or time is up."""
        until = monotonic() + FOR_CUTS * (self.deadline - monotonic())
        current, solves = self.problem, 1
        result = self._solve(current)
        if result.status is SolveStatus.INFEASIBLE:
            return TimedMatch(result, current, current, Timetable((), (), proved=True))
        last = best = first = self._judge(result)
        ruled_out: dict[Pair, Unplaced] = {}
        while last.clashing and monotonic() < until:
            cuts = self._with_boards(self._choose(last, current))
            ruled_out |= cuts
            current = without_pairs(current, list(cuts))
            last = self._judge(self._solve(current))
            solves += 1
            best = last if last.worth >= best.worth else best
        slots = dict(zip(as_tuples(best.result.pairs), best.timetable.slots, strict=True))
        kept = {pair: slots[pair] for pair in best.kept}
        added = {} if self.objective == "stable" else fill_up(self.problem, kept, self.place, self.deadline)
        final = best.result
        if pinned := best is not last or bool(last.missed or added):
            kept |= added
            current = pin_alone(self.problem, list(kept))
            final = self.ask(current, self.objective, None)
        ruled_out = best.missed | last.missed | ruled_out
        bounds, gaps = self._gaps(first.result, final)
        pairs = as_tuples(final.pairs)
        out = sorted(ruled_out.keys() - set(pairs))
        return TimedMatch(
            result=final,
            problem=current,
            unpinned=without_pairs(self.problem, out) if pinned else current,
            timetable=Timetable(
                slots=tuple(kept[pair] for pair in pairs),
                unplaced=tuple(entry for entry in best.timetable.unplaced if entry.pair not in best.missed),
                proved=best.timetable.proved,
            ),
            ruled_out=tuple(ruled_out[pair] for pair in out),
            bounds=bounds,
            gaps=gaps,
            solves=solves,
        )

    def _solve(self, problem: Problem) -> SolveResult:
        return self.ask(problem, self.objective, self._share())

    def _share(self) -> float | None:
        """Give half of the time left to whatever comes next; None without a limit."""
        return None if self.deadline == inf else max(0.0, (self.deadline - monotonic()) / 2)

    def _judge(self, result: SolveResult) -> _Round:
        """Look for times, and measure the pairs that may stay."""
        timetable = self.place(result.pairs, self._share(), {})
        without = [entry for entry in timetable.unplaced if entry.code not in self.may_lack]
        missed = {entry.pair: entry for entry in without if entry.pair not in self.pinned}
        kept = [pair for pair in as_tuples(result.pairs) if pair not in missed]
        matching = Matching.of(self.problem, as_pairs(kept))
        levels = [name for name in LEVELS[self.objective] if name != "stability"]
        return _Round(
            result=result,
            timetable=timetable,
            missed=missed,
            clashing=[entry for entry in without if not self.pinned.issuperset((entry.pair, *entry.beside))],
            kept=kept,
            worth=(len(missed) - len(without), *(matching.worth(name) for name in levels)),
        )

    def _choose(self, last: _Round, current: Problem) -> dict[Pair, Unplaced]:
        """Choose one pair of each set that cannot all meet: the one whose loss is least, and never a pinned one."""
        weights = dict(zip(as_tuples(last.result.pairs), self.problem.weights_of(last.result.pairs), strict=True))
        person, degree = current.person, current.mentee_degree
        mentors_of = Counter(int(person[mentee]) for _, mentee in weights)

        def loss(pair: Pair) -> tuple[int, float, Pair]:
            """Who has another mentor loses least; then who has most others to choose from."""
            alone = self.objective in {"coverage", "fair"} and mentors_of[int(person[pair[1]])] == 1
            return -int(degree[pair[1]]) if alone else -current.n_mentors - 1, weights[pair], pair

        cuts: dict[Pair, Unplaced] = {}
        for entry in last.clashing:
            together = (entry.pair, *entry.beside)
            if cuts.keys().isdisjoint(together):
                least = min((pair for pair in together if pair not in self.pinned), key=loss)
                cuts[least] = Unplaced(least, tuple(pair for pair in together if pair != least), entry.code)
        return cuts

    def _with_boards(self, cuts: dict[Pair, Unplaced]) -> dict[Pair, Unplaced]:
        """Rule a mentor out for a mentee's whole board: her hours are the same in each of its places."""
        found = dict(cuts)
        for (mentor, mentee), entry in cuts.items():
            others = [(mentor, column) for column in columns_of(self.problem, mentee).tolist() if column != mentee]
            may = ~np.isnan(self.problem.weights_of(as_pairs(others))) if others else ()
            for pair in (pair for pair, acceptable in zip(others, may, strict=True) if acceptable):
                if pair not in self.pinned:
                    found.setdefault(pair, replace(entry, pair=pair))
        return found

    def _gaps(self, first: SolveResult, final: SolveResult) -> tuple[dict[str, float], dict[str, float | None]]:
        """Compare the final values with the bounds of the first solve, level by level."""
        bounds = _bounds(first)
        gaps: dict[str, float | None] = {}
        short = False
        for name in bounds:
            before, value = (_value(result, name) for result in (first, final))
            if short and name == "total":
                bounds[name] = _bounds(self.ask(self.problem, name, self._share()))[name]
            known = name != "stability" and (name == "total" or not short)
            gaps[name] = gap_of(bounds[name], value) if known else None
            short = short or value < before - TOLERANCE
        return bounds, gaps


def _bounds(result: SolveResult) -> dict[str, float]:
    """Give the tightest bounds of a result, level by level."""
    assert result.certificate is not None
    tighter = result.certificate.solver_bounds or {}
    return {name: tighter_bound(bound, tighter.get(name), name) for name, bound in result.certificate.bounds.items()}


def _value(result: SolveResult, level: str) -> float:
    assert result.certificate is not None
    return result.certificate.values[level]
