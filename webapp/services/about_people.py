"""What people say about themselves and their week, whatever they take part in."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.engine.students import is_student
from webapp.models import (
    Person,
    Profile,
)
from webapp.models.base import GoneZone
from webapp.services.adults import keep_word, lacks_word
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.own_words import answered, written
from webapp.services.transaction import transaction
from webapp.services.week import Window
from webapp.services.week_rows import replace_week


@dataclass(frozen=True)
class About:
    """A person and her profile, as the form shows them."""

    name: str
    pronouns: str
    zone: str
    stage: str
    specialties: tuple[str, ...]
    languages: tuple[str, ...]
    institution: str
    city: str
    prompts: Mapping[str, str]
    windows: tuple[Window, ...]
    zone_is_gone: bool = False  # what she chose is in the zone data no more, and she is asked to choose again


def read_about(session: Session, person_id: uuid.UUID) -> About:
    """Return what a person said about herself. Two queries."""
    person = session.scalars(
        select(Person)
        .where(Person.id == person_id)
        .options(joinedload(Person.profile), selectinload(Person.windows))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if person is None:
        raise NotFoundError("person")
    profile = person.profile or Profile(
        stage="", specialties=[], languages=[], institution="", city="", bio="", prompts={}, country=""
    )
    return About(
        name=person.name,
        pronouns=person.pronouns,
        zone=person.zone,
        stage=profile.stage,
        specialties=tuple(profile.specialties),
        languages=tuple(profile.languages),
        institution=profile.institution,
        city=profile.city,
        prompts=answered(profile),
        windows=tuple(Window(w.weekday, w.start_minute, w.end_minute) for w in person.windows),
        zone_is_gone=isinstance(person.zone, GoneZone),
    )


def save_about(
    session: Session, person_id: uuid.UUID, *, is_adult: bool = False, now: datetime | None = None, **values: Any
) -> None:
    """Keep what she says about herself: name, pronouns and zone of the person, the rest of her profile.

    Only the values given are changed. Of `prompts` the answers one after the other are what others read. `is_adult` is
    whether she says in the same answer that she is 18 or older, which is kept only where it is asked.

    Raises
    ------
    InvalidInputError
        `adult`: she would be a student from now on, takes part already, and never said that she is 18 or older.

    """
    if "prompts" in values:
        values["bio"] = written(values["prompts"])
    with transaction(session):
        person = session.get(Person, person_id, with_for_update={"key_share": True})
        if person is None:
            raise NotFoundError("person")
        if person.profile is None:
            person.profile = Profile(person_id=person_id)
        becomes = is_student(values.get("stage", "")) and not is_student(person.profile.stage or "")
        if becomes and lacks_word(session, person_id):
            if not is_adult:
                raise InvalidInputError({"adult": "missing"})
            keep_word(session, person_id, now=now or datetime.now(UTC))
        for key, value in values.items():
            setattr(person if key in {"name", "pronouns", "zone"} else person.profile, key, value)


def save_hours(session: Session, person_id: uuid.UUID, *, windows: Sequence[Window], zone: str) -> None:
    """Replace the hours of her week, merged, and the zone they are in."""
    with transaction(session):
        # The row's lock makes two saves at once come one after the other.
        person = session.get(Person, person_id, with_for_update={"key_share": True})
        if person is None:
            raise NotFoundError("person")
        person.zone = zone
        replace_week(session, person, windows)
