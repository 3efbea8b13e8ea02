"""Carries the ids of jobs from the web to the workers, and nothing else.

The `job` table is the truth. A message that is lost, doubled or late does no harm: the worker's sweep sends waiting
jobs again, and only one worker can claim a job. So a request never fails because the queue cannot be reached.
"""

import sqlite3
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg
import structlog
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from redis import ConnectionPool, RedisError

from config import Config

log = structlog.get_logger("mosaic.queue")

RunJob = Callable[[uuid.UUID], None]
DeliverMail = Callable[[], None]
TRIES = 5
UNREACHABLE = (OSError, sqlite3.Error, psycopg.Error, RedisError)


class UnknownQueueError(Exception):
    """QUEUE_URL names a kind of queue that is not supported."""


@dataclass
class Queue:
    """One installation's queue; opened at first use, so that every web process has a connection of its own."""

    config: Config
    run_job: RunJob | None = None
    deliver_mail: DeliverMail | None = None
    _tasks: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def huey(self) -> Huey:
        huey = _open(self.config)
        self._tasks["job"] = huey.task(name="job")(self._job)
        self._tasks["mail"] = huey.task(name="mail")(self._mail)
        return huey

    def send(self, task: str, *args: str) -> bool:
        try:
            assert self.huey is not None  # opens the queue and names the tasks
            self._tasks[task](*args)
        except UNREACHABLE as error:
            log.warning("queue_unreachable", task=task, error=repr(error))
            return False
        return True

    def close(self) -> None:
        """Let go of the connection; the next use opens another."""
        if "huey" in self.__dict__:
            self.huey.storage.close()
            del self.__dict__["huey"]

    def _job(self, job_id: str) -> None:
        if self.run_job is not None:
            self.run_job(uuid.UUID(job_id))

    def _mail(self) -> None:
        if self.deliver_mail is not None:
            self.deliver_mail()


_bound: list[Queue] = []


def bind_queue(config: Config) -> Queue:
    """Let this process speak to the queue that the settings name."""
    for queue in _bound:
        queue.close()
    _bound[:] = [Queue(config)]
    return _bound[0]


def bind_runner(run_job: RunJob, deliver_mail: DeliverMail | None = None) -> Queue:
    """Say what a worker does with a job's id, and with a nudge about mail."""
    queue = _bound[0]
    queue.run_job, queue.deliver_mail = run_job, deliver_mail
    return queue


def enqueue(job_id: uuid.UUID) -> bool:
    """Send a job's id, after the commit that wrote the job; False if the sweep will have to pick it up."""
    return bool(_bound) and _bound[0].send("job", str(job_id))


def nudge_outbox() -> bool:
    """Tell a worker that there is mail to send; without this it goes out some seconds later."""
    return bool(_bound) and _bound[0].send("mail")


def is_reachable() -> bool:
    """Say whether the queue answers."""
    try:
        return bool(_bound) and _bound[0].huey.pending_count() >= 0
    except UNREACHABLE:
        return False


def _open(config: Config) -> Huey:
    # Messages are signed: whoever can write to the queue alone cannot make a worker load anything.
    common = {"results": False, "serializer": SignedSerializer(secret=config.secret_key)}
    url = config.queue_url
    if not url:
        config.instance.mkdir(parents=True, exist_ok=True)
        return SqliteHuey("mosaic", filename=str(config.instance / "queue.db"), **common)
    if url.startswith(("redis://", "rediss://", "unix://")):
        return RedisHuey("mosaic", connection_pool=ConnectionPool.from_url(url, socket_connect_timeout=2), **common)
    if url.startswith("postgresql://"):
        return _open_postgresql(url, common)
    scheme = url.split(":", 1)[0]
    raise UnknownQueueError(f"QUEUE_URL starts with {scheme!r}; leave it empty, or use redis:// or postgresql://")


def _open_postgresql(url: str, common: dict[str, Any]) -> Huey:
    """Open a queue in PostgreSQL; when several processes make its tables at the same moment, all but one try again."""
    for attempt in range(1, TRIES + 1):
        try:
            return PostgresHuey("mosaic", dsn=url, table_prefix="mosaic_queue", **common)
        except (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateTable):
            if attempt == TRIES:
                raise
            time.sleep(0.1 * attempt)
    raise AssertionError("unreachable")
