"""A round through its states; each function is one step, and refuses any state that it does not follow from.

draft -> enrolling -> frozen -> review -> published -> active -> closing -> archived

The first solved scenario moves a frozen round to review (`services.scenarios.store_result`), and publishing moves it
on from there (`services.publishing`). Frozen and review may go back to enrolling; anything before published may be
cancelled.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from webapp.engine.encode import hash_of, snapshot_of
from webapp.engine.snapshots import without_people
from webapp.models import AuditEvent, Job, Offer, Programme, Round, RoundWithdrawal, Scenario
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError, WrongStateError
from webapp.services.jobs import OPEN, stop_job
from webapp.services.transaction import transaction

SOLVABLE = ("frozen", "review")
BEFORE_PUBLISHED = ("draft", "enrolling", "frozen", "review")


def create_round(
    session: Session,
    programme_id: uuid.UUID,
    name: str,
    enrols_until: date | None,
    *,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Write down a round that nobody but its coordinators sees yet."""
    with transaction(session):
        if session.get(Programme, programme_id) is None:
            raise NotFoundError
        if not name.strip():
            raise InvalidInputError({"name": "Give the round a name."})
        row = Round(
            id=uuid.uuid4(),
            programme_id=programme_id,
            name=name.strip()[:120],
            state="draft",
            enrols_until=enrols_until,
            created_at=now,
        )
        session.add(row)
        session.flush()  # the audit row stands beside it
        _note(session, row, "round.create", by, now)
        return row.id


def open_round(session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """Let people enrol."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, ("draft",), "open")
        row.state = "enrolling"
        _note(session, row, "round.open", by, now)


def freeze_round(
    session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """End enrolment and keep what is known of everyone now; what is edited later waits for the next round.

    Raises
    ------
    InvalidInputError
        There is nobody to match: `mentors` is "nobody" or "no_room", `mentees` is "nobody".

    """
    with transaction(session):
        row = lock_round(session, round_id, programme_id, ("enrolling",), "freeze")
        withdrawn = {str(member) for member in withdrawn_from(session, round_id)}
        snapshot = without_people(snapshot_of(session, programme_id, now=now), withdrawn)
        faults = _missing(snapshot)
        if faults:
            raise InvalidInputError(faults)
        row.snapshot, row.snapshot_sha256 = snapshot, hash_of(snapshot)
        row.state, row.frozen_at = "frozen", now
        _note(session, row, "round.freeze", by, now)


def reopen_round(
    session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Go back to enrolling: the snapshot is dropped, and what was solved from it is marked stale."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, ("frozen", "review"), "reopen")
        _drop_work(session, row, now)
        row.snapshot, row.snapshot_sha256, row.frozen_at = None, "", None
        row.state = "enrolling"
        _note(session, row, "round.reopen", by, now)


def cancel_round(
    session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Give a round up before anybody got an offer from it."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, BEFORE_PUBLISHED, "cancel")
        _drop_work(session, row, now)
        row.state = "cancelled"
        _note(session, row, "round.cancel", by, now)


def activate_round(
    session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """End the time of answers: the pairs are at work. Refused while an offer waits for an answer."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, ("published",), "activate")
        _refuse_open_offers(session, round_id)
        row.state = "active"
        _note(session, row, "round.activate", by, now)


def close_round(
    session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Begin the end of a round: the pairs are asked how it went. Refused while an offer waits for an answer."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, ("active",), "close")
        # An offer made by hand, or opened again by a late yes: nobody could say yes to it any more.
        _refuse_open_offers(session, round_id)
        row.state = "closing"
        _note(session, row, "round.close", by, now)


def archive_round(
    session: Session, round_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Put a round away for good."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, ("closing",), "archive")
        row.state = "archived"
        _note(session, row, "round.archive", by, now)


def lock_round(
    session: Session, round_id: uuid.UUID, programme_id: uuid.UUID, states: tuple[str, ...], step: str
) -> Round:
    """Return a programme's round, locked, inside the caller's transaction, if it is in one of these states."""
    query = select(Round).where(Round.id == round_id, Round.programme_id == programme_id)
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError
    if row.state not in states:
        raise WrongStateError("round", row.state, step)
    return row


def withdrawn_from(session: Session, round_id: uuid.UUID) -> dict[uuid.UUID, datetime]:
    """Return the memberships that left a round, and when; inside the caller's transaction."""
    left = RoundWithdrawal.membership_id, RoundWithdrawal.created_at
    return {row[0]: row[1] for row in session.execute(select(*left).where(RoundWithdrawal.round_id == round_id))}


def _refuse_open_offers(session: Session, round_id: uuid.UUID) -> None:
    if session.scalar(select(exists().where(Offer.round_id == round_id, Offer.state == "open"))):
        raise ConflictError("open_offers")


def _missing(snapshot: dict[str, Any]) -> dict[str, str]:
    """Say what keeps a pool from being matched at all."""
    faults = {side: "nobody" for side in ("mentors", "mentees") if not snapshot[side]}
    has_room = any(m["places"] > 0 and m["minutes"] > 0 and not m["paused"] for m in snapshot["mentors"])
    return faults if has_room or "mentors" in faults else {**faults, "mentors": "no_room"}


def _drop_work(session: Session, row: Round, now: datetime) -> None:
    """Stop the solves of a round and mark its scenarios stale."""
    ids = [str(i) for i in session.scalars(select(Scenario.id).where(Scenario.round_id == row.id))]
    jobs = select(Job).where(Job.state.in_(OPEN), Job.args["scenario_id"].as_string().in_(ids)).order_by(Job.id)
    for job in session.scalars(jobs.with_for_update()):
        stop_job(session, job, now=now)
    session.execute(update(Scenario).where(Scenario.round_id == row.id).values(status="stale"))


def _note(session: Session, row: Round, action: str, by: uuid.UUID, now: datetime) -> None:
    session.add(
        AuditEvent(
            by_person_id=by, programme_id=row.programme_id, action=action, subject=f"round:{row.id}", created_at=now
        )
    )
