"""Mail that waits to be sent: written with the change it tells of, claimed by a worker, sent once.

A row holds a template's name, ids and perhaps a one-time link, never text. Whoever sends claims it for a while
(a lease); a worker that dies leaves a lease that runs out, and the next one takes over. The Message-ID comes from
the row, so that a mail sent twice by such an accident is shown once.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person, utc_now
from webapp.services.transaction import transaction

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12  # with the waits below nearly a day
LONGEST_WAIT = timedelta(hours=4)


@dataclass(frozen=True)
class Claimed:
    """A mail to send now, in values only."""

    id: uuid.UUID
    template: str
    params: Mapping[str, Any]
    attempts: int
    lease_until: datetime
    person_id: uuid.UUID
    name: str
    email: str
    zone: str
    language: str


@dataclass(frozen=True)
class Letter:
    """A mail to be written down: what `write` takes."""

    template: str
    person_id: uuid.UUID
    params: Mapping[str, Any]
    unique_key: str
    not_before: datetime | None = None
    created_at: datetime = field(default_factory=utc_now)


def write(
    session: Session,
    *,
    template: str,
    person_id: uuid.UUID,
    params: Mapping[str, Any],
    unique_key: str,
    not_before: datetime | None = None,
) -> None:
    """Add a mail inside the caller's transaction; a second one under the same key is left out.

    Parameters whose names end in `_id` stay with the row; all others (one-time links among them) are wiped once
    the mail is out.
    """
    write_all(session, [Letter(template, person_id, params, unique_key, not_before)])


def write_all(session: Session, letters: Iterable[Letter]) -> None:
    """Do as `write` does for many at once."""
    rows = [{**vars(letter), "params": dict(letter.params)} for letter in letters]
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(OutboxMessage).on_conflict_do_nothing(index_elements=["unique_key"])
    session.execute(insert, rows)


def claim(session: Session, *, now: datetime, most: int = 10) -> list[Claimed]:
    """Take the oldest mails that are due, for the length of a lease."""
    due = and_(
        OutboxMessage.state == "waiting",
        or_(OutboxMessage.not_before.is_(None), OutboxMessage.not_before <= now),
    )
    left = and_(OutboxMessage.state == "sending", OutboxMessage.lease_until < now)
    with transaction(session):
        rows = session.execute(
            select(OutboxMessage, Person)
            .join(Person, Person.id == OutboxMessage.person_id)
            .where(or_(due, left))
            .order_by(OutboxMessage.created_at, OutboxMessage.id)
            .limit(most)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        ).all()
        for message, _person in rows:
            message.state = "sending"
            message.attempts += 1
            message.lease_until = now + LEASE
        return [_claimed(message, person, now + LEASE) for message, person in rows]


def mark_sent(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """Note that a mail is out, and forget the one-time links in it."""
    with transaction(session):
        message = _still_ours(session, claimed)
        if message is not None:
            message.state, message.sent_at, message.error = "sent", now, ""
            message.lease_until = None
            message.params = _without_secrets(message.params)


def mark_failed(session: Session, claimed: Claimed, reason: str, *, now: datetime, for_good: bool = False) -> None:
    """Note why a mail did not go out; it is tried again later and later, and given up after the last try.

    `for_good`: the server said that this address will never take it, so it is given up at once.
    """
    with transaction(session):
        message = _still_ours(session, claimed)
        if message is None:
            return
        message.error = reason[:300]
        message.lease_until = None
        if for_good or message.attempts >= MOST_ATTEMPTS:
            message.state = "failed"
            message.params = _without_secrets(message.params)
        else:
            message.state = "waiting"
            message.not_before = now + min(timedelta(minutes=2**message.attempts), LONGEST_WAIT)


def is_still_there(session: Session, claimed: Claimed) -> bool:
    """Whether the row of a claimed mail stands: it goes when the account of its reader is deleted."""
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.id == claimed.id)) is not None


def _still_ours(session: Session, claimed: Claimed) -> OutboxMessage | None:
    """Return the row unless its lease ran out and another worker has it now."""
    return session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.id == claimed.id,
            OutboxMessage.state == "sending",
            OutboxMessage.attempts == claimed.attempts,
        )
        .with_for_update()
    ).one_or_none()


def _without_secrets(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name.endswith("_id")}


def _claimed(message: OutboxMessage, person: Person, lease_until: datetime) -> Claimed:
    return Claimed(
        id=message.id,
        template=message.template,
        params=dict(message.params),
        attempts=message.attempts,
        lease_until=lease_until,
        person_id=person.id,
        name=person.name,
        email=person.email,
        zone=person.zone,
        language=person.language,
    )
