"""Vocabulary of a programme, and versions of its terms: who agreed to which, and when

Revision: 0005, after 0004
"""

import uuid

import sqlalchemy as sa
from alembic import op

from webapp.models.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PROGRAMME = sa.table(
    "programme", sa.column("id", sa.Uuid()), sa.column("terms", sa.Text()), sa.column("created_at", Instant())
)
TERMS = sa.table(
    "programme_terms",
    sa.column("id", sa.Uuid()),
    sa.column("created_at", Instant()),
    sa.column("programme_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("version", sa.Integer()),
    sa.column("text", sa.Text()),
)


def upgrade() -> None:
    op.add_column("programme", sa.Column("vocabulary", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("programme", sa.Column("terms_version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("membership", sa.Column("terms_version", sa.Integer(), nullable=True))
    op.add_column("membership", sa.Column("terms_agreed_at", Instant(), nullable=True))
    op.create_table(
        "programme_terms",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_programme_terms_by_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_terms_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_terms")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programme_terms_programme_id_number")),
    )
    _keep_what_was_agreed()


def _keep_what_was_agreed() -> None:
    """Write the terms that stand as the first version, which whoever has joined agreed to."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(PROGRAMME)).all():
        first = {"id": uuid.uuid4(), "programme_id": row.id, "number": 1, "version": 1}
        connection.execute(TERMS.insert().values(**first, text=row.terms, created_at=row.created_at))
    connection.execute(
        sa.text("UPDATE membership SET terms_version = 1, terms_agreed_at = joined_at WHERE joined_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_table("programme_terms")
    # Not as batches: SQLite would make the tables anew, and dropping the old ones takes along what refers to them.
    op.drop_column("membership", "terms_agreed_at")
    op.drop_column("membership", "terms_version")
    op.drop_column("programme", "terms_version")
    op.drop_column("programme", "vocabulary")
