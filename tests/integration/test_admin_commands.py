"""`mosaic-admin`, as an operator runs it."""

import os
import re
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from config import ROOT
from tests import databases
from tests.factories.cast import csrf_of, make_person
from webapp import cli
from webapp.models import Job, OutboxMessage, Person
from webapp.services import accounts

NOW = datetime(2027, 2, 15, 18, 0, tzinfo=UTC)


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    """Run a command on a database of its own."""
    for name in ("MOSAIC_ENV", "SECRET_KEY", "BASE_URL", "QUEUE_URL", "SMTP_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("MOSAIC_INSTANCE", str(tmp_path / "instance"))

    def invoke(*arguments, **environ):
        return CliRunner().invoke(cli.main, arguments, env=environ, catch_exceptions=False)

    return invoke


def test_migrate_makes_the_tables_and_may_run_again(server, run):
    url = server.fresh(migrated=False)
    for _ in range(2):
        result = run("migrate", DATABASE_URL=url)
        assert (result.exit_code, result.output) == (0, "The database is up to date.\n")
    with databases.engine_of(url) as engine:
        assert "person" in inspect(engine).get_table_names()
    server.drop(url)


def test_create_operator_prints_a_link_and_marks_the_person(run, database_url):
    result = run("create-operator", "Ola@Example.org", "Ola Ngo", BASE_URL="https://mosaic.example.org")
    assert result.exit_code == 0
    assert re.search(r"^https://mosaic\.example\.org/operator/[\w-]{40,}$", result.output, re.MULTILINE)
    with databases.engine_of(database_url) as engine, Session(engine) as session:
        person = session.scalars(select(Person)).one()
        assert (person.email, person.name, person.is_operator) == ("ola@example.org", "Ola Ngo", True)
        assert person.email_verified_at is None


def test_create_operator_keeps_the_name_of_an_account_that_exists(run, committed_engine):
    with Session(committed_engine) as session:
        make_person(session, "Ada Oduya", email="ada@example.org")
        session.commit()
        assert run("create-operator", "ada@example.org", "Somebody").exit_code == 0
        session.rollback()
        person = session.scalars(select(Person)).one()
        assert (person.name, person.is_operator) == ("Ada Oduya", True)


def test_create_operator_refuses_what_is_no_address(run):
    result = run("create-operator", "ola@", "Ola Ngo")
    assert result.exit_code == 2
    assert "EMAIL" in result.output


def test_link_of_an_operator_sets_the_password_and_signs_in(client, session):
    secret = accounts.create_operator(session, email="ola@example.org", name="Ola Ngo", now=datetime.now(UTC))
    link = f"/operator/{secret}"
    assert "Choose a password" in client.get(link).text
    form = {"csrf_token": csrf_of(client, link), "password": "three quiet owls"}
    assert client.post(link, data=form).location == "/home"
    assert client.get("/c/").status_code == 200
    assert "used up" in client.get(link).text


def test_doctor_finds_a_healthy_installation_healthy(run):
    result = run("doctor")
    assert "LOOK" not in result.output
    assert result.exit_code == 0
    for subject in ("settings", "database", "tables", "worker", "mail", "queue", "mail server"):
        assert f"ok    {subject}:" in result.output


def test_doctor_names_what_needs_attention(run, database_url, committed_engine):
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with Session(committed_engine) as session:
        person = make_person(session, "Ada Oduya")
        session.add(Job(kind="solve", created_at=long_ago))
        for key, state, error in (("a", "failed", "refused: 550 no such person"), ("b", "waiting", "")):
            mail = OutboxMessage(template="verify", person_id=person.id, unique_key=key, state=state, error=error)
            mail.created_at = long_ago
            session.add(mail)
        session.commit()
    result = run("doctor", SMTP_URL="smtp://127.0.0.1:1")
    assert result.exit_code == 1
    assert "LOOK  worker: 1 jobs wait" in result.output
    assert "LOOK  mail: 1 could not be sent, the latest because: refused: 550 no such person" in result.output
    assert "LOOK  mail: 1 wait" in result.output
    assert "LOOK  mail server: 127.0.0.1:1" in result.output


def test_doctor_asks_for_a_migration(server, run):
    url = server.fresh(migrated=False)
    result = run("doctor", DATABASE_URL=url)
    assert result.exit_code == 1
    assert "LOOK  tables: at nothing" in result.output
    server.drop(url)


def test_doctor_goes_on_when_the_database_is_away(run):
    result = run("doctor", DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert result.exit_code == 1
    assert "LOOK  database" in result.output
    assert "queue: answers" in result.output


def test_doctor_names_an_unknown_queue(run):
    assert "LOOK  queue: QUEUE_URL starts with 'amqp'" in run("doctor", QUEUE_URL="amqp://localhost").output


@pytest.mark.parametrize("command", ["doctor", "serve", "worker", "migrate"])
def test_unsafe_settings_stop_every_command(run, command):
    result = run(command, MOSAIC_ENV="production")
    assert result.exit_code == 1
    assert "SECRET_KEY must be set" in result.output


@pytest.mark.parametrize(
    ("arguments", "program"),
    [
        (
            ["serve", "--port", "8123"],
            ["gunicorn", "webapp.wsgi:app", "--bind=127.0.0.1:8123", "--workers=2", "--threads=4"],
        ),
        (["worker"], ["webapp.worker"]),
    ],
)
def test_serve_and_worker_become_the_program_they_start(run, monkeypatch, arguments, program):
    started = []
    monkeypatch.setattr(os, "execv", lambda _path, words: started.append(words[2:]))
    assert run(*arguments).exit_code == 0
    assert started == [program]


def test_port_of_the_environment_is_honoured(run, monkeypatch):
    started = []
    monkeypatch.setattr(os, "execv", lambda _path, words: started.append(words))
    run("serve", PORT="8456")
    assert "--bind=127.0.0.1:8456" in started[0]


def test_every_command_and_option_is_documented():
    text = (ROOT / "docs/reference/commands-admin.md").read_text(encoding="utf-8")
    for name, command in cli.main.commands.items():
        assert f"## `mosaic-admin {name}" in text, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert f"`{parameter.opts[0]}`" in text, (name, parameter.name)
                for variable in [parameter.envvar] if isinstance(parameter.envvar, str) else parameter.envvar or []:
                    assert f"`{variable}`" in text, variable


def test_every_setting_is_documented():
    text = (ROOT / "docs/reference/commands-admin.md").read_text(encoding="utf-8")
    read = re.findall(r'environ\.get\("(\w+)"', (ROOT / "config.py").read_text(encoding="utf-8"))
    assert len(read) > 5
    assert [name for name in read if f"`{name}`" not in text] == []
