"""What a worker does with a job's id: claim it, keep its lease, do the work, write how it ended."""

import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from webapp.engine.checking import CHECK
from webapp.jobs.solving import Child, ChildFailedError, ChildLostError
from webapp.queue import enqueue
from webapp.services import checks, jobs, pool, scenarios
from webapp.services.errors import ConflictError
from webapp.services.scenarios import Solved

log = structlog.get_logger("mosaic.worker")

PROGRESS_EVERY = 0.25  # seconds between two reports of one stage
LOOK_EVERY = 0.5  # seconds between two looks whether to stop
CHILD_LOST = (
    "The solve ended without a result {attempts} times, perhaps for lack of memory. "
    "Please try again, or ask whoever looks after this installation."
)
SNAPSHOT_GONE = "The round was opened again before this could be solved. Freeze it and solve again."
SOMEBODY_LEFT = (
    "Somebody in this round deleted their account meanwhile. Open the round again, freeze it and solve again."
)
BROKEN = "Something broke on our side while this was worked on. We have a note of it."


def _now() -> datetime:
    return datetime.now(UTC)


class Runner:
    """Runs jobs by their ids, in as many threads as call it."""

    def __init__(self, sessions: sessionmaker[Session], lease: timedelta) -> None:
        self.sessions, self.lease = sessions, lease
        self.stopping = threading.Event()
        self._children: set[Child] = set()

    def run(self, job_id: uuid.UUID) -> None:
        """Do a job if it is there to be done, else nothing."""
        if self.stopping.is_set():
            return
        with self.sessions() as session:
            claim = jobs.claim(session, job_id, lease=self.lease, now=_now())
            if claim is None:
                return
            log.info("job_started", job=str(job_id), kind=claim.kind, attempt=claim.attempt)
            try:
                self._solve(session, claim)
            except jobs.LostLeaseError:
                log.info("job_lost", job=str(job_id))
            except DBAPIError:
                # The database is away: its row cannot be written now. The sweep gives the job another try.
                log.exception("job_left_to_sweep", job=str(job_id))
            except Exception:  # the outermost edge of a job
                log.exception("job_broke", job=str(job_id))
                _fail_quietly(session, claim)
            else:
                log.info("job_ended", job=str(job_id))

    def stop(self) -> None:
        """End all children; their jobs go back to wait for another worker."""
        self.stopping.set()
        for child in list(self._children):
            child.stop()

    def _solve(self, session: Session, claim: jobs.Claim) -> None:
        child = Child()
        self._children.add(child)
        try:
            with _Heart(self.sessions, claim, self.lease, child.stop):
                work = _read(session, claim)
                result = child.solve(work, _Reporter(session, claim))
            _store(session, claim, work, result)
        except ChildFailedError as error:
            jobs.fail(session, claim, str(error), now=_now())
        except ConflictError as error:
            if claim.kind == CHECK and error.what == "snapshot":
                checks.store_check(session, claim, checks.CHANGED_SNAPSHOT, now=_now())
                return
            words = SNAPSHOT_GONE if error.what == "snapshot" else SOMEBODY_LEFT
            jobs.fail(session, claim, words, now=_now())
        except ChildLostError as error:
            self._after_loss(session, claim, error)
        finally:
            self._children.discard(child)

    def _after_loss(self, session: Session, claim: jobs.Claim, error: ChildLostError) -> None:
        """Settle a job whose child is gone: it was to be stopped, or this worker stops, or it was an accident."""
        job = jobs.get_job(session, claim.job_id)
        if job.cancel_requested_at is not None:
            jobs.end_cancelled(session, claim, now=_now())
        elif self.stopping.is_set():
            jobs.give_back(session, claim, error="", counts=False, now=_now())
            enqueue(claim.job_id)
        else:
            log.warning("child_lost", job=str(claim.job_id), error=str(error))
            words = CHILD_LOST.format(attempts=claim.attempt)
            if jobs.give_back(session, claim, error=words, counts=True, now=_now()):
                enqueue(claim.job_id)


def _read(session: Session, claim: jobs.Claim) -> dict[str, Any]:
    """Return what the child needs, by the kind of job."""
    if claim.kind == jobs.POOL:
        programme_id = jobs.get_job(session, claim.job_id).programme_id
        assert programme_id is not None
        return pool.read_pool_work(session, programme_id, now=_now())
    read = checks.read_check if claim.kind == CHECK else scenarios.read_work
    return read(session, uuid.UUID(claim.args["scenario_id"]), now=_now())


def _store(session: Session, claim: jobs.Claim, work: dict[str, Any], result: dict[str, Any]) -> None:
    """Keep what the child brought, and end the job."""
    if claim.kind == jobs.POOL:
        pool.store_report(session, claim, work, result, now=_now())
    elif claim.kind == CHECK:
        checks.store_check(session, claim, result, now=_now())
    else:
        scenarios.store_result(session, claim, Solved(**result), now=_now())


def _fail_quietly(session: Session, claim: jobs.Claim) -> None:
    try:
        jobs.fail(session, claim, BROKEN, now=_now())
    except jobs.LostLeaseError:
        log.info("job_lost", job=str(claim.job_id))


class _Reporter:
    """Writes progress, but not more often than anyone can read it."""

    def __init__(self, session: Session, claim: jobs.Claim) -> None:
        self.session, self.claim = session, claim
        self._stage, self._at = "", 0.0

    def __call__(self, progress: dict[str, Any]) -> None:
        moment = time.monotonic()
        if progress["stage"] == self._stage and moment - self._at < PROGRESS_EVERY:
            return
        self._stage, self._at = progress["stage"], moment
        jobs.report_progress(self.session, self.claim, **progress)


class _Heart:
    """Keeps a job's lease while the block runs, and calls `stop` when the job is to be left alone."""

    def __init__(
        self, sessions: sessionmaker[Session], claim: jobs.Claim, lease: timedelta, stop: Callable[[], None]
    ) -> None:
        self.sessions, self.claim, self.lease, self.stop = sessions, claim, lease, stop
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heart-{claim.job_id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        every = self.lease.total_seconds() / 3
        held_until = time.monotonic() + self.lease.total_seconds()
        next_beat = time.monotonic() + every
        while not self._ended.wait(min(LOOK_EVERY, every)):
            try:
                with self.sessions() as session:
                    if jobs.must_stop(session, self.claim):
                        self.stop()
                        return
                    if time.monotonic() >= next_beat:
                        jobs.heartbeat(session, self.claim, lease=self.lease, now=_now())
                        next_beat = time.monotonic() + every
                        held_until = time.monotonic() + self.lease.total_seconds()
            except DBAPIError as error:
                log.warning("heartbeat_failed", job=str(self.claim.job_id), error=repr(error))
                if time.monotonic() > held_until:
                    self.stop()
                    return
