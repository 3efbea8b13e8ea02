"""Two scenarios of a round side by side: what each reaches, who gains and who loses, and who carries it.

Everything is read from the pairs as they stand, edits by hand included, and from the frozen snapshot. Fits under other
weights cannot be compared: then both scenarios are measured by the weights that the round was frozen with.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Proposal, Round, Scenario
from webapp.services.errors import NotFoundError

SAME = 5e-4  # fits closer than this read the same
GROUPINGS = ("stage", "specialty", "zone")


@dataclass
class Standing:
    """What one scenario reaches as it stands; `best` is each mentee's best pair: mentor and fit."""

    served: frozenset[uuid.UUID]
    best: dict[uuid.UUID, tuple[uuid.UUID, float]] = field(default_factory=dict)
    pairs: int = 0
    total: float = 0.0
    minutes: int = 0
    without_slot: int = 0
    used: defaultdict[uuid.UUID, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def covered(self) -> int:
        return len(self.best.keys() | self.served)

    @property
    def second(self) -> int:
        return self.pairs - len(self.best.keys() - self.served)

    @property
    def fits(self) -> list[float]:
        return [fit for _mentor, fit in self.best.values()]

    @property
    def weakest(self) -> float | None:
        return min(self.fits, default=None)

    @property
    def mean(self) -> float | None:
        return sum(self.fits) / len(self.best) if self.best else None

    def has(self, mentee: uuid.UUID) -> bool:
        return mentee in self.best or mentee in self.served


@dataclass(frozen=True)
class Change:
    """A mentee whose best fit is not the same; None where she has nobody. `mentor_id` is her best in the second."""

    mentee_id: uuid.UUID
    mentor_id: uuid.UUID | None
    before: float | None
    after: float | None

    @property
    def rise(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)

    @property
    def is_gain(self) -> bool:
        return self.before is None or (self.after is not None and self.after > self.before)


@dataclass(frozen=True)
class MenteeGroup:
    """How the mentees of one group fare in both scenarios."""

    key: str
    people: int
    covered: tuple[int, int]
    mean: tuple[float | None, float | None]


@dataclass(frozen=True)
class MentorGroup:
    """How many of the minutes that a group of mentors gives each scenario uses."""

    key: str
    people: int
    given: int
    used: tuple[int, int]


@dataclass(frozen=True)
class Comparison:
    """From the first scenario to the second; the largest changes first."""

    first: Standing
    second: Standing
    gains: tuple[Change, ...]
    losses: tuple[Change, ...]
    kept: int  # mentees whose best fit is the same
    moved: int  # of those, with another mentor
    common_weights: bool  # the two weigh differently, so that both are measured by the round's own weights
    mentees: tuple[MenteeGroup, ...]
    mentors: tuple[MentorGroup, ...]

    @property
    def emptied(self) -> int:
        """How many lose their only mentor."""
        return sum(not self.second.has(change.mentee_id) for change in self.losses)


def compare_scenarios(session: Session, first: Scenario, second: Scenario, grouping: str) -> Comparison:
    """Put two solved scenarios of one round side by side. Two queries, whatever their size.

    Raises
    ------
    NotFoundError
        They are not of one round, or their round's snapshot is gone.

    """
    snapshot = session.scalar(select(Round.snapshot).where(Round.id == first.round_id))
    if snapshot is None or first.round_id != second.round_id:
        raise NotFoundError
    common = None if first.weights == second.weights else snapshot["settings"]["weights"]
    one, other = _standings(session, (first, second), common)
    changes, kept, moved = _changes(one, other)
    gone = set(first.rules.get("withdrawn", ())) & set(second.rules.get("withdrawn", ()))
    mentees = [plain for plain in snapshot["mentees"] if plain["key"] not in gone]
    mentors = [plain for plain in snapshot["mentors"] if plain["key"] not in gone and not plain["paused"]]
    return Comparison(
        first=one,
        second=other,
        gains=tuple(change for change in changes if change.is_gain),
        losses=tuple(change for change in reversed(changes) if not change.is_gain),
        kept=kept,
        moved=moved,
        common_weights=common is not None,
        mentees=_mentee_groups(mentees, one, other, _KEYS[grouping]),
        mentors=_mentor_groups(mentors, one, other, _KEYS[grouping]),
    )


def _standings(
    session: Session, scenarios: tuple[Scenario, Scenario], weights: Mapping[str, float] | None
) -> tuple[Standing, Standing]:
    """Add up both scenarios' pairs that were not taken out."""
    found = {
        scenario.id: Standing(frozenset(uuid.UUID(key) for key in scenario.totals.get("served", ())))
        for scenario in scenarios
    }
    fit: Any = Proposal.weight if weights is None else Proposal.parts
    rows = session.execute(
        select(
            Proposal.scenario_id, Proposal.mentor_id, Proposal.mentee_id, fit, Proposal.minutes, Proposal.slot_weekday
        ).where(Proposal.scenario_id.in_(found), Proposal.removed_at.is_(None))
    )
    for scenario_id, mentor, mentee, said, minutes, slot in rows:
        standing = found[scenario_id]
        worth = said if weights is None else _weigh(said, weights)
        standing.pairs += 1
        standing.total += worth
        standing.minutes += minutes
        standing.without_slot += slot is None
        standing.used[mentor] += minutes
        if mentee not in standing.best or worth > standing.best[mentee][1]:
            standing.best[mentee] = (mentor, worth)
    return found[scenarios[0].id], found[scenarios[1].id]


def _weigh(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the weighted mean of a pair's scores, as the engine takes it."""
    whole = sum(weights.values())
    return sum(weights.get(name, 0.0) * score for name, score in parts.items()) / whole if whole else 0.0


def _changes(one: Standing, other: Standing) -> tuple[list[Change], int, int]:
    """Return the changes, the largest rise first; how many fits are the same, and how many of those by another."""
    changes, kept, moved = [], 0, 0
    for mentee in one.best.keys() | other.best.keys():
        before, after = one.best.get(mentee), other.best.get(mentee)
        if before is not None and after is not None and abs(before[1] - after[1]) < SAME:
            kept += 1
            moved += before[0] != after[0]
            continue
        fits = (before[1] if before else None, after[1] if after else None)
        changes.append(Change(mentee, after[0] if after else None, *fits))
    return sorted(changes, key=lambda change: (-change.rise, change.mentee_id)), kept, moved


_KEYS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "stage": lambda plain: plain["stage"] or "",
    "specialty": lambda plain: next(iter(plain["specialties"]), ""),
    "zone": lambda plain: plain["zone"],
}


def _grouped(
    people: Iterable[dict[str, Any]], key: Callable[[Mapping[str, Any]], str]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return people by group, the largest first."""
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for plain in people:
        groups[key(plain)].append(plain)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def _mentee_groups(
    mentees: list[dict[str, Any]], one: Standing, other: Standing, key: Callable[[Mapping[str, Any]], str]
) -> tuple[MenteeGroup, ...]:
    groups = []
    for name, members in _grouped(mentees, key):
        ids = [uuid.UUID(plain["key"]) for plain in members]
        fits = [[standing.best[i][1] for i in ids if i in standing.best] for standing in (one, other)]
        means = [sum(some) / len(some) if some else None for some in fits]
        covered = (sum(map(one.has, ids)), sum(map(other.has, ids)))
        groups.append(MenteeGroup(name, len(ids), covered, (means[0], means[1])))
    return tuple(groups)


def _mentor_groups(
    mentors: list[dict[str, Any]], one: Standing, other: Standing, key: Callable[[Mapping[str, Any]], str]
) -> tuple[MentorGroup, ...]:
    groups = []
    for name, members in _grouped(mentors, key):
        ids = [uuid.UUID(plain["key"]) for plain in members]
        used = [sum(standing.used.get(i, 0) for i in ids) for standing in (one, other)]
        groups.append(MentorGroup(name, len(ids), sum(plain["minutes"] for plain in members), (used[0], used[1])))
    return tuple(groups)
