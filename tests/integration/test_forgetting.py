"""Whoever deletes her account is in no table, file, queue or log any more; the numbers stay."""

import logging
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import JSON, String, inspect, select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_coordinator, make_mentee, make_mentor, make_person
from tests.factories.letters import make_letter
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.integration.test_races import answering, at_once
from webapp.app import create_app
from webapp.extensions import bind_database, db_session
from webapp.mail import deliver_outbox, forget_mail, list_mail
from webapp.models import (
    Achievement,
    AuditEvent,
    Base,
    BoardNote,
    Consent,
    EditOnBehalf,
    Goal,
    ImportBatch,
    ImportContent,
    LetterBox,
    LoginAttempt,
    LoginSession,
    MailChoice,
    Membership,
    MentorOffer,
    Mentorship,
    Message,
    Offer,
    OfferAsk,
    OfferMessage,
    OutboxMessage,
    PairRule,
    Person,
    TimeEntry,
    Token,
    Trait,
)
from webapp.queue import nudge_outbox
from webapp.services import outbox
from webapp.services.accounts import Visitor
from webapp.services.errors import ConflictError, ForbiddenError, InvalidInputError
from webapp.services.forgetting import FORMER, forget_person, read_forgetting
from webapp.services.forgotten_rows import KEPT, OF_MEMBERSHIP, OF_PERSON
from webapp.services.ledger import audit_ledger
from webapp.services.passwords import hash_password

PASSWORD = "correct horse battery"
NAME, EMAIL = "Dr Zoë Quistgaard", "zoe.quistgaard@example.org"
YES = {"state": "accepted", "mentor_answer": "yes", "mentee_answer": "yes"}
VISITOR = Visitor("127.0.0.1", "Firefox")


@pytest.fixture
def zoe(session: Session, cast: Cast, config, now) -> Person:
    """Somebody with everything: she mentors Lee, waits for an answer, is mentored by Mo, and coordinated too."""
    zoe = make_person(session, NAME, email=EMAIL, password_hash=hash_password(PASSWORD, config), pronouns="she/her")
    zoe.profile.bio, zoe.profile.institution = f"{NAME} writes of herself.", "Quistgaard Hospital"
    mentor = make_mentor(session, cast.programme, zoe, about=f"Write to {EMAIL}")
    make_mentee(session, cast.programme, zoe, goal="To be told of by Zoë Quistgaard")
    make_coordinator(session, cast.programme, zoe)
    round_ = make_round(session, cast.programme, state="published", snapshot={"mentors": [{"key": str(mentor.id)}]})
    other = make_mentee(session, cast.programme, make_person(session, "Ines Achterberg"))
    make_scenario(session, round_, [(mentor, cast.mentee)])
    pair = make_offer(session, round_, mentor, cast.mentee, now=now, **YES)
    session.add(
        Mentorship(
            offer_id=pair.id,
            mentor_id=mentor.id,
            mentee_id=cast.mentee.id,
            cadence="monthly",
            meeting_minutes=60,
            agreement="Zoë Quistgaard and Lee meet at noon",
        )
    )
    waiting = make_offer(session, round_, mentor, other, now=now)
    session.add_all(
        [
            OfferMessage(offer_id=waiting.id, number=1, side="mentor", text=f"I am {NAME}"),
            OfferMessage(offer_id=waiting.id, number=2, side="mentee", text="Thank you, Zoë Quistgaard"),
            OfferAsk(offer_id=waiting.id, kind="call", side="mentor", choices=[], place=f"Ring {NAME}"),
        ]
    )
    to_her = make_letter(session, mentor, other, now=now)
    to_her.asked_back = f"{NAME} asks"
    make_letter(session, cast.mentor, mentor, now=now).who = f"I am {NAME}"
    session.add(LetterBox(membership_id=mentor.id, is_open=True, about=f"Tell {NAME} who you are"))
    make_offer(session, round_, cast.mentor, mentor, now=now)
    sides = {"round_id": round_.id, "mentor_id": mentor.id, "mentee_id": cast.mentee.id}
    session.add_all(
        [
            Trait(person_id=zoe.id, facts=["carer"]),
            MailChoice(person_id=zoe.id, kind="hints"),
            Consent(person_id=zoe.id, programme_id=cast.programme.id, kind="terms", value="1"),
            Goal(person_id=zoe.id, text="Zoë Quistgaard's goal"),
            Achievement(person_id=zoe.id, kind="paper", text="Quistgaard Z, 2026", achieved_on=now.date()),
            LoginSession(
                person_id=zoe.id, token_hash="z" * 64, seen_at=now, expires_at=now, agent="Zoë Quistgaard's phone"
            ),
            Token(person_id=zoe.id, purpose="reset", token_hash="y" * 64, expires_at=now),
            EditOnBehalf(membership_id=mentor.id, by_person_id=cast.ada.id, fields=["name"]),
            BoardNote(
                round_id=round_.id, mentor_id=mentor.id, text=f"Ask {NAME}", by_person_id=cast.ada.id, written_at=now
            ),
            BoardNote(
                round_id=round_.id, mentor_id=cast.mentor.id, text="Dr. zoë  QUISTGAARD knows him", written_at=now
            ),
            PairRule(**sides, kind="pin", why="Zoë Quistgaard asked for it", by_person_id=cast.ada.id),
            _imported(cast, mentor, now),
        ]
    )
    cast.lee.profile.bio = f"I work with {NAME} ({EMAIL})."
    cast.programme.contact = EMAIL
    _upload(session, cast, now)
    session.commit()
    return zoe


