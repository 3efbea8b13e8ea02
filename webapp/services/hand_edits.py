"""Changes by hand of one scenario: a pair added, moved, taken out, put back. Limits hold; each can be taken back."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.availability import Slot
from webapp.engine.hand_pair import HandPair
from webapp.models import AuditEvent, Proposal, Scenario
from webapp.services.board_edits import Changed, record, refuse_changed
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.hand_steps import check_room, find_hour, find_pair, lock_scenario, why_apart
from webapp.services.rounds import lock_round
from webapp.services.transaction import transaction

EDITABLE = ("review",)


def add_pair(
    session: Session,
    round_id: uuid.UUID,
    scenario_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Add a pair to a scenario and return its proposal; `seen` is the number of the last change that the page showed.

    Raises
    ------
    PairChangedError
        A colleague changed the mentee's pairs after the page was made.
    InvalidInputError
        `pair` is "not_in_round", or the key of the reason why the two cannot be one.
    HandLimitError
        The mentor's minutes or places, or the mentors wanted, do not hold it.
    ConflictError
        `there`: the two are a pair of the scenario already.

    """
    with transaction(session):
        what = Changed(round_id, scenario_id, mentor_id, mentee_id)
        scenario = _lock_round(session, what, scenario_id, programme_id, seen)
        proposal, before = _put_in(session, scenario, mentor_id, mentee_id, now=now)
        record(session, what, "add", why=why, before=before, by=by, now=now)
        _note(session, programme_id, "proposal.add", proposal.id, by=by, now=now)
        return proposal.id


