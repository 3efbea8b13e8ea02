"""Pool health: the news, the table of specialties and hours, and who cannot be matched."""

import re

import pytest
from sqlalchemy import select, update

from tests.factories.cast import make_coordinator, make_mentee, make_mentor, make_person, sign_in
from tests.functional.console import report_on_pool, send, text_of
from webapp.models import Job

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


def test_first_visit_begins_the_work_and_says_so(ada, session, path):
    page = text_of(ada, path)
    assert heading(page) == "A first look at the pool"
    assert "Waiting for a worker" in page
    text_of(ada, path)
    assert session.query(Job).count() == 1
    report_on_pool(session)
    assert "As of " in text_of(ada, path)


def test_page_that_nobody_looks_at_begins_nothing(ada, session, path):
    assert ada.head(path).status_code == 200
    page = ada.get(path, headers={"Sec-Purpose": "prefetch;prerender"}).get_data(as_text=True)
    assert "Look at the pool" in page  # the button, in case it is shown after all
    assert session.query(Job).count() == 0


def test_progress_is_a_part_for_scripts_and_the_page_for_others(ada, session, path):
    text_of(ada, path)
    part = ada.get(f"{path}/progress", headers={"HX-Request": "true"})
    assert "Looking at the pool" in part.get_data(as_text=True)
    assert ada.get(f"{path}/progress").headers["Location"].endswith("/pool")
    report_on_pool(session)
    assert ada.get(f"{path}/progress", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_work_can_be_stopped_and_begun_again(ada, session, path):
    text_of(ada, path)
    send(ada, f"{path}/stop", page=path)
    assert session.scalars(select(Job.state)).all() == ["cancelled"]
    page = page_of(ada, session, path)
    assert heading(page) == "There is a place for every mentee"


def test_failed_work_is_told_and_tried_again_by_hand(ada, session, path):
    text_of(ada, path)
    session.execute(update(Job).values(state="failed", error="There was no memory left."))
    session.commit()
    page = text_of(ada, path)
    assert "The pool could not be looked at" in page
    assert "There was no memory left." in page
    assert session.query(Job).count() == 1
    assert heading(page_of(ada, session, path)) == "There is a place for every mentee"


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("stage", "Junior resident"),
        ("topic", "Operative and technical skills"),
        ("zone", "Chicago"),
        ("hours", "Monday, 19:00 to 20:00: one place short"),
        ("nonsense", "General Surgery"),
    ],
)
def test_tab_is_chosen_in_the_address(ada, session, path, by, words):
    page_of(ada, session, path)
    page = text_of(ada, f"{path}?by={by}")
    assert words in page
    assert page.count('aria-current="page"') == 2  # in the navigation, and of the tabs


def test_hours_have_a_sign_in_every_cell_and_the_same_in_words(ada, session, path):
    page_of(ada, session, path)
    page = text_of(ada, f"{path}?by=hours")
    row = re.search(r'<th scope="row">17:00.*?</tr>', page, re.DOTALL).group()
    assert row.count("<b>+1</b>") == 5
    assert row.count("nobody asked") == 2


def test_advice_leads_to_a_letter_that_names_nobody(ada, session, cast, path):
    for number in range(3):
        make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
    page = page_of(ada, session, path)
    assert "One mentor in general surgery" in page
    assert "2 more mentees with a mentor." in page
    assert "Ask, do not assume." in page
    link = re.search(r'href="([^"]*invitation\?advice=\d+)"', page).group(1)
    letter = text_of(ada, link)
    assert "We are looking for one more mentor in general surgery" in letter
    assert "2 more mentees would find a mentor through you" in letter
    assert f"http://localhost/p/{cast.programme.slug}" in letter
    assert "Farahani" not in letter
    assert "Lindqvist" not in letter


def test_letter_to_anybody_needs_no_report(ada, cast, path):
    letter = text_of(ada, f"{path}/invitation")
    assert "We are looking for more mentors." in letter
    assert "about 60 minutes a month" in letter
    assert ada.get(f"{path}/invitation?advice=7").status_code == 404


def test_change_that_would_be_enough_stands_beside_the_cause(ada, session, cast, path):
    make_mentee(session, cast.programme, make_person(session, "Nia Night", windows=NIGHTS))
    page = page_of(ada, session, path)
    assert re.search(r"<b>Being free on \w{3} [\d:-]+ as well would be enough.</b>", page)
    assert "Send a hint" in page
