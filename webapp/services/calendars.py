"""Calendar files (RFC 5545) of a first meeting and a first call: one event, in UTC, that keeps its name for life."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.engine.meeting_times import CALL_MINUTES
from webapp.models import Mentorship, OfferAsk
from webapp.services.errors import NotFoundError
from webapp.services.my_offers import OfferFound
from webapp.services.slots import EVERY, first_day, first_meeting


@dataclass(frozen=True)
class Entry:
    """An event without its words; a later `sequence` under the same `uid` takes the place of an earlier one."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    stamp: datetime
    sequence: int
    place: str = ""


def first_meeting_entry(session: Session, found: OfferFound, *, host: str) -> Entry:
    """Return the first meeting of a pair.

    Raises
    ------
    NotFoundError
        The two are no pair yet, or choose their hour together.

    """
    offer = found.offer
    pair = session.scalars(select(Mentorship).where(Mentorship.offer_id == offer.id)).one_or_none()
    if pair is None or pair.status not in {"active", "paused"} or pair.slot_weekday is None or pair.slot_minute is None:
        raise NotFoundError("first meeting")
    zone = offer.mentor.person.zone
    meeting = first_meeting(
        pair.slot_weekday,
        pair.slot_minute,
        pair.meeting_minutes,
        kept_in=zone,
        reader="UTC",
        other="UTC",
        not_before=first_day(offer.mentor.programme.starts_on, pair.created_at, zone),
        week=pair.slot_week,
        every=EVERY[pair.cadence],
    )
    changes = _count(session, OfferAsk.offer_id == offer.id, OfferAsk.kind == "hour", OfferAsk.state == "taken")
    return Entry(f"meeting-{offer.id}@{host}", meeting.starts_at, meeting.ends_at, pair.created_at, changes)


def call_entry(session: Session, found: OfferFound, *, host: str) -> Entry:
    """Return the call that the two agreed on.

    Raises
    ------
    NotFoundError
        They have agreed on none, or it was called off.

    """
    query = select(OfferAsk).where(OfferAsk.offer_id == found.offer.id, OfferAsk.kind == "call")
    call = session.scalars(query.where(OfferAsk.state == "taken")).first()
    if call is None or call.starts_at is None or found.offer.state not in {"open", "accepted"}:
        raise NotFoundError("call")
    before = _count(session, OfferAsk.offer_id == found.offer.id, OfferAsk.starts_at.is_not(None)) - 1
    ends_at = call.starts_at + timedelta(minutes=CALL_MINUTES)
    return Entry(
        f"call-{found.offer.id}@{host}", call.starts_at, ends_at, call.closed_at or call.created_at, before, call.place
    )


def write_calendar(entry: Entry, *, summary: str, description: str) -> bytes:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", summary)
    event.add("description", description)
    if entry.place:
        event.add("location", entry.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Mosaic//Mentoring//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _count(session: Session, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(OfferAsk).where(*conditions)) or 0  # type: ignore[arg-type]
