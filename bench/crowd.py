"""Pages of a programme of 10,000 mentees and 5,000 mentors: how long they take, and how many queries.

`python -m bench crowd`, or `python -m bench.crowd URL` for a database that `bench.population` filled before.
"""

import json
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.pages import time_page
from bench.population import SLUG, fill
from config import Testing
from webapp.app import create_app
from webapp.engine.working import do_work
from webapp.models import Membership, Person, Programme
from webapp.services import jobs, pool
from webapp.services.transaction import transaction

MENTEES, MENTORS = 10_000, 5_000


def measure_all() -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="mosaic-bench-") as folder:
        url = f"sqlite:///{folder}/mosaic.db"
        app = _app(url, Path(folder))
        try:
            start = time.perf_counter()
            fill(app.config["ENGINE"], MENTEES, MENTORS)
            filled = round(time.perf_counter() - start, 1)
            return {"mentees": MENTEES, "mentors": MENTORS, "fill_seconds": filled} | _measure(app)
        finally:
            app.config["ENGINE"].dispose()


def _app(url: str, folder: Path) -> Flask:
    return create_app(
        Testing(
            secret_key=secrets.token_urlsafe(32),
            instance=folder,
            database_url=url,
            queue_url="",
            base_url="http://localhost",
            smtp_url="",
        )
    )


def _measure(app: Flask) -> dict[str, object]:
    with Session(app.config["ENGINE"], expire_on_commit=False) as session:
        report = _report(session)
        somebody = session.scalars(
            select(Membership.id).join(Person).where(Person.email == "mentee.7@example.org")
        ).one()
    console = f"/c/{SLUG}"
    paths = [
        ("coordinator.0@example.org", f"{console}/people"),
        ("coordinator.0@example.org", f"{console}/people?page=300"),
        ("coordinator.0@example.org", f"{console}/people?q=kaja+berg"),
        ("coordinator.0@example.org", f"{console}/people?sort=free&role=mentor&specialty=general_surgery"),
        ("coordinator.0@example.org", f"{console}/people/{somebody}"),
        ("coordinator.0@example.org", f"{console}/pool"),
        ("coordinator.0@example.org", f"{console}/pool?by=hours"),
        ("coordinator.0@example.org", f"{console}/pool?show=all"),
        ("mentee.7@example.org", "/suggestions"),
        ("mentor.7@example.org", "/suggestions"),
    ]
    return {"report_on_pool": report, "pages": [time_page(app, email, path) for email, path in paths]}


def _report(session: Session) -> dict[str, float]:
    """Do what a worker does when the page about the pool is opened."""
    now = datetime.now(UTC)
    programme_id = session.scalars(select(Programme.id).where(Programme.slug == SLUG)).one()
    with transaction(session):
        job_id = jobs.add_job(session, jobs.POOL, {}, programme_id=programme_id, now=now)
    claim = jobs.claim(session, job_id, lease=timedelta(hours=1), now=now)
    start = time.perf_counter()
    work = pool.read_pool_work(session, programme_id, now=now)
    read = time.perf_counter()
    facts = do_work(work, lambda *_progress: None)
    done = time.perf_counter()
    pool.store_report(session, claim, work, facts, now=now)
    return {"read_seconds": round(read - start, 2), "work_seconds": round(done - read, 2)}


if __name__ == "__main__":
    print(json.dumps(_measure(_app(sys.argv[1], Path(tempfile.mkdtemp()))), indent=2))
