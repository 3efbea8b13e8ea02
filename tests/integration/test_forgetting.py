"""Whoever deletes her account is in no table, file, queue or log any more; the numbers stay."""

import logging
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from tests.factories.cast import make_person
from tests.integration.forgetting import EMAIL, NAME, PASSWORD, forget, forgetting, traces
from webapp.app import create_app
from webapp.extensions import bind_database, db_session
from webapp.mail import deliver_outbox, list_mail
from webapp.models import (
    AuditEvent,
    BoardNote,
    ImportBatch,
    ImportContent,
    LoginAttempt,
    Membership,
    MentorOffer,
    Mentorship,
    Message,
    Offer,
    OutboxMessage,
    Person,
    TimeEntry,
)
from webapp.queue import nudge_outbox
from webapp.services import outbox
from webapp.services.errors import ForbiddenError, InvalidInputError
from webapp.services.forgetting import FORMER, read_forgetting
from webapp.services.forgotten_rows import KEPT, OF_MEMBERSHIP, OF_PERSON
from webapp.services.ledger import audit_ledger
from webapp.services.passwords import hash_password


@pytest.fixture
def wide_app(config, connection):
    app = create_app(config, connection)
    db_session.session_factory.configure(join_transaction_mode="create_savepoint")
    yield app
    db_session.remove()
    db_session.session_factory.configure(join_transaction_mode="conditional_savepoint")
    bind_database(None)


def test_name_and_address_are_in_no_table_file_queue_or_log(session, cast, zoe, wide_app, config, now, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    assert len({table for table, _column in traces(session, "quistgaard")}) > 8
    membership = session.query(Membership).filter_by(person_id=zoe.id).one()
    for number, person in enumerate((zoe, cast.lee)):
        params = {"membership_id": str(membership.id)}
        outbox.write(
            session, template="membership_paused", person_id=person.id, params=params, unique_key=f"m:{number}"
        )
    offer = session.query(Offer).filter_by(mentor_id=membership.id, state="accepted").one()
    told = {"offer_id": str(offer.id), "side": "mentee"}
    outbox.write(session, template="offer_accepted", person_id=cast.lee.id, params=told, unique_key="accepted")
    session.commit()
    with wide_app.app_context():
        assert deliver_outbox(session, config, now=now) == 3
    outbox.write(session, template="password_changed", person_id=zoe.id, params={}, unique_key="waits")
    session.commit()
    folder = config.instance / "mail"
    assert _names(folder) == 3
    with pytest.raises(InvalidInputError):
        forgetting(zoe.id, config, now, password="not hers at all")(session)
    assert session.query(LoginAttempt).count() > 0
    forget(session, zoe, config, now)
    nudge_outbox()
    with wide_app.app_context():
        deliver_outbox(session, config, now=now)  # what the others are told now names nobody
    assert traces(session, "quistgaard", EMAIL) == []
    assert _names(folder) == 0
    subjects = {mail.subject for mail in list_mail(folder)}
    ended = "No answer came from the mentor you wrote to in time"
    assert subjects == {"Your mentor has left Mosaic", "An offer was withdrawn", ended}
    assert list(folder.glob("*.eml")) != []
    for file in config.instance.rglob("*"):
        assert not file.is_file() or b"quistgaard" not in file.read_bytes().lower(), file
    output = "".join(capfd.readouterr()) + caplog.text
    assert "quistgaard" not in output.lower()


def _names(folder: Path) -> int:
    count = 0
    for path in folder.glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=default)
        text = str(message["To"]) + message.get_body(("plain",)).get_content()
        count += "quistgaard" in text.lower()
    return count


