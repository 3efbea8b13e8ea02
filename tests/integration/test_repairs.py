"""Repairing a published round: who waits, the smallest change, and sending it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from tests.functional.console import work_off
from webapp.models import AuditEvent, Offer, OutboxMessage, PairRule, Proposal, Scenario
from webapp.services import repairs
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.offers import answer_offer


@pytest.fixture
def who(cast, now):
    return {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}


@pytest.fixture
def published(session, cast):
    # One place with Mo, offered to Lee.
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 1, 60
    return make_round(session, cast.programme, state="published", published_at=cast.mentor.created_at)


@pytest.fixture
def offer(session, cast, published, now):
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=now)
    session.commit()
    return offer


@pytest.fixture
def nia(session, cast):
    """Wait for a mentor: only Mo speaks her language."""
    mentee = make_mentee(session, cast.programme, make_person(session, "Nia Okafor"))
    session.commit()
    return mentee


@pytest.fixture
def other_mentor(session, cast):
    """Give one place more, to people who speak Swedish."""
    person = make_person(session, "Dr Ines Duarte", profile={"languages": ["sv"]})
    mentor = make_mentor(session, cast.programme, person, minutes=60, places=1)
    session.commit()
    return mentor


@pytest.fixture
def repair(session, published, who, now):
    def work_out(most_withdrawn=0):
        repairs.start_repair(session, published.id, **who, most_withdrawn=most_withdrawn)
        return work_off(session, now)

    return work_out


def pairs(session, scenario):
    new, gone = repairs.repair_rows(session, scenario)
    return {(pair.mentor_id, pair.mentee_id) for pair in new}, {offer.id for offer in gone}


def test_who_waits_has_neither_a_mentor_nor_an_offer(session, cast, offer, nia, now):
    names = [person.name for person in repairs.waiting_list(session, cast.programme.id)]
    assert names == ["Nia Okafor"]
    answer_offer(session, offer.id, person_id=cast.mo.id, answer="no", now=now)
    assert [person.name for person in repairs.waiting_list(session, cast.programme.id)] == [
        "Lee Lindqvist",
        "Nia Okafor",
    ]


def test_a_declined_place_goes_to_who_waits(session, cast, offer, nia, repair, who, now):
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="no", now=now)
    scenario = repair()
    assert (scenario.status, scenario.verified, scenario.result_status) == ("solved", True, "OPTIMAL")
    assert pairs(session, scenario) == ({(cast.mentor.id, nia.id)}, set())
    done = repairs.apply_repair(session, scenario.id, **who)
    assert (done.offers, done.withdrawn, done.mails) == (1, 0, 2)
    made = session.scalars(select(Offer).where(Offer.mentee_id == nia.id)).one()
    assert (made.state, made.round_id, made.holds_minutes) == ("open", offer.round_id, True)
    assert made.deadline_at == now + timedelta(days=cast.programme.offer_days)
    assert audit_ledger(session) == []
    assert repairs.waiting_list(session, cast.programme.id)[0].name == "Lee Lindqvist"


def test_what_was_declined_does_not_come_back(session, cast, offer, repair, now):
    answer_offer(session, offer.id, person_id=cast.mo.id, answer="no", now=now)
    scenario = repair(None)
    assert pairs(session, scenario) == (set(), set())


def test_spare_time_alone_leaves_every_open_offer(session, offer, nia, repair):
    scenario = repair(0)
    assert pairs(session, scenario) == (set(), set())


def test_an_offer_is_withdrawn_where_that_covers_one_more(session, cast, offer, nia, other_mentor, repair, who, now):
    # Lee could go to Ines, Nia cannot: Mo's place is worth more to Nia.
    cast.lee.profile.languages = ["en", "sv"]
    session.commit()
    assert pairs(session, repair(0)) == (set(), set())
    scenario = repair(1)
    assert pairs(session, scenario) == ({(cast.mentor.id, nia.id), (other_mentor.id, cast.mentee.id)}, {offer.id})
    assert scenario.totals["fewest_withdrawn"] == 1
    done = repairs.apply_repair(session, scenario.id, **who)
    assert (done.offers, done.withdrawn) == (2, 1)
    session.expire_all()
    assert (session.get(Offer, offer.id).state, cast.mentor.offer.reserved_minutes) == ("withdrawn", 60)
    assert audit_ledger(session) == []
    told = session.execute(select(OutboxMessage.template, func.count()).group_by(OutboxMessage.template)).all()
    assert dict(told) == {"offers_published": 4, "offer_withdrawn": 2}
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "repair.apply")).all()
    assert [event.facts for event in events] == [{"offers": 2, "withdrawn": 1, "mails": 6}]


def test_an_offer_with_a_yes_is_never_withdrawn(session, cast, offer, nia, other_mentor, repair, now):
    cast.lee.profile.languages = ["en", "sv"]
    session.commit()
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="yes", now=now)
    assert pairs(session, repair(None)) == (set(), set())


def test_late_joiners_are_on_the_waiting_list(session, cast, offer, published, repair):
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 2, 120
    late = make_mentee(session, cast.programme, make_person(session, "Ola Example"))
    session.commit()
    assert pairs(session, repair()) == ({(cast.mentor.id, late.id)}, set())


def test_new_pairs_keep_clear_of_the_meetings_that_stay(session, cast, offer, nia, repair):
    # Both offers would be Tuesday 18:00 in Chicago, were the first not there.
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 2, 120
    offer.slot_weekday, offer.slot_minute = 0, 18 * 60
    session.commit()
    scenario = repair()
    new = session.scalars(select(Proposal).where(Proposal.scenario_id == scenario.id)).one()
    assert (new.slot_weekday, new.slot_minute) != (0, 18 * 60)


def test_a_pair_ruled_out_in_the_round_is_not_proposed(session, cast, offer, published, nia, repair, now):
    session.add(PairRule(round_id=published.id, mentor_id=cast.mentor.id, mentee_id=nia.id, kind="forbid"))
    session.commit()
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="no", now=now)
    assert pairs(session, repair()) == (set(), set())


def test_a_pair_at_work_stays_and_takes_no_free_place(session, cast, offer, nia, repair, now):
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 2, 120
    session.commit()
    for person in (cast.lee, cast.mo):
        answer_offer(session, offer.id, person_id=person.id, answer="yes", now=now)
    assert pairs(session, repair()) == ({(cast.mentor.id, nia.id)}, set())


def test_somebody_who_answered_meanwhile_stops_the_repair_whole(
    session, cast, offer, nia, other_mentor, repair, who, now
):
    cast.lee.profile.languages = ["en", "sv"]
    session.commit()
    scenario = repair(1)
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="yes", now=now)
    with pytest.raises(ConflictError, match="answered"):
        repairs.apply_repair(session, scenario.id, **who)
    session.expire_all()
    assert session.get(Offer, offer.id).state == "open"
    assert session.scalar(select(func.count()).select_from(Offer)) == 1


def test_a_place_that_has_gone_meanwhile_stops_the_repair_whole(session, cast, offer, nia, repair, who, now):
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="no", now=now)
    scenario = repair()
    cast.mentor.offer.minutes_a_month = 30
    session.commit()
    with pytest.raises(ChangedMeanwhileError) as caught:
        repairs.apply_repair(session, scenario.id, **who)
    assert [(pair.mentee, pair.why) for pair in caught.value.pairs] == [("Nia Okafor", "minutes")]
    assert audit_ledger(session) == []


def test_a_repair_is_applied_once(session, cast, offer, nia, repair, who, now):
    answer_offer(session, offer.id, person_id=cast.lee.id, answer="no", now=now)
    scenario = repair()
    repairs.apply_repair(session, scenario.id, **who)
    with pytest.raises(WrongStateError):
        repairs.apply_repair(session, scenario.id, **who)
    assert session.scalar(select(func.count()).select_from(Offer)) == 2


def test_a_repair_put_away_sends_nothing_and_stays_away(session, offer, nia, repair, who, published):
    scenario = repair()
    repairs.drop_repair(session, scenario.id, **who)
    assert repairs.latest_repair(session, published.id) is None
    with pytest.raises(WrongStateError):
        repairs.apply_repair(session, scenario.id, **who)


def test_a_new_repair_takes_the_place_of_the_last(session, offer, nia, repair, who, published):
    first = repair()
    second = repair()
    assert repairs.latest_repair(session, published.id).id == second.id
    assert session.get(Scenario, first.id, populate_existing=True).status == "stale"


def test_one_repair_at_a_time(session, offer, published, who):
    repairs.start_repair(session, published.id, **who, most_withdrawn=0)
    with pytest.raises(ConflictError, match="solving"):
        repairs.start_repair(session, published.id, **who, most_withdrawn=0)


@pytest.mark.parametrize("state", ["review", "closing", "archived"])
def test_only_a_round_that_takes_answers_is_repaired(session, published, who, state):
    published.state = state
    session.commit()
    with pytest.raises(WrongStateError):
        repairs.start_repair(session, published.id, **who, most_withdrawn=0)


def test_a_coordinator_elsewhere_finds_no_repair(session, cast, offer, nia, repair, now):
    scenario = repair()
    stranger = {"programme_id": cast.elsewhere.id, "by": cast.kim.id, "now": now}
    with pytest.raises(NotFoundError):
        repairs.apply_repair(session, scenario.id, **stranger)
    with pytest.raises(NotFoundError):
        repairs.drop_repair(session, scenario.id, **stranger)


def test_an_hour_given_away_meanwhile_is_not_given_twice(session, cast, offer, nia, repair, published, who, now):
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 3, 180
    session.commit()
    scenario = repair()
    proposed = session.scalars(select(Proposal).where(Proposal.scenario_id == scenario.id)).one()
    slot = {"slot_weekday": proposed.slot_weekday, "slot_minute": proposed.slot_minute, "slot_week": proposed.slot_week}
    late = make_mentee(session, cast.programme, make_person(session, "Ola Example"))
    make_offer(session, published, cast.mentor, late, now=now, **slot)
    session.commit()
    repairs.apply_repair(session, scenario.id, **who)
    live = session.scalars(select(Offer).where(Offer.mentor_id == cast.mentor.id, Offer.holds_minutes)).all()
    hours = {(o.slot_weekday, o.slot_minute, o.slot_week) for o in live}
    assert len(live) == len(hours) == 3
    assert (None, None, None) not in hours
