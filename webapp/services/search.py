"""Conditions that find people by what they are called and what they do; the same on both databases."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, cast, func, or_

from webapp.services.vocabulary import specialty_groups


def text_matches(text: str, *columns: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Say that each word of the text is in one of the columns, in capitals or not.

    SQLite's lower() knows ASCII only: a name with Å is found through the second form, as names are written.
    """
    words = []
    for word in text.split()[:6]:
        forms = {word.lower(), "".join(c.lower() if c.isascii() else c for c in word.lower().title())}
        words.append(or_(*(func.lower(c).contains(form, autoescape=True) for c in columns for form in sorted(forms))))
    return and_(*words)


def names_specialty(specialty: str, *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Say that one of the JSON lists of ids names the specialty or one under it."""
    wanted = {specialty}
    for group in specialty_groups():
        names = {choice.id: choice.name for choice in group.choices}
        wanted |= {c.id for c in group.choices if specialty in names and c.under == names[specialty]}
    texts = [cast(column, Text) for column in columns]
    return or_(*(text.contains(f'"{key}"', autoescape=True) for text in texts for key in sorted(wanted)))
