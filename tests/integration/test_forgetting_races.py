"""Accounts deleted while others act, and what is left of them in the database's own file."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_coordinator, make_person
from tests.factories.offers import make_offer, make_round
from tests.integration.forgetting import EMAIL, NAME, PASSWORD, forget, forgetting, traces
from tests.integration.test_races import answering, at_once
from webapp.models import (
    Membership,
    MentorOffer,
    Mentorship,
    Person,
)
from webapp.services.errors import ConflictError, ForbiddenError
from webapp.services.forgetting import FORMER
from webapp.services.ledger import audit_ledger
from webapp.services.passwords import hash_password


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
