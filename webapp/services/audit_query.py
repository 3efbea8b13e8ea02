"""Which lines of the audit log are meant."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_

from webapp.models import AuditEvent


@dataclass(frozen=True)
class AuditQuery:
    """What was asked for in the address; `kind` is what an action begins with, `about` a kind of thing and its id."""

    person_id: uuid.UUID | None = None
    kind: str = ""
    since: datetime | None = None
    before: datetime | None = None
    about: str = ""
    page: int = 1


def audit_conditions(programme_id: uuid.UUID, query: AuditQuery) -> list[ColumnElement[bool]]:
    chosen = [AuditEvent.programme_id == programme_id]
    if query.person_id:
        chosen.append(AuditEvent.by_person_id == query.person_id)
    if query.kind:
        chosen.append(AuditEvent.action.startswith(f"{query.kind}.", autoescape=True))
    if query.since:
        chosen.append(AuditEvent.created_at >= query.since)
    if query.before:
        chosen.append(AuditEvent.created_at < query.before)
    if query.about:
        chosen.append(or_(AuditEvent.subject == query.about, AuditEvent.subject == query.about.replace(":", " ", 1)))
    return chosen
