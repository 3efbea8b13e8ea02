"""What people are called after their name was said once."""

import unicodedata

_TITLES = {"dr", "dr.", "prof", "prof.", "professor"}
# Small words that begin a family name: "Dr van den Akker", never "Dr Akker".
_PARTICLES = {"af", "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le"}
_PARTICLES |= {"ter", "ten", "van", "vom", "von", "y", "zu", "zum", "zur"}
_MOST = 48  # letters of a short name: what is longer stands whole once on its page, and is cut in sentences


def short_name(name: str) -> str:
    """Return "Dr Farahani" for "Dr Leila Farahani", and "Maya" for "Maya Lindqvist"."""
    short = _short(name)
    return short if len(short) <= _MOST else short[: _MOST - 1].rstrip() + "…"


def isolated(name: str) -> str:
    """Return a name such that figures after it stay where they are, whichever way it is written."""
    turns = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"\u2068{name}\u2069" if turns else name


def _short(name: str) -> str:
    words = [word for word in name.split() if any(map(str.isalpha, word))]
    # A first word that ends in a full stop is a title in any language, or an initial that is no name alone.
    has_title = bool(words) and (words[0].lower() in _TITLES or words[0].endswith("."))
    if len(words) > 2 and has_title:
        begin = len(words) - 1
        while begin > 1 and words[begin - 1].lower() in _PARTICLES:
            begin -= 1
        return " ".join([words[0], *words[begin:]])
    if len(words) == 2 and has_title:
        return " ".join(words)
    return words[0] if words else name
