"""Every route, for every kind of visitor."""

import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from flask import g, request
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.routing import Rule, UUIDConverter

from config import ROOT
from tests.factories.cast import make_coordinator, make_person, sign_in
from webapp.views.access import ACCESS, Who, enforce_access
from webapp.views.access_page import access_page

ASKED = {"GET", "POST"}


def routes(app):
    """Every rule with each method that it answers to."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted(rule.methods & ASKED):
            yield rule, method


# Posted to by mail programmes, which have no token: the link itself is signed, and one that is not leads nowhere.
SIGNED = {"privacy.stop_mail": 404}


def address(app, rule: Rule, slug: str) -> str:
    """An address that this rule matches, with the programme's slug and otherwise values that lead nowhere."""
    values = {}
    for name in rule.arguments:
        if name == "slug":
            values[name] = slug
        elif isinstance(rule._converters[name], UUIDConverter):
            values[name] = uuid.UUID(int=7)
        else:
            values[name] = "nothing"
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, values, append_unknown=False)


def verdict(client, path, method):
    """What the access table says to this browser: nothing (it may pass), an answer, or an error."""
    own_machine = {"REMOTE_ADDR": "127.0.0.1"}
    with client.application.test_request_context(
        path, method=method, headers=cookies_of(client), environ_overrides=own_machine
    ):
        try:
            answer = enforce_access()
        except HTTPException as error:
            return type(error)
        if answer is None and ACCESS[request.endpoint] is Who.COORDINATOR:
            assert f"/{g.console.slug}" in path
        return None if answer is None else answer.location


def cookies_of(client):
    return [("Cookie", f"{cookie.key}={cookie.value}") for cookie in client._cookies.values()]


@pytest.fixture
def visitors(app, session, cast):
    """One browser for each kind of visitor."""
    nobody = make_person(session, "Nia Without")
    operator = make_person(session, "Ola Ngo", is_operator=True)
    past = make_person(session, "Pat Gone")
    make_coordinator(session, cast.programme, past).status = "left"
    session.commit()
    people = {
        "no role": nobody,
        "mentor here": cast.mo,
        "mentee here": cast.lee,
        "coordinator elsewhere": cast.kim,
        "coordinator who left": past,
        "operator": operator,
        "coordinator here": cast.ada,
    }
    browsers = {name: sign_in(app.test_client(), session, person) for name, person in people.items()}
    browsers["stranger"] = app.test_client()
    return browsers


# For each kind of page, who may pass; a stranger is sent to sign in, everyone else is told that there is no such page.
EVERYONE = {
    "stranger",
    "no role",
    "mentor here",
    "mentee here",
    "coordinator elsewhere",
    "coordinator who left",
    "operator",
    "coordinator here",
}
MAY_PASS = {
    Who.PUBLIC: EVERYONE,
    Who.DEVELOPER: EVERYONE,
    Who.SIGNED_IN: EVERYONE - {"stranger"},
    Who.COORDINATOR: {"coordinator here"},
    Who.FOUNDER: {"coordinator here", "coordinator elsewhere", "operator"},
    Who.OPERATOR: {"operator"},
}


def test_every_route_is_in_the_table_and_every_entry_has_a_route(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - set(ACCESS) == set()
    assert set(ACCESS) - endpoints == set()


def test_every_route_lets_pass_whom_the_table_names_and_nobody_else(app, cast, visitors):
    wrong = []
    for rule, method in routes(app):
        path = address(app, rule, cast.programme.slug)
        for name, client in visitors.items():
            found = verdict(client, path, method)
            passes = name in MAY_PASS[ACCESS[rule.endpoint]]
            if passes:
                expected = None
            elif name == "stranger":
                expected = f"/login?next={path}" if method == "GET" else Forbidden
            else:
                expected = NotFound
            if found != expected:
                wrong.append((name, method, path, found, expected))
    assert wrong == []


def test_closed_pages_are_closed_in_a_real_request_too(app, cast, visitors):
    wrong = []
    for rule, method in routes(app):
        who = ACCESS[rule.endpoint]
        if method != "GET" or who in {Who.PUBLIC, Who.DEVELOPER}:
            continue
        path = address(app, rule, cast.programme.slug)
        for name in set(visitors) - MAY_PASS[who]:
            status = visitors[name].get(path).status_code
            if status != (302 if name == "stranger" else 404):
                wrong.append((name, path, status))
    assert wrong == []


def test_every_form_without_its_token_is_refused(app, cast, visitors):
    wrong = []
    for rule, method in routes(app):
        if method == "POST":
            path = address(app, rule, cast.programme.slug)
            for name in ("stranger", "coordinator here"):
                status = visitors[name].post(path, data={}).status_code
                if status != SIGNED.get(rule.endpoint, 400):
                    wrong.append((name, path, status))
    assert wrong == []


def test_a_route_that_is_not_in_the_table_is_closed(own_app, session, cast):
    own_app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    for client in (own_app.test_client(), sign_in(own_app.test_client(), session, cast.ada)):
        assert client.get("/forgotten").status_code == 403


def test_pages_for_developers_do_not_exist_in_production(app, config):
    app.config["MOSAIC"] = replace(config, testing=False)
    client = app.test_client()
    for rule, method in routes(app):
        if ACCESS[rule.endpoint] is Who.DEVELOPER:
            assert client.open(address(app, rule, "any"), method=method).status_code in {404, 400}


@pytest.mark.parametrize(
    ("address", "headers"), [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"})]
)
def test_pages_for_developers_are_shut_to_other_machines(client, address, headers):
    assert client.get("/dev/mail").status_code == 200
    assert client.get("/dev/mail", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code == 404


def test_documented_access_is_that_of_the_table(app):
    kept = Path(ROOT / "docs/reference/access.md").read_text(encoding="utf-8")
    assert kept == access_page(app), "run python docs/reference/make_access.py"
