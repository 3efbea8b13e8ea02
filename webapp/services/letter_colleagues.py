"""Whom a mentor may suggest in her own place."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Membership, Message, Person
from webapp.services.letter_reach import colleagues_of

MOST = 500


@dataclass(frozen=True)
class Colleague:
    id: uuid.UUID
    name: str


def list_colleagues(session: Session, letter: Message, *, now: datetime) -> list[Colleague]:
    """Return the mentors who take letters and may be suggested to this mentee, by name. One query."""
    today = now.astimezone(ZoneInfo(letter.mentor.programme.zone)).date()
    rows = session.execute(
        select(Membership.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id.in_(colleagues_of(letter.mentor, letter.mentee, today)))
        .order_by(func.lower(Person.name), Membership.id)
        .limit(MOST)
    )
    return [Colleague(row.id, row.name) for row in rows]
