"""A programme, who belongs to it, what mentors offer and what mentees look for."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Row, ZoneName, guard
from webapp.models.person import Person

STATUSES = ("invited", "pending", "active", "paused", "left")


class Programme(Row, Base):
    __tablename__ = "programme"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    weights: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)  # criterion -> weight
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    minimum: Mapped[float] = mapped_column(default=0.0)  # pairs that fit less are not proposed
    cadence: Mapped[str] = mapped_column(String(12), default="monthly")
    meeting_minutes: Mapped[int] = mapped_column(default=60)
    zone: Mapped[str] = mapped_column(ZoneName, default="UTC")
    enrols_until: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    offer_days: Mapped[int] = mapped_column(default=7)
    contact: Mapped[str] = mapped_column(String(254), default="")
    vocabulary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # see webapp.engine.words
    terms_version: Mapped[int] = mapped_column(default=1)  # of `terms`; the texts before are in programme_terms
    # Whether whoever was not invited takes part only once a coordinator said yes.
    approves_joins: Mapped[bool] = mapped_column(default=False, server_default=false())
    invitation_note: Mapped[str] = mapped_column(Text, default="", server_default="")  # in mails that invite
    takes_students: Mapped[bool] = mapped_column(default=True, server_default=true())

    memberships: Mapped[list["Membership"]] = relationship(back_populates="programme")

    __table_args__ = (
        CheckConstraint("meeting_minutes BETWEEN 15 AND 240", name="meeting_minutes_sensible"),
        CheckConstraint("cadence IN ('weekly', 'fortnightly', 'monthly', 'bimonthly')", name="cadence_known"),
        CheckConstraint("starts_on < ends_on", name="dates_in_order"),
        CheckConstraint("offer_days BETWEEN 1 AND 60", name="offer_days_sensible"),
    )

    @property
    def minutes_a_month(self) -> int:
        """Minutes a month that one pair takes of its mentor: cadence times length, half of it every two months."""
        if self.cadence == "bimonthly":
            return -(-self.meeting_minutes // 2)
        return {"weekly": 4, "fortnightly": 2, "monthly": 1}[self.cadence] * self.meeting_minutes


class ProgrammeTerms(Row, Base):
    """One text of a programme's terms; rows are added and never changed.

    A correction of a typing error is a further row of the same version: nobody needs to agree anew.
    """

    __tablename__ = "programme_terms"

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    number: Mapped[int]  # 1, 2, 3... in the order of writing
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("programme_id", "number"),)


class Membership(Row, Base):
    __tablename__ = "membership"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    is_mentor: Mapped[bool] = mapped_column(default=False)
    is_mentee: Mapped[bool] = mapped_column(default=False)
    is_coordinator: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default="pending")
    joined_at: Mapped[datetime | None]  # when the answers were checked and the terms agreed to
    invited_at: Mapped[datetime | None]  # when the mail that invites was written down
    reminded_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # when she asked to take part, where a coordinator approves
    priority: Mapped[float] = mapped_column(default=0.0)  # carried over when left out of the last round
    terms_version: Mapped[int | None]  # what was agreed to; none: joined before versions were kept, so the first
    terms_agreed_at: Mapped[datetime | None]
    adult_confirmed_at: Mapped[datetime | None]  # when a student said that she is 18 or older; nobody else can

    person: Mapped[Person] = relationship()
    programme: Mapped[Programme] = relationship(back_populates="memberships")
    offer: Mapped["MentorOffer | None"] = relationship(back_populates="membership", passive_deletes=True)
    request: Mapped["MenteeRequest | None"] = relationship(back_populates="membership", passive_deletes=True)

    __table_args__ = (
        UniqueConstraint("person_id", "programme_id"),
        CheckConstraint("status IN ('invited', 'pending', 'active', 'paused', 'left')", name="status_known"),
    )


class MentorOffer(Row, Base):
    """What a mentor gives, and how much of it is taken.

    Reserving goes through `webapp.services.ledger` alone; the trigger below refuses any other way past the limits.
    """

    __tablename__ = "mentor_offer"

    membership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), unique=True)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    stages_welcome: Mapped[list[str]] = mapped_column(JSON, default=list)  # empty: all behind her own
    minutes_a_month: Mapped[int]
    places: Mapped[int]
    reserved_minutes: Mapped[int] = mapped_column(default=0)
    reserved_places: Mapped[int] = mapped_column(default=0)
    paused_from: Mapped[date | None]
    paused_until: Mapped[date | None]
    about: Mapped[str] = mapped_column(Text, default="")
    # Numbers that came from a file and that she has not said herself: nothing may be reserved on them.
    is_provisional: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The formats she gives. Without mentoring no place can be taken; the ledger holds that.
    gives_mentoring: Mapped[bool] = mapped_column(default=True, server_default=true())
    gives_questions: Mapped[bool] = mapped_column(default=True, server_default=true())
    gives_shadow_days: Mapped[bool] = mapped_column(default=False, server_default=false())
    welcomes_students: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Set by a coordinator alone; the audit log says by whom. Counts where the programme's rules ask for it.
    students_approved_at: Mapped[datetime | None]

    membership: Mapped[Membership] = relationship(back_populates="offer")

    __table_args__ = (
        CheckConstraint("minutes_a_month >= 0 AND minutes_a_month <= 9600", name="minutes_sensible"),
        CheckConstraint("places >= 0 AND places <= 50", name="places_sensible"),
        CheckConstraint("reserved_minutes >= 0", name="reserved_minutes_not_negative"),
        CheckConstraint("reserved_places >= 0", name="reserved_places_not_negative"),
        CheckConstraint("paused_until IS NULL OR paused_from <= paused_until", name="pause_in_order"),
    )


class MenteeRequest(Row, Base):
    __tablename__ = "mentee_request"

    membership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), unique=True)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)  # in order, the first counts most
    specialties: Mapped[list[str]] = mapped_column(JSON, default=list)  # of interest
    mentors_wanted: Mapped[int] = mapped_column(default=1)
    # A board of mentors: she asked for a mentor of its own for each of her first needs.
    board: Mapped[bool] = mapped_column(default=False, server_default=false())
    minutes_a_month: Mapped[int | None]  # none: the programme's; never more
    goal: Mapped[str] = mapped_column(Text, default="")

    membership: Mapped[Membership] = relationship(back_populates="request")

    __table_args__ = (
        CheckConstraint("mentors_wanted BETWEEN 1 AND 5", name="mentors_wanted_sensible"),
        CheckConstraint("minutes_a_month IS NULL OR minutes_a_month > 0", name="minutes_positive"),
    )


# A CHECK cannot hold "reserved <= limit": a mentor may lower her limit below what is reserved, which keeps the
# pairs she has and reserves nothing new. So the database looks at the change: what is reserved may only grow
# while it stays within the limits.
GUARD_SQLITE = """
CREATE TRIGGER mentor_offer_limits BEFORE UPDATE OF reserved_minutes, reserved_places ON mentor_offer
WHEN (NEW.reserved_minutes > OLD.reserved_minutes AND NEW.reserved_minutes > NEW.minutes_a_month)
  OR (NEW.reserved_places > OLD.reserved_places AND NEW.reserved_places > NEW.places)
