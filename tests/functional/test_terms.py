"""Terms with versions: written by the coordinator, agreed to by whoever takes part."""

import re

import pytest

from tests.factories.cast import make_coordinator, make_person, sign_in
from tests.functional.console import send, text_of
from tests.functional.test_console_settings import fields_of
from webapp.models import AuditEvent, Membership, Programme, ProgrammeTerms
from webapp.services.terms import agree_to_terms, read_my_terms

FIRST = "Be kind.\nBe on time."


@pytest.fixture
def path(session, cast):
    cast.programme.terms = FIRST
    session.commit()
    return f"/c/{cast.programme.slug}/settings/terms"


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


def write(client, path, text, **more):
    return send(client, path, **fields_of(client, path) | {"text": text} | more)


def held(session, cast):
    programme = session.get(Programme, cast.programme.id, populate_existing=True)
    return programme.terms, programme.terms_version


def test_other_terms_are_a_new_version_and_the_old_text_stays(ada, session, cast, path):
    answer = write(ada, path, "Be kind.\r\n\r\n  Answer in time.  ")
    assert answer.headers["Location"] == path
    assert held(session, cast) == ("Be kind.\nAnswer in time.", 2)
    rows = session.query(ProgrammeTerms).filter_by(programme_id=cast.programme.id).order_by("number").all()
    assert [(row.number, row.version, row.text) for row in rows] == [
        (1, 1, FIRST),
        (2, 2, "Be kind.\nAnswer in time."),
    ]
    assert rows[1].by_person_id == cast.ada.id
    facts = session.query(AuditEvent.facts).filter_by(action="terms.changed").scalar()
    assert facts == {"version": 2, "correction": False}
    page = text_of(ada, path)
    assert "0 of 2 members agreed to version 2." in page
    assert re.search(r"Answer in time\. <span class=\"badge-m yes\">new</span>", page)
    assert re.search(r"Be on time\. <span class=\"badge-m no\">left out</span>", page)


def test_a_typing_error_is_corrected_without_asking_anybody(ada, client, session, cast, path):
    write(ada, path, "Be kind!\nBe on time.", is_correction="y")
    assert held(session, cast) == ("Be kind!\nBe on time.", 1)
    assert session.query(ProgrammeTerms).filter_by(version=1).count() == 2
    page = text_of(ada, path)
    assert "2 of 2 members agreed to version 1." in page
    assert ", corrected" in page
    assert "have changed" not in text_of(sign_in(client, session, cast.lee), "/home")


def test_saving_the_same_terms_changes_nothing(ada, session, cast, path):
    write(ada, path, FIRST.replace("\n", "\r\n"))
    assert held(session, cast) == (FIRST, 1)
    assert session.query(ProgrammeTerms).count() == session.query(AuditEvent).count() == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Say what people agree to."),
        (" \n ", "Say what people agree to."),
        ("x" * 10_001, "Stay under 10,000 characters."),
    ],
)
def test_empty_and_endless_terms_are_refused(ada, session, cast, path, text, says):
    assert says in write(ada, path, text).get_data(as_text=True)
    assert held(session, cast) == (FIRST, 1)


def test_terms_that_a_colleague_wrote_meanwhile_are_kept_and_the_input_too(ada, session, cast, path):
    values = fields_of(ada, path) | {"text": "Mine."}
    write(ada, path, "Theirs.")
    page = send(ada, path, **values).get_data(as_text=True)
    assert "Somebody else saved this section" in page
    assert "Mine." in page
    assert held(session, cast) == ("Theirs.", 2)


