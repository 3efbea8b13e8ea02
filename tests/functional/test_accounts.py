"""Signing up, confirming, signing in, passwords: what a visitor sees."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_person, sign_in
from webapp.models import LoginAttempt, LoginSession, OutboxMessage, Person
from webapp.services.passwords import hash_password, verify_password

PASSWORD = "three quiet owls"
SIGN_UP = {"name": "Dr Noor Aziz", "email": "Noor@Example.org", "password": PASSWORD, "zone": "Europe/Berlin"}


def post(client, path, form=None, **values):
    values = {"csrf_token": csrf_of(client, form or path), **values}
    return client.post(path, data=values)


def last_mail(session, template=None):
    query = select(OutboxMessage).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
    if template:
        query = query.where(OutboxMessage.template == template)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def person_of(session, email):
    return session.scalars(
        select(Person).where(Person.email == email).execution_options(populate_existing=True)
    ).one_or_none()


def with_password(session, config, person, password=PASSWORD):
    person.password_hash = hash_password(password, config)
    session.commit()
    return person


def is_signed_in(client):
    return client.get("/me/security").status_code == 200


# Signing up


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


# Signing in and out


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


# Forgotten passwords


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


def test_stranger_is_asked_to_sign_in(client):
    assert client.get("/me/security").location == "/login?next=/me/security"


def test_person_made_elsewhere_without_a_password_cannot_sign_in(client, session):
    person = make_person(session, "Uma Berg")
    session.commit()
    assert "do not belong together" in post(client, "/login", email=person.email, password="!").text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("noor.aziz+mentor.2@example.org", "noor.aziz+mentor.2@example.org"),
        ("O'Brien_x@Mail.Example.ORG", "o'brien_x@mail.example.org"),
        ("noor@bücher.example.org", "noor@xn--bcher-kva.example.org"),
    ],
)
def test_addresses_with_plus_dots_and_letters_of_their_own_are_kept_as_mail_knows_them(client, session, typed, kept):
    assert post(client, "/join", **{**SIGN_UP, "email": typed}).status_code == 302
    assert person_of(session, kept).name == SIGN_UP["name"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nöör@example.org", "Before the @ we can write to plain letters only"),
        ("noor@exa mple.org", "Write the whole address"),
        ("noor@-.example.org", "Write the whole address"),
        ("noor..aziz@example.org", "Write the whole address"),
        ("noor@💌", "Write the whole address"),
    ],
)
def test_addresses_that_mail_cannot_reach_are_refused_and_kept(client, typed, words):
    page = post(client, "/join", **{**SIGN_UP, "email": typed})
    assert page.status_code == 200
    assert words in page.text
    assert f'value="{typed}"' in page.text
