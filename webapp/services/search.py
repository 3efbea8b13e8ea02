"""Conditions that find people by what they are called and what they do; the same on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, cast, func, or_

from webapp.services.vocabulary import specialty_groups

MOST_WORDS = 6


def text_matches(text: str, *columns: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Say that each word of the text is in one of the columns, in capitals or not."""
    searched = searched_text(*columns)
    return and_(*(has_word(searched, word) for word in words_in(text)))


def words_in(text: str) -> list[str]:
    """Return the words that are looked for."""
    return text.split()[:MOST_WORDS]


def searched_text(*columns: SQLColumnExpression[str]) -> ColumnElement[str]:
    """Return the columns as one text to look for words in: one text is put in small letters once, whatever is asked.

    No word has a line break in it, so none is found across two columns.
    """
    whole: Any = func.coalesce(columns[0], "")
    for column in columns[1:]:
        whole = whole.concat("\n").concat(func.coalesce(column, ""))
    return func.lower(whole)


def has_word(searched: SQLColumnExpression[str], word: str) -> ColumnElement[bool]:
    """Say that a word is in a `searched_text`.

    SQLite's lower() knows ASCII only: a name with Å is found through the second form, as names are written.
    """
    forms = {word.lower(), "".join(c.lower() if c.isascii() else c for c in word.lower().title())}
    return or_(*(searched.contains(form, autoescape=True) for form in sorted(forms)))


def names_specialty(specialty: str, *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Say that one of the JSON lists of ids names the specialty or one under it."""
    wanted = {specialty}
    for group in specialty_groups():
        names = {choice.id: choice.name for choice in group.choices}
        wanted |= {c.id for c in group.choices if specialty in names and c.under == names[specialty]}
    texts = [cast(column, Text) for column in columns]
    return or_(*(text.contains(f'"{key}"', autoescape=True) for text in texts for key in sorted(wanted)))
