"""Reminding whoever has not finished joining: one person, or all that a filter finds; nobody twice in three days."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, Person
from webapp.services.errors import ConflictError
from webapp.services.invitations import write_invitation
from webapp.services.people_query import PeopleQuery, conditions, is_unfinished, joined, mail_fails
from webapp.services.transaction import transaction

PAUSE = timedelta(days=3)
SHOWN = 25


@dataclass(frozen=True)
class ReminderFacts:
    """Whom a reminder would go to, and why the others of the same filter get none."""

    due: int
    names: tuple[str, ...]  # the first of them
    lately: int  # had a mail of this kind in the last three days
    unsent: int  # have not been invited yet
    failing: int  # their mails do not arrive


def read_reminders(
    session: Session,
    programme_id: uuid.UUID,
    query: PeopleQuery,
    *,
    membership_id: uuid.UUID | None = None,
    now: datetime,
) -> ReminderFacts:
    """Count whom a reminder goes to. Five queries."""
    chosen = _chosen(programme_id, query, membership_id)

    def count(*more: ColumnElement[bool]) -> int:
        return session.scalar(joined(select(func.count(Membership.id))).where(*chosen, *more)) or 0

    due = (_written(), _rested(now), not_(mail_fails()))
    names = session.scalars(
        joined(select(Person.name)).where(*chosen, *due).order_by(func.lower(Person.name), Person.id).limit(SHOWN)
    )
    return ReminderFacts(
        due=count(*due),
        names=tuple(names),
        lately=count(_written(), not_(_rested(now)), not_(mail_fails())),
        unsent=count(not_(_written())),
        failing=count(_written(), mail_fails()),
    )


def remind_people(
    session: Session,
    programme_id: uuid.UUID,
    query: PeopleQuery,
    *,
    membership_id: uuid.UUID | None = None,
    at_most: int,
    by: uuid.UUID,
    now: datetime,
) -> int:
    """Send a reminder with a new personal link to everybody the filter finds and who is due; return how many.

    Raises
    ------
    ConflictError
        More are due than the `at_most` that were confirmed; nothing is sent.

    """
    found = joined(select(Membership.id)).where(*_chosen(programme_id, query, membership_id), not_(mail_fails()))
    with transaction(session):
        # What is due is asked of the row that is written: a second click finds it reminded.
        rows = session.execute(
            update(Membership)
            .where(Membership.id.in_(found), _written(), _rested(now), is_unfinished())
            .values(reminded_at=now)
            .returning(Membership.id, Membership.person_id)
            .execution_options(synchronize_session=False)
        ).all()
        if len(rows) > at_most:
            raise ConflictError("more_to_remind")
        if rows:
            chosen = [(row.id, row.person_id) for row in rows]
            write_invitation(session, chosen, "invitation_reminder", by=by, now=now)
            session.add(
                AuditEvent(
                    by_person_id=by,
                    programme_id=programme_id,
                    action="people.reminded",
                    subject=f"programme:{programme_id}",
                    facts={"people": len(rows)},
                    created_at=now,
                )
            )
    return len(rows)


def _chosen(programme_id: uuid.UUID, query: PeopleQuery, membership_id: uuid.UUID | None) -> list[ColumnElement[bool]]:
    chosen = [*conditions(programme_id, query)[0], is_unfinished()]
    if membership_id is not None:
        chosen.append(Membership.id == membership_id)
    return chosen  # type: ignore[return-value]


def _written() -> ColumnElement[bool]:
    """Say that she has been invited, or has begun by herself: a reminder is never the first word."""
    return or_(Membership.status == "pending", Membership.invited_at.is_not(None))


def _rested(now: datetime) -> ColumnElement[bool]:
    """Say that her last mail of this kind is three days old, or that she had none."""
    last = now - PAUSE
    return and_(
        or_(Membership.invited_at.is_(None), Membership.invited_at <= last),
        or_(Membership.reminded_at.is_(None), Membership.reminded_at <= last),
    )
