"""The list of changes by hand on a round: written in order, and asked whether a page is out of date.

Whoever writes holds the lock on the round, so that numbers follow each other.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import BoardEdit, Membership, Person
from webapp.services.errors import ConflictError

SHOWN = 50


@dataclass(frozen=True)
class EditFact:
    """A change with the names that go with it."""

    id: uuid.UUID
    number: int
    last_number: int  # when it was made, or taken back
    kind: str
    mentor_id: uuid.UUID
    mentee_id: uuid.UUID
    mentor: str
    mentee: str
    from_mentor: str
    by_id: uuid.UUID | None
    by: str
    at: datetime
    why: str
    undone_at: datetime | None
    undone_by_id: uuid.UUID | None
    undone_by: str


class PairChangedError(ConflictError):
    """A colleague changed the pair after the page was made; `edit` is the last of these changes."""

    def __init__(self, edit: EditFact) -> None:
        super().__init__("pair_changed")
        self.edit = edit


@dataclass(frozen=True)
class Changed:
    """What is changed: two people of a round, in one scenario or in all."""

    round_id: uuid.UUID
    scenario_id: uuid.UUID | None
    mentor_id: uuid.UUID
    mentee_id: uuid.UUID
    from_mentor_id: uuid.UUID | None = None


def last_number(session: Session, round_id: uuid.UUID) -> int:
    """Return the number of the last change, or of the last time one was taken back: what a page has seen."""
    numbers = select(func.max(BoardEdit.number), func.max(BoardEdit.undone_number))
    row = session.execute(numbers.where(BoardEdit.round_id == round_id)).one()
    return max(row[0] or 0, row[1] or 0)


def latest_edits(session: Session, round_id: uuid.UUID, scenario_id: uuid.UUID | None) -> list[EditFact]:
    """Return what happened last that concerns a scenario, the newest first: made or taken back. One query."""
    return _facts(session, _concerning(round_id, scenario_id), SHOWN)


def refuse_changed(session: Session, what: Changed, seen: int | None) -> None:
    """Refuse a change whose page does not show what happened to the mentee since.

    Raises
    ------
    PairChangedError
        With the last change of hers that the page did not know.

    """
    if seen is None:
        return
    newer = or_(BoardEdit.number > seen, BoardEdit.undone_number > seen)
    hers = [*_concerning(what.round_id, what.scenario_id), BoardEdit.mentee_id == what.mentee_id, newer]
    if found := _facts(session, hers, 1):
        raise PairChangedError(found[0])


def later_edit(session: Session, edit: BoardEdit) -> EditFact | None:
    """Return a later change of the same mentee that still holds, if there is one: it is taken back first."""
    scope = _concerning(edit.round_id, edit.scenario_id)
    later = [BoardEdit.mentee_id == edit.mentee_id, BoardEdit.number > edit.number, BoardEdit.undone_at.is_(None)]
    found = _facts(session, [*scope, *later], 1)
    return found[0] if found else None


def record(
    session: Session, what: Changed, kind: str, *, why: str, before: dict[str, Any], by: uuid.UUID, now: datetime
) -> None:
    """Write a change down, so that it can be seen and taken back."""
    session.add(
        BoardEdit(
            round_id=what.round_id,
            scenario_id=what.scenario_id,
            number=last_number(session, what.round_id) + 1,
            kind=kind,
            mentor_id=what.mentor_id,
            mentee_id=what.mentee_id,
            from_mentor_id=what.from_mentor_id,
            why=why.strip()[:200],
            before=before,
            by_person_id=by,
            created_at=now,
        )
    )


def _concerning(round_id: uuid.UUID, scenario_id: uuid.UUID | None) -> list[ColumnElement[bool]]:
    """Say which changes may matter: those of the scenario and those of all; without a scenario, every one."""
    chosen: list[ColumnElement[bool]] = [BoardEdit.round_id == round_id]
    if scenario_id is not None:
        chosen.append(or_(BoardEdit.scenario_id.is_(None), BoardEdit.scenario_id == scenario_id))
    return chosen


def _with_names() -> Any:
    sides = [(aliased(Membership), aliased(Person)) for _ in range(3)]
    by, undone_by = aliased(Person), aliased(Person)
    names = [person.name for _, person in sides]
    query = select(BoardEdit, *names, by.name, undone_by.name).select_from(BoardEdit)
    columns = (BoardEdit.mentor_id, BoardEdit.mentee_id, BoardEdit.from_mentor_id)
    for (member, person), column in zip(sides, columns, strict=True):
        query = query.outerjoin(member, member.id == column).outerjoin(person, person.id == member.person_id)
    query = query.outerjoin(by, by.id == BoardEdit.by_person_id)
    return query.outerjoin(undone_by, undone_by.id == BoardEdit.undone_by_id)


_WITH_NAMES = _with_names()


def _facts(session: Session, chosen: list[ColumnElement[bool]], most: int) -> list[EditFact]:
    last = func.coalesce(BoardEdit.undone_number, BoardEdit.number)
    rows = session.execute(_WITH_NAMES.where(*chosen).order_by(last.desc()).limit(most))
    return [_fact(row[0], *(name or "" for name in row[1:])) for row in rows]


def _fact(edit: BoardEdit, *names: str) -> EditFact:
    mentor, mentee, from_mentor, by, undone_by = names
    return EditFact(
        id=edit.id,
        number=edit.number,
        last_number=edit.undone_number or edit.number,
        kind=edit.kind,
        mentor_id=edit.mentor_id,
        mentee_id=edit.mentee_id,
        mentor=mentor,
        mentee=mentee,
        from_mentor=from_mentor,
        by_id=edit.by_person_id,
        by=by,
        at=edit.created_at,
        why=edit.why,
        undone_at=edit.undone_at,
        undone_by_id=edit.undone_by_id,
        undone_by=undone_by,
    )
