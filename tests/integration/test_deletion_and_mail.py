"""Deleting an account and sending mails at the same moment: nothing leaves, or stays in a file, with her name in it."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.applications import bound
from tests.factories.cast import Cast
from tests.factories.offers import make_offer, make_round
from tests.integration.letters import NOW
from webapp.mail import deliver_outbox, forget_mail, list_mail, rendering
from webapp.models import OutboxMessage, Person
from webapp.services import outbox
from webapp.services.accounts import Visitor
from webapp.services.errors import ConflictError
from webapp.services.forgetting import FORMER, forget_person
from webapp.services.passwords import hash_password
from webapp.services.transaction import transaction

NAME = "Dr Zoë Quistgaard"
PASSWORD = "correct horse battery"


@pytest.fixture
def live(made_app, config, committed_engine):
    with bound(made_app, config, committed_engine):
        yield made_app


@pytest.fixture
def cast(committed_engine, config):
    """A mentor with an open offer to Lee, who both wait for a mail that names her."""
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        cast.mo.name, cast.mo.password_hash = NAME, hash_password(PASSWORD, config)
        round_ = make_round(session, cast.programme, state="published")
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=NOW)
        session.commit()
        with transaction(session):
            told = {"offers": [str(offer.id)]}
            for key, person in (("lee", cast.lee), ("mo", cast.mo)):
                outbox.write(
                    session, template="offers_published", person_id=person.id, params=told, unique_key=f"told:{key}"
                )
        yield cast


def forget(engine, config, cast, forget_files=None):
    """Delete the mentor's account in a session of its own, as another process would."""

    def from_folder(gone):
        forget_mail(config.instance / "mail", [gone.name, gone.email])

    with Session(engine) as session:
        forget_person(
            session,
            cast.mo.id,
            password=PASSWORD,
            visitor=Visitor("127.0.0.1", "Firefox"),
            config=config,
            forget_files=forget_files or from_folder,
            now=NOW,
        )


def deliver(live, engine, config):
    with live.app_context(), Session(engine, expire_on_commit=False) as session:
        return deliver_outbox(session, config, now=NOW)


def only(engine, key):
    """Leave one of the two mails."""
    with Session(engine) as session, transaction(session):
        session.delete(session.scalars(select(OutboxMessage).where(OutboxMessage.unique_key != f"told:{key}")).one())


def after_commits(session, number, act):
    """Do something of another process once this session has committed so many times."""
    seen = []

    @event.listens_for(session, "after_commit")
    def count(_session):
        seen.append(1)
        if len(seen) == number:
            act()


def files(config):
    folder = config.instance / "mail"
    return [(path.name, path.read_bytes()) for path in folder.glob("*")] if folder.exists() else []


def assert_forgotten(live, engine, config):
    """She is gone; what the others are told then names nobody, and nothing is left half sent."""
    deliver(live, engine, config)
    with Session(engine) as session:
        assert session.scalars(select(Person).where(Person.name == NAME)).all() == []
        assert session.scalars(select(Person).where(Person.deleted_at.is_not(None))).one().name == FORMER
        assert {row.state for row in session.scalars(select(OutboxMessage))} == {"sent"}
    assert {mail.subject for mail in list_mail(config.instance / "mail")} == {"An offer was withdrawn"}
    assert [name for name, content in files(config) if b"quistgaard" in content.lower()] == []


# A session that delivers commits when it has claimed, and when it hands a mail over.
@pytest.mark.parametrize("commits", [1, 2])
def test_mail_to_another_that_is_being_sent_during_the_deletion_is_taken_back(
    live, committed_engine, config, cast, commits
):
    only(committed_engine, "lee")
    with live.app_context(), Session(committed_engine, expire_on_commit=False) as session:
        after_commits(session, commits, lambda: forget(committed_engine, config, cast))
        deliver_outbox(session, config, now=NOW)
    assert_forgotten(live, committed_engine, config)


