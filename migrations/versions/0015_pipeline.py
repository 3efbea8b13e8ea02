"""Students, formats that a mentor gives, and talks and shadow days that take minutes and no place

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ASKS = "ask IN ('15', '30', '60', 'mentoring')"
MORE_ASKS = "ask IN ('15', '30', '60', 'shadow_day', 'mentoring')"
TALKS = "SELECT id FROM offer WHERE once"
HELD = "FROM offer WHERE once AND holds_minutes AND offer.mentor_id = mentor_offer.membership_id"


def upgrade() -> None:
    _flag("programme", "takes_students", sa.true())
    op.add_column("membership", sa.Column("adult_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    _flag("mentor_offer", "gives_mentoring", sa.true())
    _flag("mentor_offer", "gives_questions", sa.true())
    _flag("mentor_offer", "gives_shadow_days", sa.false())
    _flag("mentor_offer", "welcomes_students", sa.true())
    op.add_column("mentor_offer", sa.Column("students_approved_at", sa.DateTime(timezone=True), nullable=True))
    _flag("offer", "is_shadow_day", sa.false())
    op.add_column("mentorship", sa.Column("planned_on", sa.Date(), nullable=True))
    op.add_column("mentorship", sa.Column("took_place", sa.Boolean(), nullable=True))
    op.add_column("time_entry", sa.Column("places", sa.Integer(), nullable=False, server_default="1"))
    _asks(ASKS, MORE_ASKS)
    # One talk took a place until now, and gives it back.
    op.execute(f"UPDATE mentor_offer SET reserved_places = reserved_places - (SELECT count(*) {HELD})")
    op.execute(f"UPDATE time_entry SET places = 0 WHERE offer_id IN ({TALKS})")


def downgrade() -> None:
    # A place that is gone meanwhile cannot be taken again: the minutes that talks hold return, and they stay without.
    op.execute(
        f"UPDATE mentor_offer SET reserved_minutes = reserved_minutes - coalesce((SELECT sum(minutes) {HELD}), 0)"
    )
    op.execute(f"DELETE FROM time_entry WHERE offer_id IN ({TALKS})")
    op.execute("UPDATE offer SET holds_minutes = false WHERE once")
    op.execute("UPDATE message SET ask = '60' WHERE ask = 'shadow_day'")
    _asks(MORE_ASKS, ASKS)
    op.drop_column("time_entry", "places")
    op.drop_column("mentorship", "took_place")
    op.drop_column("mentorship", "planned_on")
    op.drop_column("offer", "is_shadow_day")
    for column in (
        "students_approved_at",
        "welcomes_students",
        "gives_shadow_days",
        "gives_questions",
        "gives_mentoring",
    ):
        op.drop_column("mentor_offer", column)
    op.drop_column("membership", "adult_confirmed_at")
    op.drop_column("programme", "takes_students")


def _flag(table: str, column: str, default: sa.sql.expression.ColumnElement[bool]) -> None:
    op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=default))


def _asks(before: str, after: str) -> None:
    """Change what a letter may ask for.

    On SQLite not as a batch: the table would be made anew without its other checks, which alembic does not read.
    Only the written definition changes, as SQLite's own instructions for such a change have it.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_message_ask_known"), "message", type_="check")
        op.create_check_constraint(op.f("ck_message_ask_known"), "message", after)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'message'"
        ),
        {"before": before, "after": after},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
