"""Fixtures for all tests.

A test that asks for `session`, `app`, `client`, `database_url` or `committed_engine` runs twice: on SQLite and on
PostgreSQL; with `--share-databases` a functional test runs on one of them. The summary prints how many passed on
each, and the run fails when the numbers differ.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from config import Testing
from tests import databases, sharing
from tests.applications import rolled_back, settings_in
from tests.factories.cast import Cast
from webapp.app import create_app
from webapp.extensions import db_session

PASSWORD = "correct horse battery"

# For `make mutants`: always the same examples, and fewer; see `tests.strategies.examples`.
settings.register_profile("mutants", derandomize=True, database=None)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Servers]:
    """Both databases, each started once a process however often the tests change from one to the other."""
    with databases.Servers(tmp_path_factory.mktemp("databases")) as servers:
        yield servers


@pytest.fixture(params=databases.NAMES)
def server(request: pytest.FixtureRequest, servers: databases.Servers) -> databases.Server:
    return servers[request.param]


@pytest.fixture
def shared_engine(server: databases.Server) -> Engine:
    """One migrated database for all tests that roll back what they did."""
    return server.shared_engine


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
    return settings_in(tmp_path / "instance")


@pytest.fixture(scope="session")
def made_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with its routes and templates, made once a process: that takes longer than most tests do."""
    return create_app(settings_in(tmp_path_factory.mktemp("instance")))


@pytest.fixture
def app(made_app: Flask, config: Testing, connection) -> Iterator[Flask]:
    """The application on the test's own connection; what a request commits is rolled back after the test."""
    with rolled_back(made_app, config, connection):
        yield made_app


@pytest.fixture
def own_app(app: Flask, config: Testing, connection) -> Flask:
    """An application of the test's own, for a test that adds something to it."""
    return create_app(config, connection)


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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--share-databases", action="store_true", help="run each functional test on one database, half of them on each"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--share-databases"):
        spared = sharing.spare(items)
        items[:] = [item for item in items if item not in spared]
        config.hook.pytest_deselected(items=list(spared))
    items[:] = sharing.longest_first(items)


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
