"""All settings of a programme at a glance."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.engine.words import Words
from webapp.models import Membership, Person, Programme
from webapp.services.errors import NotFoundError
from webapp.services.settings import Basics, Counts, Held, Meetings, Rules, find_held, section_of


@dataclass(frozen=True)
class Outline:
    basics: Basics
    meetings: Meetings
    counts: Counts
    rules: Rules
    words: Words
    terms_version: int
    coordinators: tuple[str, ...]
    held: tuple[Held, ...]


def read_outline(session: Session, programme_id: uuid.UUID) -> Outline:
    """Return every section, and who coordinates. Three queries."""
    programme = session.get(Programme, programme_id, populate_existing=True)
    if programme is None:
        raise NotFoundError
    names = session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.programme_id == programme_id, Membership.is_coordinator, Membership.status == "active")
        .order_by(Membership.created_at)
    )
    return Outline(
        basics=section_of(programme, Basics),
        meetings=section_of(programme, Meetings),
        counts=section_of(programme, Counts),
        rules=section_of(programme, Rules),
        words=Words.read(programme.vocabulary),
        terms_version=programme.terms_version,
        coordinators=tuple(names),
        held=find_held(session, programme_id),
    )
