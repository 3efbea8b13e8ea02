"""What people decide about their data: private facts, who sees what, which mails they get, and when they said so."""

import uuid

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row, guard


class Trait(Row, Base):
    """The private facts that a person told, for matching alone and shown to nobody; without any there is no row.

    One row a person, so that reading thousands of people with them takes no further query.
    """

    __tablename__ = "trait"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    facts: Mapped[list[str]] = mapped_column(JSON)  # ids, see webapp.services.traits


class MailChoice(Row, Base):
    """A kind of mail that a person does not want; see webapp.mail.kinds."""

    __tablename__ = "mail_choice"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))

    __table_args__ = (UniqueConstraint("person_id", "kind"),)


class Consent(Row, Base):
    """One decision of a person about her data. Lines are only added; they go when her account goes.

    What a private fact is never stands here: taking it back must leave nothing of it.
    """

    __tablename__ = "consent"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    programme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(40), default="")  # the field, the kind of mail, told or withdrawn
    value: Mapped[str] = mapped_column(String(20), default="")  # what it is now: a level, a version, a number

    __table_args__ = (
        Index("ix_consent_person_id_created_at", "person_id", "created_at"),
        CheckConstraint("kind IN ('terms', 'traits', 'visibility', 'mail')", name="kind_known"),
    )


# A line goes with its person or its programme alone: either is gone by the time the database deletes it for that
# reason, or the person is one whose account is being deleted.
CONSENT_SQLITE_UPDATE = """
CREATE TRIGGER consent_no_update BEFORE UPDATE ON consent
BEGIN SELECT RAISE(ABORT, 'consent_append_only'); END
"""
CONSENT_SQLITE_DELETE = """
CREATE TRIGGER consent_no_delete BEFORE DELETE ON consent
WHEN EXISTS (SELECT 1 FROM person WHERE id = OLD.person_id AND deleted_at IS NULL)
  AND (OLD.programme_id IS NULL OR EXISTS (SELECT 1 FROM programme WHERE id = OLD.programme_id))
BEGIN SELECT RAISE(ABORT, 'consent_append_only'); END
"""
CONSENT_POSTGRESQL_FUNCTION = """
CREATE FUNCTION consent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND (
    NOT EXISTS (SELECT 1 FROM person WHERE id = OLD.person_id AND deleted_at IS NULL)
    OR (OLD.programme_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM programme WHERE id = OLD.programme_id)))
  THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'consent_append_only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_append_only';
END $$
"""
CONSENT_POSTGRESQL = """
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE ON consent
FOR EACH ROW EXECUTE FUNCTION consent_append_only()
"""
_APPEND_ONLY = (
    ("after_create", CONSENT_SQLITE_UPDATE, "sqlite"),
    ("after_create", CONSENT_SQLITE_DELETE, "sqlite"),
    ("after_create", CONSENT_POSTGRESQL_FUNCTION, "postgresql"),
    ("after_create", CONSENT_POSTGRESQL, "postgresql"),
    ("after_drop", "DROP FUNCTION IF EXISTS consent_append_only", "postgresql"),
)
guard(Consent.__table__, _APPEND_ONLY)
