"""Passwords that are forgotten or changed, and the browsers one is signed in on."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.factories.cast import csrf_of, sign_in
from tests.functional.accounts import PASSWORD, is_signed_in, last_mail, person_of, post, with_password
from webapp.models import LoginSession
from webapp.services.passwords import verify_password


def test_forgotten_password_is_set_anew_and_ends_every_sign_in(app, client, session, config, cast):
    with_password(session, config, cast.lee, "an older password")
    elsewhere = sign_in(app.test_client(), session, cast.lee)
    post(client, "/forgot", email=cast.lee.email)
    link = f"/reset/{last_mail(session, 'reset').params['token']}"
    answer = post(client, link, password=PASSWORD)
    assert answer.location == "/home"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert verify_password(person_of(session, cast.lee.email).password_hash, PASSWORD, config)
    assert last_mail(session, "password_changed").person_id == cast.lee.id
    assert "used up" in client.get(link).text


def test_forgot_answers_the_same_for_unknown_addresses_and_writes_nobody(client, session):
    answer = post(client, "/forgot", email="nobody@example.org")
    assert answer.location.endswith("why=reset")
    assert "nobody@example.org" in client.get(answer.location).text
    assert last_mail(session) is None


def test_reset_link_works_for_an_hour_only(client, session, cast):
    with time_machine.travel("2027-02-15 18:00:00+00:00", tick=False) as clock:
        post(client, "/forgot", email=cast.lee.email)
        link = f"/reset/{last_mail(session).params['token']}"
        assert "Choose a new password" in client.get(link).text
        clock.shift(timedelta(hours=1, seconds=1))
        assert "out of date" in client.get(link).text


def test_refused_password_leaves_the_reset_link_usable(client, session, cast):
    post(client, "/forgot", email=cast.lee.email)
    link = f"/reset/{last_mail(session).params['token']}"
    assert "Use at least 12" in post(client, link, password="short").text
    assert post(client, link, password=PASSWORD).status_code == 302


def test_a_link_serves_its_own_purpose_only(client, session, cast):
    post(client, "/forgot", email=cast.lee.email)
    token = last_mail(session).params["token"]
    for other in ("verify", "operator"):
        assert "out of date" in client.get(f"/{other}/{token}").text


# My password and browsers


def test_change_of_password_ends_the_other_browsers_only(app, client, session, config, cast):
    with_password(session, config, cast.lee)
    sign_in(client, session, cast.lee)
    elsewhere = sign_in(app.test_client(), session, cast.lee)
    answer = post(client, "/me/security", old=PASSWORD, password="a whole new sentence")
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert verify_password(person_of(session, cast.lee.email).password_hash, "a whole new sentence", config)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("wrong", "a whole new sentence", "This is not your present password."),
        (PASSWORD, "short", "Use at least 12 characters."),
        ("", "a whole new sentence", "Write your present password."),
    ],
)
def test_change_of_password_says_what_to_write_instead(client, session, config, cast, old, new, sentence):
    with_password(session, config, cast.lee)
    before = cast.lee.password_hash
    sign_in(client, session, cast.lee)
    answer = post(client, "/me/security", old=old, password=new)
    assert sentence in answer.text
    assert person_of(session, cast.lee.email).password_hash == before


def test_list_of_browsers_and_signing_out_everywhere_else(app, client, session, cast):
    sign_in(client, session, cast.lee)
    elsewhere = sign_in(app.test_client(), session, cast.lee)
    row = session.scalars(select(LoginSession).order_by(LoginSession.created_at)).first()
    row.agent = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    session.commit()
    page = client.get("/me/security").text
    assert "2 browsers" in page
    assert "Firefox on Windows" in page
    answer = post(client, "/me/security/end", form="/me/security")
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert "this browser only" in client.get("/me/security").text


def test_another_persons_browsers_stay_signed_in(app, client, session, cast):
    sign_in(client, session, cast.lee)
    kim = sign_in(app.test_client(), session, cast.kim)
    post(client, "/me/security/end", form="/me/security")
    assert is_signed_in(kim)


def test_last_visit_is_noted_once_an_hour(client, session, cast):
    sign_in(client, session, cast.lee)
    row = session.scalars(select(LoginSession)).one()
    first = row.seen_at
    with time_machine.travel(first + timedelta(minutes=30), tick=False):
        client.get("/me/security")
        session.refresh(row)
        assert row.seen_at == first
    with time_machine.travel(first + timedelta(minutes=61), tick=False):
        client.get("/me/security")
        session.refresh(row)
        assert row.seen_at == first + timedelta(minutes=61)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/logout", "get"),
        ("/join/check-mail", "post"),
        ("/me/security/end", "get"),
        ("/login", "delete"),
    ],
)
def test_wrong_method_is_refused(client, session, cast, path, method):
    sign_in(client, session, cast.lee)
    csrf = csrf_of(client, "/me/security")
    assert getattr(client, method)(path, headers={"X-CSRFToken": csrf}).status_code == 405
