"""Headers and cookies of every kind of answer."""

import re
from dataclasses import replace

import pytest
from flask import request

from config import Production, UnsafeSettingsError, from_environment
from tests.factories.cast import sign_in
from webapp.app import create_app
from webapp.extensions import bind_database

KINDS = {
    "page": ("GET", "/"),
    "form": ("GET", "/login"),
    "list of mails": ("GET", "/dev/mail"),
    "static file": ("GET", "/static/theme.css"),
    "script": ("GET", "/static/js/zone.js"),
    "JSON": ("GET", "/healthz"),
    "sent to sign in": ("GET", "/home"),
    "not here": ("GET", "/nowhere"),
    "wrong method": ("GET", "/logout"),
    "form without its token": ("POST", "/login"),
    "stale link": ("GET", "/verify/unknown"),
}


def directives(policy):
    parts = (part.split() for part in policy.split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize(("method", "path"), KINDS.values(), ids=KINDS)
def test_every_answer_carries_the_strict_policy(client, method, path):
    with client.open(path, method=method) as answer:
        headers = answer.headers
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert not re.search(r"unsafe|data:|\*|http", headers["Content-Security-Policy"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize(
    "path", ["/", "/login", "/join", "/forgot", "/help", "/privacy", "/accessibility", "/dev/mail", "/nowhere"]
)
def test_no_page_says_anything_that_the_policy_forbids(client, path):
    assert forbidden_in(client.get(path).text) == []


@pytest.mark.parametrize("path", ["/home", "/me/security", "/me", "/mentorships", "/suggestions"])
def test_no_page_of_a_member_says_anything_that_the_policy_forbids(client, session, cast, path):
    sign_in(client, session, cast.lee)
    page = client.get(path)
    assert page.status_code == 200
    assert forbidden_in(page.text) == []


def forbidden_in(html):
    patterns = (r"<style", r"<script(?![^>]* src=)", r"\sstyle=", r"\son[a-z]+=", r"javascript:", r"\ssrc=.data:")
    return [pattern for pattern in patterns if re.search(pattern, html, re.IGNORECASE)]


def test_pages_are_never_kept_by_a_cache_and_static_files_may_be(client, session, cast):
    sign_in(client, session, cast.lee)
    assert client.get("/me/security").headers["Cache-Control"] == "no-store"
    with client.get("/static/theme.css") as answer:
        assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(app):
    cookie = next(v for n, v in app.test_client().get("/login").headers if n == "Set-Cookie")
    assert cookie.startswith("mosaic=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # a laptop has no TLS


@pytest.fixture
def production(connection, tmp_path):
    config = Production(
        secret_key="a key that is long enough for production",
        instance=tmp_path / "instance",
        database_url="sqlite://",
        queue_url="",
        base_url="https://mosaic.example.org",
        smtp_url="smtp://127.0.0.1",
        trusted_proxies=1,
    )
    yield create_app(config, connection)
    bind_database(None)


def test_in_production_cookies_are_secure_and_transport_is_strict(production):
    answer = production.test_client().get("/login", base_url="https://mosaic.example.org")
    cookie = next(v for n, v in answer.headers if n == "Set-Cookie")
    assert "Secure" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert production.test_client().get("/dev/mail").status_code == 404


def test_the_address_a_proxy_tells_is_believed_only_where_one_is_set(own_app, production):
    told = {"X-Forwarded-For": "198.51.100.9"}
    for application, seen in ((own_app, "127.0.0.1"), (production, "198.51.100.9")):
        addresses = []
        application.before_request(lambda addresses=addresses: addresses.append(request.remote_addr))
        application.test_client().get("/login", headers=told)
        assert addresses == [seen]


GOOD = {
    "MOSAIC_ENV": "production",
    "SECRET_KEY": "x" * 32,
    "BASE_URL": "https://mosaic.example.org",
    "SMTP_URL": "smtp://127.0.0.1",
}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"BASE_URL": "http://mosaic.example.org"}, "BASE_URL"),
        ({"SMTP_URL": ""}, "SMTP_URL"),
        ({"MOSAIC_ENV": "staging"}, "MOSAIC_ENV"),
    ],
)
def test_unsafe_production_settings_are_refused_by_name(tmp_path, change, named):
    good = GOOD | {"MOSAIC_INSTANCE": str(tmp_path)}
    config = from_environment(good)
    assert isinstance(config, Production)
    assert replace(config).secure_cookies
    with pytest.raises(UnsafeSettingsError, match=named):
        from_environment(good | change)


def test_key_of_a_laptop_is_made_once_and_readable_by_its_owner_only(tmp_path):
    environ = {"MOSAIC_INSTANCE": str(tmp_path / "instance")}
    first, second = from_environment(environ), from_environment(environ)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "instance" / "secret-key").stat().st_mode & 0o077 == 0
