"""When reminders about offers go out by themselves, and to whom one went lately."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage
from webapp.services.outbox import Letter

NUDGES = (6, 3)  # days after publishing, the later first
TEMPLATE = "offer_nudge"
QUIET = timedelta(days=1)  # nobody is reminded of a round twice within it


def next_nudge(made_at: datetime, deadline_at: datetime, now: datetime) -> datetime | None:
    """Return when the next reminder about an open offer goes out by itself; None when there is none any more."""
    due = (made_at + timedelta(days=days) for days in reversed(NUDGES))
    return next((moment for moment in due if now < moment < deadline_at), None)


def nudge_letter(
    which: str, round_id: uuid.UUID | None, moment: datetime, person_id: uuid.UUID, *, offers: list[str], now: datetime
) -> Letter:
    """Return a reminder; which of the round it is, and a moment, see to it that none is written twice."""
    key = f"{TEMPLATE}:{which}:{round_id}:{moment:%Y%m%d%H%M%S}:{person_id}"
    return Letter(TEMPLATE, person_id, {"offers": offers}, key, created_at=now)


def lately_nudged(session: Session, round_id: uuid.UUID | None, *, now: datetime) -> set[uuid.UUID]:
    """Return the people who were reminded of this round, or of offers outside any, within the last day."""
    rows = session.scalars(
        select(OutboxMessage.person_id).where(
            OutboxMessage.template == TEMPLATE,
            OutboxMessage.created_at > now - QUIET,
            OutboxMessage.unique_key.contains(f":{round_id}:", autoescape=True),
        )
    )
    return set(rows)
