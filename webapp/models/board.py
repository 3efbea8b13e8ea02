"""What coordinators do on the review board: the list of their changes, and their notes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row

EDIT_KINDS = ("add", "move", "remove", "restore", "pin", "forbid", "clear")


class BoardEdit(Row, Base):
    """One change by hand; changes of a round are numbered, and taking one back has a number of its own."""

    __tablename__ = "board_edit"

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    # None for what holds in every scenario: a pin, a pair ruled out.
    scenario_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    from_mentor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    why: Mapped[str] = mapped_column(String(200), default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what taking it back needs
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    undone_number: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint(
            "kind IN ('add', 'move', 'remove', 'restore', 'pin', 'forbid', 'clear')",
            name="kind_known",
        ),
        CheckConstraint("(undone_at IS NULL) = (undone_number IS NULL)", name="undone_whole"),
    )


class BoardNote(Row, Base):
    """A coordinator's note on a mentor, a mentee or the two as a pair; read by coordinators alone."""

    __tablename__ = "board_note"

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    mentor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    mentee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)  # of the text, so that nobody writes over a colleague's
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    written_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("mentor_id IS NOT NULL OR mentee_id IS NOT NULL", name="about_somebody"),)
