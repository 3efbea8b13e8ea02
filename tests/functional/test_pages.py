"""The public pages."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, event

from tests.factories.cast import csrf_of, make_mentee, make_mentor, make_person, make_programme
from webapp.models import Membership, Offer, Person, Programme, Round, Scenario


def text_of(response):
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


@pytest.fixture
def alone(session, cast):
    """One programme is left, as in most installations."""
    session.execute(delete(Membership).where(Membership.programme_id == cast.elsewhere.id))
    session.delete(cast.elsewhere)
    cast.programme.ends_on = date(2099, 2, 28)
    session.commit()
    return cast.programme


def test_where_there_is_one_programme_it_is_the_first_page(client, alone):
    page = text_of(client.get("/"))
    assert f"programme={alone.slug}&amp;role=mentee" in page
    assert f"programme={alone.slug}&amp;role=mentor" in page
    assert "Find a mentor" in page


def test_several_programmes_are_listed_with_those_that_can_be_joined_first(client, session, cast):
    for programme in (cast.programme, cast.elsewhere):
        programme.ends_on = date(2099, 2, 28)
    cast.elsewhere.enrols_until = date(2020, 1, 1)
    session.commit()
    page = text_of(client.get("/"))
    assert page.index("Lakeland Women in Surgery") < page.index("Elsewhere")
    assert "Closed for this time" in page


def test_a_programme_that_has_ended_is_not_listed(client, session, alone):
    make_programme(session, "Long ago", starts_on=date(2001, 1, 1), ends_on=date(2002, 1, 1))
    session.commit()
    assert "Long ago" not in text_of(client.get("/"))


def test_a_new_installation_says_how_to_begin(client, session):
    page = text_of(client.get("/"))
    assert "mosaic-admin create-operator" in page


def test_an_installation_without_programmes_lets_its_operator_sign_in(client, session):
    session.add(Person(email="op@example.org", name="Op", password_hash="!", is_operator=True))
    session.commit()
    page = text_of(client.get("/"))
    assert "create-operator" not in page
    assert "No programme is running" in page


def test_the_numbers_of_a_programme_are_those_of_the_database(client, session, cast):
    make_mentor(session, cast.programme, make_person(session, "Dr Una", profile={"specialties": ["urology"]}))
    paused = make_mentee(session, cast.programme, make_person(session, "Ida"))
    paused.status = "paused"
    session.commit()
    page = text_of(client.get(f"/p/{cast.programme.slug}"))
    assert "<dt>Mentors</dt><dd>2<small>in 2 specialties and subspecialties</small>" in page
    assert "<dt>Mentees</dt><dd>1<small>" in page


def test_the_last_round_is_told_as_it_went(client, session, cast):
    past = Round(
        programme_id=cast.programme.id,
        name="Autumn",
        state="active",
        published_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    session.add(past)
    session.flush()
    session.add(
        Scenario(
            round_id=past.id,
            name="First",
            status="solved",
            unmatched=[{"mentee": "x"}],
            published_at=datetime(2026, 10, 1, tzinfo=UTC),
        )
    )
    session.add(
        Offer(
            round_id=past.id,
            mentor_id=cast.mentor.id,
            mentee_id=cast.mentee.id,
            state="accepted",
            minutes=60,
            mentor_answer="yes",
            mentee_answer="yes",
            deadline_at=datetime(2026, 10, 8, tzinfo=UTC),
        )
    )
    session.commit()
    page = text_of(client.get(f"/p/{cast.programme.slug}"))
    assert "Found a mentor in “Autumn”</dt><dd>1 of 2<small>and we told one person why not" in page


def test_the_round_that_people_join_now_sets_the_dates(client, session, cast, time_machine):
    time_machine.move_to(datetime(2027, 2, 15, tzinfo=UTC), tick=False)
    session.add(
        Round(programme_id=cast.programme.id, name="Spring 2027", state="enrolling", enrols_until=date(2027, 2, 26))
    )
    session.commit()
    page = text_of(client.get(f"/p/{cast.programme.slug}"))
    assert "Enrolment closes on Friday 26 February." in page
    assert "How “Spring 2027” runs" in page
    assert "By 2 April" in page


def test_after_enrolment_nobody_is_invited_to_join(client, session, cast, time_machine):
    time_machine.move_to(datetime(2027, 2, 15, tzinfo=UTC), tick=False)
    cast.programme.enrols_until = date(2027, 2, 14)
    session.commit()
    page = text_of(client.get(f"/p/{cast.programme.slug}"))
    assert "role=mentee" not in page
    assert "Enrolment closed on Sunday 14 February." in page


def test_an_unknown_programme_is_not_found(client, session):
    assert client.get("/p/nowhere").status_code == 404


def test_a_name_with_markup_is_shown_as_text(client, session):
    programme = make_programme(session, "<script>alert(1)</script>")
    session.commit()
    page = client.get(f"/p/{programme.slug}").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_queries_of_a_programme_page_do_not_grow_with_people(client, session, connection, cast):
    seen = []
    event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def count():
        seen.clear()
        client.get(f"/p/{cast.programme.slug}")
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)

    few = count()
    for number in range(6):
        make_mentor(session, cast.programme, make_person(session, f"Dr Number{number}"))
    session.commit()
    assert count() == few <= 9


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility"])
def test_pages_of_words_have_a_title_a_description_and_a_next_step(client, session, path):
    page = client.get(path).get_data(as_text=True)
    assert page.count("<h1>") == 1
    assert re.search(r'<meta name="description" content="[^"]{40,}"', page)
    assert 'class="btn' in page.split("<main")[1].split("</main")[0]
    assert client.post(path).status_code in {400, 405}


@pytest.mark.parametrize(
    ("choice", "attribute"), [("dark", 'data-bs-theme="dark"'), ("light", 'data-bs-theme="light"')]
)
def test_the_chosen_appearance_is_kept(client, session, choice, attribute):
    answer = client.post("/theme", data={"csrf_token": csrf_of(client, "/help"), "theme": choice})
    assert answer.status_code == 302
    assert attribute in client.get("/privacy").get_data(as_text=True)
    client.post("/theme", data={"csrf_token": csrf_of(client, "/help"), "theme": "system"})
    assert "data-bs-theme" not in client.get("/privacy").get_data(as_text=True)


def test_an_appearance_that_does_not_exist_is_refused_in_words(client, session):
    answer = client.post("/theme", data={"csrf_token": csrf_of(client, "/help"), "theme": "sepia"})
    assert answer.status_code == 400
    assert "Choose one of the three." in answer.get_data(as_text=True)


def test_the_appearance_needs_the_form_and_a_post(client, session):
    assert client.post("/theme", data={"theme": "dark"}).status_code == 400
    assert client.get("/theme").status_code == 405


def test_no_programme_is_made_by_looking(client, session):
    client.get("/")
    assert session.query(Programme).count() == 0
