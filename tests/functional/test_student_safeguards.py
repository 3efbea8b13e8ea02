"""What keeps students safe: no pool before her own word, and no way round the approval of mentors."""

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_person, sign_in
from tests.factories.letters import PARTS, make_letter, open_box
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.factories.talks import make_talk
from tests.functional.console import send, text_of
from webapp.engine.encode import snapshot_of
from webapp.models import LetterBox, Membership, MentorOffer, Message, Offer, OutboxMessage, utc_now
from webapp.services.adults import confirm_adult
from webapp.services.boards import find_round
from webapp.services.checklists import check_step
from webapp.services.errors import AgeNotSaidError, ConflictError, NotFoundError
from webapp.services.favourites import say
from webapp.services.hand_offers import offer_by_hand
from webapp.services.letter_answers import say_yes
from webapp.services.letters import Written, send_letter
from webapp.services.light_formats import plan_day
from webapp.services.my_time import my_time
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.offers import answer_offer
from webapp.services.publishing import publish_round
from webapp.services.repairs import waiting_list
from webapp.services.scenes import load_scene
from webapp.services.student_approvals import approve_for_students
from webapp.services.suggestions import find_suggestions
from webapp.services.time_months import sum_month
from webapp.services.time_promise import change_limits


@pytest.fixture
def turned(client, session, cast):
    """Lee, of whom Ada has noted that she is a student by now."""
    open_box(session, cast.mentor)
    session.commit()
    path = f"/c/{cast.programme.slug}/people/{cast.mentee.id}/edit"
    ada = sign_in(client, session, cast.ada)
    fingerprint = text_of(ada, path).split('name="fingerprint"')[1].split('value="')[1].split('"')[0]
    values = {"name": "Lee Lindqvist", "zone": "America/Chicago", "stage": "ms_clinical", "mentors_wanted": "1"}
    values |= {"specialties": "general_surgery", "languages": "en", "fingerprint": fingerprint, "save": "1"}
    assert send(ada, path, **values).status_code == 302
    return session.get(Membership, cast.mentee.id, populate_existing=True)


@pytest.fixture
def student(session, cast):
    """A student in a programme that asks for approval, and a mentor who has none."""
    cast.programme.rules = {**cast.programme.rules, "students_need_approval": True}
    cast.mentor.offer.gives_shadow_days = True
    open_box(session, cast.mentor)
    person = make_person(session, "Sofia Student", profile={"stage": "ms_clinical"})
    member = make_mentee(session, cast.programme, person)
    session.commit()
    return member


def approve(session, cast, *, approves):
    ids = {"by": cast.ada.id, "now": utc_now()}
    return approve_for_students(session, cast.programme.id, [cast.mentor.id], approves=approves, **ids)


def reserved(session, cast):
    return session.scalars(
        select(MentorOffer.reserved_minutes).where(MentorOffer.membership_id == cast.mentor.id)
    ).one()


def mailed(session):
    return set(session.scalars(select(OutboxMessage.template)))


def test_whoever_is_made_a_student_is_in_no_pool_until_she_says_that_she_is_an_adult(session, cast, turned, now):
    here = {"programme_id": cast.programme.id, "by": cast.ada.id}

    def pooled():
        cards = find_suggestions(session, cast.mentor.id, side="mentor", now=now).cards
        frozen = snapshot_of(session, cast.programme.id, now=now)["mentees"]
        return len(cards), len(frozen), len(waiting_list(session, cast.programme.id))

    assert pooled() == (0, 0, 0)
    round_ = make_round(session, cast.programme, state="review")
    scenario = make_scenario(session, round_, [(cast.mentor, turned)])
    session.commit()
    with pytest.raises(ChangedMeanwhileError) as caught:
        publish_round(session, round_.id, scenario.id, expected_offers=1, now=now, **here)
    assert [pair.why for pair in caught.value.pairs] == ["adult"]
    with pytest.raises(NotFoundError):
        say(session, cast.mentor.id, side="mentor", other_id=turned.id, verdict="interested", now=now)
    round_.state = "published"
    session.commit()
    with pytest.raises(ConflictError):
        offer_by_hand(session, round_.id, cast.mentor.id, turned.id, now=now, **here)
    confirm_adult(session, person_id=cast.lee.id, now=now)
    assert pooled() == (1, 1, 1)  # at once, for what the pool remembers notices her word


