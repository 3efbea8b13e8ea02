"""How people of a programme fit one of them: scored by the engine, put in an order that spreads attention."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from matcher.codes import Code
from matcher.explain import reasons
from matcher.people import Exclusion, Mentee, Mentor, Ties
from matcher.pool import Pool
from matcher.scoring import Settings, pair_minutes, score
from matcher.slots import first_slot
from matcher.why_not import why_not

Side = Literal["mentor", "mentee"]
Bools = NDArray[np.bool_]
# How far apart two fits may be and still change places, so that not everybody sees the same person first.
SPREAD = 0.03
# What a participant may know of each reason code.
KEYS = {int(code): why_not(code, participant=True)[0] for code in Code}


@dataclass(frozen=True)
class Fit:
    """One of the others: `key` says why not (as a participant may know it), or "acceptable"."""

    position: int
    id: uuid.UUID
    key: str
    order: float


@dataclass(frozen=True)
class Meeting:
    """What two people share: minutes a week, and a weekday and minute in the mentor's zone."""

    shared_minutes: int
    zone: str
    weekday: int | None
    minute: int | None


@dataclass(frozen=True, eq=False)
class Ordered(Sequence[Fit]):
    """Everybody, the best fit first and whoever is not possible last; `possible` can be paired.

    Of thousands a page shows five: a fit is made when it is asked for.
    """

    fits: "Fits"
    positions: NDArray[np.int64]
    keys: NDArray[np.int8]
    orders: NDArray[np.float64]
    possible: int

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, at: int) -> Fit: ...
    @overload
    def __getitem__(self, at: slice) -> list[Fit]: ...
    def __getitem__(self, at: int | slice) -> Fit | list[Fit]:
        if isinstance(at, slice):
            return [self._fit(int(position)) for position in self.positions[at]]
        return self._fit(int(self.positions[at]))

    def of(self, other: uuid.UUID) -> Fit | None:
        """Return the fit of one person; nothing where she is not among the others."""
        position = self.fits.position(other)
        return None if position is None else self._fit(position)

    def _fit(self, position: int) -> Fit:
        key = FULL if self.keys[position] < 0 else KEYS[int(self.keys[position])]
        return Fit(position, self.fits.id(position), key, float(self.orders[position]))


FULL = "full"


