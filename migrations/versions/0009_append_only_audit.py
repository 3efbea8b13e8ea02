"""The audit log only grows: the database refuses to change or delete a line

Revision: 0009, after 0008
"""

from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# The same guard as in webapp/models/work.py, where it is explained; a migration stays as it was.
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


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(APPEND_ONLY_SQLITE_UPDATE)
        op.execute(APPEND_ONLY_SQLITE_DELETE)
    else:
        op.execute(APPEND_ONLY_POSTGRESQL_FUNCTION)
        op.execute(APPEND_ONLY_POSTGRESQL_ROW)
        op.execute(APPEND_ONLY_POSTGRESQL_ALL)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_event_no_update")
        op.execute("DROP TRIGGER audit_event_no_delete")
    else:
        op.execute("DROP TRIGGER audit_event_no_truncate ON audit_event")
        op.execute("DROP TRIGGER audit_event_append_only ON audit_event")
        op.execute("DROP FUNCTION audit_event_append_only")
