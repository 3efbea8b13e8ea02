"""Deleting an account over the web while the site runs: her name is in no file of the installation any more."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.applications import bound
from tests.factories.cast import Cast, csrf_of, sign_in
from webapp.extensions import empty_log
from webapp.mail import deliver_outbox
from webapp.models import OutboxMessage, Person, utc_now
from webapp.services import outbox
from webapp.services.passwords import hash_password

PASSWORD = "correct horse battery"
NAME = "Zoë Quistgaard"


@pytest.fixture
def client(made_app, config, committed_engine):
    with bound(made_app, config, committed_engine):
        yield made_app.test_client()


@pytest.fixture
def zoe(client, config, committed_engine):
    with Session(committed_engine, expire_on_commit=False) as session:
        zoe = Cast.create(session).lee
        zoe.name, zoe.email, zoe.password_hash = NAME, "zoe.quistgaard@example.org", hash_password(PASSWORD, config)
        zoe.profile.bio = f"{NAME} " * 400
        session.commit()
        sign_in(client, session, zoe)
        session.commit()
        return zoe


def files_of(engine, config) -> dict[str, bytes]:
    """What the installation keeps: the database with its log, and the instance folder."""
    found = [path for path in config.instance.rglob("*") if path.is_file()]
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database)
        found += [one for one in path.parent.glob(f"{path.name}*") if not one.name.endswith("-shm")]
    return {str(path): path.read_bytes().lower() for path in found}


def named_in(engine, config) -> list[str]:
    return [name for name, content in files_of(engine, config).items() if b"quistgaard" in content]


def delete_account(client):
    path = "/me/privacy/delete"
    data = {"csrf_token": csrf_of(client, path), "confirm": "delete my account", "password": PASSWORD}
    return client.post(path, data=data, follow_redirects=True)


def test_name_is_in_no_file_nor_in_the_log_of_the_database(client, zoe, made_app, config, committed_engine):
    with made_app.app_context(), Session(committed_engine) as session:
        outbox.write(session, template="password_changed", person_id=zoe.id, params={}, unique_key="told")
        session.commit()
        assert deliver_outbox(session, config, now=utc_now()) == 1
    before = named_in(committed_engine, config)
    assert len(before) == (2 if committed_engine.dialect.name == "sqlite" else 1)
    page = delete_account(client)
    assert "Your account is deleted" in page.get_data(as_text=True)
    assert named_in(committed_engine, config) == []
    with Session(committed_engine) as session:
        assert session.scalars(select(Person).where(Person.name == NAME)).all() == []


def test_log_that_somebody_is_reading_is_emptied_afterwards(client, zoe, config, committed_engine):
    with Session(committed_engine) as reader:
        assert reader.get(Person, zoe.id).name == NAME  # and goes on reading what stood then
        assert "Your account is deleted" in delete_account(client).get_data(as_text=True)
        assert empty_log(committed_engine) is (committed_engine.dialect.name != "sqlite")
    assert empty_log(committed_engine)
    assert named_in(committed_engine, config) == []


def test_while_a_mail_to_her_is_on_its_way_she_is_asked_to_try_again(client, zoe, committed_engine):
    with Session(committed_engine, expire_on_commit=False) as session:
        outbox.write(session, template="password_changed", person_id=zoe.id, params={}, unique_key="told")
        session.commit()
        (claimed,) = outbox.claim(session, now=utc_now())
        assert outbox.hand_over(session, claimed, now=utc_now())
        page = delete_account(client).get_data(as_text=True)
        assert "Nothing is deleted: try again." in page
        assert outbox.mark_sent(session, claimed, now=utc_now())
        assert session.scalars(select(OutboxMessage.state)).all() == ["sent"]
        session.commit()
    assert "Your account is deleted" in delete_account(client).get_data(as_text=True)
