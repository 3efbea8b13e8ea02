"""What ends when somebody goes: her open offers and her pairs. The steps run inside their caller's transaction."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from webapp.models import Mentorship, Offer
from webapp.services import offer_steps as steps
from webapp.services.errors import ConflictError
from webapp.services.ledger import lock_time

RUNNING = ("active", "paused")


def offers_of(membership_ids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Return the offers of these memberships that are open, or whose pair goes on."""
    running = select(Mentorship.offer_id).where(Mentorship.status.in_(RUNNING))
    return (
        select(Offer.id)
        .where(or_(Offer.mentor_id.in_(membership_ids), Offer.mentee_id.in_(membership_ids)))
        .where(or_(Offer.state == "open", Offer.id.in_(running)))
    )


def pairs_of(membership_ids: Collection[uuid.UUID]) -> Select[uuid.UUID]:
    """Return the pairs of these memberships that go on."""
    theirs = or_(Mentorship.mentor_id.in_(membership_ids), Mentorship.mentee_id.in_(membership_ids))
    return select(Mentorship.id).where(theirs, Mentorship.status.in_(RUNNING))


def lock_all(session: Session, membership_ids: Collection[uuid.UUID], also: Collection[uuid.UUID] = ()) -> list[Offer]:
    """Lock her time, her partners' time, all memberships (`also` others), then the offers: as answers lock them.

    Raises
    ------
    ConflictError
        An offer was answered or made between the look and the locks.

    """
    ids = session.scalars(offers_of(membership_ids)).all()
    pairs = session.execute(select(Offer.mentor_id, Offer.mentee_id).where(Offer.id.in_(ids))).all()
    lock_time(session, {*membership_ids, *(pair.mentor_id for pair in pairs)})
    steps.lock_memberships(session, {*membership_ids, *also, *(pair.mentee_id for pair in pairs)})
    if set(session.scalars(offers_of(membership_ids))) != set(ids):
        raise ConflictError("offers")
    return steps.lock_offers(session, ids)


def part(
    session: Session, offer: Offer, membership_ids: Collection[uuid.UUID], *, by: uuid.UUID, now: datetime
) -> None:
    """Withdraw an open offer, or end the pair that came of it; the other side is told, without a reason."""
    other = "mentee" if offer.mentor_id in membership_ids else "mentor"
    if offer.state == "open":
        steps.close(session, offer, "withdrawn", now=now)
        steps.write_mail(session, "offer_withdrawn", offer, other)
        steps.note(session, "offer.withdrawn", offer, by=by, now=now, why="left")
        return
    pair = session.scalars(
        select(Mentorship).where(Mentorship.offer_id == offer.id).execution_options(populate_existing=True)
    ).one()
    pair.status, pair.ended_at, pair.end_reason = "ended", now, "left"
    steps.give_back(session, offer, why="ended", now=now)
    steps.write_mail(session, "mentorship_ended", offer, other)
    steps.note(session, "mentorship.ended", offer, by=by, now=now, side=other, why="left")
