"""The ledger of mentors' minutes: reserved, returned, and the sums that must agree with it.

These functions run inside a transaction of their caller; a use case reserves and tells why in the same breath.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, Select, Uuid, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningUpdate

from webapp.models import Membership, MentorOffer, Person, Programme, TimeEntry
from webapp.services.errors import NoRoomError, NotFoundError


@dataclass(frozen=True)
class LedgerFault:
    """A mentor whose rows of the ledger do not add up to what her offer says is reserved."""

    mentor_offer_id: uuid.UUID
    ledger_minutes: int
    ledger_places: int
    reserved_minutes: int
    reserved_places: int


def lock_time(session: Session, mentor_ids: Iterable[uuid.UUID]) -> None:
    """Lock every offer of time of the people behind these mentors' memberships, in the order of their ids.

    A cap over all programmes is counted on all of a person's rows, so all of them are locked; one order for
    everybody, so that no two transactions wait for each other. On SQLite the writer is alone already.
    """
    people = select(Membership.person_id).where(Membership.id.in_(list(mentor_ids)))
    session.execute(_lock(select(MentorOffer.id).join(Membership).where(Membership.person_id.in_(people)))).all()


def lock_programme_time(session: Session, programme_id: uuid.UUID) -> None:
    """Lock every offer of time in a programme, in the same order, for what changes many of them at once."""
    session.execute(_lock(select(MentorOffer.id).join(Membership).where(Membership.programme_id == programme_id))).all()


def reserve(
    session: Session, mentor_offer_id: uuid.UUID, minutes: int, *, offer_id: uuid.UUID | None, why: str, now: datetime
) -> None:
    """Take one place and these minutes a month of a mentor's time, and write it down.

    Raises
    ------
    NoRoomError
        Her minutes, her places or her cap over all programmes do not hold it; `what` says which.

    """
    _lock_one(session, mentor_offer_id)
    starts_on = _starts_on(session, mentor_offer_id)
    reserve_locked(session, mentor_offer_id, minutes, offer_id=offer_id, starts_on=starts_on, why=why, now=now)


def reserve_locked(
    session: Session,
    mentor_offer_id: uuid.UUID,
    minutes: int,
    *,
    offer_id: uuid.UUID | None,
    starts_on: date,
    why: str,
    now: datetime,
    places: int = 1,
) -> None:
    """Do as `reserve` does, for a caller who holds the lock and knows the programme's first day: one statement.

    `places` is 0 for one talk or a shadow day: it takes minutes, and nobody's place.
    """
    if not _changed(session, _RESERVE, mentor_offer_id, minutes, places):
        raise NoRoomError(_what_is_short(session, mentor_offer_id, minutes, places))
    # One talk takes minutes of this month, whenever the pairs of the programme begin.
    day = max(now.date(), starts_on) if places else now.date()
    _write(session, "reserved", mentor_offer_id, minutes, places, offer_id=offer_id, day=day, why=why, now=now)


def release(
    session: Session,
    mentor_offer_id: uuid.UUID,
    minutes: int,
    *,
    offer_id: uuid.UUID | None,
    why: str,
    now: datetime,
    places: int = 1,
) -> None:
    """Give one place and these minutes a month back to the mentor, and write it down; `places` as it was reserved.

    Raises
    ------
    NoRoomError
        That much is not reserved: something was about to be returned twice.

    """
    if not _changed(session, _RELEASE, mentor_offer_id, minutes, places):
        raise NoRoomError("reserved")
    day = max(now.date(), _starts_on(session, mentor_offer_id)) if places else now.date()
    _write(session, "returned", mentor_offer_id, minutes, places, offer_id=offer_id, day=day, why=why, now=now)


def spend(
    session: Session,
    mentor_offer_id: uuid.UUID,
    minutes: int,
    *,
    offer_id: uuid.UUID,
    on: date,
    why: str,
    now: datetime,
) -> None:
    """Write down minutes that were really given on a day, in its month; what is reserved stays as it is.

    There is no limit to it: what is true is recorded, and an overrun is shown.
    """
    _write(session, "spent", mentor_offer_id, minutes, 0, offer_id=offer_id, day=on, why=why, now=now)


def audit_ledger(session: Session) -> list[LedgerFault]:
    """Return every mentor's offer whose reserved numbers differ from the sum of its ledger."""
    sign = case((TimeEntry.kind == "reserved", 1), (TimeEntry.kind == "returned", -1), else_=0)
    minutes = func.coalesce(func.sum(sign * TimeEntry.minutes), 0)
    places = func.coalesce(func.sum(sign * TimeEntry.places), 0)
    rows = session.execute(
        select(MentorOffer.id, minutes, places, MentorOffer.reserved_minutes, MentorOffer.reserved_places)
        .outerjoin(TimeEntry, TimeEntry.mentor_offer_id == MentorOffer.id)
        .group_by(MentorOffer.id)
        .having(or_(minutes != MentorOffer.reserved_minutes, places != MentorOffer.reserved_places))
        .order_by(MentorOffer.id)
    )
    return [LedgerFault(*row) for row in rows]


