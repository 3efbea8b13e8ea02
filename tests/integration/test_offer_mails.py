"""The mails about offers: whom they reach, what they say, and what they keep to themselves."""

import re
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_person
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.mail.delivery import deliver_outbox
from webapp.mail.folder import list_mail
from webapp.models import Offer, OfferAsk, OutboxMessage
from webapp.services.mentorships import end_mentorship
from webapp.services.my_offers import find_offer
from webapp.services.offer_calls import answer_call, ask_call, calls_to_propose, write_moment
from webapp.services.offer_questions import write_about_offer
from webapp.services.offers import answer_offer, expire_offers, nudge_offers, withdraw_offer
from webapp.services.pausing import start_pause
from webapp.services.publishing import publish_round


@pytest.fixture
def post(app, session, config, now):
    """Deliver what waits and return the new messages by the address they went to; the day stays the one of delivery."""
    seen = set()

    def deliver(now):
        clock.move_to(now)
        with app.app_context():
            deliver_outbox(session, config, now=now)
        failed = session.scalars(select(OutboxMessage.error).where(OutboxMessage.error != "")).all()
        assert failed == []
        fresh = [mail for mail in list_mail(config.instance / "mail") if mail.name not in seen]
        seen.update(mail.name for mail in fresh)
        return {mail.to: mail for mail in fresh}

    with time_machine.travel(now, tick=False) as clock:
        yield deliver


@pytest.fixture
def offer(session, cast, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    session.commit()
    return offer


def to(mails, person):
    return next(mail for address, mail in mails.items() if person.email in address)


def say(session, offer, person, answer, now):
    return answer_offer(session, offer.id, person_id=person.id, answer=answer, reason="conflict", now=now)


def test_publishing_sends_one_mail_a_person_with_a_working_link_for_each_offer(session, cast, now, post, client):
    second = make_mentee(session, cast.programme, make_person(session, "Nia Second"))
    round_ = make_round(session, cast.programme)
    scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee), (cast.mentor, second)])
    session.commit()
    ids = {"programme_id": cast.programme.id, "by": cast.ada.id}
    publish_round(session, round_.id, scenario.id, expected_offers=2, now=now, **ids)
    mails = post(now)
    assert len(mails) == 3
    mail = to(mails, cast.mo)
    assert mail.subject == "2 offers for you"
    assert "Would you mentor Lee Lindqvist?" in mail.text
    assert "Tuesday 20:00 your time, first on 2 March (19:00 for Lee Lindqvist)" in mail.text
    assert "please answer by Monday 22 February" in mail.text
    links = re.findall(r"http://localhost(/answer/\S+)", mail.text)
    assert len(links) == 2
    assert [client.get(link).status_code for link in links] == [200, 200]
    assert "Would you like Dr Mo Farahani as your mentor?" in to(mails, cast.lee).text
    assert not any(cast.lee.email in mail.text for mail in mails.values())


def test_both_yeses_send_each_the_others_address(session, cast, offer, now, post):
    say(session, offer, cast.mo, "yes", now)
    assert post(now) == {}
    say(session, offer, cast.lee, "yes", now)
    mails = post(now)
    assert cast.lee.email in to(mails, cast.mo).text
    assert cast.mo.email in to(mails, cast.lee).text


def test_a_decline_says_not_free_and_no_reason(session, cast, offer, now, post):
    say(session, offer, cast.mo, "no", now)
    mails = post(now)
    assert len(mails) == 1
    mail = to(mails, cast.lee)
    assert mail.subject == "Dr Mo Farahani is not free this round"
    assert "You keep your place in line." in mail.text
    assert "conflict" not in mail.text.lower()


def test_a_nudge_goes_to_who_has_not_answered_by_the_time_it_is_sent(session, cast, offer, now, post):
    later = now + timedelta(days=3)
    assert nudge_offers(session, now=later) == 2
    say(session, offer, cast.mo, "yes", later)
    mails = post(later)
    assert list(mails) == [to(mails, cast.lee).to]
    assert to(mails, cast.lee).subject == "One offer waits for your answer"


