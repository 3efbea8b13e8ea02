"""Signing in and out, and what is slowed down or refused."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_person
from tests.functional.accounts import PASSWORD, SIGN_UP, is_signed_in, last_mail, person_of, post, with_password
from webapp.models import LoginAttempt, LoginSession, OutboxMessage
from webapp.services.passwords import verify_password


def test_sign_in_and_out(client, session, config, cast):
    with_password(session, config, cast.lee)
    answer = post(client, "/login", email=cast.lee.email.upper(), password=PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/home")
    assert is_signed_in(client)
    assert client.get("/login").location == "/home"

    answer = client.post("/logout", data={"csrf_token": csrf_of(client, "/me/security")})
    assert answer.location == "/"
    assert not is_signed_in(client)
    assert session.scalars(select(LoginSession)).all() == []  # the cookie alone would be worth nothing


def test_wrong_password_and_unknown_address_get_the_same_answer(client, session, config, cast):
    with_password(session, config, cast.lee)
    wrong = post(client, "/login", email=cast.lee.email, password="not the right one")
    unknown = post(client, "/login", email="nobody@example.org", password="not the right one")
    plain = [
        re.sub(r'value="[^"]*"', "", answer.text.replace(cast.lee.email, "nobody@example.org"))
        for answer in (wrong, unknown)
    ]
    assert plain[0] == plain[1]
    assert "do not belong together" in plain[0]


def test_right_password_of_an_unconfirmed_address_sends_a_new_link(client, session):
    post(client, "/join", **SIGN_UP)
    first = last_mail(session).params["token"]
    answer = post(client, "/login?next=/me/security", email=SIGN_UP["email"], password=PASSWORD)
    assert "not confirmed yet" in client.get(answer.location).text
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.template == "verify")).all()
    second = next(mail for mail in mails if mail.params["token"] != first)
    assert second.params["next"] == "/me/security"
    assert not is_signed_in(client)
    wrong = post(client, "/login", email=SIGN_UP["email"], password="not the right one")
    assert "do not belong together" in wrong.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org/",
        "///example.org",
        "/\\example.org",
        "/\t/example.org",
        "/ /example.org",
        "javascript:alert(1)",
        "example.org",
        "http:example.org",
        "",
    ],
)
def test_sign_in_leads_to_pages_of_this_site_only(client, session, config, cast, elsewhere):
    with_password(session, config, cast.lee)
    csrf = csrf_of(client, "/login")
    answer = client.post(
        "/login",
        query_string={"next": elsewhere},
        data={"csrf_token": csrf, "email": cast.lee.email, "password": PASSWORD},
    )
    assert answer.location == "/home"


def test_sign_in_leads_back_to_the_page_that_was_asked_for(client, session, config, cast):
    with_password(session, config, cast.lee)
    asked = client.get("/me/security?a=1")
    assert asked.status_code == 302
    answer = post(client, asked.location, email=cast.lee.email, password=PASSWORD)
    assert answer.location == "/me/security?a=1"


def test_what_the_browser_held_before_is_dropped_at_sign_in(client, session, config, cast):
    with_password(session, config, cast.lee)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    post(client, "/login", email=cast.lee.email, password=PASSWORD)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.permanent


def test_tenth_failure_makes_wait_and_even_the_right_password_must(client, session, config, cast):
    with_password(session, config, cast.lee)
    with time_machine.travel("2027-02-15 18:00:00+00:00", tick=False) as clock:
        for _ in range(config.login_attempts):
            assert post(client, "/login", email=cast.lee.email, password="wrong").status_code == 200
            clock.shift(timedelta(seconds=1))
        answer = post(client, "/login", email=cast.lee.email, password=PASSWORD)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == str(15 * 60 - 10)
        assert "wait 15 minutes" in answer.text
        clock.shift(timedelta(minutes=15))
        assert post(client, "/login", email=cast.lee.email, password=PASSWORD).status_code == 302
        assert session.scalars(select(LoginAttempt.kind)).all() != []


def test_unknown_addresses_are_slowed_down_as_known_ones_are(client, config):
    answers = [
        post(client, "/login", email="nobody@example.org", password="wrong").status_code
        for _ in range(config.login_attempts + 1)
    ]
    assert answers == [200] * config.login_attempts + [429]


def test_many_accounts_tried_from_one_address_are_slowed_down(client, config):
    csrf = csrf_of(client, "/login")
    answers = [
        client.post(
            "/login", data={"csrf_token": csrf, "email": f"person{n}@example.org", "password": "wrong"}
        ).status_code
        for n in range(config.login_attempts_from_address + 1)
    ]
    assert answers[-2:] == [200, 429]


def test_hash_made_with_other_parameters_is_renewed_at_sign_in(client, session, config, cast):
    from dataclasses import replace

    with_password(session, replace(config, password_memory_kib=128), cast.lee)
    before = cast.lee.password_hash
    post(client, "/login", email=cast.lee.email, password=PASSWORD)
    after = person_of(session, cast.lee.email).password_hash
    assert "m=128," in before
    assert f"m={config.password_memory_kib}," in after
    assert verify_password(after, PASSWORD, config)


def test_stranger_is_asked_to_sign_in(client):
    assert client.get("/me/security").location == "/login?next=/me/security"


def test_person_made_elsewhere_without_a_password_cannot_sign_in(client, session):
    person = make_person(session, "Uma Berg")
    session.commit()
    assert "do not belong together" in post(client, "/login", email=person.email, password="!").text
