"""Inviting people: who waits for her invitation, who has it since when, and the mails that carry personal links."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, Person, Programme
from webapp.services import outbox, tokens
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.logins import hash_token
from webapp.services.outbox import Letter
from webapp.services.passwords import NO_PASSWORD
from webapp.services.transaction import transaction

PAGE = 25
AT_ONCE = 500  # values in one list of a statement
OPEN = ("invited", "pending")  # states in which somebody may still be written to about joining


@dataclass(frozen=True)
class Guest:
    """Somebody to be invited by her address."""

    email: str
    name: str


@dataclass(frozen=True)
class Invited:
    id: uuid.UUID
    name: str
    email: str
    is_mentor: bool
    is_mentee: bool
    status: str
    invited_at: datetime | None
    reminded_at: datetime | None


@dataclass(frozen=True)
class InvitationPage:
    """Who will be invited, and one page of those who have been."""

    programme: str
    note: str
    waiting: int  # invited and never written to
    first: tuple[Invited, ...]  # the first of those who wait
    rows: tuple[Invited, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Outcome:
    """How many mails were written, and whom no mail went to, with the state of her membership."""

    sent: int
    left_out: tuple[tuple[str, str], ...] = ()


def read_invitations(session: Session, programme_id: uuid.UUID, *, page: int = 1) -> InvitationPage:
    """Return who waits for an invitation and who has one. Five queries."""
    programme = session.get_one(Programme, programme_id)
    waits, written = (
        _waits(programme_id),
        and_(Membership.programme_id == programme_id, Membership.invited_at.is_not(None)),
    )
    count = select(func.count(Membership.id))
    waiting, total = session.scalar(count.where(waits)) or 0, session.scalar(count.where(written)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    people = select(Membership, Person).join(Person, Person.id == Membership.person_id)
    by_name = (func.lower(Person.name), Membership.id)
    first = session.execute(people.where(waits).order_by(*by_name).limit(PAGE))
    latest = people.where(written).order_by(Membership.invited_at.desc(), *by_name)
    rows = session.execute(latest.limit(PAGE).offset((number - 1) * PAGE))
    return InvitationPage(
        programme=programme.name,
        note=programme.invitation_note,
        waiting=waiting,
        first=tuple(_line(*row) for row in first),
        rows=tuple(_line(*row) for row in rows),
        number=number,
        pages=pages,
        total=total,
    )


def invite_people(
    session: Session,
    programme_id: uuid.UUID,
    *,
    membership_ids: Collection[uuid.UUID] | None = None,
    note: str | None = None,
    at_most: int | None = None,
    by: uuid.UUID,
    now: datetime,
) -> int:
    """Write to everybody (or to these) who is invited and has no mail yet; return how many mails that makes.

    Twice the same sends once. Eight statements, whatever the number.

    Raises
    ------
    ConflictError
        There are more than `at_most`, the number that was confirmed; nothing is sent.

    """
    with transaction(session):
        _keep_note(session, programme_id, note)
        chosen = _claim(session, programme_id, membership_ids, now)
        if at_most is not None and len(chosen) > at_most:
            raise ConflictError("more_to_invite")
        _write(session, programme_id, chosen, by=by, now=now)
    return len(chosen)


def invite_by_address(
    session: Session,
    programme_id: uuid.UUID,
    guests: Sequence[Guest],
    *,
    is_mentor: bool,
    is_mentee: bool,
    note: str | None = None,
    by: uuid.UUID,
    now: datetime,
) -> Outcome:
    """Invite people by their addresses: an account that nobody can sign in to yet, a membership, a mail.

    Whoever takes part, has been written to or has left gets no mail; she is named in the outcome.
    """
    emails = list(dict.fromkeys(guest.email for guest in guests))
    names = {guest.email: guest.name for guest in guests}
    with transaction(session):
        _keep_note(session, programme_id, note)
        people = _people_by_email(session, emails)
        new = [email for email in emails if email not in people]
        made = {email: uuid.uuid4() for email in new}
        if made:
            rows = [{"id": made[e], "email": e, "name": names[e] or e.partition("@")[0]} for e in new]
            session.execute(insert(Person), [{**row, "password_hash": NO_PASSWORD, "created_at": now} for row in rows])
        ids = people | made
        known = _memberships(session, programme_id, ids.values())
        roles = {"is_mentor": is_mentor, "is_mentee": is_mentee}
        fresh = {person_id: uuid.uuid4() for person_id in ids.values() if person_id not in known}
        if fresh:
            facts = {"programme_id": programme_id, "status": "invited", "created_at": now, **roles}
            session.execute(insert(Membership), [{"id": m, "person_id": p, **facts} for p, m in fresh.items()])
        waiting = [m.id for m in known.values() if m.status == "invited" and m.invited_at is None]
        chosen = _claim(session, programme_id, [*fresh.values(), *waiting], now)
        _write(session, programme_id, chosen, by=by, now=now)
        sent = {person_id for _id, person_id in chosen}
        left_out = tuple((email, known[ids[email]].status) for email in emails if ids[email] not in sent)
    return Outcome(len(chosen), left_out)


def write_invitation(
    session: Session,
    membership_ids: Iterable[tuple[uuid.UUID, uuid.UUID]],
    template: str,
    *,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Write these (membership, person) a mail with a new personal link, inside the caller's transaction."""
    rows = list(membership_ids)
    secrets = tokens.issue_many(session, [person_id for _id, person_id in rows], "invitation", now=now)
    outbox.write_all(
        session,
        [
            Letter(
                template=template,
                person_id=person_id,
                params={
                    "membership_id": str(membership_id),
                    "by_person_id": str(by),
                    "token": secrets[person_id],
                },
                # What keeps a second click from sending is the claim on the membership, which is made once.
                unique_key=f"{template}:{membership_id}:{hash_token(secrets[person_id])[:32]}",
            )
            for membership_id, person_id in rows
        ],
    )


