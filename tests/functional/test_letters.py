"""Letters to mentors one does not know, as both sides use them."""

import uuid

from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.factories.letters import PARTS, make_letter
from tests.functional.console import send, text_of
from tests.functional.letters import sent, write
from webapp.models import AuditEvent, Exclusion, LetterBox, Message, Offer, OutboxMessage, utc_now


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
