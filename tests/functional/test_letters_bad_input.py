"""What is sent to letters, offers, suggestions and progress that cannot be taken: said clearly, and nothing is lost."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_mentor, make_person, sign_in
from tests.factories.letters import PARTS, open_box
from tests.factories.offers import make_offer, make_round
from tests.functional.console import send, text_of
from webapp.models import Achievement, Goal, MentorOffer, Message, OfferAsk, OfferMessage, utc_now


@pytest.fixture
def offer(session, cast):
    now = utc_now()
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    found = make_offer(session, round_, cast.mentor, cast.mentee, now=now, slot_minute=18 * 60, slot_week=0)
    session.commit()
    return found


@pytest.fixture
def lee(client, session, cast):
    return sign_in(client, session, cast.lee)


def write(client, mentor, step="send", **values):
    known = {"csrf_token": csrf_of(client, "/home"), "form_key": str(uuid.uuid4()), "ask": "30", "step": step}
    return client.post(f"/mentors/{mentor.id}/letter", data={**known, **PARTS, **values})


def post(client, path, **values):
    return client.post(path, data={"csrf_token": csrf_of(client, "/home"), **values}, follow_redirects=True)


def test_a_letter_of_twenty_thousand_letters_is_kept_and_measured(lee, session, cast, box):
    question = "How? " * 4000
    page = write(lee, cast.mentor, step="preview", question=question).get_data(as_text=True)
    assert "Keep it to 2,000 characters. It has 19,999 now." in page
    assert question.strip() in page
    assert "maxlength" not in page.partition("<main")[2], "a browser would cut what is pasted, and say nothing"
    assert session.scalars(select(Message)).all() == []


def test_words_to_a_mentor_who_left_meanwhile_stay_with_their_writer(lee, session, cast, box):
    box.is_open = False
    session.commit()
    for step in ("preview", "send"):
        answer = write(lee, cast.mentor, step=step)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 404
        assert "Your letter was not sent" in page
        assert "Find another mentor" in page
        assert all(words in page for words in PARTS.values())
    assert lee.get(f"/mentors/{cast.mentor.id}/letter").status_code == 404


def test_a_letter_written_in_two_tabs_is_told_before_it_is_looked_at(lee, session, cast, letter):
    page = write(lee, cast.mentor, step="preview").get_data(as_text=True)
    assert "Your letter to Dr Farahani waits for an answer. Nothing was sent; your letter is below." in page
    assert PARTS["question"] in page


@pytest.mark.parametrize(("step", "field"), [("ask", "ask-text"), ("reply", "reply-text")])
def test_a_button_pressed_twice_says_it_once(client, session, cast, letter, step, field):
    if step == "reply":
        letter.state, letter.asked_back = "asked", "Which year?"
        session.commit()
    person = cast.mo if step == "ask" else cast.lee
    browser = sign_in(client, session, person)
    for _click in range(2):
        page = text_of(browser, post(browser, f"/letters/{letter.id}/{step}", **{field: "Which one?"}).request.path)
        assert "settled meanwhile" not in page
    session.expire_all()
    assert (letter.state, letter.asked_back or letter.reply) == (
        ("asked", "Which one?") if step == "ask" else ("waiting", "Which year?")
    )


def test_what_was_written_of_a_letter_that_was_settled_is_given_back(client, session, cast, letter):
    mo = sign_in(client, session, cast.mo)
    letter.state, letter.place, letter.closed_at = "withdrawn", None, utc_now()
    session.commit()
    answer = send(mo, f"/letters/{letter.id}/ask", page="/home", **{"ask-text": "Which year are you in?"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "This was settled meanwhile." in page
    assert re.search(r"<textarea[^>]* readonly>Which year are you in\?</textarea>", page)


def test_nobody_is_suggested_by_leaving_the_choice_as_it_is(client, session, cast, letter):
    open_box(session, make_mentor(session, cast.programme, make_person(session, "Dr Uma Rao")))
    session.commit()
    mo = sign_in(client, session, cast.mo)
    page = send(mo, f"/letters/{letter.id}/suggest", page="/home", **{"suggest-colleague": ""})
    assert "Choose a colleague." in page.get_data(as_text=True)
    session.expire_all()
    assert letter.state == "waiting"


def test_a_question_beside_an_offer_is_kept_whatever_happened_meanwhile(client, session, cast, offer):
    path = f"/offers/{offer.id}/question"
    lee = sign_in(client, session, cast.lee)
    for _click in range(2):
        assert "Your line is sent." in post(lee, path, text="How do you teach?", seen="0").get_data(as_text=True)
    assert session.query(OfferMessage).count() == 1
    page = post(lee, path, text="And where?", seen="0").get_data(as_text=True)
    assert re.search(r'<textarea[^>]* name="text"[^>]*>\s*And where\?</textarea>', page)
    assert 'name="seen" type="hidden" value="1"' in page, "sent again, it goes"
    offer.state, offer.closed_at = "withdrawn", utc_now()
    session.commit()
    page = post(lee, path, text="And where?", seen="1").get_data(as_text=True)
    assert re.search(r"<textarea[^>]* readonly>And where\?</textarea>", page)


def test_a_proposal_sent_twice_is_one(client, session, cast, offer):
    lee = sign_in(client, session, cast.lee)
    path = f"/offers/{offer.id}/call"
    values = re.findall(r'name="choices"[^>]*value="([^"]+)"', lee.get(path).get_data(as_text=True))
    for _click in range(2):
        page = post(lee, path, choices=values, place="Room 4").get_data(as_text=True)
        assert "Your wish for a call is sent." in page
    assert session.query(OfferAsk).count() == 1


def test_a_call_past_the_month_keeps_what_was_ticked_and_written(client, session, cast, offer):
    session.get_one(MentorOffer, cast.mentor.offer.id).minutes_a_month = 60
    session.commit()
    mo = sign_in(client, session, cast.mo)
    path = f"/offers/{offer.id}/call"
    values = re.findall(r'name="choices"[^>]*value="([^"]+)"', mo.get(path).get_data(as_text=True))
    page = post(mo, path, choices=values[:1], place="+1 312 555 01 99").get_data(as_text=True)
    assert "That would go past the minutes of the month. Tick this, or choose another day." in page
    assert 'value="+1 312 555 01 99"' in page
    assert re.findall(r'<input checked[^>]*name="choices"[^>]*value="([^"]+)"', page) == values[:1]
    assert session.query(OfferAsk).count() == 0


def test_an_hour_that_is_not_free_any_more_is_named_as_such(client, session, cast, offer):
    page = post(sign_in(client, session, cast.lee), f"/offers/{offer.id}/hour", choices=["0-0-0"])
    assert "One of them is not free any more." in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/mentors?q=a%00b",
        "/mentors?country=%00a",
        "/mentors?zone=Nowhere/Gone%00",
        "/mentors?zone=US/Pacific-New&page=-3",
        "/mentors?topic=nothing&format=nothing&free=nothing&page=x",
        "/suggestions?why=a%00b&need=%00&role=nobody",
    ],
)
def test_an_address_that_nobody_links_to_shows_a_page(lee, path):
    assert lee.get(path).status_code == 200


def test_characters_that_no_database_keeps_are_left_out(lee, session, cast, offer):
    assert "saved" in post(lee, "/me/progress/goals/new", text="a\x00b\u202e c").get_data(as_text=True)
    values = {"kind": "talk", "text": "d\x00\ne", "achieved_on": "2026-01-01"}
    assert "Well done" in post(lee, "/me/progress/achievements/new", **values).get_data(as_text=True)
    assert "Your line is sent." in post(lee, f"/offers/{offer.id}/question", text="f\x00g\x07", seen="0").get_data(
        as_text=True
    )
    assert session.scalars(select(Goal.text)).all() == ["ab c"]
    assert session.scalars(select(Achievement.text)).all() == ["d e"]
    assert session.scalars(select(OfferMessage.text)).all() == ["fg"]
    assert lee.get("/mentors/%00").status_code == 404


@pytest.mark.parametrize(
    ("path", "values", "words"),
    [
        ("/me/progress/goals/new", {"text": "A paper", "due_on": "2026-02-30"}, "Give a date that is in the calendar."),
        (
            "/me/progress/achievements/new",
            {"kind": "talk", "text": "A talk", "achieved_on": "2999-01-01"},
            "Give a date that has come already.",
        ),
        (
            "/me/progress/achievements/new",
            {"kind": "talk", "text": "A talk", "achieved_on": "soon"},
            "Give a date that is in the calendar.",
        ),
    ],
)
def test_a_day_that_cannot_be_is_said_and_the_words_stay(lee, path, values, words):
    page = post(lee, path, **values).get_data(as_text=True)
    assert words in page
    assert values["text"] in page


@pytest.mark.parametrize(
    ("path", "values", "words"),
    [
        ("time", {"minutes_a_month": "many", "places": "2"}, "Write a number of minutes, such as 60."),
        ("time", {"minutes_a_month": "60", "places": "9" * 40}, "Give at least one place, or pause instead."),
        ("time", {"minutes_a_month": "60", "places": "two"}, "Write a number of mentees, such as 2."),
        ("pause", {"paused_from": "2026-13-01"}, "Give a date that is in the calendar."),
        ("pause", {"paused_from": "2026-03-01", "paused_until": "2026-02-01"}, "The last day is before the first."),
        ("letters", {"is_open": "y", "a_week": "lots", "about": "Be brief."}, "Write a number from 1 to 10."),
    ],
)
def test_a_mentor_reads_what_to_write_instead(client, session, cast, path, values, words):
    page = post(sign_in(client, session, cast.mo), f"/me/{path}/{cast.programme.slug}", **values)
    assert words in page.get_data(as_text=True)
    assert "Not a valid" not in page.get_data(as_text=True)


def test_an_id_that_is_none_is_refused_in_words(lee, cast):
    known = {"programme": cast.programme.slug, "side": "mentee", "verdict": "interested", "way": "up"}
    for path in ("/suggestions/say", "/suggestions/rank"):
        page = post(lee, path, other="nobody", **known)
        assert page.status_code == 400
        assert "That cannot be done" in page.get_data(as_text=True)
        assert post(lee, path, other=str(uuid.uuid4()), **known).status_code == 404
    for path in (
        "/mentors/nobody",
        "/letters/1",
        "/offers/None",
        f"/mentors/{uuid.uuid4()}",
        f"/letters/{uuid.uuid4()}",
    ):
        assert lee.get(path).status_code == 404


def test_the_same_goal_sent_twice_is_one(lee, session, cast):
    values = {"text": "A paper", "due_on": (utc_now() + timedelta(days=90)).date().isoformat()}
    for _click in range(2):
        post(lee, "/me/progress/goals/new", **values)
        post(lee, "/me/progress/achievements/new", kind="talk", text="A talk", achieved_on="2026-01-01")
    assert session.query(Goal).count() == session.query(Achievement).count() == 1


@pytest.mark.parametrize("gone", ["lee", "mo"])
def test_a_time_zone_that_is_no_more_keeps_nobody_from_letters_and_offers(client, session, cast, letter, offer, gone):
    getattr(cast, gone).zone = "US/Pacific-New"
    session.commit()
    pages = ["/home", "/letters", f"/letters/{letter.id}", f"/offers/{offer.id}", "/suggestions", "/me/progress"]
    pages += [f"/offers/{offer.id}/hour", f"/offers/{offer.id}/call", f"/offers/{offer.id}/meeting.ics"]
    for person, more in (
        (cast.lee, ["/mentors", f"/mentors/{cast.mentor.id}", "/mentors?zone=US/Pacific-New"]),
        (cast.mo, ["/me/time", f"/me/time/{cast.programme.slug}", f"/me/pause/{cast.programme.slug}"]),
    ):
        browser = sign_in(client, session, person)
        for path in [*pages, *more]:
            answer = browser.get(path, follow_redirects=True)
            assert answer.status_code in ({200, 404} if path.endswith(".ics") else {200}), path