def test_history_stays_without_her_and_minutes_return(session, cast, zoe, config, now):
    seen = read_forgetting(session, zoe.id)
    assert (seen.offers, seen.pairs, seen.programmes) == (2, 1, (cast.programme.name,))
    entries = session.query(TimeEntry).count()
    forget(session, zoe, config, now)
    husk = session.get(Person, zoe.id)
    assert (husk.name, husk.deleted_at, husk.is_operator) == (FORMER, now, False)
    member = session.query(Membership).filter_by(person_id=zoe.id).one()
    assert (member.status, member.is_mentor, member.is_coordinator) == ("left", True, False)
    states = {offer.state for offer in session.query(Offer)}
    assert states == {"accepted", "withdrawn"}
    pair = session.query(Mentorship).one()
    assert (pair.status, pair.end_reason) == ("ended", "left")
    assert {offer.reserved_minutes for offer in session.query(MentorOffer)} == {0}
    assert audit_ledger(session) == []
    assert session.query(TimeEntry).count() == entries + 3
    told = {(mail.template, mail.person_id) for mail in session.query(OutboxMessage)}
    ines = session.query(Person).filter_by(name="Ines Achterberg").one()
    withdrawn = {("offer_withdrawn", ines.id), ("offer_withdrawn", cast.mo.id)}
    assert told == {("mentorship_ended", cast.lee.id), ("letter", ines.id)} | withdrawn
    assert (
        session.query(AuditEvent).filter_by(action="membership.forgotten", programme_id=cast.programme.id).count() == 1
    )


def test_what_others_wrote_keeps_its_other_words(session, cast, zoe, config, now):
    forget(session, zoe, config, now)
    assert session.get(Person, cast.lee.id).profile.bio == "I work with a former member (a former member)."
    notes = [note.text for note in session.query(BoardNote)]
    assert notes == ["a former member knows him"]
    batch = session.query(ImportBatch).filter_by(state="imported").one()
    assert batch.undo == {"people": [], "made": [], "marks": {"other": ["new", "y"]}, "former": {}}
    assert batch.file_name == "a former member.csv"
    assert session.query(ImportContent).count() == 0
    assert session.query(ImportBatch).filter_by(state="discarded").count() == 1


def test_a_namesake_keeps_her_name_in_what_others_wrote(session, cast, zoe, config, now):
    make_person(session, NAME, email="other.zoe@example.org")
    session.commit()
    forget(session, zoe, config, now)
    assert session.get(Person, cast.lee.id).profile.bio == f"I work with {NAME} (a former member)."


def test_the_address_may_join_anew(session, zoe, config, now):
    forget(session, zoe, config, now)
    make_person(session, NAME, email=EMAIL)
    session.commit()
    with pytest.raises(ForbiddenError):
        forget(session, make_operator(session, config), config, now)


def make_operator(session, config) -> Person:
    person = make_person(session, "Olu Pereira", is_operator=True, password_hash=hash_password(PASSWORD, config))
    session.commit()
    return person


def test_the_last_operator_and_the_last_coordinator_are_refused(session, cast, config, now):
    operator = make_operator(session, config)
    assert read_forgetting(session, operator.id).is_last_operator
    cast.ada.password_hash = hash_password(PASSWORD, config)
    session.commit()
    assert read_forgetting(session, cast.ada.id).alone == ((cast.programme.slug, cast.programme.name),)
    with pytest.raises(ForbiddenError):
        forget(session, cast.ada, config, now)
    assert session.get(Person, cast.ada.id).name == "Ada Oduya"
    make_operator(session, config)
    forget(session, operator, config, now)


def test_every_column_that_refers_to_people_has_been_thought_of(session):
    gone = {(table.__tablename__, column) for table, columns in (*OF_PERSON, *OF_MEMBERSHIP) for column in columns}
    refers = {
        (table, key["constrained_columns"][0])
        for table in inspect(session.get_bind()).get_table_names()
        for key in inspect(session.get_bind()).get_foreign_keys(table)
        if key["referred_table"] in {"person", "membership"}
    }
    assert refers == gone | set(KEPT)
    assert not gone & set(KEPT)


def test_whoever_wrote_her_a_letter_may_write_to_somebody_else_and_is_told(session, zoe, config, now):
    letter = session.scalars(select(Message).where(Message.asked_back != "")).one()
    letter_id, writer, question = letter.id, letter.mentee.person_id, letter.question
    forget(session, zoe, config, now)
    session.expire_all()
    kept = session.scalars(select(Message)).one()  # the one she wrote herself has gone with her
    assert (kept.id, kept.state, kept.place) == (letter_id, "expired", None)
    assert (kept.question, kept.asked_back) == (question, "")
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.template == "letter")).all()
    assert [(mail.person_id, mail.params["event"]) for mail in told] == [(writer, "expired")]