def _lock(query: Select[uuid.UUID]) -> Select[uuid.UUID]:
    # Without the key: a row that refers to this mentor may be written meanwhile by somebody else.
    return query.order_by(MentorOffer.id).with_for_update(of=MentorOffer, key_share=True)


def _lock_one(session: Session, mentor_offer_id: uuid.UUID) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return
    membership_id = session.scalar(select(MentorOffer.membership_id).where(MentorOffer.id == mentor_offer_id))
    if membership_id is not None:
        lock_time(session, [membership_id])


_TIME, _MINUTES = bindparam("time", type_=Uuid()), bindparam("minutes", type_=Integer())
_PLACES = bindparam("taken", type_=Integer())


def _within_cap() -> ColumnElement[bool]:
    """Whether the person's minutes over all her programmes hold this too; a person without a cap always does."""
    mine, hers = aliased(Membership), aliased(Membership)
    other, offer = aliased(MentorOffer), aliased(MentorOffer)
    reserved = (
        select(func.sum(other.reserved_minutes) + _MINUTES)
        .join(hers, hers.id == other.membership_id)
        .where(hers.person_id == Person.id)
        .scalar_subquery()
    )
    return (
        select(Person.id)
        .join(mine, mine.person_id == Person.id)
        .join(offer, offer.membership_id == mine.id)
        .where(offer.id == _TIME, or_(Person.minutes_cap.is_(None), reserved <= Person.minutes_cap))
        .exists()
    )


# Built once: a round makes thousands of reservations, and building the statement takes longer than running it.
_RESERVE = (
    update(MentorOffer)
    .where(
        MentorOffer.id == _TIME,
        MentorOffer.is_provisional.is_(False),
        MentorOffer.reserved_minutes + _MINUTES <= MentorOffer.minutes_a_month,
        or_(
            _PLACES == 0,
            and_(MentorOffer.gives_mentoring, MentorOffer.reserved_places + _PLACES <= MentorOffer.places),
        ),
        _within_cap(),
    )
    .values(
        reserved_minutes=MentorOffer.reserved_minutes + _MINUTES, reserved_places=MentorOffer.reserved_places + _PLACES
    )
    .returning(MentorOffer.id)
    .execution_options(synchronize_session=False)
)
_RELEASE = (
    update(MentorOffer)
    .where(MentorOffer.id == _TIME, MentorOffer.reserved_minutes >= _MINUTES, MentorOffer.reserved_places >= _PLACES)
    .values(
        reserved_minutes=MentorOffer.reserved_minutes - _MINUTES, reserved_places=MentorOffer.reserved_places - _PLACES
    )
    .returning(MentorOffer.id)
    .execution_options(synchronize_session=False)
)


def _changed(
    session: Session, statement: ReturningUpdate[uuid.UUID], mentor_offer_id: uuid.UUID, minutes: int, places: int
) -> bool:
    values = {"time": mentor_offer_id, "minutes": minutes, "taken": places}
    changed = session.execute(statement, values).first()
    known = session.identity_map.get(identity_key(MentorOffer, mentor_offer_id))
    if known is not None:
        session.expire(known, ["reserved_minutes", "reserved_places"])
    return changed is not None


def _what_is_short(session: Session, mentor_offer_id: uuid.UUID, minutes: int, places: int) -> str:
    row = session.execute(
        select(
            MentorOffer.minutes_a_month,
            MentorOffer.places,
            MentorOffer.reserved_minutes,
            MentorOffer.reserved_places,
            MentorOffer.gives_mentoring,
        ).where(MentorOffer.id == mentor_offer_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"mentor_offer {mentor_offer_id}")
    if places and (not row.gives_mentoring or row.reserved_places + places > row.places):
        return "places"
    return "minutes" if row.reserved_minutes + minutes > row.minutes_a_month else "cap"


def _starts_on(session: Session, mentor_offer_id: uuid.UUID) -> date:
    """Return the first day of the programme that a mentor gives this time in."""
    starts_on = session.scalar(
        select(Programme.starts_on)
        .join(Membership, Membership.programme_id == Programme.id)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .where(MentorOffer.id == mentor_offer_id)
    )
    if starts_on is None:
        raise NotFoundError(f"mentor_offer {mentor_offer_id}")
    return starts_on


def _write(
    session: Session,
    kind: str,
    mentor_offer_id: uuid.UUID,
    minutes: int,
    places: int,
    *,
    offer_id: uuid.UUID | None,
    day: date,
    why: str,
    now: datetime,
) -> None:
    session.add(
        TimeEntry(
            mentor_offer_id=mentor_offer_id,
            offer_id=offer_id,
            kind=kind,
            minutes=minutes,
            places=places,
            why=why,
            month=date(day.year, day.month, 1),
            created_at=now,
        )
    )
