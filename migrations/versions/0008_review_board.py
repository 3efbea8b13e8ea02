"""The review board: changes by hand that can be taken back, and coordinators' notes

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_edit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("scenario_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("from_mentor_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("undone_number", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('add', 'move', 'remove', 'restore', 'pin', 'forbid', 'clear')",
            name=op.f("ck_board_edit_kind_known"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_number IS NULL)", name=op.f("ck_board_edit_undone_whole")
        ),
        _refers("board_edit", "round_id", "round"),
        _refers("board_edit", "scenario_id", "scenario"),
        _refers("board_edit", "mentor_id", "membership"),
        _refers("board_edit", "mentee_id", "membership"),
        _refers("board_edit", "from_mentor_id", "membership"),
        _refers("board_edit", "by_person_id", "person", "SET NULL"),
        _refers("board_edit", "undone_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_edit")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_board_edit_round_id_number")),
    )
    op.create_index(op.f("ix_board_edit_scenario_id"), "board_edit", ["scenario_id"])
    op.create_table(
        "board_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=True),
        sa.Column("mentee_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "mentor_id IS NOT NULL OR mentee_id IS NOT NULL", name=op.f("ck_board_note_about_somebody")
        ),
        _refers("board_note", "round_id", "round"),
        _refers("board_note", "mentor_id", "membership"),
        _refers("board_note", "mentee_id", "membership"),
        _refers("board_note", "by_person_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_note")),
    )
    op.create_index(op.f("ix_board_note_round_id"), "board_note", ["round_id"])
    figures = ["scenario_id", "mentee_id", "removed_at", "origin", "weight", "minutes", "slot_weekday"]
    op.create_index(op.f("ix_proposal_figures"), "proposal", figures)
    op.create_index(op.f("ix_proposal_scenario_id_weight"), "proposal", ["scenario_id", "weight"])


def downgrade() -> None:
    op.drop_index(op.f("ix_proposal_scenario_id_weight"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_figures"), table_name="proposal")
    op.drop_table("board_note")
    op.drop_table("board_edit")


def _refers(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
