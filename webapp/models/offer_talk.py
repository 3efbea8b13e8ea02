"""What two people say to each other while an offer is open: questions, another hour, a first call."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Row
from webapp.models.offer import Offer


class OfferMessage(Row, Base):
    """A question about an offer, or the answer to one; plain text, numbered so that two at once cannot cross."""

    __tablename__ = "offer_message"

    offer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    number: Mapped[int]
    side: Mapped[str] = mapped_column(String(6))  # who wrote it
    text: Mapped[str] = mapped_column(Text)

    offer: Mapped[Offer] = relationship()

    __table_args__ = (
        UniqueConstraint("offer_id", "number"),
        CheckConstraint("side IN ('mentor', 'mentee')", name="side_known"),
    )


class OfferAsk(Row, Base):
    """One side's wish for another hour or for a first call, with up to three times to choose from.

    A choice is written as the other side sends it back: "weekday-minute-week" on the mentor's clock for an hour, an
    instant in UTC for a call. A call that was agreed has `starts_at`; `counted_at` says that its minutes are in the
    mentor's ledger.
    """

    __tablename__ = "offer_ask"

    offer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(4))
    side: Mapped[str] = mapped_column(String(6))  # who asked
    state: Mapped[str] = mapped_column(String(10), default="open")
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    beyond: Mapped[bool] = mapped_column(default=False)  # the mentor agreed although her month is full
    place: Mapped[str] = mapped_column(String(200), default="")  # of a call: shown to the other once both agreed on it
    starts_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    offer: Mapped[Offer] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('hour', 'call')", name="kind_known"),
        CheckConstraint("side IN ('mentor', 'mentee')", name="side_known"),
        CheckConstraint("state IN ('open', 'taken', 'kept', 'called_off', 'gone')", name="state_known"),
        CheckConstraint("starts_at IS NULL OR kind = 'call'", name="only_calls_start"),
        # Of each kind at most one waits for an answer.
        Index(
            "uq_offer_ask_open",
            "offer_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_offer_ask_offer_id", "offer_id"),
        Index("ix_offer_ask_state_starts_at", "state", "starts_at"),
    )
