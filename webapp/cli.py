"""The commands of an installation: `mosaic-admin`."""

import os
import sys

import click

from config import Config, UnsafeSettingsError, from_environment
from webapp import serving


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Look after an installation of Mosaic."""


@main.command()
def demo() -> None:
    """Run a lifelike programme on this machine: server, worker, sign-in details."""
    os.environ.setdefault("PORT", "8000")
    try:
        sys.exit(serving.run_demo(_settings(), say=click.echo))
    except serving.CannotStartError as error:
        raise click.ClickException(str(error)) from error


@main.command()
def upgrade() -> None:
    """Bring the tables of the database up to date."""
    serving.upgrade_tables(_settings())
    click.echo("The tables are up to date.")


@main.command()
def serve() -> None:
    """Serve the pages (HOST, PORT, WEB_CONCURRENCY)."""
    config = _settings()
    if config.database_url.startswith("sqlite"):
        serving.upgrade_tables(config)  # one machine, one file: nobody else does
    try:
        command = serving.server_command(*serving.address_of(os.environ))
    except serving.CannotStartError as error:
        raise click.ClickException(str(error)) from error
    os.execv(command[0], command)  # noqa: S606 - our own interpreter; the server takes this process over


@main.command()
def worker() -> None:
    """Run the background worker: solves, mail, deadlines."""
    command = serving.worker_command()
    os.execv(command[0], command)  # noqa: S606 - our own interpreter; the worker takes this process over


def _settings() -> Config:
    try:
        return from_environment()
    except UnsafeSettingsError as error:
        raise click.ClickException(str(error)) from error
