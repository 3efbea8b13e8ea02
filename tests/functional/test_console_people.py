"""The people of a programme: found, filtered, paged, read one by one."""

import re

import pytest

from tests.factories.cast import make_coordinator, make_mentee, make_mentor, make_person, sign_in
from tests.factories.guests import make_guest
from tests.factories.offers import make_offer, make_round
from tests.functional.console import text_of
from webapp.models import Membership, Mentorship
from webapp.services.people import PAGE


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people"


def names_in(page: str) -> list[str]:
    return re.findall(r'/people/[0-9a-f-]{36}">([^<]+)</a>', page)


def test_table_shows_roles_state_and_the_mentors_month(ada, path):
    page = text_of(ada, path)
    assert set(names_in(page)) == {"Ada Oduya", "Dr Mo Farahani", "Lee Lindqvist"}
    assert "0 of 120 min booked, 0 of 2 places" in page
    assert 'aria-label="0 of 120 minutes a month taken"' in page
    assert "Junior resident" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=farahani", ["Dr Mo Farahani"]),
        ("q=MO+fara", ["Dr Mo Farahani"]),
        ("q=lee.", ["Lee Lindqvist"]),
        ("q=åsa", ["Åsa Öhman"]),
        ("q=ÖHMAN", ["Åsa Öhman"]),
        ("q=karolinska", ["Åsa Öhman"]),
        ("q=100%25", []),
        ("role=mentor", ["Dr Mo Farahani", "Åsa Öhman"]),
        ("role=mentee", ["Lee Lindqvist"]),
        ("role=coordinator", ["Ada Oduya"]),
        ("role=both", []),
        ("status=pending", ["Åsa Öhman"]),
        ("stage=resident_junior", ["Lee Lindqvist"]),
        ("specialty=vascular_surgery", ["Åsa Öhman"]),
        ("specialty=vascular_surgery&role=mentee", []),
        ("role=pirate&status=nowhere&page=-3&sort=x", ["Ada Oduya", "Dr Mo Farahani", "Lee Lindqvist", "Åsa Öhman"]),
    ],
)
def test_filters_in_the_address_find_the_same_people_on_both_databases(ada, session, cast, path, query, found):
    profile = {"institution": "Karolinska", "specialties": ["aortic_surgery"]}
    asa = make_mentor(session, cast.programme, make_person(session, "Åsa Öhman", profile=profile))
    asa.status, asa.joined_at = "pending", None
    session.commit()
    assert sorted(names_in(text_of(ada, f"{path}?{query}"))) == sorted(found)


def test_who_has_left_is_shown_only_when_asked_for(ada, session, cast, path):
    cast.mentee.status = "left"
    session.commit()
    assert "Lee Lindqvist" not in text_of(ada, path)
    assert "Lee Lindqvist" in text_of(ada, f"{path}?status=left")


def test_pages_keep_filters_and_queries_stay_few_whatever_the_number(ada, session, cast, path, count_queries):
    with count_queries() as few:
        text_of(ada, path)
    for number in range(2 * PAGE):
        make_mentee(session, cast.programme, make_person(session, f"Mentee {number:02d}"))
    session.commit()
    with count_queries() as many:
        page = text_of(ada, f"{path}?role=mentee&page=2")
    assert len(names_in(page)) == PAGE
    assert "role=mentee&amp;page=3" in page
    assert len(many) == len(few) <= 12
    assert len(names_in(text_of(ada, f"{path}?role=mentee&page=99"))) == 1


def test_order_by_free_time_puts_the_mentor_with_most_first(ada, session, cast, path):
    make_mentor(session, cast.programme, make_person(session, "Zita Zimmer"), minutes=600, places=9)
    session.commit()
    assert names_in(text_of(ada, f"{path}?sort=free"))[:2] == ["Zita Zimmer", "Dr Mo Farahani"]


def test_empty_programme_offers_the_link_to_share(client, session, cast):
    make_coordinator(session, cast.elsewhere, cast.ada)
    session.query(Membership).filter_by(person_id=cast.kim.id).one().status = "left"
    session.commit()
    page = text_of(sign_in(client, session, cast.ada), f"/c/{cast.elsewhere.slug}/people?role=mentor")
    assert "Nobody fits these filters" in page
    page = text_of(client, f"/c/{cast.elsewhere.slug}/people")
    assert f"http://localhost/p/{cast.elsewhere.slug}" in page


def test_person_page_tells_answers_hours_and_minutes(ada, session, cast, path):
    cast.mentor.offer.about = "I like to teach."
    session.commit()
    page = text_of(ada, f"{path}/{cast.mentor.id}")
    assert "Mon to Fri 17:00–20:00" in page
    assert "15 hours a week, on the clock of New York" in page
    assert "120 minutes given, 0 taken" in page
    assert "Operative and technical skills" in page
    assert "I like to teach." in page
    page = text_of(ada, f"{path}/{cast.mentee.id}")
    assert "1. Operative and technical skills; 2. Work-life integration" in page


def test_person_page_lists_offers_and_pairs(ada, session, cast, path, now):
    round_ = make_round(session, cast.programme, state="published")
    offer = make_offer(
        session, round_, cast.mentor, cast.mentee, now=now, state="accepted", mentor_answer="yes", mentee_answer="yes"
    )
    session.add(
        Mentorship(
            offer_id=offer.id,
            mentor_id=cast.mentor.id,
            mentee_id=cast.mentee.id,
            cadence="monthly",
            meeting_minutes=60,
        )
    )
    other = make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
    make_offer(session, round_, cast.mentor, other, now=now)
    session.commit()
    page = text_of(ada, f"{path}/{cast.mentor.id}")
    assert re.search(r"Lee Lindqvist</a>.*?Meeting", page, re.DOTALL)
    assert re.search(r"Zoë Abernathy</a>.*?Waits for answers", page, re.DOTALL)


def test_whoever_has_not_finished_joining_is_said_to_take_no_part(ada, session, cast, path):
    cast.mentee.status, cast.mentee.joined_at = "pending", None
    session.commit()
    page = text_of(ada, f"{path}/{cast.mentee.id}")
    assert "Has not finished joining" in page
    assert "Has not agreed to the terms yet" in page


@pytest.mark.parametrize("status", ["invited", "left"])
def test_account_that_never_said_yes_shows_name_and_address_alone(ada, session, cast, path, status):
    profile = {"institution": "Karolinska", "city": "Solna", "stage": "premed", "specialties": ["aortic_surgery"]}
    asa = make_person(session, "Åsa Öhman", profile=profile)
    guest = make_guest(session, cast.programme, person=asa, roles=("mentor",), status=status)
    session.commit()
    for page in (f"{path}?status={status}", f"{path}/{guest.id}"):
        text = text_of(ada, page)
        assert "Åsa Öhman" in text
        assert "Karolinska" not in text
        assert "Solna" not in text
    for asked in ("q=Karolinska", "q=solna", "stage=premed", "specialty=vascular_surgery"):
        assert names_in(text_of(ada, f"{path}?status={status}&{asked}")) == []
