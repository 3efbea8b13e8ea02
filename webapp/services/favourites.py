"""What a member says of people suggested to her: interested, in an order if she likes; or not for me, and why."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from webapp.models import Interest, Membership
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.fits import Side
from webapp.services.students import awaits_word
from webapp.services.transaction import transaction

Verdict = Literal["interested", "not_for_me", ""]
Way = Literal["up", "down", "none"]
REASONS = ("topics", "close", "known", "hours", "other")
"""Why somebody is not for one: other topics, too close at work, known well already, the hours, something else."""
TOLD_FROM = 3  # a reason is counted for coordinators from so many on, so that nobody is guessed from a count


@dataclass(frozen=True)
class Said:
    """What was said of whom, and what had been said before."""

    name: str
    before: Verdict


def say(
    session: Session, membership_id: uuid.UUID, *, side: Side, other_id: uuid.UUID, verdict: Verdict, now: datetime
) -> Said:
    """Keep what she says about somebody suggested, in place of what she said before; empty takes it back."""
    with transaction(session):
        me, other = _lock_two(session, membership_id, other_id, side)
        mentor, mentee = (me, other) if side == "mentor" else (other, me)
        row = session.scalar(_words(me, side).where(_whom(side) == other.id))
        before: Verdict = row.verdict if row else ""  # type: ignore[assignment] # a CHECK holds it to the two
        if row is not None and not verdict:
            session.delete(row)
        elif row is None and verdict:
            row = Interest(mentor_id=mentor.id, mentee_id=mentee.id, side=side, verdict=verdict, created_at=now)
            session.add(row)
        if row is not None and verdict and verdict != before:
            # Whoever put her favourites in an order finds the new one at its end.
            last = max((one.rank for one in session.scalars(_favourites(me, side)) if one is not row), default=0)
            row.verdict, row.rank, row.reason = verdict, last + 1 if last and verdict == "interested" else 0, ""
        return Said(other.person.name, before)


def explain(session: Session, membership_id: uuid.UUID, *, side: Side, other_id: uuid.UUID, reason: str) -> None:
    """Keep why somebody is not for her; empty takes it back.

    Raises
    ------
    NotFoundError
        She did not say "not for me" of this person.

    """
    if reason not in {"", *REASONS}:
        raise InvalidInputError({"reason": "Choose one of the reasons, or none."})
    with transaction(session):
        me, other = _lock_two(session, membership_id, other_id, side)
        row = session.scalar(_words(me, side).where(_whom(side) == other.id, Interest.verdict == "not_for_me"))
        if row is None:
            raise NotFoundError
        row.reason = reason


def rank(session: Session, membership_id: uuid.UUID, *, side: Side, other_id: uuid.UUID, way: Way) -> None:
    """Put a favourite one place up or down; "none" takes the order away, and all count alike again."""
    with transaction(session):
        me, other = _lock_two(session, membership_id, other_id, side)
        rows = list(session.scalars(_favourites(me, side)))
        at = next((place for place, row in enumerate(rows) if other.id in {row.mentor_id, row.mentee_id}), None)
        if at is None:
            raise NotFoundError
        to = min(max(0, at + {"up": -1, "down": 1, "none": 0}[way]), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        for place, row in enumerate(rows):
            row.rank = 0 if way == "none" else place


def count_reasons(session: Session, programme_id: uuid.UUID) -> dict[str, int]:
    """Count the reasons given in a programme, those alone that enough people gave. One query."""
    number = func.count()
    query = (
        select(Interest.reason, number)
        .join(Membership, Membership.id == Interest.mentor_id)
        .where(Membership.programme_id == programme_id, Interest.verdict == "not_for_me", Interest.reason != "")
        .group_by(Interest.reason)
        .having(number >= TOLD_FROM)
    )
    return dict(iter(session.execute(query)))


def _words(me: Membership, side: Side) -> Select[Interest]:
    mine = Interest.mentor_id if side == "mentor" else Interest.mentee_id
    return select(Interest).where(mine == me.id, Interest.side == side)


def _favourites(me: Membership, side: Side) -> Select[Interest]:
    wanted = _words(me, side).where(Interest.verdict == "interested")
    return wanted.order_by(Interest.rank, Interest.created_at, Interest.id)


def _whom(side: Side) -> InstrumentedAttribute[uuid.UUID]:
    return Interest.mentee_id if side == "mentor" else Interest.mentor_id


def _lock_two(session: Session, me_id: uuid.UUID, other_id: uuid.UUID, side: Side) -> tuple[Membership, Membership]:
    """Return her and the other one, her row locked; inside the caller's transaction.

    Her own row's lock makes two clicks at once come one after the other. Without the key: the other one's word refers
    to her row too, and hers to the other's.
    """
    me = session.get(Membership, me_id, with_for_update={"key_share": True})
    other = session.get(Membership, other_id, options=[joinedload(Membership.person)])
    if me is None or other is None or not _may_speak(me, other, side):
        raise NotFoundError
    return me, other


def _may_speak(me: Membership, other: Membership, side: Side) -> bool:
    roles = (me.is_mentor, other.is_mentee) if side == "mentor" else (me.is_mentee, other.is_mentor)
    here = {"active", "paused"}
    return (
        all(roles)
        and me.programme_id == other.programme_id
        and me.person_id != other.person_id
        and me.status in here
        and other.status in here
        and other.joined_at is not None
        and not awaits_word(me)
        and not awaits_word(other)
    )
