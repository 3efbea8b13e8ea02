"""Questions and shadow days: the day the two agree on, whether it took place, and what becomes of the minutes.

The minutes are held from the yes to the end of the month in which it took place, so that nothing else of that month
is promised on them. Whoever says first whether it took place is believed.
"""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.engine.bookings import ONCE
from webapp.models import Membership, Mentorship, Offer
from webapp.services import offer_steps as steps
from webapp.services.errors import InvalidInputError, NotFoundError, WrongStateError
from webapp.services.ledger import spend
from webapp.services.transaction import transaction

ANSWER_DAYS = 14  # after the day, to say whether it took place
FARTHEST = timedelta(days=366)
MOST_AT_ONCE = 500


def plan_day(session: Session, mentorship_id: uuid.UUID, *, person_id: uuid.UUID, on: date, now: datetime) -> None:
    """Keep the day that the two agreed on; either may write it down, and change it until it is over.

    Raises
    ------
    NotFoundError
        The person is not one of the two, or this is mentoring.
    InvalidInputError
        The day is over, or more than a year away.
    WrongStateError
        It has taken place, or was called off.

    """
    with transaction(session):
        offer, pair, side = _lock(session, mentorship_id, person_id)
        if pair.status != "active":
            raise WrongStateError("mentorship", pair.status, "plan")
        today = _today(offer, now)
        if not today <= on <= today + FARTHEST:
            raise InvalidInputError({"on": "past" if on < today else "far"})
        if pair.planned_on != on:
            pair.planned_on = on
            steps.note(session, "mentorship.planned", offer, by=person_id, now=now, side=side, on=on.isoformat())


def tell(session: Session, mentorship_id: uuid.UUID, *, person_id: uuid.UUID, took_place: bool, now: datetime) -> None:
    """Say whether it took place: then the minutes are spent, and otherwise they return at once. Twice changes nothing.

    Raises
    ------
    NotFoundError
        The person is not one of the two, or this is mentoring.
    InvalidInputError
        The day they agreed on is still to come.
    WrongStateError
        It is settled otherwise already.

    """
    with transaction(session):
        offer, pair, side = _lock(session, mentorship_id, person_id)
        if pair.status != "active":
            if pair.took_place is took_place:
                return
            raise WrongStateError("mentorship", pair.status, "tell")
        today = _today(offer, now)
        if took_place and pair.planned_on is not None and pair.planned_on > today:
            raise InvalidInputError({"on": "future"})
        pair.took_place, pair.ended_at = took_place, now
        if took_place:
            on = pair.planned_on = pair.planned_on or today
            pair.status = "completed"
            time_id = steps.time_of(offer.mentor).id
            spend(session, time_id, offer.minutes, offer_id=offer.id, on=on, why="took_place", now=now)
        else:
            pair.status = "ended"
            steps.give_back(session, offer, why="not_held", now=now)
        action = "mentorship.took_place" if took_place else "mentorship.not_held"
        steps.note(session, action, offer, by=person_id, now=now, side=side)


def finish_unanswered(session: Session, *, now: datetime) -> int:
    """Return the minutes of what nobody spoke of for two weeks after its day: nobody vouches that it took place."""
    over = select(Mentorship.offer_id).where(
        Mentorship.cadence == ONCE,
        Mentorship.status == "active",
        Mentorship.planned_on < (now - timedelta(days=ANSWER_DAYS)).date(),
    )
    ids = session.scalars(over.order_by(Mentorship.id).limit(MOST_AT_ONCE)).all()
    return sum(_finish(session, offer_id, now) for offer_id in ids)


def end_months(session: Session, *, now: datetime) -> int:
    """Give back what questions and shadow days held until the month of theirs was over; return how many those are."""
    # Half a day later than in Greenwich the month is over everywhere that people work; held longer harms nobody.
    month = (now - timedelta(hours=12)).date().replace(day=1)
    over = (
        select(Mentorship.offer_id)
        .join(Offer, Offer.id == Mentorship.offer_id)
        .where(Offer.holds_minutes, Mentorship.took_place.is_(True), Mentorship.planned_on < month)
    )
    ids = session.scalars(over.order_by(Mentorship.id).limit(MOST_AT_ONCE)).all()
    return sum(_end_month(session, offer_id, now) for offer_id in ids)


def _finish(session: Session, offer_id: uuid.UUID, now: datetime) -> int:
    with transaction(session):
        offer = steps.lock_offer(session, offer_id)
        pair = _pair_of(session, offer_id)
        if pair.status != "active":
            return 0  # somebody spoke between the look and the lock
        pair.status, pair.ended_at = "ended", now
        steps.give_back(session, offer, why="untold", now=now)
        steps.note(session, "mentorship.untold", offer, by=None, now=now)
        return 1


def _end_month(session: Session, offer_id: uuid.UUID, now: datetime) -> int:
    with transaction(session):
        offer = steps.lock_offer(session, offer_id)
        if not offer.holds_minutes:
            return 0  # another worker was there between the look and the lock
        steps.give_back(session, offer, why="month_over", now=now)
        return 1


def _lock(session: Session, mentorship_id: uuid.UUID, person_id: uuid.UUID) -> tuple[Offer, Mentorship, str]:
    """Return the offer, locked with the mentor's time, its pair, and which of the two the person is."""
    row = session.execute(
        select(Mentorship.offer_id, Mentorship.cadence).where(Mentorship.id == mentorship_id)
    ).one_or_none()
    if row is None or row.cadence != ONCE:
        raise NotFoundError(f"mentorship {mentorship_id}")
    offer = steps.lock_offer(session, row.offer_id)
    if person_id not in {offer.mentor.person_id, offer.mentee.person_id}:
        raise NotFoundError(f"mentorship {mentorship_id}")
    return offer, _pair_of(session, offer.id), "mentor" if offer.mentor.person_id == person_id else "mentee"


def _pair_of(session: Session, offer_id: uuid.UUID) -> Mentorship:
    return session.scalars(
        select(Mentorship).where(Mentorship.offer_id == offer_id).execution_options(populate_existing=True)
    ).one()


def _today(offer: Offer, now: datetime) -> date:
    mentor: Membership = offer.mentor
    return now.astimezone(ZoneInfo(mentor.person.zone)).date()
