"""What a coordinator may change for somebody who asks her to: facts, hours, and limits downwards. Each is marked."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from webapp.models import (
    AuditEvent,
    AvailabilityWindow,
    EditOnBehalf,
    Membership,
    OutboxMessage,
    Person,
    Profile,
)
from webapp.services import outbox, tokens
from webapp.services.errors import ConflictError, ForbiddenError, InvalidInputError
from webapp.services.invitations import OPEN, write_invitation
from webapp.services.ledger import lock_time
from webapp.services.members import load_member
from webapp.services.students import awaits_word
from webapp.services.transaction import transaction
from webapp.services.week import Window, merge

OF_PERSON = ("name", "zone")
OF_PROFILE = ("institution", "city", "stage", "specialties", "languages")
LIMITS = {"minutes_a_month": "offer", "places": "offer", "mentors_wanted": "request"}


@dataclass(frozen=True)
class Editable:
    """What a coordinator may change for one person, as it stands."""

    id: uuid.UUID
    person_id: uuid.UUID
    email: str
    is_confirmed: bool
    status: str
    is_mentor: bool
    is_mentee: bool
    values: Mapping[str, Any]
    windows: tuple[Window, ...]
    awaits_word: bool  # she takes part as a student, and has still to say that she is an adult

    @property
    def may_edit(self) -> bool:
        """Whoever has an account of her own is not changed by a programme that she has not said yes to."""
        return self.status in {"active", "paused", "pending"} or (self.status == "invited" and not self.is_confirmed)

    @property
    def fingerprint(self) -> str:
        """Return a short hash, by which a form knows whether somebody else saved since it was opened."""
        text = json.dumps(self.values, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_editable(session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID) -> Editable:
    """Return what may be changed; for people of other programmes there is nothing."""
    return _editable(load_member(session, programme_id, membership_id))


def edit_member(
    session: Session,
    programme_id: uuid.UUID,
    membership_id: uuid.UUID,
    wanted: Mapping[str, Any],
    *,
    fingerprint: str,
    by: uuid.UUID,
    now: datetime,
) -> tuple[str, ...]:
    """Change facts and lower limits on somebody's behalf; returns the names of what changed.

    Raises
    ------
    ForbiddenError
        She has an account and has not said yes to this programme.
    ConflictError
        She, or another coordinator, changed something since the form was opened.
    InvalidInputError
        A limit would be raised: only she may do that.

    """
    with transaction(session):
        membership = _lock(session, programme_id, membership_id)
        before = _editable(membership)
        if not before.may_edit:
            raise ForbiddenError("not hers to change yet")
        if before.fingerprint != fingerprint:
            raise ConflictError("member")
        changed = {key: value for key, value in wanted.items() if before.values.get(key) != value}
        faults = {key: "raised" for key in LIMITS if key in changed and not _is_lower(before.values[key], changed[key])}
        if faults:
            raise InvalidInputError(faults)
        for key, value in changed.items():
            setattr(_holder(membership, key), key, value)
        if changed:
            limits = {key: before.values[key] for key in LIMITS if key in changed}
            facts = {"before": limits} if limits else {}
            mark(session, membership, sorted(changed), "member.edited", by=by, now=now, **facts)
        if "stage" in changed and membership.joined_at is not None and awaits_word(membership):
            outbox.write(
                session,
                template="age_asked",
                person_id=membership.person_id,
                params={"membership_id": str(membership.id)},
                unique_key=f"age_asked:{membership.id}:{now:%Y%m%d%H%M%S}",
            )
    return tuple(sorted(changed))


def edit_member_hours(
    session: Session,
    programme_id: uuid.UUID,
    membership_id: uuid.UUID,
    *,
    windows: Sequence[Window],
    zone: str,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Replace the hours of somebody's week on her behalf."""
    with transaction(session):
        membership = _lock(session, programme_id, membership_id)
        if not _editable(membership).may_edit:
            raise ForbiddenError("not hers to change yet")
        person = membership.person
        person.zone = zone
        session.execute(delete(AvailabilityWindow).where(AvailabilityWindow.person_id == person.id))
        session.add_all(
            AvailabilityWindow(person_id=person.id, weekday=w.weekday, start_minute=w.start, end_minute=w.end)
            for w in merge(windows)
        )
        session.flush()  # before the person's own list is forgotten, so that the new rows stand
        session.expire(person, ["windows"])
        mark(session, membership, ["hours"], "member.edited", by=by, now=now)


