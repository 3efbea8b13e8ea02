"""The page of suggestions, as people use it."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.functional.suggesting import PATH, form_for, text_of
from webapp.models import Exclusion, Interest, Mentorship, Offer, Round
from webapp.services import suggestions as subject


@pytest.fixture
def more_mentors(session, cast):
    """Three more mentors who fit about as well as Mo."""
    people = [
        make_person(session, name, zone="America/New_York") for name in ("Dr Uma Rao", "Dr Eve Cho", "Dr Ida Berg")
    ]
    mentors = [make_mentor(session, cast.programme, person) for person in people]
    session.commit()
    return mentors


def test_mentee_sees_who_fits_and_why(client, session, cast):
    page = text_of(sign_in(client, session, cast.lee).get(PATH))
    assert "Dr Mo Farahani" in page
    assert "Offers 1 of your 2 needs: <b>Operative and technical skills</b>." in page
    assert "<b>10 hours a week</b>" in page
    assert "All 120 minutes a month are free." in page
    assert 'aria-label="All 120 minutes a month are free."' in page


def test_next_shared_time_is_told_in_both_zones(client, session, cast, time_machine):
    time_machine.move_to(datetime(2027, 2, 15, 12, 0, tzinfo=UTC), tick=False)
    page = text_of(sign_in(client, session, cast.lee).get(PATH))
    assert "next: Monday 15 February, 17:00" in page
    assert "18:00 where Dr Mo Farahani is" in page


def test_mentor_sees_mentees_she_might_help(client, session, cast):
    page = text_of(sign_in(client, session, cast.mo).get(PATH))
    assert "One person you might help" in page
    assert "Lee Lindqvist" in page
    assert "Time to give" not in page


def test_at_most_five_cards_are_shown_at_first(client, session, cast, more_mentors):
    for name in ("Dr Ann Aho", "Dr Bea Bo", "Dr Cat Cy"):
        make_mentor(session, cast.programme, make_person(session, name))
    session.commit()
    page = sign_in(client, session, cast.lee).get(PATH).get_data(as_text=True)
    assert page.count('class="set sugg') == 5
    assert "2 other mentors could be paired with you too" in page


def test_saying_interested_leaves_the_cards_where_they_are(client, session, cast, more_mentors):
    sign_in(client, session, cast.lee)

    def order():
        return re.findall(r'<h2 id="n-([0-9a-f-]+)"', client.get(PATH).get_data(as_text=True))

    before = order()
    client.post(f"{PATH}/say", data=form_for(client, cast, more_mentors[0]))
    assert order() == before


def test_who_has_not_agreed_to_the_terms_is_suggested_to_nobody(client, session, cast):
    """A coordinator's membership is active before she joins as a mentor too."""
    sign_in(client, session, cast.lee)
    assert "Dr Mo Farahani" in client.get("/suggestions").get_data(as_text=True)
    cast.mentor.joined_at = None
    session.commit()
    assert "Dr Mo Farahani" not in client.get("/suggestions?why=Mo").get_data(as_text=True)


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        ("exclude", "Dr Mo Farahani is not available in this programme."),
        ("other_says_no", "Dr Mo Farahani is not available in this programme."),
        ("pair", "Dr Mo Farahani and you are a pair already"),
        ("pause", "Dr Mo Farahani is not taking anyone at the moment."),
        ("fill", "All of the time that Dr Mo Farahani can give is taken at the moment."),
        ("nothing", "Dr Mo Farahani is among your suggestions."),
    ],
)
def test_why_not_tells_what_a_participant_may_know(client, session, cast, prepare, sentence):
    pair = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
    if prepare == "exclude":
        session.add(Exclusion(**pair, code="CONFLICT"))
    elif prepare == "other_says_no":
        session.add(Interest(**pair, side="mentor", verdict="not_for_me"))
    elif prepare == "pause":
        cast.mentor.status = "paused"
    elif prepare == "fill":
        cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 120, 2
    elif prepare == "pair":
        cast.mentee.request.mentors_wanted = 2
        make_pair(session, cast)
    session.commit()
    page = text_of(sign_in(client, session, cast.lee).get(f"{PATH}?why=farahani"))
    assert sentence in page
    assert ('class="set sugg' in page) is (prepare == "nothing")


