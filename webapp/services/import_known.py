"""Whom an import meets: people who are known already, as plain values, some thousand at a time."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from webapp.models import AvailabilityWindow, Membership, MenteeRequest, MentorOffer, Person, Profile
from webapp.services.passwords import NO_PASSWORD

AT_ONCE = 500  # ids in one statement: both databases limit its parameters
PERSON = ("name", "pronouns", "zone")
PROFILE = ("institution", "city", "country", "stage", "specialties", "languages")
MEMBER = ("status", "is_mentor", "is_mentee")
OFFER = ("topics", "stages_welcome", "minutes_a_month", "places", "about", "is_provisional")
REQUEST = ("topics", "specialties", "mentors_wanted", "goal")
LIMITS = ("minutes_a_month", "places")


@dataclass(frozen=True)
class Known:
    """A person, and what this programme knows of her; a part is None where there is no such row."""

    person_id: uuid.UUID
    email: str
    is_own: bool  # she confirmed her address or has a password: what stands there she may have said herself
    is_operator: bool
    elsewhere: int  # memberships in other programmes
    membership_id: uuid.UUID | None
    person: dict[str, Any]
    profile: dict[str, Any] | None
    windows: list[list[int]]
    member: dict[str, Any] | None
    offer: dict[str, Any] | None
    request: dict[str, Any] | None

    def digest(self, kind: str) -> str:
        """Return a short hash of what must not have changed: `limits`, all of the `member`, or of the person too."""
        values: list[Any] = [{key: (self.offer or {}).get(key) for key in LIMITS}]
        if kind != "limits":
            values += [self.member, self.offer, self.request]
        if kind == "all":
            values += [self.is_own, self.person, self.profile, self.windows]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def known_by_email(session: Session, programme_id: uuid.UUID, emails: Iterable[str]) -> dict[str, Known]:
    """Return those of these addresses that belong to somebody."""
    return {
        known.email: known
        for some in in_parts(emails)
        for known in _load(session, programme_id, Person.email.in_(some))
    }


def known_by_membership(
    session: Session, programme_id: uuid.UUID, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID | None, Known]:
    """Return those of these members that are still there."""
    return {
        known.membership_id: known
        for some in in_parts(ids)
        for known in _load(session, programme_id, Membership.id.in_(some))
    }


def in_parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the values in lists that one statement can hold."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _load(session: Session, programme_id: uuid.UUID, which: ColumnElement[bool]) -> list[Known]:
    other = aliased(Membership)
    elsewhere = (
        select(func.count()).where(other.person_id == Person.id, other.programme_id != programme_id).scalar_subquery()
    )
    parts: list[tuple[Any, tuple[str, ...]]] = [
        (Person, PERSON),
        (Profile, PROFILE),
        (Membership, MEMBER),
        (MentorOffer, OFFER),
        (MenteeRequest, REQUEST),
    ]
    columns = [getattr(table, name) for table, names in parts for name in names]
    ids = [table.id for table, _ in parts]
    account = (Person.email, Person.password_hash, Person.email_verified_at, Person.is_operator, elsewhere)
    rows = session.execute(
        select(*ids, *account, *columns)
        .select_from(Person)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & (Membership.programme_id == programme_id))
        .outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
        .outerjoin(MenteeRequest, MenteeRequest.membership_id == Membership.id)
        .where(which)
    ).all()
    windows = _windows(session, [row[0] for row in rows])
    return [_known(row, parts, windows) for row in rows]


def _windows(session: Session, person_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[list[int]]]:
    found: dict[uuid.UUID, list[list[int]]] = {}
    table = AvailabilityWindow
    rows = session.execute(
        select(table.person_id, table.weekday, table.start_minute, table.end_minute)
        .where(table.person_id.in_(person_ids))
        .order_by(table.weekday, table.start_minute)
    )
    for person_id, *window in rows:
        found.setdefault(person_id, []).append(window)
    return found


def _known(row: Any, parts: list[tuple[Any, tuple[str, ...]]], windows: dict[uuid.UUID, list[list[int]]]) -> Known:
    ids, rest = row[: len(parts)], row[len(parts) :]
    email, password_hash, verified_at, is_operator, elsewhere = rest[:5]
    values, at = [], 5
    for key, (_table, names) in zip(ids, parts, strict=True):
        values.append(dict(zip(names, rest[at : at + len(names)], strict=True)) if key is not None else None)
        at += len(names)
    person, profile, member, offer, request = values
    return Known(
        person_id=ids[0],
        email=email,
        is_own=verified_at is not None or password_hash != NO_PASSWORD,
        is_operator=is_operator,
        elsewhere=elsewhere,
        membership_id=ids[2],
        person=person or {},
        profile=profile,
        windows=windows.get(ids[0], []),
        member=member,
        offer=offer,
        request=request,
    )
