"""Pool health: the news, the table of specialties and hours, and who cannot be matched."""

import re

import pytest

from tests.factories.cast import make_coordinator, make_mentee, make_mentor, make_person, sign_in
from tests.functional.console import report_on_pool, send, text_of

NIGHTS = tuple((weekday, 2 * 60, 4 * 60) for weekday in range(5))


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/pool"


def page_of(client, session, path, status=200):
    """Open the page, let a worker look at the pool, and open it again."""
    client.get(path)
    send(client, f"{path}/refresh", page=f"{path}/invitation")
    report_on_pool(session)
    return text_of(client, path, status)


def heading(page: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", page).group(1)


def test_pool_that_holds_says_so(ada, session, path):
    page = page_of(ada, session, path)
    assert heading(page) == "There is a place for every mentee"
    assert re.search(r"General Surgery.*?<b>\+1</b>", page, re.DOTALL)
    assert "Nobody. Each mentee has at least one mentor" in page


def test_empty_pool_offers_the_link_to_share(ada, session, cast, path):
    cast.mentor.status = cast.mentee.status = "left"
    session.commit()
    page = page_of(ada, session, path)
    assert heading(page) == "Nobody is in the pool yet"
    assert f"http://localhost/p/{cast.programme.slug}" in page


def test_one_missing_side_is_the_news(ada, session, cast, path):
    cast.mentor.status = "left"
    session.commit()
    page = page_of(ada, session, path)
    assert heading(page) == "There is no mentor yet"
    assert "Lee Lindqvist" in page
    cast.mentor.status, cast.mentee.status = "active", "left"
    session.commit()
    assert heading(page_of(ada, session, path)) == "No mentee looks for a mentor"


def test_places_short_in_all_are_the_news(ada, session, cast, path):
    for number in range(3):
        make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
    session.commit()
    assert heading(page_of(ada, session, path)) == "2 places too few for one mentor each"


def test_specialty_that_is_short_is_the_news(ada, session, cast, path):
    make_mentee(session, cast.programme, make_person(session, "Vera"), specialties=["vascular_surgery"])
    session.commit()
    page = page_of(ada, session, path)
    assert heading(page) == "Vascular surgery is one place short"
    assert re.search(r'Vascular Surgery.*?<td class="d1"><b>−1</b>', page, re.DOTALL)
    assert "nobody asked" in page


def test_mentee_without_any_shared_hour_is_named_with_the_cause(ada, session, cast, path):
    owl = make_mentee(session, cast.programme, make_person(session, "Nia Night", windows=NIGHTS))
    session.commit()
    page = page_of(ada, session, path)
    assert "One of 2 mentees cannot be matched as things stand." in page
    assert f"/people/{owl.id}" in page
    assert "Shares no free time that is long enough for a meeting with" in page
    assert "hours: 1" in page


def test_mentor_whom_nobody_can_use_is_named(ada, session, cast, path):
    make_mentor(session, cast.programme, make_person(session, "Nora Night", windows=NIGHTS))
    session.commit()
    page = page_of(ada, session, path)
    assert "Mentors whom nobody here can use" in page
    assert "Nora Night" in page


def test_unfinished_and_paused_people_are_not_counted_as_supply(ada, session, cast, path):
    late = make_mentor(session, cast.programme, make_person(session, "Late"))
    late.status, late.joined_at = "pending", None
    away = make_mentor(session, cast.programme, make_person(session, "Away"))
    away.status = "paused"
    session.commit()
    page = page_of(ada, session, path)
    assert "2 places free, 1 pauses" in page
    assert "1 person has not finished joining and is not counted here." in page


def test_long_lists_are_cut_and_can_be_shown_whole(client, session, cast):
    make_coordinator(session, cast.elsewhere, cast.ada)
    for number in range(11):
        make_mentee(session, cast.elsewhere, make_person(session, f"Owl {number:02d}", windows=NIGHTS))
    session.commit()
    path = f"/c/{cast.elsewhere.slug}/pool"
    page = page_of(sign_in(client, session, cast.ada), session, path)
    assert "3 more people" in page
    assert page.count(">Owl ") == 8
    assert text_of(client, f"{path}?show=all").count(">Owl ") == 11


def test_queries_stay_few_whatever_the_number(ada, session, cast, path, count_queries):
    for number in range(30):
        make_mentee(session, cast.programme, make_person(session, f"Mentee {number}", windows=NIGHTS))
    session.commit()
    page_of(ada, session, path)
    with count_queries() as statements:
        text_of(ada, path)
    assert len(statements) <= 12
