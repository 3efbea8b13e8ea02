"""Importing people: a file is read, looked at, and taken over as a whole or not at all."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from webapp.models import AuditEvent, ImportBatch, ImportContent, Programme
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError, WrongStateError
from webapp.services.import_columns import ALL_ARE, NAMES, ROLES, guess_mapping, is_complete
from webapp.services.import_plan import Plan, likely_doubles, locked_people, make_plan
from webapp.services.import_reading import MOST_FOUND, Reading, read_people
from webapp.services.import_tables import read_upload
from webapp.services.import_writing import write_plan
from webapp.services.ledger import lock_programme_time
from webapp.services.transaction import transaction

KEPT_FOR = timedelta(days=1)  # an uploaded file that nobody confirms
FIRST_ROWS = 10


def upload_file(
    session: Session,
    programme_id: uuid.UUID,
    *,
    file_name: str,
    data: bytes,
    batch_id: uuid.UUID | None = None,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Read a file and keep its rows for a look; a mended file takes the place of an earlier one and keeps its columns.

    Raises
    ------
    InvalidInputError
        The file cannot be read as a table; see `read_upload`.

    """
    session.rollback()  # reading takes its time; hold no transaction meanwhile
    table = read_upload(data)
    batch = _open_batch(session, batch_id, programme_id) if batch_id else None
    mapping = guess_mapping(table.header, batch.mapping if batch else None)
    rows = [[line.number, *line.cells] for line in table.lines]
    counts, findings = _look(session, programme_id, table.header, rows, mapping)
    with transaction(session):
        if batch_id is None:
            batch = ImportBatch(id=uuid.uuid4(), programme_id=programme_id, created_at=now)
            session.add(batch)
        else:
            batch = _open_batch(session, batch_id, programme_id, lock=True)
        batch.by_person_id, batch.file_name = by, _plain_file_name(file_name)
        batch.sha256 = hashlib.sha256(data).hexdigest()
        batch.mapping, batch.counts = mapping, counts
        session.flush()  # the content refers to this row
        session.execute(delete(ImportContent).where(ImportContent.batch_id == batch.id))
        session.add(
            ImportContent(batch_id=batch.id, header=list(table.header), rows=rows, findings=findings, created_at=now)
        )
        _tell(session, batch, "import.read", {"rows": len(rows)}, by=by, now=now)
    return batch.id


