"""Programmes: made from sensible defaults, changed, given to another coordinator."""

import hashlib
import json
import re
import unicodedata
import uuid
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.settings import CRITERIA
from webapp.models import AuditEvent, Membership, Person, Programme
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.transaction import transaction

RESERVED_SLUGS = frozenset({"new", "people", "rounds", "pool", "pairs", "settings", "static"})
DEFAULT_TERMS = (
    "I answer offers within their time, or say that I am not free.\n"
    "What we talk about stays between the two of us.\n"
    "Either of us may end the pair, without blame.\n"
    "The coordinator sees my answers in order to find pairs and to help, and does not see what we write to each other."
)
DEFAULT_SUMMARY = "Mentors and mentees meet about once a month, for an hour, over a year."


@dataclass(frozen=True)
class ProgrammeSettings:
    """What a coordinator may edit."""

    name: str
    summary: str
    terms: str
    contact: str
    starts_on: date
    ends_on: date
    enrols_until: date | None
    cadence: str
    meeting_minutes: int
    offer_days: int
    minimum: float
    weights: dict[str, float]

    @property
    def fingerprint(self) -> str:
        """Return a short hash, by which a form knows whether somebody else saved since it was opened."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


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
        session.add(Membership(person_id=by, programme_id=programme.id, is_coordinator=True, status="active"))
        _audit(session, programme.id, by, "programme.created", facts={}, now=now)
    return slug


def programme_settings(session: Session, programme_id: uuid.UUID) -> ProgrammeSettings:
    """Return what the settings form shows."""
    return _settings_of(_programme(session, programme_id))


def change_settings(
    session: Session,
    programme_id: uuid.UUID,
    wanted: ProgrammeSettings,
    *,
    fingerprint: str,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Save the settings, unless somebody else saved others since the form was opened."""
    with transaction(session):
        programme = session.scalars(select(Programme).where(Programme.id == programme_id).with_for_update()).one()
        before = _settings_of(programme)
        if before.fingerprint != fingerprint:
            raise ConflictError("programme_settings")
        changed = [field.name for field in fields(wanted) if getattr(before, field.name) != getattr(wanted, field.name)]
        for name in changed:
            setattr(programme, name, getattr(wanted, name))
        if changed:
            _audit(session, programme_id, by, "programme.changed", facts={"fields": changed}, now=now)


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


def _settings_of(programme: Programme) -> ProgrammeSettings:
    values = {field.name: getattr(programme, field.name) for field in fields(ProgrammeSettings)}
    values["weights"] = {name: float(programme.weights.get(name, weight)) for name, weight in CRITERIA.items()}
    return ProgrammeSettings(**values)


def _programme(session: Session, programme_id: uuid.UUID) -> Programme:
    programme = session.get(Programme, programme_id)
    if programme is None:
        raise NotFoundError
    return programme


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
