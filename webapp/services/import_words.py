"""What people write for the words of the vocabulary, for languages, countries and time zones."""

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from webapp.services.vocabulary import (
    Group,
    language_groups,
    name_of,
    specialty_groups,
    stage_groups,
    topic_groups,
    zone_groups,
)

MOST_SEARCHES = 300  # of the nearest word, in one file: each takes some milliseconds
_COUNTRIES = {"usa": "US", "united states of america": "US", "uk": "GB", "great britain": "GB", "england": "GB"}
_NOT_A_COUNTRY = re.compile(r"\d+|EU|EZ|QO|UN|XA|XB|ZZ")


class Words:
    """Finds what is meant by a text; and, for one that means nothing, the nearest word, some hundred times a file."""

    def __init__(self) -> None:
        self._searches = 0
        self._nearest: dict[tuple[str, str], str] = {}
        self._known: dict[str, Mapping[str, str]] = {}  # of one file: programmes have words of their own

    def find(self, kind: str, text: str) -> str | None:
        """Return the id for an id, a name or another name, whatever its case."""
        return self._words(kind).get(fold(text))

    def nearest(self, kind: str, text: str) -> str:
        """Return the name of the word that a text comes nearest to, or nothing."""
        key = kind, fold(text)[:80]
        if key not in self._nearest:
            if self._searches >= MOST_SEARCHES:
                return ""
            self._searches += 1
            words = self._words(kind)
            close = difflib.get_close_matches(key[1], words, n=1, cutoff=0.6)
            self._nearest[key] = word_name(kind, words[close[0]]) if close else ""
        return self._nearest[key]

    def _words(self, kind: str) -> Mapping[str, str]:
        if kind not in self._known:
            self._known[kind] = known_words(kind)
        return self._known[kind]


def fold(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()


def word_name(kind: str, key: str) -> str:
    """Return what to write for an id."""
    return key if kind in {"zone", "country"} else name_of(kind, key)


def known_words(kind: str) -> Mapping[str, str]:
    """Return, for what people write, the id: of kind specialty, stage, topic, language, zone or country."""
    if kind == "country":
        return _countries()
    if kind == "zone":
        return _zones()
    groups = {
        "specialty": specialty_groups,
        "stage": stage_groups,
        "topic": topic_groups,
        "language": language_groups,
    }[kind]()
    choices = [choice for group in groups for choice in group.choices]
    words = {fold(text): choice.id for choice in choices for text in (choice.id, choice.name)}
    # Another name never takes the place of a name, nor of what two would share.
    more = _only_once((alias, choice.id) for choice in choices for alias in choice.aliases)
    more |= _only_once((choice.name.partition("(")[0], choice.id) for choice in choices if "(" in choice.name)
    return more | words


def list_words() -> list[tuple[str, tuple[Group, ...]]]:
    """Return all words that a file may use, by the column that they stand in."""
    return [
        ("Stage", stage_groups()),
        ("Specialties", specialty_groups()),
        ("Topics offered, Needs", topic_groups()),
        ("Languages", language_groups()),
        ("Time zone", zone_groups()),
    ]


def _only_once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for text, key in pairs:
        found.setdefault(fold(text), set()).add(key)
    return {text: next(iter(keys)) for text, keys in found.items() if len(keys) == 1}


@cache
def _zones() -> dict[str, str]:
    cities = _only_once(
        (choice.name.rpartition(",")[2], choice.id) for group in zone_groups() for choice in group.choices
    )
    return cities | {fold(zone): zone for zone in available_timezones()}


@cache
def _countries() -> dict[str, str]:
    territories = Locale("en").territories
    names = {code: name for code, name in territories.items() if not _NOT_A_COUNTRY.fullmatch(code)}
    return {**{fold(name): code for code, name in names.items()}, **{c.casefold(): c for c in names}, **_COUNTRIES}
