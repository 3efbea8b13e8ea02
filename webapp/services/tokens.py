"""One-time links. The row keeps a hash, so that whoever reads the database can follow none of them.

All functions here work inside the caller's transaction.
"""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from webapp.models import Person, Token
from webapp.services.logins import hash_token

LIFETIMES = {
    "verify": timedelta(days=3),
    "reset": timedelta(hours=1),
    "operator": timedelta(days=1),
    # A mail that invites lies for weeks. It gives no way into an account that is confirmed.
    "invitation": timedelta(days=60),
}
KEPT = timedelta(days=7)  # how long a link out of date is remembered


def issue(
    session: Session, person_id: uuid.UUID, purpose: str, *, now: datetime, lifetime: timedelta | None = None
) -> str:
    """Add a link for this person and return its secret part."""
    secret = secrets.token_urlsafe(32)
    session.execute(delete(Token).where(Token.expires_at < now - KEPT))
    session.add(
        Token(
            person_id=person_id,
            purpose=purpose,
            token_hash=hash_token(secret),
            expires_at=now + (lifetime or LIFETIMES[purpose]),
        )
    )
    return secret


def issue_many(
    session: Session, person_ids: Iterable[uuid.UUID], purpose: str, *, now: datetime
) -> dict[uuid.UUID, str]:
    """Add a link for each of these people, in one statement, and return their secret parts."""
    made = {person_id: secrets.token_urlsafe(32) for person_id in person_ids}
    session.execute(delete(Token).where(Token.expires_at < now - KEPT))
    expires = now + LIFETIMES[purpose]
    rows = [
        {"person_id": person_id, "purpose": purpose, "token_hash": hash_token(secret), "expires_at": expires}
        for person_id, secret in made.items()
    ]
    if rows:
        session.execute(insert(Token), rows)
    return made


def holder_of(session: Session, secret: str, purpose: str, *, now: datetime) -> Person | None:
    """Return whom an unused link belongs to; this does not use it."""
    return session.scalars(
        select(Person)
        .join(Token, Token.person_id == Person.id)
        .where(
            Token.token_hash == hash_token(secret),
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
    ).one_or_none()


def use(session: Session, secret: str, purpose: str, *, now: datetime) -> uuid.UUID | None:
    """Use up a link and return its holder; None when it is unknown, used or out of date.

    One conditional UPDATE: of two that come at once, the second finds it used.
    """
    return session.scalars(
        update(Token)
        .where(
            Token.token_hash == hash_token(secret),
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > now,
        )
        .values(used_at=now)
        .returning(Token.person_id)
    ).one_or_none()


def withdraw(session: Session, person_id: uuid.UUID, *purposes: str) -> None:
    """Make a person's unused links of these kinds worthless."""
    session.execute(
        delete(Token).where(Token.person_id == person_id, Token.purpose.in_(purposes), Token.used_at.is_(None))
    )
