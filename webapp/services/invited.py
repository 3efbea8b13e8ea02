"""What the holder of a personal link may do: see who invites her, accept, or say no.

The link proves that she reads the mailbox. While the account was never confirmed it lets her choose the password;
afterwards it only leads to the sign-in, so that an old mail is no way into an account.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Config
from webapp.models import AuditEvent, Membership, Person, Programme
from webapp.services import tokens
from webapp.services.accounts import Visitor
from webapp.services.errors import NotFoundError
from webapp.services.invitations import OPEN
from webapp.services.logins import add_login
from webapp.services.passwords import check_quality, hash_password
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class Invitation:
    """Who is invited to what."""

    person_id: uuid.UUID
    name: str
    email: str
    is_confirmed: bool  # her account: then she signs in instead of choosing a password
    slug: str
    programme: str
    summary: str
    contact: str
    note: str
    status: str
    is_mentor: bool
    is_mentee: bool

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def read_invitation(session: Session, slug: str, secret: str, *, now: datetime) -> Invitation | None:
    """Return what this link invites to; looking uses nothing up. None when the link is unknown or out of date."""
    found = _find(session, slug, secret, now)
    if found is None:
        return None
    membership, person, programme = found
    return Invitation(
        person_id=person.id,
        name=person.name,
        email=person.email,
        is_confirmed=person.email_verified_at is not None,
        slug=programme.slug,
        programme=programme.name,
        summary=programme.summary,
        contact=programme.contact,
        note=programme.invitation_note,
        status=membership.status,
        is_mentor=membership.is_mentor,
        is_mentee=membership.is_mentee,
    )


def accept_with_password(
    session: Session,
    slug: str,
    secret: str,
    *,
    name: str,
    password: str,
    zone: str,
    visitor: Visitor,
    config: Config,
    now: datetime,
) -> str | None:
    """Give the invited account its first password, confirm its address by the link, and sign its holder in.

    None when the link is worthless or the account was confirmed before: then only its password leads in.
    """
    found = _find(session, slug, secret, now)
    if found is None:
        return None
    check_quality(password, email=found[1].email, name=name)
    session.rollback()  # hashing takes its time; hold no transaction meanwhile
    fresh = hash_password(password, config)
    with transaction(session):
        found = _find(session, slug, secret, now, lock=True)
        if found is None:
            return None
        membership, person, programme = found
        values = {"name": name, "password_hash": fresh, "email_verified_at": now}
        if person.zone == "UTC" and zone in available_timezones():
            values["zone"] = zone  # nobody has said where she lives; her browser does
        # One conditional UPDATE: of two that come at once, the second finds the account confirmed.
        changed = session.scalar(
            update(Person)
            .where(Person.id == person.id, Person.email_verified_at.is_(None))
            .values(**values)
            .returning(Person.id)
        )
        if changed is None:
            return None
        tokens.withdraw(session, person.id, "verify", "reset")
        _begin(session, membership, programme.id, now)
        return add_login(session, person.id, now=now, lifetime=config.login_lifetime, agent=visitor.agent)


def accept_signed_in(session: Session, slug: str, secret: str, *, person_id: uuid.UUID, now: datetime) -> None:
    """Begin to join with the account that the link belongs to.

    Raises
    ------
    NotFoundError
        The link is worthless, or it is somebody else's.

    """
    with transaction(session):
        found = _find(session, slug, secret, now, lock=True)
        if found is None or found[1].id != person_id:
            raise NotFoundError("invitation")
        _begin(session, found[0], found[2].id, now)


def decline(session: Session, slug: str, secret: str, *, now: datetime) -> bool:
    """Say no thank you: no further mail comes. False when she takes part already, or the link is worthless."""
    with transaction(session):
        found = _find(session, slug, secret, now, lock=True)
        if found is None:
            return False
        membership, _person, programme = found
        if membership.status == "left":
            return True
        if membership.status not in OPEN or membership.is_coordinator:
            return False
        membership.status, membership.asked_at = "left", None
        _note(session, membership, programme.id, "membership.declined", now)
        return True


def _find(
    session: Session, slug: str, secret: str, now: datetime, *, lock: bool = False
) -> tuple[Membership, Person, Programme] | None:
    person = tokens.holder_of(session, secret, "invitation", now=now)
    if person is None:
        return None
    query = (
        select(Membership, Programme)
        .join(Programme, Programme.id == Membership.programme_id)
        .where(Programme.slug == slug, Membership.person_id == person.id)
        .execution_options(populate_existing=True)
    )
    query = query.with_for_update(of=Membership, key_share=True) if lock else query
    row = session.execute(query).one_or_none()
    return (row[0], person, row[1]) if row else None


def _begin(session: Session, membership: Membership, programme_id: uuid.UUID, now: datetime) -> None:
    """Let joining begin; in a pool she is only once she has checked her answers and agreed to the terms."""
    if membership.status in {"invited", "left"}:
        membership.status, membership.joined_at = "pending", None
        _note(session, membership, programme_id, "membership.begun", now)


def _note(session: Session, membership: Membership, programme_id: uuid.UUID, action: str, now: datetime) -> None:
    session.add(
        AuditEvent(
            by_person_id=membership.person_id,
            programme_id=programme_id,
            action=action,
            subject=f"membership {membership.id}",
            created_at=now,
        )
    )
