"""Many letters at once: the limits hold in the database, whoever is first."""

import uuid
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_mentee, make_mentor, make_person
from tests.factories.letters import PARTS, make_letter, open_box
from tests.integration.test_races import TWENTY, at_once
from webapp.models import LetterBox, MentorOffer, Message, Offer, OutboxMessage
from webapp.services.blocks import block_writer
from webapp.services.errors import ConflictError, NoRoomError, NotFoundError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.letter_answers import say_not_now, say_yes
from webapp.services.letters import Written, send_letter, withdraw_letter


def sending(mentor_id, person_id, now, *, key=None, ask="30"):
    def call(session):
        written = Written(form_key=key or uuid.uuid4(), ask=ask, **PARTS)
        return type(send_letter(session, mentor_id, person_id=person_id, written=written, now=now))

    return call


@pytest.fixture
def writing(committed_engine):
    """A session that really commits."""
    with Session(committed_engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def cast(writing):
    cast = Cast.create(writing)
    open_box(writing, cast.mentor, a_week=4)
    writing.commit()
    return cast


def count(engine, table):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_of_twenty_letters_of_one_mentee_three_are_sent(committed_engine, writing, cast, now):
    mentors = [make_mentor(writing, cast.programme, make_person(writing, f"Mentor{n} Example")) for n in range(TWENTY)]
    for mentor in mentors:
        open_box(writing, mentor)
    writing.commit()
    ids = [mentor.id for mentor in mentors]
    outcome = at_once(committed_engine, [sending(key, cast.lee.id, now) for key in ids])
    assert outcome == {uuid.UUID: 3, ConflictError: TWENTY - 3}
    with Session(committed_engine) as session:
        assert sorted(session.scalars(select(Message.place))) == [0, 1, 2]
        assert session.scalar(select(func.sum(LetterBox.taken))) == 3
        assert Counter(session.scalars(select(OutboxMessage.template))) == {"letter": 3}


def test_of_twenty_letters_to_one_mentor_she_gets_those_she_takes_a_week(committed_engine, writing, cast, now):
    people = [make_person(writing, f"Mentee{n} Example") for n in range(TWENTY)]
    for person in people:
        make_mentee(writing, cast.programme, person)
    writing.commit()
    ids = [person.id for person in people]
    outcome = at_once(committed_engine, [sending(cast.mentor.id, key, now) for key in ids])
    assert outcome == {uuid.UUID: 4, ConflictError: TWENTY - 4}
    assert count(committed_engine, Message) == 4


def test_twenty_clicks_on_one_form_send_one_letter(committed_engine, cast, now):
    key = uuid.uuid4()
    outcome = at_once(committed_engine, [sending(cast.mentor.id, cast.lee.id, now, key=key)] * TWENTY)
    assert outcome == {uuid.UUID: TWENTY}
    assert count(committed_engine, Message) == 1
    assert count(committed_engine, OutboxMessage) == 1


def test_of_twenty_yeses_to_the_last_minutes_exactly_one_makes_an_offer_and_takes_no_place(
    committed_engine, writing, cast, now
):
    cast.mentor.offer.minutes_a_month = 30
    letters = []
    for number in range(TWENTY):
        mentee = make_mentee(writing, cast.programme, make_person(writing, f"Mentee{number} Example"))
        letters.append(make_letter(writing, cast.mentor, mentee, now=now).id)
    writing.commit()
    yes = [lambda session, key=key: type(say_yes(session, key, person_id=cast.mo.id, now=now)) for key in letters]
    assert at_once(committed_engine, yes) == {uuid.UUID: 1, NoRoomError: TWENTY - 1}
    with Session(committed_engine) as session:
        row = session.get(MentorOffer, cast.mentor.offer.id)
        assert (row.reserved_places, row.reserved_minutes) == (0, 30)
        assert audit_ledger(session) == []
        assert Counter(session.scalars(select(Message.state))) == {"yes": 1, "waiting": TWENTY - 1}


def test_every_answer_at_once_leaves_one_outcome(committed_engine, writing, cast, now):
    letter = make_letter(writing, cast.mentor, cast.mentee, now=now).id
    writing.commit()
    mo, lee = {"person_id": cast.mo.id, "now": now}, {"person_id": cast.lee.id, "now": now}
    calls = [
        lambda session: say_yes(session, letter, **mo) and None,
        lambda session: say_not_now(session, letter, **mo),
        lambda session: withdraw_letter(session, letter, **lee),
        lambda session: block_writer(session, letter, **mo) and None,
    ]
    outcome = at_once(committed_engine, calls * 4)
    assert set(outcome) <= {None, WrongStateError, ConflictError, NotFoundError}
    with Session(committed_engine) as session:
        row = session.get(Message, letter)
        assert row.state in {"yes", "not_now", "withdrawn"}
        assert audit_ledger(session) == []
        # Who keeps the other away says no to an offer that was made a moment before.
        assert session.scalars(select(Offer.state).where(Offer.state == "open")).all() == []
        assert session.get(MentorOffer, cast.mentor.offer.id).reserved_minutes == 0


def test_the_database_alone_refuses_a_fourth_open_letter(session, now):
    cast = Cast.create(session)
    for place in range(3):
        make_letter(session, cast.mentor, cast.mentee, now=now, place=place)
    session.commit()
    for place in (2, 3, None):
        with pytest.raises(IntegrityError) as refused:
            make_letter(session, cast.mentor, cast.mentee, now=now, place=place)
        assert PARTS["who"] not in str(refused.value)  # an error is logged; a letter is not
        session.rollback()
