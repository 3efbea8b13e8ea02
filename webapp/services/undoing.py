"""Changes by hand are taken back, one at a time; of one mentee's changes the newest goes first."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import AuditEvent, BoardEdit, Proposal
from webapp.services.board_edits import Changed, PairChangedError, last_number, later_edit, refuse_changed
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.hand_edits import EDITABLE, find_proposal, put_back
from webapp.services.hand_steps import lock_scenario
from webapp.services.pair_rules import set_rule
from webapp.services.rounds import SOLVABLE, lock_round
from webapp.services.transaction import transaction

RULINGS = frozenset({"pin", "forbid", "clear"})


def undo_edit(
    session: Session,
    edit_id: uuid.UUID,
    *,
    round_id: uuid.UUID,
    programme_id: uuid.UUID,
    seen: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> Changed:
    """Take a change by hand back and return what it was about; limits hold for what comes back.

    Raises
    ------
    NotFoundError
        The round has no such change.
    PairChangedError
        A later change of the same mentee holds, or one that the page did not show.
    ConflictError
        `undone`: it was taken back already.
    HandLimitError
        There is no room for what would come back.

    """
    with transaction(session):
        edit = session.get(BoardEdit, edit_id)
        if edit is None or edit.round_id != round_id:
            raise NotFoundError
        states = SOLVABLE if edit.kind in RULINGS else EDITABLE
        lock_round(session, round_id, programme_id, states, "take a change back")
        session.refresh(edit)
        if edit.undone_at is not None:
            raise ConflictError("undone")
        what = Changed(round_id, edit.scenario_id, edit.mentor_id, edit.mentee_id, edit.from_mentor_id)
        refuse_changed(session, what, seen)
        if later := later_edit(session, edit):
            raise PairChangedError(later)
        _take_back(session, edit, what, now=now)
        edit.undone_number, edit.undone_at, edit.undone_by_id = last_number(session, round_id) + 1, now, by
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="edit.undo",
                subject=f"round:{round_id}",
                facts={"edit": str(edit_id), "kind": edit.kind},
                created_at=now,
            )
        )
    return what


def _take_back(session: Session, edit: BoardEdit, what: Changed, *, now: datetime) -> None:
    if edit.kind in RULINGS:
        set_rule(session, what, edit.before.get("rule"), now=now)
        return
    assert edit.scenario_id is not None
    scenario = lock_scenario(session, edit.scenario_id, edit.round_id)
    proposal = find_proposal(session, edit.scenario_id, edit.mentor_id, edit.mentee_id)
    if edit.kind == "remove":
        put_back(session, scenario, _there(proposal), now=now)
        return
    before = edit.before.get("removed_at")
    if before:
        _there(proposal).removed_at = datetime.fromisoformat(before)
    elif proposal is not None:
        session.delete(proposal)
    session.flush()  # its place is free for what comes back
    if edit.kind == "move":
        assert edit.from_mentor_id is not None
        old = find_proposal(session, edit.scenario_id, edit.from_mentor_id, edit.mentee_id)
        put_back(session, scenario, _there(old), now=now)


def _there(proposal: Proposal | None) -> Proposal:
    if proposal is None:
        raise ConflictError("gone")
    return proposal
