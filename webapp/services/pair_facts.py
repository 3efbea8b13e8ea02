"""What is known about single pairs: who is together, who was, who must not be."""

import uuid
from collections import Counter
from collections.abc import Collection

from sqlalchemy import CompoundSelect, literal, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.engine.bookings import ONCE
from webapp.models import Exclusion, Interest, Membership, Mentorship, Offer
from webapp.services.fits import Side


def barred_for(session: Session, membership_id: uuid.UUID, side: Side) -> dict[str, str]:
    """Return whom this member cannot be paired with, by a code of the engine. One query.

    What stands last holds: a pair of today is told as one, whatever else is known.
    """
    mine = membership_id
    rows = session.execute(
        select(Exclusion.mentor_id, Exclusion.mentee_id, Exclusion.code)
        .where(or_(Exclusion.mentor_id == mine, Exclusion.mentee_id == mine))
        .union_all(
            # The other one's "not for me" is nobody's business: told as an exclusion is.
            select(Interest.mentor_id, Interest.mentee_id, literal("EXCLUDED")).where(
                or_(Interest.mentor_id == mine, Interest.mentee_id == mine),
                Interest.side != side,
                Interest.verdict == "not_for_me",
            ),
            select(Mentorship.mentor_id, Mentorship.mentee_id, literal("FORMER_PAIR")).where(
                or_(Mentorship.mentor_id == mine, Mentorship.mentee_id == mine),
                Mentorship.status.in_(["completed", "ended"]),
                Mentorship.cadence != ONCE,  # who have talked once may still be a pair
            ),
            select(Mentorship.mentor_id, Mentorship.mentee_id, literal("ALREADY_PAIRED")).where(
                or_(Mentorship.mentor_id == mine, Mentorship.mentee_id == mine),
                Mentorship.status.in_(["active", "paused"]),
            ),
            select(Offer.mentor_id, Offer.mentee_id, literal("ALREADY_PAIRED")).where(
                or_(Offer.mentor_id == mine, Offer.mentee_id == mine), Offer.state == "open"
            ),
        )
    ).all()
    order = {"FORMER_PAIR": 0, "EXCLUDED": 1, "CONFLICT": 2, "ALREADY_PAIRED": 3}
    barred = {}
    for mentor, mentee, code in sorted(rows, key=lambda row: order.get(row[2], 1)):
        if side == "mentor" and mentor == mine:
            barred[str(mentee)] = code
        elif side == "mentee" and mentee == mine:
            barred[str(mentor)] = code
    return barred


def mentors_had(
    session: Session, programme_id: uuid.UUID, *, only: Collection[uuid.UUID] | None = None
) -> Counter[uuid.UUID]:
    """Return how many mentors each mentee of a programme has, or may get by an open offer; all, or some. One query."""
    return Counter(session.scalars(_together(programme_id, only)).all())


def _together(programme_id: uuid.UUID, only: Collection[uuid.UUID] | None) -> CompoundSelect[uuid.UUID]:
    here = select(Membership.id).where(Membership.programme_id == programme_id)
    if only is not None:
        here = here.where(Membership.id.in_(only))
    return union_all(
        select(Mentorship.mentee_id).where(
            Mentorship.mentee_id.in_(here), Mentorship.status.in_(["active", "paused"]), Mentorship.cadence != ONCE
        ),
        select(Offer.mentee_id).where(Offer.mentee_id.in_(here), Offer.state == "open", ~Offer.once),
    )
