"""Two people, or two tabs, at the same offer at once: one thing happens, or each after the other, and never half."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast
from tests.factories.offers import make_offer, make_round
from tests.integration.test_races import answering, at_once
from webapp.models import Offer, OfferAsk, OfferMessage, TimeEntry
from webapp.services.errors import ConflictError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.my_offers import find_offer
from webapp.services.offer_calls import answer_call, ask_call, calls_to_propose, count_calls, write_moment
from webapp.services.offer_hours import answer_hours, hours_to_propose, propose_hours, write_hour
from webapp.services.offer_questions import write_about_offer
from webapp.services.offers import expire_offers
from webapp.services.pausing import start_pause

MANY = 6


@pytest.fixture
def stage(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        round_ = make_round(session, cast.programme, state="published", published_at=now)
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, slot_minute=18 * 60, slot_week=0)
        session.commit()
        yield cast, offer


@pytest.fixture
def cast(stage):
    return stage[0]


@pytest.fixture
def offer(stage):
    return stage[1]


def choices(engine, offer, person):
    with Session(engine) as session:
        found = find_offer(session, offer.id, person_id=person.id)
        return [write_hour(hour) for hour in hours_to_propose(session, found)]


def asking(offer, person, at):
    def ask(session):
        write_about_offer(session, offer.id, person_id=person.id, text="When shall we meet?", seen=0, now=at)
        return "asked"

    return ask


def proposing(offer, person, hours, now):
    def propose(session):
        propose_hours(session, offer.id, person_id=person.id, choices=hours, now=now)
        return "proposed"

    return propose


def test_a_button_pressed_many_times_writes_one_line(committed_engine, cast, offer, now):
    outcome = at_once(committed_engine, [asking(offer, cast.lee, now)] * MANY)
    assert outcome == {"asked": MANY}  # each is told that it is written, and it is once
    with Session(committed_engine) as session:
        assert session.query(OfferMessage).count() == 1


def test_both_propose_at_once_and_one_proposal_waits(committed_engine, cast, offer, now):
    hours = choices(committed_engine, offer, cast.mo)
    calls = [proposing(offer, person, hours, now) for person in (cast.mo, cast.lee)] * 3
    # Whoever came first has pressed the same button three times; the other reads that a proposal waits.
    assert at_once(committed_engine, calls) == {"proposed": 3, ConflictError: 3}
    with Session(committed_engine) as session:
        assert session.query(OfferAsk).count() == 1


def test_a_question_at_the_deadline_is_asked_in_time_or_not_at_all(committed_engine, cast, offer, now):
    """The clock of the one who asks stands just before the deadline, that of the keeper just after it."""
    before, after = offer.deadline_at - timedelta(seconds=1), offer.deadline_at + timedelta(seconds=1)
    outcome = at_once(
        committed_engine, [asking(offer, cast.lee, before), lambda session: expire_offers(session, now=after)]
    )
    with Session(committed_engine) as session:
        state = session.scalars(select(Offer.state)).one()
        asked = session.query(OfferMessage).count()
        assert audit_ledger(session) == []
    if outcome["asked"]:
        assert (state, asked, outcome[0]) == ("open", 1, 1), "the deadline moved, so nothing expired"
    else:
        assert (state, asked, outcome[1], outcome[WrongStateError]) == ("expired", 0, 1, 1)


def test_an_hour_proposed_while_the_last_yes_comes_leaves_the_pair_with_one_hour(committed_engine, cast, offer, now):
    hours = choices(committed_engine, offer, cast.mo)
    calls = [
        answering(offer.id, cast.mo.id, "yes", now),
        answering(offer.id, cast.lee.id, "yes", now),
        proposing(offer, cast.lee, hours, now),
    ]
    outcome = at_once(committed_engine, calls)
    assert outcome["proposed"] + outcome[WrongStateError] == 1
    with Session(committed_engine) as session:
        stands = session.get(Offer, offer.id)
        assert (stands.state, stands.slot_minute) == ("accepted", 18 * 60)
        ask = session.scalars(select(OfferAsk)).one_or_none()
    if ask is not None:
        taking = [lambda s: answer_hours(s, offer.id, ask.id, person_id=cast.mo.id, choice=hours[0], now=now)]
        assert at_once(committed_engine, taking) == {WrongStateError: 1}


def test_two_tabs_agree_to_one_call_and_its_minutes_are_counted_once(committed_engine, cast, offer, now):
    with Session(committed_engine) as session:
        found = find_offer(session, offer.id, person_id=cast.lee.id)
        moments = [write_moment(m) for m in calls_to_propose(session, found, now=now)]
        values = {"choices": moments, "place": "By the usual number", "now": now}
        ask_call(session, offer.id, person_id=cast.lee.id, **values)
        ask_id = session.scalars(select(OfferAsk.id)).one()

    def agreeing(choice):
        def agree(session):
            answer_call(session, offer.id, ask_id, person_id=cast.mo.id, choice=choice, now=now)
            return "agreed"

        return agree

    outcome = at_once(committed_engine, [agreeing(moment) for moment in moments])
    assert outcome == {"agreed": 1, WrongStateError: len(moments) - 1}
    later = now + timedelta(days=20)
    outcome = at_once(committed_engine, [lambda session: count_calls(session, now=later)] * 4)
    assert sum(counted * times for counted, times in outcome.items()) == 1
    with Session(committed_engine) as session:
        assert [e.minutes for e in session.scalars(select(TimeEntry)) if e.kind == "spent"] == [15]


def test_a_pause_and_the_last_yes_leave_one_of_the_two(committed_engine, cast, offer, now):
    def pausing(session):
        return start_pause(
            session,
            cast.programme.slug,
            person_id=cast.mo.id,
            paused_from=now.date(),
            paused_until=None,
            seen=[offer.id],
            now=now,
        )

    calls = [pausing, *(answering(offer.id, person.id, "yes", now) for person in (cast.mo, cast.lee))]
    outcome = at_once(committed_engine, calls)
    with Session(committed_engine) as session:
        state = session.scalars(select(Offer.state)).one()
        assert audit_ledger(session) == []
    if outcome[ConflictError]:  # both said yes first: she is shown that nobody waits any more
        assert (state, outcome["accepted"]) == ("accepted", 1)
    else:
        assert (state, outcome[1]) == ("withdrawn", 1)
