"""Something to show when time runs out: a quick matching and prices that are always valid."""

import numpy as np

from matcher.arrays import IntArray
from matcher.levels import Level
from matcher.network import Network
from matcher.prices import Prices


def choose_greedily(network: Network, start: IntArray, in_order: IntArray) -> IntArray:
    """Return a choice and as many other pairs as fit beside it, those that cover a person first.

    Parameters
    ----------
    network
        The pairs.
    start
        Indices of pairs that keep every rule together.
    in_order
        Indices of further pairs, the most wanted first.

    Returns
    -------
    IntArray
        Indices of the chosen pairs, sorted; they keep every rule. O(n) time for n further pairs.
    """
    choice = _Choice(network)
    for pair in start.tolist():
        choice.take(pair)
    further = in_order.tolist()
    for pair in further:
        if choice.covers_anew(pair) and choice.fits(pair):
            choice.take(pair)
    for pair in further:
        if choice.fits(pair):
            choice.take(pair)
    return np.array(sorted(choice.pairs), dtype=np.int64)


def generous_prices(network: Network, level: Level) -> Prices:
    """Return prices so high on the mentees' side that no pair keeps anything: a weak but valid bound.

    Persons without any pair have a price that says they cannot be covered. So without pairs the bound is exact.
    """
    mentee = np.zeros(len(network.wanted))
    person = np.zeros(len(network.person_wanted))
    alone = np.ones(len(person), dtype=np.bool_)
    alone[network.person] = False
    if level.name == "coverage":
        person[alone] = -1.0
    elif level.name == "priority":
        person[alone] = -network.person_priority[alone]
    elif level.name == "kept":
        np.maximum.at(person, network.person, network.offered)
    if level.name == "total" and level.by_person:
        np.maximum.at(person, network.person, network.weight)
    elif level.name == "total":
        np.maximum.at(mentee, network.mentee, network.weight)
    nothing = np.zeros(len(network.places))
    kept = 0.0 if level.with_offers else None
    return Prices(mentee=mentee, person=person, mentor=nothing, minutes=nothing, kept=kept)


class _Choice:
    """Pairs chosen so far, and what they leave."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._places = network.places.tolist()
        self._minutes = network.mentor_minutes.tolist()
        self._wanted = network.wanted.tolist()
        self._covered: set[int] = set()
        self._fillers: set[tuple[int, int]] = set()
        self.pairs: set[int] = set()

    def covers_anew(self, pair: int) -> bool:
        return int(self._network.person_of[self._network.mentee[pair]]) not in self._covered

    def fits(self, pair: int) -> bool:
        mentor, mentee, person = self._ends(pair)
        return (
            self._places[mentor] > 0
            and self._wanted[mentee] > 0
            and self._minutes[mentor] >= self._network.minutes[pair]
            and (mentor, person) not in self._fillers
        )

    def take(self, pair: int) -> None:
        mentor, mentee, person = self._ends(pair)
        self._places[mentor] -= 1
        self._wanted[mentee] -= 1
        self._minutes[mentor] -= self._network.minutes[pair]
        self._covered.add(person)
        self._fillers.add((mentor, person))
        self.pairs.add(pair)

    def _ends(self, pair: int) -> tuple[int, int, int]:
        mentee = int(self._network.mentee[pair])
        return int(self._network.mentor[pair]), mentee, int(self._network.person_of[mentee])