@pytest.mark.parametrize("key", ["lee", "mo"])
def test_mail_whose_text_was_written_before_the_deletion_is_not_sent(
    live, committed_engine, config, cast, smtp, mailbox, monkeypatch, key
):
    """A server gives nothing back, so nothing may reach it."""
    only(committed_engine, key)
    look_up, done = rendering._facts["offers_published"], []

    def facts(session, claimed):
        found = look_up(session, claimed)
        if not done:
            assert key == "mo" or found["offers"][0].name == NAME
            done.append(forget(committed_engine, config, cast))
        return found

    monkeypatch.setitem(rendering._facts, "offers_published", facts)
    deliver(live, committed_engine, replace(config, smtp_url=f"smtp://{smtp}"))
    assert len(done) == 1
    assert [(mail["To"], mail["Subject"]) for mail in mailbox.messages] == [
        (f"Lee Lindqvist <{cast.lee.email}>", "An offer was withdrawn")
    ]
    assert b"quistgaard" not in mailbox.messages[0].as_bytes().lower()


def test_nothing_is_deleted_while_a_mail_to_her_is_on_its_way(
    live, committed_engine, config, cast, smtp, mailbox, monkeypatch
):
    """The server takes the letter only after the deletion was refused; a second later it goes through."""
    only(committed_engine, "mo")
    refused = []
    take = type(mailbox).handle_DATA

    async def handle(self, server, session, envelope):
        with pytest.raises(ConflictError) as error:
            forget(committed_engine, config, cast)
        refused.append(error.value.what)
        return await take(self, server, session, envelope)

    monkeypatch.setattr(type(mailbox), "handle_DATA", handle)
    assert deliver(live, committed_engine, replace(config, smtp_url=f"smtp://{smtp}")) == 1
    assert refused == ["mail_on_its_way"]
    with Session(committed_engine) as session:
        assert session.get(Person, cast.mo.id).name == NAME
    forget(committed_engine, config, cast)
    assert len(mailbox.messages) == 1
    assert_forgotten(live, committed_engine, config)


def test_mail_that_its_sender_never_ended_does_not_keep_anybody_from_going(live, committed_engine, config, cast):
    only(committed_engine, "mo")
    with Session(committed_engine, expire_on_commit=False) as session:
        (lost,) = outbox.claim(session, now=NOW - 2 * outbox.LEASE)
        assert outbox.hand_over(session, lost, now=NOW - 2 * outbox.LEASE)
    forget(committed_engine, config, cast)
    assert_forgotten(live, committed_engine, config)


def test_mail_that_another_worker_began_while_she_is_being_deleted_waits_for_the_end(
    live, committed_engine, config, cast
):
    """Her rows are changed, and not committed yet, when the worker looks for mail."""
    begun = threading.Event()

    def work():
        begun.set()
        deliver(live, committed_engine, config)

    worker = threading.Thread(target=work)

    def start(gone):
        worker.start()
        assert begun.wait(20)
        forget_mail(config.instance / "mail", [gone.name, gone.email])

    forget(committed_engine, config, cast, forget_files=start)
    worker.join(20)
    assert_forgotten(live, committed_engine, config)


def test_what_a_worker_left_half_written_goes_as_well(live, committed_engine, config, cast):
    folder = config.instance / "mail"
    folder.mkdir(parents=True)
    (folder / "20270215T180000-lost.part").write_bytes(f"To: {cast.mo.email}\r\nSubject: Hello\r\n\r\nHel".encode())
    forget(committed_engine, config, cast)
    assert files(config) == []
    assert_forgotten(live, committed_engine, config)


def test_mail_written_to_somebody_who_has_just_gone_is_dropped(live, committed_engine, config, cast):
    forget(committed_engine, config, cast)
    with Session(committed_engine) as session, transaction(session):
        outbox.write(session, template="password_changed", person_id=cast.mo.id, params={}, unique_key="late")
    assert_forgotten(live, committed_engine, config)
    with Session(committed_engine) as session:
        assert session.scalars(select(OutboxMessage).where(OutboxMessage.unique_key == "late")).all() == []
