"""Note in the pool's changes that a student has said that she is an adult: she comes into the pool by it

Revision: 0016, after 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE = "person_id, programme_id, is_mentor, is_mentee, status, joined_at, priority"
AFTER = f"{BEFORE}, adult_confirmed_at"
# The same trigger as in webapp/models/pool.py, where it is explained; a migration stays as it was.
KEYS = {"membership_id": "id", "programme_id": "programme_id", "person_id": "person_id"}


def upgrade() -> None:
    _watch(AFTER)


def downgrade() -> None:
    _watch(BEFORE)


def _watch(columns: str) -> None:
    """Make the trigger anew, so that it looks at these columns."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER note_update_membership")
        moved = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in KEYS.values())
        body = f"{_insert('NEW', 'true')} {_insert('OLD', moved)}"
        op.execute(
            f"CREATE TRIGGER note_update_membership AFTER UPDATE OF {columns} ON membership BEGIN {body} END"
        )
        return
    op.execute("DROP TRIGGER note_membership ON membership")
    op.execute(
        f"CREATE TRIGGER note_membership AFTER INSERT OR UPDATE OF {columns} OR DELETE ON membership "
        "FOR EACH ROW EXECUTE FUNCTION note_membership()"
    )


def _insert(row: str, where: str) -> str:
    values = ", ".join(f"{row}.{column}" for column in KEYS.values())
    return (
        f"INSERT INTO pool_change (mark, created_at, {', '.join(KEYS)}) "
        "SELECT (SELECT coalesce(max(id), 0) + 1 FROM pool_change), strftime('%Y-%m-%d %H:%M:%f000', 'now'), "
        f"{values} WHERE {where};"
    )
