"""What `mosaic-admin doctor` looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config import ROOT, Config
from webapp.extensions import make_engine
from webapp.mail import check_mail_server
from webapp.models import Job, OutboxMessage
from webapp.queue import UnknownQueueError, bind_queue, is_reachable

LONG = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    subject: str
    words: str
    good: bool = True


def examine(config: Config) -> Iterator[Finding]:
    """Look at everything an installation needs, one finding each; what fails hides nothing that comes after."""
    kind = "development" if config.development else "production"
    yield Finding("settings", f"{kind}, pages at {config.base_url}")
    engine = make_engine(config.database_url)
    try:
        yield from _database(engine)
    finally:
        engine.dispose()
    yield _queue(config)
    yield _mail_server(config)


def _database(engine: Engine) -> Iterator[Finding]:
    try:
        with engine.connect() as connection:
            version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
            yield Finding("database", f"{engine.dialect.name} {version} answers")
            present = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        yield Finding("database", _first_line(error), good=False)
        return
    newest = ScriptDirectory.from_config(AlembicConfig(ROOT / "alembic.ini")).get_current_head()
    if present != newest:
        yield Finding("tables", f"at {present or 'nothing'}, not {newest}: run mosaic-admin migrate", good=False)
        return
    yield Finding("tables", f"up to date, {present}")
    with Session(engine) as session:
        now = datetime.now(UTC)
        yield _jobs(session, now)
        yield from _outbox(session, now)


def _jobs(session: Session, now: datetime) -> Finding:
    late = _count(session, Job, Job.state == "waiting", Job.created_at < now - LONG)
    if late:
        return Finding("worker", f"{late} jobs wait for over ten minutes: is mosaic-admin worker running?", good=False)
    return Finding("worker", "no job waits for long")


def _outbox(session: Session, now: datetime) -> Iterator[Finding]:
    failed = _count(session, OutboxMessage, OutboxMessage.state == "failed")
    if failed:
        reason = session.scalar(
            select(OutboxMessage.error).where(OutboxMessage.state == "failed").order_by(OutboxMessage.created_at.desc())
        )
        yield Finding("mail", f"{failed} could not be sent, the latest because: {reason}", good=False)
    late = _count(
        session,
        OutboxMessage,
        OutboxMessage.state == "waiting",
        func.coalesce(OutboxMessage.not_before, OutboxMessage.created_at) < now - LONG,
    )
    if late:
        yield Finding("mail", f"{late} wait for over ten minutes: is mosaic-admin worker running?", good=False)
    if not failed and not late:
        yield Finding("mail", "none waits for long, none failed")


def _queue(config: Config) -> Finding:
    queue = bind_queue(config)
    try:
        if is_reachable():
            return Finding("queue", "answers")
    except UnknownQueueError as error:
        return Finding("queue", str(error), good=False)
    finally:
        queue.close()
    return Finding("queue", "cannot be reached: see QUEUE_URL", good=False)


def _mail_server(config: Config) -> Finding:
    if not config.smtp_url:
        return Finding("mail server", f"none set; mail is kept in {config.instance / 'mail'}")
    fault = check_mail_server(config)
    return Finding("mail server", fault or "answers", good=not fault)


def _count(session: Session, model: type, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
