"""Meetings that must not clash: who rules out what, and a first placing with repair.

A meeting is placed by its start, a bit of the template on the clock it keeps. Two meetings with a person in common
clash when their cells overlap in any clock regime; for a meeting at start `s` the starts that it rules out for another
are one set of bits, rotated by `s`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from matcher.diary import Template, bits, first_bit

__all__ = ["Meeting", "Plan", "Starts", "place_greedily", "settle"]

DEPTH = 3
"""How many meetings in a row may move to let one more in."""

TRIES = 400
"""How many starts are tried to let one more in."""

Starts = list[int | None]
"""For each meeting its start, or None."""


@dataclass(frozen=True)
class Meeting:
    """
    A meeting to place.

    Attributes
    ----------
    persons : tuple of str
        Who takes part.
    zone : str
        The zone whose clock it keeps.
    cells : int
        How many cells it takes.
    starts, daytime : int
        Starts that suit both; starts that are in daytime for both.
    """

    persons: tuple[str, ...]
    zone: str
    cells: int
    starts: int
    daytime: int = 0


class Plan:
    """
    Meetings and which of them can clash.

    Parameters
    ----------
    template : Template
    meetings : sequence of Meeting

    Attributes
    ----------
    beside : list of dict
        For each meeting the others with a person in common, and the starts *of the first* that the other rules out
        when it begins at cell 0.
    """

    def __init__(self, template: Template, meetings: Sequence[Meeting]) -> None:
        self.template = template
        self.meetings = list(meetings)
        self.of_person: dict[str, list[int]] = {}
        for number, meeting in enumerate(self.meetings):
            for person in dict.fromkeys(meeting.persons):
                self.of_person.setdefault(person, []).append(number)
        self.beside: list[dict[int, int]] = [{} for _ in self.meetings]
        for together in self.of_person.values():
            for one in together:
                for other in together:
                    if one != other and other not in self.beside[one]:
                        self.beside[one][other] = self._ruled_out(one, other)

    def _ruled_out(self, one: int, by: int) -> int:
        mine, theirs = self.meetings[one], self.meetings[by]
        return self.template.ruled_out(mine.cells, theirs.cells, self.template.ahead(theirs.zone, mine.zone))

    def blocked(self, one: int, by: int, start: int) -> int:
        """Mark the starts of one meeting that another, at its start, rules out."""
        return self.template.rotate(self.beside[one][by], start)

    def free(self, one: int, starts: Starts) -> int:
        """Mark the starts of a meeting that no meeting placed rules out."""
        free = self.meetings[one].starts
        for other in self.beside[one]:
            start = starts[other]
            if start is not None and free:
                free &= ~self.blocked(one, other, start)
        return free

    def best(self, one: int, free: int) -> int:
        """Return the best of some starts: daytime for both before other hours, then the earliest."""
        return first_bit(free & self.meetings[one].daytime or free)

    def components(self, members: Iterable[int]) -> list[list[int]]:
        """Split meetings into those that hang together through people in common."""
        left = dict.fromkeys(members)
        found: list[list[int]] = []
        while left:
            first = next(iter(left))
            found.append(sorted(self.reach(first, left)))
            for member in found[-1]:
                del left[member]
        return found

    def reach(self, first: int, among: Iterable[int]) -> list[int]:
        """List a meeting and all that hang together with it, the nearest first."""
        allowed = set(among)
        order = [first]
        seen = {first}
        for one in order:
            new = [other for other in self.beside[one] if other in allowed and other not in seen]
            seen.update(new)
            order += new
        return order

    def peel(self, open_starts: Mapping[int, int]) -> list[int]:
        """
        List meetings that can always be placed last, in the order in which they may be set aside.

        Parameters
        ----------
        open_starts : mapping of int to int
            For each meeting to place the starts that are open to it.

        Notes
        -----
        A meeting with more starts than all others together can rule out finds one whatever they do; without it, others
        may come to be so too. Placed in the opposite order, each finds a start.
        """
        left = set(open_starts)
        against = {
            one: sum(out.bit_count() for other, out in self.beside[one].items() if other in left) for one in left
        }
        count = {one: starts.bit_count() for one, starts in open_starts.items()}
        waiting = sorted(one for one in left if count[one] > against[one])
        peeled: list[int] = []
        while waiting:
            one = waiting.pop()
            left.discard(one)
            peeled.append(one)
            for other in self.beside[one]:
                if other in left:
                    was = count[other] > against[other]
                    against[other] -= self.beside[other][one].bit_count()
                    if not was and count[other] > against[other]:
                        waiting.append(other)
        return peeled


def place_greedily(plan: Plan, starts: Starts, members: Sequence[int]) -> list[int]:
    """
    Place meetings one by one, those with the fewest starts left first, and move others where that lets one in.

    Parameters
    ----------
    plan : Plan
    starts : list of int or None
        Changed: the starts chosen. What is placed before and is no member stays.
    members : sequence of int
        Not placed so far.

    Returns
    -------
    list of int
        The members that found no start.
    """
    free = {one: plan.free(one, starts) for one in members}
    heap = [(mask.bit_count(), one) for one, mask in free.items()]
    heapify(heap)
    missed: list[int] = []
    done: set[int] = set()
    while heap:
        count, one = heappop(heap)
        if one in done or count != free[one].bit_count():
            continue
        done.add(one)
        if not count:
            missed.append(one)
            continue
        start = plan.best(one, free[one])
        starts[one] = start
        for other in plan.beside[one]:
            if other in free and other not in done:
                free[other] &= ~plan.blocked(other, one, start)
                heappush(heap, (free[other].bit_count(), other))
    movable = set(members)
    return [one for one in missed if not _Repair(plan, starts, movable).let_in(one, DEPTH, frozenset())]


class _Repair:
    """Tries to let one more meeting in by moving a few others."""

    def __init__(self, plan: Plan, starts: Starts, movable: set[int]) -> None:
        self.plan = plan
        self.starts = starts
        self.movable = movable
        self.left = TRIES

    def let_in(self, one: int, depth: int, held: frozenset[int]) -> bool:
        """Place a meeting, moving others but those held; all stays as it was where that fails."""
        free = self.plan.free(one, self.starts)
        if free:
            self.starts[one] = self.plan.best(one, free)
            return True
        if depth == 0:
            return False
        return any(self._let_in_at(one, start, depth, held | {one}) for start in self._by_fewest(one, held))

    def _by_fewest(self, one: int, held: frozenset[int]) -> list[int]:
        """List the starts at which only movable meetings stand in the way, the fewest first."""
        in_way: dict[int, int] = dict.fromkeys(bits(self.plan.meetings[one].starts), 0)
        for other in self.plan.beside[one]:
            start = self.starts[other]
            if start is None:
                continue
            for bit in bits(self.plan.blocked(one, other, start) & self.plan.meetings[one].starts):
                if other in held or other not in self.movable:
                    in_way.pop(bit, None)
                elif bit in in_way:
                    in_way[bit] += 1
        return sorted(in_way, key=lambda bit: (in_way[bit], bit))

    def _let_in_at(self, one: int, start: int, depth: int, held: frozenset[int]) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        before = list(self.starts)
        moved = [
            other
            for other in self.plan.beside[one]
            if (placed := self.starts[other]) is not None and self.plan.blocked(one, other, placed) >> start & 1
        ]
        for other in moved:
            self.starts[other] = None
        self.starts[one] = start
        if all(self.let_in(other, depth - 1, held) for other in moved):
            return True
        self.starts[:] = before
        return False


def settle(plan: Plan, starts: Starts, members: Sequence[int]) -> None:
    """
    Let each meeting in turn take the best start that is free for it, until none can do better alone.

    Notes
    -----
    Each move is better for one meeting and touches no other, so it ends.
    """
    moved = True
    while moved:
        moved = False
        for one in members:
            start = starts[one]
            if start is not None and (best := plan.best(one, plan.free(one, starts))) != start:
                starts[one] = best
                moved = True
