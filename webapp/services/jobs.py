"""The ledger of background work: the row decides who works on a job, for how long, and how it ended.

A worker that claims a job gets a random token and a lease. Everything it writes afterwards holds only while the row
still carries that token, so a worker that was thought dead can do no harm when it comes back. The end of a job and
what it brought are written in one transaction.

Rows are locked in the order round, job, scenario everywhere.
"""

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Job, Scenario
from webapp.services.errors import NotFoundError, ServiceError, WrongStateError
from webapp.services.transaction import transaction

SOLVE, POOL = "solve", "pool"
OPEN = ("waiting", "running")
WORKER_LOST = "The work was interrupted {attempts} times and is not tried again. Please start it anew."


class LostLeaseError(ServiceError):
    """The job is no longer this worker's: it was given to another, cancelled, or has ended."""


@dataclass(frozen=True)
class Claim:
    """A job that this worker holds."""

    job_id: uuid.UUID
    token: str
    kind: str
    args: dict[str, Any]
    attempt: int


@dataclass(frozen=True)
class Swept:
    """What a sweep found: jobs to be sent to the queue again, and jobs given up."""

    waiting: tuple[uuid.UUID, ...]
    failed: tuple[uuid.UUID, ...]


def add_job(
    session: Session,
    kind: str,
    args: dict[str, Any],
    *,
    programme_id: uuid.UUID | None = None,
    by: uuid.UUID | None = None,
    max_attempts: int = 3,
    now: datetime,
) -> uuid.UUID:
    """Write a job in the caller's transaction; after the commit its id goes to `webapp.queue.enqueue`."""
    job = Job(
        id=uuid.uuid4(),
        kind=kind,
        args=args,
        state="waiting",
        max_attempts=max_attempts,
        programme_id=programme_id,
        by_person_id=by,
        created_at=now,
    )
    session.add(job)
    return job.id


def get_job(session: Session, job_id: uuid.UUID, *, programme_id: uuid.UUID | None = None) -> Job:
    """Return the job as it stands now; of one programme, where that is given."""
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or (programme_id is not None and job.programme_id != programme_id):
        raise NotFoundError
    return job


def find_job_of(session: Session, scenario_id: uuid.UUID) -> Job | None:
    """Return the job that solves, or solved, a scenario."""
    query = select(Job).where(Job.kind == SOLVE, Job.args["scenario_id"].as_string() == str(scenario_id))
    return session.scalars(query.order_by(Job.created_at.desc()).limit(1)).first()


def jobs_of(session: Session, scenario_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Job]:
    """Return the jobs that solve, or solved, these scenarios. One query."""
    if not scenario_ids:
        return {}
    keys = [str(scenario_id) for scenario_id in scenario_ids]
    query = select(Job).where(Job.kind == SOLVE, Job.args["scenario_id"].as_string().in_(keys))
    return {uuid.UUID(job.args["scenario_id"]): job for job in session.scalars(query.order_by(Job.created_at))}


def claim(session: Session, job_id: uuid.UUID, *, lease: timedelta, now: datetime) -> Claim | None:
    """Take a waiting job; None when it is not there to be taken. Of many that try, one succeeds."""
    token = secrets.token_hex(16)
    with transaction(session):
        taken = _change(
            session,
            update(Job)
            .where(Job.id == job_id, Job.state == "waiting")
            .values(
                state="running",
                attempts=Job.attempts + 1,
                lease_token=token,
                lease_until=now + lease,
                heartbeat_at=now,
                started_at=now,
                stage="",
                done=0.0,
                total=0.0,
                bound=None,
                gap=None,
            ),
        )
        if not taken:
            return None
        job = session.get_one(Job, job_id)
        _tell_scenario(session, job, "solving")
        return Claim(job.id, token, job.kind, dict(job.args), job.attempts)


def heartbeat(session: Session, claim: Claim, *, lease: timedelta, now: datetime) -> bool:
    """Hold the job for longer; False when it is no longer this worker's."""
    with transaction(session):
        return _update_held(session, claim, lease_until=now + lease, heartbeat_at=now)


def must_stop(session: Session, claim: Claim) -> bool:
    """Say whether the worker should leave the job alone: it was asked to, or holds it no more. A read."""
    row = session.execute(
        select(Job.state, Job.lease_token, Job.cancel_requested_at).where(Job.id == claim.job_id)
    ).one_or_none()
    session.rollback()
    return row is None or row[0] != "running" or row[1] != claim.token or row[2] is not None


def report_progress(
    session: Session,
    claim: Claim,
    *,
    stage: str,
    done: float,
    total: float,
    bound: float | None = None,
    gap: float | None = None,
) -> bool:
    """Write how far the work is, for the page that waits for it; False when the job is no longer this worker's."""
    with transaction(session):
        return _update_held(session, claim, stage=stage[:40], done=done, total=total, bound=bound, gap=gap)


