"""Pairs that still find a place and a time beside those that have one, where these keep theirs."""

from collections import Counter
from collections.abc import Callable, Mapping
from time import monotonic

import numpy as np

from matcher.arrays import IntArray, as_pairs
from matcher.availability import Slot
from matcher.problem import Problem
from matcher.timetable import Timetable

__all__ = ["Place", "fill_up"]

Pair = tuple[int, int]

Place = Callable[[IntArray, float | None, Mapping[Pair, Slot]], Timetable]
"""Looks for times for pairs within so many seconds; the pairs of the mapping keep theirs."""


def fill_up(problem: Problem, slots: Mapping[Pair, Slot | None], place: Place, deadline: float) -> dict[Pair, Slot]:
    """
    Find more pairs with times.

    Parameters
    ----------
    problem : Problem
    slots : mapping of (int, int) to Slot or None
        The pairs so far.
    place : callable
    deadline : float
        On the clock of `time.monotonic`.

    Returns
    -------
    dict of (int, int) to Slot
        The pairs to add: all within capacities, minutes and boards, and free at their times.

    Notes
    -----
    Again and again every mentee with room, the uncovered first, asks the mentor of largest weight who has room and was
    not asked before; all who ask at once are placed together around the times that stay.
    """
    kept = {pair: slot for pair, slot in slots.items() if slot is not None}
    room = _Room(problem, list(slots))
    asks = {mentee: room.mentors_by_weight(mentee) for mentee in room.open_mentees()}
    added: dict[Pair, Slot] = {}
    while monotonic() < deadline:
        asking = room.copy()
        batch = [pair for mentee in asking.open_mentees() if (pair := asking.first_of(mentee, asks.get(mentee, [])))]
        if not batch:
            break
        pairs = [*kept, *batch]
        found = place(np.array(pairs, dtype=np.int64), 0.0, kept)
        for pair, slot in list(zip(pairs, found.slots, strict=True))[len(kept) :]:
            if slot is not None:
                added[pair] = kept[pair] = slot
                room.take(pair)
    return added


class _Room:
    """What capacities, minutes and boards leave."""

    def __init__(self, problem: Problem, pairs: list[Pair]) -> None:
        self.problem = problem
        self.pairs: list[Pair] = []
        self.places = problem.mentor_capacity.copy()
        self.wanted = problem.mentee_capacity.copy()
        self.minutes = None if problem.mentor_minutes is None else problem.mentor_minutes.copy()
        self.boards: set[Pair] = set()
        for pair in pairs:
            self.take(pair)

    def copy(self) -> "_Room":
        """Start from the same pairs."""
        return _Room(self.problem, self.pairs)

    def take(self, pair: Pair) -> None:
        """Take what a pair needs."""
        mentor, mentee = pair
        self.pairs.append(pair)
        self.places[mentor] -= 1
        self.wanted[mentee] -= 1
        self.boards.add((mentor, int(self.problem.person[mentee])))
        if self.minutes is not None:
            self.minutes[mentor] -= self._length(pair)

    def open_mentees(self) -> list[int]:
        """List the mentees who may have another mentor, those of persons without one first."""
        mentors_of = Counter(person for _, person in self.boards)
        open_ = np.flatnonzero(self.wanted > 0).tolist()
        return sorted(open_, key=lambda mentee: (mentors_of[int(self.problem.person[mentee])] > 0, mentee))

    def mentors_by_weight(self, mentee: int) -> list[int]:
        """List the acceptable mentors who have room, the largest weight last; room only becomes less."""
        mentors = np.flatnonzero(self.places > 0)
        if self.minutes is not None:
            lengths = self.problem.minutes_of(np.stack([mentors, np.full(len(mentors), mentee)], axis=1))
            mentors = mentors[self.minutes[mentors] >= lengths]
        weights = self.problem.chunk(mentee, mentee + 1)[mentors, 0]
        order = np.argsort(weights, kind="stable")
        return [int(mentor) for mentor in mentors[order[~np.isnan(weights[order])]]]

    def first_of(self, mentee: int, mentors: list[int]) -> Pair | None:
        """Take the last of some mentors who has room, and forget all that were looked at."""
        while mentors:
            pair = mentors.pop(), mentee
            if self.places[pair[0]] > 0 and self._fits(pair):
                self.take(pair)
                return pair
        return None

    def _fits(self, pair: Pair) -> bool:
        """Whether the mentor has the minutes, and is no mentor of this person already."""
        enough = self.minutes is None or self.minutes[pair[0]] >= self._length(pair)
        return enough and (pair[0], int(self.problem.person[pair[1]])) not in self.boards

    def _length(self, pair: Pair) -> int:
        return int(self.problem.minutes_of(as_pairs([pair]))[0])
