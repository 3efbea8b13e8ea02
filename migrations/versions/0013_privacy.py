"""What people decide about their own data, and what mentees have brought about

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The same guards as in webapp/models/privacy.py and pool.py, where they are explained; a migration stays as it was.
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
NEW = "SELECT {}, NEW.person_id WHERE true;"
OLD = "SELECT {}, OLD.person_id WHERE {};"
MOVED = "OLD.person_id IS DISTINCT FROM NEW.person_id"
LINE = "INSERT INTO pool_change (mark, created_at, person_id) "
VALUES = {
    "sqlite": "(SELECT coalesce(max(id), 0) + 1 FROM pool_change), strftime('%Y-%m-%d %H:%M:%f000', 'now')",
    "postgresql": "pg_current_xact_id()::text::bigint, clock_timestamp()",
}
IDS = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def upgrade() -> None:
    op.create_table(
        "trait",
        *_row(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        _refers("trait", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trait")),
        sa.UniqueConstraint("person_id", name=op.f("uq_trait_person_id")),
    )
    op.create_table(
        "mail_choice",
        *_row(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        _refers("mail_choice", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_mail_choice_person_id_kind")),
    )
    op.create_table(
        "consent",
        *_row(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "kind IN ('terms', 'traits', 'visibility', 'mail')", name=op.f("ck_consent_kind_known")
        ),
        _refers("consent", "person_id", "person"),
        _refers("consent", "programme_id", "programme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_programme_id"), "consent", ["programme_id"])
    op.create_index("ix_consent_person_id_created_at", "consent", ["person_id", "created_at"])
    op.create_table(
        "goal",
        *_row(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        _refers("goal", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(op.f("ix_goal_person_id"), "goal", ["person_id"])
    op.create_table(
        "achievement",
        *_row(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("achieved_on", sa.Date(), nullable=False),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsed_by_id", sa.Uuid(), nullable=True),
        sa.Column("endorsed_in_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('paper', 'talk', 'exam', 'operation', 'teaching', 'other')",
            name=op.f("ck_achievement_kind_known"),
        ),
        _refers("achievement", "person_id", "person"),
        _refers("achievement", "endorsed_by_id", "person", "SET NULL"),
        _refers("achievement", "endorsed_in_id", "programme", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement")),
    )
    op.create_index(op.f("ix_achievement_person_id"), "achievement", ["person_id"])
    # Plain ADD COLUMN: a table made anew would lose its triggers.
    op.add_column("person", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("profile", sa.Column("brings", sa.Text(), server_default="", nullable=False))
    op.add_column("profile", sa.Column("visibility", sa.JSON(), server_default="{}", nullable=False))
    dialect = op.get_bind().dialect.name
    # What people have agreed to so far is the beginning of the history.
    op.execute(
        "INSERT INTO consent (id, created_at, person_id, programme_id, kind, subject, value) "
        f"SELECT {IDS[dialect]}, terms_agreed_at, person_id, programme_id, 'terms', '', "
        "CAST(coalesce(terms_version, 1) AS VARCHAR(20)) FROM membership WHERE terms_agreed_at IS NOT NULL"
    )
    for statement in _guards(dialect):
        op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("achievement", "goal", "consent", "mail_choice", "trait"):
        op.drop_table(table)
    op.drop_column("profile", "visibility")
    op.drop_column("profile", "brings")
    op.drop_column("person", "deleted_at")
    if postgresql:
        op.execute("DROP FUNCTION consent_append_only")
        op.execute("DROP FUNCTION note_trait")


def _guards(dialect: str) -> list[str]:
    values = VALUES[dialect]
    new, old = LINE + NEW.format(values), LINE + OLD.format(values, "true")
    moved = LINE + OLD.format(values, MOVED)
    if dialect == "sqlite":
        return [
            CONSENT_SQLITE_UPDATE,
            CONSENT_SQLITE_DELETE,
            f"CREATE TRIGGER note_insert_trait AFTER INSERT ON trait BEGIN {new} END",
            f"CREATE TRIGGER note_update_trait AFTER UPDATE ON trait BEGIN {new} {moved} END",
            f"CREATE TRIGGER note_delete_trait AFTER DELETE ON trait BEGIN {old} END",
        ]
    return [
        CONSENT_POSTGRESQL_FUNCTION,
        CONSENT_POSTGRESQL,
        "CREATE FUNCTION note_trait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'DELETE' THEN {new} END IF; "
        f"IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ({MOVED})) THEN {old} END IF; "
        "RETURN NULL; END $$",
        "CREATE TRIGGER note_trait AFTER INSERT OR UPDATE OR DELETE ON trait "
        "FOR EACH ROW EXECUTE FUNCTION note_trait()",
    ]


def _row() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _refers(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