def _waits(programme_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        Membership.programme_id == programme_id, Membership.status == "invited", Membership.invited_at.is_(None)
    )


def _claim(
    session: Session, programme_id: uuid.UUID, membership_ids: Collection[uuid.UUID] | None, now: datetime
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Mark those who wait as invited and return their ids with their people's; who was marked before is not here."""
    statement = update(Membership).where(_waits(programme_id)).values(invited_at=now)
    returning = statement.returning(Membership.id, Membership.person_id).execution_options(synchronize_session=False)
    if membership_ids is None:
        return [(row.id, row.person_id) for row in session.execute(returning)]
    ids, found = list(membership_ids), []
    for start in range(0, len(ids), AT_ONCE):
        some = returning.where(Membership.id.in_(ids[start : start + AT_ONCE]))
        found += [(row.id, row.person_id) for row in session.execute(some)]
    return found


def _write(
    session: Session,
    programme_id: uuid.UUID,
    chosen: list[tuple[uuid.UUID, uuid.UUID]],
    *,
    by: uuid.UUID,
    now: datetime,
) -> None:
    if not chosen:
        return
    write_invitation(session, chosen, "invitation", by=by, now=now)
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=programme_id,
            action="people.invited",
            subject=f"programme:{programme_id}",
            facts={"people": len(chosen)},
            created_at=now,
        )
    )


def _keep_note(session: Session, programme_id: uuid.UUID, note: str | None) -> None:
    """Keep the coordinator's own sentence with the programme: mails carry ids, never text."""
    if session.get(Programme, programme_id) is None:
        raise NotFoundError("programme")
    if note is not None:
        session.execute(update(Programme).where(Programme.id == programme_id).values(invitation_note=note))


def _people_by_email(session: Session, emails: list[str]) -> dict[str, uuid.UUID]:
    found: dict[str, uuid.UUID] = {}
    for start in range(0, len(emails), AT_ONCE):
        some = Person.email.in_(emails[start : start + AT_ONCE])
        found |= {row.email: row.id for row in session.execute(select(Person.email, Person.id).where(some))}
    return found


def _memberships(
    session: Session, programme_id: uuid.UUID, person_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, Membership]:
    ids = list(person_ids)
    found: dict[uuid.UUID, Membership] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(Membership).where(
            Membership.programme_id == programme_id, Membership.person_id.in_(ids[start : start + AT_ONCE])
        )
        found |= {m.person_id: m for m in session.scalars(query.execution_options(populate_existing=True))}
    return found


def _line(membership: Membership, person: Person) -> Invited:
    return Invited(
        id=membership.id,
        name=person.name,
        email=person.email,
        is_mentor=membership.is_mentor,
        is_mentee=membership.is_mentee,
        status=membership.status,
        invited_at=membership.invited_at,
        reminded_at=membership.reminded_at,
    )
