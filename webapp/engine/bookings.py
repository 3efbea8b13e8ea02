"""When people meet already: the slots of their pairs, in all programmes, that the next pairs must keep clear of."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, Mentorship, Offer, Person, Programme

BATCH = 500  # ids a query
ONCE = "once"  # the cadence of one talk, which makes nobody a mentor
_MONTHLY_MEETINGS = {"weekly": 4.0, "fortnightly": 2.0, "monthly": 1.0, "bimonthly": 0.5}


def still_holds() -> ColumnElement[bool]:
    """Say that an offer holds time for something to come: what took place holds its minutes until its month is over."""
    return and_(Offer.holds_minutes, ~exists().where(Mentorship.offer_id == Offer.id, Mentorship.took_place.is_(True)))


def meeting_minutes(programme: Programme, minutes: int) -> int:
    """Return how long a meeting of a pair is that takes so many minutes a month."""
    return min(programme.meeting_minutes, int(minutes / _MONTHLY_MEETINGS[programme.cadence]))


def bookings_of(session: Session, persons: Iterable[str]) -> list[list[Any]]:
    """Return offer, person, zone, weekday, minute, week, length and cadence of each meeting each person has.

    The slot is on the clock of `zone`. A slot whose week is not known is booked in every week.
    """
    rows: set[tuple[Any, ...]] = set()
    wanted = set(persons)
    ids = [uuid.UUID(person) for person in sorted(wanted)]
    for start in range(0, len(ids), BATCH):
        rows.update(_rows(session, ids[start : start + BATCH], wanted))
    return [list(row) for row in sorted(rows, key=lambda row: row[:2])]


def _rows(session: Session, persons: list[uuid.UUID], wanted: set[str]) -> Iterable[tuple[Any, ...]]:
    mentor, mentee = aliased(Membership), aliased(Membership)
    found = session.execute(
        select(Offer, mentor.person_id, mentee.person_id, Person.zone, Programme, Mentorship)
        .join(mentor, mentor.id == Offer.mentor_id)
        .join(mentee, mentee.id == Offer.mentee_id)
        .join(Person, Person.id == mentor.person_id)
        .join(Programme, Programme.id == mentor.programme_id)
        .outerjoin(Mentorship, Mentorship.offer_id == Offer.id)
        .where(Offer.holds_minutes, Offer.slot_weekday.is_not(None))
        .where(or_(mentor.person_id.in_(persons), mentee.person_id.in_(persons)))
    )
    for offer, one, other, zone, programme, pair in found:
        rhythm = pair.cadence if pair else programme.cadence
        cadence = "weekly" if offer.slot_week is None else rhythm
        length = pair.meeting_minutes if pair else meeting_minutes(programme, offer.minutes)
        for person in {str(one), str(other)} & wanted:
            slot = (offer.slot_weekday, offer.slot_minute, offer.slot_week or 0)
            yield (str(offer.id), person, zone, *slot, length, cadence)
