"""What a coordinator rules on single pairs of a round: pinned, or forbidden. The next solve keeps to it."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.engine.hand_pair import read_pair
from webapp.engine.snapshots import boards_in, minutes_in, pair_of, why_not_pair
from webapp.models import AuditEvent, PairRule, Proposal, Round, Scenario
from webapp.services.board_edits import Changed, record, refuse_changed
from webapp.services.errors import InvalidInputError, NoRoomError, NotFoundError
from webapp.services.hand_edits import put_back
from webapp.services.rounds import SOLVABLE, lock_round
from webapp.services.rulings import names_somebody_gone
from webapp.services.transaction import transaction


def pin_pair(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    role: str = "",
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Rule that two people must be a pair in the next solve.

    On a mentee's board the pin is for `role`; without one for what the two were last proposed for, or for what the
    mentor fits best of the needs that no other pin is for.

    Raises
    ------
    InvalidInputError
        `pair` is "not_in_round", or the key of the reason why the two cannot be one.
    NoRoomError
        With the other pins this one goes past the mentor's places or minutes, or the mentors wanted.

    """
    pair = mentor_id, mentee_id
    _rule(session, round_id, pair, "pin", programme_id=programme_id, why=why, role=role, seen=seen, by=by, now=now)


def forbid_pair(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Rule that two people must not be a pair: out of what would be published now, and of the next solve."""
    pair = mentor_id, mentee_id
    _rule(session, round_id, pair, "forbid", programme_id=programme_id, why=why, seen=seen, by=by, now=now)


def clear_rule(
    session: Session,
    round_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Leave a pair to the engine again."""
    with transaction(session):
        row, what = _lock(session, round_id, (mentor_id, mentee_id), programme_id, seen)
        before = plain_rule(_find_rule(session, round_id, mentor_id, mentee_id))
        if before is None:
            raise NotFoundError
        set_rule(session, what, None, now=now)
        record(session, what, "clear", why=why, before={"rule": before}, by=by, now=now)
        _note(session, row, "pair.clear", (mentor_id, mentee_id), why=why, by=by, now=now)


def _rule(
    session: Session,
    round_id: uuid.UUID,
    pair: tuple[uuid.UUID, uuid.UUID],
    kind: str,
    *,
    programme_id: uuid.UUID,
    why: str,
    role: str = "",
    seen: int | None,
    by: uuid.UUID,
    now: datetime,
) -> None:
    with transaction(session):
        row, what = _lock(session, round_id, pair, programme_id, seen)
        _check(session, row, *pair, kind)
        role = _role_of(session, row, *pair, role) if kind == "pin" else ""
        before = plain_rule(_find_rule(session, round_id, *pair))
        rule = {"kind": kind, "why": why.strip()[:200], "by": str(by), "at": now.isoformat()}
        rule |= {"role": role} if role else {}
        set_rule(session, what, rule, now=now)
        record(session, what, kind, why=why, before={"rule": before}, by=by, now=now)
        _note(session, row, f"pair.{kind}", pair, why=why, by=by, now=now)


def _lock(
    session: Session, round_id: uuid.UUID, pair: tuple[uuid.UUID, uuid.UUID], programme_id: uuid.UUID, seen: int | None
) -> tuple[Round, Changed]:
    """Return the round, locked, and what a ruling on the pair is about; refuse one from an old page."""
    row = lock_round(session, round_id, programme_id, SOLVABLE, "change the pair rules")
    what = Changed(round_id, None, *pair)
    refuse_changed(session, what, seen)
    return row, what


def plain_rule(rule: PairRule | None) -> dict[str, str] | None:
    """Return a ruling as it is kept beside the change that replaces it."""
    if rule is None:
        return None
    by = str(rule.by_person_id) if rule.by_person_id else ""
    plain = {"kind": rule.kind, "why": rule.why, "by": by, "at": rule.created_at.isoformat()}
    return plain | ({"role": rule.role} if rule.role else {})


def set_rule(session: Session, what: Changed, plain: Mapping[str, str] | None, *, now: datetime) -> None:
    """Let a ruling on a pair be this one, or none: what another took out of scenarios comes back where there is room.

    The caller holds the lock on the round.
    """
    rule = _find_rule(session, what.round_id, what.mentor_id, what.mentee_id)
    taken_out = rule.created_at if rule is not None and rule.kind == "forbid" else None
    if plain is None:
        if rule is not None:
            session.delete(rule)
    else:
        if rule is None:
            rule = PairRule(round_id=what.round_id, mentor_id=what.mentor_id, mentee_id=what.mentee_id)
            session.add(rule)
        rule.kind, rule.why, rule.role = plain["kind"], plain["why"], plain.get("role", "")
        rule.by_person_id = uuid.UUID(plain["by"]) if plain["by"] else None
        rule.created_at = datetime.fromisoformat(plain["at"])
    session.flush()  # what is put back below asks for the rulings that hold
    if taken_out is not None:
        _put_back(session, what, taken_out, now=now)
    if plain is not None and plain["kind"] == "forbid":
        _take_out(session, what, datetime.fromisoformat(plain["at"]))


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
    # What names somebody who left the round takes no room: the next solve drops it.
    pins = pins.where(~names_somebody_gone())
    pairs = {(mentor, mentee) for mentor, mentee in session.execute(pins)} | {(mentor_id, mentee_id)}
    hers = {str(mentee) for mentor, mentee in pairs if mentor == mentor_id}
    mentor = pool.mentors[0]
    if len(hers) > mentor.places:
        raise NoRoomError("places")
    if minutes_in(snapshot, hers) > mentor.minutes:
        raise NoRoomError("minutes")
    if sum(mentee == mentee_id for _, mentee in pairs) > sum(column.wanted for column in pool.mentees):
        raise NoRoomError("wanted")


def _role_of(session: Session, row: Round, mentor_id: uuid.UUID, mentee_id: uuid.UUID, role: str) -> str:
    """Return the need on the mentee's board that a pin is for; nothing where she has none."""
    snapshot = row.snapshot or {}
    if not any(plain["key"] == str(mentee_id) for plain in boards_in(snapshot)):
        return ""
    if not role:
        proposed = (
            select(Proposal.role)
            .join(Scenario, Scenario.id == Proposal.scenario_id)
            .where(
                Scenario.round_id == row.id,
                Scenario.status == "solved",
                Proposal.mentor_id == mentor_id,
                Proposal.mentee_id == mentee_id,
                Proposal.removed_at.is_(None),
            )
            .order_by(Scenario.created_at.desc())
        )
        role = session.scalars(proposed).first() or ""
    others = select(PairRule.role).where(
        PairRule.round_id == row.id,
        PairRule.kind == "pin",
        PairRule.mentee_id == mentee_id,
        PairRule.mentor_id != mentor_id,
        ~names_somebody_gone(),
    )
    taken = list(session.scalars(others))
    pair = read_pair(snapshot, snapshot["settings"], str(mentor_id), str(mentee_id), role=role, taken=taken)
    return pair.role if pair else ""


def _find_rule(session: Session, round_id: uuid.UUID, mentor_id: uuid.UUID, mentee_id: uuid.UUID) -> PairRule | None:
    query = select(PairRule).where(
        PairRule.round_id == round_id, PairRule.mentor_id == mentor_id, PairRule.mentee_id == mentee_id
    )
    return session.scalars(query).one_or_none()


def _take_out(session: Session, what: Changed, at: datetime) -> None:
    """Take a forbidden pair out of the round's solved scenarios."""
    for _scenario, proposal in _proposals(session, what, Proposal.removed_at.is_(None)):
        proposal.removed_at = at


def _put_back(session: Session, what: Changed, at: datetime, *, now: datetime) -> None:
    """Put back what a ruling took out, except where its place was given away by hand meanwhile."""
    for scenario, proposal in _proposals(session, what, Proposal.removed_at == at):
        with suppress(NoRoomError, InvalidInputError):
            put_back(session, scenario, proposal, now=now)


def _proposals(session: Session, what: Changed, chosen: ColumnElement[bool]) -> list[tuple[Scenario, Proposal]]:
    rows = session.execute(
        select(Scenario, Proposal)
        .join(Proposal, Proposal.scenario_id == Scenario.id)
        .where(
            Scenario.round_id == what.round_id,
            Scenario.status == "solved",
            Proposal.mentor_id == what.mentor_id,
            Proposal.mentee_id == what.mentee_id,
            chosen,
        )
        .order_by(Scenario.created_at)
        .execution_options(populate_existing=True)
    )
    return [(scenario, proposal) for scenario, proposal in rows]


def rules_of(session: Session, round_id: uuid.UUID) -> dict[str, list[list[str]]]:
    """Return the pairs that are pinned, each with the need it is for on a board, and those ruled out, by ids."""
    rules = session.scalars(
        select(PairRule).where(PairRule.round_id == round_id).order_by(PairRule.mentor_id, PairRule.mentee_id)
    ).all()
    return {
        name: [
            [str(rule.mentor_id), str(rule.mentee_id), *filter(None, [rule.role])]
            for rule in rules
            if rule.kind == kind
        ]
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
