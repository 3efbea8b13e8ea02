"""Published pairs, the mentorships that grow from them, and the ledger of mentors' minutes."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Row
from webapp.models.programme import Membership, MentorOffer, Programme
from webapp.models.round import Round


class Offer(Row, Base):
    """A published pair that awaits answers; while it is open the mentor's minutes are held for it."""

    __tablename__ = "offer"

    # None: it came of a letter, outside any round.
    round_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"), unique=True)
    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    role: Mapped[str] = mapped_column(String(80), default="", server_default="")  # as the proposal's
    minutes: Mapped[int]
    once: Mapped[bool] = mapped_column(default=False, server_default=false())  # one talk, no mentoring
    is_shadow_day: Mapped[bool] = mapped_column(default=False, server_default=false())
    holds_minutes: Mapped[bool] = mapped_column(default=False)  # whether the mentor's time is reserved for it
    slot_weekday: Mapped[int | None]
    slot_minute: Mapped[int | None]
    slot_week: Mapped[int | None]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mentor_answer: Mapped[str] = mapped_column(String(8), default="waiting")
    mentee_answer: Mapped[str] = mapped_column(String(8), default="waiting")
    mentor_answered_at: Mapped[datetime | None]
    mentee_answered_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(
        String(30), default=""
    )  # for the coordinator alone, never for the other side
    deadline_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # A question in the last days moves the deadline once, and so does a first call.
    question_extended: Mapped[bool] = mapped_column(default=False, server_default=false())
    call_extended: Mapped[bool] = mapped_column(default=False, server_default=false())

    mentor: Mapped[Membership] = relationship(foreign_keys=[mentor_id])
    mentee: Mapped[Membership] = relationship(foreign_keys=[mentee_id])
    round: Mapped[Round | None] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')", name="state_known"),
        CheckConstraint("mentor_answer IN ('waiting', 'yes', 'no')", name="mentor_answer_known"),
        CheckConstraint("mentee_answer IN ('waiting', 'yes', 'no')", name="mentee_answer_known"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint(
            "state <> 'accepted' OR (mentor_answer = 'yes' AND mentee_answer = 'yes')",
            name="accepted_by_both",
        ),
        # Two people have at most one open offer between them.
        Index(
            "uq_offer_open_pair",
            "mentor_id",
            "mentee_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_offer_state_deadline_at", "state", "deadline_at"),
    )

    @property
    def programme(self) -> Programme:
        return self.mentor.programme


class Mentorship(Row, Base):
    __tablename__ = "mentorship"

    offer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), unique=True)
    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(String(10), default="active")
    cadence: Mapped[str] = mapped_column(String(12))  # as a programme's, or "once"
    meeting_minutes: Mapped[int]
    slot_weekday: Mapped[int | None]
    slot_minute: Mapped[int | None]
    slot_week: Mapped[int | None]
    agreement: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(30), default="")
    # Of a question or a shadow day: the day the two agreed on, and whether it took place (none: nobody said yet).
    planned_on: Mapped[date | None]
    took_place: Mapped[bool | None]

    offer: Mapped[Offer] = relationship()
    mentor: Mapped[Membership] = relationship(foreign_keys=[mentor_id])
    mentee: Mapped[Membership] = relationship(foreign_keys=[mentee_id])

    __table_args__ = (CheckConstraint("status IN ('active', 'paused', 'completed', 'ended')", name="status_known"),)


class TimeEntry(Row, Base):
    """A line of the ledger: minutes a month reserved for an offer, returned from it, or spent in a meeting."""

    __tablename__ = "time_entry"

    mentor_offer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mentor_offer.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offer.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    places: Mapped[int] = mapped_column(default=1, server_default="1")  # 0 for one talk and a shadow day
    month: Mapped[date]  # the first day of the month it counts from
    why: Mapped[str] = mapped_column(
        String(30), default=""
    )  # published, accepted_late, declined, expired, withdrawn, ended...

    mentor_offer: Mapped[MentorOffer] = relationship()
    offer: Mapped[Offer | None] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('reserved', 'returned', 'spent')", name="kind_known"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )
