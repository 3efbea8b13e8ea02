"""The home page: what waits, in order, for each kind of person."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme, sign_in
from webapp.models import Membership, Mentorship, Offer, Round

NOW = datetime(2027, 2, 15, 18, 0, tzinfo=UTC)  # a Monday, noon in Chicago


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def spring(session, cast) -> Round:
    found = Round(programme_id=cast.programme.id, name="Spring 2027", state="published")
    session.add(found)
    session.flush()
    return found


def make_offer(session, round_, mentor, mentee, **values) -> Offer:
    values = {"minutes": 60, "holds_minutes": True, "slot_weekday": 1, "slot_minute": 19 * 60} | values
    values.setdefault("deadline_at", NOW + timedelta(days=5))
    offer = Offer(round_id=round_.id, mentor_id=mentor.id, mentee_id=mentee.id, **values)
    session.add(offer)
    session.flush()
    return offer


def make_pair(session, round_, mentor, mentee, **values) -> Mentorship:
    offer = make_offer(session, round_, mentor, mentee, state="accepted", mentor_answer="yes", mentee_answer="yes")
    pair = Mentorship(
        offer_id=offer.id,
        mentor_id=mentor.id,
        mentee_id=mentee.id,
        cadence="monthly",
        meeting_minutes=60,
        slot_weekday=1,
        slot_minute=19 * 60,
        **values,
    )
    session.add(pair)
    session.flush()
    return pair


def home(client, session, person) -> str:
    session.commit()
    sign_in(client, session, person)
    page = client.get("/home")
    assert page.status_code == 200
    return page.get_data(as_text=True)


def title(page) -> str:
    return page.split("<h1>")[1].split("</h1>")[0]


def test_who_has_said_yes_already_comes_first(client, session, cast, spring):
    other = make_mentor(session, cast.programme, make_person(session, "Dr Amara Nwosu-Hale"))
    make_offer(session, spring, other, cast.mentee, deadline_at=NOW + timedelta(days=1))
    waiting = make_offer(session, spring, cast.mentor, cast.mentee, mentor_answer="yes")
    page = home(client, session, cast.lee)
    assert title(page) == "Good afternoon, Lee. Dr Farahani is waiting for your answer."
    assert page.index("Meet Dr Mo Farahani?") < page.index("Meet Dr Amara Nwosu-Hale?")
    assert f'href="/offers/{waiting.id}"' in page
    assert "until Saturday 20 February" in page


@pytest.mark.parametrize(
    ("hour", "greeting"), [(12, "Good morning"), (18, "Good afternoon"), (23, "Good afternoon"), (2, "Good evening")]
)
def test_greeting_goes_by_the_readers_own_clock(client, session, cast, hour, greeting):
    with time_machine.travel(NOW.replace(hour=hour), tick=False):
        assert title(home(client, session, cast.lee)).startswith(greeting)


def test_mentor_sees_the_question_her_month_and_her_mentees(client, session, cast, spring):
    make_pair(session, spring, cast.mentor, make_mentee(session, cast.programme, make_person(session, "Noor Aho")))
    make_offer(session, spring, cast.mentor, cast.mentee)
    cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 120, 2
    page = home(client, session, cast.mo)
    assert title(page).endswith("Would you mentor Lee Lindqvist?")
    assert "60 minutes booked, 60 held for open offers, 0 free, of 120 a month" in page
    assert page.count('<i class="held">') == 4 + 1, "four tiles and the key"
    assert "No place is open." in page
    assert "Noor Aho" in page


def test_board_has_people_offers_and_holes(client, session, cast, spring):
    cast.mentee.request.mentors_wanted = 3
    cast.mentee.request.topics = ["leadership", "work_life", "grants"]
    make_pair(session, spring, cast.mentor, cast.mentee)
    session.add(Round(programme_id=cast.programme.id, name="Autumn", state="enrolling", enrols_until=date(2027, 2, 26)))
    page = home(client, session, cast.lee)
    board = page.split('class="board')[1].split("</ul>")[0]
    assert board.count("<li") == 3
    assert board.count('class="free"') == 2
    roles = [part.split("<")[0] for part in board.split('class="role">')[1:]]
    assert roles == ["Leadership development", "Work-life integration", "Grants and funding"]
    assert "The next round closes on 26 February." in board
    assert "You asked for 3 people" in page


def test_declined_says_not_free_and_never_why(client, session, cast, spring):
    make_offer(
        session,
        spring,
        cast.mentor,
        cast.mentee,
        state="declined",
        mentor_answer="no",
        mentee_answer="yes",
        decline_reason="no_time",
        holds_minutes=False,
        closed_at=NOW - timedelta(days=1),
    )
    page = home(client, session, cast.lee)
    assert title(page).endswith("Dr Farahani is not free this round.")
    assert "You keep your place in line." in page
    assert "no_time" not in page
    assert "is not free" not in home(client, session, cast.mo), "her own no is no news to her"


def test_whoever_said_yes_reads_that_the_other_decides(client, session, cast, spring):
    make_offer(session, spring, cast.mentor, cast.mentee, mentor_answer="yes")
    page = home(client, session, cast.mo)
    assert title(page).endswith("You said yes. Now Lee decides.")
    assert "Lee answers by 20 Feb" in page


def test_old_news_is_gone(client, session, cast, spring):
    make_offer(
        session,
        spring,
        cast.mentor,
        cast.mentee,
        state="expired",
        mentee_answer="yes",
        holds_minutes=False,
        closed_at=NOW - timedelta(days=15),
    )
    assert "No answer came" not in home(client, session, cast.lee)


def test_ended_pair_is_told_without_blame(client, session, cast, spring):
    make_pair(session, spring, cast.mentor, cast.mentee, status="ended", ended_at=NOW - timedelta(days=2))
    page = home(client, session, cast.lee)
    assert "You and Dr Mo Farahani have ended your pair" in page
    assert "without blame" in page


def test_unfinished_joining_waits(client, session, cast):
    programme = make_programme(session, "Highland Surgeons")
    session.add(Membership(person_id=cast.lee.id, programme_id=programme.id, is_mentee=True, status="pending"))
    page = home(client, session, cast.lee)
    assert "Finish joining Highland Surgeons" in page
    assert f'href="/join/{programme.slug}"' in page


@pytest.mark.parametrize(
    ("state", "until", "sentence"),
    [
        ("draft", None, "Spring 2027 is a draft."),
        ("enrolling", date(2027, 2, 14), "Enrolment of Spring 2027 is over."),
        ("frozen", None, "Spring 2027 can be worked out."),
        ("review", None, "Spring 2027 is ready to review."),
    ],
)
def test_coordinator_sees_the_rounds_that_wait(client, session, cast, spring, state, until, sentence):
    spring.state, spring.enrols_until = state, until
    page = home(client, session, cast.ada)
    assert title(page).endswith(sentence)
    assert f'href="/c/{cast.programme.slug}/rounds/{spring.id}"' in page
    assert sentence not in home(client, session, cast.lee)
    assert sentence not in home(client, session, cast.kim)


def test_paused_mentor_is_reminded(client, session, cast):
    cast.mentor.offer.paused_from = date(2027, 2, 1)
    page = home(client, session, cast.mo)
    assert "You pause in" in page


def test_whoever_belongs_nowhere_is_shown_the_way(client, session):
    page = home(client, session, make_person(session, "Nia New"))
    assert "You are in no programme yet" in page
    operator = make_person(session, "Olu Operator", is_operator=True)
    page = home(client, session, operator)
    assert title(page).endswith("You look after this installation.")
    assert 'href="/c/"' in page


def test_coordinator_reads_where_her_round_stands_and_has_one_button(client, session, cast, spring):
    spring.state, spring.enrols_until = "enrolling", date(2027, 2, 26)
    page = home(client, session, cast.ada)
    assert title(page) == "Good afternoon, Ada. Spring 2027 is open for joining."
    assert "1 mentee, 1 mentor, 0 pairs." in page
    assert page.count("btn-primary") == 1
    assert 'aria-current="step"><span>Enrolling' in page


def test_mentee_who_has_her_mentors_is_not_told_to_wait_for_the_round(client, session, cast, spring):
    cast.mentee.request.mentors_wanted = 1
    make_pair(session, spring, cast.mentor, cast.mentee)
    session.add(Round(programme_id=cast.programme.id, name="Autumn", state="enrolling", enrols_until=date(2027, 2, 26)))
    page = home(client, session, cast.lee)
    assert "You have the mentors you asked for." in page
    assert "You are part of it." not in page


def test_mentor_without_mentees_is_told_what_to_do(client, session, cast):
    page = home(client, session, cast.mo)
    assert "No mentee yet" in page
    assert "120 of 120 minutes a month are free" in page


def test_strangers_and_other_methods(client, session, cast):
    assert client.get("/home").location.startswith("/login")
    sign_in(client, session, cast.lee)
    assert client.put("/home").status_code in {400, 405}


def test_queries_do_not_grow_with_offers_and_pairs(client, session, cast, spring, count_queries):
    home(client, session, cast.mo)
    with count_queries() as few:
        client.get("/home")
    for number in range(12):
        mentee = make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
        make = make_pair if number % 2 else make_offer
        make(session, spring, cast.mentor, mentee)
    session.commit()
    with count_queries() as many:
        client.get("/home")
    assert len(many) == len(few)
    assert len(many) <= 8, many
