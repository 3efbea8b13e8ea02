"""A large programme on a real server with a real worker: click to review page, and pages visited meanwhile."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bench.engine_rivals import environment
from bench.population import SLUG, fill
from config import ROOT, Development
from webapp.app import create_app
from webapp.models import Membership, Person, Programme, Round, Scenario
from webapp.services.logins import add_login
from webapp.services.rounds import create_round, freeze_round, open_round

SIZES = ((1_000, 500), (10_000, 5_000))
VISITORS = 8  # each opens a page a second
ROLES = ("coordinator", "mentor", "mentee")
LONGEST = 300.0


def measure_all() -> list[dict[str, object]]:
    """Measure each size; progress goes to standard error."""
    return [measure(*size) for size in SIZES]


def measure(mentees: int, mentors: int) -> dict[str, object]:
    """Work out the round of a programme of this size while people open pages."""
    with tempfile.TemporaryDirectory(prefix="mosaic-load-") as folder, _port() as port:
        config = Development(
            secret_key="k" * 48,
            instance=Path(folder),
            database_url=f"sqlite:///{folder}/mosaic.db",
            queue_url="",
            base_url=f"http://127.0.0.1:{port}",
            smtp_url="",
        )
        app = create_app(config)
        engine = app.config["ENGINE"]
        start = time.perf_counter()
        fill(engine, mentees, mentors)
        filled = time.perf_counter()
        with Session(engine, expire_on_commit=False) as session:
            round_id = _freeze(session)
            frozen = time.perf_counter()
            cookies = {role: _cookie(app, session, f"{role}.0@example.org") for role in ROLES}
        found: dict[str, object] = {
            "mentees": mentees,
            "mentors": mentors,
            "fill_seconds": round(filled - start, 2),
            "freeze_seconds": round(frozen - filled, 2),
        }
        try:
            with _running(config, port):
                found |= _click_to_review(app, config, round_id, cookies, folder)
                found["review_pages"] = _visit(
                    config, folder, _visits(round_id, cookies, after=True), seconds=20, name="after"
                )
                found["queries"] = _count_queries(app, _visits(round_id, cookies, after=True))
        finally:
            engine.dispose()
    print(json.dumps(found, indent=1), file=sys.stderr)
    return found


def _freeze(session: Session) -> uuid.UUID:
    """Begin a round and freeze it, as its coordinator does."""
    programme_id = session.scalars(select(Programme.id)).one()
    by = session.scalars(select(Membership.person_id).where(Membership.is_coordinator)).one()
    here = {"by": by, "now": datetime.now(UTC)}
    round_id = create_round(session, programme_id, "Everyone", None, **here)
    open_round(session, round_id, programme_id=programme_id, **here)
    freeze_round(session, round_id, programme_id=programme_id, **here)
    return round_id


def _click_to_review(
    app: Flask, config: Development, round_id: uuid.UUID, cookies: dict[str, str], folder: str
) -> dict[str, object]:
    """Click, and wait for the review page as a browser would; visitors come until it stands."""
    page = f"/c/{SLUG}/rounds/{round_id}"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    first = urllib.request.Request(config.base_url + page, headers={"Cookie": f"mosaic={cookies['coordinator']}"})
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', _read(browser, first))
    assert token is not None
    visitors = _start_visitors(config, folder, _visits(round_id, cookies, after=False), name="meanwhile")
    time.sleep(3)  # the visitors are there
    values = urllib.parse.urlencode({"csrf_token": token[1], "objective": "coverage", "name": ""})
    start = time.perf_counter()
    _read(browser, urllib.request.Request(f"{config.base_url}{page}/solve", values.encode()))
    until = start + LONGEST
    with Session(app.config["ENGINE"]) as session:
        while time.perf_counter() < until:
            session.rollback()
            if session.get(Round, round_id, populate_existing=True).state == "review":
                break
            time.sleep(0.1)
        _read(browser, urllib.request.Request(config.base_url + page))
        seconds = time.perf_counter() - start
        scenario = session.query(Scenario).filter_by(round_id=round_id).one()
        facts = {name: scenario.totals.get(name) for name in ("coverage", "pairs", "acceptable", "gap", "without_slot")}
        timings = scenario.timings
    visitors.send_signal(signal.SIGINT)
    return {
        "click_to_review_seconds": round(seconds, 2),
        "child_seconds": timings,
        "totals": facts,
        "meanwhile": _read_visits(visitors, folder, "meanwhile"),
    }


def _visits(round_id: uuid.UUID, cookies: dict[str, str], *, after: bool) -> list[dict[str, str]]:
    round_page = f"/c/{SLUG}/rounds/{round_id}"
    paths = {
        "coordinator": [f"/c/{SLUG}", f"/c/{SLUG}/people", f"/c/{SLUG}/people?q=kaja+berg&sort=stage", round_page],
        "mentor": ["/home", "/me/time", "/suggestions"],
        "mentee": ["/home", "/suggestions"],
    }
    if after:
        paths["coordinator"] += [f"{round_page}?sort=thin&page=7", f"/c/{SLUG}/pool"]
    return [
        {"path": path, "name": f"{path.replace(str(round_id), '<id>')} as {role}", "cookie": cookies[role]}
        for role, chosen in paths.items()
        for path in chosen
    ]


def _visit(
    config: Development, folder: str, visits: list[dict[str, str]], *, seconds: int, name: str
) -> list[dict[str, object]]:
    visitors = _start_visitors(config, folder, visits, name=name)
    time.sleep(seconds)
    visitors.send_signal(signal.SIGINT)
    return _read_visits(visitors, folder, name)


def _start_visitors(
    config: Development, folder: str, visits: list[dict[str, str]], *, name: str
) -> subprocess.Popen[bytes]:
    python = environment("locust", ["locust"])
    assert python is not None, "locust does not install"
    file = Path(folder) / f"{name}.json"
    file.write_text(json.dumps(visits), encoding="utf-8")
    command = [python, "-m", "locust", "-f", ROOT / "bench" / "visits.py", "--headless", "--only-summary"]
    command += ["-u", str(VISITORS), "-r", str(VISITORS), "--host", config.base_url, "--csv", f"{folder}/{name}"]
    return subprocess.Popen(
        command,
        env={**os.environ, "MOSAIC_VISITS": str(file)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _read_visits(visitors: subprocess.Popen[bytes], folder: str, name: str) -> list[dict[str, object]]:
    """Return a line for each page: how often it was opened, and how long that took."""
    import csv

    try:
        visitors.wait(30)
    except subprocess.TimeoutExpired:
        visitors.kill()  # it waits for a page; what it counted stands in the file, written each second
        visitors.wait()
    with Path(f"{folder}/{name}_stats.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "page": line["Name"],
                "visits": int(line["Request Count"]),
                "failures": int(line["Failure Count"]),
                "p50_ms": float(line["50%"]),
                "p95_ms": float(line["95%"]),
            }
            for line in csv.DictReader(file)
            if int(line["Request Count"])
        ]


def _count_queries(app: Flask, visits: list[dict[str, str]]) -> dict[str, int]:
    counts = {}
    for visit in visits:
        statements: list[str] = []

        def note(*args: object, into: list[str] = statements) -> None:
            into.append(str(args[2]))

        client = app.test_client()
        client.set_cookie("mosaic", visit["cookie"])
        client.get(visit["path"])
        event.listen(app.config["ENGINE"], "before_cursor_execute", note)
        client.get(visit["path"])
        event.remove(app.config["ENGINE"], "before_cursor_execute", note)
        counts[visit["name"]] = sum(statement.lstrip().upper().startswith("SELECT") for statement in statements)
    return counts


@contextmanager
def _running(config: Development, port: int) -> Iterator[None]:
    """Serve with two processes as `make run` does, with one worker beside it."""
    variables = {
        **os.environ,
        "MOSAIC_INSTANCE": str(config.instance),
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "BASE_URL": config.base_url,
    }
    server = ["gunicorn", "webapp.wsgi:app", f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4"]
    processes = [
        subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, env=variables, stderr=subprocess.DEVNULL)
        for arguments in (server, ["webapp.worker"])
    ]
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(config.base_url + "/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


@contextmanager
def _port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    yield number


def _cookie(app: Flask, session: Session, email: str) -> str:
    person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
    token = add_login(session, person_id, now=datetime.now(UTC), lifetime=timedelta(days=1), agent="bench")
    session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    found = client.get_cookie("mosaic")
    assert found is not None
    return found.value


def _read(browser: urllib.request.OpenerDirector, request: urllib.request.Request) -> str:
    with browser.open(request, timeout=60) as answer:
        return answer.read().decode()
