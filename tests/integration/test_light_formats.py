"""Questions and shadow days in the ledger: they take minutes of a month and no place, and nothing is overdrawn."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast, make_mentee, make_person
from tests.factories.letters import make_letter
from tests.factories.offers import make_round, make_scenario
from tests.factories.talks import make_talk
from tests.integration.test_races import at_once
from webapp.models import MentorOffer, Offer, TimeEntry
from webapp.services.errors import InvalidInputError, NotFoundError, WrongStateError
from webapp.services.ledger import audit_ledger
from webapp.services.letter_answers import say_yes
from webapp.services.light_formats import end_months, finish_unanswered, plan_day, tell
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.publishing import publish_round

DAY = timedelta(days=1)


def held(session, cast):
    row = session.get(MentorOffer, cast.mentor.offer.id, populate_existing=True)
    assert audit_ledger(session) == []
    return row.reserved_minutes, row.reserved_places


def kinds(session):
    return [
        (row.kind, row.minutes, row.places, row.why) for row in session.query(TimeEntry).order_by(TimeEntry.created_at)
    ]


def test_what_took_place_is_spent_and_holds_its_minutes_until_the_month_is_over(session, cast, now):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now, ask="shadow_day")
    assert (talk.offer.is_shadow_day, held(session, cast)) == (True, (60, 0))
    plan_day(session, talk.id, person_id=cast.lee.id, on=date(2027, 2, 20), now=now)
    tell(session, talk.id, person_id=cast.mo.id, took_place=True, now=now + 6 * DAY)
    assert held(session, cast) == (60, 0)
    assert end_months(session, now=now + 10 * DAY) == 0
    month_over = now.replace(month=3, day=1)
    assert [end_months(session, now=month_over) for _look in range(2)] == [1, 0]
    assert held(session, cast) == (0, 0)
    assert kinds(session) == [
        ("reserved", 60, 0, "letter"),
        ("spent", 60, 0, "took_place"),
        ("returned", 60, 0, "month_over"),
    ]


def test_what_did_not_take_place_returns_at_once_and_the_first_word_counts(session, cast, now):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now)
    tell(session, talk.id, person_id=cast.lee.id, took_place=False, now=now)
    assert held(session, cast) == (0, 0)
    tell(session, talk.id, person_id=cast.mo.id, took_place=False, now=now)
    with pytest.raises(WrongStateError):
        tell(session, talk.id, person_id=cast.mo.id, took_place=True, now=now)
    assert [row[0] for row in kinds(session)] == ["reserved", "returned"]


def test_fourteen_days_after_its_day_what_nobody_spoke_of_returns_and_is_not_spent(session, cast, now):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now)
    plan_day(session, talk.id, person_id=cast.mo.id, on=now.date(), now=now)
    assert finish_unanswered(session, now=now + 14 * DAY) == 0
    assert finish_unanswered(session, now=now + 15 * DAY) == 1
    assert held(session, cast) == (0, 0)
    assert [row[0] for row in kinds(session)] == ["reserved", "returned"]
    with pytest.raises(WrongStateError):
        tell(session, talk.id, person_id=cast.mo.id, took_place=True, now=now + 15 * DAY)


def test_day_lies_ahead_and_what_is_to_come_has_not_taken_place(session, cast, now):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now)
    for day in (now.date() - DAY, now.date() + 400 * DAY):
        with pytest.raises(InvalidInputError):
            plan_day(session, talk.id, person_id=cast.mo.id, on=day, now=now)
    plan_day(session, talk.id, person_id=cast.mo.id, on=now.date() + 3 * DAY, now=now)
    with pytest.raises(InvalidInputError):
        tell(session, talk.id, person_id=cast.mo.id, took_place=True, now=now)
    for stranger in (cast.kim, cast.ada):
        with pytest.raises(NotFoundError):
            tell(session, talk.id, person_id=stranger.id, took_place=True, now=now)


def test_what_took_place_keeps_nobody_from_a_pair_of_the_next_round(session, cast, now):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now)
    tell(session, talk.id, person_id=cast.mo.id, took_place=True, now=now)
    round_ = make_round(session, cast.programme, state="review")
    scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee)])
    session.commit()
    publish_round(
        session, round_.id, scenario.id, programme_id=cast.programme.id, expected_offers=1, by=cast.ada.id, now=now
    )
    assert held(session, cast) == (90, 1)


def test_light_format_takes_no_place_of_a_mentor_whose_places_are_taken(session, cast, now):
    cast.mentor.offer.places = 0
    make_talk(session, cast.mentor, cast.mentee, now=now)
    assert held(session, cast) == (30, 0)


def test_whoever_gives_no_mentoring_is_given_no_pair(session, cast, now):
    cast.mentor.offer.gives_mentoring = False
    round_ = make_round(session, cast.programme, state="review")
    scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee)])
    session.commit()
    with pytest.raises(ChangedMeanwhileError) as caught:
        publish_round(
            session, round_.id, scenario.id, programme_id=cast.programme.id, expected_offers=1, by=cast.ada.id, now=now
        )
    assert [pair.why for pair in caught.value.pairs] == ["places"]


def test_of_a_question_and_a_round_after_the_same_minutes_one_gets_them(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        cast.mentor.offer.minutes_a_month = 60
        other = make_mentee(session, cast.programme, make_person(session, "Noor Student"))
        letters = [make_letter(session, cast.mentor, other, now=now, ask="shadow_day").id]
        third = make_mentee(session, cast.programme, make_person(session, "Eva Student"))
        letters.append(make_letter(session, cast.mentor, third, now=now, ask="60").id)
        round_ = make_round(session, cast.programme, state="review")
        scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee)])
        session.commit()

    def publish(session):
        publish_round(
            session, round_.id, scenario.id, programme_id=cast.programme.id, expected_offers=1, by=cast.ada.id, now=now
        )
        return "won"

    def say(letter_id):
        return lambda session: say_yes(session, letter_id, person_id=cast.mo.id, now=now) and "won"

    outcome = at_once(committed_engine, [publish, *(say(key) for key in letters)])
    assert outcome["won"] == 1
    with Session(committed_engine) as session:
        assert held(session, cast)[0] == 60
        assert Counter(session.scalars(select(Offer.holds_minutes))) == {True: 1}


def test_both_say_it_at_once_and_it_is_spent_once(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        talk = make_talk(session, cast.mentor, cast.mentee, now=now)

    def telling(person, took_place):
        return lambda session: tell(session, talk.id, person_id=person.id, took_place=took_place, now=now)

    calls = [telling(cast.mo, True), telling(cast.lee, True), telling(cast.lee, False)] * 3
    assert set(at_once(committed_engine, calls)) <= {None, WrongStateError}
    with Session(committed_engine) as session:
        minutes, places = held(session, cast)
        found = Counter(session.scalars(select(TimeEntry.kind)))
        assert (minutes, places) == ((30, 0) if found["spent"] else (0, 0))
        assert found["spent"] + found["returned"] == 1
