"""Taking a name and an address out of what others wrote: notes, reasons, errors, files that wait to be imported.

All of it runs inside the caller's transaction. Every column that may hold words is looked through, so that a table
which is added later needs no thought.
"""

import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, String, Table, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import Base, ImportBatch, ImportContent, Person, Programme

INSTEAD = "a former member"
SHORTEST = 60  # columns no longer than this hold codes, ids and hashes
TITLES = {"dr", "dr.", "prof", "prof.", "professor"}
# What people and programmes are called, what is ids and figures alone, and the log that only grows.
LEFT_ALONE = {
    ("person", "name"),
    ("person", "email"),
    ("person", "password_hash"),
    ("programme", "name"),
    ("round", "snapshot"),
    ("scenario", "certificate"),
    ("audit_event", "facts"),
    ("outbox_message", "unique_key"),
}


def wash(session: Session, person: Person, *, now: datetime) -> None:
    """Put "a former member" in the place of her name and her address wherever others wrote them.

    A name of one word may be an ordinary word, and one that somebody else has too may mean the other: such a name
    is left in what others wrote, and only the address goes.
    """
    _put_away_files(session, person.email, now)
    session.execute(update(Programme).where(func.lower(Programme.contact) == person.email).values(contact=""))
    words = [word for word in person.name.split() if word.lower() not in TITLES]
    namesake = exists().where(Person.name == person.name, Person.id != person.id)
    by_name = len(words) > 1 and not session.scalar(select(namesake))
    # A title before the name goes with it; file names have other things than blanks between its parts.
    title, between = r"(?:(?:dr|prof|professor)\.?\s+)?", r"[\s._+-]+"
    forms = [re.escape(person.email)] + ([title + between.join(map(re.escape, words))] if by_name else [])
    pattern = re.compile("|".join(rf"(?<!\w){form}(?!\w)" for form in forms), re.IGNORECASE)
    sought = [person.email] + ([max(words, key=len)] if by_name else [])
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if (table.name, column.name) not in LEFT_ALONE and holds_words(column):
                _wash_column(session, table, column, sought, pattern)


def holds_words(column: Column[Any]) -> bool:
    """Whether a column may hold what people wrote."""
    kind = column.type
    return isinstance(kind, JSON) or (isinstance(kind, String) and (kind.length is None or kind.length > SHORTEST))


def _wash_column(
    session: Session, table: Table, column: Column[Any], sought: list[str], pattern: re.Pattern[str]
) -> None:
    """Read the few rows that hold one of the words sought, and write back those in which the pattern is found."""
    is_json = isinstance(column.type, JSON)
    text = cast(column, String) if is_json else column
    words = [json.dumps(word)[1:-1] if is_json else word for word in sought]  # as JSON is kept: plain letters alone
    # A database may know the capitals of plain letters only, so a word is looked for as it stands as well.
    found = [text.contains(word, autoescape=True) for word in words]
    found += [func.lower(text).contains(word.lower(), autoescape=True) for word in words]
    for key, value in session.execute(select(table.c.id, column).where(or_(*found))).all():
        washed = _without(value, pattern)
        if washed != value:
            session.execute(update(table).where(table.c.id == key).values({column.name: washed}))


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(INSTEAD, value)
    if isinstance(value, list):
        return [_without(one, pattern) for one in value]
    if isinstance(value, dict):
        return {_without(key, pattern): _without(one, pattern) for key, one in value.items()}
    return value


def _put_away_files(session: Session, email: str, now: datetime) -> None:
    """Put uploaded files away that wait to be imported and name her: with a row less they were not the same file."""
    rows = session.execute(select(ImportContent.batch_id, ImportContent.rows)).all()
    named = [batch_id for batch_id, lines in rows if any(email in str(cell).lower() for line in lines for cell in line)]
    if named:
        session.execute(delete(ImportContent).where(ImportContent.batch_id.in_(named)))
        open_ones = update(ImportBatch).where(ImportBatch.id.in_(named), ImportBatch.state == "open")
        session.execute(open_ones.values(state="discarded", ended_at=now))