def move_pair(
    session: Session,
    round_id: uuid.UUID,
    scenario_id: uuid.UUID,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    from_id: uuid.UUID,
    programme_id: uuid.UUID,
    why: str = "",
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Give a mentee this mentor in place of another, and return the new proposal. Raises what `add_pair` raises."""
    with transaction(session):
        what = Changed(round_id, scenario_id, mentor_id, mentee_id, from_id)
        scenario = _lock_round(session, what, scenario_id, programme_id, seen)
        old = find_proposal(session, scenario_id, from_id, mentee_id)
        if old is None or old.removed_at is not None:
            raise ConflictError("gone")
        old.removed_at = now
        session.flush()  # its place is counted as free below
        proposal, before = _put_in(session, scenario, mentor_id, mentee_id, now=now, old=old)
        record(session, what, "move", why=why, before=before, by=by, now=now)
        _note(session, programme_id, "proposal.move", proposal.id, by=by, now=now, out=str(old.id))
        return proposal.id


def remove_proposal(
    session: Session,
    proposal_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> tuple[uuid.UUID, uuid.UUID]:
    """Take a pair out of what would be published, and return its mentor and mentee."""
    with transaction(session):
        _scenario, proposal, what = _lock_proposal(session, proposal_id, programme_id, seen)
        pair = proposal.mentor_id, proposal.mentee_id
        if proposal.removed_at is not None:
            return pair
        proposal.removed_at = now
        record(session, what, "remove", why=why, before={}, by=by, now=now)
        _note(session, programme_id, "proposal.remove", proposal_id, by=by, now=now)
        return pair


def restore_proposal(
    session: Session,
    proposal_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    why: str = "",
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> tuple[uuid.UUID, uuid.UUID]:
    """Put a removed pair back, if there is still room for it, and return it. Raises what `add_pair` raises."""
    with transaction(session):
        scenario, proposal, what = _lock_proposal(session, proposal_id, programme_id, seen)
        pair = proposal.mentor_id, proposal.mentee_id
        if proposal.removed_at is None:
            return pair
        before = {"removed_at": proposal.removed_at.isoformat()}
        put_back(session, scenario, proposal, now=now)
        record(session, what, "restore", why=why, before=before, by=by, now=now)
        _note(session, programme_id, "proposal.restore", proposal_id, by=by, now=now)
        return pair


def find_proposal(
    session: Session, scenario_id: uuid.UUID, mentor_id: uuid.UUID, mentee_id: uuid.UUID
) -> Proposal | None:
    pair = (Proposal.mentor_id == mentor_id, Proposal.mentee_id == mentee_id)
    return session.scalars(select(Proposal).where(Proposal.scenario_id == scenario_id, *pair)).one_or_none()


def put_back(
    session: Session, scenario: Scenario, proposal: Proposal, *, now: datetime, old: Proposal | None = None
) -> None:
    """Let a removed pair count again, at its hour and in its place, or in others that are free by now."""
    pair = _possible(session, scenario, proposal.mentor_id, proposal.mentee_id, now=now, old=old)
    check_room(session, scenario.id, pair)
    _set_hour(session, scenario, pair, proposal)
    if proposal.role != pair.role:  # no engine proposed the two for this
        proposal.role, proposal.weight, proposal.origin = pair.role, pair.weight, "hand"
        proposal.parts, proposal.reasons = pair.parts, pair.reasons
    proposal.removed_at = None


def _put_in(
    session: Session,
    scenario: Scenario,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    now: datetime,
    old: Proposal | None = None,
) -> tuple[Proposal, dict[str, Any]]:
    """Return the pair, in place of an `old` one, as a proposal that counts, and what taking it back needs to know."""
    proposal = find_proposal(session, scenario.id, mentor_id, mentee_id)
    if proposal is not None:
        if proposal.removed_at is None:
            raise ConflictError("there")
        before = {"removed_at": proposal.removed_at.isoformat()}
        put_back(session, scenario, proposal, now=now, old=old)
        return proposal, before
    pair = _possible(session, scenario, mentor_id, mentee_id, now=now, old=old)
    check_room(session, scenario.id, pair)
    proposal = Proposal(
        id=uuid.uuid4(),
        scenario_id=scenario.id,
        mentor_id=mentor_id,
        mentee_id=mentee_id,
        role=pair.role,
        weight=pair.weight,
        minutes=pair.minutes,
        parts=pair.parts,
        reasons=pair.reasons,
        origin="hand",
        created_at=now,
    )
    _set_hour(session, scenario, pair, proposal)
    session.add(proposal)
    return proposal, {}


def _possible(
    session: Session,
    scenario: Scenario,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    now: datetime,
    old: Proposal | None = None,
) -> HandPair:
    pair = find_pair(session, scenario, mentor_id, mentee_id, without=old)
    if wrong := why_apart(session, scenario, pair, now=now):
        raise InvalidInputError({"pair": wrong})
    return pair


def _set_hour(session: Session, scenario: Scenario, pair: HandPair, proposal: Proposal) -> None:
    slot = None
    if proposal.slot_weekday is not None and proposal.slot_minute is not None:
        slot = Slot(proposal.slot_weekday, proposal.slot_minute, proposal.slot_week or 0)
    with session.no_autoflush:
        found = find_hour(session, scenario, pair, slot)
    proposal.slot_weekday = found.weekday if found else None
    proposal.slot_minute = found.start if found else None
    proposal.slot_week = found.week if found else None


def _lock_round(
    session: Session, what: Changed, scenario_id: uuid.UUID, programme_id: uuid.UUID, seen: int | None
) -> Scenario:
    """Return the scenario that a change is of, its round locked; refuse a change from an old page."""
    lock_round(session, what.round_id, programme_id, EDITABLE, "edit the proposals")
    scenario = lock_scenario(session, scenario_id, what.round_id)
    refuse_changed(session, what, seen)
    return scenario


def _lock_proposal(
    session: Session, proposal_id: uuid.UUID, programme_id: uuid.UUID, seen: int | None
) -> tuple[Scenario, Proposal, Changed]:
    """Return a proposal with its scenario, the round locked, and what a change of it is about; refuse an old page."""
    found = session.execute(
        select(Scenario.round_id, Scenario.id)
        .join(Proposal, Proposal.scenario_id == Scenario.id)
        .where(Proposal.id == proposal_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError
    lock_round(session, found.round_id, programme_id, EDITABLE, "edit the proposals")
    scenario = lock_scenario(session, found.id, found.round_id)
    proposal = session.get_one(Proposal, proposal_id, populate_existing=True)
    what = Changed(scenario.round_id, scenario.id, proposal.mentor_id, proposal.mentee_id)
    refuse_changed(session, what, seen)
    return scenario, proposal, what


def _note(
    session: Session,
    programme_id: uuid.UUID,
    action: str,
    proposal_id: uuid.UUID,
    *,
    by: uuid.UUID,
    now: datetime,
    **facts: str,
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=programme_id,
            action=action,
            subject=f"proposal:{proposal_id}",
            facts=facts,
            created_at=now,
        )
    )
