"""What a person says about herself, and the hours of her week."""

import uuid

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row


class Profile(Row, Base):
    __tablename__ = "profile"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    institution: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="")  # ISO 3166-1
    stage: Mapped[str] = mapped_column(String(40), default="")  # id in the vocabulary
    specialties: Mapped[list[str]] = mapped_column(JSON, default=list)  # ids of specialties and subspecialties
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)  # ISO 639-1
    bio: Mapped[str] = mapped_column(Text, default="")
    brings: Mapped[str] = mapped_column(Text, default="", server_default="")  # what a mentor gets of working with her
    # Who sees which field, where it is not everybody who may; see webapp.services.visibility.
    visibility: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")


class AvailabilityWindow(Row, Base):
    """A stretch of an ordinary week in the person's own zone; one over midnight is two rows."""

    __tablename__ = "availability_window"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]  # 0 is Monday
    start_minute: Mapped[int]
    end_minute: Mapped[int]  # 1440 is midnight at the day's end

    __table_args__ = (
        UniqueConstraint("person_id", "weekday", "start_minute"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440", name="within_a_day"),
    )
