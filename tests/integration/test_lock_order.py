"""People who change what is theirs while others are answered: nobody waits for somebody who waits for her."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme
from tests.factories.offers import make_offer, make_round
from tests.integration.test_races import answering, at_once
from webapp.models import Mentorship
from webapp.services.errors import WrongStateError
from webapp.services.favourites import say
from webapp.services.hand_offers import offer_by_hand
from webapp.services.joining import choose_roles
from webapp.services.ledger import audit_ledger
from webapp.services.offers import expire_offers
from webapp.services.profiles import save_offer, set_pause
from webapp.services.rounds import lock_round
from webapp.services.transaction import transaction

MANY = 10


class Circle:
    """People who are all mentor and mentee, each with an open offer to the next one."""

    def __init__(self, session: Session, now) -> None:
        self.programme = make_programme(session)
        people = [make_person(session, f"Both{n} Example") for n in range(MANY)]
        self.people = [person.id for person in people]
        members = [make_mentor(session, self.programme, person, minutes=600, places=10) for person in people]
        for person in people:
            make_mentee(session, self.programme, person, mentors_wanted=5)
        self.members = [member.id for member in members]
        round_ = make_round(session, self.programme, state="published")
        self.round_id = round_.id
        pairs = zip(members, members[1:] + members[:1], strict=True)
        offers = [make_offer(session, round_, *pair, now=now, mentor_answer="yes") for pair in pairs]
        self.offers = [(offer.id, offer.mentee.person_id) for offer in offers]

    def saving(self, person_id):
        values = {"topics": ["leadership"], "stages_welcome": [], "minutes_a_month": 900, "places": 12}

        def call(session):
            save_offer(session, self.programme.slug, person_id=person_id, **values)
            return "saved"

        return call

    def pausing(self, person_id, now):
        def call(session):
            set_pause(
                session, self.programme.slug, person_id=person_id, paused_from=now.date(), paused_until=now.date()
            )
            return "saved"

        return call

    def choosing(self, person_id):
        def call(session):
            choose_roles(session, self.programme.slug, person_id=person_id, is_mentor=True, is_mentee=True)
            return "saved"

        return call


@pytest.fixture
def circle(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        circle = Circle(session, now)
        session.commit()
        return circle


def test_mentors_save_what_they_offer_while_their_mentees_accept(committed_engine, circle, now):
    calls = [answering(offer, mentee, "yes", now) for offer, mentee in circle.offers]
    calls += [circle.saving(person) for person in circle.people]
    calls += [circle.pausing(person, now) for person in circle.people]
    assert at_once(committed_engine, calls) == {"accepted": MANY, "saved": 2 * MANY}
    with Session(committed_engine) as session:
        assert session.query(Mentorship).count() == MANY
        assert audit_ledger(session) == []


def test_people_of_both_roles_save_while_their_offers_expire(committed_engine, circle, now):
    late = now + timedelta(days=8)
    calls = [lambda session: expire_offers(session, now=late)] * 3
    calls += [circle.saving(person) for person in circle.people]
    calls += [circle.choosing(person) for person in circle.people]
    outcome = at_once(committed_engine, calls)
    assert outcome["saved"] == 2 * MANY
    assert sum(number * times for number, times in outcome.items() if isinstance(number, int)) == MANY
    with Session(committed_engine) as session:
        assert audit_ledger(session) == []


def test_no_offer_by_hand_slips_into_a_round_that_is_being_closed(committed_engine, circle, now):
    mentor, mentee = circle.members[0], circle.members[5]
    started, outcome = threading.Event(), []

    def offering():
        with Session(committed_engine) as session:
            started.set()
            try:
                ids = {"programme_id": circle.programme.id, "by": circle.people[0], "now": now}
                outcome.append(offer_by_hand(session, circle.round_id, mentor, mentee, **ids))
            except WrongStateError as error:
                outcome.append(error.state)

    thread = threading.Thread(target=offering)
    with Session(committed_engine) as session, transaction(session):
        lock_round(session, circle.round_id, circle.programme.id, ("published",), "close").state = "closing"
        session.flush()
        thread.start()
        started.wait()
        thread.join(0.5)  # it waits for this transaction, or has gone past it
    thread.join()
    assert outcome == ["closing"]


def test_two_who_are_interested_in_each_other_may_say_so_at_once(committed_engine, circle, now):
    def saying(me, other, side):
        def call(session):
            said = say(session, me, side=side, other_id=other, verdict="interested", now=now)
            return said.before

        return call

    some = circle.members[:5]
    pairs = [(a, b) for a in some for b in some if a < b]
    calls = [saying(a, b, "mentor") for a, b in pairs] + [saying(b, a, "mentee") for a, b in pairs]
    assert at_once(committed_engine, calls) == {"": len(calls)}
