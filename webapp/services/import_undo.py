"""Taking back a whole import, as long as nobody of it has confirmed or was changed since."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, func, select, update
from sqlalchemy.orm import Session, undefer

from webapp.models import AuditEvent, ImportBatch, Membership, Person
from webapp.services.errors import NotFoundError, WrongStateError
from webapp.services.import_known import LIMITS, Known, in_parts, known_by_membership
from webapp.services.import_writing import change_people
from webapp.services.ledger import lock_programme_time
from webapp.services.profiles import STATED
from webapp.services.transaction import transaction

UNDO_FOR = timedelta(days=30)
MOST_NAMED = 20


@dataclass(frozen=True)
class Undoing:
    """What undoing would do, and who keeps it from being done: names, at most some twenty of `n_keepers`."""

    removed: int
    restored: int
    keepers: tuple[str, ...]
    n_keepers: int
    is_over: bool  # too long ago: what was there before is kept no more

    @property
    def is_possible(self) -> bool:
        return not self.n_keepers and not self.is_over


def look_at_undo(session: Session, batch_id: uuid.UUID, *, programme_id: uuid.UUID, now: datetime) -> Undoing:
    """Say what undoing this import would do, and whether it can be done."""
    batch = _imported(session, batch_id, programme_id)
    return _look(session, batch, now)[0]


def undo_import(
    session: Session, batch_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> Undoing:
    """Take the import back, all of it or, where somebody keeps it from being done, nothing; say which.

    Raises
    ------
    WrongStateError
        It was undone already, or never done.

    """
    with transaction(session):
        batch = _imported(session, batch_id, programme_id, lock=True)
        lock_programme_time(session, programme_id)
        _lock_people(session, batch)
        undoing, known = _look(session, batch, now)
        if not undoing.is_possible:
            return undoing
        undo = batch.undo or {}
        _restore(session, undo, known, now)
        _remove(session, undo, known)
        batch.state, batch.undo, batch.ended_at, batch.ended_by_person_id = "undone", None, now, by
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="import.undone",
                subject=f"import {batch.id}",
                facts={"removed": undoing.removed, "restored": undoing.restored},
                created_at=now,
            )
        )
    return undoing


def is_within_undo(now: datetime) -> ColumnElement[bool]:
    """Say that an import is young enough to be undone."""
    young = ImportBatch.imported_at >= now - UNDO_FOR
    return func.coalesce(and_(ImportBatch.state == "imported", ImportBatch.undo.is_not(None), young), false())


def forget_undo(session: Session, *, now: datetime) -> int:
    """Drop the former values of imports too old to be undone; return how many there were."""
    with transaction(session):
        old = update(ImportBatch).where(
            ImportBatch.state == "imported", ImportBatch.undo.is_not(None), ImportBatch.imported_at < now - UNDO_FOR
        )
        return len(session.scalars(old.values(undo=None).returning(ImportBatch.id)).all())


def _imported(session: Session, batch_id: uuid.UUID, programme_id: uuid.UUID, *, lock: bool = False) -> ImportBatch:
    query = (
        select(ImportBatch)
        .where(ImportBatch.id == batch_id, ImportBatch.programme_id == programme_id)
        .options(undefer(ImportBatch.undo))
        .execution_options(populate_existing=True)
    )
    batch = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if batch is None:
        raise NotFoundError("import")
    if batch.state != "imported":
        raise WrongStateError("import", batch.state, "undo")
    return batch


def _lock_people(session: Session, batch: ImportBatch) -> None:
    ids = [uuid.UUID(key) for key in (batch.undo or {}).get("marks", {})]
    found = [session.scalars(select(Membership.person_id).where(Membership.id.in_(some))) for some in in_parts(ids)]
    for some in in_parts(sorted(person_id for people in found for person_id in people)):
        query = select(Person.id).where(Person.id.in_(some)).order_by(Person.id)
        session.execute(query.with_for_update()).all()


def _look(session: Session, batch: ImportBatch, now: datetime) -> tuple[Undoing, dict[uuid.UUID | None, Known]]:
    undo = batch.undo
    if undo is None or batch.imported_at is None or batch.imported_at < now - UNDO_FOR:
        return Undoing(0, 0, (), 0, is_over=True), {}
    marks = {uuid.UUID(key): mark for key, mark in undo["marks"].items()}
    known = known_by_membership(session, batch.programme_id, marks)
    gone = [key for key in marks if key not in known]
    spoken = _spoken(session, batch, undo["former"], known)
    touched = [
        known[key]
        for key, (kind, digest) in marks.items()
        if key in known and (known[key].digest(kind) != digest or key in spoken)
    ]
    names = sorted(person.person["name"] for person in touched)[:MOST_NAMED]
    undoing = Undoing(
        removed=len(undo["made"]),
        restored=len(undo["former"]),
        keepers=tuple(names),
        n_keepers=len(touched) + len(gone),
        is_over=False,
    )
    return undoing, known


def _spoken(
    session: Session, batch: ImportBatch, former: dict[str, dict[str, Any]], known: dict[uuid.UUID | None, Known]
) -> set[uuid.UUID]:
    """Return the mentors whose own word keeps the import from being undone.

    Whoever has said since what she gives, if only the lowered numbers once more: they are hers now. And whoever would
    be given back more than she said last, whenever that was: the moments of two requests that waited for each other
    need not tell which came first.
    """
    events = (
        select(AuditEvent.subject, AuditEvent.facts, AuditEvent.created_at)
        .where(AuditEvent.programme_id == batch.programme_id, AuditEvent.action == STATED)
        .order_by(AuditEvent.created_at, AuditEvent.id)
    )
    words = {uuid.UUID(subject.partition(":")[2]): (facts, at) for subject, facts, at in session.execute(events)}
    assert batch.imported_at is not None
    return {
        key
        for key, (facts, at) in words.items()
        if at >= batch.imported_at or _raises(former.get(str(key)), known.get(key), facts)
    }


def _raises(former: dict[str, Any] | None, known: Known | None, word: dict[str, Any]) -> bool:
    """Say whether going back would give a mentor's number back above what she said last; a provisional one is none."""
    before = (former or {}).get("offer")
    if (
        not before
        or known is None
        or known.offer is None
        or before.get("is_provisional", known.offer["is_provisional"])
    ):
        return False
    return any(before.get(limit, 0) > max(word[limit], known.offer[limit]) for limit in LIMITS)


def _restore(session: Session, undo: dict[str, Any], known: dict[uuid.UUID | None, Known], now: datetime) -> None:
    change_people(session, ((known[uuid.UUID(key)], parts) for key, parts in undo["former"].items()), now)


def _remove(session: Session, undo: dict[str, Any], known: dict[uuid.UUID | None, Known]) -> None:
    """Remove the memberships that the import made, and the people it made who belong nowhere else."""
    made = {uuid.UUID(key) for key in undo["made"]}
    people = {uuid.UUID(key) for key in undo["people"]}
    stays = {one.person_id for one in known.values() if one.elsewhere or one.is_operator}
    unsynchronized = {"synchronize_session": False}
    for some in in_parts(sorted(made)):
        session.execute(delete(Membership).where(Membership.id.in_(some)), execution_options=unsynchronized)
    for some in in_parts(sorted(people - stays)):
        session.execute(delete(Person).where(Person.id.in_(some)), execution_options=unsynchronized)
