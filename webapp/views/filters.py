"""What templates may call: names to initials, the first of several errors, the theme."""

from collections.abc import Sequence

from flask import Flask, g, request
from flask_babel import get_locale
from flask_login import current_user

TITLES = {"dr", "dr.", "prof", "prof.", "professor"}


def initials(name: str) -> str:
    """Return the first letters of the first and last word of a name, without its title."""
    firsts = [next(filter(str.isalpha, word), "") for word in name.split() if word.lower() not in TITLES]
    letters = [letter for letter in firsts if letter]
    return "".join(letters[:1] + letters[1:][-1:]).upper() or "·"


def first_error(errors: object) -> str:
    """Return the first sentence of a field's errors, which WTForms nests for lists of fields."""
    while isinstance(errors, Sequence) and not isinstance(errors, str) and errors:
        errors = errors[0]
    return str(errors)


def _kind() -> str:
    """Return the colour of one's own initials: a coordinator's, a mentor's, or plainly a mentee's."""
    if g.get("console") is not None:
        return "g"
    belongings = current_user.belongings if current_user and current_user.is_authenticated else ()
    if any(b.is_mentee for b in belongings):
        return ""
    return "i" if any(b.is_mentor for b in belongings) else "g" if belongings else ""


def register_filters(app: Flask) -> None:
    app.add_template_filter(initials)
    app.add_template_filter(first_error)
    app.add_template_global(get_locale)

    @app.context_processor
    def appearance() -> dict[str, object]:
        chosen = request.cookies.get("theme", "")
        if not chosen and current_user and current_user.is_authenticated:
            chosen = current_user.theme
        return {
            "theme": chosen if chosen in {"light", "dark"} else "",
            "me_kind": _kind(),
        }
