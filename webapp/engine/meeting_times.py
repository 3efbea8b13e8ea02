"""Times at which two people could meet or call each other: inside the hours of both, beside all they have already."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from matcher.availability import Slot, Window
from matcher.diary import Booking
from matcher.settings import Settings
from matcher.slots import is_free, slots_apart
from webapp.engine.bookings import bookings_of, meeting_minutes
from webapp.engine.encode import settings_of
from webapp.engine.snapshots import read_bookings
from webapp.models import Membership, Offer, OfferAsk

CALL_MINUTES = 15
CALL_DAYS = 7  # the days that a first call may be on, from tomorrow
MOST = 3


@dataclass(frozen=True)
class Week:
    """When somebody is free, by the clock of her zone."""

    zone: str
    windows: tuple[Window, ...]


def free_hours(session: Session, offer: Offer) -> list[Slot]:
    """Return up to three hours, on the mentor's clock, that the two could meet in instead of theirs."""
    one, other = _week(offer.mentor), _week(offer.mentee)
    length = meeting_minutes(offer.mentor.programme, offer.minutes)
    booked = read_bookings(bookings_of(session, _persons(offer)))
    return slots_apart(one, other, settings_of(offer.mentor.programme), most=MOST, length=length, booked=booked)


def hour_is_free(session: Session, offer: Offer, slot: Slot) -> bool:
    """Whether the two can meet in an hour; what this offer holds itself is no hindrance."""
    one, other = _week(offer.mentor), _week(offer.mentee)
    length = meeting_minutes(offer.mentor.programme, offer.minutes)
    rows = [row for row in bookings_of(session, _persons(offer)) if row[0] != str(offer.id)]
    settings = settings_of(offer.mentor.programme)
    return is_free(one, other, settings, slot, length=length, booked=read_bookings(rows))


def free_calls(session: Session, offer: Offer, *, now: datetime) -> list[datetime]:
    """Return up to three moments of the next days at which the two could call each other."""
    one, other = _week(offer.mentor), _week(offer.mentee)
    booked, settings = _busy(session, offer, now), _these_days(offer, now)
    slots = slots_apart(one, other, settings, most=MOST, length=CALL_MINUTES, booked=booked)
    return sorted(_moment(slot, offer.mentor.person.zone, now) for slot in slots)


def call_is_free(session: Session, offer: Offer, moment: datetime, *, now: datetime) -> bool:
    """Whether the two can call each other at a moment that is still ahead."""
    one, other = _week(offer.mentor), _week(offer.mentee)
    slot = _slot_of(moment, offer.mentor.person.zone)
    booked, settings = _busy(session, offer, now), _these_days(offer, now)
    return moment > now and is_free(one, other, settings, slot, length=CALL_MINUTES, booked=booked)


def _week(member: Membership) -> Week:
    windows = (Window(w.weekday, w.start_minute, w.end_minute) for w in member.person.windows)
    return Week(member.person.zone, tuple(windows))


def _persons(offer: Offer) -> set[str]:
    return {str(offer.mentor.person_id), str(offer.mentee.person_id)}


def _these_days(offer: Offer, now: datetime) -> Settings:
    """Return settings in which every week is like this one: a call does not recur, and a meeting blocks its hour."""
    today = now.date()
    settings = settings_of(offer.mentor.programme)
    return replace(settings, cadence="weekly", starts_on=today, ends_on=today + timedelta(days=2 * CALL_DAYS))


def _busy(session: Session, offer: Offer, now: datetime) -> list[Booking]:
    persons = _persons(offer)
    return [*read_bookings(bookings_of(session, persons)), *_calls(session, persons, now)]


def _calls(session: Session, persons: Iterable[str], now: datetime) -> list[Booking]:
    ids = [uuid.UUID(person) for person in sorted(persons)]
    mentor, mentee = aliased(Membership), aliased(Membership)
    rows = session.execute(
        select(OfferAsk.starts_at, mentor.person_id, mentee.person_id)
        .join(Offer, Offer.id == OfferAsk.offer_id)
        .join(mentor, mentor.id == Offer.mentor_id)
        .join(mentee, mentee.id == Offer.mentee_id)
        .where(Offer.state.in_(("open", "accepted")), OfferAsk.state == "taken")
        .where(OfferAsk.starts_at > now - timedelta(minutes=CALL_MINUTES))
        .where(or_(mentor.person_id.in_(ids), mentee.person_id.in_(ids)))
    )
    return [
        Booking(str(person), "UTC", _slot_of(starts_at, "UTC"), CALL_MINUTES)
        for starts_at, *both in rows
        for person in both
        if person in ids and starts_at is not None
    ]


def _slot_of(moment: datetime, zone: str) -> Slot:
    local = moment.astimezone(ZoneInfo(zone))
    return Slot(local.weekday(), 60 * local.hour + local.minute)


def _moment(slot: Slot, zone: str, now: datetime) -> datetime:
    """Return when a time of the week comes next, from tomorrow on."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    day = tomorrow + timedelta(days=(slot.weekday - tomorrow.weekday()) % 7)
    hour, minute = divmod(slot.start, 60)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)
