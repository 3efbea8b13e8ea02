"""What a person says about herself, and the hours of her week."""

import uuid
from datetime import date

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
    bio: Mapped[str] = mapped_column(Text, default="")  # what others read: the answers below, one after the other
    prompts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")  # by the prompt answered
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


class AvailabilityException(Row, Base):
    """Dates on which a person is not free although her week says so, by the clock of her own zone."""

    __tablename__ = "availability_exception"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))  # on_call, holiday, busy
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day itself is one of them
    start_minute: Mapped[int]  # on each of the days; 0 to 1440 is all day
    end_minute: Mapped[int]

    __table_args__ = (
        # Whoever presses twice has said it once; and it finds a person's rows.
        UniqueConstraint(
            "person_id",
            "starts_on",
            "ends_on",
            "start_minute",
            "end_minute",
            name="uq_availability_exception_stretch",
        ),
        CheckConstraint("kind IN ('on_call', 'holiday', 'busy')", name="kind_known"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        CheckConstraint("start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440", name="within_a_day"),
    )
