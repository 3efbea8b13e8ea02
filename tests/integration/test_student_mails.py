"""What mentors and students are told by mail: approval, a question of age, and whether a talk took place."""

from datetime import timedelta

import pytest

from tests.factories.cast import JOINED, make_mentee, make_person
from tests.factories.talks import make_talk
from tests.integration.test_offer_mails import post, to
from webapp.models import OutboxMessage
from webapp.services import outbox
from webapp.services.light_formats import ANSWER_DAYS, plan_day, tell
from webapp.services.light_reminders import remind_to_tell
from webapp.services.mentorships import end_mentorship
from webapp.services.student_approvals import approve_for_students

__all__ = ["post"]
DAY = timedelta(days=1)


def approve(session, cast, now, *, approves=True):
    here = {"approves": approves, "by": cast.ada.id, "now": now}
    return approve_for_students(session, cast.programme.id, [cast.mentor.id], **here)


@pytest.fixture
def asking(session, cast):
    """A programme that asks for approval."""
    cast.programme.rules = {**cast.programme.rules, "students_need_approval": True}
    session.commit()


@pytest.mark.parametrize(
    ("welcomes", "words"), [(True, "Students may find you"), (False, "students are not welcome, so none finds you")]
)
def test_mentor_reads_that_she_is_approved_and_that_it_was_taken_back(
    session, cast, now, post, asking, welcomes, words
):
    cast.mentor.offer.welcomes_students = welcomes
    session.commit()
    approve(session, cast, now)
    mail = to(post(now), cast.mo)
    assert "You are approved for students in Lakeland" in mail.subject
    assert words in " ".join(mail.text.split())
    assert f"/me/formats/{cast.programme.slug}" in mail.text
    approve(session, cast, now + DAY, approves=False)
    assert "You are no longer approved" in to(post(now + DAY), cast.mo).subject


def test_approval_that_is_taken_back_before_the_mail_is_out_is_not_announced(session, cast, now, post, asking):
    approve(session, cast, now)
    approve(session, cast, now, approves=False)
    assert [mail.subject for mail in post(now).values()] == [
        "You are no longer approved for students in Lakeland Women in Surgery"
    ]


def test_nothing_is_mailed_where_the_programme_does_not_ask_for_approval(session, cast, now, post):
    approve(session, cast, now)
    assert post(now) == {}


def test_student_is_asked_her_age_until_she_has_said_it(session, cast, now, post):
    student = make_mentee(
        session, cast.programme, make_person(session, "Sofia Student", profile={"stage": "ms_clinical"})
    )
    for number, said in enumerate((None, JOINED)):
        student.adult_confirmed_at = said
        params = {"membership_id": str(student.id)}
        outbox.write(
            session, template="age_asked", person_id=student.person_id, params=params, unique_key=f"age:{number}"
        )
        session.commit()
        mails = post(now)
        assert len(mails) == (0 if said else 1)
        assert all("/me/adult" in mail.text for mail in mails.values())


def test_both_are_asked_whether_it_took_place_and_once_more_before_the_minutes_return(session, cast, now, post):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now)
    post(now)
    on = now.date() + 3 * DAY
    plan_day(session, talk.id, person_id=cast.lee.id, on=on, now=now)
    assert [remind_to_tell(session, now=now + days * DAY) for days in range(3, ANSWER_DAYS + 5)] == [
        0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    mail = to(post(now + 4 * DAY), cast.mo)
    assert mail.subject == "Did you talk with Lee Lindqvist?"
    assert "planned for Thursday 18 February" in mail.text
    assert "go back on Thursday 4 March" in mail.text


def test_nobody_is_asked_any_more_once_one_has_spoken_or_moved_the_day(session, cast, now, post):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now, ask="shadow_day")
    post(now)
    plan_day(session, talk.id, person_id=cast.lee.id, on=now.date(), now=now)
    assert remind_to_tell(session, now=now + 2 * DAY) == 2
    plan_day(session, talk.id, person_id=cast.lee.id, on=(now + 3 * DAY).date(), now=now + 2 * DAY)
    assert post(now + 2 * DAY) == {}
    assert remind_to_tell(session, now=now + 5 * DAY) == 2
    tell(session, talk.id, person_id=cast.mo.id, took_place=True, now=now + 5 * DAY)
    assert post(now + 5 * DAY) == {}
    assert remind_to_tell(session, now=now + 6 * DAY) == 0


def test_talk_without_a_day_is_asked_about_a_week_before_its_minutes_return(session, cast, now, post):
    make_talk(session, cast.mentor, cast.mentee, now=now, ask="shadow_day")
    post(now)
    assert [remind_to_tell(session, now=now + days * DAY) for days in (23, 24, 25)] == [0, 2, 0]
    mail = to(post(now + 24 * DAY), cast.lee)
    assert mail.subject == "When is your shadow day with Dr Mo Farahani?"
    assert "go back on Thursday 18 March" in mail.text


@pytest.mark.parametrize(
    ("ask", "subject"), [("30", "called your talk off"), ("shadow_day", "called the shadow day off")]
)
def test_what_is_called_off_is_not_called_a_pair(session, cast, now, post, ask, subject):
    talk = make_talk(session, cast.mentor, cast.mentee, now=now, ask=ask)
    post(now)
    end_mentorship(session, talk.id, person_id=cast.lee.id, now=now)
    mail = to(post(now), cast.mo)
    assert subject in mail.subject
    assert "pair" not in mail.text
    assert "minutes are yours again" in mail.text


def test_reminders_take_two_queries_however_many_talks_there_are(session, cast, now, count_queries):
    for name in ("Ann Aho", "Bea Bo", "Cat Cy"):
        make_talk(
            session, cast.mentor, make_mentee(session, cast.programme, make_person(session, name)), now=now, ask="15"
        )
    assert remind_to_tell(session, now=now + 24 * DAY) == 6
    with count_queries() as queries:
        assert remind_to_tell(session, now=now + 25 * DAY) == 0
    assert len(queries) == 2
    assert session.query(OutboxMessage).filter_by(template="light_due").count() == 6
