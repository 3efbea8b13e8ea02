"""The audit log only grows, whatever becomes of the people in it."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from webapp.models import AuditEvent, Person, Programme


@pytest.fixture
def event(session, cast, now):
    event = AuditEvent(
        by_person_id=cast.ada.id,
        programme_id=cast.programme.id,
        action="round.open",
        subject="round:1",
        facts={"why": "spring"},
        created_at=now,
    )
    session.add(event)
    session.commit()
    return event


@pytest.mark.parametrize(
    "values",
    [
        {"action": "round.close"},
        {"subject": "round:2"},
        {"facts": {"why": "autumn"}},
        {"facts": {}},
        {"programme_id": None},
        {"by_person_id": None},
        {"by_person_id": None, "action": "round.close"},
        {"by_person_id": None, "facts": {"why": "autumn"}},
    ],
)
def test_no_line_is_changed(session, event, values):
    with pytest.raises(IntegrityError, match="audit_event_append_only"):
        session.execute(update(AuditEvent).values(values))
    session.rollback()


def test_no_line_is_moved_to_another_person_or_moment(session, cast, event, now):
    for values in ({"by_person_id": cast.kim.id}, {"created_at": now.replace(year=2026)}):
        with pytest.raises(IntegrityError, match="audit_event_append_only"):
            session.execute(update(AuditEvent).values(values))
        session.rollback()


@pytest.mark.parametrize("of_a_programme", [True, False])
def test_no_line_is_deleted(session, event, of_a_programme):
    session.add(AuditEvent(action="demo.begun"))
    session.commit()
    programme = AuditEvent.programme_id
    chosen = delete(AuditEvent).where(programme.is_not(None) if of_a_programme else programme.is_(None))
    with pytest.raises(IntegrityError, match="audit_event_append_only"):
        session.execute(chosen)
    session.rollback()


def test_the_log_is_not_emptied_at_once(session, event):
    if session.get_bind().dialect.name == "postgresql":
        with pytest.raises(IntegrityError, match="audit_event_append_only"):
            session.execute(text("TRUNCATE audit_event"))
        session.rollback()
    assert len(session.scalars(select(AuditEvent.id)).all()) == 1


def test_a_persons_account_may_go_and_her_lines_stay_without_her(session, cast, event):
    session.execute(delete(Person).where(Person.id == cast.ada.id))
    session.commit()
    session.refresh(event)
    assert (event.by_person_id, event.action, event.facts) == (None, "round.open", {"why": "spring"})


def test_a_programme_that_goes_takes_its_own_lines_along(session, cast, event):
    session.add(AuditEvent(action="demo.begun", programme_id=cast.elsewhere.id))
    session.commit()
    session.execute(delete(Programme).where(Programme.id == cast.programme.id))
    session.commit()
    assert session.scalars(select(AuditEvent.action)).all() == ["demo.begun"]
