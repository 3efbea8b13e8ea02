"""Accounts: signing up, confirming the address, signing in, forgotten and changed passwords.

Nobody learns from an answer whether an address has an account: known and unknown ones get the same page, after the
same work; what differs stands in the mail, which only the owner reads.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Config
from webapp.models import Person, Programme
from webapp.services import outbox, throttle, tokens
from webapp.services.errors import ConflictError, InvalidInputError
from webapp.services.logins import add_login, hash_token, remove_logins
from webapp.services.passwords import NO_PASSWORD, check_quality, hash_password, is_outdated, verify_password
from webapp.services.transaction import transaction

TAKEN = "person_email"  # in the name of the constraint, however the database writes it


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from: its address, its browser's name."""

    address: str
    agent: str = ""


@dataclass(frozen=True)
class SignInResult:
    """A token for the cookie; or, with the right password, that the address awaits its confirmation; or neither."""

    token: str | None = None
    unconfirmed: bool = False


def sign_up(
    session: Session,
    *,
    name: str,
    email: str,
    password: str,
    zone: str,
    next_path: str,
    visitor: Visitor,
    config: Config,
    now: datetime,
) -> None:
    """Make an account that awaits its confirmation, and write to the address, whatever is known of it."""
    check_quality(password, email=email, name=name)
    with transaction(session):
        throttle.count_try(session, throttle.mail_limits("signup", email, visitor.address, config), now=now)
    kept = session.scalar(select(Person.password_hash).where(Person.email == email))
    session.rollback()  # hashing takes its time; hold no transaction meanwhile
    if kept is None:
        person = Person(
            name=name,
            email=email,
            password_hash=hash_password(password, config),
            zone=zone if zone in available_timezones() else "UTC",
        )
        if _add_account(session, person, next_path, now):
            return
        # Somebody signed up with it a moment ago: the same form sent twice, or somebody else.
        kept = session.scalar(select(Person.password_hash).where(Person.email == email))
        session.rollback()
    knows_password = verify_password(kept, password, config)
    with transaction(session):
        _answer_known(session, email, knows_password, next_path, now)


def _add_account(session: Session, person: Person, next_path: str, now: datetime) -> bool:
    """Add an account and write to its address; False when the address has one already."""
    try:
        with transaction(session):
            session.add(person)
            session.flush()  # the link and the mail point to this row
            _write_link(session, person.id, "verify", purpose="verify", next_path=next_path, now=now)
    except ConflictError as error:
        if TAKEN not in error.what.replace(".", "_"):
            raise
        return False
    return True


def _answer_known(session: Session, email: str, knows_password: bool, next_path: str, now: datetime) -> None:
    person = session.scalars(select(Person).where(Person.email == email)).one()
    if person.email_verified_at is not None:
        _write(session, "already_here", person.id, {"next": next_path}, now)
    elif knows_password:
        _write_link(session, person.id, "verify", purpose="verify", next_path=next_path, now=now)
    else:
        # Somebody signed up with this address before and it was never confirmed. Whose password it has is unknown,
        # so confirming must not be enough: who holds the mailbox chooses a new one.
        # An account that a coordinator made for her has no password yet; the same way leads her to what is known.
        tokens.withdraw(session, person.id, "verify")
        _write_link(
            session,
            person.id,
            "first_password" if person.password_hash == NO_PASSWORD else "choose_password",
            purpose="reset",
            next_path=next_path,
            now=now,
            lifetime=timedelta(days=3),
        )


def holder_of_link(session: Session, secret: str, purpose: str, *, now: datetime) -> tuple[str, str] | None:
    """Return name and address of whom an unused link belongs to; looking does not use it."""
    person = tokens.holder_of(session, secret, purpose, now=now)
    return (person.name, person.email) if person else None


def confirm_address(session: Session, secret: str, *, visitor: Visitor, config: Config, now: datetime) -> str | None:
    """Use a confirmation link and sign its holder in; None when it is used or out of date."""
    with transaction(session):
        person_id = tokens.use(session, secret, "verify", now=now)
        if person_id is None:
            return None
        _mark_verified(session, person_id, now)
        return add_login(session, person_id, now=now, lifetime=config.login_lifetime, agent=visitor.agent)


def sign_in(
    session: Session,
    *,
    email: str,
    password: str,
    next_path: str,
    visitor: Visitor,
    config: Config,
    now: datetime,
) -> SignInResult:
    """Check a password and begin a signed-in browser.

    Raises
    ------
    ThrottledError
        Too many failed tries, for this account or from this address.

    """
    limits = throttle.login_limits(email, visitor.address, config)
    with transaction(session):
        throttle.count_try(session, limits, now=now)
    person = session.execute(
        select(Person.id, Person.password_hash, Person.email_verified_at).where(Person.email == email)
    ).one_or_none()
    session.rollback()  # hashing takes its time; hold no transaction meanwhile
    if not verify_password(person.password_hash if person else None, password, config) or person is None:
        return SignInResult()
    if person.email_verified_at is None:
        mails = throttle.mail_limits("verify", email, visitor.address, config)
        with transaction(session):
            throttle.forgive(session, limits, now=now)
            throttle.count_try(session, mails, now=now)
            _write_link(session, person.id, "verify", purpose="verify", next_path=next_path, now=now)
        return SignInResult(unconfirmed=True)
    fresh = hash_password(password, config) if is_outdated(person.password_hash, config) else person.password_hash
    with transaction(session):
        # Only if the password was not changed while it was being checked.
        unchanged = session.scalar(
            update(Person)
            .where(Person.id == person.id, Person.password_hash == person.password_hash)
            .values(password_hash=fresh)
            .returning(Person.id)
        )
        if unchanged is None:
            return SignInResult()
        throttle.forgive(session, limits, now=now)
        token = add_login(session, person.id, now=now, lifetime=config.login_lifetime, agent=visitor.agent)
    return SignInResult(token=token)


