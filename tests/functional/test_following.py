"""Following a round: answers as they come, reminders by hand, more time, and why people said no."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_person, sign_in
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, text_of
from webapp.models import AuditEvent, Membership, Mentorship, Offer, OutboxMessage


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def today():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def published(session, cast, today):
    round_ = make_round(session, cast.programme, state="published", published_at=today)
    session.commit()
    return round_


@pytest.fixture
def offer(session, cast, published, today):
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=today, mentee_answer="yes", slot_week=1)
    session.commit()
    return offer


@pytest.fixture
def second(session, cast, published, offer, today):
    zoe = make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
    second = make_offer(session, published, cast.mentor, zoe, now=today)
    session.commit()
    return second


@pytest.fixture
def path(cast, published):
    return f"/c/{cast.programme.slug}/responses/{published.id}"


def second_tuesday(session, cast):
    """The first Tuesday in the second of four weeks of a programme that begins long after these tests."""
    cast.programme.starts_on, cast.programme.ends_on = date(2090, 3, 1), date(2091, 3, 1)
    session.commit()
    days = (cast.programme.starts_on + timedelta(days=n) for n in range(28))
    return next(day for day in days if day.weekday() == 1 and (day.toordinal() - 1) // 7 % 4 == 1)


def letters(session, template):
    session.expire_all()
    return session.scalars(select(OutboxMessage).where(OutboxMessage.template == template)).all()


def test_who_has_not_answered_is_reminded_once_with_all_that_waits(ada, session, cast, path, offer, second):
    page = text_of(ada, f"{path}/remind")
    assert "Remind 2 people?" in page  # the mentor of both offers, and Zoë; Lee has said yes
    send(ada, f"{path}/remind")
    assert "2 people are reminded." in text_of(ada, path)
    sent = {letter.person_id: letter.params["offers"] for letter in letters(session, "offer_nudge")}
    assert set(sent[cast.mo.id]) == {str(offer.id), str(second.id)}
    assert sent[second.mentee.person_id] == [str(second.id)]
    event = session.query(AuditEvent).filter_by(action="round.reminded").one()
    assert (event.by_person_id, event.facts) == (cast.ada.id, {"mails": 2})


def test_nobody_is_reminded_twice_within_a_day(ada, session, path, offer, second):
    send(ada, f"{path}/remind?offer={offer.id}")
    page = text_of(ada, f"{path}/remind")
    assert "Remind 1 person?" in page
    assert "1 more person was reminded within the last day and gets no mail." in page
    send(ada, f"{path}/remind")
    send(ada, f"{path}/remind", page=path)
    assert "Everybody who has not answered was reminded within the last day already." in text_of(ada, path)
    assert len(letters(session, "offer_nudge")) == 2
    assert "There is nobody to write to now." in text_of(ada, f"{path}/remind")


def test_more_time_moves_the_deadline_and_tells_who_has_not_answered(ada, session, cast, path, offer, second):
    before = offer.deadline_at
    assert "Give 1 offer more time?" in text_of(ada, f"{path}/extend?offer={offer.id}")
    send(ada, f"{path}/extend?offer={offer.id}", days="4")
    session.expire_all()
    assert offer.deadline_at == before + timedelta(days=4)
    assert second.deadline_at == before
    (letter,) = letters(session, "offer_extended")
    assert letter.person_id == cast.mo.id
    assert session.query(AuditEvent).filter_by(action="offer.extended").one().facts == {"offers": 1, "days": 4}
    send(ada, f"{path}/extend", days="2")
    session.expire_all()
    assert (offer.deadline_at, second.deadline_at) == (before + timedelta(days=6), before + timedelta(days=2))
    assert len(letters(session, "offer_extended")) == 3


@pytest.mark.parametrize("days", ["0", "31", "", "soon"])
def test_days_that_make_no_sense_are_named_and_nothing_moves(ada, session, path, offer, days):
    before = offer.deadline_at
    answer = send(ada, f"{path}/extend", days=days)
    assert "Days more:" in answer.get_data(as_text=True)
    session.expire_all()
    assert offer.deadline_at == before
    assert letters(session, "offer_extended") == []


def test_a_round_whose_answers_are_over_is_not_followed_any_more(ada, session, published, path, offer):
    published.state = "closing"
    session.commit()
    for step, values in (("remind", {}), ("extend", {"days": "2"})):
        assert send(ada, f"{path}/{step}", **values).status_code == 409
    assert session.query(OutboxMessage).count() == 0


def test_offer_that_is_answered_or_over_is_left_alone(ada, session, path, offer, today):
    offer.deadline_at = today - timedelta(hours=1)
    session.commit()
    send(ada, f"{path}/extend", page=path, days="2")
    session.expire_all()
    assert offer.deadline_at == today - timedelta(hours=1)
    assert session.query(AuditEvent).count() == session.query(OutboxMessage).count() == 0


def test_live_part_is_silent_until_an_answer_comes(ada, session, path, offer):
    page = text_of(ada, path)
    assert "1 answer is waited for: mentors 1, mentees 0." in page
    seen = re.search(r'id="seen" value="([\d.]+)"', page)[1]
    part = {"HX-Request": "true"}
    quiet = ada.get(f"{path}/live?seen={seen}", headers=part)
    assert (quiet.status_code, quiet.get_data()) == (204, b"")
    offer.mentor_answer, offer.state = "yes", "accepted"
    session.commit()
    news = ada.get(f"{path}/live?seen={seen}", headers=part).get_data(as_text=True)
    assert "New answers have come. No answer is waited for." in news
    assert "data-done" in news
    assert "<html" not in news
    assert ada.get(f"{path}/live").headers["Location"] == path
    assert "live.js" not in text_of(ada, path)  # nothing is open any more


def test_declines_are_summed_up_by_side_and_reason(ada, session, cast, published, path, today):
    cast.mentor.offer.places = 9
    for number, (side, reason) in enumerate([("mentor", "no_time"), ("mentor", "no_time"), ("mentee", "")]):
        mentee = make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
        values = {f"{side}_answer": "no", "decline_reason": reason}
        make_offer(session, published, cast.mentor, mentee, now=today, state="declined", **values)
    session.commit()
    page = text_of(ada, path)
    assert re.search(r"Mentors: No time now</th><td[^>]*>2<", page)
    assert re.search(r"Mentees: Prefer not to say</th><td[^>]*>1<", page)


def test_next_reminder_deadline_and_first_meeting_stand_beside_an_open_offer(ada, session, cast, path, offer, today):
    tuesday = second_tuesday(session, cast)
    page = text_of(ada, path)
    assert "reminder on " in page
    assert f"first on Tue {tuesday.day} Mar 2090" in page
    offer.created_at = today - timedelta(days=6, hours=1)
    session.commit()
    assert "no more reminder by itself" in text_of(ada, path)


def test_pairs_that_do_not_meet_weekly_show_the_next_meeting(ada, session, cast, offer):
    offer.state, offer.mentor_answer = "accepted", "yes"
    sides = {"mentor_id": offer.mentor_id, "mentee_id": offer.mentee_id}
    slot = {"slot_weekday": 1, "slot_minute": 1200, "slot_week": 1}
    pair = Mentorship(offer_id=offer.id, **sides, **slot, cadence="monthly", meeting_minutes=60)
    session.add(pair)
    session.commit()
    pairs, tuesday = f"/c/{cast.programme.slug}/pairs", second_tuesday(session, cast)
    assert f"next on Tue {tuesday.day} Mar 2090" in text_of(ada, pairs)
    pair.cadence = "weekly"
    session.commit()
    assert "next on" not in text_of(ada, pairs)


def test_who_counts_for_more_next_time_is_said(ada, session, cast, path, offer):
    zoe = make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
    session.get(Membership, zoe.id).priority = 1.0
    session.commit()
    assert "1 mentee counts for more in the next round." in text_of(ada, path)


def test_an_offer_of_another_round_is_not_found_here(ada, session, cast, path, offer, today):
    other = make_round(session, cast.programme, state="published", published_at=today)
    session.commit()
    for step in ("remind", "extend"):
        text_of(ada, f"/c/{cast.programme.slug}/responses/{other.id}/{step}?offer={offer.id}", 404)
    assert session.get(Offer, offer.id).state == "open"