def make_pair(session, cast):
    cast.round = Round(programme_id=cast.programme.id, name="Autumn", state="active")
    session.add(cast.round)
    session.flush()
    offer = Offer(
        round_id=cast.round.id,
        mentor_id=cast.mentor.id,
        mentee_id=cast.mentee.id,
        state="accepted",
        minutes=60,
        mentor_answer="yes",
        mentee_answer="yes",
        deadline_at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    session.add(offer)
    session.flush()
    session.add(
        Mentorship(
            offer_id=offer.id,
            mentor_id=cast.mentor.id,
            mentee_id=cast.mentee.id,
            cadence="monthly",
            meeting_minutes=60,
        )
    )


def test_a_name_without_accents_finds_the_person(client, session, cast):
    make_mentor(session, cast.programme, make_person(session, "Dr Siobhán Kerrigan", windows=((6, 0, 60),)))
    session.commit()
    page = text_of(sign_in(client, session, cast.lee).get(f"{PATH}?why=siobhan"))
    assert "You share no free time with Dr Siobhán Kerrigan" in page


def test_who_asks_about_everybody_is_asked_to_pause(client, session, cast, monkeypatch):
    monkeypatch.setattr(subject, "QUESTIONS_AN_HOUR", 2)
    sign_in(client, session, cast.lee)
    answers = [client.get(f"{PATH}?why=mo").status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert client.get(PATH).status_code == 200


def test_an_unknown_name_is_answered_without_saying_who_exists_elsewhere(client, session, cast):
    page = text_of(sign_in(client, session, cast.lee).get(f"{PATH}?why=Kim"))
    assert "Nobody of that name" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("no_hours", "When are you free?"),
        ("complete", "You have the mentors you asked for"),
        ("nobody", "Nobody is here yet"),
        ("paused", "You have paused, so nobody is suggested"),
        ("none_fit", "Nobody fits yet"),
    ],
)
def test_an_empty_page_says_what_to_do(client, session, cast, change, sentence):
    if change == "no_hours":
        cast.lee.windows = []
    elif change == "complete":
        make_pair(session, cast)
    elif change == "nobody":
        cast.mentor.status = "left"
    elif change == "paused":
        cast.mentee.status = "paused"
    else:
        cast.mentor.person.profile.languages = ["fi"]
    session.commit()
    page = text_of(sign_in(client, session, cast.lee).get(PATH))
    assert sentence in page
    assert 'class="set sugg' not in page
    assert 'class="btn btn-primary' in page.split("<main")[1]


def test_whoever_is_in_no_programme_is_shown_the_way(client, session, cast):
    page = text_of(sign_in(client, session, make_person(session, "Nia New")).get(PATH))
    assert "You are in no programme as mentor or mentee" in page


def test_whoever_has_not_finished_joining_is_sent_on(client, session, cast):
    cast.mentee.status = "pending"
    session.commit()
    assert f"/join/{cast.programme.slug}" in text_of(sign_in(client, session, cast.lee).get(PATH))


def test_mentor_who_is_also_a_mentee_has_a_tab_for_each(client, session, cast):
    make_mentee(session, cast.programme, cast.mo)
    make_mentor(session, cast.programme, make_person(session, "Dr Uma Rao", profile={"stage": "attending_senior"}))
    session.commit()
    sign_in(client, session, cast.mo)
    page = text_of(client.get(f"{PATH}?role=mentee"))
    assert "People you might help" in page
    assert "Dr Uma Rao" in page
    assert 'class="set sugg' in page
    assert "Dr Mo Farahani</h2>" not in page
    assert "Lee Lindqvist" in text_of(client.get(f"{PATH}?role=mentor"))


def test_strangers_are_asked_to_sign_in(client, cast):
    assert client.get(PATH).status_code == 302
    assert client.post(f"{PATH}/say").status_code in {400, 403}


def test_the_number_of_queries_does_not_grow_with_people(client, session, cast, connection, more_mentors):
    sign_in(client, session, cast.lee)

    def count():
        seen = []
        event.listen(connection, "before_cursor_execute", lambda *args: seen.append(args[2]))
        client.get(PATH)
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)

    few = count()
    for number in range(12):
        make_mentor(session, cast.programme, make_person(session, f"Dr Person{number} Name"))
    session.commit()
    assert count() / 2 <= few <= 12
