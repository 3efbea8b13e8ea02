"""Imports as their pages show them: the list of past ones, and one with what was found in its file."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.models import ImportBatch, ImportContent, Membership, Person
from webapp.services.errors import NotFoundError
from webapp.services.import_columns import is_complete
from webapp.services.import_undo import is_within_undo
from webapp.services.imports import fingerprint

PAST = 25


@dataclass(frozen=True)
class ImportLine:
    """One import in the list."""

    id: uuid.UUID
    file_name: str
    by: str
    at: datetime
    state: str
    counts: dict[str, int]
    ended_by: str
    ended_at: datetime | None


@dataclass(frozen=True)
class PastImports:
    lines: tuple[ImportLine, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class ImportView:
    """One import; while it is open, with the first row of its file and what was found."""

    line: ImportLine
    seen: str
    mapping: dict[str, str]
    is_mapped: bool
    n_unasked: int = 0  # once it is done: who in the whole programme waits for an invitation
    may_be_undone: bool = False  # unless somebody of it has answered since, which is looked up when it matters
    header: tuple[str, ...] = ()
    findings: dict[str, Any] = field(default_factory=dict)


def list_imports(session: Session, programme_id: uuid.UUID, *, page: int) -> PastImports:
    """Return one page of a programme's imports, the latest first. Two queries."""
    mine = (ImportBatch.programme_id == programme_id, ImportBatch.state != "discarded")
    total = session.scalar(select(func.count()).select_from(ImportBatch).where(*mine)) or 0
    pages = max(1, -(-total // PAST))
    number = min(max(1, page), pages)
    rows = session.execute(
        _with_names()
        .where(*mine)
        .order_by(ImportBatch.created_at.desc(), ImportBatch.id)
        .limit(PAST)
        .offset((number - 1) * PAST)
    )
    return PastImports(tuple(_line(*row) for row in rows), number, pages, total)


def show_import(session: Session, batch_id: uuid.UUID, *, programme_id: uuid.UUID, now: datetime) -> ImportView:
    """Return one import. Two queries; three for one that is done.

    Raises
    ------
    NotFoundError
        There is none of this id in this programme.

    """
    query = _with_names().where(ImportBatch.id == batch_id, ImportBatch.programme_id == programme_id)
    query = query.add_columns(is_within_undo(now)).execution_options(populate_existing=True)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("import")
    batch, *names, may_be_undone = row
    view = {"line": _line(batch, *names), "seen": fingerprint(batch), "mapping": batch.mapping}
    content = session.execute(
        select(ImportContent.header, ImportContent.findings).where(ImportContent.batch_id == batch_id)
    ).one_or_none()
    if content is None:
        unasked = select(func.count()).where(
            Membership.programme_id == programme_id, Membership.status == "invited", Membership.invited_at.is_(None)
        )
        n_unasked = session.scalar(unasked) or 0
        return ImportView(**view, is_mapped=True, n_unasked=n_unasked, may_be_undone=may_be_undone)
    return ImportView(
        **view, is_mapped=is_complete(batch.mapping), header=tuple(content.header), findings=content.findings
    )


def _with_names() -> Any:
    by, ended_by = aliased(Person), aliased(Person)
    return (
        select(ImportBatch, by.name, ended_by.name)
        .outerjoin(by, by.id == ImportBatch.by_person_id)
        .outerjoin(ended_by, ended_by.id == ImportBatch.ended_by_person_id)
    )


def _line(batch: ImportBatch, by: str | None, ended_by: str | None) -> ImportLine:
    return ImportLine(
        id=batch.id,
        file_name=batch.file_name,
        by=by or "",
        at=batch.imported_at or batch.created_at,
        state=batch.state,
        counts=batch.counts,
        ended_by=ended_by or "",
        ended_at=batch.ended_at,
    )
