"""What a mentee aims at and what she has brought about."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row

ACHIEVEMENT_KINDS = ("paper", "talk", "exam", "operation", "teaching", "other")


class Goal(Row, Base):
    __tablename__ = "goal"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date | None]
    reached_at: Mapped[datetime | None]


class Achievement(Row, Base):
    """Something she brought about; a coordinator may endorse it, and changing it takes the mark away."""

    __tablename__ = "achievement"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(300))
    achieved_on: Mapped[date]
    endorsed_at: Mapped[datetime | None]
    endorsed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    endorsed_in_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint("kind IN ('paper', 'talk', 'exam', 'operation', 'teaching', 'other')", name="kind_known"),
    )
