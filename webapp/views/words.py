"""Whose words a page speaks: the programme's in its address, else those of all that the reader belongs to."""

from flask import Flask, g, request
from flask_login import current_user

from webapp.engine.words import Words, merge
from webapp.services.vocabulary import speak


def register_words(app: Flask) -> None:
    @app.before_request
    def speak_of_reader() -> None:
        speak(_words)

    @app.teardown_request
    def speak_plainly(_error: BaseException | None) -> None:
        speak()


def _words() -> Words:
    if "words" not in g:
        g.words = _find()
    found: Words = g.words
    return found


def _find() -> Words:
    if not current_user or not current_user.is_authenticated:
        return Words()
    here = current_user.belonging((request.view_args or {}).get("slug", ""))
    return here.words if here else merge(belonging.words for belonging in current_user.belongings)
