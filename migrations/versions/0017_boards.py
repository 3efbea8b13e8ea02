"""A mentor for each need: the wish for a board, and the need that a pair, an offer or a pin is for

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("proposal", "pair_rule", "offer")


def upgrade() -> None:
    op.add_column("mentee_request", sa.Column("board", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table in TABLES:
        op.add_column(table, sa.Column("role", sa.String(80), nullable=False, server_default=""))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "role")
    op.drop_column("mentee_request", "board")
