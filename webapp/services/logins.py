"""Signed-in browsers: started, found again by their cookie, ended."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session, contains_eager

from webapp.engine.words import Words
from webapp.models import LoginSession, Membership, Person
from webapp.services.transaction import transaction

SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Belonging:
    """One membership, as every page needs it for its navigation and access."""

    membership_id: uuid.UUID
    programme_id: uuid.UUID
    slug: str
    programme: str
    is_mentor: bool
    is_mentee: bool
    is_coordinator: bool
    status: str
    waits: bool = False  # for a coordinator's yes
    words: Words = field(default_factory=Words)


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in: values only, so that no page reaches a row through it."""

    token: str
    session_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    email: str
    zone: str
    language: str
    theme: str
    is_operator: bool
    is_verified: bool
    belongings: tuple[Belonging, ...]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    def belonging(self, slug: str) -> Belonging | None:
        return next((b for b in self.belongings if b.slug == slug), None)


def hash_token(token: str) -> str:
    """Return the hash under which a random token is kept; random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_login(session: Session, person_id: uuid.UUID, *, now: datetime, lifetime: timedelta, agent: str) -> str:
    """Begin a signed-in browser inside the caller's transaction, and drop those that ran out."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(LoginSession).where(LoginSession.person_id == person_id, LoginSession.expires_at <= now))
    session.add(
        LoginSession(
            person_id=person_id,
            token_hash=hash_token(token),
            seen_at=now,
            expires_at=now + lifetime,
            agent=agent[:200],
        )
    )
    return token


def find_login(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Return who holds this token, or None when it is unknown, ended or out of date.

    One query; once an hour a second that notes when this browser was last here.
    """
    rows = session.execute(
        select(LoginSession, Person, Membership)
        .join(Person, Person.id == LoginSession.person_id)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.status != "left"))
        .outerjoin(Membership.programme)
        .options(contains_eager(Membership.programme))
        .where(LoginSession.token_hash == hash_token(token), LoginSession.expires_at > now)
        .order_by(Membership.created_at)
    ).all()
    if not rows:
        return None
    login, person, _first = rows[0]
    memberships = [row[2] for row in rows if row[2] is not None]
    signed_in = SignedIn(
        token=token,
        session_id=login.id,
        person_id=person.id,
        name=person.name,
        email=person.email,
        zone=person.zone,
        language=person.language,
        theme=person.theme,
        is_operator=person.is_operator,
        is_verified=person.email_verified_at is not None,
        belongings=tuple(
            Belonging(
                membership_id=m.id,
                programme_id=m.programme_id,
                slug=m.programme.slug,
                programme=m.programme.name,
                is_mentor=m.is_mentor,
                is_mentee=m.is_mentee,
                is_coordinator=m.is_coordinator,
                status=m.status,
                waits=m.status == "pending" and m.asked_at is not None,
                words=Words.read(m.programme.vocabulary),
            )
            for m in memberships
        ),
    )
    if now - login.seen_at > SEEN_EVERY:
        _note_seen(session, login.id, now)
    return signed_in


def _note_seen(session: Session, login_id: uuid.UUID, now: datetime) -> None:
    with transaction(session):
        session.execute(
            update(LoginSession)
            .where(LoginSession.id == login_id, LoginSession.seen_at <= now - SEEN_EVERY)
            .values(seen_at=now)
        )


def end_login(session: Session, token: str) -> None:
    """End one signed-in browser."""
    with transaction(session):
        session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_token(token)))


def end_other_logins(session: Session, person_id: uuid.UUID, *, keep: str | None) -> None:
    """End all of a person's browsers, but for the one that holds the token `keep`."""
    with transaction(session):
        remove_logins(session, person_id, keep=keep)


def remove_logins(session: Session, person_id: uuid.UUID, *, keep: str | None) -> None:
    """Do as `end_other_logins` does, inside the caller's transaction."""
    query = delete(LoginSession).where(LoginSession.person_id == person_id)
    if keep is not None:
        query = query.where(LoginSession.token_hash != hash_token(keep))
    session.execute(query)


@dataclass(frozen=True)
class Browser:
    """A signed-in browser in its owner's list."""

    agent: str
    since: datetime
    seen_at: datetime
    is_this: bool


def list_logins(session: Session, person_id: uuid.UUID, *, this: str, now: datetime) -> list[Browser]:
    """Return a person's signed-in browsers: this one first, then the latest seen."""
    rows = session.scalars(
        select(LoginSession)
        .where(LoginSession.person_id == person_id, LoginSession.expires_at > now)
        .order_by(LoginSession.seen_at.desc())
    )
    own = hash_token(this)
    browsers = [Browser(row.agent, row.created_at, row.seen_at, row.token_hash == own) for row in rows]
    return sorted(browsers, key=lambda browser: not browser.is_this)
