"""What all tables share: names of constraints, aware instants, ids."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import DDL, DateTime, Dialect, FromClause, MetaData, String, TypeDecorator, Uuid, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC; a naive value is refused rather than guessed at."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class GoneZone(str):
    """UTC, in place of a zone that the zone data have dropped; whoever chose it is asked to choose again."""

    __slots__ = ()


class ZoneName(TypeDecorator[str]):
    """The name of a time zone. One that the zone data have dropped stays in its row and reads as UTC: pages open."""

    impl = String(64)
    cache_ok = True

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return value if value is None or is_zone(value) else GoneZone("UTC")

    def compare_values(self, x: Any, y: Any) -> bool:
        """Say whether two names are one; UTC that somebody chose is written over what only reads so."""
        return bool(x == y) and isinstance(x, GoneZone) == isinstance(y, GoneZone)


@cache
def is_zone(name: str) -> bool:
    """Whether the zone data know the name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def utc_now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, uuid.UUID: Uuid()}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute


class Row:
    """An id that may stand in a URL, and when the row came to be."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


def guard(table: FromClause, statements: Iterable[tuple[str, str, str]]) -> None:
    """Let statements run when a table was made or dropped: when, the statement, and on which database."""
    for when, statement, dialect in statements:
        ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(table, when, ddl.execute_if(dialect=dialect))
