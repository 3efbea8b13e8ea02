"""On the page of an offer: a question, another hour, a first call, and the files for the calendar."""

import re
from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from tests.factories.cast import csrf_of, sign_in
from tests.factories.offers import make_offer, make_round
from webapp.models import OfferAsk, OfferMessage
from webapp.services.offers import answer_offer


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def offer(session, cast, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, slot_minute=18 * 60, slot_week=0)
    session.commit()
    return offer


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


@pytest.fixture
def post(client, session, offer):
    def post(person, path, **values):
        sign_in(client, session, person)
        token = csrf_of(client, f"/offers/{offer.id}")
        where = f"/offers/{offer.id}{path}"
        return client.post(where, data={"csrf_token": token, **values}, follow_redirects=True)

    return post


def boxes(client, path):
    return re.findall(r'name="choices"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))


def test_a_question_is_read_and_answered_on_the_page(client, session, cast, offer, post):
    asked = text_of(post(cast.lee, "/question", text="How do you <b>teach</b>?", seen="0"))
    assert "Your line is sent." in asked
    sign_in(client, session, cast.mo)
    page = client.get(f"/offers/{offer.id}").get_data(as_text=True)
    assert "How do you &lt;b&gt;teach&lt;/b&gt;?" in page
    assert "Your answer to Lee" in page
    answered = text_of(post(cast.mo, "/question", text="By watching.", seen="1"))
    assert "By watching." in answered
    assert session.query(OfferMessage).count() == 2


def test_a_line_that_cannot_be_sent_says_why_and_stays(client, session, cast, offer, post):
    page = text_of(post(cast.lee, "/question", text="Write to lee@example.org please", seen="0"))
    assert "Leave out addresses, links and numbers" in page
    assert "Write to lee@example.org please" in page
    assert "Write a line first." in text_of(post(cast.lee, "/question", text=" ", seen="0"))
    assert session.query(OfferMessage).count() == 0
    assert "Something changed meanwhile" in text_of(post(cast.lee, "/question", text="Hello", seen="4"))


def test_another_hour_is_proposed_and_taken(client, session, cast, offer, post):
    sign_in(client, session, cast.mo)
    values = boxes(client, f"/offers/{offer.id}/hour")
    assert len(values) == 3
    assert "Tick at least one." in text_of(post(cast.mo, "/hour"))
    assert "Your proposal is sent." in text_of(post(cast.mo, "/hour", choices=values[:2]))
    ask = session.scalars(select(OfferAsk)).one()
    sign_in(client, session, cast.lee)
    page = client.get(f"/offers/{offer.id}").get_data(as_text=True)
    assert "Dr Farahani proposes another hour" in page
    assert re.findall(r'name="choice" value="([^"]+)"', page) == [*values[:2], "keep"]
    taken = text_of(post(cast.lee, f"/hour/{ask.id}", choice=values[1]))
    assert "You meet at the new hour" in taken
    session.expire_all()
    assert f"{offer.slot_weekday}-{offer.slot_minute}-{offer.slot_week}" == values[1]
    assert "Something changed meanwhile" in text_of(post(cast.lee, f"/hour/{ask.id}", choice="keep"))


def test_an_hour_that_the_page_did_not_offer_is_refused(client, session, cast, offer, post):
    assert "answer" in text_of(post(cast.mo, "/hour", choices=["0-0-0"]))
    assert session.query(OfferAsk).count() == 0


def test_a_call_is_agreed_with_its_file_and_called_off(client, session, cast, offer, post):
    sign_in(client, session, cast.lee)
    values = boxes(client, f"/offers/{offer.id}/call")
    assert "Say how you can be reached" in text_of(post(cast.lee, "/call", choices=values))
    assert "Your wish for a call is sent." in text_of(post(cast.lee, "/call", choices=values, place="+1 312 555 01 99"))
    ask = session.scalars(select(OfferAsk)).one()
    sign_in(client, session, cast.mo)
    assert client.get(f"/offers/{offer.id}/call.ics").status_code == 404
    page = text_of(client.get(f"/offers/{offer.id}"))
    assert "Lee would like to call you first" in page
    assert "+1 312" not in page, "it is shown once both have agreed"
    agreed = text_of(post(cast.mo, f"/call/{ask.id}", choice=values[0]))
    assert "How: +1 312 555 01 99" in agreed
    file = client.get(f"/offers/{offer.id}/call.ics")
    assert file.content_type.startswith("text/calendar")
    event = Calendar.from_ical(file.get_data()).walk("VEVENT")[0]
    session.expire_all()
    assert (event.decoded("dtstart"), event.decoded("dtend") - event.decoded("dtstart")) == (
        ask.starts_at,
        timedelta(minutes=15),
    )
    assert (str(event["uid"]), int(event["sequence"])) == (f"call-{offer.id}@localhost", 0)
    assert "The call is off." in text_of(post(cast.lee, f"/call/{ask.id}/off"))
    assert client.get(f"/offers/{offer.id}/call.ics").status_code == 404


def test_a_mentor_whose_month_is_full_agrees_only_by_her_own_tick(client, session, cast, offer, post):
    cast.mentor.offer.minutes_a_month = 60
    session.commit()
    sign_in(client, session, cast.lee)
    path = f"/offers/{offer.id}/call"
    assert "minutes you give" not in text_of(client.get(path)), "a mentee does not read of her hours"
    values = boxes(client, path)
    post(cast.lee, "/call", choices=values, place="By the usual number")
    ask = session.scalars(select(OfferAsk)).one()
    sign_in(client, session, cast.mo)
    assert "It goes past the minutes I give that month." in text_of(client.get(f"/offers/{offer.id}"))
    assert "go past the minutes" in text_of(post(cast.mo, f"/call/{ask.id}", choice=values[0]))
    assert "Your call is agreed." in text_of(post(cast.mo, f"/call/{ask.id}", choice=values[0], beyond="y"))


def test_the_file_of_the_first_meeting_comes_once_both_said_yes(client, session, cast, offer, now):
    path = f"/offers/{offer.id}/meeting.ics"
    sign_in(client, session, cast.mo)
    assert client.get(path).status_code == 404
    for person in (cast.mo, cast.lee):
        answer_offer(session, offer.id, person_id=person.id, answer="yes", now=now)
    assert "Calendar file of the first meeting" in text_of(client.get(f"/offers/{offer.id}"))
    raw = client.get(path).get_data()
    event = Calendar.from_ical(raw).walk("VEVENT")[0]
    assert b"\r\n" in raw
    assert event.decoded("dtstart").isoformat() == "2027-03-02T23:00:00+00:00", "18:00 in New York"
    assert str(event["summary"]) == "First meeting with Lee Lindqvist"
    assert (str(event["uid"]), int(event["sequence"])) == (f"meeting-{offer.id}@localhost", 0)
    sign_in(client, session, cast.kim)
    assert client.get(path).status_code == 404


def test_strangers_and_coordinators_find_none_of_it(client, session, cast, offer, post):
    post(cast.lee, "/question", text="Hello", seen="0")
    for person in (cast.kim, cast.ada):
        sign_in(client, session, person)
        token = csrf_of(client, "/home")
        for path in ("hour", "call", "meeting.ics", "call.ics"):
            assert client.get(f"/offers/{offer.id}/{path}").status_code == 404
        for path in ("question", "hour", "call", f"hour/{offer.id}", f"call/{offer.id}", f"call/{offer.id}/off"):
            sent = {"csrf_token": token, "text": "x", "seen": "1", "choice": "keep"}
            assert client.post(f"/offers/{offer.id}/{path}", data=sent).status_code == 404
    assert session.query(OfferMessage).count() == 1


def test_once_it_is_settled_nothing_is_asked_any_more(client, session, cast, offer, post, now):
    answer_offer(session, offer.id, person_id=cast.mo.id, answer="no", now=now)
    assert "Something changed meanwhile" in text_of(post(cast.lee, "/question", text="Hello", seen="0"))
    sign_in(client, session, cast.lee)
    for path in ("hour", "call"):
        assert client.get(f"/offers/{offer.id}/{path}").location == f"/offers/{offer.id}"


def test_the_page_needs_few_queries_whatever_was_said(client, session, cast, offer, post, count_queries):
    sign_in(client, session, cast.mo)
    with count_queries() as few:
        client.get(f"/offers/{offer.id}")
    post(cast.lee, "/question", text="Hello", seen="0")
    post(cast.mo, "/question", text="Hello you", seen="1")
    values = boxes(client, f"/offers/{offer.id}/hour")
    post(cast.lee, "/hour", choices=values)
    sign_in(client, session, cast.mo)
    with count_queries() as more:
        client.get(f"/offers/{offer.id}")
    assert len(more) == len(few) <= 12


def test_home_names_what_waits_in_order_with_one_button_each(client, session, cast, offer, post):
    sign_in(client, session, cast.lee)
    calls, hours = (boxes(client, f"/offers/{offer.id}/{path}") for path in ("call", "hour"))
    post(cast.lee, "/question", text="Hello", seen="0")
    post(cast.lee, "/call", choices=calls, place="By the usual number")
    post(cast.lee, "/hour", choices=hours)
    sign_in(client, session, cast.mo)
    page = client.get("/home").get_data(as_text=True)
    titles = re.findall(r'<li class="ask-row.*?<h3>(.*?)</h3>', page, re.DOTALL)
    assert titles == [
        "Lee Lindqvist would like to call you first",
        "Lee Lindqvist proposes another hour",
        "Lee Lindqvist has written to you",
        "Would you mentor Lee Lindqvist?",
    ]
    assert "Lee asks for a call." in page
    post(cast.mo, "/question", text="Hello you", seen="1")
    for ask in session.scalars(select(OfferAsk)).all():
        post(cast.mo, f"/{ask.kind}/{ask.id}", choice="keep")
    sign_in(client, session, cast.mo)
    page = client.get("/home").get_data(as_text=True)
    assert re.findall(r'<li class="ask-row.*?<h3>(.*?)</h3>', page, re.DOTALL) == ["Would you mentor Lee Lindqvist?"]
    sign_in(client, session, cast.lee)
    assert "has written to you" in text_of(client.get("/home"))
