"""Taking data out of a programme: a table of its people, proposals, offers, pairs or minutes as a file."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, AvailabilityWindow, Membership, Programme, Round, Scenario
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.export_columns import COLUMNS, WEEKDAYS
from webapp.services.export_files import WRITERS
from webapp.services.export_queries import AT_ONCE, QUERIES, Order
from webapp.services.transaction import transaction
from webapp.services.week import clock


@dataclass(frozen=True)
class Export:
    """What was written, and the name of the file."""

    filename: str
    rows: int


# Reasons as they are stored, as sentences.
Words = Callable[[Iterable[Mapping[str, Any]]], list[str]]


def take_out(
    session: Session,
    programme_id: uuid.UUID,
    order: Order,
    *,
    into: IO[bytes],
    words: Words,
    by: uuid.UUID,
    now: datetime,
) -> Export:
    """Write the rows into the file, and who took them in the audit log. Four queries, however many rows there are.

    Raises
    ------
    NotFoundError
        The programme has no such round or scenario.
    InvalidInputError
        `what` or `kind` is not known.

    """
    if order.what not in COLUMNS or order.kind not in WRITERS:
        raise InvalidInputError({"what": "unknown"})
    _check_ids(session, programme_id, order)
    programme = session.get(Programme, programme_id)
    if programme is None:
        raise NotFoundError(f"programme {programme_id}")
    slug, zone = programme.slug, ZoneInfo(programme.zone)
    chosen = COLUMNS[order.what]
    query = QUERIES[order.what](programme_id, order).execution_options(yield_per=AT_ONCE)
    changes: list[Callable[[Any], Any] | None] = [column.change for column in chosen]
    for number, column in enumerate(chosen):
        if column.name == "hours":
            changes[number] = _hours(session, programme_id).get
        elif column.name == "reasons":
            changes[number] = words
    names = [*(column.name for column in chosen), "times_in"]
    about = {"programme": slug, "what": order.what, "made_at": _plain(now, zone), "times_in": zone.key}
    number = WRITERS[order.kind](into, names, _lines(session.execute(query), changes, zone), about)
    with transaction(session):
        session.add(_note(programme_id, order, number, by=by, now=now))
    day = now.astimezone(zone).date().isoformat()
    return Export(f"{slug}-{order.what}-{day}.{order.kind}", number)


def _lines(
    rows: Iterable[Sequence[Any]], changes: Sequence[Callable[[Any], Any] | None], zone: ZoneInfo
) -> Iterator[list[Any]]:
    for row in rows:
        line = [
            _plain(value if change is None else change(value), zone) for value, change in zip(row, changes, strict=True)
        ]
        line.append(zone.key)
        yield line


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _note(programme_id: uuid.UUID, order: Order, rows: int, *, by: uuid.UUID, now: datetime) -> AuditEvent:
    subject = f"round:{order.round_id}" if order.round_id else f"programme:{programme_id}"
    if order.scenario_id:
        subject = f"scenario:{order.scenario_id}"
    filters = {name: getattr(order, name) for name in ("role", "status") if getattr(order, name)}
    return AuditEvent(
        by_person_id=by,
        programme_id=programme_id,
        action=f"export.{order.what}",
        subject=subject,
        facts={"rows": rows, "kind": order.kind, **filters},
        created_at=now,
    )


def _check_ids(session: Session, programme_id: uuid.UUID, order: Order) -> None:
    """Refuse a round or scenario of another programme, and proposals of no scenario at all."""
    if order.what == "proposals" or order.scenario_id:
        here = select(Scenario.id).join(Round, Round.id == Scenario.round_id)
        if session.scalar(here.where(Scenario.id == order.scenario_id, Round.programme_id == programme_id)) is None:
            raise NotFoundError(f"scenario {order.scenario_id}")
    elif order.round_id:
        one = select(Round.id).where(Round.id == order.round_id, Round.programme_id == programme_id)
        if session.scalar(one) is None:
            raise NotFoundError(f"round {order.round_id}")


def _hours(session: Session, programme_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Return everybody's hours as the engine's files have them: "Mon 17:00-19:00; Tue 06:30-08:00"."""
    window = AvailabilityWindow
    rows = session.execute(
        select(window.person_id, window.weekday, window.start_minute, window.end_minute)
        .join(Membership, Membership.person_id == window.person_id)
        .where(Membership.programme_id == programme_id)
        .order_by(window.person_id, window.weekday, window.start_minute)
        .execution_options(yield_per=AT_ONCE)
    )
    hours: dict[uuid.UUID, str] = {}
    for person_id, weekday, start, end in rows:
        text = f"{WEEKDAYS[weekday]} {clock(start)}-{clock(end)}"
        hours[person_id] = f"{hours[person_id]}; {text}" if person_id in hours else text
    return hours


@dataclass(frozen=True)
class Choice:
    """A scenario whose pairs can be taken out, with the round it is of."""

    round_id: uuid.UUID
    round: str
    published_at: datetime | None
    scenario_id: uuid.UUID | None
    scenario: str


def export_choices(session: Session, programme_id: uuid.UUID) -> list[Choice]:
    """Return the programme's rounds with their solved scenarios, the latest first. One query."""
    solved = and_(Scenario.round_id == Round.id, Scenario.status.in_(("solved", "stale")))
    rows = session.execute(
        select(Round.id, Round.name, Round.published_at, Scenario.id, func.coalesce(Scenario.name, ""))
        .outerjoin(Scenario, solved)
        .where(Round.programme_id == programme_id)
        .order_by(Round.created_at.desc(), Round.id, Scenario.created_at.desc(), Scenario.id)
    )
    return [Choice(*row) for row in rows]
