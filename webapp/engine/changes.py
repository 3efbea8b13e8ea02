"""What changed in a programme since its people were last read: from the lines that the database's triggers write."""

import uuid
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from webapp.models import Membership, PoolChange

MOST = 2000
"""So many lines are looked at; beyond them it is only known that much changed."""


@dataclass(frozen=True)
class Changes:
    """Whose rows changed, by membership; `settings` whether the programme's did; `many` that not all were looked at."""

    members: frozenset[uuid.UUID]
    settings: bool = False
    many: bool = False

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.members) or self.settings or self.many


def mark_of(session: Session) -> int:
    """Return the mark below which every change is in what is read from now on.

    PostgreSQL shows lines in the order of commits, not of their ids: the mark is the oldest transaction still open.
    On SQLite one writer comes after the other, and the ids are in order.
    """
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")) or 0)
    return int(session.scalar(select(func.coalesce(func.max(PoolChange.id), 0) + 1)) or 0)


def changes_since(session: Session, programme_id: uuid.UUID, mark: int, *, now: int | None = None) -> Changes:
    """Return what changed in a programme at or after a mark; `now` is the mark of today, where it is known.

    A mark from the future comes from a database that was restored elsewhere: all that is known then is that much may
    have changed.
    """
    lines = session.execute(
        select(PoolChange.programme_id, PoolChange.membership_id, PoolChange.person_id)
        .where(PoolChange.mark >= mark)
        .limit(MOST + 1)
    ).all()
    if not lines:
        return Changes(frozenset(), many=mark > (mark_of(session) if now is None else now))
    if len(lines) > MOST:
        return Changes(frozenset(), many=True)
    # A membership that is gone is known by its line alone.
    gone = {member for programme, member, _person in lines if programme == programme_id and member is not None}
    touched = or_(
        Membership.id.in_({member for _programme, member, _person in lines if member is not None}),
        Membership.person_id.in_({person for _programme, _member, person in lines if person is not None}),
    )
    here = session.scalars(select(Membership.id).where(and_(Membership.programme_id == programme_id, touched)))
    settings = any(programme == programme_id and member is None for programme, member, _person in lines)
    return Changes(frozenset(gone | set(here)), settings)
