"""Letters between people who do not know each other yet, and who may be written to."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Row
from webapp.models.programme import Membership

MOST_OPEN = 3  # letters of one mentee that wait for an answer at the same time
MOST_A_WEEK = 10


class LetterBox(Row, Base):
    """A mentor's word on whether people she does not know may write to her, and how many a week."""

    __tablename__ = "letter_box"

    membership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), unique=True)
    is_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    a_week: Mapped[int] = mapped_column(default=2)
    about: Mapped[str] = mapped_column(Text, default="")  # what a good letter to her holds
    # Counted up by one conditional UPDATE for each letter, so that no two letters take the last place of a week.
    week: Mapped[date | None]  # the Monday of the week that `taken` counts
    taken: Mapped[int] = mapped_column(default=0)

    membership: Mapped[Membership] = relationship()

    __table_args__ = (
        CheckConstraint("a_week BETWEEN 1 AND 10", name="a_week_sensible"),
        CheckConstraint("taken BETWEEN 0 AND 10", name="taken_sensible"),
    )


class Message(Row, Base):
    """A first letter from a mentee to a mentor, and what became of it. Plain text, read by the two of them alone."""

    __tablename__ = "message"

    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    form_key: Mapped[uuid.UUID]  # of the form it was written in: sent twice, it is one letter
    # One of three places while it is open, none afterwards: a mentee cannot have a fourth open letter.
    place: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    ask: Mapped[str] = mapped_column(String(10))  # minutes of one talk, or mentoring
    who: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    asked_back: Mapped[str] = mapped_column(Text, default="")
    reply: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(30), default="")  # of a "not now"; told to nobody
    colleague_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id", ondelete="SET NULL"), unique=True)
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    reported_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reported_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    settled_at: Mapped[datetime | None]

    mentor: Mapped[Membership] = relationship(foreign_keys=[mentor_id])
    mentee: Mapped[Membership] = relationship(foreign_keys=[mentee_id])
    colleague: Mapped[Membership | None] = relationship(foreign_keys=[colleague_id])

    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'asked', 'yes', 'not_now', 'suggested', 'withdrawn', 'expired')", name="state_known"
        ),
        CheckConstraint("ask IN ('15', '30', '60', 'shadow_day', 'mentoring')", name="ask_known"),
        CheckConstraint("(place IS NOT NULL) = (state IN ('waiting', 'asked'))", name="open_has_place"),
        CheckConstraint("place BETWEEN 0 AND 2", name="place_sensible"),
        CheckConstraint("mentor_id <> mentee_id", name="not_oneself"),
        UniqueConstraint("mentee_id", "place"),
        UniqueConstraint("mentee_id", "form_key"),
        Index("ix_message_state_due_at", "state", "due_at"),
    )