def test_members_are_asked_at_home_see_what_changed_and_agree_with_one_button(ada, client, session, cast, path):
    write(ada, path, "Be kind.\nAnswer in time.")
    lee = sign_in(client, session, cast.lee)
    mine = f"/me/terms/{cast.programme.slug}"
    home = text_of(lee, "/home")
    assert f'href="{mine}"' in home
    assert "You stay in the pool meanwhile." in home
    page = text_of(lee, mine)
    assert re.search(r"Be on time\. <span class=\"badge-m no\">left out</span>", page)
    assert re.search(r"Answer in time\. <span class=\"badge-m yes\">new</span>", page)
    assert send(lee, mine, version="2").headers["Location"] == "/home"
    member = session.get(Membership, cast.mentee.id, populate_existing=True)
    assert (member.terms_version, member.status) == (2, "active")
    assert member.terms_agreed_at is not None
    assert "have changed" not in text_of(lee, "/home")
    assert "You have agreed to what holds now." in text_of(lee, mine)
    # Twice is once.
    send(lee, mine, version="2")
    assert session.query(AuditEvent).filter_by(action="terms.agreed").count() == 1
    assert "1 of 2 members agreed to version 2." in text_of(sign_in(client, session, cast.ada), path)


def test_nobody_agrees_to_terms_that_changed_while_she_read(ada, client, session, cast, path):
    write(ada, path, "Second.")
    write(ada, path, "Third.")
    lee = sign_in(client, session, cast.lee)
    mine = f"/me/terms/{cast.programme.slug}"
    page = lee.post(mine, data={"csrf_token": fields_token(lee, mine), "version": "2"}, follow_redirects=True).get_data(
        as_text=True
    )
    assert "The terms changed once more while you read." in page
    assert session.get(Membership, cast.mentee.id, populate_existing=True).terms_version is None


def fields_token(client, path):
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', text_of(client, path)).group(1)


@pytest.mark.parametrize("version", ["", "two", "-1", "9" * 30])
def test_a_version_that_is_none_is_not_agreed_to(ada, client, session, cast, path, version):
    write(ada, path, "Second.")
    lee = sign_in(client, session, cast.lee)
    mine = f"/me/terms/{cast.programme.slug}"
    assert send(lee, mine, version=version).status_code in {200, 302}
    assert session.get(Membership, cast.mentee.id, populate_existing=True).terms_version is None


def test_strangers_and_coordinators_without_a_role_have_no_terms_to_agree_to(client, session, cast, path):
    olga = make_person(session, "Olga Outside")
    make_coordinator(session, cast.programme, olga)
    session.commit()
    for person in (cast.kim, cast.ada, olga):
        text_of(sign_in(client, session, person), f"/me/terms/{cast.programme.slug}", status=404)


def test_whoever_joins_agrees_to_the_version_she_read(ada, client, session, cast, path):
    member = session.get(Membership, cast.mentor.id)
    member.status, member.joined_at = "pending", None
    session.commit()
    check = f"/join/{cast.programme.slug}/check"
    mo = sign_in(client, session, cast.mo)
    read = fields_token(mo, check)
    ada = sign_in(client, session, cast.ada)
    write(ada, path, "Second.")
    mo = sign_in(client, session, cast.mo)
    late = mo.post(check, data={"csrf_token": read, "version": "1", "terms": "y"}, follow_redirects=True)
    assert "The terms changed while you read." in late.get_data(as_text=True)
    assert session.get(Membership, cast.mentor.id, populate_existing=True).status == "pending"
    assert send(mo, check, version="2", terms="y").headers["Location"] == "/home"
    member = session.get(Membership, cast.mentor.id, populate_existing=True)
    assert (member.status, member.terms_version) == ("active", 2)
    assert member.terms_agreed_at == member.joined_at
    assert "have changed" not in text_of(mo, "/home")


def test_who_agreed_before_a_correction_is_shown_the_text_she_saw(ada, session, cast, path, now):
    write(ada, path, "Second.")
    version = session.query(ProgrammeTerms).filter_by(number=2).one()
    agree_to_terms(session, cast.programme.slug, person_id=cast.lee.id, version=2, now=version.created_at)
    write(ada, path, "Second!", is_correction="y")
    write(ada, path, "Third.")
    mine = read_my_terms(session, cast.programme.slug, person_id=cast.lee.id)
    assert (mine.agreed_version, mine.agreed_text, mine.text) == (2, "Second.", "Third.")
