"""Fixtures for all tests.

A test that asks for `session`, `app`, `client`, `database_url` or `committed_engine` runs twice: on SQLite and on
PostgreSQL. The summary prints how many passed on each, and the run fails when the numbers differ.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from config import Testing
from tests import databases
from tests.factories.cast import Cast
from webapp.app import create_app
from webapp.extensions import bind_database, db_session

PASSWORD = "correct horse battery"

# For `make mutants`: always the same examples, and fewer; see `tests.strategies.examples`.
settings.register_profile("mutants", derandomize=True, database=None)


@pytest.fixture(scope="session", params=databases.NAMES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Server]:
    server = databases.Server(request.param, tmp_path_factory.mktemp(request.param))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared_engine(server: databases.Server) -> Iterator[Engine]:
    """One migrated database for all tests that roll back what they did."""
    with databases.engine_of(server.fresh()) as engine:
        yield engine


@pytest.fixture
def database_url(server: databases.Server) -> Iterator[str]:
    """A database of the test's own, for what must really be committed: threads, processes, a live server."""
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.fixture
def committed_engine(database_url: str) -> Iterator[Engine]:
    with databases.engine_of(database_url) as engine:
        yield engine


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[object]:
    """A connection inside an outer transaction that is rolled back: a service's commits end savepoints only."""
    with shared_engine.connect().execution_options(writes=True) as connection:
        outer = connection.begin()
        yield connection
        db_session.remove()
        outer.rollback()


@pytest.fixture
def session(connection) -> Iterator[Session]:
    make = sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
    with make() as session:
        yield session


@pytest.fixture
def config(tmp_path) -> Testing:
    return Testing(
        secret_key="for tests alone, long enough to be safe",
        instance=tmp_path / "instance",
        database_url="sqlite://",
        queue_url="",
        base_url="http://localhost",
        smtp_url="",
    )


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all tests, each of which has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(config: Testing, connection, compiled_templates) -> Iterator[Flask]:
    """The application on the test's own connection; what a request commits is rolled back after the test."""
    app = create_app(config, connection)
    app.jinja_env.bytecode_cache = compiled_templates
    db_session.session_factory.configure(join_transaction_mode="create_savepoint")
    yield app
    db_session.remove()
    db_session.session_factory.configure(join_transaction_mode="conditional_savepoint")
    bind_database(None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    return datetime(2027, 2, 15, 18, 0, tzinfo=UTC)


@pytest.fixture
def cast(session: Session) -> Cast:
    """Ada organises, Mo mentors, Lee is a mentee, Kim belongs elsewhere and sees nothing."""
    return Cast.create(session)


_passed: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        for name in databases.NAMES:
            if f"[{name}" in report.nodeid or f"-{name}" in report.nodeid:
                _passed[name] += 1


def pytest_terminal_summary(terminalreporter) -> None:
    if _passed:
        counts = ", ".join(f"{name} {_passed[name]}" for name in databases.NAMES)
        terminalreporter.write_line(f"passed on each database: {counts}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if hasattr(session.config, "workerinput"):
        return  # one of several processes, which sees its own share only
    # A filter such as -k sqlite is the developer's own wish; a whole run must be equal on both.
    if os.environ.get("CI") and exitstatus == 0 and len({_passed[name] for name in databases.NAMES}) > 1:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
