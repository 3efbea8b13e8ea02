"""Many people at once: threads with their own sessions on a database that really commits."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_mentee, make_mentor, make_person, make_programme
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.models import MentorOffer, Mentorship, Offer, OutboxMessage
from webapp.services.errors import NoRoomError, ServiceError
from webapp.services.ledger import audit_ledger, reserve
from webapp.services.mentorships import end_mentorship
from webapp.services.offers import answer_offer, expire_offers
from webapp.services.publishing import publish_round
from webapp.services.transaction import transaction

TWENTY = 20


def at_once(engine, calls):
    """Run every call in a thread and session of its own, all starting together; count what came of them."""
    start = threading.Barrier(len(calls))

    def run(call):
        with Session(engine, expire_on_commit=False) as session:
            start.wait()
            try:
                return call(session)
            except ServiceError as error:
                return type(error)

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(pool.map(run, calls))


def answering(offer_id, person_id, answer, now):
    return lambda session: answer_offer(session, offer_id, person_id=person_id, answer=answer, now=now).state


@pytest.fixture
def stage(committed_engine, now):
    """A published round of a mentor with one place, and twenty expired offers to which she had said yes."""
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        cast.mentor.offer.places = 1
        round_ = make_round(session, cast.programme, state="active")
        mentees = [
            make_mentee(session, cast.programme, make_person(session, f"Mentee{n} Example")) for n in range(TWENTY)
        ]
        offers = [
            make_offer(session, round_, cast.mentor, m, now=now, state="expired", mentor_answer="yes") for m in mentees
        ]
        session.commit()
        yield cast, list(zip(offers, [m.person_id for m in mentees], strict=True))


def test_of_twenty_late_yeses_to_one_place_exactly_one_wins(committed_engine, stage, now):
    cast, offers = stage
    late = now + timedelta(days=8)
    outcome = at_once(committed_engine, [answering(offer.id, person, "yes", late) for offer, person in offers])
    assert outcome == {"accepted": 1, NoRoomError: TWENTY - 1}
    with Session(committed_engine) as session:
        assert session.query(Mentorship).count() == 1
        mentor_offer = session.get(MentorOffer, cast.mentor.offer.id)
        assert (mentor_offer.reserved_places, mentor_offer.reserved_minutes) == (1, 60)
        assert audit_ledger(session) == []
        assert Counter(session.scalars(select(Offer.state))) == {"accepted": 1, "expired": TWENTY - 1}
        assert Counter(session.scalars(select(OutboxMessage.template))) == {"offer_accepted": 2}


def test_twenty_clicks_on_one_offer_make_one_mentorship(committed_engine, stage, now):
    _cast, offers = stage
    offer, person = offers[0]
    outcome = at_once(committed_engine, [answering(offer.id, person, "yes", now + timedelta(days=8))] * TWENTY)
    assert outcome == {"accepted": TWENTY}
    with Session(committed_engine) as session:
        assert session.query(Mentorship).count() == 1
        assert session.query(OutboxMessage).count() == 2
        assert audit_ledger(session) == []


def test_both_sides_and_the_deadline_at_once_leave_one_outcome(committed_engine, stage, now):
    cast, offers = stage
    offer, mentee = offers[0]
    due = now + timedelta(days=9)
    with Session(committed_engine) as session, transaction(session):
        row = session.get(Offer, offer.id)
        row.state, row.mentor_answer, row.holds_minutes, row.deadline_at = "open", "waiting", True, due
        reserve(session, cast.mentor.offer.id, 60, offer_id=offer.id, why="published", now=now)
    calls = [answering(offer.id, cast.mo.id, "yes", due), answering(offer.id, mentee, "yes", due)] * 3
    calls += [lambda session: expire_offers(session, now=due)] * 3
    at_once(committed_engine, calls)
    with Session(committed_engine) as session:
        assert audit_ledger(session) == []
        row = session.get(Offer, offer.id)
        assert row.state == "accepted"  # whoever came after the deadline still found the place free
        assert session.query(Mentorship).count() == 1


def test_a_cap_holds_over_two_programmes_at_once(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        cast.mo.minutes_cap = 300
        mentors = [
            make_mentor(session, make_programme(session), cast.mo, minutes=9600, places=50).offer.id for _ in range(2)
        ]
        session.commit()

    def reserving(mentor_offer_id):
        def call(session):
            with transaction(session):
                reserve(session, mentor_offer_id, 30, offer_id=None, why="published", now=now)
            return "reserved"

        return call

    outcome = at_once(committed_engine, [reserving(mentors[n % 2]) for n in range(TWENTY)])
    assert outcome == {"reserved": 10, NoRoomError: 10}
    with Session(committed_engine) as session:
        assert audit_ledger(session) == []
        assert sum(session.scalars(select(MentorOffer.reserved_minutes))) == 300


def test_people_who_are_mentor_and_mentee_of_each_other_do_not_block_each_other(committed_engine, now):
    """Everybody locks in one order; pairs that cross are where two transactions could wait for each other."""
    with Session(committed_engine, expire_on_commit=False) as session:
        programme = make_programme(session)
        people = [make_person(session, f"Both{n} Example") for n in range(6)]
        members = [make_mentor(session, programme, person, minutes=600, places=10) for person in people]
        for person in people:
            make_mentee(session, programme, person, mentors_wanted=5)
        round_ = make_round(session, programme, state="published")
        offers = [
            make_offer(session, round_, mentor, mentee, now=now)
            for mentor in members
            for mentee in members
            if mentor is not mentee
        ]
        calls = [answering(o.id, o.mentor.person_id, "yes", now) for o in offers]
        calls += [answering(o.id, o.mentee.person_id, "yes", now) for o in offers]
        session.commit()
    at_once(committed_engine, calls)
    with Session(committed_engine) as session:
        assert session.query(Mentorship).count() == len(calls) // 2
        assert audit_ledger(session) == []


def test_two_clicks_on_publish_and_two_on_ending_count_once(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        round_ = make_round(session, cast.programme)
        scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee)])
        session.commit()
    ids = {"programme_id": cast.programme.id, "by": cast.ada.id}
    outcome = at_once(
        committed_engine,
        [lambda s: publish_round(s, round_.id, scenario.id, expected_offers=1, now=now, **ids).offers] * 5,
    )
    assert outcome[1] == 1
    with Session(committed_engine) as session:
        offer_id = session.scalars(select(Offer.id)).one()
    at_once(committed_engine, [answering(offer_id, p.id, "yes", now) for p in (cast.mo, cast.lee)])
    with Session(committed_engine) as session:
        pair = session.scalars(select(Mentorship.id)).one()
    at_once(
        committed_engine,
        [lambda s, p=p: end_mentorship(s, pair, person_id=p.id, now=now) for p in (cast.mo, cast.lee) * 3],
    )
    with Session(committed_engine) as session:
        assert audit_ledger(session) == []
        assert session.get(MentorOffer, cast.mentor.offer.id).reserved_minutes == 0
