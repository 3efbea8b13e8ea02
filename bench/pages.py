"""Pages of the demonstration: how long they take, and how many queries. Through the test client, one at a time."""

import hashlib
import re
import secrets
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from config import ROOT, Testing
from webapp.app import create_app
from webapp.engine.working import do_work
from webapp.models import LoginSession, Person, Programme, Round
from webapp.services import demo, jobs, rounds, scenarios
from webapp.services.demo_cast import COORDINATOR, KERRIGAN, LINDQVIST

TIMES = 40
WARM_UP = 3


@contextmanager
def temporary_app() -> Iterator[Flask]:
    """Yield an application with an empty SQLite database in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="mosaic-bench-") as folder:
        config = Testing(
            secret_key=secrets.token_urlsafe(32),
            instance=Path(folder),
            database_url=f"sqlite:///{folder}/mosaic.db",
            queue_url="",
            base_url="http://localhost",
            smtp_url="",
        )
        app = create_app(config)
        try:
            migrate(app.config["ENGINE"])
            yield app
        finally:
            app.config["ENGINE"].dispose()


def measure_all() -> dict[str, object]:
    """Make the demonstration, solve its coming round, and open pages again and again."""
    with temporary_app() as app:
        return _measure(app)


def _measure(app: Flask) -> dict[str, object]:
    engine = app.config["ENGINE"]
    start = time.perf_counter()
    with Session(engine, expire_on_commit=False) as session:
        demo.make_demo(session, now=datetime.now(UTC))
        made = time.perf_counter() - start
        round_id, solving = _solve_coming_round(session)
        past_id = session.scalars(select(Round.id).where(Round.published_at.is_not(None))).one()
        snapshot = session.scalars(select(Round.snapshot).where(Round.id == round_id)).one()
        asked = [snapshot[side][0]["key"] for side in ("mentors", "mentees")]
    paths = [
        (KERRIGAN.email, "/home"),
        (LINDQVIST.email, "/home"),
        (LINDQVIST.email, "/suggestions"),
        (KERRIGAN.email, "/suggestions"),
        (COORDINATOR[1], f"/c/{demo.SLUG}/people"),
        (COORDINATOR[1], f"/c/{demo.SLUG}/pool"),
        (COORDINATOR[1], f"/c/{demo.SLUG}/rounds/{round_id}"),
        (COORDINATOR[1], f"/c/{demo.SLUG}/rounds/{round_id}/why?mentor={asked[0]}&mentee={asked[1]}"),
        (COORDINATOR[1], f"/c/{demo.SLUG}/responses/{past_id}/repair"),
        ("", "/"),
    ]
    return {
        "people": {"mentees": 120, "mentors": 60},
        "make_demo_seconds": round(made, 2),
        "solve_round": solving,
        "requests_each": TIMES,
        "pages": [time_page(app, email, path) for email, path in paths],
    }


def migrate(engine: Engine) -> None:
    """Make the tables in an empty database."""
    settings = AlembicConfig(ROOT / "alembic.ini")
    with engine.connect().execution_options(writes=True) as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        connection.commit()


def _solve_coming_round(session: Session) -> tuple[uuid.UUID, dict[str, float]]:
    """Freeze and solve the round that people join, as a worker would."""
    now = datetime.now(UTC)
    by = session.scalars(select(Person.id).where(Person.email == COORDINATOR[1])).one()
    programme_id = session.scalars(select(Programme.id).where(Programme.slug == demo.SLUG)).one()
    round_id = session.scalars(select(Round.id).where(Round.state == "enrolling")).one()
    start = time.perf_counter()
    rounds.freeze_round(session, round_id, programme_id=programme_id, by=by, now=now)
    frozen = time.perf_counter()
    scenario_id, job_id = scenarios.start_scenario(
        session, round_id, programme_id=programme_id, name="First", objective="coverage", by=by, now=now
    )
    claim = jobs.claim(session, job_id, lease=timedelta(minutes=5), now=now)
    solved = do_work(scenarios.read_work(session, scenario_id, now=now), lambda *_progress: None)
    scenarios.store_result(session, claim, scenarios.Solved(**solved), now=now)
    times = {"freeze_seconds": round(frozen - start, 3), "solve_seconds": round(time.perf_counter() - frozen, 3)}
    return round_id, times


def time_page(app: Flask, email: str, path: str) -> dict[str, object]:
    client = app.test_client()
    if email:
        sign_in(app, client, email)
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    for _ in range(WARM_UP):
        client.get(path)
    event.listen(app.config["ENGINE"], "before_cursor_execute", note)
    answer = client.get(path)
    event.remove(app.config["ENGINE"], "before_cursor_execute", note)
    milliseconds, busy = [], []
    for _ in range(TIMES):
        start, processor = time.perf_counter(), time.process_time()
        client.get(path)
        milliseconds.append((time.perf_counter() - start) * 1000)
        busy.append((time.process_time() - processor) * 1000)
    line = {
        "path": re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path),
        "as": email.split(".", maxsplit=1)[0] or "everyone",
        "status": answer.status_code,
        "queries": sum(statement.lstrip().upper().startswith("SELECT") for statement in statements),
        "kb": round(len(answer.data) / 1024, 1),
        "p50_ms": round(statistics.median(milliseconds), 1),
        "p95_ms": round(statistics.quantiles(milliseconds, n=20)[18], 1),
        # Of the processor alone: what a machine that is busy with other things would have taken on its own.
        "p95_processor_ms": round(statistics.quantiles(busy, n=20)[18], 1),
    }
    took = f"p50 {line['p50_ms']} ms, p95 {line['p95_ms']} ms (processor {line['p95_processor_ms']} ms)"
    print(f"{line['path']} as {line['as']}: {took}, {line['queries']} queries", file=sys.stderr)
    return line


def sign_in(app: Flask, client, email: str) -> None:
    """Sign the client in as this person, by the row and cookie that a real sign-in leaves."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with Session(app.config["ENGINE"]) as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
        session.add(
            LoginSession(
                person_id=person_id,
                token_hash=hashlib.sha256(token.encode()).hexdigest(),
                seen_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
        session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
