"""What coordinators ruled on pairs of a round, and whether it still holds: read, for the board and the checks."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from webapp.models import PairRule, Person, RoundWithdrawal, Scenario


@dataclass(frozen=True)
class Ruling:
    """A coordinator's word on a pair."""

    mentor_id: uuid.UUID
    mentee_id: uuid.UUID
    kind: str
    why: str
    by_id: uuid.UUID | None
    by: str
    has_left: bool = False  # one of the two left the round since: a pin does not count until she is back


@dataclass(frozen=True)
class Rulings:
    """All rulings of a round, and how many of them the scenario does not know yet; who left the round."""

    by_pair: dict[tuple[uuid.UUID, uuid.UUID], Ruling]
    newer: int

    @property
    def dropped(self) -> list[Ruling]:
        """The pins that name somebody who left: no solve keeps to them."""
        return [ruling for ruling in self.by_pair.values() if ruling.kind == "pin" and ruling.has_left]


def rulings_of(session: Session, round_id: uuid.UUID, scenario: Scenario | None) -> Rulings:
    """Return the pins and the pairs ruled out; `newer` counts what changed since the scenario was worked out."""
    rows = session.execute(
        select(PairRule, Person.name, names_somebody_gone())
        .outerjoin(Person, Person.id == PairRule.by_person_id)
        .where(PairRule.round_id == round_id)
    )
    by_pair = {
        (rule.mentor_id, rule.mentee_id): Ruling(
            rule.mentor_id, rule.mentee_id, rule.kind, rule.why, rule.by_person_id, name or "", bool(left)
        )
        for rule, name, left in rows
    }
    return Rulings(by_pair, _count_newer(by_pair, scenario.rules if scenario else {}))


def names_somebody_gone() -> ColumnElement[bool]:
    """Say of a ruling that one of the two left the round."""
    gone = RoundWithdrawal.membership_id.in_((PairRule.mentor_id, PairRule.mentee_id))
    return exists().where(RoundWithdrawal.round_id == PairRule.round_id, gone)


def _count_newer(by_pair: Mapping[tuple[uuid.UUID, uuid.UUID], Ruling], known: Mapping[str, Any]) -> int:
    """Count the rulings that a scenario does not keep to; a pin of somebody who left then, or by now, is none."""
    then = set(known.get("withdrawn", ()))
    gone = {(str(r.mentor_id), str(r.mentee_id)) for r in by_pair.values() if r.kind == "pin" and r.has_left}
    pinned = [tuple(pair[:2]) for pair in known.get("pinned", []) if then.isdisjoint(pair)]
    before = {("pin", *pair) for pair in pinned} | {("forbid", *pair) for pair in known.get("forbidden", [])}
    now = {(ruling.kind, str(ruling.mentor_id), str(ruling.mentee_id)) for ruling in by_pair.values()}
    changed = {(kind, *pair) for kind, *pair in before ^ now if kind != "pin" or tuple(pair) not in gone}
    return len({pair[1:] for pair in changed})
