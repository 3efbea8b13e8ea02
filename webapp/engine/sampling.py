"""Some people of a pool, always the same ones: enough to see what a setting does, few enough to be quick."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matcher.codes import Code
from matcher.people import Exclusion, Interest, Ties
from matcher.pool import Pool
from webapp.engine.encode import in_pool, mentee_record, mentor_record, taxonomy_of
from webapp.engine.members import read_members
from webapp.engine.ties import pairs_together, ties_of
from webapp.models import Membership, Programme

MOST = 200
"""People of each side that are looked at."""


@dataclass(frozen=True)
class Sample:
    """People of a pool, the names of their memberships, and how many there are in all."""

    pool: Pool
    names: dict[str, str]
    n_mentors: int
    n_mentees: int


def sample_of(session: Session, programme: Programme, *, now: datetime, most: int = MOST) -> Sample:
    """Return at most so many mentors and mentees, who do not change while nobody joins or leaves.

    They come in the order of their random ids, so they are as good as drawn by lot.
    """
    on = now.astimezone(ZoneInfo(programme.zone)).date()
    sides = (Membership.is_mentor, Membership.offer.has()), (Membership.is_mentee, Membership.request.has())
    first = [
        select(Membership.id).where(*in_pool(programme.id), *side).order_by(Membership.id).limit(most) for side in sides
    ]
    chosen = or_(*(Membership.id.in_(select(ids.subquery().c.id)) for ids in first))
    members = list(read_members(session, chosen))
    # Whoever is on both sides may have been chosen for the other one, after the last that counts on this.
    mentors = [member for member in members if member.is_mentor and member.offer][:most]
    mentees = [member for member in members if member.is_mentee and member.request][:most]
    among = {member.id for member in mentors}
    together = pairs_together(session, programme.id, among)
    interests, exclusions = ties_of(session, programme.id, together, among)
    keys = {str(member.id) for member in mentees}
    ties = Ties(
        interests=tuple(Interest(*row) for row in interests if row[1] in keys),
        exclusions=tuple(Exclusion(j, i, Code[code]) for j, i, code in exclusions if i in keys),
    )
    taxonomy = taxonomy_of(programme)
    # Without private facts: from a preview with other weights, one pair at a time, they could be read off.
    people = (
        [replace(mentor_record(m, taxonomy, on=on), background=()) for m in mentors],
        [replace(mentee_record(m, taxonomy), background=()) for m in mentees],
    )
    names = {str(member.id): member.person.name for member in (*mentors, *mentees)}
    counts = [
        _count(session, programme.id, side, len(found), most)
        for side, found in zip(sides, (mentors, mentees), strict=True)
    ]
    return Sample(Pool.build(*people, taxonomy, ties), names, *counts)


def _count(
    session: Session,
    programme_id: uuid.UUID,
    side: Sequence[ColumnElement[bool] | InstrumentedAttribute[bool]],
    found: int,
    most: int,
) -> int:
    """Return how many there are on a side; where the sample is not full, it is all of them."""
    if found < most:
        return found
    return session.scalar(select(func.count()).select_from(Membership).where(*in_pool(programme_id), *side)) or 0