def test_she_and_the_coordinator_are_told_what_is_missing(client, session, cast, turned):
    ada = sign_in(client, session, cast.ada)
    flashes = text_of(ada, f"/c/{cast.programme.slug}/people/{turned.id}")
    assert "has not said yet that she is 18 or older" in flashes
    round_ = make_round(session, cast.programme, state="enrolling")
    session.commit()
    facts = find_round(session, cast.programme.id, round_.id)
    findings = check_step(session, cast.programme.id, facts, "freeze", today=utc_now().date())
    assert ("unasked", "look", 1) in [(one.key, one.level, one.count) for one in findings]
    assert "1 student has not said yet" in text_of(ada, f"/c/{cast.programme.slug}/rounds/{round_.id}/step/freeze")
    assert mailed(session) == {"age_asked"}
    lee = sign_in(client, session, cast.lee)
    assert "Until then nobody is suggested to you" in text_of(lee, "/home")
    for path in ("/mentors", f"/mentors/{cast.mentor.id}", "/suggestions"):
        asked = lee.get(path)
        assert asked.location == f"/me/adult?next={path}"
    back = send(lee, f"/me/adult?next=/mentors/{cast.mentor.id}", adult="y")
    assert back.location == f"/mentors/{cast.mentor.id}"
    assert "Dr Mo Farahani" in text_of(lee, back.location)
    assert "There is nothing to say here" in text_of(lee, "/me/adult")
    assert "You said on" in text_of(lee, f"/me/terms/{cast.programme.slug}")


def test_mentors_who_wait_for_approval_stand_before_a_freeze(client, session, cast, student):
    round_ = make_round(session, cast.programme, state="enrolling")
    session.commit()
    path = f"/c/{cast.programme.slug}/rounds/{round_.id}/step/freeze"
    ada = sign_in(client, session, cast.ada)
    said = "1 mentor welcomes students and is not approved yet"
    page = text_of(ada, path)
    assert said in page
    assert f'href="/c/{cast.programme.slug}/people/approvals/students"' in page
    approve_for_students(
        session, cast.programme.id, [cast.mentor.id], approves=True, by=cast.ada.id, now=datetime.now(UTC)
    )
    assert said not in text_of(ada, path)
    cast.mentor.offer.students_approved_at = None
    cast.mentor.offer.welcomes_students = False
    session.commit()
    assert said not in text_of(ada, path)


def test_letters_and_open_offers_wait_for_her_word(client, session, cast, turned):
    now = utc_now()
    letter = make_letter(session, cast.mentor, turned, now=now)
    session.commit()
    with pytest.raises(ConflictError):
        say_yes(session, letter.id, person_id=cast.mo.id, now=now)
    with pytest.raises(NotFoundError):
        send_letter(
            session,
            cast.mentor.id,
            person_id=cast.lee.id,
            written=Written(form_key=uuid.uuid4(), ask="30", **PARTS),
            now=now,
        )
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, round_, cast.mentor, turned, now=now)
    session.commit()
    lee = sign_in(client, session, cast.lee)
    asked = send(lee, f"/offers/{offer.id}", answer="yes")
    assert asked.location == f"/me/adult?next=/offers/{offer.id}"
    offer.mentee_answer = "yes"  # of before the day on which she was made a student
    session.commit()
    with pytest.raises(AgeNotSaidError):
        answer_offer(session, offer.id, person_id=cast.mo.id, answer="yes", now=now)
    mo = sign_in(client, session, cast.mo)
    waits = send(mo, f"/offers/{offer.id}", answer="yes")
    assert "Please try again in a few days" in text_of(mo, waits.location)
    assert session.get(Offer, offer.id, populate_existing=True).state == "open"
    confirm_adult(session, person_id=cast.lee.id, now=now)
    send(mo, f"/offers/{offer.id}", answer="yes")
    assert session.get(Offer, offer.id, populate_existing=True).state == "accepted"


def test_student_reaches_no_mentor_who_is_not_approved_on_any_way(client, session, cast, student):
    now, here = utc_now(), {"programme_id": cast.programme.id, "by": cast.ada.id}
    browser = sign_in(client, session, student.person)
    assert find_suggestions(session, student.id, side="mentee", now=now).cards == ()
    assert find_suggestions(session, cast.mentor.id, side="mentor", now=now).possible == 1  # Lee, who is no student
    assert browser.get(f"/mentors/{cast.mentor.id}").status_code == 404
    assert browser.get(f"/mentors/{cast.mentor.id}/letter").status_code == 404
    for ask in ("15", "30", "60", "shadow_day", "mentoring"):
        written = Written(form_key=uuid.uuid4(), ask=ask, **PARTS)
        with pytest.raises(NotFoundError):
            send_letter(session, cast.mentor.id, person_id=student.person_id, written=written, now=now)
    round_ = make_round(session, cast.programme, state="review")
    scenario = make_scenario(session, round_, [(cast.mentor, student)])
    session.commit()
    with pytest.raises(ChangedMeanwhileError):
        publish_round(session, round_.id, scenario.id, expected_offers=1, now=now, **here)
    round_.state = "published"
    session.commit()
    with pytest.raises(ConflictError) as caught:
        offer_by_hand(session, round_.id, cast.mentor.id, student.id, now=now, **here)
    assert caught.value.what == "student_not_approved"
    assert (session.query(Message).count(), session.query(Offer).count(), reserved(session, cast)) == (0, 0, 0)


