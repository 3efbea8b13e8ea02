"""Questions about an offer, another hour, a first call

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    for column in ("question_extended", "call_extended"):
        op.add_column("offer", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "offer_message",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('mentor', 'mentee')", name=op.f("ck_offer_message_side_known")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_message_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_message")),
        sa.UniqueConstraint("offer_id", "number", name=op.f("uq_offer_message_offer_id_number")),
    )
    op.create_table(
        "offer_ask",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("beyond", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('hour', 'call')", name=op.f("ck_offer_ask_kind_known")),
        sa.CheckConstraint("side IN ('mentor', 'mentee')", name=op.f("ck_offer_ask_side_known")),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'kept', 'called_off', 'gone')", name=op.f("ck_offer_ask_state_known")
        ),
        sa.CheckConstraint("starts_at IS NULL OR kind = 'call'", name=op.f("ck_offer_ask_only_calls_start")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_ask_offer_id_offer"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_ask")),
    )
    op.create_index(
        "uq_offer_ask_open",
        "offer_ask",
        ["offer_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_offer_ask_offer_id", "offer_ask", ["offer_id"])
    op.create_index("ix_offer_ask_state_starts_at", "offer_ask", ["state", "starts_at"])


def downgrade() -> None:
    op.drop_table("offer_ask")
    op.drop_table("offer_message")
    for column in ("call_extended", "question_extended"):
        op.drop_column("offer", column)
