"""Imports of people, and limits that are provisional until the mentor confirms them

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "mentor_offer", sa.Column("is_provisional", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "import_batch",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'imported', 'undone', 'discarded')", name=op.f("ck_import_batch_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_import_batch_by_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_person_id"],
            ["person.id"],
            name=op.f("fk_import_batch_ended_by_person_id_person"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_import_batch_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_programme_id_created_at", ["programme_id", "created_at"], unique=False)
        batch_op.create_index("ix_import_batch_state_created_at", ["state", "created_at"], unique=False)
    op.create_table(
        "import_content",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_content_batch_id_import_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_content")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_import_content_batch_id")),
    )


def downgrade() -> None:
    op.drop_table("import_content")
    op.drop_table("import_batch")
    op.drop_column("mentor_offer", "is_provisional")
