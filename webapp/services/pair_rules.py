"""What a coordinator rules on single pairs of a round: pinned, or forbidden. The next solve keeps to it."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.engine.snapshots import minutes_in, pair_of, why_not_pair
from webapp.models import AuditEvent, PairRule, Proposal, Round, Scenario
from webapp.services.errors import InvalidInputError, NoRoomError, NotFoundError
from webapp.services.rounds import SOLVABLE, lock_round
from webapp.services.transaction import transaction


def pin_pair(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Rule that two people must be a pair in the next solve.

    Raises
    ------
    InvalidInputError
        `pair` is "not_in_round", or the key of the reason why the two cannot be one.
    NoRoomError
        With the other pins this one goes past the mentor's places or minutes, or the mentors wanted.

    """
    _rule(session, round_id, mentor_id, mentee_id, "pin", programme_id=programme_id, why=why, by=by, now=now)


def forbid_pair(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Rule that two people must not be a pair: out of what would be published now, and of the next solve."""
    _rule(session, round_id, mentor_id, mentee_id, "forbid", programme_id=programme_id, why=why, by=by, now=now)


def clear_rule(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Leave a pair to the engine again."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, SOLVABLE, "change the pair rules")
        rule = _find_rule(session, round_id, mentor_id, mentee_id)
        if rule is None:
            raise NotFoundError
        if rule.kind == "forbid":
            _set_removed(session, rule, None)
        session.delete(rule)
        _note(session, row, "pair.clear", (mentor_id, mentee_id), why=why, by=by, now=now)


def _rule(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    kind: str,
    *,
    programme_id: uuid.UUID,
    why: str,
    by: uuid.UUID,
    now: datetime,
) -> None:
    with transaction(session):
        row = lock_round(session, round_id, programme_id, SOLVABLE, "change the pair rules")
        _check(session, row, mentor_id, mentee_id, kind)
        rule = _find_rule(session, round_id, mentor_id, mentee_id)
        if rule is None:
            rule = PairRule(round_id=round_id, mentor_id=mentor_id, mentee_id=mentee_id, created_at=now)
            session.add(rule)
        elif rule.kind == "forbid":
            _set_removed(session, rule, None)
        rule.kind, rule.why, rule.by_person_id, rule.created_at = kind, why.strip()[:200], by, now
        if kind == "forbid":
            _set_removed(session, rule, now)
        _note(session, row, f"pair.{kind}", (mentor_id, mentee_id), why=why, by=by, now=now)


def _check(session: Session, row: Round, mentor_id: uuid.UUID, mentee_id: uuid.UUID, kind: str) -> None:
    """Refuse what the next solve could not keep, as far as the pins alone tell."""
    snapshot = row.snapshot or {}
    pool = pair_of(snapshot, str(mentor_id), str(mentee_id))
    if pool is None:
        raise InvalidInputError({"pair": "not_in_round"})
    if kind != "pin":
        return
    if why := why_not_pair(pool, snapshot["settings"]):
        raise InvalidInputError({"pair": why})
    pins = select(PairRule.mentor_id, PairRule.mentee_id).where(PairRule.round_id == row.id, PairRule.kind == "pin")
    pairs = {(mentor, mentee) for mentor, mentee in session.execute(pins)} | {(mentor_id, mentee_id)}
    hers = {str(mentee) for mentor, mentee in pairs if mentor == mentor_id}
    mentor = pool.mentors[0]
    if len(hers) > mentor.places:
        raise NoRoomError("places")
    if minutes_in(snapshot, hers) > mentor.minutes:
        raise NoRoomError("minutes")
    if sum(mentee == mentee_id for _, mentee in pairs) > pool.mentees[0].wanted:
        raise NoRoomError("wanted")


def _find_rule(session: Session, round_id: uuid.UUID, mentor_id: uuid.UUID, mentee_id: uuid.UUID) -> PairRule | None:
    query = select(PairRule).where(
        PairRule.round_id == round_id, PairRule.mentor_id == mentor_id, PairRule.mentee_id == mentee_id
    )
    return session.scalars(query).one_or_none()


def _set_removed(session: Session, rule: PairRule, at: datetime | None) -> None:
    """Take a forbidden pair out of the round's solved scenarios, or put back what this rule took out of them."""
    scenarios = select(Scenario.id).where(Scenario.round_id == rule.round_id, Scenario.status == "solved")
    taken_out = Proposal.removed_at.is_(None) if at else Proposal.removed_at == rule.created_at
    session.execute(
        update(Proposal)
        .where(
            Proposal.scenario_id.in_(scenarios),
            Proposal.mentor_id == rule.mentor_id,
            Proposal.mentee_id == rule.mentee_id,
            taken_out,
        )
        .values(removed_at=at)
    )


def rules_of(session: Session, round_id: uuid.UUID) -> dict[str, list[list[str]]]:
    rules = session.scalars(
        select(PairRule).where(PairRule.round_id == round_id).order_by(PairRule.mentor_id, PairRule.mentee_id)
    ).all()
    return {
        name: [[str(rule.mentor_id), str(rule.mentee_id)] for rule in rules if rule.kind == kind]
        for name, kind in (("pinned", "pin"), ("forbidden", "forbid"))
    }


def _note(
    session: Session,
    row: Round,
    action: str,
    pair: tuple[uuid.UUID, uuid.UUID],
    *,
    why: str,
    by: uuid.UUID,
    now: datetime,
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=row.programme_id,
            action=action,
            subject=f"round:{row.id}",
            facts={"mentor": str(pair[0]), "mentee": str(pair[1]), "why": why.strip()[:200]},
            created_at=now,
        )
    )
