"""Letters to mentors whom one does not know, and offers outside a round

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROUND = "round_id CHAR(32)"


def upgrade() -> None:
    _round_of_offer(nullable=True)
    op.add_column("offer", sa.Column("once", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "letter_box",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("a_week", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("a_week BETWEEN 1 AND 10", name=op.f("ck_letter_box_a_week_sensible")),
        sa.CheckConstraint("taken BETWEEN 0 AND 10", name=op.f("ck_letter_box_taken_sensible")),
        _refers("letter_box", "membership_id", "membership"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_box")),
        sa.UniqueConstraint("membership_id", name=op.f("uq_letter_box_membership_id")),
    )
    op.create_table(
        "message",
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("form_key", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ask", sa.String(length=10), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_back", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("colleague_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'yes', 'not_now', 'suggested', 'withdrawn', 'expired')",
            name=op.f("ck_message_state_known"),
        ),
        sa.CheckConstraint("ask IN ('15', '30', '60', 'mentoring')", name=op.f("ck_message_ask_known")),
        sa.CheckConstraint(
            "(place IS NOT NULL) = (state IN ('waiting', 'asked'))", name=op.f("ck_message_open_has_place")
        ),
        sa.CheckConstraint("place BETWEEN 0 AND 2", name=op.f("ck_message_place_sensible")),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_message_not_oneself")),
        _refers("message", "mentor_id", "membership"),
        _refers("message", "mentee_id", "membership"),
        _refers("message", "colleague_id", "membership", "SET NULL"),
        _refers("message", "offer_id", "offer", "SET NULL"),
        _refers("message", "reported_by_id", "person", "SET NULL"),
        _refers("message", "settled_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("mentee_id", "form_key", name=op.f("uq_message_mentee_id_form_key")),
        sa.UniqueConstraint("mentee_id", "place", name=op.f("uq_message_mentee_id_place")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_message_offer_id")),
    )
    op.create_index(op.f("ix_message_mentor_id"), "message", ["mentor_id"])
    op.create_index("ix_message_state_due_at", "message", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("message")
    op.drop_table("letter_box")
    op.drop_column("offer", "once")
    # What came of letters has no place in the older tables; the mentors' time comes back by the ledger's own sums.
    op.execute(
        "UPDATE mentor_offer SET "
        "reserved_minutes = reserved_minutes - coalesce((SELECT sum(minutes) FROM offer WHERE round_id IS NULL "
        "AND holds_minutes AND offer.mentor_id = mentor_offer.membership_id), 0), "
        "reserved_places = reserved_places - (SELECT count(*) FROM offer WHERE round_id IS NULL "
        "AND holds_minutes AND offer.mentor_id = mentor_offer.membership_id)"
    )
    op.execute("DELETE FROM time_entry WHERE offer_id IN (SELECT id FROM offer WHERE round_id IS NULL)")
    op.execute("DELETE FROM offer WHERE round_id IS NULL")
    _round_of_offer(nullable=False)


def _round_of_offer(*, nullable: bool) -> None:
    """Say whether an offer must be of a round.

    On SQLite not as a batch: the table would be made anew, and dropping the old one takes along the pairs that
    refer to it. Only the written definition changes, as SQLite's own instructions for such a change have it.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column("offer", "round_id", existing_type=sa.Uuid(), nullable=nullable)
        return
    before, after = (f"{ROUND} NOT NULL", ROUND) if nullable else (ROUND, f"{ROUND} NOT NULL")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'offer'"),
        {"before": before, "after": after},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _refers(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
