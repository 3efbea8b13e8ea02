"""What the whole application shares: made here, bound to one application in `create_app`."""

from typing import Any

import structlog
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, scoped_session, sessionmaker

LONG_WAIT, SHORT_WAIT = 30_000, 500  # milliseconds for SQLite's writer to come to an end

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()

_factory = sessionmaker(expire_on_commit=False)
# One session a request (and a thread); `create_app` binds it and removes it at the request's end.
db_session: scoped_session[Session] = scoped_session(_factory)


def bind_database(engine: Any) -> None:
    """Let `db_session` speak to this engine, or, in a test, to one connection of it."""
    db_session.remove()
    _factory.configure(bind=engine)


def make_engine(url: str) -> Engine:
    """Return an engine for SQLite or PostgreSQL, set up so that both keep the same promises.

    On SQLite the driver's own transactions are off and BEGIN is sent here: IMMEDIATE where a transaction is going
    to write (see `webapp.services.transaction`), because a plain BEGIN that turns to writing later cannot wait for
    its turn and fails at once.
    """
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith("sqlite"):
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
    # An error that is logged holds no letter and no name: its values stay hidden.
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def empty_log(engine: Any) -> bool:
    """Let SQLite carry its write-ahead log into the file and cut it off; False where somebody is reading just now.

    Pages in the log hold what was deleted since; in the file it is overwritten.
    """
    if not isinstance(engine, Engine) or engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout = {SHORT_WAIT}")  # meanwhile nobody can write
        try:
            busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute(f"PRAGMA busy_timeout = {LONG_WAIT}")
    return not busy


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    pragmas = ["journal_mode = WAL", f"busy_timeout = {LONG_WAIT}", "foreign_keys = ON", "synchronous = NORMAL"]
    pragmas.append("secure_delete = ON")  # what somebody had deleted is overwritten in the file, not only unlinked
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


log = structlog.get_logger("mosaic")