def map_columns(
    session: Session,
    batch_id: uuid.UUID,
    mapping: Mapping[str, str],
    *,
    programme_id: uuid.UUID,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Say which of the file's columns holds what, and read it anew.

    Raises
    ------
    InvalidInputError
        A column that must be there is missing, or one of the file's is taken twice; `faults` by our column.

    """
    header, rows = _content(session, batch_id, programme_id)
    chosen = {column: name for column, name in mapping.items() if name}
    _check_mapping(chosen, header)
    counts, findings = _look(session, programme_id, header, rows, chosen)
    with transaction(session):
        batch = _open_batch(session, batch_id, programme_id, lock=True)
        content = session.scalars(select(ImportContent).where(ImportContent.batch_id == batch.id)).one()
        if content.header != header:
            raise ConflictError("import")  # another file came in meanwhile
        batch.mapping, batch.counts, content.findings = chosen, counts, findings
        _tell(session, batch, "import.mapped", {"columns": len(chosen)}, by=by, now=now)


def confirm_import(
    session: Session, batch_id: uuid.UUID, *, seen: str, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> bool:
    """Take the people over, all of them in one transaction. False: something changed since the look, look again.

    `seen` is the fingerprint of the look that was confirmed.

    Raises
    ------
    WrongStateError
        It was imported already, by whoever clicked first.
    InvalidInputError
        The file has faults.

    """
    batch = _open_batch(session, batch_id, programme_id)
    if fingerprint(batch) != seen:
        return False
    header, rows = _content(session, batch_id, programme_id)
    reading = read_people(header, rows, batch.mapping)
    session.rollback()
    if reading.n_faults or not reading.people or not is_complete(batch.mapping):
        raise InvalidInputError({"file": "faults"})
    fresh: Plan | None = None
    with transaction(session):
        batch = _open_batch(session, batch_id, programme_id, lock=True)
        if fingerprint(batch) != seen:
            return False
        lock_programme_time(session, programme_id)
        locked_people(session, (person.email for person in reading.people))
        plan = make_plan(session, session.get_one(Programme, programme_id), reading.people)
        if plan.counts != {action: batch.counts.get(action) for action in plan.counts}:
            fresh = plan
        else:
            batch.undo = write_plan(session, programme_id, plan, by=by, now=now)
            batch.state, batch.imported_at, batch.by_person_id = "imported", now, by
            session.execute(delete(ImportContent).where(ImportContent.batch_id == batch.id))
            _tell(session, batch, "import.done", plan.counts, by=by, now=now)
    if fresh is not None:
        _keep_look(session, batch_id, programme_id, reading, fresh)
    return fresh is None


def discard_import(
    session: Session, batch_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Put a file away without importing it."""
    with transaction(session):
        batch = _open_batch(session, batch_id, programme_id, lock=True)
        batch.state, batch.ended_at, batch.ended_by_person_id = "discarded", now, by
        session.execute(delete(ImportContent).where(ImportContent.batch_id == batch.id))
        _tell(session, batch, "import.discarded", {}, by=by, now=now)


def discard_old_imports(session: Session, *, now: datetime) -> int:
    """Put away the files that waited for more than a day; return how many."""
    with transaction(session):
        old = (
            update(ImportBatch)
            .where(
                ImportBatch.state == "open",
                ImportBatch.id.in_(select(ImportContent.batch_id).where(ImportContent.created_at < now - KEPT_FOR)),
            )
            .values(state="discarded", ended_at=now)
            .returning(ImportBatch.id)
        )
        ids = list(session.scalars(old))
        session.execute(delete(ImportContent).where(ImportContent.batch_id.in_(ids)))
    return len(ids)


def fingerprint(batch: ImportBatch) -> str:
    """Return a short hash of what a look at the file showed."""
    shown = f"{batch.sha256} {sorted(batch.mapping.items())} {sorted(batch.counts.items())}"
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def _open_batch(
    session: Session, batch_id: uuid.UUID | None, programme_id: uuid.UUID, *, lock: bool = False
) -> ImportBatch:
    query = (
        select(ImportBatch)
        .where(ImportBatch.id == batch_id, ImportBatch.programme_id == programme_id)
        .execution_options(populate_existing=True)
    )
    batch = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if batch is None:
        raise NotFoundError("import")
    if batch.state != "open":
        raise WrongStateError("import", batch.state, "change")
    return batch


def _content(session: Session, batch_id: uuid.UUID, programme_id: uuid.UUID) -> tuple[list[str], list[list[Any]]]:
    """Return the first row and the others, and hold no transaction."""
    _open_batch(session, batch_id, programme_id)
    content = session.scalars(
        select(ImportContent)
        .where(ImportContent.batch_id == batch_id)
        .options(undefer(ImportContent.rows))
        .execution_options(populate_existing=True)
    ).one()
    header, rows = content.header, content.rows
    session.expunge(content)  # thousands of rows that nothing needs any more
    session.rollback()
    return header, rows


def _look(
    session: Session, programme_id: uuid.UUID, header: Any, rows: list[list[Any]], mapping: dict[str, str]
) -> tuple[dict[str, int], dict[str, Any]]:
    """Read the rows and compare them with who is known; a file whose columns are not clear is not read yet."""
    if not is_complete(mapping):
        return {"rows": len(rows)}, {}
    reading = read_people(header, rows, mapping)
    programme = session.get_one(Programme, programme_id)
    plan = make_plan(session, programme, reading.people)
    found = _findings(session, programme_id, reading, plan)
    session.rollback()
    return _counts(reading, plan, len(rows)), found


def _counts(reading: Reading, plan: Plan, n_rows: int) -> dict[str, int]:
    faulty = len(reading.faulty_rows)
    return {**plan.counts, "rows": n_rows, "faulty": faulty, "faults": reading.n_faults}


def _findings(session: Session, programme_id: uuid.UUID, reading: Reading, plan: Plan) -> dict[str, Any]:
    notes = [note for step in plan.steps for note in step.notes] + likely_doubles(session, programme_id, plan)
    warnings = [asdict(warning) for warning in reading.warnings]
    warnings += [{"letter": "", **asdict(note)} for note in notes[:MOST_FOUND]]
    return {
        "faults": [asdict(fault) for fault in reading.faults],
        "warnings": sorted(warnings, key=lambda warning: warning["row"]),
        "n_warnings": reading.n_warnings + len(notes),
        "first": [{**asdict(step.read), "action": step.action} for step in plan.steps[:FIRST_ROWS]],
    }


def _keep_look(session: Session, batch_id: uuid.UUID, programme_id: uuid.UUID, reading: Reading, plan: Plan) -> None:
    """Keep what is found now, where it differs from what was confirmed."""
    with transaction(session):
        batch = _open_batch(session, batch_id, programme_id, lock=True)
        content = session.scalars(select(ImportContent).where(ImportContent.batch_id == batch_id)).one()
        content.findings = _findings(session, programme_id, reading, plan)
        batch.counts = _counts(reading, plan, batch.counts["rows"])


def _check_mapping(chosen: Mapping[str, str], header: list[str]) -> None:
    faults = {column: "missing" for column in ("E-mail", "Name") if column not in chosen}
    if not {"Role", ALL_ARE} & chosen.keys():
        faults["Role"] = "missing"
    taken: dict[str, str] = {}
    for column, name in chosen.items():
        if column == ALL_ARE:
            if name not in ROLES:
                faults[column] = "unknown"
        elif column not in NAMES or name not in header:
            faults[column] = "unknown"
        elif taken.setdefault(name, column) != column:
            faults[column] = "twice"
    if faults:
        raise InvalidInputError(faults)


def _plain_file_name(name: str) -> str:
    """Return the last part of a file's name, as some browsers send the whole path."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in plain if character.isprintable())[:200]


def _tell(
    session: Session, batch: ImportBatch, action: str, facts: Mapping[str, Any], *, by: uuid.UUID, now: datetime
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=batch.programme_id,
            action=action,
            subject=f"import {batch.id}",
            facts=dict(facts),
            created_at=now,
        )
    )
