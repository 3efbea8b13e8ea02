"""What a letter leads to: a question back, an offer, a colleague, not now."""

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_mentor, make_person, sign_in
from tests.factories.letters import make_letter, open_box
from tests.functional.console import send, text_of
from tests.functional.letters import sent, state_of
from webapp.models import Offer, utc_now


def test_letter_belongs_to_its_two(client, session, cast, letter):
    for person, status in ((cast.mo, 200), (cast.lee, 200), (cast.ada, 404), (cast.kim, 404)):
        text_of(sign_in(client, session, person), f"/letters/{letter.id}", status)
    for step in ("yes", "not-now", "ask", "suggest", "reply", "withdraw", "report", "block"):
        answer = client.post(f"/letters/{letter.id}/{step}", data={"csrf_token": csrf_of(client, "/home")})
        assert answer.status_code == 404
    assert state_of(session, letter.id) == "waiting"


def test_steps_of_one_side_are_closed_to_the_other(client, session, cast, letter):
    page, path = "/letters", f"/letters/{letter.id}"
    lee = sign_in(client, session, cast.lee)
    assert send(lee, f"{path}/yes", page="/home").status_code == 404
    assert send(lee, f"{path}/not-now", page="/home").status_code == 404
    assert send(lee, f"{path}/ask", page="/home", **{"ask-text": "Why?"}).status_code == 404
    mo = sign_in(client, session, cast.mo)
    assert send(mo, f"{path}/withdraw", page="/home").status_code == 404
    assert send(mo, f"{path}/reply", page="/home", **{"reply-text": "x"}).status_code == 404
    assert text_of(mo, page)


def test_mentor_asks_back_and_the_mentee_answers_once(client, session, cast, letter, time_machine):
    path, due = f"/letters/{letter.id}", letter.due_at
    mo = sign_in(client, session, cast.mo)
    assert "Write what you would like to know." in send(mo, f"{path}/ask", page=path).get_data(as_text=True)
    send(mo, f"{path}/ask", page=path, **{"ask-text": "Which year are you in?"})
    assert state_of(session, letter.id) == "asked"
    lee = sign_in(client, session, cast.lee)
    assert "Dr Mo Farahani asks you something" in text_of(lee, "/home")
    assert "Which year are you in?" in text_of(lee, path)
    send(lee, f"{path}/reply", page=path, **{"reply-text": "The second."})
    session.refresh(letter)
    assert (letter.state, letter.reply) == ("waiting", "The second.")
    assert letter.due_at > due
    assert "settled meanwhile" in lee.post(
        f"{path}/reply", data={"csrf_token": csrf_of(lee, "/home"), "reply-text": "Again"}, follow_redirects=True
    ).get_data(as_text=True)
    mo = sign_in(client, session, cast.mo)
    assert "The second." in text_of(mo, path)
    send(mo, f"{path}/ask", page="/home", **{"ask-text": "And?"})
    assert state_of(session, letter.id) == "waiting"
    assert (sent(session, "asked"), sent(session, "replied")) == ([cast.lee.id], [cast.mo.id])


@pytest.mark.parametrize(
    ("ask", "minutes", "places", "cadence"),
    [("30", 30, 0, "once"), ("shadow_day", 60, 0, "once"), ("mentoring", 60, 1, "monthly")],
)
def test_yes_becomes_an_offer_and_with_the_mentees_word_a_pair(
    client, session, cast, box, ask, minutes, places, cadence
):
    letter = make_letter(session, cast.mentor, cast.mentee, now=utc_now(), ask=ask)
    session.commit()
    mo = sign_in(client, session, cast.mo)
    send(mo, f"/letters/{letter.id}/yes", page=f"/letters/{letter.id}")
    offer = session.scalars(select(Offer)).one()
    assert (offer.mentor_answer, offer.mentee_answer, offer.minutes, offer.round_id) == (
        "yes",
        "waiting",
        minutes,
        None,
    )
    session.refresh(cast.mentor.offer)
    assert (cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places) == (minutes, places)
    assert cast.lee.email not in text_of(mo, f"/offers/{offer.id}")
    lee = sign_in(client, session, cast.lee)
    assert cast.mo.email not in text_of(lee, f"/offers/{offer.id}")
    send(lee, f"/offers/{offer.id}", answer="yes")
    session.refresh(offer)
    assert offer.state == "accepted"
    assert cast.mo.email in text_of(lee, f"/offers/{offer.id}")
    for person in (cast.mo, cast.lee):
        page = text_of(sign_in(client, session, person), "/mentorships")
        assert ("once" if cadence == "once" else "once a month") in page
        text_of(client, "/home")
        text_of(client, "/me/time")
    ada = sign_in(client, session, cast.ada)
    assert "by a letter" in text_of(ada, f"/c/{cast.programme.slug}/pairs")
    assert "Said yes to a letter" in text_of(ada, f"/c/{cast.programme.slug}/audit")
    reports = f"/c/{cast.programme.slug}/reports"
    for what in ("offers", "mentorships"):
        with send(ada, f"{reports}/{what}", page=reports, **{f"{what}-csv": "1"}) as answer:
            assert "Dr Mo Farahani" in answer.get_data(as_text=True)


