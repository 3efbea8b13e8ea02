"""Letters to mentors one does not know, as both sides use them."""

import re
import uuid

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_mentee, make_mentor, make_person, sign_in
from tests.factories.letters import PARTS, make_letter, open_box
from tests.functional.console import send, text_of
from webapp.models import AuditEvent, Exclusion, LetterBox, Message, Offer, OutboxMessage, utc_now

# What does not depend on the database is tried on one of them, as often on each.
on_sqlite = pytest.mark.parametrize("server", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("server", ["postgresql"], indirect=True)


def path_of(mentor):
    return f"/mentors/{mentor.id}/letter"


def write(client, mentor, step="send", **values):
    page = client.get(path_of(mentor)).get_data(as_text=True)
    key = re.search(r'name="form_key"[^>]* value="([^"]+)"', page)
    known = {"form_key": key[1] if key else str(uuid.uuid4()), "ask": "30", "step": step, **PARTS, **values}
    return client.post(path_of(mentor), data={"csrf_token": csrf_of(client, "/home"), **known})


def state_of(session, letter_id):
    return session.scalar(select(Message.state).where(Message.id == letter_id))


def sent(session, event):
    return [row.person_id for row in session.scalars(select(OutboxMessage)) if row.params.get("event") == event]


@on_sqlite
def test_letter_is_shown_before_it_is_sent(client, session, cast, box):
    lee = sign_in(client, session, cast.lee)
    preview = write(lee, cast.mentor, step="preview").get_data(as_text=True)
    assert "Nothing has been sent yet." in preview
    assert PARTS["question"] in preview
    assert session.scalars(select(Message)).all() == []
    changed = write(lee, cast.mentor, step="change").get_data(as_text=True)
    assert PARTS["who"] in changed
    answer = write(lee, cast.mentor)
    letter = session.scalars(select(Message)).one()
    assert answer.location == f"/letters/{letter.id}"
    assert (letter.mentor_id, letter.mentee_id, letter.state, letter.ask) == (
        cast.mentor.id,
        cast.mentee.id,
        "waiting",
        "30",
    )
    assert sent(session, "arrived") == [cast.mo.id]


@on_postgresql
def test_missing_answers_are_named_and_the_rest_is_kept(client, session, cast, box):
    page = write(sign_in(client, session, cast.lee), cast.mentor, why="", ask="").get_data(as_text=True)
    assert "Write why you turn to this mentor." in page
    assert "Choose how much time you ask for." in page
    assert PARTS["question"] in page
    too_long = write(client, cast.mentor, question="x" * 2001).get_data(as_text=True)
    assert "Keep it to 2,000 characters. It has 2,001 now." in too_long
    assert session.scalars(select(Message)).all() == []


def test_double_click_sends_one_letter(client, session, cast, box):
    key = str(uuid.uuid4())
    lee = sign_in(client, session, cast.lee)
    first, second = (write(lee, cast.mentor, form_key=key) for _click in range(2))
    assert first.location == second.location
    assert len(session.scalars(select(Message)).all()) == 1
    assert len(sent(session, "arrived")) == 1


def test_any_script_arrives_as_it_was_written(client, session, cast, box):
    question = "¿Cómo? 👩🏽‍⚕️ שלום https://example.org/x <b>bold</b>\n\n" + "م" * 1900
    lee = sign_in(client, session, cast.lee)
    location = write(lee, cast.mentor, question=question, who="a\x00b\u202ec").location
    letter = session.scalars(select(Message)).one()
    assert letter.question == question
    assert letter.who == "abc"
    page = text_of(lee, location)
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert 'href="https://example.org/x"' not in page


def test_fourth_open_letter_is_refused_and_kept_on_the_page(client, session, cast, box):
    for number in range(3):
        other = make_mentor(session, cast.programme, make_person(session, f"Dr Other{number} Example"))
        make_letter(session, other, cast.mentee, now=utc_now(), place=number)
    session.commit()
    lee = sign_in(client, session, cast.lee)
    assert "Three letters of yours wait" in text_of(lee, f"/mentors/{cast.mentor.id}")
    page = write(lee, cast.mentor).get_data(as_text=True)
    assert "Three letters of yours wait" in page
    assert PARTS["question"] in page
    assert len(session.scalars(select(Message)).all()) == 3


def test_mentor_takes_as_many_letters_a_week_as_she_said(client, session, cast, box, time_machine):
    box.a_week = 1
    jo = make_person(session, "Jo Example")
    make_mentee(session, cast.programme, jo)
    session.commit()
    write(sign_in(client, session, jo), cast.mentor)
    page = write(sign_in(client, session, cast.lee), cast.mentor).get_data(as_text=True)
    assert "takes no more letters this week" in page
    assert len(session.scalars(select(Message)).all()) == 1


def test_mentee_with_all_her_mentors_may_ask_for_one_talk_only(client, session, cast, box):
    cast.mentee.request.mentors_wanted = 1
    other = make_mentor(session, cast.programme, make_person(session, "Dr Other Example"))
    session.add(
        Offer(
            mentor=other,
            mentee=cast.mentee,
            minutes=60,
            holds_minutes=True,
            state="open",
            deadline_at=utc_now(),
        )
    )
    session.commit()
    lee = sign_in(client, session, cast.lee)
    assert "You have the mentors you asked for." in write(lee, cast.mentor, ask="mentoring").get_data(as_text=True)
    assert write(lee, cast.mentor, ask="15").status_code == 302


@on_sqlite
def test_letter_belongs_to_its_two(client, session, cast, letter):
    for person, status in ((cast.mo, 200), (cast.lee, 200), (cast.ada, 404), (cast.kim, 404)):
        text_of(sign_in(client, session, person), f"/letters/{letter.id}", status)
    for step in ("yes", "not-now", "ask", "suggest", "reply", "withdraw", "report", "block"):
        answer = client.post(f"/letters/{letter.id}/{step}", data={"csrf_token": csrf_of(client, "/home")})
        assert answer.status_code == 404
    assert state_of(session, letter.id) == "waiting"


@on_postgresql
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


@on_sqlite
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


@on_sqlite
def test_letter_taken_back_waits_no_more(client, session, cast, letter):
    lee, path = sign_in(client, session, cast.lee), f"/letters/{letter.id}"
    send(lee, f"{path}/withdraw", page=path)
    assert state_of(session, letter.id) == "withdrawn"
    assert "A letter from" not in text_of(sign_in(client, session, cast.mo), "/home")
    page = client.post(f"{path}/yes", data={"csrf_token": csrf_of(client, path)}, follow_redirects=True)
    assert "settled meanwhile" in page.get_data(as_text=True)


def test_block_is_silent_both_ways_and_can_be_undone(client, session, cast, letter):
    mo, path = sign_in(client, session, cast.mo), f"/letters/{letter.id}"
    send(mo, f"{path}/block", page=path)
    pairs = {(row.mentor_id, row.mentee_id) for row in session.scalars(select(Exclusion))}
    assert pairs == {(cast.mentor.id, cast.mentee.id), (cast.mentee.id, cast.mentor.id)}
    lee = sign_in(client, session, cast.lee)
    assert "cannot take this up now" in text_of(lee, path)
    assert text_of(lee, f"/mentors/{cast.mentor.id}", 404)
    assert "Dr Mo Farahani" not in text_of(lee, "/mentors")
    assert "Dr Mo Farahani" not in text_of(lee, "/suggestions")
    assert write(lee, cast.mentor).status_code == 404
    assert "Kept apart" not in text_of(lee, "/letters")
    mo = sign_in(client, session, cast.mo)
    assert "Kept apart" in text_of(mo, "/letters")
    lee = sign_in(client, session, cast.lee)
    assert send(lee, f"/letters/blocks/{cast.mo.id}/undo", page="/home").status_code == 404
    sign_in(client, session, cast.mo)
    send(client, f"/letters/blocks/{cast.lee.id}/undo", page="/letters")
    assert session.scalars(select(Exclusion)).all() == []
    text_of(sign_in(client, session, cast.lee), f"/mentors/{cast.mentor.id}")


def test_block_leaves_what_a_coordinator_ruled(client, session, cast, letter):
    session.add(
        Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id, code="CONFLICT", by_person_id=cast.ada.id)
    )
    session.commit()
    mo, path = sign_in(client, session, cast.mo), f"/letters/{letter.id}"
    send(mo, f"{path}/block", page=path)
    send(mo, f"/letters/blocks/{cast.lee.id}/undo", page="/letters")
    assert [row.code for row in session.scalars(select(Exclusion))] == ["CONFLICT"]


