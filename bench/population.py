"""A programme of any size in a database, quickly: people drawn like those of the demonstration, written in bulk."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.models import (
    AvailabilityWindow,
    Membership,
    MenteeRequest,
    MentorOffer,
    Person,
    Profile,
    Programme,
    Round,
)
from webapp.services.demo_people import DemoPerson, Draw

SLUG = "crowd"
AT_ONCE = 2_000


@dataclass(frozen=True)
class Population:
    """Ids of a programme, of its round (enrolling), and of three people to look at pages as."""

    programme_id: uuid.UUID
    round_id: uuid.UUID
    coordinator: uuid.UUID
    mentor: uuid.UUID
    mentee: uuid.UUID


def fill(session: Session, *, mentees: int, mentors: int, seed: int = 1, now: datetime | None = None) -> Population:
    """Write a programme with this many people, all of whom take part, and a round that they may join."""
    now = now or datetime.now(UTC)
    today = now.date()
    programme = Programme(
        id=uuid.uuid4(),
        slug=SLUG,
        name="A crowd",
        starts_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=395),
        created_at=now,
    )
    round_ = Round(id=uuid.uuid4(), programme_id=programme.id, name="Everyone", state="enrolling", created_at=now)
    session.add_all([programme, round_])
    session.flush()
    rows: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Person, Profile, AvailabilityWindow, Membership, MentorOffer, MenteeRequest)
    }
    coordinator = _write(rows, programme.id, "Ada Oduya", "coordinator@example.org", now, is_coordinator=True)
    ids: dict[str, uuid.UUID] = {}
    for number, (role, one) in enumerate(_people(mentees, mentors, seed)):
        ids[role] = _member(rows, programme.id, one, f"{role}{number}@example.org", now)
    for model, values in rows.items():
        for start in range(0, len(values), AT_ONCE):
            session.execute(insert(model), values[start : start + AT_ONCE])
    session.commit()
    return Population(programme.id, round_.id, coordinator, ids["mentor"], ids["mentee"])


def _people(mentees: int, mentors: int, seed: int) -> list[tuple[str, DemoPerson]]:
    people = []
    for number in range(max(mentees, mentors)):
        # A hundred at a time: no draw gives a name twice, and names run out.
        if number % 100 == 0:
            draw = Draw(Random(seed * 1_000_003 + number))
        if number < mentors:
            people.append(("mentor", draw.mentor(early=True, wants_too=False)))
        if number < mentees:
            people.append(("mentee", draw.mentee(early=True)))
    return people


def _member(rows: Any, programme_id: uuid.UUID, one: DemoPerson, email: str, now: datetime) -> uuid.UUID:
    person_id = _write(
        rows, programme_id, one.name, email, now, zone=one.zone, is_mentor=bool(one.offered), is_mentee=bool(one.wanted)
    )
    membership_id = rows[Membership][-1]["id"]
    rows[Profile].append(
        {
            "id": uuid.uuid4(),
            "person_id": person_id,
            "institution": one.institution,
            "city": one.city,
            "country": one.country,
            "stage": one.stage,
            "specialties": list(one.specialties),
            "languages": list(one.languages),
            "bio": one.bio,
            "created_at": now,
        }
    )
    rows[AvailabilityWindow] += [
        {
            "id": uuid.uuid4(),
            "person_id": person_id,
            "weekday": window.weekday,
            "start_minute": window.start,
            "end_minute": window.end,
            "created_at": now,
        }
        for window in one.windows
    ]
    common = {"id": uuid.uuid4(), "membership_id": membership_id, "created_at": now}
    if one.offered:
        rows[MentorOffer].append(
            {
                **common,
                "topics": list(one.offered.topics),
                "stages_welcome": list(one.offered.stages_welcome),
                "minutes_a_month": one.offered.minutes,
                "places": one.offered.places,
                "about": one.offered.about,
            }
        )
    if one.wanted:
        rows[MenteeRequest].append(
            {
                **common,
                "topics": list(one.wanted.topics),
                "specialties": list(one.wanted.specialties),
                "mentors_wanted": one.wanted.mentors,
                "goal": one.wanted.goal,
            }
        )
    return person_id


def _write(
    rows: Any,
    programme_id: uuid.UUID,
    name: str,
    email: str,
    now: datetime,
    *,
    zone: str = "UTC",
    **roles: bool,
) -> uuid.UUID:
    person_id = uuid.uuid4()
    rows[Person].append(
        {
            "id": person_id,
            "email": email,
            "name": name,
            "password_hash": "!",
            "zone": zone,
            "email_verified_at": now,
            "created_at": now,
        }
    )
    flags = {"is_mentor": False, "is_mentee": False, "is_coordinator": False, **roles}
    rows[Membership].append(
        {
            "id": uuid.uuid4(),
            "person_id": person_id,
            "programme_id": programme_id,
            "status": "active",
            "joined_at": now,
            "created_at": now,
            **flags,
        }
    )
    return person_id
