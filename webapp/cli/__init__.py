"""`mosaic-admin`: the commands of an installation."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from config import ONE_THREAD, ROOT, Config, UnsafeSettingsError, from_environment
from webapp.extensions import make_engine


@click.group()
def main() -> None:
    """Look after an installation of Mosaic. Settings come from the environment."""


@main.command()
def migrate() -> None:
    """Bring the database's tables to this version."""
    from alembic import command
    from alembic.config import Config as AlembicConfig

    _settings().instance.mkdir(parents=True, exist_ok=True)
    command.upgrade(AlembicConfig(ROOT / "alembic.ini"), "head")
    click.echo("The database is up to date.")


@main.command("create-operator")
@click.argument("email")
@click.argument("name")
def create_operator(email: str, name: str) -> None:
    """Make EMAIL an operator called NAME, and print a link to choose the password.

    The link works once, for a day. An account that exists keeps its name.
    """
    from email_validator import EmailNotValidError, validate_email

    from webapp.services import accounts

    try:
        address = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
    config = _settings()
    with _session(config) as session:
        secret = accounts.create_operator(session, email=address, name=name, now=datetime.now(UTC))
    click.echo(f"Open this link within a day to choose the password:\n{config.base_url}/operator/{secret}")


@main.command()
def doctor() -> None:
    """Check settings, database, tables, queue and mail; exit 1 when something needs attention."""
    from webapp.cli.examination import examine

    findings = list(examine(_settings()))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.good else 'LOOK'}  {finding.subject}: {finding.words}")
    sys.exit(0 if all(finding.good for finding in findings) else 1)


@main.command()
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Where to listen.")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="On which address.")
@click.option("--workers", envvar="WORKERS", default=2, show_default=True, help="How many processes.")
@click.option("--threads", envvar="THREADS", default=4, show_default=True, help="Requests at once in each process.")
def serve(port: int, host: str, workers: int, threads: int) -> None:
    """Serve the pages, by gunicorn."""
    _settings()  # say now what is unsafe, rather than from each process
    _become("gunicorn", "webapp.wsgi:app", f"--bind={host}:{port}", f"--workers={workers}", f"--threads={threads}")


@main.command()
def worker() -> None:
    """Work on what waits: matching rounds, mail, offers that fall due."""
    _settings()
    _become("webapp.worker")


@main.command()
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Where to listen.")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="On which address.")
def demo(port: int, host: str) -> None:
    """Run a lifelike programme on this machine, with people in it, until Ctrl-C."""
    from webapp.cli.demonstration import CannotStartError, run_demo

    os.environ["PORT"] = str(port)  # server and worker write it into links
    try:
        sys.exit(run_demo(_settings(), host, port, say=click.echo))
    except CannotStartError as error:
        raise click.ClickException(str(error)) from error


def _become(module: str, *arguments: str) -> None:
    """Go on as another program in the same process, so that signals reach it."""
    os.environ.update({**ONE_THREAD, **os.environ})
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own words, no shell


def _settings() -> Config:
    try:
        return from_environment()
    except UnsafeSettingsError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _session(config: Config) -> Iterator[Session]:
    engine = make_engine(config.database_url)
    try:
        with Session(engine, expire_on_commit=False) as session:
            yield session
    finally:
        engine.dispose()
