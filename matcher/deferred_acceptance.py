r"""Stable matchings by deferred acceptance.

One side *proposes*, the other *holds* the best proposals it has and rejects the rest; whoever is rejected
proposes further down her list. Nobody accepts for good before the end, hence the name. Each participant has a
strict order of the other side: by rank where one is given, ranked before unranked, then by larger weight, then by
lot (the seed). Mentors propose to as many mentees as they have places, mentees to as many mentors as they want.

A mentor takes the best so many mentees, but of each person's board one column at most: the sets she may hold are
the independent sets of a matroid, and such choices are *substitutable* (who is chosen from many is chosen from
fewer). With substitutable choices on both sides deferred acceptance ends in a stable matching, and in the best one
for the side that proposes: every proposer likes it at least as well as any other stable matching.

Equal minutes fold into places. With mixed minutes one long mentee may keep out two short ones, choices are no
longer substitutable, and a stable matching need not exist.

References
----------
D. Gale and L. S. Shapley (1962), College admissions and the stability of marriage.
A. E. Roth (1984), Stability and polarization of interests in job matching: several partners on both sides.
J. W. Hatfield and P. R. Milgrom (2005), Matching with contracts: substitutable choices.
T. Fleiner (2003), A fixed-point approach to stable matchings: choices by matroids.
"""

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, as_pairs
from matcher.problem import Problem

_UNRANKED = np.iinfo(np.int64).max
_LOOK_AT_CLOCK = 256  # proposers between two looks


@dataclass(frozen=True, eq=False)
class Side:
    """What one side wants.

    Attributes
    ----------
    order : IntArray
        For each participant the others, the most wanted first, shape (n_own, n_others). Only the first
        `listed` of each row may be matched.
    place : IntArray
        The inverse: ``place[p, order[p, k]] == k``.
    listed, quota : IntArray
        How many others each participant may be matched with, and how many at once, shape (n_own,).
    """

    order: IntArray
    place: IntArray
    listed: IntArray
    quota: IntArray


def defer_acceptance(
    problem: Problem,
    *,
    proposing: str = "mentee",
    seed: int = 0,
    deadline: float = np.inf,
    tell: Callable[[int, int], None] | None = None,
) -> IntArray:
    """Find the stable matching that is best for one side.

    Parameters
    ----------
    problem
        Without mixed minutes; its pins do not clash. Pinned pairs are set aside first: they take their places,
        and nobody lets go of them.
    proposing
        ``"mentee"`` or ``"mentor"``.
    seed
        Decides between equals.
    deadline
        On the clock of `time.monotonic`. Proposers still waiting then go without, and the matching may have
        blocking pairs.
    tell
        Called now and then with proposers served and their number.

    Returns
    -------
    IntArray
        Pairs, shape (n_pairs, 2), sorted.

    Notes
    -----
    O(n_mentors n_mentees log) time for the orders; then each proposal that is held, if only for a while, takes
    one look down the rest of a list. Proposals that would be rejected at once are skipped: what a participant holds
    only gets better, so nobody is skipped who would be held later.
    """
    mentors, mentees = _sides(problem, seed)
    boards = bool((problem.person_columns > 1).any())
    person = problem.person if boards else None
    if proposing == "mentee":
        hall = _Hall(mentees, mentors, person_of_proposer=person)
    else:
        hall = _Hall(mentors, mentees, person_of_receiver=person)
    hall.hold(deadline, tell or _say_nothing)
    found = hall.pairs()
    found = found if proposing == "mentor" else found[:, ::-1]
    return as_pairs(np.concatenate([found, problem.pinned]))