def test_yes_beyond_the_time_she_gives_is_refused_and_nothing_changes(client, session, cast, letter):
    cast.mentor.offer.minutes_a_month = 15
    session.commit()
    mo = sign_in(client, session, cast.mo)
    path = f"/letters/{letter.id}"
    page = mo.post(f"{path}/yes", data={"csrf_token": csrf_of(mo, path)}, follow_redirects=True)
    assert "more than is left of the time you give" in page.get_data(as_text=True)
    assert state_of(session, letter.id) == "waiting"
    assert session.scalars(select(Offer)).all() == []


def test_not_now_is_kind_and_keeps_its_reason(client, session, cast, letter):
    mo, path = sign_in(client, session, cast.mo), f"/letters/{letter.id}"
    send(mo, f"{path}/not-now", page=path, reason="no_time")
    session.refresh(letter)
    assert (letter.state, letter.reason, letter.place) == ("not_now", "no_time", None)
    page = text_of(sign_in(client, session, cast.lee), path)
    assert "cannot take this up now" in page
    assert "No time now" not in page
    assert "within the last 30 days" in text_of(client, f"/mentors/{cast.mentor.id}")


def test_mentor_suggests_a_colleague_who_takes_letters(client, session, cast, letter):
    uma = make_mentor(session, cast.programme, make_person(session, "Dr Uma Rao"))
    shut = make_mentor(session, cast.programme, make_person(session, "Dr Shut Away"))
    open_box(session, uma)
    session.commit()
    mo, path = sign_in(client, session, cast.mo), f"/letters/{letter.id}"
    page = text_of(mo, path)
    assert "Dr Uma Rao" in page
    assert "Dr Shut Away" not in page
    refused = send(mo, f"{path}/suggest", page=path, **{"suggest-colleague": str(shut.id)})
    assert "That colleague takes no letters now." in refused.get_data(as_text=True)
    send(mo, f"{path}/suggest", page=path, **{"suggest-colleague": str(uma.id)})
    lee = sign_in(client, session, cast.lee)
    assert f'href="/mentors/{uma.id}"' in text_of(lee, path)
    assert "suggests a colleague" in text_of(lee, "/home")
    assert sent(session, "suggested") == [cast.lee.id]


def test_letter_taken_back_waits_no_more(client, session, cast, letter):
    lee, path = sign_in(client, session, cast.lee), f"/letters/{letter.id}"
    send(lee, f"{path}/withdraw", page=path)
    assert state_of(session, letter.id) == "withdrawn"
    assert "A letter from" not in text_of(sign_in(client, session, cast.mo), "/home")
    page = client.post(f"{path}/yes", data={"csrf_token": csrf_of(client, path)}, follow_redirects=True)
    assert "settled meanwhile" in page.get_data(as_text=True)


def test_declined_offer_of_a_letter_speaks_of_no_round(client, session, cast, letter):
    send(sign_in(client, session, cast.mo), f"/letters/{letter.id}/yes", page=f"/letters/{letter.id}")
    offer = session.scalars(select(Offer)).one()
    lee = sign_in(client, session, cast.lee)
    assert "Talk with Dr Mo Farahani for 30 minutes?" in text_of(lee, f"/offers/{offer.id}")
    assert "Talk with Dr Mo Farahani?" in text_of(lee, "/home")
    send(lee, f"/offers/{offer.id}", answer="no")
    assert "“not free just now”" in text_of(lee, f"/offers/{offer.id}")
    page = text_of(sign_in(client, session, cast.mo), f"/offers/{offer.id}")
    assert "Lee Lindqvist is not free just now" in page
    session.refresh(cast.mentor.offer)
    assert cast.mentor.offer.reserved_minutes == 0
