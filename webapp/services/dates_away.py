"""Dates on which a person is not free although her week says so: on call, on holiday, busy for once.

They count where a date counts: the first meeting and the next one fall on the next date on which both are free. The
week itself stays as it is, and so does what rounds are computed from.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, AvailabilityException, Person
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.transaction import transaction
from webapp.services.week import DAY

MOST = 100  # that still lie ahead
FURTHEST = timedelta(days=3 * 366)
KINDS = ("on_call", "holiday", "busy")


@dataclass(frozen=True)
class Stretch:
    """Days, both ends included, and from which minute to which on each of them."""

    kind: str
    starts_on: date
    ends_on: date
    start: int = 0
    end: int = DAY

    @property
    def is_all_day(self) -> bool:
        return (self.start, self.end) == (0, DAY)

    @property
    def written(self) -> str:
        """The days and minutes as a page carries them along."""
        return f"{self.starts_on.isoformat()}/{self.ends_on.isoformat()}/{self.start}/{self.end}"


def read_stretch(text: str) -> Stretch | None:
    """Read such a text; None where it is none."""
    try:
        first, last, start, end = text.split("/")
        stretch = Stretch("busy", date.fromisoformat(first), date.fromisoformat(last), int(start), int(end))
    except ValueError:
        return None
    return stretch if 0 <= stretch.start < stretch.end <= DAY else None


@dataclass(frozen=True)
class Kept:
    id: uuid.UUID
    stretch: Stretch


def list_dates_away(session: Session, person_id: uuid.UUID, *, today: date) -> tuple[Kept, ...]:
    """Return what still lies ahead, the next first. One query."""
    rows = session.scalars(
        select(AvailabilityException)
        .where(AvailabilityException.person_id == person_id, AvailabilityException.ends_on >= today)
        .order_by(AvailabilityException.starts_on, AvailabilityException.start_minute, AvailabilityException.ends_on)
    )
    return tuple(
        Kept(row.id, Stretch(row.kind, row.starts_on, row.ends_on, row.start_minute, row.end_minute)) for row in rows
    )


def add_dates_away(session: Session, person_id: uuid.UUID, stretches: Sequence[Stretch], *, today: date) -> int:
    """Keep these, and return how many were not there before; what is there already is not said twice.

    Raises
    ------
    InvalidInputError
        `starts_on` or `ends_on` is "past", "order" or "far"; or there would be too "many" `dates`.

    """
    faults: dict[str, str] = {}
    for stretch in stretches:
        faults |= _faults(stretch, today)
    if faults:
        raise InvalidInputError(faults)
    with transaction(session):
        # Her own row's lock: two clicks at once come one after the other, and the second finds it there.
        if session.get(Person, person_id, with_for_update={"key_share": True}) is None:
            raise NotFoundError("person")
        mine = AvailabilityException.person_id == person_id
        said = select(
            AvailabilityException.starts_on,
            AvailabilityException.ends_on,
            AvailabilityException.start_minute,
            AvailabilityException.end_minute,
        )
        known = {tuple(row) for row in session.execute(said.where(mine))}
        fresh = {(s.starts_on, s.ends_on, s.start, s.end): s for s in stretches}
        fresh = {key: stretch for key, stretch in fresh.items() if key not in known}
        ahead = session.scalar(select(func.count()).where(mine, AvailabilityException.ends_on >= today)) or 0
        if ahead + len(fresh) > MOST:
            raise InvalidInputError({"dates": "many"})
        session.add_all(
            AvailabilityException(
                person_id=person_id,
                kind=stretch.kind,
                starts_on=stretch.starts_on,
                ends_on=stretch.ends_on,
                start_minute=stretch.start,
                end_minute=stretch.end,
            )
            for stretch in fresh.values()
        )
        if fresh:
            session.add(_event("away.added", person_id, len(fresh)))
        return len(fresh)


def remove_dates_away(session: Session, person_id: uuid.UUID, kept_id: uuid.UUID) -> None:
    """Be free again as the week says; NotFoundError where she said no such thing."""
    with transaction(session):
        row = session.scalars(
            select(AvailabilityException)
            .where(AvailabilityException.id == kept_id, AvailabilityException.person_id == person_id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFoundError("dates away")
        session.delete(row)
        session.add(_event("away.removed", person_id, 1))


def _faults(stretch: Stretch, today: date) -> dict[str, str]:
    if stretch.ends_on < stretch.starts_on:
        return {"ends_on": "order"}
    if stretch.ends_on < today:
        return {"ends_on": "past"}
    if stretch.ends_on > today + FURTHEST:
        return {"ends_on": "far"}
    return {}


def _event(action: str, person_id: uuid.UUID, number: int) -> AuditEvent:
    return AuditEvent(by_person_id=person_id, action=action, subject=f"person:{person_id}", facts={"number": number})
