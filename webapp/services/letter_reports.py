"""Letters that one of their two reports to the coordinators."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Membership, Message, Person
from webapp.services import letter_steps as steps
from webapp.services import outbox
from webapp.services.errors import NotFoundError
from webapp.services.transaction import transaction

PAGE = 10


@dataclass(frozen=True)
class ReportedLetter:
    """A letter as a coordinator reads it once it was reported."""

    letter: Message
    by: str
    settled_by: str


@dataclass(frozen=True)
class Reports:
    rows: tuple[ReportedLetter, ...]
    n_open: int
    number: int
    pages: int
    total: int


def report_letter(session: Session, letter_id: uuid.UUID, *, person_id: uuid.UUID, now: datetime) -> None:
    """Show a letter to the coordinators of its programme, who are written to. Twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such letter for this person.

    """
    with transaction(session):
        letter = steps.lock_letter(session, letter_id, person_id)
        if letter.reported_at is not None:
            return
        letter.reported_by_id, letter.reported_at = person_id, now
        steps.note(session, "letter.reported", letter, by=person_id, now=now)
        coordinators = select(Membership.id, Membership.person_id).where(
            Membership.programme_id == letter.mentor.programme_id,
            Membership.is_coordinator,
            Membership.status == "active",
        )
        for coordinator in session.execute(coordinators):
            outbox.write(
                session,
                template="letter_reported",
                person_id=coordinator.person_id,
                params={"membership_id": str(coordinator.id), "letter_id": str(letter.id)},
                unique_key=f"letter_reported:{letter.id}:{coordinator.id}",
            )


def settle_report(
    session: Session, letter_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Note that the coordinators have looked into a report. Twice changes nothing.

    Raises
    ------
    NotFoundError
        The programme has no such report.

    """
    with transaction(session):
        letter = next(iter(steps.lock_letters(session, [letter_id])), None)
        if letter is None or letter.mentor.programme_id != programme_id or letter.reported_at is None:
            raise NotFoundError(f"report of {letter_id}")
        if letter.settled_at is not None:
            return
        letter.settled_at, letter.settled_by_id = now, by
        steps.note(session, "letter.settled", letter, by=by, now=now)


def list_reports(session: Session, programme_id: uuid.UUID, *, page: int) -> Reports:
    """Return one page of a programme's reports, the open ones first. Three queries."""
    mentor = aliased(Membership)
    here = select(Message.id).join(mentor, mentor.id == Message.mentor_id)
    here = here.where(mentor.programme_id == programme_id, Message.reported_at.is_not(None))
    counts = select(func.count(), func.count().filter(Message.settled_at.is_(None))).where(Message.id.in_(here))
    total, n_open = session.execute(counts).one()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    by, settler = aliased(Person), aliased(Person)
    rows = session.execute(
        steps.with_people()
        .add_columns(by.name, settler.name)
        .outerjoin(by, by.id == Message.reported_by_id)
        .outerjoin(settler, settler.id == Message.settled_by_id)
        .where(Message.id.in_(here))
        .order_by(Message.settled_at.is_not(None), Message.reported_at.desc(), Message.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    found = tuple(ReportedLetter(letter, name or "", settled or "") for letter, name, settled in rows)
    return Reports(found, n_open, number, pages, total)


def coordinates(session: Session, membership_id: uuid.UUID) -> tuple[str, str] | None:
    """Return the slug and name of the programme that somebody coordinates still; what a mail about it needs."""
    member = session.get(Membership, membership_id)
    if member is None or not member.is_coordinator or member.status != "active":
        return None
    return member.programme.slug, member.programme.name
