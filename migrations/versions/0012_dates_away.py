"""Dates on which somebody is not free although her week says so; and what her few words answer

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "availability_exception",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('on_call', 'holiday', 'busy')", name=op.f("ck_availability_exception_kind_known")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_availability_exception_in_order")),
        sa.CheckConstraint(
            "start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440",
            name=op.f("ck_availability_exception_within_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_availability_exception_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_exception")),
        sa.UniqueConstraint(
            "person_id",
            "starts_on",
            "ends_on",
            "start_minute",
            "end_minute",
            name="uq_availability_exception_stretch",
        ),
    )
    op.add_column("profile", sa.Column("prompts", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and dropping the old one takes along what refers to it.
    op.drop_column("profile", "prompts")
    op.drop_table("availability_exception")
