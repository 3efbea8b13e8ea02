"""What came in from a file: the import as a whole, and the rows that wait until it is confirmed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row


class ImportBatch(Row, Base):
    """One import of people into a programme; `undo` says how to take it back, and is emptied when nobody can."""

    __tablename__ = "import_batch"

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="open")
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # our column -> what the file calls it
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)  # ids, digests, former values
    imported_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # when it was undone, or put away
    ended_by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint("state IN ('open', 'imported', 'undone', 'discarded')", name="state_known"),
        Index("ix_import_batch_programme_id_created_at", "programme_id", "created_at"),
        Index("ix_import_batch_state_created_at", "state", "created_at"),
    )


class ImportContent(Row, Base):
    """The cells of an uploaded file and what was found in them; gone when the import is confirmed, or after a day."""

    __tablename__ = "import_content"

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("import_batch.id", ondelete="CASCADE"), unique=True)
    header: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[list[list[Any]]] = mapped_column(JSON, deferred=True)  # number of the row, then its cells
    findings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # faults, warnings, the first rows as read