def _imported(cast: Cast, member: Membership, now) -> ImportBatch:
    undo = {
        "people": [str(member.person_id)],
        "made": [],
        "marks": {str(member.id): ["known", "x"], "other": ["new", "y"]},
        "former": {str(member.id): {"person": {"name": NAME}}},
    }
    return ImportBatch(
        programme_id=cast.programme.id,
        by_person_id=cast.ada.id,
        file_name="zoë-quistgaard.csv",
        sha256="0" * 64,
        state="imported",
        undo=undo,
        imported_at=now,
    )


def _upload(session: Session, cast: Cast, now) -> None:
    batch = ImportBatch(programme_id=cast.programme.id, by_person_id=cast.ada.id, file_name="list.csv", sha256="1" * 64)
    session.add(batch)
    session.flush()
    findings = {"rows": [{"name": NAME}]}
    session.add(
        ImportContent(batch_id=batch.id, header=["name", "email"], rows=[[2, NAME, EMAIL.upper()]], findings=findings)
    )


@pytest.fixture
def wide_app(config, connection):
    app = create_app(config, connection)
    db_session.session_factory.configure(join_transaction_mode="create_savepoint")
    yield app
    db_session.remove()
    db_session.session_factory.configure(join_transaction_mode="conditional_savepoint")
    bind_database(None)


def traces(session: Session, *words: str) -> list[tuple[str, str]]:
    """Every column of every table, the text of JSON as well, that holds one of these words."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, String | JSON):
                continue
            for value in session.scalars(select(column)):
                text = str(value).casefold()
                found += [(table.name, column.name) for word in words if word.casefold() in text]
    return found


def forget(session, person, config, now):
    forgetting(person.id, config, now)(session)


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


def forgetting(person_id, config, now, password=PASSWORD):
    def call(session):
        forget_person(
            session,
            person_id,
            password=password,
            visitor=VISITOR,
            config=config,
            forget_files=lambda gone: forget_mail(config.instance / "mail", [gone.name, gone.email]),
            now=now,
        )
        return "gone"

    return call


def test_of_the_last_two_coordinators_only_one_goes_at_the_same_moment(committed_engine, config, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        both = [cast.ada, make_person(session, "Olu Pereira")]
        make_coordinator(session, cast.programme, both[1])
        for person in both:
            person.password_hash = hash_password(PASSWORD, config)
        session.commit()
    calls = [forgetting(person.id, config, now) for person in both]
    assert at_once(committed_engine, calls) == {"gone": 1, ForbiddenError: 1}
    with Session(committed_engine) as session:
        here = session.query(Membership).filter_by(programme_id=cast.programme.id, is_coordinator=True)
        assert here.one().status == "active"


def test_deleting_and_answering_at_once_leaves_no_pair_of_one(committed_engine, config, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        round_ = make_round(session, cast.programme, state="published")
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, mentee_answer="yes")
        cast.lee.password_hash = hash_password(PASSWORD, config)
        session.commit()
    calls = [forgetting(cast.lee.id, config, now), answering(offer.id, cast.mo.id, "yes", now)]
    came_of_it = at_once(committed_engine, calls)
    with Session(committed_engine) as session:
        if came_of_it[ConflictError]:  # answered between the look and the locks: she presses the button again
            forgetting(cast.lee.id, config, now)(session)
        assert session.get(Person, cast.lee.id).name == FORMER
        assert {offer.reserved_minutes for offer in session.query(MentorOffer)} == {0}
        assert {pair.status for pair in session.query(Mentorship)} <= {"ended"}
        assert audit_ledger(session) == []


def test_what_is_deleted_is_overwritten_in_the_file(committed_engine, config, now):
    """On SQLite the file itself is read; on both databases all tables."""
    with Session(committed_engine, expire_on_commit=False) as session:
        zoe = make_person(session, NAME, email=EMAIL, password_hash=hash_password(PASSWORD, config))
        zoe.profile.bio = f"{NAME} " * 400
        session.commit()
        assert b"quistgaard" in bytes_of(committed_engine)
        forget(session, zoe, config, now)
        assert traces(session, "quistgaard") == []
        session.rollback()
    if committed_engine.dialect.name == "sqlite":
        assert b"quistgaard" not in bytes_of(committed_engine)


def bytes_of(engine) -> bytes:
    """The database's file with all that waits in the log beside it; where there is no one file, what a dump has."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return Path(engine.url.database).read_bytes().lower()
        return str(connection.execute(select(Person.name)).all()).lower().encode()


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
