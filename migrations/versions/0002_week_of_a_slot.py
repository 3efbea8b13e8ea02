"""The week of a slot: two monthly pairs may meet at the same hour in different weeks

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("proposal", "offer", "mentorship")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("slot_week", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        # Not as a batch: SQLite would make the table anew, and dropping the old one takes along what refers to it.
        op.drop_column(table, "slot_week")
