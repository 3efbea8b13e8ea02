"""What can be said of a pair that no solve proposed: why the two fit, and when they could meet."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from matcher.availability import Slot
from matcher.explain import reasons
from matcher.pool import Pool
from matcher.slots import first_slot
from webapp.engine.bookings import bookings_of
from webapp.engine.encode import mentee_record, mentor_record, settings_of, taxonomy_of
from webapp.engine.snapshots import read_bookings
from webapp.models import Membership


@dataclass(frozen=True)
class PairFacts:
    """Reasons as a proposal holds them, and a time in the mentor's zone, where there is one."""

    reasons: list[dict[str, Any]]
    slot: Slot | None


def describe_pair(session: Session, mentor: Membership, mentee: Membership) -> PairFacts:
    """Return the facts of one pair; the time is free of the meetings that either of them has already."""
    settings, taxonomy = settings_of(mentor.programme), taxonomy_of(mentor.programme)
    one, other = mentor_record(mentor, taxonomy), mentee_record(mentee, taxonomy)
    pool = Pool.build([one], [other], taxonomy)
    return PairFacts(
        reasons=[asdict(reason) for reason in reasons(pool, settings, 0, 0, viewer="coordinator")],
        slot=first_slot(
            one,
            other,
            settings,
            length=settings.meeting_length(other.minutes),
            booked=read_bookings(bookings_of(session, {one.person, other.person})),
        ),
    )
