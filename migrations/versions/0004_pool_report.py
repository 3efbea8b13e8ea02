"""The last report on a programme's pool, and a log of what has changed in it since

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The same triggers as in webapp/models/pool.py, where they are explained; a migration stays as it was.
PAIR = ({"membership_id": "mentor_id"}, {"membership_id": "mentee_id"})
WATCHED = (
    ("person", "name, zone, minutes_cap", ({"person_id": "id"},)),
    ("profile", "", ({"person_id": "person_id"},)),
    ("availability_window", "", ({"person_id": "person_id"},)),
    (
        "membership",
        "person_id, programme_id, is_mentor, is_mentee, status, joined_at, priority",
        ({"membership_id": "id", "programme_id": "programme_id", "person_id": "person_id"},),
    ),
    ("mentor_offer", "", ({"membership_id": "membership_id"},)),
    ("mentee_request", "", ({"membership_id": "membership_id"},)),
    ("interest", "", PAIR),
    ("exclusion", "", PAIR),
    ("offer", "", PAIR),
    ("mentorship", "", PAIR),
    ("programme", "", ({"programme_id": "id"},)),
)


def insert(row, lines, mark, moment, where="true"):
    return " ".join(
        f"INSERT INTO pool_change (mark, created_at, {', '.join(line)}) "
        f"SELECT {mark}, {moment}, {', '.join(f'{row}.{column}' for column in line.values())} WHERE {where};"
        for line in lines
    )


def moved(lines):
    keys = dict.fromkeys(column for line in lines for column in line.values())
    return " OR ".join(f"OLD.{key} IS DISTINCT FROM NEW.{key}" for key in keys)


def on_sqlite(table, columns, lines):
    values = ("(SELECT coalesce(max(id), 0) + 1 FROM pool_change)", "strftime('%Y-%m-%d %H:%M:%f000', 'now')")
    new, old = insert("NEW", lines, *values), insert("OLD", lines, *values)
    of = f" OF {columns}" if columns else ""
    after_move = insert("OLD", lines, *values, where=moved(lines))
    yield f"CREATE TRIGGER note_insert_{table} AFTER INSERT ON {table} BEGIN {new} END"
    yield f"CREATE TRIGGER note_update_{table} AFTER UPDATE{of} ON {table} BEGIN {new} {after_move} END"
    yield f"CREATE TRIGGER note_delete_{table} AFTER DELETE ON {table} BEGIN {old} END"


def on_postgresql(table, columns, lines):
    values = ("pg_current_xact_id()::text::bigint", "clock_timestamp()")
    new, old = insert("NEW", lines, *values), insert("OLD", lines, *values)
    of = f" OF {columns}" if columns else ""
    yield (
        f"CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'DELETE' THEN {new} END IF; "
        f"IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ({moved(lines)})) THEN {old} END IF; "
        "RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER note_{table} AFTER INSERT OR UPDATE{of} OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION note_{table}()"
    )


def upgrade() -> None:
    op.create_table(
        "pool_report",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_pool_report_programme_id_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_report")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_pool_report_programme_id")),
    )
    op.create_table(
        "pool_change",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_change")),
    )
    op.create_index("ix_pool_change_mark", "pool_change", ["mark"])
    on = {"sqlite": on_sqlite, "postgresql": on_postgresql}[op.get_bind().dialect.name]
    for watched in WATCHED:
        for statement in on(*watched):
            op.execute(sa.DDL(statement.replace("%", "%%")))


def downgrade() -> None:
    for table, _columns, _lines in WATCHED:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER note_{table} ON {table}")
            op.execute(f"DROP FUNCTION note_{table}")
        else:
            for what in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER note_{what}_{table}")
    op.drop_table("pool_change")
    op.drop_table("pool_report")
