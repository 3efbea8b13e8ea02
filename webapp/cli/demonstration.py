"""What `mosaic-admin demo` does: makes the demonstration, serves it, ends it cleanly."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import ROOT, Config, Production
from webapp.extensions import make_engine
from webapp.services import demo, demo_state

Say = Callable[[str], None]
LONGEST_START = 60.0  # seconds until the first page must answer
LONGEST_STOP = 15.0  # seconds that server and worker get to end


class CannotStartError(Exception):
    """Why nothing was started; the message says what to do about it."""


def migrate(engine: Engine) -> None:
    """Bring the tables up to date."""
    settings = AlembicConfig(ROOT / "alembic.ini")
    with engine.connect().execution_options(writes=True) as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        connection.commit()


def run_demo(config: Config, host: str, port: int, *, say: Say) -> int:
    """Make the demonstration if need be, then serve it until told to stop; return the exit status."""
    if isinstance(config, Production):
        raise CannotStartError("The demonstration is not for production: it invents people. Unset MOSAIC_ENV.")
    _check_free(host, port)
    accounts = prepare_demo(config, say=say)
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    server = [
        "gunicorn",
        "webapp.wsgi:app",
        f"--bind={host}:{port}",
        "--workers=2",
        "--threads=4",
        "--log-level=warning",
    ]
    processes = [_start(server), _start(["webapp.worker"])]
    try:
        url = f"http://{host}:{port}"
        if _wait_for(url + "/healthz", processes, stop):
            _tell(accounts, url, config.instance / "demo-accounts.json", say)
        while not stop.wait(0.2):
            if any(process.poll() is not None for process in processes):
                say("The server or the worker ended by itself; its last words stand above.")
                return 1
    finally:
        _end(processes)
    say("The demonstration has ended. Its data stay; the same command starts it again.")
    return 0


def prepare_demo(config: Config, *, say: Say) -> list[dict[str, str]]:
    """Make tables, people and rounds where they are missing; return the accounts with their passwords."""
    config.instance.mkdir(parents=True, exist_ok=True)
    engine = make_engine(config.database_url)
    try:
        migrate(engine)
        with Session(engine, expire_on_commit=False) as session:
            state = demo_state.state_of(session)
            if state == "foreign":
                raise CannotStartError(
                    f"{config.database_url} has people in it who are not of the demonstration, so nothing was touched. "
                    "Name another folder: MOSAIC_INSTANCE=/tmp/mosaic-demo"
                )
            if state == "begun":
                demo_state.clear_demo(session)
            if state != "made":
                say("Making a programme with 120 mentees and 60 mentors (some seconds, the first time only)…")
                demo.make_demo(session, now=datetime.now(UTC))
            return _accounts(session, config, fresh=state != "made")
    finally:
        engine.dispose()


def _accounts(session: Session, config: Config, *, fresh: bool) -> list[dict[str, str]]:
    """Return the accounts; those without a password in the file get one, and the file is written anew."""
    path = config.instance / "demo-accounts.json"
    known = {entry["email"]: entry["password"] for entry in _read(path)}
    accounts = [
        {
            "role": account.role,
            "email": account.email,
            "password": known.get(account.email) or secrets.token_urlsafe(12),
        }
        for account in demo_state.ACCOUNTS
    ]
    unset = accounts if fresh else [account for account in accounts if account["email"] not in known]
    if unset:
        demo_state.set_passwords(session, {account["email"]: account["password"] for account in unset}, config)
        _write(path, accounts)
    return accounts


def _read(path: Path) -> list[dict[str, str]]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [{"email": str(entry["email"]), "password": str(entry["password"])} for entry in entries]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # never written, or written by hand since: passwords are made anew


def _write(path: Path, accounts: list[dict[str, str]]) -> None:
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, indent=2)
        file.write("\n")
    fresh.replace(path)


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStartError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Choose another: PORT={port + 1} make demo"
            ) from error


def _start(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT)  # noqa: S603 - our own interpreter and modules


def _wait_for(url: str, processes: list[subprocess.Popen[bytes]], stop: threading.Event) -> bool:
    """Wait until the server answers; False when it will not."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until and not stop.wait(0.1):
        if any(process.poll() is not None for process in processes):
            return False
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server, on loopback
                return True
        except (urllib.error.URLError, OSError):
            continue
    return False


def _tell(accounts: list[dict[str, str]], url: str, path: Path, say: Say) -> None:
    say(f"\nMosaic runs at {url}\n\nSign in at {url}/login as")
    for account in accounts:
        say(f"  {account['role']:<12} {account['email']:<34} {account['password']}")
    say(f"\nThe same is kept in {path}. Mail that Mosaic sends is at {url}/dev/mail. Ctrl-C ends it.\n")


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + LONGEST_STOP
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