class Fits:
    """One person, `side` says as what, against all of the other side.

    The wishes of neither are scored: saying "interested" must not move the cards about, and nobody may read from
    the order what the other one wished.
    """

    def __init__(self, me: Mentor | Mentee, others: Pool, settings: Settings, barred: Mapping[str, str]) -> None:
        """Score `me` against the pool of the `others`, which has nobody on her side; `barred` by key and code."""
        mine = me.key
        if isinstance(me, Mentee):
            self.side: Side = "mentee"
            ties = Ties(exclusions=tuple(Exclusion(key, mine, Code[code]) for key, code in barred.items()))
            self.pool = others.extended(mentees=[me], ties=ties)
        else:
            self.side = "mentor"
            ties = Ties(exclusions=tuple(Exclusion(mine, key, Code[code]) for key, code in barred.items()))
            self.pool = others.extended(mentors=[me], ties=ties)
        self.settings = settings
        self.scores = score(self.pool, settings)

    @property
    def others(self) -> Sequence[Mentor] | Sequence[Mentee]:
        return self.pool.mentors if self.side == "mentee" else self.pool.mentees

    def id(self, position: int) -> uuid.UUID:
        return uuid.UUID(self.others[position].key)

    def position(self, other: uuid.UUID) -> int | None:
        return self.pool.positions[0 if self.side == "mentee" else 1].get(str(other))

    def _pair(self, position: int) -> tuple[int, int]:
        return (position, 0) if self.side == "mentee" else (0, position)

    def ordered(self, crowd: Mapping[str, int], turns: NDArray[np.uint64], shown: Bools | None = None) -> Ordered:
        """Put everybody in order; only those of `shown`, where given.

        The order is the fit, less a small amount (at most `SPREAD`) for a mentor of whom more mentees said that
        they are interested than she has places, and less another for a number that belongs to the pair (see
        `turns_of`). Both are the same on every visit. So people who fit about equally well take turns over the
        mentees; see `webapp.services.spreading` for whom they see first.
        """
        # One of the two sides is one person, so that the tables of pairs are lists of the others.
        codes, potential = self.scores.codes.ravel(), self.scores.potential.ravel()
        keys = np.where((codes == Code.ACCEPTABLE) & ~self._has_room(), np.int8(-1), codes)
        crowded = np.zeros(len(codes))
        if self.side == "mentee":
            rows = {
                row: number for key, number in crowd.items() if (row := self.pool.positions[0].get(key)) is not None
            }
            crowded[list(rows)] = list(rows.values())
            crowded = np.minimum(1.0, crowded / (2 * np.maximum(1, self._places())))
        orders = potential - SPREAD * (crowded + turns / 2.0**64)
        kept = np.arange(len(codes)) if shown is None else np.flatnonzero(shown)
        impossible = keys[kept] != Code.ACCEPTABLE
        positions = kept[np.lexsort((turns[kept], -orders[kept], impossible))]
        return Ordered(self, positions, keys, orders, int(np.count_nonzero(~impossible)))

    def _places(self) -> NDArray[np.int64]:
        return np.array([mentor.places for mentor in self.pool.mentors], dtype=np.int64)

    def _has_room(self) -> Bools:
        given = np.array([mentor.minutes for mentor in self.pool.mentors], dtype=np.int64)
        room = (self._places()[:, np.newaxis] > 0) & (given[:, np.newaxis] >= pair_minutes(self.pool, self.settings))
        return np.asarray(room.ravel(), dtype=np.bool_)

    def reasons(self, fit: Fit) -> list[dict[str, Any]]:
        return [asdict(one) for one in reasons(self.pool, self.settings, *self._pair(fit.position), viewer=self.side)]

    def meeting(self, fit: Fit) -> Meeting:
        j, i = self._pair(fit.position)
        mentor, mentee = self.pool.mentors[j], self.pool.mentees[i]
        length = self.settings.meeting_length(mentee.minutes)
        slot = first_slot(mentor, mentee, self.settings, length=length)
        return Meeting(
            shared_minutes=int(self.scores.shared_minutes[j, i]),
            zone=mentor.zone,
            weekday=slot.weekday if slot else None,
            minute=slot.start if slot else None,
        )


def choose(
    ordered: Ordered, interested: Iterable[uuid.UUID], *, first: Fit | None = None, most: int = 5, least: int = 3
) -> list[Fit]:
    """Return the cards to show: up to `most`, at least `least` of them undecided, and everybody she is interested in.

    Saying "interested" leaves the cards where they are. `first` stands first, whatever the order.
    """
    wanted = set(interested)
    fresh = max(least, most - len(wanted))
    chosen = [first] if first else []
    if first is not None:
        fresh -= first.id not in wanted
    # Nobody further back can be an undecided card, however many of those before her are wanted.
    for fit in ordered[: min(ordered.possible, fresh + len(wanted) + 1)]:
        if first is not None and fit.id == first.id:
            continue
        if fit.id in wanted or fresh:
            fresh -= fit.id not in wanted
            chosen.append(fit)
    seen = {fit.id for fit in chosen}
    late = [one for one in map(ordered.of, wanted - seen) if one is not None and one.key == "acceptable"]
    return chosen + sorted(late, key=lambda fit: -fit.order)


def bits_of(ids: Iterable[uuid.UUID]) -> NDArray[np.uint64]:
    """Return 64 bits for each id, whatever its kind."""
    half = 2**64 - 1
    return _mixed(np.array([(one.int >> 64) ^ (one.int & half) for one in ids], dtype=np.uint64))


def turns_of(others: NDArray[np.uint64], me: uuid.UUID) -> NDArray[np.uint64]:
    """Return a number that belongs to each pair, all equally likely; `others` as `bits_of` gives them."""
    return _mixed(others ^ bits_of([me]))


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix bits so that each depends on all (the finaliser of SplitMix64: Steele, Lea and Flood, 2014)."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
