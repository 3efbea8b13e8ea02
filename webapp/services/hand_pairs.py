"""What can be said of a pair that no solve proposed: why the two fit, and when they could meet."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from matcher.availability import Slot, in_zone
from matcher.explain import reasons
from matcher.pool import Pool, Window
from matcher.slots import first_slot
from webapp.engine.encode import mentee_record, mentor_record, settings_of
from webapp.models import Membership, Offer, Programme

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class PairFacts:
    """Reasons as a proposal holds them, and a weekly time in the mentor's zone, where there is one."""

    reasons: list[dict[str, Any]]
    weekday: int | None
    minute: int | None


def describe_pair(session: Session, mentor: Membership, mentee: Membership, *, now: datetime) -> PairFacts:
    """Return the facts of one pair; the time is free of the meetings that either of them has already."""
    programme = mentor.programme
    settings = settings_of(programme)
    one, other = mentor_record(mentor), mentee_record(mentee)
    pool = Pool.build([one], [other])
    on = max(programme.starts_on, now.astimezone(ZoneInfo(programme.zone)).date())
    slot = first_slot(
        one,
        other,
        settings,
        length=settings.meeting_length(other.minutes),
        mentor_busy=list(_busy(session, mentor, on)),
        mentee_busy=list(_busy(session, mentee, on)),
    )
    return PairFacts(
        reasons=[asdict(reason) for reason in reasons(pool, settings, 0, 0, viewer="coordinator")],
        weekday=slot.weekday if slot else None,
        minute=slot.start if slot else None,
    )


def _busy(session: Session, member: Membership, on: date) -> Iterator[Window]:
    """Yield when a person meets others, in all her programmes and roles, on her own clock as it stands on that day."""
    mine = select(Membership.id).where(Membership.person_id == member.person_id)
    offers = session.scalars(
        select(Offer)
        .where(Offer.holds_minutes, Offer.slot_weekday.is_not(None))
        .where(or_(Offer.mentor_id.in_(mine), Offer.mentee_id.in_(mine)))
        .options(
            joinedload(Offer.mentor).joinedload(Membership.person),
            joinedload(Offer.mentor).joinedload(Membership.programme),
        )
    )
    for offer in offers:
        assert offer.slot_weekday is not None
        assert offer.slot_minute is not None
        slot = in_zone(Slot(offer.slot_weekday, offer.slot_minute), offer.mentor.person.zone, member.person.zone, on)
        yield from _window(slot, offer.mentor.programme)


def _window(slot: Slot, programme: Programme) -> Iterator[Window]:
    end = slot.start + programme.meeting_minutes
    yield Window(slot.weekday, slot.start, min(end, MINUTES_A_DAY))
    if end > MINUTES_A_DAY:
        yield Window((slot.weekday + 1) % 7, 0, end - MINUTES_A_DAY)