def correct_address(
    session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID, email: str, *, by: uuid.UUID, now: datetime
) -> None:
    """Give somebody who never confirmed an address another one, and invite her there if she was invited before.

    Links that went to the old address are worthless from now on: whoever reads it is not she.

    Raises
    ------
    ForbiddenError
        She confirmed her address, or another programme knows her by it too.
    InvalidInputError
        The address has an account already.

    """
    with transaction(session):
        membership = _lock(session, programme_id, membership_id)
        person = membership.person
        elsewhere = exists().where(Membership.person_id == person.id, Membership.id != membership_id)
        if person.email_verified_at is not None or person.is_operator or session.scalar(select(elsewhere)):
            raise ForbiddenError("the address is hers")
        if email == person.email:
            return
        if session.scalar(select(exists().where(Person.email == email))):
            raise InvalidInputError({"email": "taken"})
        person.email = email
        tokens.withdraw(session, person.id, "invitation", "reset", "verify")
        not_out = (OutboxMessage.person_id == person.id, OutboxMessage.state != "sent")
        session.execute(delete(OutboxMessage).where(*not_out))
        if membership.status in OPEN and membership.invited_at is not None:
            membership.invited_at = now
            write_invitation(session, [(membership.id, person.id)], "invitation", by=by, now=now)
        mark(session, membership, ["email"], "member.address_corrected", by=by, now=now)


def mark(
    session: Session,
    membership: Membership,
    fields: list[str],
    action: str,
    *,
    by: uuid.UUID,
    now: datetime,
    **facts: object,
) -> None:
    """Write down who changed what for her: for her to see, and for the log; inside the caller's transaction."""
    if membership.person_id != by:
        session.add(EditOnBehalf(membership_id=membership.id, by_person_id=by, fields=fields, created_at=now))
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=membership.programme_id,
            action=action,
            subject=f"membership:{membership.id}",
            facts={"fields": fields, **facts},
            created_at=now,
        )
    )


def _lock(session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    """Return the membership with her time and her person locked, time first as everywhere."""
    lock_time(session, [membership_id])
    mine = select(Membership.person_id).where(Membership.id == membership_id, Membership.programme_id == programme_id)
    session.execute(select(Person.id).where(Person.id.in_(mine)).with_for_update(key_share=True)).all()
    return load_member(session, programme_id, membership_id)


def _editable(membership: Membership) -> Editable:
    person = membership.person
    values: dict[str, Any] = {key: getattr(person, key) for key in OF_PERSON}
    values |= {key: getattr(person.profile, key) if person.profile else "" for key in OF_PROFILE}
    values |= {key: list(values[key] or ()) for key in ("specialties", "languages")}
    if membership.is_mentor and membership.offer:
        said = {key: getattr(membership.offer, key) for key in ("minutes_a_month", "places")}
        values |= {key: value for key, value in said.items() if value}  # 0 is what a file left open: hers to say
    if membership.is_mentee and membership.request:
        values["mentors_wanted"] = membership.request.mentors_wanted
    return Editable(
        id=membership.id,
        person_id=person.id,
        email=person.email,
        is_confirmed=person.email_verified_at is not None,
        status=membership.status,
        is_mentor=membership.is_mentor,
        is_mentee=membership.is_mentee,
        values=values,
        windows=tuple(Window(w.weekday, w.start_minute, w.end_minute) for w in person.windows),
        awaits_word=membership.joined_at is not None and awaits_word(membership),
    )


def _is_lower(old: int, new: int) -> bool:
    return 0 < new < old


def _holder(membership: Membership, key: str) -> Any:
    """Return the row that holds a field."""
    if key in LIMITS:
        return membership.offer if LIMITS[key] == "offer" else membership.request
    if key in OF_PERSON:
        return membership.person
    if membership.person.profile is None:
        membership.person.profile = Profile(person_id=membership.person_id)
    return membership.person.profile
