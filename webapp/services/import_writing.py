"""Writing an import's steps, many rows in one statement, and what it takes to undo them."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from webapp.models import (
    AuditEvent,
    AvailabilityWindow,
    EditOnBehalf,
    Membership,
    MenteeRequest,
    MentorOffer,
    Person,
    Profile,
)
from webapp.services.import_known import LIMITS, Known, in_parts, known_by_membership
from webapp.services.import_plan import Plan, Step
from webapp.services.passwords import NO_PASSWORD

# A part of a person, its table, and what the table knows her by.
TABLES: dict[str, tuple[Any, str]] = {
    "person": (Person, "id"),
    "profile": (Profile, "person_id"),
    "member": (Membership, "id"),
    "offer": (MentorOffer, "membership_id"),
    "request": (MenteeRequest, "membership_id"),
}


def write_plan(
    session: Session, programme_id: uuid.UUID, plan: Plan, *, by: uuid.UUID, now: datetime
) -> dict[str, Any]:
    """Write everything inside the caller's transaction; return how it can be undone: ids, digests, former values."""
    steps = [step for step in plan.steps if step.action not in {"same", "kept"}]
    people = {id(step): step.known.person_id if step.known else uuid.uuid4() for step in steps}
    members = {id(step): _membership_of(step) for step in steps}
    _add_people([(step, people[id(step)]) for step in steps if step.action == "new"], session, now)
    made = [step for step in steps if step.action in {"new", "invited"}]
    _insert(
        session,
        Membership,
        [
            {"id": members[id(s)], "person_id": people[id(s)], "programme_id": programme_id, **s.parts["member"]}
            for s in made
        ],
        now,
    )
    for name in ("offer", "request"):
        rows = [{"membership_id": members[id(step)], **step.parts[name]} for step in made if step.parts[name]]
        _insert(session, TABLES[name][0], rows, now)
    changed = [(step.known, step.parts) for step in steps if step.action in {"changed", "lowered"} and step.known]
    former = change_people(session, changed, now)
    _tell_lowered(session, programme_id, [step for step in steps if step.action == "lowered"], by, now)
    session.flush()  # before the digests are taken of what stands now
    kinds = {members[id(step)]: step.kind for step in steps}
    left: dict[uuid.UUID | None, Known] = {
        members[id(step)]: _as_written(step, people[id(step)], members[id(step)]) for step in made if not step.known
    }
    left |= known_by_membership(session, programme_id, [key for key in kinds if key not in left])
    return {
        "people": [str(people[id(step)]) for step in steps if step.action == "new"],
        "made": [str(members[id(step)]) for step in made],
        "marks": {str(key): [kind, left[key].digest(kind)] for key, kind in kinds.items()},
        "former": former,
    }


def change_people(
    session: Session, changes: Iterable[tuple[Known, dict[str, Any]]], now: datetime
) -> dict[str, dict[str, Any]]:
    """Bring parts of known people to these values; return the former ones by membership.

    A part of None is taken away; one that was not there is made. Like changes go out together.
    """
    former: dict[str, dict[str, Any]] = {}
    updates: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
    away: dict[str, list[uuid.UUID]] = {}
    new: dict[str, list[dict[str, Any]]] = {}
    windows: dict[uuid.UUID, list[list[int]]] = {}
    for known, parts in changes:
        was = former.setdefault(str(known.membership_id), {})
        for name, values in parts.items():
            if name == "windows":
                was[name], windows[known.person_id] = known.windows, values
                continue
            _table, column, key = _row_of(name, known)
            present = getattr(known, name)
            was[name] = present and {field: present[field] for field in values or present}
            if values is None:
                away.setdefault(name, []).append(key)
            elif present is None:
                new.setdefault(name, []).append({column: key, **values})
            else:
                row = {"key": key, **{f"new_{field}": value for field, value in values.items()}}
                updates.setdefault((name, tuple(values)), []).append(row)
    for (name, fields), rows in updates.items():
        _update(session, name, fields, rows)
    for name, keys in away.items():
        table, column = TABLES[name]
        for some in in_parts(keys):
            session.execute(delete(table).where(getattr(table, column).in_(some)), execution_options=_PLAIN)
    for name, rows in new.items():
        _insert(session, TABLES[name][0], rows, now)
    _set_windows(session, windows, now)
    return former


_PLAIN = {"synchronize_session": False}


def _row_of(name: str, known: Known) -> tuple[Any, str, uuid.UUID]:
    table, column = TABLES[name]
    key = known.person_id if table is Person or column == "person_id" else known.membership_id
    assert key is not None
    return table, column, key


def _update(session: Session, name: str, fields: Iterable[str], rows: list[dict[str, Any]]) -> None:
    table, column = TABLES[name][0].__table__, TABLES[name][1]
    values = {field: bindparam(f"new_{field}", type_=table.c[field].type) for field in fields}
    session.connection().execute(update(table).where(table.c[column] == bindparam("key")).values(values), rows)


def _set_windows(session: Session, windows: dict[uuid.UUID, list[list[int]]], now: datetime) -> None:
    """Replace the hours of these people."""
    for some in in_parts(windows):
        table = AvailabilityWindow
        session.execute(delete(table).where(table.person_id.in_(some)), execution_options=_PLAIN)
    _insert(session, AvailabilityWindow, _window_rows(windows.items()), now)


def _window_rows(windows: Iterable[tuple[uuid.UUID, list[list[int]]]]) -> list[dict[str, Any]]:
    return [
        {"person_id": key, "weekday": day, "start_minute": start, "end_minute": end}
        for key, stretches in windows
        for day, start, end in stretches
    ]


def _as_written(step: Step, person_id: uuid.UUID, membership_id: uuid.UUID) -> Known:
    """Return a new person as she will be found again: thousands need not be read back."""
    return Known(
        person_id=person_id,
        email=step.read.email,
        is_own=False,
        is_operator=False,
        elsewhere=0,
        membership_id=membership_id,
        **step.parts,
    )


def _membership_of(step: Step) -> uuid.UUID:
    known = step.known.membership_id if step.known else None
    return known or uuid.uuid4()


def _add_people(new: list[tuple[Step, uuid.UUID]], session: Session, now: datetime) -> None:
    rows = [
        {"id": key, "email": step.read.email, "password_hash": NO_PASSWORD, **step.parts["person"]} for step, key in new
    ]
    _insert(session, Person, rows, now)
    _insert(session, Profile, [{"person_id": key, **step.parts["profile"]} for step, key in new], now)
    _insert(session, AvailabilityWindow, _window_rows((key, step.parts["windows"]) for step, key in new), now)


def _insert(session: Session, table: Any, rows: list[dict[str, Any]], now: datetime) -> None:
    if rows:
        session.execute(insert(table), [{"created_at": now, **row} for row in rows])


def _tell_lowered(session: Session, programme_id: uuid.UUID, steps: list[Step], by: uuid.UUID, now: datetime) -> None:
    """Write down each limit of a mentor who has joined, for the log and for her: what it was, and what it is."""
    for step in steps:
        known = step.known
        assert known is not None
        before = {key: (known.offer or {}).get(key) for key in LIMITS if key in step.parts["offer"]}
        session.add(
            EditOnBehalf(membership_id=known.membership_id, by_person_id=by, fields=list(before), created_at=now)
        )
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="limits.lowered",
                subject=f"membership {known.membership_id}",
                facts={"before": before, "after": step.parts["offer"], "why": "import"},
                created_at=now,
            )
        )
