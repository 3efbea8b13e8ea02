"""Mail that waits to be sent: written with the change it tells of, claimed by a worker, sent once.

A row holds a template's name, ids and perhaps a one-time link, never text. Whoever sends claims it for a while
(a lease); a worker that dies leaves a lease that runs out, and the next one takes over. The Message-ID comes from
the row, so that a mail sent twice by such an accident is shown once.

A row in the state `sending` with `sent_at` set is on its way: handed over, and not yet known to have arrived. Whoever
deletes her account calls back all mails that are being written (`recall`), so that none leaves with her name in it.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person, utc_now
from webapp.models.base import GoneZone
from webapp.services.errors import ConflictError
from webapp.services.transaction import transaction

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12  # with the waits below nearly a day
LONGEST_WAIT = timedelta(hours=4)
CLAIMS = 7_205_113  # PostgreSQL's number for the lock between claiming mails and calling them back


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
    zone_is_gone: bool = False  # the one she chose is in no zone data any more, and times are by UTC


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
        # Shared among workers: they only wait for somebody who is deleting her account (`recall`).
        _lock_claims(session, func.pg_advisory_xact_lock_shared)
        found = session.execute(
            select(OutboxMessage, Person)
            .join(Person, Person.id == OutboxMessage.person_id)
            .where(or_(due, left))
            .order_by(OutboxMessage.created_at, OutboxMessage.id)
            .limit(most)
            .with_for_update(skip_locked=True, of=OutboxMessage)
        ).all()
        rows = []
        for message, person in found:
            if person.deleted_at is not None:  # written while her account was being deleted
                session.delete(message)
                continue
            message.state, message.sent_at = "sending", None
            message.attempts += 1
            message.lease_until = now + LEASE
            rows.append((message, person))
        return [_claimed(message, person, now + LEASE) for message, person in rows]


def hand_over(session: Session, claimed: Claimed, *, now: datetime) -> bool:
    """Note that a mail goes out now; False where it must not: its row has gone, or was called back."""
    with transaction(session):
        message = _still_ours(session, claimed)
        if message is not None:
            message.sent_at, message.lease_until = now, now + LEASE
        return message is not None


def mark_sent(session: Session, claimed: Claimed, *, now: datetime) -> bool:
    """Note that a mail is out, and forget the one-time links in it.

    False, and nothing is noted, where somebody whom it may name deleted her account while it was on its way.
    """
    with transaction(session):
        message = _still_ours(session, claimed)
        if message is None or message.sent_at is None:
            return False
        _close(message, now)
        return True


def mark_done(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """Note that nothing more is to be done about a mail: it was not due any more, or cannot be taken back."""
    with transaction(session):
        message = _still_ours(session, claimed)
        if message is not None:
            _close(message, now)


def put_back(session: Session, claimed: Claimed) -> None:
    """Let a mail that was taken back be written again, as things are now."""
    with transaction(session):
        message = _still_ours(session, claimed)
        if message is not None:
            message.state, message.lease_until = "waiting", None


def mark_failed(session: Session, claimed: Claimed, reason: str, *, now: datetime, for_good: bool = False) -> None:
    """Note why a mail did not go out; it is tried again later and later, and given up after the last try.

    `for_good`: the server said that this address will never take it, so it is given up at once.
    """
    with transaction(session):
        message = _still_ours(session, claimed)
        if message is None:
            return
        message.error = reason[:300]
        message.lease_until = message.sent_at = None
        if for_good or message.attempts >= MOST_ATTEMPTS:
            message.state = "failed"
            message.params = _without_secrets(message.params)
        else:
            message.state = "waiting"
            message.not_before = now + min(timedelta(minutes=2**message.attempts), LONGEST_WAIT)


def recall(session: Session, person_id: uuid.UUID, *, now: datetime) -> None:
    """Call back every mail that is being written: it may name this person, who is being deleted.

    Inside the deletion's transaction, after all other locks of rows that a sender takes. What has not been handed over
    is written again; what has been is looked at again by its sender once it is out (`mark_sent`).

    Raises
    ------
    ConflictError
        A mail to herself is on its way at this moment.

    """
    # A claim that is not committed yet could not be seen below, and its mail would be written from what stands now.
    _lock_claims(session, func.pg_advisory_xact_lock)
    claimed = select(OutboxMessage).where(OutboxMessage.state == "sending").order_by(OutboxMessage.id)
    for message in session.scalars(claimed.with_for_update().execution_options(populate_existing=True)):
        is_out = message.sent_at is not None
        if is_out and message.person_id == person_id and message.lease_until is not None and now < message.lease_until:
            raise ConflictError("mail_on_its_way")
        message.sent_at = None
        if not is_out:
            message.state, message.lease_until = "waiting", None


def _lock_claims(session: Session, lock: Any) -> None:
    """Wait for claims or for a deletion; SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(lock(CLAIMS)))


def _close(message: OutboxMessage, now: datetime) -> None:
    message.state, message.sent_at, message.error = "sent", now, ""
    message.lease_until = None
    message.params = _without_secrets(message.params)


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
        zone_is_gone=isinstance(person.zone, GoneZone),
    )