class _Hall:
    """Where proposals are made and held."""

    def __init__(
        self,
        proposers: Side,
        receivers: Side,
        *,
        person_of_proposer: IntArray | None = None,
        person_of_receiver: IntArray | None = None,
    ) -> None:
        self._proposers, self._receivers = proposers, receivers
        self._person_of_proposer, self._person_of_receiver = person_of_proposer, person_of_receiver
        n_proposers, n_receivers = len(proposers.quota), len(receivers.quota)
        self._next = np.zeros(n_proposers, dtype=np.int64)
        self._left = proposers.quota.tolist()
        self._held: list[list[int]] = [[] for _ in range(n_receivers)]
        # A receiver listens to proposers whose place on her list is before this.
        self._listens = np.where(receivers.quota > 0, n_proposers, 0)
        self._engaged: list[set[int]] = [set() for _ in range(n_proposers)]

    def hold(self, deadline: float, tell: Callable[[int, int], None]) -> None:
        """Let everyone propose until nobody wants to."""
        n = len(self._left)
        waiting = list(range(n))[::-1]
        served = 0
        while waiting:
            if served % _LOOK_AT_CLOCK == 0:
                tell(n - len(waiting), n)
                if monotonic() >= deadline:
                    return
            served += 1
            proposer = waiting.pop()
            while self._left[proposer] > 0 and (receiver := self._next_receiver(proposer)) is not None:
                rejected = self._propose(proposer, receiver)
                if rejected is not None and rejected != proposer:
                    waiting.append(rejected)

    def pairs(self) -> IntArray:
        """Return what is held, as (proposer, receiver)."""
        order = self._receivers.order
        flat = [(int(order[receiver, place]), receiver) for receiver, held in enumerate(self._held) for place in held]
        return np.array(flat, dtype=np.int64).reshape(-1, 2)

    def _next_receiver(self, proposer: int) -> int | None:
        """Return the next on a proposer's list who would listen, and turn the page."""
        start = self._next[proposer]
        rest = self._proposers.order[proposer, start : self._proposers.listed[proposer]]
        listen: BoolArray = self._receivers.place[rest, proposer] < self._listens[rest]
        if self._person_of_receiver is not None:  # a mentor proposes to one column of a board at a time
            listen &= ~np.isin(self._person_of_receiver[rest], list(self._engaged[proposer]))
        if not listen.any():
            self._next[proposer] += len(rest)
            return None
        first = int(np.argmax(listen))
        self._next[proposer] = start + first + 1
        return int(rest[first])

    def _propose(self, proposer: int, receiver: int) -> int | None:
        """Hold a proposal; return who is rejected for it, if anybody. The page was turned to a listener."""
        held = self._held[receiver]
        place = int(self._receivers.place[receiver, proposer])
        out = self._sibling(proposer, receiver)
        if out is None and len(held) == self._receivers.quota[receiver]:
            out = held[-1]
        if out is not None and out < place:  # the mentor holds a better column of the same board
            return proposer
        insort(held, place)
        self._engage(proposer, receiver)
        rejected = None
        if out is not None:
            held.remove(out)
            rejected = int(self._receivers.order[receiver, out])
            self._release(rejected, receiver)
        if len(held) == self._receivers.quota[receiver]:
            self._listens[receiver] = held[-1]
        return rejected

    def _sibling(self, proposer: int, receiver: int) -> int | None:
        """Return the place of a held column of the same board, when columns propose."""
        person = self._person_of_proposer
        if person is None:
            return None
        order = self._receivers.order[receiver]
        return next((place for place in self._held[receiver] if person[order[place]] == person[proposer]), None)

    def _engage(self, proposer: int, receiver: int) -> None:
        self._left[proposer] -= 1
        if self._person_of_receiver is not None:
            self._engaged[proposer].add(int(self._person_of_receiver[receiver]))

    def _release(self, proposer: int, receiver: int) -> None:
        self._left[proposer] += 1
        if self._person_of_receiver is not None:
            # The board is open again, so its columns that were passed over come back into question.
            self._engaged[proposer].remove(int(self._person_of_receiver[receiver]))
            self._next[proposer] = min(self._next[proposer], self._proposers.place[proposer, receiver] + 1)


def _sides(problem: Problem, seed: int) -> tuple[Side, Side]:
    """Return the orders of mentors and of mentees, pinned pairs and what they rule out left out."""
    generator = np.random.default_rng(seed)
    mentor_lot = generator.permutation(problem.n_mentors)
    mentee_lot = generator.permutation(problem.n_mentees)
    weights = problem.weights.copy()
    pins = problem.pinned
    for mentor, mentee in pins.tolist():
        weights[mentor, problem.person == problem.person[mentee]] = np.nan
    places = problem.places - np.bincount(pins[:, 0], minlength=problem.n_mentors)
    wanted = problem.wanted - np.bincount(pins[:, 1], minlength=problem.n_mentees)
    mentee_ranks = None if problem.mentee_ranks is None else problem.mentee_ranks.T
    return (
        _side(weights, problem.mentor_ranks, places, mentee_lot),
        _side(weights.T, mentee_ranks, wanted, mentor_lot),
    )


def _side(weights: FloatArray, ranks: IntArray | None, quota: IntArray, lot: IntArray) -> Side:
    """Sort each participant's row; `lot` is the order in which equals stand."""
    by_lot = -weights[:, lot]  # NaN, not acceptable, comes last in every sort
    order = np.argsort(by_lot, axis=1, kind="stable")
    if ranks is not None:
        keys = np.where(ranks < 0, _UNRANKED - 1, ranks)
        keys[np.isnan(weights)] = _UNRANKED
        by_rank = np.argsort(np.take_along_axis(keys[:, lot], order, axis=1), axis=1, kind="stable")
        order = np.take_along_axis(order, by_rank, axis=1)
    order = lot[order]
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    return Side(order, place, (~np.isnan(weights)).sum(axis=1), quota)


def _say_nothing(_done: int, _total: int) -> None:
    return None
