"""Migrations lead to the tables that the models describe, and back, and rows survive."""

from datetime import UTC, date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import databases
from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme
from tests.factories.offers import make_offer, make_round
from webapp.models import (
    AuditEvent,
    Base,
    Membership,
    MentorOffer,
    Mentorship,
    Offer,
    Person,
    ProgrammeTerms,
    TimeEntry,
)


@pytest.fixture
def empty_engine(server):
    url = server.fresh(migrated=False)
    with databases.engine_of(url) as engine:
        yield engine
    server.drop(url)


def test_migrated_database_equals_the_models(committed_engine):
    with committed_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrations_make_the_triggers_of_the_models(committed_engine, empty_engine):
    """A table made anew by a migration would lose them without a word."""
    with empty_engine.connect().execution_options(writes=True) as connection:
        Base.metadata.create_all(connection)
        connection.commit()
    assert _triggers(committed_engine) == _triggers(empty_engine) != []


def _triggers(engine) -> list[tuple[str, ...]]:
    queries = {
        "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT t.tgname, pg_get_triggerdef(t.oid), p.prosrc FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal ORDER BY t.tgname",
    }
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(queries[engine.dialect.name]))]


def test_models_alone_make_the_same_tables_and_guards(empty_engine):
    with empty_engine.connect().execution_options(writes=True) as connection:
        Base.metadata.create_all(connection)
        connection.commit()
    with Session(empty_engine) as session:
        _assert_limits_are_guarded(session)
        _assert_audit_log_only_grows(session)


def test_down_to_nothing_and_up_again(empty_engine):
    databases.migrate(empty_engine)
    databases.migrate(empty_engine, "base")
    with empty_engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    databases.migrate(empty_engine)
    with Session(empty_engine) as session:
        _assert_limits_are_guarded(session)
        _assert_audit_log_only_grows(session)


def test_rows_survive_a_migration_run(committed_engine, now):
    with Session(committed_engine) as session:
        zoe = make_person(session, "Zoë Łukasik", email="zoe@example.org")
        programme = make_programme(session, terms="Be kind.", created_at=now)
        mentor = make_mentor(session, programme, make_person(session, "Mo Farahani"))
        round_ = make_round(session, programme, state="active")
        mentee = make_mentee(session, programme, zoe)
        answers = {"mentor_answer": "yes", "mentee_answer": "yes"}
        offer = make_offer(session, round_, mentor, mentee, now=now, state="accepted", slot_week=2, **answers)
        sides = {"mentor_id": mentor.id, "mentee_id": mentee.id}
        session.add(Mentorship(offer_id=offer.id, **sides, cadence="monthly", meeting_minutes=60))
        session.commit()
    databases.migrate(committed_engine, "0001")
    databases.migrate(committed_engine)
    with Session(committed_engine) as session:
        terms = session.scalars(select(ProgrammeTerms)).one()
        assert (terms.version, terms.text, terms.created_at) == (1, "Be kind.", now)
        agreed = session.scalars(select(Membership)).all()
        assert {(member.terms_version, member.terms_agreed_at == member.joined_at) for member in agreed} == {(1, True)}
        assert session.scalar(select(func.count()).select_from(Mentorship)) == 1
        assert session.scalars(select(TimeEntry)).one().offer_id == session.scalars(select(Offer)).one().id
        person = session.scalars(select(Person).where(Person.email == "zoe@example.org")).one()
        assert (person.name, person.email) == ("Zoë Łukasik", "zoe@example.org")
        assert person.created_at.tzinfo is UTC


def _assert_limits_are_guarded(session: Session) -> None:
    programme = make_programme(session, starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 1))
    offer = make_mentor(session, programme, make_person(session, "Mo Farahani"), minutes=60, places=1).offer
    session.commit()
    for change in ("reserved_minutes = 61", "reserved_places = 2"):
        with pytest.raises(IntegrityError, match="mentor_offer_limits"):
            session.execute(text(f"UPDATE mentor_offer SET {change}"))
        session.rollback()
    session.execute(text("UPDATE mentor_offer SET reserved_minutes = 60, reserved_places = 1"))
    # She lowers her limit below what is reserved: what she has stays, and may be given back.
    session.execute(text("UPDATE mentor_offer SET minutes_a_month = 30"))
    session.execute(text("UPDATE mentor_offer SET reserved_minutes = 45"))
    with pytest.raises(IntegrityError, match="mentor_offer_limits"):
        session.execute(text("UPDATE mentor_offer SET reserved_minutes = 46"))
    session.rollback()
    assert session.get(MentorOffer, offer.id).reserved_minutes == 0


def _assert_audit_log_only_grows(session: Session) -> None:
    session.add(AuditEvent(action="round.open", subject="round:1"))
    session.commit()
    for change in ("UPDATE audit_event SET action = 'round.close'", "DELETE FROM audit_event"):
        with pytest.raises(IntegrityError, match="audit_event_append_only"):
            session.execute(text(change))
        session.rollback()
    assert session.scalars(select(AuditEvent.action)).all() == ["round.open"]


def test_naive_instant_is_refused(session):
    person = Person(email="naive@example.org", name="Naïve", password_hash="!", email_verified_at=datetime(2027, 1, 1))  # noqa: DTZ001
    session.add(person)
    with pytest.raises(Exception, match="time zone"):
        session.flush()


def test_email_is_kept_in_lower_case(session):
    session.add(Person(email="Mixed@example.org", name="Mixed", password_hash="!"))
    with pytest.raises(IntegrityError, match="email_in_lower_case"):
        session.flush()
