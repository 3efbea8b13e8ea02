"""An hour for new offers that is clear of all meetings by now: people may have been given others since it was found."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.availability import Slot
from matcher.diary import Booking, Template, cells_of
from matcher.slots import first_slot
from webapp.engine.bookings import BATCH, bookings_of, meeting_minutes
from webapp.engine.encode import mentee_record, mentor_record, settings_of, taxonomy_of
from webapp.engine.snapshots import read_bookings
from webapp.models import Offer, Person


def keep_clear(session: Session, offers: Sequence[Offer]) -> None:
    """Move offers whose hour is taken by now to another hour, or to none, which leaves it to the two.

    The caller has locked the people's time and not yet held it for these offers.
    """
    persons = {str(member.person_id) for offer in offers for member in (offer.mentor, offer.mentee)}
    busy: defaultdict[str, list[Booking]] = defaultdict(list)
    for booking in read_bookings(bookings_of(session, persons)):
        busy[booking.person].append(booking)
    _load_hours(session, [uuid.UUID(person) for person in sorted(persons)])
    for offer in offers:
        if offer.slot_weekday is not None and offer.slot_minute is not None:
            _settle(offer, Slot(offer.slot_weekday, offer.slot_minute, offer.slot_week or 0), busy)


def _load_hours(session: Session, persons: list[uuid.UUID]) -> None:
    """Load what another hour would be chosen from, for all at once; the session keeps it."""
    for start in range(0, len(persons), BATCH):
        query = select(Person).where(Person.id.in_(persons[start : start + BATCH]))
        session.scalars(
            query.options(selectinload(Person.windows), joinedload(Person.profile), joinedload(Person.trait))
        ).all()


def _settle(offer: Offer, slot: Slot, busy: defaultdict[str, list[Booking]]) -> None:
    programme = offer.mentor.programme
    settings, zone = settings_of(programme), offer.mentor.person.zone
    length = meeting_minutes(programme, offer.minutes)
    both = [str(member.person_id) for member in (offer.mentor, offer.mentee)]
    known = [booking for person in both for booking in busy[person]]
    template = Template(settings)
    found: Slot | None = slot
    if template.booked(zone, cells_of(slot, length), known) >> template.start_of(slot) & 1:
        taxonomy = taxonomy_of(programme)
        one, other = mentor_record(offer.mentor, taxonomy), mentee_record(offer.mentee, taxonomy)
        found = first_slot(one, other, settings, length=length, booked=known)
        offer.slot_weekday = found.weekday if found else None
        offer.slot_minute = found.start if found else None
        offer.slot_week = found.week if found else None
    if found is not None:
        for person in both:
            busy[person].append(Booking(person, zone, found, length, programme.cadence))