BEGIN SELECT RAISE(ABORT, 'mentor_offer_limits'); END
"""
GUARD_SQLITE_INSERT = """
CREATE TRIGGER mentor_offer_limits_insert BEFORE INSERT ON mentor_offer
WHEN NEW.reserved_minutes > NEW.minutes_a_month OR NEW.reserved_places > NEW.places
BEGIN SELECT RAISE(ABORT, 'mentor_offer_limits'); END
"""
GUARD_POSTGRESQL_FUNCTION = """
CREATE FUNCTION mentor_offer_limits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before_minutes integer := 0; before_places integer := 0;
BEGIN
  IF TG_OP = 'UPDATE' THEN before_minutes := OLD.reserved_minutes; before_places := OLD.reserved_places; END IF;
  IF (NEW.reserved_minutes > before_minutes AND NEW.reserved_minutes > NEW.minutes_a_month)
     OR (NEW.reserved_places > before_places AND NEW.reserved_places > NEW.places)
  THEN RAISE EXCEPTION 'mentor_offer_limits'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'mentor_offer_limits'; END IF;
  RETURN NEW;
END $$
"""
GUARD_POSTGRESQL = """
CREATE TRIGGER mentor_offer_limits BEFORE INSERT OR UPDATE ON mentor_offer
FOR EACH ROW EXECUTE FUNCTION mentor_offer_limits()
"""
_LIMITS = (
    ("after_create", GUARD_SQLITE, "sqlite"),
    ("after_create", GUARD_SQLITE_INSERT, "sqlite"),
    ("after_create", GUARD_POSTGRESQL_FUNCTION, "postgresql"),
    ("after_create", GUARD_POSTGRESQL, "postgresql"),
    ("after_drop", "DROP FUNCTION IF EXISTS mentor_offer_limits", "postgresql"),
)
guard(MentorOffer.__table__, _LIMITS)
