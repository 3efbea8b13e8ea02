"""My time: changed, capped and paused where it is shown, with a way back."""

import re
from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_mentor, make_programme, sign_in
from tests.factories.offers import make_offer, make_round
from webapp.models import Offer
from webapp.services.ledger import spend


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def offer(session, cast, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    session.commit()
    return offer


@pytest.fixture
def as_mo(client, session, cast, offer):
    return sign_in(client, session, cast.mo)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def send(client, path, **values):
    return client.post(path, data={"csrf_token": csrf_of(client, "/me/time"), **values}, follow_redirects=True)


def gives(session, cast):
    session.expire_all()
    return cast.mentor.offer.minutes_a_month, cast.mentor.offer.places


def test_she_lowers_what_she_gives_and_takes_it_back(as_mo, session, cast):
    path = f"/me/time/{cast.programme.slug}"
    assert "Taken now" in text_of(as_mo.get(path))
    page = send(as_mo, path, minutes_a_month="45", places="1")
    assert "You give 45 minutes a month now." in text_of(page)
    assert "Your pairs take 15 minutes more. They stay; nothing new is added." in text_of(page)
    assert gives(session, cast) == (45, 1)
    back = dict(re.findall(r'name="(minutes_a_month|places)" value="(\d+)"', page.get_data(as_text=True)))
    assert back == {"minutes_a_month": "120", "places": "2"}
    send(as_mo, path, **back)
    assert gives(session, cast) == (120, 2)


@pytest.mark.parametrize("wrong", [{"minutes_a_month": "10"}, {"places": "0"}, {"minutes_a_month": "many"}])
def test_a_number_that_does_not_hold_is_named_and_kept(as_mo, session, cast, wrong):
    values = {"minutes_a_month": "60", "places": "1"} | wrong
    page = send(as_mo, f"/me/time/{cast.programme.slug}", **values)
    assert "One answer needs another look" in text_of(page)
    assert gives(session, cast) == (120, 2)


def test_a_cap_is_set_and_lifted(as_mo, session, cast):
    make_mentor(session, make_programme(session, "Another Programme"), cast.mo, minutes=60)
    session.commit()
    page = text_of(send(as_mo, "/me/cap", minutes_cap="30"))
    assert "At most 30 minutes a month over all programmes." in page
    assert "30 minutes more are booked than this." in page
    assert "Over all 2 programmes" in page
    assert "from 0 to 9,600" in text_of(send(as_mo, "/me/cap", minutes_cap="-5"))
    assert "The cap is lifted" in text_of(send(as_mo, "/me/cap", minutes_cap=""))


def test_a_pause_shows_who_waits_before_anything_is_withdrawn(as_mo, client, session, cast, offer):
    path = f"/me/pause/{cast.programme.slug}"
    days = {"paused_from": "2027-02-20", "paused_until": "2027-03-20"}
    page = send(as_mo, path, **days)
    assert "One mentee waits for an answer and would begin while you are away." in text_of(page)
    assert "Lee Lindqvist" in text_of(page)
    assert "One mail goes out." in text_of(page)
    assert session.scalars(select(Offer.state)).all() == ["open"]
    seen = re.findall(r'name="seen" value="([^"]+)"', page.get_data(as_text=True))
    page = text_of(send(as_mo, path, seen=seen, **days))
    assert "One offer is withdrawn, kindly." in page
    assert "You pause from 20 February 2027 to 20 March 2027." in page
    session.expire_all()
    assert offer.state == "withdrawn"
    assert "You took the offer with Lee Lindqvist back for your pause" in text_of(as_mo.get(f"/offers/{offer.id}"))
    sign_in(client, session, cast.lee)
    hers = text_of(client.get(f"/offers/{offer.id}"))
    assert "Dr Mo Farahani takes a break from mentoring" in hers
    assert "You keep your place in line." in hers
    sign_in(client, session, cast.mo)
    assert "You are back." in text_of(send(client, path, end="1"))
    session.expire_all()
    assert cast.mentor.offer.paused_from is None


def test_a_pause_that_concerns_nobody_is_saved_at_once(as_mo, session, cast):
    page = send(as_mo, f"/me/pause/{cast.programme.slug}", paused_from="2027-06-01", paused_until="")
    assert "You pause from 1 June 2027 on." in text_of(page)
    session.expire_all()
    assert cast.mentor.offer.paused_from == date(2027, 6, 1)


def test_an_overrun_is_shown(as_mo, session, cast, offer, now):
    cast.mentor.offer.minutes_a_month = 60
    spend(session, cast.mentor.offer.id, 75, offer_id=offer.id, why="call", on=now.date(), now=now)
    session.commit()
    page = text_of(as_mo.get("/me/time"))
    assert "15 minutes more than you give" in page
    assert "You have spent 1 h 15 min with one mentee" in page
    assert "Lee Lindqvist, first call" in page


def test_nobody_reaches_the_time_of_another(client, session, cast, offer):
    for person in (cast.ada, cast.lee, cast.kim):
        sign_in(client, session, person)
        token = csrf_of(client, "/home")
        for path in (f"/me/time/{cast.programme.slug}", f"/me/pause/{cast.programme.slug}"):
            assert client.get(path).status_code == 404
            sent = {"csrf_token": token, "minutes_a_month": "600", "places": "9", "paused_from": "2027-03-01"}
            assert client.post(path, data=sent).status_code == 404
    assert gives(session, cast) == (120, 2)


def test_an_address_made_up_or_another_persons_offers_nothing_to_take_back(as_mo, client, session, cast):
    for undo in ("", "x", f"{cast.programme.slug}:9600:50"):
        assert "You gave" not in text_of(as_mo.get("/me/time", query_string={"undo": undo}))
    make_mentor(session, cast.programme, cast.ada)
    session.commit()
    sign_in(client, session, cast.ada)
    values = {"csrf_token": csrf_of(client, "/me/time"), "minutes_a_month": "600", "places": "9"}
    link = client.post(f"/me/time/{cast.programme.slug}", data=values).location
    assert "You gave 120 minutes" in text_of(client.get(link))
    sign_in(client, session, cast.mo)
    assert "You gave" not in text_of(client.get(link))


def test_the_page_needs_few_queries_whatever_is_in_it(as_mo, session, cast, offer, now, count_queries):
    with count_queries() as few:
        as_mo.get("/me/time")
    for name in ("Another Programme", "A Third"):
        other = make_mentor(session, make_programme(session, name), cast.mo, minutes=60)
        spend(session, other.offer.id, 15, offer_id=None, why="call", on=now.date(), now=now)
    session.commit()
    with count_queries() as more:
        as_mo.get("/me/time")
    assert len(more) == len(few) <= 12
