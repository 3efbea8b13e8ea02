"""What is known of a programme's pool: the last report on it, and which of its rows have changed since when.

The database itself notes a change, by triggers: no service can forget to, and none of them waits for another, for
lines are only added. A line holds the keys of the row that changed; the trigger looks at no other table.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, BigInteger, ForeignKey, Index, Integer, event
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Row


class PoolReport(Row, Base):
    """The last report on a programme's pool, as a worker worked it out."""

    __tablename__ = "pool_report"

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_at: Mapped[datetime]  # when the people were read
    mark: Mapped[int] = mapped_column(BigInteger)  # all changes below this mark are in it


class PoolChange(Base):
    """One row that changed. A line may be about a programme, a membership or a person, and is kept for some days."""

    __tablename__ = "pool_change"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    # Grows with time: the number of the transaction on PostgreSQL, where lines become visible out of order; on
    # SQLite, where one writer comes after the other, the number of the line. See `webapp.engine.changes`.
    mark: Mapped[int] = mapped_column(BigInteger)
    programme_id: Mapped[uuid.UUID | None]
    membership_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_pool_change_mark", "mark"),)


# For each table: the columns whose change counts (none: all), and what a line holds of the row, by column of the line.
Lines = tuple[dict[str, str], ...]
_WATCHED: tuple[tuple[str, str, Lines], ...] = (
    ("person", "name, zone, minutes_cap", ({"person_id": "id"},)),
    ("profile", "", ({"person_id": "person_id"},)),
    ("availability_window", "", ({"person_id": "person_id"},)),
    ("trait", "", ({"person_id": "person_id"},)),
    (
        "membership",
        "person_id, programme_id, is_mentor, is_mentee, status, joined_at, priority, adult_confirmed_at",
        ({"membership_id": "id", "programme_id": "programme_id", "person_id": "person_id"},),
    ),
    ("mentor_offer", "", ({"membership_id": "membership_id"},)),
    ("mentee_request", "", ({"membership_id": "membership_id"},)),
    *(
        (table, "", ({"membership_id": "mentor_id"}, {"membership_id": "mentee_id"}))
        for table in ("interest", "exclusion", "offer", "mentorship")
    ),
    ("programme", "", ({"programme_id": "id"},)),
)


def watching(dialect: str) -> list[str]:
    """Return the statements that set up the triggers, in the words of one dialect.

    A row that moved to another owner is noted under both.
    """
    return [
        statement
        for table, columns, lines in _WATCHED
        for statement in (_on_sqlite if dialect == "sqlite" else _on_postgresql)(table, columns, lines)
    ]


def _on_sqlite(table: str, columns: str, lines: Lines) -> list[str]:
    values = ("(SELECT coalesce(max(id), 0) + 1 FROM pool_change)", "strftime('%Y-%m-%d %H:%M:%f000', 'now')")
    new, old = _insert("NEW", lines, *values), _insert("OLD", lines, *values)
    moved = _insert("OLD", lines, *values, where=_moved(lines))
    of = f" OF {columns}" if columns else ""
    return [
        f"CREATE TRIGGER note_{name}_{table} AFTER {what} ON {table} BEGIN {body} END"
        for name, what, body in (
            ("insert", "INSERT", new),
            ("update", f"UPDATE{of}", f"{new} {moved}"),
            ("delete", "DELETE", old),
        )
    ]


def _on_postgresql(table: str, columns: str, lines: Lines) -> list[str]:
    values = ("pg_current_xact_id()::text::bigint", "clock_timestamp()")
    new, old = _insert("NEW", lines, *values), _insert("OLD", lines, *values)
    of = f" OF {columns}" if columns else ""
    function = (
        f"CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'DELETE' THEN {new} END IF; "
        f"IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ({_moved(lines)})) THEN {old} END IF; "
        "RETURN NULL; END $$"
    )
    when = f"AFTER INSERT OR UPDATE{of} OR DELETE ON {table}"
    return [function, f"CREATE TRIGGER note_{table} {when} FOR EACH ROW EXECUTE FUNCTION note_{table}()"]


def _insert(row: str, lines: Lines, mark: str, moment: str, where: str = "true") -> str:
    return " ".join(
        f"INSERT INTO pool_change (mark, created_at, {', '.join(line)}) "
        f"SELECT {mark}, {moment}, {', '.join(f'{row}.{column}' for column in line.values())} WHERE {where};"
        for line in lines
    )


def _moved(lines: Lines) -> str:
    keys = dict.fromkeys(column for line in lines for column in line.values())
    return " OR ".join(f"OLD.{key} IS DISTINCT FROM NEW.{key}" for key in keys)


for _dialect in ("sqlite", "postgresql"):
    for _statement in watching(_dialect):
        _ddl = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(Base.metadata, "after_create", _ddl.execute_if(dialect=_dialect))
for _table, _columns, _lines in _WATCHED:
    _ddl = DDL(f"DROP FUNCTION IF EXISTS note_{_table}")  # type: ignore[no-untyped-call]
    event.listen(Base.metadata, "after_drop", _ddl.execute_if(dialect="postgresql"))
