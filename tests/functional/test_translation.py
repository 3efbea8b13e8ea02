"""Texts that people read are marked for translation: with a made-up language none is left in English."""

import dataclasses
import re
from html.parser import HTMLParser
from zoneinfo import available_timezones

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import get_babel

from config import ROOT
from tests.applications import rolled_back, settings_in
from tests.factories.cast import sign_in
from webapp.app import create_app

PLACES = {part.replace("_", " ") for zone in available_timezones() for part in zone.split("/")}
SILENT = {"script", "style"}
READ_ALOUD = {"title", "placeholder", "aria-label", "alt"}


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """The texts as `make messages` collects them."""
    path = tmp_path_factory.mktemp("texts") / "messages.pot"
    arguments = ["pybabel", "-q", "extract", "-F", "pyproject.toml", "--ignore-dirs=.*", "-k", "_l", "-o"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run([*arguments, str(path), "."])
    with path.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="session")
def marked(collected, tmp_path_factory):
    """A folder with a language in which every text stands between marks."""
    catalogue = Catalog(locale="eo")
    for message in collected:
        if message.id:
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = tuple(f"«{text}»" for text in texts)
            catalogue.add(message.id, texts if len(texts) > 1 else texts[0], flags=message.flags)
    root = tmp_path_factory.mktemp("languages")
    folder = root / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return root


@pytest.fixture(scope="session")
def made_abroad(marked, tmp_path_factory):
    made = create_app(settings_in(tmp_path_factory.mktemp("instance")))
    get_babel(made).translation_directories = [str(marked)]
    return made


@pytest.fixture
def abroad(made_abroad, config, connection):
    """The application as an installation with a second language has it."""
    with rolled_back(made_abroad, dataclasses.replace(config, languages=("en", "eo")), connection):
        yield made_abroad


class Unmarked(HTMLParser):
    """Collects the words that stand outside all marks, and those that are only read aloud."""

    def __init__(self):
        super().__init__()
        self.words, self.depth, self.silent = set(), 0, 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        for name, value in attrs:
            if name in READ_ALOUD and value and "«" not in value:
                self.words.add(value)

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        for part in re.split("([«»])", "" if self.silent else data):
            self.depth += (part == "«") - (part == "»")
            if not self.depth and re.search("[a-z]{3}", part):
                self.words.add(" ".join(part.split()))


def words_left(page, *data):
    """Return the words of a page that no catalogue could translate, apart from what people and programmes said."""
    parser = Unmarked()
    parser.feed(page)
    said = re.compile("|".join(map(re.escape, ["Mosaic", *data])) + r"|https?://\S+")
    left = {word for word in parser.words if word not in PLACES and not set(word.split(", ")) <= PLACES}
    return {word for word in left if re.search("[a-z]{3}", said.sub("", word))}


def test_partials_are_collected_too(collected):
    """The collector passes over folders that begin with a line unless it is told otherwise."""
    assert "Pages" in collected
    assert any("_macros" in place for message in collected for place, _line in message.locations)


@pytest.mark.parametrize("path", ["/login", "/join", "/forgot", "/help", "/privacy", "/accessibility", "/nowhere"])
def test_public_pages_have_no_words_of_their_own(abroad, path):
    page = abroad.test_client().get(path, headers={"Accept-Language": "eo, en;q=0.5"})
    assert '<html lang="eo"' in page.text
    assert words_left(page.text) == set()


def test_a_word_that_is_not_marked_would_be_found():
    page = "<p title='Where to'>«Sign in as <b>coordinator</b>» or leave, Ada</p><script>const all = 1</script>"
    assert words_left(page, "Ada") == {"or leave, Ada", "Where to"}


def test_a_browser_that_asks_for_nothing_known_gets_the_first_language(abroad):
    page = abroad.test_client().get("/login", headers={"Accept-Language": "tlh"})
    assert '<html lang="en"' in page.text
    assert "«" not in page.text


@pytest.mark.parametrize("path", ["/home", "/me/hours", "/me/security", "/me/privacy", "/me/progress", "/letters"])
def test_pages_of_a_participant_have_no_words_of_their_own(abroad, session, cast, path):
    lee = cast.lee
    lee.language = "eo"
    session.commit()
    page = sign_in(abroad.test_client(), session, lee).get(path)
    assert page.status_code == 200
    assert words_left(page.text, lee.name, lee.email, cast.programme.name, "Operative and technical skills") == set()


@pytest.mark.parametrize("path", ["", "/rounds", "/people/import", "/people/invite", "/settings/meetings", "/reports"])
def test_pages_of_the_console_have_no_words_of_their_own(abroad, session, cast, path):
    ada = cast.ada
    ada.language = "eo"
    session.commit()
    page = sign_in(abroad.test_client(), session, ada).get(f"/c/{cast.programme.slug}{path}")
    assert page.status_code == 200
    assert words_left(page.text, ada.name, cast.programme.name) == set()
