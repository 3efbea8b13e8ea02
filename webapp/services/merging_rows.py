"""Rows that name a membership, and what becomes of each when its entry goes into another one.

Every foreign key to a membership is one of four: what the entry itself says (its offer and request, brought together
in `webapp.services.merging`), what goes along, what is worked out anew at the next visit, or what cannot. A table that
is named nowhere here cannot, so that no row is lost for being forgotten.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, exists, literal, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import (
    BoardNote,
    DistinctPeople,
    EditOnBehalf,
    Exclusion,
    FirstCard,
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
)
from webapp.models.base import Base

_WORDS: tuple[type[Interest | Exclusion], ...] = (Interest, Exclusion)
COMBINED = frozenset(table.__tablename__ for table in (MentorOffer, MenteeRequest))
MOVED = frozenset(table.__tablename__ for table in (*_WORDS, BoardNote, EditOnBehalf, DistinctPeople))

WORKED_OUT = frozenset({FirstCard.__tablename__})


def names_of_membership() -> list[Column[Any]]:
    """Return every column that refers to a membership, in all tables there are."""
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == Membership.__tablename__
    ]


def has_history(session: Session, membership_id: uuid.UUID) -> bool:
    """Say whether anything names this membership that can be neither brought along nor dropped: it was in a round."""
    stays = [column for column in names_of_membership() if column.table.name not in COMBINED | MOVED | WORKED_OUT]
    found: Iterable[ColumnElement[bool]] = (exists().where(column == membership_id) for column in stays)
    return bool(session.scalar(select(or_(literal(value=False), *found))))


def move_rows(session: Session, keep_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Let all that goes along name the one that stays; what it says already, or would say of itself, goes."""
    for table in _WORDS:
        _move_words(session, table, keep_id, gone_id)
    _move_notes(session, keep_id, gone_id)
    _move_distinctions(session, keep_id, gone_id)
    edits = update(EditOnBehalf).where(EditOnBehalf.membership_id == gone_id)
    session.execute(edits.values(membership_id=keep_id))
    session.flush()  # before the entry goes, and with it whatever still names it


def _move_words(session: Session, table: type[Interest | Exclusion], keep_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    both = (keep_id, gone_id)
    query = select(table).where(or_(table.mentor_id.in_(both), table.mentee_id.in_(both)))
    rows: list[Interest | Exclusion] = list(session.scalars(query.execution_options(populate_existing=True)))
    known = {_key(row) for row in rows if gone_id not in {row.mentor_id, row.mentee_id}}
    for row in rows:
        if gone_id not in {row.mentor_id, row.mentee_id}:
            continue
        mentor = keep_id if row.mentor_id == gone_id else row.mentor_id
        mentee = keep_id if row.mentee_id == gone_id else row.mentee_id
        key = (mentor, mentee, getattr(row, "side", ""))
        if mentor == mentee or key in known:
            session.delete(row)
            continue
        known.add(key)
        row.mentor_id, row.mentee_id = mentor, mentee


def _key(row: Interest | Exclusion) -> tuple[uuid.UUID, uuid.UUID, str]:
    return row.mentor_id, row.mentee_id, getattr(row, "side", "")


def _move_notes(session: Session, keep_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Let coordinators' notes be about the one that stays; one on the two as a pair is about her alone then."""
    query = select(BoardNote).where(or_(BoardNote.mentor_id == gone_id, BoardNote.mentee_id == gone_id))
    for note in session.scalars(query.execution_options(populate_existing=True)):
        note.mentor_id = keep_id if note.mentor_id == gone_id else note.mentor_id
        note.mentee_id = keep_id if note.mentee_id == gone_id else note.mentee_id
        if note.mentor_id == note.mentee_id:
            note.mentee_id = None


def _move_distinctions(session: Session, keep_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Let her stay distinct from everybody whom either entry was said to be distinct from, but for the other entry."""
    both = (keep_id, gone_id)
    query = select(DistinctPeople).where(or_(DistinctPeople.first_id.in_(both), DistinctPeople.second_id.in_(both)))
    rows = list(session.scalars(query.execution_options(populate_existing=True)))
    others = {row.id: ({row.first_id, row.second_id} - set(both)) for row in rows}
    known = {other for row in rows if gone_id not in {row.first_id, row.second_id} for other in others[row.id]}
    for row in rows:
        if gone_id not in {row.first_id, row.second_id}:
            continue
        other = next(iter(others[row.id]), None)
        if other is None or other in known:
            session.delete(row)
            continue
        row.first_id, row.second_id = sorted((keep_id, other))
