"""What two people say of each other before a round."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row


class Interest(Row, Base):
    """One side's word about the other: interested (with a rank) or not for me."""

    __tablename__ = "interest"

    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    side: Mapped[str] = mapped_column(String(6))  # who says it: mentor or mentee
    verdict: Mapped[str] = mapped_column(String(12))  # interested or not_for_me
    rank: Mapped[int] = mapped_column(default=0)  # 0 is the first choice

    __table_args__ = (
        UniqueConstraint("mentor_id", "mentee_id", "side"),
        CheckConstraint("side IN ('mentor', 'mentee')", name="side_known"),
        CheckConstraint("verdict IN ('interested', 'not_for_me')", name="verdict_known"),
        CheckConstraint("mentor_id <> mentee_id", name="not_oneself"),
    )


class FirstCard(Row, Base):
    """The mentor whom a mentee sees first among her suggestions; see `webapp.services.spreading`."""

    __tablename__ = "first_card"

    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), unique=True)


class Exclusion(Row, Base):
    """Two people who must not be paired: do-not-match, or a conflict of interest."""

    __tablename__ = "exclusion"

    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(20), default="EXCLUDED")  # EXCLUDED, CONFLICT, FORMER_PAIR
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("mentor_id", "mentee_id"),)
