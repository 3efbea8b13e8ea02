"""How people of a programme fit one of them: scored by the engine, put in an order that spreads attention."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from matcher.codes import Code
from matcher.explain import reasons
from matcher.people import Exclusion, Mentee, Mentor, Ties
from matcher.pool import Pool
from matcher.scoring import Settings, score
from matcher.slots import first_slot
from matcher.taxonomy import Taxonomy
from matcher.why_not import why_not

Side = Literal["mentor", "mentee"]
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


class Fits:
    """One person, `side` says as what, against all of the other side.

    The wishes of neither are scored: saying "interested" must not move the cards about, and nobody may read from
    the order what the other one wished.
    """

    def __init__(self, side: Side, pool: Pool, settings: Settings) -> None:
        self.side, self.pool, self.settings = side, pool, settings
        self.scores = score(pool, settings)

    @classmethod
    def of_mentee(
        cls,
        me: Mentee,
        mentors: Sequence[Mentor],
        settings: Settings,
        barred: Mapping[str, str],
        taxonomy: Taxonomy | None = None,
    ) -> "Fits":
        exclusions = tuple(Exclusion(key, me.key, Code[code]) for key, code in barred.items())
        return cls("mentee", Pool.build(mentors, [me], taxonomy, Ties(exclusions=exclusions)), settings)

    @classmethod
    def of_mentor(
        cls,
        me: Mentor,
        mentees: Sequence[Mentee],
        settings: Settings,
        barred: Mapping[str, str],
        taxonomy: Taxonomy | None = None,
    ) -> "Fits":
        exclusions = tuple(Exclusion(me.key, key, Code[code]) for key, code in barred.items())
        return cls("mentor", Pool.build([me], mentees, taxonomy, Ties(exclusions=exclusions)), settings)

    def _pair(self, position: int) -> tuple[int, int]:
        return (position, 0) if self.side == "mentee" else (0, position)

    def ordered(self, crowd: Mapping[str, int]) -> list[Fit]:
        """Return everybody, the best fit first and whoever is not possible last.

        The order is the fit, less a small amount (at most `SPREAD`) for a mentor of whom more mentees said that
        they are interested than she has places, and less another for a number that belongs to the pair. Both are
        the same on every visit. So the one star of a programme is not everyone's first, and people who fit about
        equally well take turns over the mentees.
        """
        fits = []
        # One of the two sides is one person, so that the tables of pairs are lists of the others.
        codes, potentials = self.scores.codes.ravel().tolist(), self.scores.potential.ravel().tolist()
        for position, (code, potential) in enumerate(zip(codes, potentials, strict=True)):
            j, i = self._pair(position)
            mentor, mentee = self.pool.mentors[j], self.pool.mentees[i]
            other = mentor.key if self.side == "mentee" else mentee.key
            key = KEYS[code]
            if key == "acceptable" and not self._has_room(mentor, mentee):
                key = "full"
            crowded = min(1.0, crowd.get(mentor.key, 0) / (2 * max(1, mentor.places)))
            order = potential - SPREAD * (crowded + _turn(mentor.key, mentee.key))
            fits.append(Fit(position, uuid.UUID(other), key, order))
        return sorted(fits, key=lambda fit: (fit.key != "acceptable", -fit.order, fit.id.int))

    def _has_room(self, mentor: Mentor, mentee: Mentee) -> bool:
        month = self.settings.monthly_minutes
        return mentor.places > 0 and mentor.minutes >= min(mentee.minutes or month, month)

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


def choose(fits: Iterable[Fit], interested: Iterable[uuid.UUID], *, most: int = 5, least: int = 3) -> list[Fit]:
    """Return the cards to show: up to `most`, at least `least` of them undecided, and everybody she is interested in.

    Saying "interested" leaves the cards where they are.
    """
    wanted = set(interested)
    fresh = max(least, most - len(wanted))
    chosen = []
    for fit in fits:
        if fit.key != "acceptable":
            break
        if fit.id in wanted:
            chosen.append(fit)
        elif fresh:
            fresh -= 1
            chosen.append(fit)
    return chosen


def _turn(mentor: str, mentee: str) -> float:
    """Return a number in [0, 1) that belongs to the pair."""
    return int.from_bytes(hashlib.sha256(f"{mentor}:{mentee}".encode()).digest()[:6], "big") / 2**48
