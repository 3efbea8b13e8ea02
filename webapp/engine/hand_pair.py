"""Two people of a frozen round as a pair: its weight, reasons and minutes, and an hour that clashes with nothing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from matcher.availability import Slot
from matcher.codes import Code
from matcher.diary import Booking, Template, cells_of
from matcher.explain import reasons
from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.scoring import score
from matcher.settings import Settings
from matcher.slots import first_slot
from webapp.engine.boards import member_of, place_in, role_of
from webapp.engine.snapshots import pair_of, read_bookings


@dataclass(frozen=True)
class HandPair:
    """What the engine says of two people by their answers as they were frozen.

    `why_not` is the key of the rule that keeps them apart, or nothing; `weight` is what it would be in any case.
    """

    pool: Pool
    settings: Settings
    why_not: str
    weight: float
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    minutes: int
    role: str  # the need that it would be for, on the mentee's board
    wanted: int  # mentors, in all places of hers

    @property
    def mentor(self) -> Mentor:
        return self.pool.mentors[0]

    @property
    def mentee(self) -> Mentee:
        """The mentee herself, whichever of her places this is about."""
        column = self.pool.mentees[0]
        return replace(column, key=member_of(column), board="")

    @property
    def length(self) -> int:
        """Minutes of a meeting."""
        return self.settings.meeting_length(self.mentee.minutes)


def read_pair(
    snapshot: dict[str, Any],
    settings: dict[str, Any],
    mentor: str,
    mentee: str,
    *,
    role: str = "",
    taken: Iterable[str] = (),
) -> HandPair | None:
    """Return a pair by the ids of its memberships; None where one of the two is not in the frozen pool.

    On a board it is for `role`, or else for the need that the mentor fits best, of those that are not `taken`.
    """
    pool = pair_of(snapshot, mentor, mentee)
    if pool is None:
        return None
    rules = Settings.from_dict(settings)
    wanted = sum(column.wanted for column in pool.mentees)
    pool = pool.take(mentees=[place_in(pool, rules, role, taken)])
    scores = score(pool, rules)
    code = Code(int(scores.codes[0, 0]))
    whole = rules.monthly_minutes
    return HandPair(
        pool=pool,
        settings=rules,
        why_not="" if code is Code.ACCEPTABLE else code.name.lower(),
        weight=float(scores.potential[0, 0]),
        parts={name: round(float(part[0, 0]), 4) for name, part in scores.parts.items()},
        reasons=[asdict(reason) for reason in reasons(pool, rules, 0, 0, viewer="coordinator")],
        minutes=min(pool.mentees[0].minutes or whole, whole),
        role=role_of(pool.mentees[0]),
        wanted=wanted,
    )


def person_keys(snapshot: dict[str, Any], persons: set[str]) -> dict[str, str]:
    """Return the person behind each membership in the pool of these persons, who may be mentor and mentee."""
    return {
        row["key"]: row["person"]
        for side in ("mentors", "mentees")
        for row in snapshot[side]
        if row["person"] in persons
    }


def bookings_in(snapshot: dict[str, Any], persons: set[str]) -> list[Booking]:
    """Return the meetings that these people had when the round was frozen."""
    return read_bookings([row for row in snapshot.get("booked", []) if row[1] in persons])


def keep_or_find(pair: HandPair, slot: Slot | None, booked: Iterable[Booking]) -> Slot | None:
    """Return the slot if nothing clashes with it, another where something does, or none if there is no time."""
    known = list(booked)
    template = Template(pair.settings)
    if slot is not None:
        taken = template.booked(pair.mentor.zone, cells_of(slot, pair.length), known)
        if not taken >> template.start_of(slot) & 1:
            return slot
    return first_slot(pair.mentor, pair.mentee, pair.settings, length=pair.length, booked=known)
