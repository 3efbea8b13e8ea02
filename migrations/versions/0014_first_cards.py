"""Whom each mentee sees first among her suggestions, and why somebody is not for her

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("interest", sa.Column("reason", sa.String(length=20), nullable=False, server_default=""))
    op.create_table(
        "first_card",
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mentee_id"], ["membership.id"], name=op.f("fk_first_card_mentee_id_membership"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["membership.id"], name=op.f("fk_first_card_mentor_id_membership"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_card")),
        sa.UniqueConstraint("mentee_id", name=op.f("uq_first_card_mentee_id")),
    )
    op.create_index(op.f("ix_first_card_mentor_id"), "first_card", ["mentor_id"])


def downgrade() -> None:
    op.drop_table("first_card")
    # Not as a batch: SQLite would make the table anew, without its triggers.
    op.drop_column("interest", "reason")
