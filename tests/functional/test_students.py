"""Students: adults by their own word, mentors approved for them, and light formats first."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.factories.letters import PARTS, open_box
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.factories.talks import make_talk
from tests.functional.console import send, text_of
from webapp.models import AuditEvent, Membership, Mentorship, Message, utc_now
from webapp.services.errors import InvalidInputError
from webapp.services.joining import join_programme
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.publishing import publish_round
from webapp.services.student_approvals import approve_for_students
from webapp.services.suggestions import find_suggestions


@pytest.fixture
def noor(session, cast):
    """A student who has answered everything, and not joined yet."""
    person = make_person(session, "Noor Haddad", profile={"stage": "ms_clinical"})
    member = make_mentee(session, cast.programme, person)
    member.status, member.joined_at, member.adult_confirmed_at = "pending", None, None
    session.commit()
    return person


@pytest.fixture
def student(session, cast):
    person = make_person(session, "Sofia Student", profile={"stage": "ms_clinical"})
    member = make_mentee(session, cast.programme, person)
    open_box(session, cast.mentor)
    session.commit()
    return member


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people/approvals/students"


def need_approval(session, cast):
    cast.programme.rules = {**cast.programme.rules, "students_need_approval": True}
    session.commit()


def member_of(session, person):
    return session.query(Membership).filter_by(person_id=person.id).populate_existing().one()


def test_student_joins_only_when_she_says_that_she_is_an_adult(client, session, cast, noor):
    browser, path = sign_in(client, session, noor), f"/join/{cast.programme.slug}/check"
    page = text_of(browser, path)
    assert "I am 18 or older" in page
    assert "Begin light" in page
    refused = send(browser, path, terms="y")
    assert "only adults take part for now" in refused.text
    assert member_of(session, noor).joined_at is None
    send(browser, path, terms="y", adult="y")
    member = member_of(session, noor)
    assert (member.status, member.adult_confirmed_at is not None) == ("active", True)
    event = session.query(AuditEvent).filter_by(action="membership.joined").one()
    assert event.facts == {"adult": True}


def test_others_are_not_asked_their_age(client, session, cast):
    cast.mentee.status, cast.mentee.joined_at = "pending", None
    session.commit()
    assert "18 or older" not in text_of(sign_in(client, session, cast.lee), f"/join/{cast.programme.slug}/check")


def test_no_path_lets_a_student_join_without_her_own_word(session, cast, noor, now):
    member_of(session, noor).invited_at = now  # an invitation does not say it for her
    session.commit()
    with pytest.raises(InvalidInputError):
        join_programme(session, cast.programme.slug, person_id=noor.id, now=now)


def test_programme_without_students_says_so_and_keeps_what_was_answered(client, session, cast, noor, now):
    cast.programme.takes_students = False
    session.commit()
    browser = sign_in(client, session, noor)
    assert browser.get(f"/join/{cast.programme.slug}/check").status_code == 302
    assert "takes no students for now" in text_of(browser, f"/join/{cast.programme.slug}")
    with pytest.raises(InvalidInputError):
        join_programme(session, cast.programme.slug, person_id=noor.id, now=now, is_adult=True)


def test_coordinators_switch_both_rules_on_one_page(ada, session, cast):
    page = f"/c/{cast.programme.slug}/settings/rules"
    form = text_of(ada, page)
    assert "Students may join" in form
    fingerprint = form.split('name="fingerprint"')[1].split('value="')[1].split('"')[0]
    send(ada, page, fingerprint=fingerprint, hours_required="y", students_need_approval="y", minimum_ahead="0")
    session.refresh(cast.programme)
    assert cast.programme.rules["students_need_approval"] is True
    assert cast.programme.takes_students is False


def test_mentors_are_approved_in_bulk_with_day_and_name(ada, session, cast, path):
    need_approval(session, cast)
    assert "1 mentor is not approved for students" in text_of(ada, path)
    send(ada, path, member=str(cast.mentor.id), answer="approve")
    assert "Every mentor is approved" in text_of(ada, path)
    person = f"/c/{cast.programme.slug}/people/{cast.mentor.id}"
    assert "by Ada Oduya" in text_of(ada, person)
    send(ada, path, page=person, member=str(cast.mentor.id), answer="withdraw", person=str(cast.mentor.id))
    assert "Not approved: meets no students." in text_of(ada, person)
    actions = {event.action for event in session.query(AuditEvent)}
    assert {"membership.students_approved", "membership.students_unapproved"} <= actions


def test_approvals_take_a_constant_number_of_queries(ada, session, cast, path, count_queries):
    with count_queries() as few:
        text_of(ada, path)
    for number in range(20):
        make_mentor(session, cast.programme, make_person(session, f"More{number} Example"))
    session.commit()
    with count_queries() as many:
        text_of(ada, path)
    assert len(many) == len(few) <= 12


def test_withdrawing_an_approval_names_the_pairs_that_go_on_and_reserves_nothing_new(session, cast, student, now):
    need_approval(session, cast)
    ids = {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}
    approve_for_students(session, ids["programme_id"], [cast.mentor.id], approves=True, by=ids["by"], now=now)
    round_ = make_round(session, cast.programme, state="review")
    offer = make_offer(session, round_, cast.mentor, student, now=now)
    other = make_mentee(
        session, cast.programme, make_person(session, "Eva Student", profile={"stage": "ms_preclinical"})
    )
    scenario = make_scenario(session, round_, [(cast.mentor, other)])
    session.commit()
    changed = approve_for_students(
        session, ids["programme_id"], [cast.mentor.id], approves=False, by=ids["by"], now=now
    )
    assert changed.running == (("Dr Mo Farahani", "Sofia Student"),)
    session.refresh(offer)
    assert offer.state == "open"
    with pytest.raises(ChangedMeanwhileError) as caught:
        publish_round(session, round_.id, scenario.id, expected_offers=1, **ids)
    assert [pair.why for pair in caught.value.pairs] == ["student_not_approved"]


def test_student_finds_only_approved_mentors_and_is_not_told_why(client, session, cast, student):
    browser, page = sign_in(client, session, student.person), f"/mentors/{cast.mentor.id}"
    assert "Dr Mo Farahani" in text_of(browser, "/mentors")
    need_approval(session, cast)
    assert "Dr Mo Farahani" not in text_of(browser, "/mentors")
    assert browser.get(page).status_code == 404
    found = find_suggestions(session, student.id, side="mentee", now=utc_now())
    assert found.cards == ()
    why = text_of(browser, "/suggestions?role=mentee&why=Dr+Mo+Farahani")
    assert "approv" not in why.split("<main")[1].split("</main>")[0]
    cast.mentor.offer.students_approved_at = utc_now()
    session.commit()
    assert "Dr Mo Farahani" in text_of(browser, "/mentors")


def test_mentor_reads_that_she_waits_for_approval(client, session, cast):
    need_approval(session, cast)
    page = f"/me/formats/{cast.programme.slug}"
    mo = sign_in(client, session, cast.mo)
    assert "You wait for approval for students" in text_of(mo, page)
    send(mo, page, gives_questions="y", gives_shadow_days="y")
    session.refresh(cast.mentor.offer)
    offer = cast.mentor.offer
    assert (offer.gives_mentoring, offer.gives_shadow_days, offer.welcomes_students) == (False, True, False)
    assert "You wait for approval" not in text_of(mo, page)
    assert "Choose at least one of the three" in send(mo, page, welcomes_students="y").text


def test_directory_and_letter_offer_what_the_mentor_gives(client, session, cast, student):
    browser, page = sign_in(client, session, student.person), f"/mentors/{cast.mentor.id}/letter"
    assert "Dr Mo Farahani" not in text_of(browser, "/mentors?format=shadow_day")
    assert 'value="shadow_day"' not in text_of(browser, page)
    cast.mentor.offer.gives_shadow_days, cast.mentor.offer.gives_mentoring = True, False
    session.commit()
    assert "Dr Mo Farahani" in text_of(browser, "/mentors?format=shadow_day")
    form = text_of(browser, page)
    assert "asks the hospital for its permission" in form
    assert 'value="mentoring"' not in form
    key = form.split('name="form_key"')[1].split('value="')[1].split('"')[0]
    assert send(browser, page, form_key=key, ask="mentoring", step="send", **PARTS).status_code == 200
    assert send(browser, page, form_key=key, ask="shadow_day", step="send", **PARTS).status_code == 302
    letter = session.query(Message).one()
    assert letter.ask == "shadow_day"
    assert "counts as 60 of the 120 minutes" in text_of(sign_in(client, session, cast.mo), f"/letters/{letter.id}")


def test_two_agree_on_a_day_and_one_click_says_that_it_took_place(client, session, cast, student):
    now = utc_now()
    talk = make_talk(session, cast.mentor, student, now=now, ask="shadow_day")
    page = f"/mentorships/{talk.id}"
    browser = sign_in(client, session, student.person)
    assert "What a shadow day is" in text_of(browser, page)
    assert "A shadow day with Dr Mo Farahani" in text_of(browser, "/home")
    past = (now - timedelta(days=2)).date().isoformat()
    assert "Choose today or a later day" in send(browser, f"{page}/day", page=page, on=past).text
    today = now.astimezone(ZoneInfo(cast.mo.zone)).date()
    send(browser, f"{page}/day", page=page, on=today.isoformat())
    mo = sign_in(client, session, cast.mo)
    send(mo, f"{page}/told", page=page, answer="yes")
    row = session.get(Mentorship, talk.id, populate_existing=True)
    assert (row.status, row.took_place) == ("completed", True)
    time = text_of(mo, "/me/time")
    assert "Sofia Student, took place" in time
    assert "Sofia Student, a shadow day" in time
    assert "60 minutes are spent" in text_of(mo, page)


def test_nobody_else_finds_a_question_or_speaks_of_it(client, session, cast, student):
    talk = make_talk(session, cast.mentor, student, now=utc_now())
    kim = sign_in(client, session, cast.kim)
    for step, values in (("day", {"on": "2099-01-01"}), ("told", {"answer": "yes"})):
        assert send(kim, f"/mentorships/{talk.id}/{step}", page="/me", **values).status_code == 404


def test_whoever_becomes_a_student_says_first_that_she_is_an_adult(client, session, cast):
    lee = sign_in(client, session, cast.lee)
    about = {"name": "Lee Lindqvist", "stage": "md_phd", "specialties": ["general_surgery"], "languages": ["en"]}
    about |= {"zone": "America/Chicago", "save": "1"}
    asked = send(lee, "/me", **about, city="Oslo").text
    assert "only adults take part for now" in asked
    assert 'value="Oslo"' in asked  # nothing is lost
    session.refresh(cast.lee.profile)
    assert cast.lee.profile.stage == "resident_junior"
    send(lee, "/me", **about, adult="y")
    session.refresh(cast.lee.profile)
    assert cast.lee.profile.stage == "md_phd"
    assert session.query(AuditEvent).filter_by(action="membership.adult_confirmed").count() == 1


def test_student_of_before_is_asked_on_her_home_page(client, session, cast, student):
    student.adult_confirmed_at = None
    session.commit()
    browser = sign_in(client, session, student.person)
    assert "Are you 18 or older?" in text_of(browser, "/home")
    send(browser, "/me/adult", adult="y")
    assert "Are you 18 or older?" not in text_of(browser, "/home")
