"""People in: invitations and reminders, asking to take part, edits on behalf, people who only look like one

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENTS = ("invited_at", "reminded_at", "asked_at")


def upgrade() -> None:
    op.add_column("programme", sa.Column("approves_joins", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("programme", sa.Column("invitation_note", sa.Text(), nullable=False, server_default=""))
    for moment in MOMENTS:
        op.add_column("membership", sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "edit_on_behalf",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_edit_on_behalf_membership_id_membership"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_edit_on_behalf_by_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_on_behalf")),
    )
    op.create_index(op.f("ix_edit_on_behalf_membership_id"), "edit_on_behalf", ["membership_id"])
    op.create_table(
        "distinct_people",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_distinct_people_in_order")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["membership.id"], name=op.f("fk_distinct_people_first_id_membership"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["membership.id"], name=op.f("fk_distinct_people_second_id_membership"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_distinct_people_by_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_people")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinct_people_first_id_second_id")),
    )
    op.create_index(op.f("ix_distinct_people_second_id"), "distinct_people", ["second_id"])


def downgrade() -> None:
    op.drop_table("distinct_people")
    op.drop_table("edit_on_behalf")
    # Not as a batch: SQLite would make the table anew, and dropping the old one takes along what refers to it.
    for moment in MOMENTS:
        op.drop_column("membership", moment)
    for column in ("invitation_note", "approves_joins"):
        op.drop_column("programme", column)
