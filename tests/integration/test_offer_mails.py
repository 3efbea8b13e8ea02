"""The mails about offers: whom they reach, what they say, and what they keep to themselves."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_person
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.mail.delivery import deliver_outbox
from webapp.mail.folder import list_mail
from webapp.models import Offer, OutboxMessage
from webapp.services.mentorships import end_mentorship
from webapp.services.offers import answer_offer, expire_offers, nudge_offers, withdraw_offer
from webapp.services.publishing import publish_round


@pytest.fixture
def post(app, session, config):
    """Deliver what waits and return the new messages by the address they went to."""
    seen = set()

    def deliver(now):
        with app.app_context():
            deliver_outbox(session, config, now=now)
        failed = session.scalars(select(OutboxMessage.error).where(OutboxMessage.error != "")).all()
        assert failed == []
        fresh = [mail for mail in list_mail(config.instance / "mail") if mail.name not in seen]
        seen.update(mail.name for mail in fresh)
        return {mail.to: mail for mail in fresh}

    return deliver


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
