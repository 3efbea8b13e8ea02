"""The background process: `python -m webapp.worker`.

Two threads take job ids from the queue and solve; one looks after what comes due with time: jobs whose worker died,
mail to send, offers to nudge and to expire.
"""

import signal
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from config import Config, from_environment
from webapp.app import create_app
from webapp.extensions import empty_log, log
from webapp.jobs.running import Runner
from webapp.mail import deliver_outbox
from webapp.queue import bind_runner, enqueue
from webapp.services import jobs
from webapp.services.import_undo import forget_undo
from webapp.services.imports import discard_old_imports
from webapp.services.letter_dues import expire_letters, finish_talks, remind_of_letters
from webapp.services.light_formats import end_months, finish_unanswered
from webapp.services.light_reminders import remind_to_tell
from webapp.services.offer_calls import count_calls
from webapp.services.offers import expire_offers, nudge_offers
from webapp.services.pool import forget_changes

THREADS = 2
LONGEST_POLL = 0.5  # seconds; on SQLite the queue is asked, not listened to
LONGEST_STOP = 8.0  # seconds
HEALTH_EVERY = 10.0  # seconds


def main() -> None:
    """Run until told to stop by SIGTERM or SIGINT; what is being solved then waits for the next worker."""
    config = from_environment()
    app = create_app(config)
    sessions = sessionmaker(app.config["ENGINE"], expire_on_commit=False)
    runner = Runner(sessions, config.job_lease)
    keeper = Keeper(app, config, sessions)
    queue = bind_runner(runner.run, keeper.deliver_mail)
    consumer = queue.huey.create_consumer(
        workers=THREADS, worker_type="thread", periodic=False, max_delay=LONGEST_POLL, scheduler_interval=60
    )
    stop = threading.Event()
    consumer.start()
    # After the consumer's own handlers: those would wait for a solve to end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    keeper.start()
    log.info("worker_started", threads=THREADS)
    while not stop.wait(HEALTH_EVERY):
        consumer.check_worker_health()
    keeper.stop()
    consumer.stop()
    runner.stop()
    deadline = time.monotonic() + LONGEST_STOP
    for _, thread in consumer.worker_threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    app.config["ENGINE"].dispose()
    log.info("worker_stopped")


class Keeper(threading.Thread):
    """Does what comes due with time, each thing at its own pace; one that fails does not hold up the others."""

    def __init__(self, app: Flask, config: Config, sessions: sessionmaker[Session]) -> None:
        super().__init__(name="keeper", daemon=True)
        self.app, self.config, self.sessions = app, config, sessions
        self.patience = min(timedelta(seconds=5), config.job_lease)
        self._ended = threading.Event()
        self._mailing = threading.Lock()
        self._sent_again: dict[uuid.UUID, float] = {}
        self._due: list[tuple[Callable[[], None], float]] = [
            (self.sweep, self.patience.total_seconds() / 2),
            (self.deliver_mail, 5.0),
            (self.nudge, 60.0),
            (self.expire, 60.0),
            (self.letters, 60.0),
            (self.count, 60.0),
            (self.tidy_imports, 600.0),
            (self.forget, 3600.0),
            (self.empty_log, 600.0),
        ]

    def run(self) -> None:
        next_at = {task: 0.0 for task, _ in self._due}
        while not self._ended.is_set():
            for task, every in self._due:
                if time.monotonic() >= next_at[task]:
                    self._try(task)
                    next_at[task] = time.monotonic() + every
            self._ended.wait(min(0.5, self.patience.total_seconds() / 2))

    def stop(self) -> None:
        self._ended.set()
        self.join(LONGEST_STOP / 2)

    def sweep(self) -> None:
        """Send forgotten jobs to the queue again; not each at every look, for the queue may just be long."""
        with self.sessions() as session:
            swept = jobs.sweep(session, now=datetime.now(UTC), patience=self.patience)
        moment, again = time.monotonic(), 6 * self.patience.total_seconds()
        for job_id in swept.waiting:
            if moment - self._sent_again.get(job_id, -again) >= again and enqueue(job_id):
                self._sent_again[job_id] = moment
        self._sent_again = {job_id: at for job_id, at in self._sent_again.items() if job_id in swept.waiting}

    def deliver_mail(self) -> None:
        """Send what waits in the outbox; of a nudge and the clock's own turn, one does it."""
        if not self._mailing.acquire(blocking=False):
            return
        try:
            with self.app.app_context(), self.sessions() as session:
                deliver_outbox(session, self.config, now=datetime.now(UTC))
        finally:
            self._mailing.release()

    def nudge(self) -> None:
        """Remind those who have not answered."""
        self._look(nudge_offers)

    def expire(self) -> None:
        """Return the minutes of offers past their time, whether or not anybody could be reminded."""
        self._look(expire_offers)

    def letters(self) -> None:
        """Remind of letters and talks, close what nobody answered, and return the minutes of talks that are over."""
        for look_after in (
            remind_of_letters,
            expire_letters,
            finish_talks,
            remind_to_tell,
            finish_unanswered,
            end_months,
        ):
            self._look(look_after)

    def count(self) -> None:
        """Write what first calls took into the mentors' ledgers."""
        with self.sessions() as session:
            count_calls(session, now=datetime.now(UTC))

    def tidy_imports(self) -> None:
        """Put away uploaded files that nobody confirmed, and what was kept to undo imports of long ago."""
        with self.sessions() as session:
            discard_old_imports(session, now=datetime.now(UTC))
            forget_undo(session, now=datetime.now(UTC))

    def forget(self) -> None:
        """Drop what was noted about changes some days ago."""
        with self.sessions() as session:
            forget_changes(session, now=datetime.now(UTC))

    def empty_log(self) -> None:
        """Let what was deleted not stand in SQLite's log, where somebody who was reading kept it then."""
        empty_log(self.app.config["ENGINE"])

    def _look(self, look_after: Callable[..., int]) -> None:
        with self.sessions() as session:
            changed = look_after(session, now=datetime.now(UTC))
        if changed:
            self.deliver_mail()

    def _try(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception:  # noqa: BLE001 - the outermost edge: a database that is away comes back
            log.exception("keeper_failed", task=task.__name__)


if __name__ == "__main__":
    main()
