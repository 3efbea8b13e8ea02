"""Coordinators' notes on the people and pairs of a round. No page or export of a participant's reads them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, BoardNote, Membership, Person, Round
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class NoteFact:
    """A note and who wrote it last."""

    id: uuid.UUID
    mentor_id: uuid.UUID | None
    mentee_id: uuid.UUID | None
    text: str
    version: int
    by_id: uuid.UUID | None
    by: str
    at: datetime


def notes_on(
    session: Session, round_id: uuid.UUID, mentors: Collection[uuid.UUID], mentees: Collection[uuid.UUID]
) -> list[NoteFact]:
    """Return the notes on these people and on pairs of them, the oldest first. One query."""
    of_mentor, of_mentee = BoardNote.mentor_id.in_(mentors), BoardNote.mentee_id.in_(mentees)
    alone = or_(
        and_(of_mentor, BoardNote.mentee_id.is_(None)),
        and_(of_mentee, BoardNote.mentor_id.is_(None)),
    )
    return _facts(session, BoardNote.round_id == round_id, or_(alone, and_(of_mentor, of_mentee)))


def add_note(
    session: Session,
    round_id: uuid.UUID,
    *,
    mentor_id: uuid.UUID | None,
    mentee_id: uuid.UUID | None,
    text: str,
    programme_id: uuid.UUID,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Write a note on a mentor, a mentee or the two; all belong to the programme."""
    with transaction(session):
        _find_round(session, round_id, programme_id)
        people = {member for member in (mentor_id, mentee_id) if member is not None}
        here = select(Membership.id).where(Membership.programme_id == programme_id, Membership.id.in_(people))
        if not people or set(session.scalars(here)) != people:
            raise NotFoundError
        note = BoardNote(
            id=uuid.uuid4(),
            round_id=round_id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            text=text.strip(),
            version=1,
            by_person_id=by,
            written_at=now,
            created_at=now,
        )
        session.add(note)
        _audit(session, "note.add", note, programme_id, now)
        return note.id


def change_note(
    session: Session,
    note_id: uuid.UUID,
    *,
    round_id: uuid.UUID,
    programme_id: uuid.UUID,
    text: str,
    version: int,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Write a note anew over the version that was read.

    Raises
    ------
    ConflictError
        `note`: somebody wrote it anew meanwhile, or deleted it.

    """
    with transaction(session):
        note = _lock(session, note_id, round_id, programme_id, version)
        note.text, note.version, note.by_person_id, note.written_at = text.strip(), version + 1, by, now
        _audit(session, "note.change", note, programme_id, now)


def delete_note(
    session: Session,
    note_id: uuid.UUID,
    *,
    round_id: uuid.UUID,
    programme_id: uuid.UUID,
    version: int,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Delete a note in the version that was read. Raises what `change_note` raises."""
    with transaction(session):
        note = _lock(session, note_id, round_id, programme_id, version)
        note.by_person_id = by
        session.delete(note)
        _audit(session, "note.delete", note, programme_id, now)


def _lock(
    session: Session, note_id: uuid.UUID, round_id: uuid.UUID, programme_id: uuid.UUID, version: int
) -> BoardNote:
    _find_round(session, round_id, programme_id)
    query = select(BoardNote).where(BoardNote.id == note_id, BoardNote.round_id == round_id)
    note = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if note is None or note.version != version:
        raise ConflictError("note")
    return note


def _find_round(session: Session, round_id: uuid.UUID, programme_id: uuid.UUID) -> None:
    if not session.scalar(select(exists().where(Round.id == round_id, Round.programme_id == programme_id))):
        raise NotFoundError


def _facts(session: Session, *chosen: ColumnElement[bool]) -> list[NoteFact]:
    rows = session.execute(
        select(BoardNote, Person.name)
        .outerjoin(Person, Person.id == BoardNote.by_person_id)
        .where(*chosen)
        .order_by(BoardNote.created_at, BoardNote.id)
    )
    return [
        NoteFact(
            note.id,
            note.mentor_id,
            note.mentee_id,
            note.text,
            note.version,
            note.by_person_id,
            name or "",
            note.written_at,
        )
        for note, name in rows
    ]


def _audit(session: Session, action: str, note: BoardNote, programme_id: uuid.UUID, now: datetime) -> None:
    """Write down who wrote a note, or deleted it; never what it says."""
    session.add(
        AuditEvent(
            by_person_id=note.by_person_id,
            programme_id=programme_id,
            action=action,
            subject=f"note:{note.id}",
            created_at=now,
        )
    )
