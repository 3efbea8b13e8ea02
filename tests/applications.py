"""The application as tests use it: made once a process, with settings and a database of each test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from config import Testing
from webapp.app import configure
from webapp.extensions import bind_database, db_session


def settings_in(instance: Path, **values: Any) -> Testing:
    return Testing(
        **{
            "secret_key": "for tests alone, long enough to be safe",
            "instance": instance,
            "database_url": "sqlite://",
            "queue_url": "",
            "base_url": "http://localhost",
            "smtp_url": "",
        }
        | values
    )


@contextmanager
def bound(app: Flask, config: Testing, engine: Any) -> Iterator[None]:
    """Let the application work with these for a while; what a test changes in its settings ends with the test."""
    kept = dict(app.config)
    configure(app, config, engine)
    yield
    bind_database(None)
    app.config.clear()
    app.config.update(kept)


@contextmanager
def rolled_back(app: Flask, config: Testing, connection: Any) -> Iterator[None]:
    """The same on a test's own connection, where what a request commits ends a savepoint only."""
    with bound(app, config, connection):
        db_session.session_factory.configure(join_transaction_mode="create_savepoint")
        yield
        db_session.remove()
        db_session.session_factory.configure(join_transaction_mode="conditional_savepoint")