def test_deadline_late_yes_and_withdrawal_have_their_words(session, cast, offer, now, post):
    later = now + timedelta(days=8)
    expire_offers(session, now=later)
    mails = post(later)
    assert "Your 60 minutes a month are yours again." in to(mails, cast.mo).text
    assert "/answer/" in to(mails, cast.lee).text
    say(session, offer, cast.lee, "yes", later)
    mail = to(post(later), cast.mo)
    assert mail.subject == "Lee Lindqvist has said yes after all"
    withdraw_offer(session, offer.id, programme_id=cast.programme.id, by=cast.ada.id, why="secret", now=later)
    mails = post(later)
    assert len(mails) == 2
    assert "You keep your place in line." in to(mails, cast.lee).text
    assert "secret" not in to(mails, cast.lee).text


def test_the_end_of_a_pair_is_told_kindly_to_the_other(session, cast, offer, now, post):
    say(session, offer, cast.mo, "yes", now)
    pair = say(session, offer, cast.lee, "yes", now).mentorship_id
    post(now)
    end_mentorship(session, pair, person_id=cast.lee.id, reason="fit", now=now)
    mails = post(now)
    assert len(mails) == 1
    assert "without blame" in to(mails, cast.mo).text
    assert "Your 60 minutes a month are yours again." in to(mails, cast.mo).text


def test_mails_about_an_offer_that_is_gone_are_not_sent(session, cast, offer, now, post):
    expire_offers(session, now=now + timedelta(days=7))
    nudge_offers(session, now=now)
    session.delete(session.get(Offer, offer.id))
    session.commit()
    assert post(now) == {}


def test_each_step_beside_an_offer_is_told_without_words_or_addresses(session, cast, offer, now, post):
    write_about_offer(session, offer.id, person_id=cast.lee.id, text="Do you operate on Fridays?", seen=0, now=now)
    mails = post(now)
    assert len(mails) == 1
    mail = to(mails, cast.mo)
    assert mail.subject == "Lee Lindqvist has written to you about your offer"
    assert f"http://localhost/offers/{offer.id}" in mail.text
    assert "Fridays" not in mail.text
    assert cast.lee.email not in mail.text


def test_an_agreed_call_comes_with_its_file_to_both(session, cast, offer, now, post, config):
    found = find_offer(session, offer.id, person_id=cast.lee.id)
    choices = [write_moment(moment) for moment in calls_to_propose(session, found, now=now)]
    ask_call(session, offer.id, person_id=cast.lee.id, choices=choices, place="+1 312 555 01 99", now=now)
    assert to(post(now), cast.mo).subject == "Lee Lindqvist would like to call you first"
    ask = session.scalars(select(OfferAsk)).one()
    answer_call(session, offer.id, ask.id, person_id=cast.mo.id, choice=choices[0], now=now)
    mails = post(now)
    assert {mail.subject for mail in mails.values()} == {
        "Your first call with Lee Lindqvist",
        "Your first call with Dr Mo Farahani",
    }
    for mail in mails.values():
        event = calendar_of(config, mail)
        assert event.decoded("dtstart") == ask.starts_at
        assert str(event["location"]) == "+1 312 555 01 99"


def test_after_both_said_yes_the_first_meeting_comes_as_a_file(session, cast, offer, now, post, config):
    for person in (cast.mo, cast.lee):
        say(session, offer, person, "yes", now)
    mails = post(now)
    events = [calendar_of(config, to(mails, person)) for person in (cast.mo, cast.lee)]
    assert {str(event["uid"]) for event in events} == {f"meeting-{offer.id}@localhost"}
    assert events[0].decoded("dtstart").isoformat() == "2027-03-03T01:00:00+00:00"
    assert "puts the first meeting into your calendar" in to(mails, cast.mo).text


def test_a_pause_tells_the_mentee_kindly_and_names_no_dates(session, cast, offer, now, post):
    days = {"paused_from": date(2027, 3, 1), "paused_until": date(2027, 3, 31)}
    start_pause(session, cast.programme.slug, person_id=cast.mo.id, seen=[offer.id], now=now, **days)
    mails = post(now)
    assert len(mails) == 1
    mail = to(mails, cast.lee)
    assert mail.subject == "Dr Mo Farahani takes a break from mentoring"
    assert "It has nothing to do with you. You keep your place in line." in mail.text
    assert "March" not in mail.text


def calendar_of(config, mail):
    raw = (config.instance / "mail" / f"{mail.name}.eml").read_bytes()
    parts = message_from_bytes(raw, policy=policy.default).iter_attachments()
    file = next(part for part in parts if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(file.get_content()).walk("VEVENT")[0]
