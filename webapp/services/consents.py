"""What somebody decided about her data, line by line."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Consent, Programme


@dataclass(frozen=True)
class ConsentLine:
    at: datetime
    kind: str
    subject: str
    value: str
    programme: str


def list_consents(session: Session, person_id: uuid.UUID, *, most: int = 200) -> list[ConsentLine]:
    """Return what a person decided, the latest first. One query."""
    rows = session.execute(
        select(Consent.created_at, Consent.kind, Consent.subject, Consent.value, Programme.name)
        .outerjoin(Programme, Programme.id == Consent.programme_id)
        .where(Consent.person_id == person_id)
        .order_by(Consent.created_at.desc(), Consent.id)
        .limit(most)
    )
    return [ConsentLine(at, kind, subject, value, programme or "") for at, kind, subject, value, programme in rows]


def note_consent(
    session: Session,
    person_id: uuid.UUID,
    kind: str,
    subject: str = "",
    *,
    value: object = "",
    programme_id: uuid.UUID | None = None,
    now: datetime,
) -> None:
    """Add a line, inside the caller's transaction."""
    session.add(
        Consent(
            person_id=person_id,
            programme_id=programme_id,
            kind=kind,
            subject=subject,
            value=str(value),
            created_at=now,
        )
    )
