"""The demonstration: its people and rounds, and the command that runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT, Production
from config import Testing as Settings
from tests.databases import engine_of, migrate
from tests.factories.workers import wait_for
from webapp.cli.demonstration import CannotStartError, prepare_demo, run_demo
from webapp.models import (
    AvailabilityWindow,
    Membership,
    MenteeRequest,
    MentorOffer,
    Mentorship,
    OutboxMessage,
    Person,
    Round,
    Scenario,
)
from webapp.services import demo, demo_state
from webapp.services.demo_cast import MENTEES, MENTORS, draw_people
from webapp.services.ledger import audit_ledger
from webapp.services.passwords import verify_password


def config_for(url, folder):
    return Settings(
        secret_key="x" * 40, instance=folder, database_url=url, queue_url="", base_url="http://localhost", smtp_url=""
    )


def silent(_words):
    return None


def test_the_same_people_are_drawn_each_time():
    first, second = list(draw_people()), list(draw_people())
    assert first == second
    assert len({person.email for person in first}) == len(first)
    assert sum(person.offered is not None for person in first) == MENTORS == 60
    assert sum(person.wanted is not None for person in first) == MENTEES == 120


def test_the_people_are_lifelike():
    people = list(draw_people())
    assert {person.zone.split("/")[0] for person in people} >= {"America", "Europe", "Africa", "Asia"}
    practice = Counter(person.specialties[0] for person in people)
    assert practice.most_common(1)[0][0] == "general_surgery"
    wanted = sum(person.wanted.mentors for person in people if person.wanted)
    assert wanted > sum(person.offered.places for person in people if person.offered)
    assert all(person.email.endswith("@example.org") for person in people)


def test_the_demonstration_is_made_once_and_kept(database_url, tmp_path):
    config = config_for(database_url, tmp_path)
    accounts = prepare_demo(config, say=silent)
    kept = json.loads((tmp_path / "demo-accounts.json").read_text())
    assert kept == accounts
    assert {"coordinator", "mentor", "mentee", "both", "operator"} == {account["role"] for account in kept}
    assert (tmp_path / "demo-accounts.json").stat().st_mode & 0o077 == 0
    with engine_of(database_url) as engine, Session(engine) as session:
        _check_people(session, config, accounts)
        _check_rounds(session)
        before = session.scalar(select(func.count(Person.id)))
    assert prepare_demo(config, say=silent) == accounts
    with engine_of(database_url) as engine, Session(engine) as session:
        assert session.scalar(select(func.count(Person.id))) == before
    # Without the file the same people get new passwords.
    (tmp_path / "demo-accounts.json").unlink()
    renewed = prepare_demo(config, say=silent)
    assert [account["email"] for account in renewed] == [account["email"] for account in accounts]
    with engine_of(database_url) as engine, Session(engine) as session:
        _check_people(session, config, renewed)


def _check_people(session, config, accounts):
    hashes = dict(iter(session.execute(select(Person.email, Person.password_hash)).all()))
    for account in accounts:
        assert verify_password(hashes[account["email"]], account["password"], config)
    listed = {account["email"] for account in accounts}
    assert {value for email, value in hashes.items() if email not in listed} == {demo.NO_PASSWORD}
    assert session.scalar(select(func.count(MentorOffer.id))) == MENTORS
    assert session.scalar(select(func.count(MenteeRequest.id))) == MENTEES
    assert session.scalar(select(func.count(AvailabilityWindow.person_id.distinct()))) == MENTORS + MENTEES - 6


def _check_rounds(session):
    states = set(session.scalars(select(Round.state)))
    assert states == {"active", "enrolling"}
    scenario = session.scalars(select(Scenario)).one()
    assert scenario.verified
    assert scenario.result_status == "OPTIMAL"
    running = session.scalar(select(func.count(Mentorship.id)).where(Mentorship.status == "active"))
    assert running >= 40
    assert audit_ledger(session) == []
    assert session.scalars(select(OutboxMessage.id).where(OutboxMessage.state == "waiting")).all() == []
    free = select(func.sum(MentorOffer.places - MentorOffer.reserved_places))
    looking = select(func.count(Membership.id)).where(Membership.is_mentee)
    assert 0 < session.scalar(free) < session.scalar(looking)


def test_half_a_demonstration_is_made_anew(database_url, tmp_path):
    with engine_of(database_url) as engine, Session(engine) as session:
        migrate(engine)
        story = demo._Story(session, demo.datetime.now(demo.UTC))
        story._mark(demo_state.BEGUN)
        story._make_people(list(draw_people()), story.now)
        assert demo_state.state_of(session) == "begun"
        demo_state.clear_demo(session)
        assert demo_state.state_of(session) == "empty"


def test_a_database_with_real_people_is_left_alone(database_url, tmp_path):
    with engine_of(database_url) as engine, Session(engine) as session:
        session.add(Person(email="real@example.org", name="Real", password_hash="!"))
        session.commit()
    with pytest.raises(CannotStartError, match="nothing was touched"):
        prepare_demo(config_for(database_url, tmp_path), say=silent)
    assert not (tmp_path / "demo-accounts.json").exists()


def test_production_is_refused(tmp_path):
    config = Production(
        secret_key="x" * 40,
        instance=tmp_path,
        database_url="sqlite://",
        queue_url="",
        base_url="https://mosaic.example.org",
        smtp_url="smtp://localhost",
    )
    with pytest.raises(CannotStartError, match="not for production"):
        run_demo(config, "127.0.0.1", 1, say=silent)


def test_a_port_that_is_taken_is_named_before_anything_is_made(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStartError, match=f"Port {port} .* PORT={port + 1} make demo"):
            run_demo(config_for("sqlite://", tmp_path), "127.0.0.1", port, say=silent)


def test_the_command_serves_and_ends_with_all_its_processes(tmp_path):
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "DATABASE"))}
    environment |= {"MOSAIC_INSTANCE": str(tmp_path), "PORT": str(port)}
    said = tmp_path / "log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from webapp.cli import main; main()", "demo"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        # The server answers before the command has said so: ended in between, it would say nothing more.
        wait_for(lambda: process.poll() is not None or "Ctrl-C ends it." in said.read_text(), 120)
        assert process.poll() is None, said.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
            assert answer.status == 200
        children = _children_of(process.pid)
        assert len(children) >= 2
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, said.read_text()
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    for account in json.loads((tmp_path / "demo-accounts.json").read_text()):
        assert account["password"] in said.read_text()


def _free_port():
    """Return a port that no other process is given unasked between now and its use."""
    for port in range(20_000 + os.getpid() % 5_000, 32_000):
        with suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


def _children_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