@pytest.mark.parametrize("ask", ["30", "shadow_day", "mentoring"])
def test_letter_that_waits_comes_to_nothing_once_the_approval_is_taken_back(client, session, cast, student, ask):
    approve(session, cast, approves=True)
    letter = make_letter(session, cast.mentor, student, now=utc_now(), ask=ask)
    session.commit()
    approve(session, cast, approves=False)
    mo = sign_in(client, session, cast.mo)
    send(mo, f"/letters/{letter.id}/yes", page=f"/letters/{letter.id}")
    assert "not available in this programme any more" in text_of(mo, f"/letters/{letter.id}")
    assert session.get(Message, letter.id, populate_existing=True).state == "waiting"
    assert (session.query(Offer).count(), reserved(session, cast)) == (0, 0)
    approve(session, cast, approves=True)
    send(mo, f"/letters/{letter.id}/yes", page=f"/letters/{letter.id}")
    assert session.query(Offer).one().state == "open"


def test_talk_on_its_way_goes_on_when_the_approval_is_taken_back_and_the_coordinator_reads_so(session, cast, student):
    approve(session, cast, approves=True)
    letter = make_letter(session, cast.mentor, student, now=utc_now())
    session.commit()
    offer_id = say_yes(session, letter.id, person_id=cast.mo.id, now=utc_now())
    changed = approve(session, cast, approves=False)
    assert changed.running == (("Dr Mo Farahani", "Sofia Student"),)
    answer_offer(session, offer_id, person_id=student.person_id, answer="yes", now=utc_now())
    assert reserved(session, cast) == 30


def test_formats_page_says_what_is_next_for_the_mentor(client, session, cast, student):
    approve(session, cast, approves=True)
    mo, page = sign_in(client, session, cast.mo), f"/me/formats/{cast.programme.slug}"
    assert "You are approved for students" in text_of(mo, page)
    assert "You take no letters now" not in text_of(mo, page)
    session.query(LetterBox).one().is_open = False
    session.commit()
    assert "Until you take letters, nobody can ask you" in text_of(mo, page)


def test_coordinator_sees_what_a_mentor_gives_and_what_is_one_talk(client, session, cast, student):
    approve(session, cast, approves=True)
    make_talk(session, cast.mentor, student, now=utc_now(), ask="shadow_day")
    cast.mentor.offer.welcomes_students = False
    session.commit()
    ada, base = sign_in(client, session, cast.ada), f"/c/{cast.programme.slug}"
    person = text_of(ada, f"{base}/people/{cast.mentor.id}")
    assert "one question and a shadow day; students are not welcome" in person
    assert "as mentor, a shadow day" in person
    assert "no day written down yet" in text_of(ada, f"{base}/pairs")


def test_one_talk_fills_no_role_on_the_board_of_a_mentee(client, session, cast):
    open_box(session, cast.mentor)
    make_talk(session, cast.mentor, cast.mentee, now=utc_now())
    scene = load_scene(session, cast.mentee.id, side="mentee", now=utc_now())
    assert scene.barred == {str(cast.mentor.id): "ALREADY_PAIRED"}
    assert scene.paired == set()


def test_last_month_shows_what_was_given_then(session, cast):
    given = {"places": 2, "person_id": cast.mo.id}
    for month, minutes in ((1, 90), (2, 60), (4, 150)):
        moment = datetime(2027, month, 20, tzinfo=UTC)
        change_limits(session, cast.programme.slug, minutes_a_month=minutes, now=moment, **given)
    found = my_time(session, cast.mo.id)[0]
    assert [sum_month(found, date(2027, month, 1)).given for month in (1, 2, 3, 4, 5)] == [90, 60, 60, 150, 150]


def test_talk_counts_as_reserved_only_up_to_the_month_in_which_it_is(session, cast, now):
    open_box(session, cast.mentor)
    talk = make_talk(session, cast.mentor, cast.mentee, now=now)
    plan_day(session, talk.id, person_id=cast.lee.id, on=now.date(), now=now)
    found = my_time(session, cast.mo.id)[0]
    assert [sum_month(found, date(2027, month, 1)).booked for month in (2, 3)] == [30, 0]
