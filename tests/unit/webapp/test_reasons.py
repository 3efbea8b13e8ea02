"""Reasons in sentences."""

import re

import pytest
from flask import Flask
from flask_babel import Babel

from matcher.codes import Code
from matcher.explain import SENTENCES
from matcher.why_not import why_not
from webapp.presenters import reasons as subject
from webapp.presenters.reasons import hours_words, listed, sentences, why_not_sentence

PARAMS = {
    "topics": ["Grants", "Scientific writing"],
    "covered": 2,
    "wanted": 3,
    "practice": "Vascular Surgery",
    "interest": "General Surgery",
    "minutes": 90,
    "hours": "1 hour 30 minutes",
    "mentor_stage": "Fellow",
    "mentee_stage": "Intern",
    "languages": ["English"],
}


@pytest.fixture(autouse=True)
def in_english():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize("viewer", ["mentee", "mentor", "coordinator"])
def test_every_reason_of_the_engine_has_a_sentence_for_every_reader(viewer):
    others_wish = {"mentee": "wish_mentor", "mentor": "wish_mentee"}.get(viewer)
    for key in SENTENCES.keys() - {others_wish}:
        line = sentences([{"kind": "shared", "key": key, "params": PARAMS}], viewer)[0]
        assert line.text.endswith(".")
        assert "%" not in line.text
        assert re.sub(r"</?b>", "", line.html) == line.text


@pytest.mark.parametrize(("viewer", "key"), [("mentee", "wish_mentor"), ("mentor", "wish_mentee")])
def test_nobody_reads_what_the_other_wished(viewer, key):
    assert sentences([{"kind": "plus", "key": key, "params": {}}], viewer) == []


def test_there_is_no_sentence_that_the_engine_never_gives():
    assert set(subject._SENTENCES) == set(SENTENCES)


@pytest.mark.parametrize("viewer", ["mentee", "mentor"])
@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_a_sentence_for_participants(code, viewer):
    key, _ = why_not(code, participant=True)
    assert key in subject._WHY_NOT
    assert why_not_sentence(key, "Dr Kerrigan", viewer).endswith((".", "?"))


@pytest.mark.parametrize("key", ["excluded", "conflict", "forbidden", "below_minimum", "anything"])
def test_private_causes_read_not_available(key):
    assert why_not_sentence(key, "Dr Kerrigan") == "Dr Kerrigan is not available in this programme."


def test_mentee_and_mentor_read_the_same_reason_each_from_her_own_side():
    reason = {"kind": "shared", "key": "topics_some", "params": PARAMS}
    assert sentences([reason], "mentee")[0].text == "Offers 2 of your 3 needs: Grants and Scientific writing."
    assert sentences([reason], "mentor")[0].text == "You offer 2 of 3 needs: Grants and Scientific writing."


def test_names_are_escaped_where_the_sentence_is_marked_up():
    reason = {"kind": "shared", "key": "language_shared", "params": {"languages": ["<i>Elvish</i>"]}}
    assert "&lt;i&gt;Elvish" in sentences([reason])[0].html


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(30, "30 minutes"), (60, "1 hour"), (90, "1 hour 30 minutes"), (240, "4 hours"), (0, "0 minutes")],
)
def test_lengths_of_time_are_written_in_words(minutes, words):
    assert hours_words(minutes) == words


@pytest.mark.parametrize(("words", "text"), [([], ""), (["a"], "a"), (["a", "b", "c"], "a, b and c")])
def test_words_are_joined_as_in_a_sentence(words, text):
    assert listed(words) == text
