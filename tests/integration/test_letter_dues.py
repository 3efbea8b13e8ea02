"""What comes due with letters: reminders, letters nobody answered, talks of a month ago; and what mails say of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.letters import PARTS, make_letter, open_box
from tests.integration.test_offer_mails import post, to
from webapp.engine.encode import snapshot_of
from webapp.models import Membership, Mentorship, Message, Offer, OutboxMessage
from webapp.services.ledger import audit_ledger
from webapp.services.letter_answers import ask_back, reply_once, say_not_now, say_yes
from webapp.services.letter_dues import expire_letters, finish_talks, remind_of_letters
from webapp.services.letter_reports import report_letter
from webapp.services.letters import find_letter, withdraw_letter
from webapp.services.offer_steps import mentors_held
from webapp.services.offers import answer_offer, expire_offers, nudge_offers
from webapp.services.pair_facts import standing_in

__all__ = ["post"]
DAY = timedelta(days=1)


@pytest.fixture
def letter(session, cast, now):
    open_box(session, cast.mentor)
    letter = make_letter(session, cast.mentor, cast.mentee, now=now)
    session.commit()
    return letter


def test_letter_without_an_answer_closes_after_seven_days(session, cast, now, letter, post):
    assert expire_letters(session, now=now + 7 * DAY - timedelta(seconds=1)) == 0
    assert expire_letters(session, now=now + 7 * DAY) == 1
    assert expire_letters(session, now=now + 8 * DAY) == 0
    assert find_letter(session, letter.id, person_id=cast.lee.id).letter.state == "expired"
    mails = post(now + 7 * DAY)
    assert "No answer came from Dr Mo Farahani in time" in to(mails, cast.lee).subject
    assert "The letter of Lee Lindqvist is closed" in to(mails, cast.mo).subject


def test_whoever_is_waited_for_is_reminded_once(session, cast, now, letter, post):
    assert remind_of_letters(session, now=now + 4 * DAY) == 0
    assert [remind_of_letters(session, now=now + 5 * DAY) for _look in range(2)] == [1, 0]
    assert "waits for your answer" in to(post(now + 5 * DAY), cast.mo).subject
    ask_back(session, letter.id, person_id=cast.mo.id, text="Which year?", now=now + 6 * DAY)
    assert remind_of_letters(session, now=now + 12 * DAY) == 1
    mails = post(now + 12 * DAY)
    assert any(cast.lee.email in address for address in mails)
    assert expire_letters(session, now=now + 7 * DAY) == 0  # the clock began anew


def test_mails_say_where_to_read_and_nothing_of_the_letter(session, cast, now, letter, post, client):
    ask_back(session, letter.id, person_id=cast.mo.id, text="A secret question?", now=now)
    texts = [to(post(now), cast.lee)]
    reply_once(session, letter.id, person_id=cast.lee.id, text="A secret answer.", now=now)
    texts.append(to(post(now), cast.mo))
    report_letter(session, letter.id, person_id=cast.mo.id, now=now)
    texts.append(to(post(now), cast.ada))
    say_not_now(session, letter.id, person_id=cast.mo.id, reason="conflict", now=now)
    texts.append(to(post(now), cast.lee))
    for mail in texts:
        assert "/letters" in mail.text
        assert not any(part in mail.text for part in (*PARTS.values(), "secret", "conflict"))
        assert cast.mo.email not in mail.text
    assert "/c/" in texts[2].text


def test_mail_about_a_letter_taken_back_meanwhile_is_not_sent(session, cast, now, letter, post):
    remind_of_letters(session, now=now + 6 * DAY)
    withdraw_letter(session, letter.id, person_id=cast.lee.id, now=now + 6 * DAY)
    mails = post(now + 6 * DAY)
    assert [mail.subject for mail in mails.values()] == ["Lee Lindqvist took a letter back"]


def test_offer_of_a_letter_is_nudged_and_runs_out_like_any_other(session, cast, now, letter):
    offer_id = say_yes(session, letter.id, person_id=cast.mo.id, now=now)
    assert say_yes(session, letter.id, person_id=cast.mo.id, now=now) == offer_id
    assert nudge_offers(session, now=now + 3 * DAY) == 1  # the mentee alone: the mentor has answered
    assert expire_offers(session, now=now + 7 * DAY) == 1
    assert session.get(Offer, offer_id).state == "expired"
    assert (cast.mentor.offer.reserved_minutes, audit_ledger(session)) == (0, [])
    late = answer_offer(session, offer_id, person_id=cast.lee.id, answer="yes", now=now + 8 * DAY)
    assert late.state == "accepted"


def test_minutes_of_one_talk_return_after_a_month(session, cast, now, letter):
    offer_id = say_yes(session, letter.id, person_id=cast.mo.id, now=now)
    answer_offer(session, offer_id, person_id=cast.lee.id, answer="yes", now=now)
    assert finish_talks(session, now=now + 30 * DAY) == 0
    assert finish_talks(session, now=now + 31 * DAY) == 1
    assert finish_talks(session, now=now + 40 * DAY) == 0
    assert session.scalars(select(Mentorship.status)).one() == "completed"
    session.refresh(cast.mentor.offer)
    assert (cast.mentor.offer.reserved_minutes, audit_ledger(session)) == (0, [])
    templates = session.scalars(select(OutboxMessage.template)).all()
    assert "mentorship_ended" not in templates
    assert session.get(Message, letter.id).offer_id == offer_id


def test_one_talk_makes_nobody_a_mentor(session, cast, now, letter):
    def pool():
        session.commit()
        found = snapshot_of(session, cast.programme.id, now=now)
        codes = {code for _mentor, _mentee, code in found["exclusions"]}
        return [mentee["wanted"] for mentee in found["mentees"]], found["taken"], codes, found["mentors"][0]["minutes"]

    cast.mentee.priority = 1.0
    assert pool() == ([1], [], set(), 120)
    offer_id = say_yes(session, letter.id, person_id=cast.mo.id, now=now)
    assert pool() == ([1], [], {"ALREADY_PAIRED"}, 90)
    answer_offer(session, offer_id, person_id=cast.lee.id, answer="yes", now=now)
    assert pool() == ([1], [], {"ALREADY_PAIRED"}, 90)
    assert mentors_held(session, [cast.mentee.id]) == {}
    assert standing_in(session, cast.programme.id).had[cast.mentee.id] == 0
    assert session.get(Membership, cast.mentee.id).priority == 1.0
    finish_talks(session, now=now + 31 * DAY)
    assert pool() == ([1], [], set(), 120)
