"""What is said of single pairs: who meets already, who wishes whom, and who must not be paired."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.engine.bookings import ONCE, still_holds
from webapp.models import Exclusion, Interest, Membership, Mentorship, Offer

Among = Collection[uuid.UUID] | None
RUNNING, OVER = ("active", "paused"), ("completed", "ended")
# Where several things are said of one pair, the one that stands last here is told.
PRECEDENCE = ("FORMER_PAIR", "EXCLUDED", "CONFLICT", "ALREADY_PAIRED")


def ties_of(
    session: Session, programme_id: uuid.UUID, together: set[tuple[str, str]], among: Among = None
) -> tuple[list[Any], list[Any]]:
    """Return what is said of single pairs: wishes, and one reason for each pair that must not be.

    `among` are the memberships of the mentors to look at; all of the programme when left out.
    """
    barred: dict[tuple[str, str], str] = {}

    def bar(pairs: Iterable[tuple[Any, Any]], code: str) -> None:
        for mentor, mentee in pairs:
            key = str(mentor), str(mentee)
            if PRECEDENCE.index(code) >= PRECEDENCE.index(barred.get(key, code)):
                barred[key] = code

    said = session.execute(
        select(Interest.mentor_id, Interest.mentee_id, Interest.side, Interest.rank, Interest.verdict)
        .join(Membership, Membership.id == Interest.mentor_id)
        .where(Membership.programme_id == programme_id, *_only(Interest.mentor_id, among))
        .order_by(Interest.mentor_id, Interest.mentee_id, Interest.side)
    ).all()
    # Who said "not for me" stays between that person and the engine: it bars like any other exclusion.
    bar(((row.mentor_id, row.mentee_id) for row in said if row.verdict == "not_for_me"), "EXCLUDED")
    for mentor, mentee, code in session.execute(
        select(Exclusion.mentor_id, Exclusion.mentee_id, Exclusion.code)
        .join(Membership, Membership.id == Exclusion.mentor_id)
        .where(Membership.programme_id == programme_id, *_only(Exclusion.mentor_id, among))
    ):
        bar([(mentor, mentee)], code)
    bar(_mentorships(session, programme_id, OVER, among), "FORMER_PAIR")
    # Two who have one talk before them are free for others, and for each other once it is over.
    bar(_talks(session, programme_id, among), "ALREADY_PAIRED")
    bar(together, "ALREADY_PAIRED")
    wishes = [
        [str(row.mentor_id), str(row.mentee_id), row.side, row.rank] for row in said if row.verdict == "interested"
    ]
    return wishes, [[mentor, mentee, code] for (mentor, mentee), code in sorted(barred.items())]


def pairs_together(session: Session, programme_id: uuid.UUID, among: Among = None) -> set[tuple[str, str]]:
    """Return the pairs that are at work, or are being offered to each other."""
    offered = session.execute(
        select(Offer.mentor_id, Offer.mentee_id)
        .join(Membership, Membership.id == Offer.mentor_id)
        .where(
            Membership.programme_id == programme_id, Offer.state == "open", ~Offer.once, *_only(Offer.mentor_id, among)
        )
    )
    return {(str(j), str(i)) for j, i in [*offered, *_mentorships(session, programme_id, RUNNING, among)]}


def _talks(session: Session, programme_id: uuid.UUID, among: Among) -> list[tuple[Any, Any]]:
    rows = session.execute(
        select(Offer.mentor_id, Offer.mentee_id)
        .join(Membership, Membership.id == Offer.mentor_id)
        .where(
            Membership.programme_id == programme_id,
            Offer.once,
            still_holds(),
            *_only(Offer.mentor_id, among),
        )
    )
    return [(mentor, mentee) for mentor, mentee in rows]


def _only(column: InstrumentedAttribute[uuid.UUID], among: Among) -> list[Any]:
    return [] if among is None else [column.in_(among)]


def _mentorships(
    session: Session, programme_id: uuid.UUID, statuses: tuple[str, ...], among: Among
) -> list[tuple[Any, Any]]:
    rows = session.execute(
        select(Mentorship.mentor_id, Mentorship.mentee_id)
        .join(Membership, Membership.id == Mentorship.mentor_id)
        .where(
            Membership.programme_id == programme_id,
            Mentorship.status.in_(statuses),
            Mentorship.cadence != ONCE,
            *_only(Mentorship.mentor_id, among),
        )
    )
    return [(mentor, mentee) for mentor, mentee in rows]
