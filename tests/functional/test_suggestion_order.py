"""Favourites in an order, reasons against somebody, and the cards of one need, as people use them."""

import re

import pytest

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.functional.suggesting import PATH, form_for, text_of
from webapp.models import Interest


@pytest.fixture
def liked(client, session, cast):
    """Lee is interested in two mentors."""
    mentors = [cast.mentor, make_mentor(session, cast.programme, make_person(session, "Dr Uma Rao"), topics=["grants"])]
    session.commit()
    sign_in(client, session, cast.lee)
    for mentor in mentors:
        client.post(f"{PATH}/say", data=form_for(client, cast, mentor))
    return mentors


def posted(client, cast, mentor, where, **values):
    data = form_for(client, cast, mentor) | values
    data.pop("verdict", None)
    return client.post(f"{PATH}/{where}", data=data)


def test_favourites_are_listed_with_buttons_that_move_them(client, session, cast, liked):
    page = text_of(client.get(PATH))
    assert "All count alike in the next round." in page
    assert page.index("Your favourites") < page.index("Why not someone else?")
    assert posted(client, cast, liked[1], "rank", way="up").status_code == 302
    page = text_of(client.get(PATH))
    assert "The first counts most in the next round." in page
    listed = page[page.index('id="favourites"') : page.index('id="why"')]
    assert listed.index("Dr Uma Rao") < listed.index("Dr Mo Farahani")
    posted(client, cast, liked[1], "rank", way="none")
    assert "All count alike in the next round." in text_of(client.get(PATH))


def test_a_way_that_there_is_not_is_refused(client, cast, liked):
    assert posted(client, cast, liked[0], "rank", way="sideways").status_code == 400
    assert posted(client, cast, liked[0], "reason", reason="gossip").status_code == 400


def test_reason_is_asked_for_after_not_for_me_and_shown_to_her_alone(client, session, cast, liked):
    client.post(f"{PATH}/say", data=form_for(client, cast, liked[0]) | {"verdict": "not_for_me"})
    assert "Why? Only you see it;" in text_of(client.get(PATH))
    assert posted(client, cast, liked[0], "reason", reason="close").status_code == 302
    page = text_of(client.get(PATH))
    assert "The reason is kept. Only you see it." in page
    assert "We work too closely together" in page
    sign_in(client, session, cast.mo)
    assert "closely" not in text_of(client.get(PATH))


def test_others_can_neither_rank_nor_give_reasons(client, session, cast, liked):
    data = form_for(client, cast, liked[0]) | {"way": "up", "reason": "close"}
    sign_in(client, session, cast.kim)
    assert client.post(f"{PATH}/rank", data=data).status_code == 404
    assert client.post(f"{PATH}/reason", data=data).status_code == 404
    assert {row.reason for row in session.query(Interest)} == {""}


def test_reasons_are_told_to_coordinators_in_numbers_from_three_on(client, session, cast, liked):
    for number in range(3):
        person = make_person(session, f"Mentee {number} Example")
        make_mentee(session, cast.programme, person)
        session.commit()
        sign_in(client, session, person)
        client.post(f"{PATH}/say", data=form_for(client, cast, liked[0]) | {"verdict": "not_for_me"})
        posted(client, cast, liked[0], "reason", reason="hours")
        sign_in(client, session, cast.ada)
        told = "The hours do not suit me" in text_of(client.get(f"/c/{cast.programme.slug}/reports"))
        assert told is (number == 2)


def test_cards_of_one_need_are_a_click_away_and_say_so(client, session, cast, liked):
    cast.mentee.request.topics, cast.mentor.offer.topics = ["grants", "burnout"], ["leadership"]
    session.commit()
    page = text_of(client.get(PATH))
    assert "All you look for" in page
    page = text_of(client.get(f"{PATH}?need=grants"))
    assert re.search("<h1>[^<]* who fits? “Grants and funding”</h1>", page)
    assert f'id="n-{liked[1].id}"' in page
    page = text_of(client.get(f"{PATH}?need=burnout"))
    assert "Nobody is free for “" in page
    assert "See everybody who fits" in page
