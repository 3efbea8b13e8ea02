"""The coordinator's programme: made, looked at, changed, shared with another coordinator."""

import re

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentor, make_person, sign_in
from tests.factories.guests import make_guest
from tests.functional.console import send, text_of
from webapp.models import Membership, Programme

NEW = {
    "name": "Chirurginnen fördern 2027",
    "starts_on": "2027-05-01",
    "ends_on": "2028-04-30",
    "cadence": "monthly",
    "meeting_minutes": "60",
}


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


def test_programme_is_made_from_defaults_and_its_maker_coordinates_it(ada, session, cast):
    answer = send(ada, "/c/new", **NEW)
    assert answer.headers["Location"] == "/c/chirurginnen-fordern-2027"
    programme = session.scalar(select(Programme).where(Programme.slug == "chirurginnen-fordern-2027"))
    assert programme.weights["specialty"] > 0
    assert "without blame" in programme.terms
    assert programme.minutes_a_month == 60
    member = session.scalar(select(Membership).where(Membership.programme_id == programme.id))
    assert (member.person_id, member.is_coordinator, member.status) == (cast.ada.id, True, "active")
    page = text_of(ada, answer.headers["Location"])
    assert "Nobody has joined yet" in page
    assert "http://localhost/p/chirurginnen-fordern-2027" in page


def test_form_for_a_programme_suggests_dates(ada):
    page = text_of(ada, "/c/new")
    assert len(re.findall(r'type="date" value="\d{4}-\d\d-\d\d"', page)) == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Give the programme a name."),
        ({"slug": "Not A Slug"}, "Small letters, digits and single hyphens"),
        ({"slug": "new"}, "needed for something else"),
        ({"ends_on": "2027-04-01"}, "The last day comes after the first."),
        ({"ends_on": "2047-04-01"}, "five years at most"),
        ({"meeting_minutes": "5"}, "Between 15 minutes and four hours."),
        ({"name": "!!!"}, "needed for something else"),
    ],
)
def test_faults_of_a_new_programme_stand_on_their_fields(ada, session, change, says):
    before = session.query(Programme).count()
    answer = send(ada, "/c/new", **{**NEW, **change})
    assert answer.status_code == 200
    assert says in answer.get_data(as_text=True)
    assert session.query(Programme).count() == before


def test_address_taken_by_another_programme_is_refused(ada, cast):
    answer = send(ada, "/c/new", **NEW, slug=cast.elsewhere.slug)
    assert "Another programme has this address already" in answer.get_data(as_text=True)


def test_list_shows_own_programmes_only_and_all_to_an_operator(ada, client, session, cast):
    page = text_of(ada, "/c/")
    assert cast.programme.name in page
    assert "Elsewhere" not in page
    operator = make_person(session, "Olga Operator", is_operator=True)
    page = text_of(sign_in(client, session, operator), "/c/")
    assert "Elsewhere" in page
    assert f'href="/c/{cast.elsewhere.slug}"' not in page


def test_overview_counts_and_names_the_next_step(ada, session, cast):
    late = make_mentor(session, cast.programme, make_person(session, "Late Larsson"))
    late.status, late.joined_at = "pending", None
    session.commit()
    page = text_of(ada, f"/c/{cast.programme.slug}")
    assert "A round can begin" in page
    assert f'href="/c/{cast.programme.slug}/rounds/new"' in page
    assert f'href="/c/{cast.programme.slug}/people?needs=anything"' in page


def test_overview_leads_to_inviting_whom_a_file_brought(ada, session, cast):
    cast.mentor.status, cast.mentee.status = "paused", "left"
    make_guest(session, cast.programme, "Grace Hopper")
    session.commit()
    page = text_of(ada, f"/c/{cast.programme.slug}")
    assert "1 person waits for an invitation" in page
    assert f'class="btn btn-primary" href="/c/{cast.programme.slug}/people/invite"' in page


def name_coordinator(client, cast, email):
    slug = cast.programme.slug
    return send(client, f"/c/{slug}/coordinators", page=f"/c/{slug}/settings", email=email)


def test_another_coordinator_is_named_by_her_account(ada, client, session, cast):
    answer = name_coordinator(ada, cast, cast.kim.email.upper())
    assert answer.headers["Location"] == f"/c/{cast.programme.slug}/settings"
    assert text_of(sign_in(client, session, cast.kim), f"/c/{cast.programme.slug}")


def test_a_mentor_may_coordinate_too_and_stays_a_mentor(ada, session, cast):
    name_coordinator(ada, cast, cast.mo.email)
    member = session.get(Membership, cast.mentor.id, populate_existing=True)
    assert (member.is_coordinator, member.is_mentor, member.status) == (True, True, "active")


def test_whoever_has_no_account_must_sign_up_first(ada, cast):
    page = name_coordinator(ada, cast, "nobody@example.org").get_data(as_text=True)
    assert "must sign up first" in page


def test_an_account_that_is_not_confirmed_cannot_coordinate(ada, session, cast):
    cast.kim.email_verified_at = None
    session.commit()
    assert "not confirmed yet" in name_coordinator(ada, cast, cast.kim.email).get_data(as_text=True)


@pytest.mark.parametrize(
    ("status", "says"), [("pending", "not finished joining"), ("paused", "pauses"), ("left", "left")]
)
def test_naming_a_coordinator_puts_nobody_into_the_pool(ada, session, cast, status, says):
    cast.mentor.status = status
    session.commit()
    assert says in name_coordinator(ada, cast, cast.mo.email).get_data(as_text=True)
    member = session.get(Membership, cast.mentor.id, populate_existing=True)
    assert (member.is_coordinator, member.status) == (False, status)


def test_a_coordinator_is_not_named_twice(ada, cast):
    assert "coordinates the programme already" in name_coordinator(ada, cast, cast.ada.email).get_data(as_text=True)
    assert "not complete" in name_coordinator(ada, cast, "ada").get_data(as_text=True)
