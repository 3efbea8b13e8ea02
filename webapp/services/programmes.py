"""Programmes: made from sensible defaults, given to another coordinator."""

import re
import unicodedata
import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.settings import CRITERIA
from webapp.models import AuditEvent, Membership, Person, Programme, ProgrammeTerms
from webapp.services.errors import InvalidInputError
from webapp.services.students import NEEDS_APPROVAL
from webapp.services.transaction import transaction

RESERVED_SLUGS = frozenset({"new", "people", "rounds", "pool", "pairs", "settings", "static"})
DEFAULT_TERMS = (
    "I answer offers within their time, or say that I am not free.\n"
    "What we talk about stays between the two of us.\n"
    "Either of us may end the pair, without blame.\n"
    "The coordinator sees my answers in order to find pairs and to help, and does not see what we write to each other."
)
DEFAULT_SUMMARY = "Mentors and mentees meet about once a month, for an hour, over a year."


def suggest_slug(name: str) -> str:
    """Return the name as it may stand in an address.

    >>> suggest_slug("Chirurginnen fördern – Norden 2027!")
    'chirurginnen-fordern-norden-2027'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def default_weights() -> dict[str, float]:
    return dict(CRITERIA)


def create_programme(
    session: Session,
    *,
    name: str,
    slug: str,
    summary: str,
    starts_on: date,
    ends_on: date,
    enrols_until: date | None,
    cadence: str,
    meeting_minutes: int,
    by: uuid.UUID,
    now: datetime,
) -> str:
    """Make a programme whose coordinator is the one who makes it; return its slug."""
    slug = slug or suggest_slug(name)
    if slug in RESERVED_SLUGS or not slug:
        raise InvalidInputError({"slug": "reserved"})
    with transaction(session):
        if session.scalar(select(Programme.id).where(Programme.slug == slug)):
            raise InvalidInputError({"slug": "taken"})
        maker = session.get_one(Person, by)
        programme = Programme(
            name=name,
            slug=slug,
            summary=summary or DEFAULT_SUMMARY,
            terms=DEFAULT_TERMS,
            weights=default_weights(),
            rules={NEEDS_APPROVAL: True},  # closed until a coordinator opens it
            starts_on=starts_on,
            ends_on=ends_on,
            enrols_until=enrols_until,
            cadence=cadence,
            meeting_minutes=meeting_minutes,
            zone=maker.zone,
            contact=maker.email,
        )
        session.add(programme)
        session.flush()  # gives the programme its id
        session.add(
            ProgrammeTerms(
                programme_id=programme.id, number=1, version=1, text=programme.terms, by_person_id=by, created_at=now
            )
        )
        session.add(Membership(person_id=by, programme_id=programme.id, is_coordinator=True, status="active"))
        _audit(session, programme.id, by, "programme.created", facts={}, now=now)
    return slug


def name_coordinator(session: Session, programme_id: uuid.UUID, email: str, *, by: uuid.UUID, now: datetime) -> str:
    """Let another person coordinate the programme; return her name."""
    with transaction(session):
        person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
        if person is None:
            raise InvalidInputError({"email": "unknown"})
        if person.email_verified_at is None:
            raise InvalidInputError({"email": "unconfirmed"})
        membership = session.scalar(
            select(Membership).where(Membership.programme_id == programme_id, Membership.person_id == person.id)
        )
        if membership is None:
            membership = Membership(person_id=person.id, programme_id=programme_id, status="active")
            session.add(membership)
        elif membership.is_coordinator and membership.status == "active":
            raise InvalidInputError({"email": "already"})
        elif membership.status != "active" and (membership.is_mentor or membership.is_mentee):
            # To make her active would put her into the pool with answers that she has not finished or took back.
            raise InvalidInputError({"email": membership.status})
        membership.is_coordinator, membership.status = True, "active"
        _audit(session, programme_id, by, "coordinator.named", facts={"person": str(person.id)}, now=now)
        return person.name


def _audit(
    session: Session, programme_id: uuid.UUID, by: uuid.UUID, action: str, *, facts: dict[str, object], now: datetime
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=programme_id,
            action=action,
            subject=f"programme {programme_id}",
            facts=facts,
            created_at=now,
        )
    )
