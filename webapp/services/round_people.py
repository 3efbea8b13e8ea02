"""People of a round, to be chosen by name."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from webapp.models import Membership, Person, Profile, Round
from webapp.services.errors import NotFoundError
from webapp.services.search import text_matches

MOST_FOUND = 8


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be chosen; `about` is where she works."""

    id: uuid.UUID
    name: str
    about: str = ""


def find_people(session: Session, programme_id: uuid.UUID, side: str, text: str) -> list[Candidate]:
    """Return the first mentors or mentees of a programme whose name or place has these words. One query.

    One more than `MOST_FOUND` is returned where there are more.
    """
    if not text.strip():
        return []
    role = Membership.is_mentor if side == "mentor" else Membership.is_mentee
    rows = session.execute(
        select(Membership.id, Person.name, Profile.institution, Profile.city)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(Membership.programme_id == programme_id, role, Membership.joined_at.is_not(None))
        .where(text_matches(text[:100], Person.name, Profile.institution, Profile.city))
        .order_by(Person.name, Membership.id)
        .limit(MOST_FOUND + 1)
    )
    return [Candidate(key, name, institution or city or "") for key, name, institution, city in rows]


def frozen_people(session: Session, round_id: uuid.UUID, asked: Mapping[str, uuid.UUID]) -> dict[str, Candidate]:
    """Return a mentor and a mentee by their ids, as far as the frozen pool of the round has them. Two queries."""
    row = session.get_one(Round, round_id, options=[undefer(Round.snapshot)])
    if row.snapshot is None:
        raise NotFoundError
    there = {
        side: key for side, key in asked.items() if any(one["key"] == str(key) for one in row.snapshot[f"{side}s"])
    }
    names = names_here(session, row.programme_id, list(there.values())) if there else {}
    return {side: Candidate(key, names[key]) for side, key in there.items() if key in names}


def names_here(session: Session, programme_id: uuid.UUID, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names that go with memberships of a programme; those of others are left out."""
    query = select(Membership.id, Person.name).join(Person, Person.id == Membership.person_id)
    rows = session.execute(query.where(Membership.programme_id == programme_id, Membership.id.in_(ids)))
    return dict(rows.all())