def ask_reset(session: Session, *, email: str, next_path: str, visitor: Visitor, config: Config, now: datetime) -> None:
    """Send a link for a new password, if the address has an account."""
    with transaction(session):
        throttle.count_try(session, throttle.mail_limits("reset", email, visitor.address, config), now=now)
        person_id = session.scalar(select(Person.id).where(Person.email == email))
        if person_id is not None:
            _write_link(session, person_id, "reset", purpose="reset", next_path=next_path, now=now)


def set_password(
    session: Session, secret: str, purpose: str, *, password: str, visitor: Visitor, config: Config, now: datetime
) -> str | None:
    """Use a link to set a password; ends all signed-in browsers and begins one. None when the link is worthless."""
    person = tokens.holder_of(session, secret, purpose, now=now)
    if person is None:
        return None
    check_quality(password, email=person.email, name=person.name)
    email = person.email
    session.rollback()
    fresh = hash_password(password, config)
    with transaction(session):
        person_id = tokens.use(session, secret, purpose, now=now)
        if person_id is None:
            return None
        session.execute(update(Person).where(Person.id == person_id).values(password_hash=fresh))
        _mark_verified(session, person_id, now)  # the link came through the mailbox
        tokens.withdraw(session, person_id, "reset", "operator", "verify")
        remove_logins(session, person_id, keep=None)
        throttle.forgive(session, throttle.login_limits(email, visitor.address, config), now=now)
        _write(session, "password_changed", person_id, {}, now)
        return add_login(session, person_id, now=now, lifetime=config.login_lifetime, agent=visitor.agent)


def change_password(
    session: Session,
    person_id: uuid.UUID,
    *,
    old: str,
    new: str,
    keep: str,
    visitor: Visitor,
    config: Config,
    now: datetime,
) -> None:
    """Change a password; ends all other signed-in browsers. `keep` is the token of this one."""
    person = session.execute(
        select(Person.email, Person.name, Person.password_hash).where(Person.id == person_id)
    ).one()
    limits = throttle.login_limits(person.email, visitor.address, config)
    with transaction(session):
        throttle.count_try(session, limits, now=now)
    if not verify_password(person.password_hash, old, config):
        raise InvalidInputError({"old": "wrong"})
    check_quality(new, email=person.email, name=person.name)
    fresh = hash_password(new, config)
    with transaction(session):
        changed = session.scalar(
            update(Person)
            .where(Person.id == person_id, Person.password_hash == person.password_hash)
            .values(password_hash=fresh)
            .returning(Person.id)
        )
        if changed is None:
            raise InvalidInputError({"old": "wrong"})
        throttle.forgive(session, limits, now=now)
        tokens.withdraw(session, person_id, "reset")
        remove_logins(session, person_id, keep=keep)
        _write(session, "password_changed", person_id, {}, now)


def create_operator(session: Session, *, email: str, name: str, now: datetime) -> str:
    """Make this person an operator, with or without an account so far; returns the secret of a one-time link."""
    with transaction(session):
        person = session.scalars(select(Person).where(Person.email == email)).one_or_none()
        if person is None:
            person = Person(email=email, name=name, password_hash=NO_PASSWORD)
            session.add(person)
        person.is_operator = True
        session.flush()  # the link points to this row
        return tokens.issue(session, person.id, "operator", now=now)


def programme_name(session: Session, slug: str) -> str | None:
    """Return the name of the programme that somebody is about to join."""
    return session.scalar(select(Programme.name).where(Programme.slug == slug))


def _mark_verified(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    session.execute(
        update(Person).where(Person.id == person_id, Person.email_verified_at.is_(None)).values(email_verified_at=now)
    )


def _write_link(
    session: Session,
    person_id: uuid.UUID,
    template: str,
    *,
    purpose: str,
    next_path: str,
    now: datetime,
    lifetime: timedelta | None = None,
) -> None:
    secret = tokens.issue(session, person_id, purpose, now=now, lifetime=lifetime)
    params = {"token": secret, "next": next_path}
    key = f"{template}:{hash_token(secret)[:32]}"
    outbox.write(session, template=template, person_id=person_id, params=params, unique_key=key)


def _write(session: Session, template: str, person_id: uuid.UUID, params: dict[str, Any], now: datetime) -> None:
    key = f"{template}:{person_id}:{now.isoformat()}"
    outbox.write(session, template=template, person_id=person_id, params=params, unique_key=key)
