"""Background work, outgoing mail, and who did what."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row, guard


class Job(Row, Base):
    """One piece of background work; this row is the truth, the queue carries only its id."""

    __tablename__ = "job"

    kind: Mapped[str] = mapped_column(String(30))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=3)
    lease_token: Mapped[str | None] = mapped_column(String(32))  # who works on it now
    lease_until: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(String(40), default="")
    done: Mapped[float] = mapped_column(default=0.0)
    total: Mapped[float] = mapped_column(default=0.0)
    bound: Mapped[float | None]
    gap: Mapped[float | None]
    cancel_requested_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    programme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
        Index("ix_job_state_lease_until", "state", "lease_until"),
    )


class OutboxMessage(Row, Base):
    """A mail to be sent: template and ids, never text; the unique key makes writing it twice harmless."""

    __tablename__ = "outbox_message"

    template: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # ids and one-time links
    unique_key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")  # waiting, sending, sent, failed
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="state_known"),
        Index("ix_outbox_message_state_not_before", "state", "not_before"),
    )


class AuditEvent(Row, Base):
    """Who did what: ids, no names. Lines are only added: the triggers below refuse to change or delete one."""

    __tablename__ = "audit_event"

    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    programme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), default="")  # kind of thing and its id
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (Index("ix_audit_event_programme_id_created_at", "programme_id", "created_at"),)


# When a person's account goes, her lines stay without her; nothing else of a line may ever change. A line goes only
# with its whole programme: by the time the database deletes it for that reason, the programme is gone.
APPEND_ONLY_SQLITE_UPDATE = """
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
WHEN NEW.by_person_id IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.created_at IS NOT OLD.created_at
  OR NEW.programme_id IS NOT OLD.programme_id OR NEW.action IS NOT OLD.action
  OR NEW.subject IS NOT OLD.subject OR NEW.facts IS NOT OLD.facts
  OR EXISTS (SELECT 1 FROM person WHERE id = OLD.by_person_id)
BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END
"""
APPEND_ONLY_SQLITE_DELETE = """
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
WHEN OLD.programme_id IS NULL OR EXISTS (SELECT 1 FROM programme WHERE id = OLD.programme_id)
BEGIN SELECT RAISE(ABORT, 'audit_event_append_only'); END
"""
APPEND_ONLY_POSTGRESQL_FUNCTION = """
CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.by_person_id IS NULL AND NEW.id = OLD.id AND NEW.created_at = OLD.created_at
       AND NEW.programme_id IS NOT DISTINCT FROM OLD.programme_id AND NEW.action = OLD.action
       AND NEW.subject = OLD.subject AND NEW.facts::text = OLD.facts::text
       AND NOT EXISTS (SELECT 1 FROM person WHERE id = OLD.by_person_id)
    THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF OLD.programme_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM programme WHERE id = OLD.programme_id)
    THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'audit_event_append_only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_event_append_only';
END $$
"""
APPEND_ONLY_POSTGRESQL_ROW = """
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_append_only()
"""
APPEND_ONLY_POSTGRESQL_ALL = """
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only()
"""
_APPEND_ONLY = (
    ("after_create", APPEND_ONLY_SQLITE_UPDATE, "sqlite"),
    ("after_create", APPEND_ONLY_SQLITE_DELETE, "sqlite"),
    ("after_create", APPEND_ONLY_POSTGRESQL_FUNCTION, "postgresql"),
    ("after_create", APPEND_ONLY_POSTGRESQL_ROW, "postgresql"),
    ("after_create", APPEND_ONLY_POSTGRESQL_ALL, "postgresql"),
    ("after_drop", "DROP FUNCTION IF EXISTS audit_event_append_only", "postgresql"),
)
guard(AuditEvent.__table__, _APPEND_ONLY)
