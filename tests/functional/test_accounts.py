"""Signing up and confirming an address: what a visitor sees."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.factories.cast import csrf_of, sign_in
from tests.functional.accounts import SIGN_UP, is_signed_in, last_mail, person_of, post
from webapp.models import OutboxMessage
from webapp.services.passwords import verify_password


def test_sign_up_then_confirm_leads_to_the_programme_as_what_was_chosen(client, session, cast):
    path = f"/join?programme={cast.programme.slug}&role=mentor"
    answer = post(client, path, **SIGN_UP)
    assert answer.status_code == 302
    assert "noor@example.org" in client.get(answer.location).text
    assert not is_signed_in(client)

    person = person_of(session, "noor@example.org")
    assert (person.name, person.zone, person.email_verified_at) == ("Dr Noor Aziz", "Europe/Berlin", None)
    mail = last_mail(session, "verify")
    link = f"/verify/{mail.params['token']}?next={mail.params['next']}"

    page = client.get(link)
    assert "Is this your address?" in page.text
    assert person_of(session, "noor@example.org").email_verified_at is None  # looking confirms nothing

    answer = post(client, link)
    assert answer.status_code == 302
    assert answer.location == f"/join/{cast.programme.slug}?role=mentor"
    assert person_of(session, "noor@example.org").email_verified_at is not None
    assert is_signed_in(client)


def test_sign_up_page_names_programme_and_role(client, cast):
    page = client.get(f"/join?programme={cast.programme.slug}&role=mentee").text
    assert f"Find a mentor in {cast.programme.name}" in page
    assert "Make an account" in client.get("/join?programme=unknown&role=queen").text


def test_sign_up_with_a_known_address_gets_the_same_answer_and_changes_nothing(client, session, cast):
    known, before = cast.lee.email, cast.lee.password_hash
    answers = [post(client, "/join", **SIGN_UP | {"email": email}) for email in ("new@example.org", known)]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].location == answers[1].location
    pages = [client.get("/join/check-mail").text]
    assert known in pages[0]
    assert last_mail(session, "already_here").person_id == cast.lee.id
    assert person_of(session, known).password_hash == before
    assert not is_signed_in(client)


def test_second_sign_up_with_another_password_makes_the_owner_choose_one(client, session, config):
    post(client, "/join", **SIGN_UP)
    first = last_mail(session, "verify").params["token"]
    post(client, "/join", **SIGN_UP | {"password": "somebody else's words"})
    assert "used up" in client.get(f"/verify/{first}").text

    mail = last_mail(session, "choose_password")
    answer = post(client, f"/reset/{mail.params['token']}", password="the owner's own words")
    assert answer.status_code == 302
    person = person_of(session, "noor@example.org")
    assert person.email_verified_at is not None
    assert verify_password(person.password_hash, "the owner's own words", config)


def test_second_sign_up_with_the_same_password_sends_another_link_and_keeps_the_first(client, session):
    post(client, "/join", **SIGN_UP)
    first = last_mail(session, "verify").params["token"]
    post(client, "/join", **SIGN_UP)
    assert len(session.scalars(select(OutboxMessage).where(OutboxMessage.template == "verify")).all()) == 2
    assert "Is this your address?" in client.get(f"/verify/{first}").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "Write your name."),
        ({"name": "Win at www.example.org"}, "Write your name only."),
        ({"email": "noor@"}, "Write the whole address"),
        ({"password": "eleven char"}, "Use at least 12 characters."),
        ({"password": "x" * 129 + "y"}, "Use at most 128 characters."),
        ({"password": "PassWord1234"}, "one of the first that strangers try"),
        ({"password": "drnooraziz2027"}, "not your name or your e-mail"),
    ],
)
def test_sign_up_says_at_the_field_what_to_write_instead(client, session, change, sentence):
    answer = post(client, "/join", **SIGN_UP | change)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert person_of(session, "noor@example.org") is None


def test_sign_up_with_an_unknown_zone_falls_back(client, session):
    post(client, "/join", **SIGN_UP | {"zone": "Mars/Olympus"})
    assert person_of(session, "noor@example.org").zone == "UTC"


def test_sign_up_sends_at_most_five_mails_an_hour_to_one_address(client, session, cast):
    for email in (cast.lee.email, "new@example.org"):
        answers = [post(client, "/join", **SIGN_UP | {"email": email}).status_code for _ in range(6)]
        assert answers == [302] * 5 + [429]


def test_who_is_signed_in_goes_from_sign_up_to_the_programme(client, session, cast):
    sign_in(client, session, cast.lee)
    answer = client.get(f"/join?programme={cast.programme.slug}&role=mentor")
    assert answer.location == f"/join/{cast.programme.slug}?role=mentor"


@pytest.mark.parametrize("path", ["/verify/unknown", "/reset/unknown", "/operator/unknown"])
def test_an_unknown_link_says_what_to_do(client, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "used up or out of date" in page.text


def test_a_confirmation_link_works_once_and_for_three_days(client, session):
    with time_machine.travel("2027-02-15 18:00:00+00:00", tick=False) as clock:
        post(client, "/join", **SIGN_UP)
        link = f"/verify/{last_mail(session).params['token']}"
        csrf = csrf_of(client, link)
        clock.shift(timedelta(days=3, seconds=1))
        assert "out of date" in client.post(link, data={"csrf_token": csrf}).text
        clock.shift(timedelta(days=-1))
        assert post(client, link).status_code == 302
        client.post("/logout", data={"csrf_token": csrf_of(client, "/me/security")})
        assert "used up" in client.get(link).text
