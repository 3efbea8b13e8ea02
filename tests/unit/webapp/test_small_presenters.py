"""Names of browsers; letters with links."""

import pytest
from flask import Flask
from flask_babel import Babel

from webapp.presenters.browsers import name_browser
from webapp.presenters.letters import Piece, present_letter
from webapp.views.local_paths import local_path

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15": "Safari on Mac",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36": "Chrome on Linux",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0": "Edge on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36": "Chrome on Android",
    "": "A browser that does not say its name",
    "curl/8.0": "A browser that does not say its name",
}


@pytest.mark.parametrize(("agent", "name"), AGENTS.items(), ids=AGENTS.values())
def test_browser_is_named_as_its_owner_knows_it(agent, name):
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        assert name_browser(agent) == name


def test_letter_becomes_paragraphs_of_words_and_links():
    text = "Hello,\r\n\r\nopen http://127.0.0.1:8000/verify/x?next=/home now\nor <not>\n"
    assert present_letter(text) == [
        [[Piece("Hello,", is_link=False)]],
        [
            [
                Piece("open ", is_link=False),
                Piece("http://127.0.0.1:8000/verify/x?next=/home", is_link=True),
                Piece(" now", is_link=False),
            ],
            [Piece("or <not>", is_link=False)],
        ],
    ]


@pytest.mark.parametrize("path", ["/", "/home", "/join/lakeland?role=mentor", "/a//b", "/a?next=http://b"])
def test_path_of_this_site_is_kept(path):
    assert local_path(path, "/home-page") == path


@pytest.mark.parametrize(
    "elsewhere",
    [None, "", "home", "//b", "/\\b", "\\\\b", "http://b", "/\nb", "/\x00b", "/\x7fb", "javascript:b", " /b"],
)
def test_path_to_another_site_is_not(elsewhere):
    assert local_path(elsewhere, "/home-page") == "/home-page"
