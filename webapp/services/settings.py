"""What holds in a programme, section by section: read by a form, changed by one coordinator at a time."""

import hashlib
import json
import uuid
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.settings import CRITERIA, InvalidSettingsError, Settings
from webapp.engine.encode import settings_of
from webapp.models import AuditEvent, Programme, Round
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class Section:
    """Some of a programme's settings, saved together."""

    @property
    def fingerprint(self) -> str:
        """Return a short hash, by which a form knows whether somebody else saved since it was opened."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Basics(Section):
    """What people read of a programme, and its dates."""

    name: str
    summary: str
    contact: str
    starts_on: date
    ends_on: date
    enrols_until: date | None


@dataclass(frozen=True)
class Meetings(Section):
    """How often and how long pairs meet, and how long an offer waits."""

    cadence: str
    meeting_minutes: int
    offer_days: int


@dataclass(frozen=True)
class Counts(Section):
    """What counts in a fit."""

    weights: dict[str, float]
    minimum: float
    full_shared_minutes: int
    stage_ahead: int


@dataclass(frozen=True)
class PairRules(Section):
    """What makes a pair impossible, and a scenario may decide for itself."""

    language_required: bool
    hours_required: bool
    min_shared_minutes: int | None
    specialty_required: bool
    specialty_floor: float
    minimum_ahead: int
    former_pairs_allowed: bool


@dataclass(frozen=True)
class Rules(PairRules):
    """The same, and what protects students: no scenario may put that aside."""

    students_need_approval: bool
    takes_students: bool


Some = TypeVar("Some", bound=Section)
# These lie in the programme's `rules`, under the names that the engine gives them; the others are columns.
_OF_ENGINE = frozenset(field.name for field in fields(Rules)) - {"takes_students"} | {
    "full_shared_minutes",
    "stage_ahead",
}


@dataclass(frozen=True)
class Held:
    """A round that was frozen and is not published: it keeps the settings that it was frozen with."""

    id: uuid.UUID
    name: str


def read_section(session: Session, programme_id: uuid.UUID, kind: type[Some]) -> Some:
    """Return one section of a programme's settings."""
    programme = session.get(Programme, programme_id, populate_existing=True)
    if programme is None:
        raise NotFoundError
    return section_of(programme, kind)


def change_section(
    session: Session, programme_id: uuid.UUID, wanted: Section, *, fingerprint: str, by: uuid.UUID, now: datetime
) -> None:
    """Save one section and touch no other.

    Raises
    ------
    ConflictError
        Somebody else saved this section since the form was opened.
    InvalidInputError
        The engine cannot work with these values; names the faults.

    """
    with transaction(session):
        programme = lock_programme(session, programme_id)
        before = section_of(programme, type(wanted))
        if before.fingerprint != fingerprint:
            raise ConflictError("programme_settings")
        changed = [field.name for field in fields(wanted) if getattr(before, field.name) != getattr(wanted, field.name)]
        apply_section(programme, wanted, changed)
        try:
            settings_of(programme)
        except InvalidSettingsError as error:
            raise InvalidInputError({"": " ".join(error.faults)}) from error
        if changed:
            note_change(session, programme_id, "programme.changed", {"fields": changed}, by=by, now=now)


def held_rounds(session: Session, programme_id: uuid.UUID) -> tuple[Held, ...]:
    """Return the rounds that keep older settings until they are opened and frozen again."""
    return find_held(session, programme_id)


def section_of(programme: Programme, kind: type[Some]) -> Some:
    """Return a section of a programme that is loaded."""
    engine = settings_of(programme)
    values = {
        field.name: getattr(engine if field.name in _OF_ENGINE else programme, field.name) for field in fields(kind)
    }
    if "weights" in values:
        values["weights"] = {name: float(engine.weights.get(name, 0.0)) for name in CRITERIA}
    return kind(**values)


def changed_settings(programme: Programme, wanted: Section) -> Settings:
    """Return what the engine would go by if this section were saved; nothing is changed.

    Raises
    ------
    InvalidInputError
        The engine cannot work with these values; names the faults.

    """
    names = {field.name for field in fields(wanted)} & (_OF_ENGINE | {"weights", "minimum"})
    plain = settings_of(programme).to_dict()
    try:
        return Settings.from_dict(plain | {name: getattr(wanted, name) for name in names})
    except InvalidSettingsError as error:
        raise InvalidInputError({"": " ".join(error.faults)}) from error


def find_held(session: Session, programme_id: uuid.UUID) -> tuple[Held, ...]:
    query = select(Round.id, Round.name).where(
        Round.programme_id == programme_id, Round.state.in_(("frozen", "review"))
    )
    return tuple(Held(*row) for row in session.execute(query.order_by(Round.created_at)))


def apply_section(programme: Programme, wanted: Section, names: list[str]) -> None:
    for name in names:
        value = getattr(wanted, name)
        if name in _OF_ENGINE:
            programme.rules = {**programme.rules, name: value}  # a new dict, or the change would not be noticed
        else:
            setattr(programme, name, value)


def lock_programme(session: Session, programme_id: uuid.UUID) -> Programme:
    """Load a programme anew with its row locked, inside the caller's transaction."""
    query = select(Programme).where(Programme.id == programme_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def note_change(
    session: Session, programme_id: uuid.UUID, action: str, facts: dict[str, Any], *, by: uuid.UUID, now: datetime
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