def end_held(session: Session, claim: Claim, state: str, *, now: datetime, error: str = "") -> None:
    """End a job in the caller's transaction, beside the rows that it brought.

    Raises
    ------
    LostLeaseError
        Another worker has the job, or it ended; the caller's transaction must not be kept.

    """
    values = {"state": state, "ended_at": now, "error": error, "lease_token": None, "lease_until": None}
    if not _update_held(session, claim, **values):
        raise LostLeaseError


def finish(session: Session, claim: Claim, *, now: datetime) -> None:
    """End a job that brought no rows."""
    with transaction(session):
        end_held(session, claim, "done", now=now)


def fail(session: Session, claim: Claim, error: str, *, now: datetime) -> None:
    """End a job that another try would not save; `error` is for people."""
    with transaction(session):
        end_held(session, claim, "failed", error=error, now=now)
        _tell_scenario(session, session.get_one(Job, claim.job_id), "failed")


def end_cancelled(session: Session, claim: Claim, *, now: datetime) -> None:
    """End a job whose worker was asked to stop."""
    with transaction(session):
        end_held(session, claim, "cancelled", now=now)
        _tell_scenario(session, session.get_one(Job, claim.job_id), "cancelled")


def give_back(session: Session, claim: Claim, *, error: str, counts: bool, now: datetime) -> bool:
    """Let go of a job unfinished: it waits again, or fails when it was tried often enough.

    `counts` is false when the worker stops for its own reasons, so that a restart costs the job no attempt.
    Returns whether the job waits.
    """
    with transaction(session):
        job = _lock(session, claim.job_id)
        if job is None or job.state != "running" or job.lease_token != claim.token:
            raise LostLeaseError
        if not counts:
            job.attempts -= 1
        return _retry_or_fail(session, job, error, now)


def request_cancel(
    session: Session, job_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Stop a job: at once when nobody works on it yet, else its worker is asked to."""
    with transaction(session):
        job = _lock(session, job_id)
        if job is None or job.programme_id != programme_id:
            raise NotFoundError
        if job.state not in OPEN:
            raise WrongStateError("job", job.state, "stop it")
        stop_job(session, job, now=now)
        session.add(
            AuditEvent(by_person_id=by, programme_id=programme_id, action="job.cancel", subject=f"job:{job_id}")
        )


def stop_job(session: Session, job: Job, *, now: datetime) -> None:
    """Do `request_cancel` for a locked row in the caller's transaction."""
    job.cancel_requested_at = now
    if job.state == "waiting":
        _end(job, "cancelled", "", now)
        _tell_scenario(session, job, "cancelled")


def sweep(session: Session, *, now: datetime, patience: timedelta) -> Swept:
    """Take jobs back from workers that fell silent, and name those that have waited longer than `patience`."""
    silent = session.scalars(select(Job.id).where(Job.state == "running", Job.lease_until < now)).all()
    failed = [job_id for job_id in silent if _take_back(session, job_id, now) == "failed"]
    waiting = session.scalars(
        select(Job.id)
        .where(
            Job.state == "waiting",
            or_(Job.created_at < now - patience, Job.attempts > 0),
        )
        .order_by(Job.created_at)
    ).all()
    session.rollback()
    return Swept(tuple(waiting), tuple(failed))


def _take_back(session: Session, job_id: uuid.UUID, now: datetime) -> str:
    with transaction(session):
        job = _lock(session, job_id)
        # Another worker's sweep, or a late heartbeat, may have come between.
        if job is None or job.state != "running" or job.lease_until is None or job.lease_until >= now:
            return ""
        if job.cancel_requested_at is not None:
            _end(job, "cancelled", "", now)
            _tell_scenario(session, job, "cancelled")
        else:
            _retry_or_fail(session, job, WORKER_LOST.format(attempts=job.attempts), now)
        return job.state


def _retry_or_fail(session: Session, job: Job, error: str, now: datetime) -> bool:
    if job.attempts >= job.max_attempts:
        _end(job, "failed", error, now)
        _tell_scenario(session, job, "failed")
        return False
    job.state, job.lease_token, job.lease_until = "waiting", None, None
    _tell_scenario(session, job, "waiting")
    return True


def _end(job: Job, state: str, error: str, now: datetime) -> None:
    job.state, job.error, job.ended_at = state, error, now
    job.lease_token = job.lease_until = None


def _lock(session: Session, job_id: uuid.UUID) -> Job | None:
    return session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one_or_none()


def _update_held(session: Session, claim: Claim, **values: Any) -> bool:
    held = (Job.id == claim.job_id, Job.state == "running", Job.lease_token == claim.token)
    return _change(session, update(Job).where(*held).values(**values))


def _change(session: Session, statement: Update) -> bool:
    """Run a conditional update and say whether its condition held."""
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount == 1


def _tell_scenario(session: Session, job: Job, status: str) -> None:
    """Let the scenario that a job works for show the job's fate; one that is stale by now stays so."""
    if job.kind != SOLVE:
        return
    session.execute(
        update(Scenario)
        .where(Scenario.id == uuid.UUID(job.args["scenario_id"]), Scenario.status.in_(("waiting", "solving")))
        .values(status=status)
        .execution_options(synchronize_session=False)
    )
