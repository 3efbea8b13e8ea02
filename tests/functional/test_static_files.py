"""Static files: compressed where that is asked for, kept under an address of their content, never with a cookie."""

import gzip
import hashlib
import re

import pytest

from config import ROOT
from tests.factories.cast import sign_in

STATIC = ROOT / "webapp/static"
STYLE = "theme.css"
FONT = "vendor/fonts/figtree-latin-wght-normal.woff2"
COMPRESSED = [
    STYLE,
    "app.css",
    "vendor/bootstrap.min.css",
    "vendor/htmx.min.js",
    "js/hours.js",
    "icons.svg",
    "hero.svg",
]
GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}


def content(filename):
    return (STATIC / filename).read_bytes()


def version(filename):
    return hashlib.sha256(content(filename)).hexdigest()[:10]


@pytest.fixture
def fetch(client):
    def fetch(filename, headers=GZIP, *, method="GET", v=None):
        with client.open(
            f"/static/{filename}", method=method, query_string={"v": v} if v else {}, headers=headers
        ) as it:
            it.get_data()  # while the file behind it is open
            return it

    return fetch


@pytest.mark.parametrize("filename", COMPRESSED)
def test_text_comes_compressed_to_whoever_takes_it(fetch, filename):
    answer = fetch(filename)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content_length == len(answer.data) < 0.6 * len(content(filename))
    assert gzip.decompress(answer.data) == content(filename)
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", [None, "", "identity", "br", "gzip;q=0", "deflate, gzip; q=0.0"])
def test_text_comes_plain_to_whoever_does_not(fetch, accepted):
    answer = fetch(STYLE, {} if accepted is None else {"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.data == content(STYLE)
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("filename", [FONT, "vendor/fonts/Figtree_400Regular.ttf"])
def test_font_comes_as_it_is(fetch, filename):
    answer = fetch(filename)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == content(filename)
    assert "Vary" not in answer.headers


def test_head_tells_of_the_same_thing_as_get(fetch):
    got, headed = fetch(STYLE), fetch(STYLE, method="HEAD")
    assert headed.data == b""
    for name in (
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "ETag",
        "Last-Modified",
        "Cache-Control",
        "Vary",
    ):
        assert headed.headers[name] == got.headers[name]


@pytest.mark.parametrize("accepted", [GZIP, {}], ids=["compressed", "plain"])
def test_whoever_has_the_file_already_is_told_so(fetch, accepted):
    first = fetch(STYLE, accepted, v=version(STYLE))
    for condition in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'"other", W/{first.headers["ETag"]}'},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = fetch(STYLE, accepted | condition, v=version(STYLE))
        assert (again.status_code, again.data) == (304, b"")
        assert "Content-Encoding" not in again.headers
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again.headers[name] == first.headers[name]


def test_each_encoding_has_a_tag_of_its_own(fetch):
    plain, compressed = fetch(STYLE, {}), fetch(STYLE)
    assert plain.headers["ETag"] != compressed.headers["ETag"]
    crossed = fetch(STYLE, GZIP | {"If-None-Match": plain.headers["ETag"]})
    assert (crossed.status_code, crossed.data) == (200, compressed.data)


@pytest.mark.parametrize("accepted", [GZIP, {}], ids=["compressed", "plain"])
def test_part_of_a_file_is_a_part_of_what_came_before(fetch, accepted):
    whole = fetch(STYLE, accepted)
    part = fetch(STYLE, accepted | {"Range": "bytes=100-199", "If-Range": whole.headers["ETag"]})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    assert part.headers.get("Content-Encoding") == whole.headers.get("Content-Encoding")
    changed = fetch(STYLE, accepted | {"Range": "bytes=100-199", "If-Range": '"another"'})
    assert (changed.status_code, changed.data) == (200, whole.data)


def test_part_that_is_not_there_is_refused(fetch):
    answer = fetch(STYLE, GZIP | {"Range": "bytes=9999999-"})
    assert answer.status_code == 416
    assert answer.headers["Cache-Control"] == "no-store"


def test_file_under_the_address_of_its_content_is_kept_for_a_year(fetch):
    kept = fetch(STYLE, v=version(STYLE)).headers["Cache-Control"]
    assert set(kept.split(", ")) == {"public", "max-age=31536000", "immutable"}


@pytest.mark.parametrize("v", [None, "0123456789"], ids=["none", "another version"])
def test_file_under_any_other_address_is_asked_for_again(fetch, v):
    assert fetch(STYLE, v=v).headers["Cache-Control"] == "no-cache"


def test_font_is_kept_for_a_week_since_styles_name_it_without_version(fetch):
    assert set(fetch(FONT).headers["Cache-Control"].split(", ")) == {"public", "max-age=604800"}


@pytest.mark.parametrize("path", ["nowhere.css", "vendor", "../app.py", "%2e%2e/app.py", "vendor/../../../config.py"])
def test_nothing_else_is_found(fetch, path):
    answer = fetch(path)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_file_carries_no_cookie_since_caches_may_be_shared(client, session, cast, fetch):
    sign_in(client, session, cast.lee)
    with client.session_transaction() as cookie:
        cookie.permanent = True
    assert client.get("/home").headers["Set-Cookie"].startswith("mosaic=")
    for filename in (STYLE, FONT):
        headers = fetch(filename, v=version(filename)).headers
        assert "Set-Cookie" not in headers
        assert "Cookie" not in headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/", "/login", "/join", "/healthz", "/nowhere"])
def test_page_is_never_compressed(client, path):
    answer = client.get(path, headers=GZIP)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/home", "/me", "/suggestions"])
def test_page_of_a_member_is_never_compressed(client, session, cast, path):
    sign_in(client, session, cast.lee)
    answer = client.get(path, headers=GZIP)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_page_names_every_file_by_its_content(client, session, cast):
    sign_in(client, session, cast.lee)
    named = set(re.findall(r'(?:href|src)="/static/([^"?#]+)(?:\?v=(\w+))?', client.get("/home").text))
    assert {(STYLE, version(STYLE)), ("icons.svg", version("icons.svg"))} <= named
    fonts = {filename for filename, v in named if not v}
    assert fonts
    assert all(filename in (STATIC / STYLE).read_text(encoding="utf-8") for filename in fonts)
    assert all(v == version(filename) for filename, v in named if v)
