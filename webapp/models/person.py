"""A person with an account, and what keeps the account safe."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Row, ZoneName
from webapp.models.privacy import Trait
from webapp.models.profile import AvailabilityException, AvailabilityWindow, Profile


class Person(Row, Base):
    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(254), unique=True)  # always in lower case
    name: Mapped[str] = mapped_column(String(200))
    pronouns: Mapped[str] = mapped_column(String(40), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    zone: Mapped[str] = mapped_column(ZoneName, default="UTC")
    language: Mapped[str] = mapped_column(String(12), default="en")
    theme: Mapped[str] = mapped_column(String(5), default="")
    is_operator: Mapped[bool] = mapped_column(default=False)
    email_verified_at: Mapped[datetime | None]
    # Minutes a month over all programmes; none means that each offer's own limit is enough.
    minutes_cap: Mapped[int | None]
    # When she deleted her account: what is left of the row is an id, so that counts and minutes stay right.
    deleted_at: Mapped[datetime | None]

    trait: Mapped[Trait | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    profile: Mapped[Profile | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    windows: Mapped[list[AvailabilityWindow]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(AvailabilityWindow.weekday, AvailabilityWindow.start_minute)",
    )
    exceptions: Mapped[list[AvailabilityException]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(AvailabilityException.starts_on, AvailabilityException.start_minute)",
    )

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("minutes_cap >= 0", name="minutes_cap_not_negative"),
    )


class LoginSession(Row, Base):
    """One signed-in browser; the cookie holds the token, the row only its hash."""

    __tablename__ = "login_session"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    agent: Mapped[str] = mapped_column(String(200), default="")


class LoginAttempt(Row, Base):
    """A failed try, so that all workers throttle together."""

    __tablename__ = "login_attempt"

    kind: Mapped[str] = mapped_column(String(20))  # login, reset, signup, verify
    key_hash: Mapped[str] = mapped_column(String(64))  # of the e-mail or the address it came from

    __table_args__ = (Index("ix_login_attempt_kind_key_hash_created_at", "kind", "key_hash", "created_at"),)


class Token(Row, Base):
    """A one-time link; only its hash is kept."""

    __tablename__ = "token"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))  # verify, reset, operator, invitation
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