def test_report_goes_to_the_coordinators_with_the_text(client, session, cast, letter):
    mo, path = sign_in(client, session, cast.mo), f"/letters/{letter.id}"
    reports = f"/c/{cast.programme.slug}/letters"
    for _click in range(2):
        send(mo, f"{path}/report", page=path)
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.template == "letter_reported")).all()
    assert [mail.person_id for mail in mails] == [cast.ada.id]
    assert "Reported" not in text_of(sign_in(client, session, cast.lee), path)
    ada = sign_in(client, session, cast.ada)
    page = text_of(ada, reports)
    assert PARTS["question"] in page
    assert "1 reported letter is open" in page
    send(ada, f"{reports}/{letter.id}/settle", page=reports)
    assert "No reported letter is open" in text_of(ada, reports)
    assert "Settled the report of a letter" in text_of(ada, f"/c/{cast.programme.slug}/audit")


def test_nothing_of_a_letter_is_in_the_audit_log_or_the_outbox(client, session, cast, box):
    write(sign_in(client, session, cast.lee), cast.mentor)
    told = str([row.facts for row in session.scalars(select(AuditEvent))])
    told += str([row.params for row in session.scalars(select(OutboxMessage))])
    assert not any(text in told for text in PARTS.values())
    assert cast.lee.name not in told


@on_postgresql
def test_mentor_says_who_may_write_to_her(client, session, cast):
    path = f"/me/letters/{cast.programme.slug}"
    mo = sign_in(client, session, cast.mo)
    assert 'type="checkbox"' in text_of(mo, path)
    assert session.scalars(select(LetterBox)).all() == []
    assert "Write a number from 1 to 10." in send(mo, path, is_open="y", a_week="11").get_data(as_text=True)
    send(mo, path, is_open="y", a_week="4", about="Say what you tried.")
    assert "1 mentor you may write to" in text_of(sign_in(client, session, cast.lee), "/mentors")
    assert text_of(client, path, 404)
    send(sign_in(client, session, cast.mo), path, a_week="4", about="Say what you tried.")
    assert "Nobody takes letters yet" in text_of(sign_in(client, session, cast.lee), "/mentors")


@on_postgresql
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


def test_list_of_letters_costs_the_same_however_long(client, session, cast, letter, count_queries):
    mo, counts = sign_in(client, session, cast.mo), []
    for _more in range(2):
        with count_queries() as queries:
            text_of(mo, "/letters")
        counts.append(len(queries))
        for number in range(5):
            other = make_mentee(session, cast.programme, make_person(session, f"Jo{number} Example"))
            make_letter(session, cast.mentor, other, now=utc_now())
        session.commit()
    assert counts[0] == counts[1] <= 6
