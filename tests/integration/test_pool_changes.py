"""What the database notes about changes of a pool, and what is read from it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from tests.factories.cast import JOINED, Cast, make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from tests.factories.pools import settled_mark
from webapp.engine.changes import MOST, changes_since, mark_of
from webapp.models import (
    AvailabilityWindow,
    Exclusion,
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
    Mentorship,
    Person,
    PoolChange,
    Profile,
    Programme,
)
from webapp.services.pool import forget_changes


@pytest.fixture
def place(committed_engine):
    """The cast, really committed: transactions have numbers of their own."""
    with Session(committed_engine, expire_on_commit=False) as session:
        yield session, Cast.create(session)


def changes(session, programme, mark):
    session.commit()
    found = changes_since(session, programme.id, mark)
    session.rollback()
    return found


def noted(session, programme, *statements):
    mark = settled_mark(session)
    for statement in statements:
        session.execute(statement)
    return changes(session, programme, mark)


def test_whatever_matching_looks_at_is_noted_however_it_is_written(place):
    session, cast = place
    mentor, mentee = cast.mentor.id, cast.mentee.id
    pair = {"mentor_id": mentor, "mentee_id": mentee}
    of_lee = {"person_id": cast.lee.id}
    cases = [
        (update(Person).where(Person.id == cast.lee.id).values(zone="Europe/Oslo"), {mentee}),
        (update(Person).where(Person.id == cast.mo.id).values(minutes_cap=30), {mentor}),
        (update(Profile).where(Profile.person_id == cast.lee.id).values(languages=["sv"]), {mentee}),
        (delete(AvailabilityWindow).where(AvailabilityWindow.person_id == cast.lee.id), {mentee}),
        (insert(AvailabilityWindow).values(**of_lee, weekday=6, start_minute=0, end_minute=60), {mentee}),
        (update(Membership).where(Membership.id == mentor).values(status="paused"), {mentor}),
        (update(MentorOffer).where(MentorOffer.membership_id == mentor).values(places=1), {mentor}),
        (update(MenteeRequest).where(MenteeRequest.membership_id == mentee).values(topics=[]), {mentee}),
        (insert(Interest).values(**pair, side="mentee", verdict="interested"), {mentor, mentee}),
        (insert(Exclusion).values(**pair), {mentor, mentee}),
        (delete(Exclusion), {mentor, mentee}),
        (text("UPDATE mentor_offer SET places = 2"), {mentor}),
    ]
    for statement, members in cases:
        found = noted(session, cast.programme, statement)
        assert found.members == members, statement
        assert not found.settings


def test_what_matching_does_not_look_at_is_not_noted(place):
    session, cast = place
    for statement in (
        update(Person).values(theme="dark", password_hash="!"),
        update(Membership).values(created_at=JOINED),
    ):
        assert not noted(session, cast.programme, statement)


def test_settings_count_for_their_own_programme(place):
    session, cast = place
    mark = settled_mark(session)
    session.execute(update(Programme).where(Programme.id == cast.programme.id).values(minimum=0.5))
    assert changes(session, cast.programme, mark).settings
    assert not changes(session, cast.elsewhere, mark)


def test_who_leaves_by_deletion_is_counted(place):
    session, cast = place
    member = cast.mentee.id
    assert noted(session, cast.programme, delete(Person).where(Person.id == cast.lee.id)).members == {member}


def test_row_that_moves_to_another_person_is_noted_for_both(place):
    session, cast = place
    statement = update(AvailabilityWindow).where(AvailabilityWindow.person_id == cast.lee.id)
    session.execute(delete(AvailabilityWindow).where(AvailabilityWindow.person_id == cast.mo.id))
    session.commit()
    found = noted(session, cast.programme, statement.values(person_id=cast.mo.id))
    assert found.members == {cast.mentor.id, cast.mentee.id}


def test_offers_and_pairs_are_noted_for_both_sides(place, now):
    session, cast = place
    mark = settled_mark(session)
    offer = make_offer(session, make_round(session, cast.programme, state="active"), cast.mentor, cast.mentee, now=now)
    assert changes(session, cast.programme, mark).members == {cast.mentor.id, cast.mentee.id}
    sides = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
    pair = insert(Mentorship).values(offer_id=offer.id, **sides, cadence="monthly", meeting_minutes=60)
    assert noted(session, cast.programme, pair).members == {cast.mentor.id, cast.mentee.id}


def test_change_that_is_rolled_back_was_none(place):
    session, cast = place
    mark = settled_mark(session)
    session.execute(update(MentorOffer).values(places=1))
    session.rollback()
    assert not changes(session, cast.programme, mark)


def test_change_that_is_committed_late_is_not_missed(place, committed_engine):
    """On PostgreSQL another transaction may be open while the people are read; on SQLite none can be."""
    session, cast = place
    if committed_engine.dialect.name == "sqlite":
        mark = settled_mark(session)
        session.execute(update(MentorOffer).values(places=1))
    else:
        with Session(committed_engine) as slow:
            slow.execute(update(MentorOffer).values(places=1))
            session.execute(update(Person).where(Person.id == cast.lee.id).values(zone="Europe/Oslo"))
            session.commit()
            mark = mark_of(session)
            session.rollback()
            slow.commit()
    assert cast.mentor.id in changes(session, cast.programme, mark).members


def test_mark_of_a_database_restored_elsewhere_means_that_much_may_have_changed(place):
    session, cast = place
    assert changes(session, cast.programme, settled_mark(session) + 1000).many


def test_great_many_lines_are_not_looked_at_one_by_one(place):
    session, cast = place
    mark = settled_mark(session)
    rows = [{"mark": mark, "person_id": cast.kim.id, "created_at": JOINED}] * (MOST + 1)
    session.execute(insert(PoolChange), rows)
    assert changes(session, cast.programme, mark).many


def test_old_lines_are_forgotten_but_for_the_newest(place, now):
    session, cast = place
    newest = session.scalar(select(func.max(PoolChange.id)))
    forget_changes(session, now=now + timedelta(days=36500))
    assert session.scalars(select(PoolChange.id)).all() == [newest]
    make_mentor(session, cast.programme, make_person(session, "New"))
    make_mentee(session, cast.programme, make_person(session, "Newer"))
    session.commit()
    assert session.scalar(select(func.min(PoolChange.id))) == newest
    assert forget_changes(session, now=now - timedelta(days=36500)) == 0
