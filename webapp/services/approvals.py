"""Who may join: at once, or once a coordinator has said yes; those who wait, and the answers to them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, Person, Profile, Programme
from webapp.services import outbox
from webapp.services.outbox import Letter
from webapp.services.transaction import transaction

PAGE = 25
# For each answer the mail, and what the log says.
ANSWERS = {
    "approve": ("join_approved", "membership.approved"),
    "decline": ("join_declined", "membership.refused"),
}


@dataclass(frozen=True)
class Applicant:
    id: uuid.UUID
    name: str
    email: str
    is_mentor: bool
    is_mentee: bool
    stage: str
    institution: str
    asked_at: datetime


@dataclass(frozen=True)
class ApprovalPage:
    """Whether a coordinator says yes first, and who waits for it, the longest first."""

    approves_joins: bool
    rows: tuple[Applicant, ...]
    number: int
    pages: int
    total: int


def read_approvals(session: Session, programme_id: uuid.UUID, *, page: int = 1) -> ApprovalPage:
    """Return one page of those who wait. Three queries."""
    waiting = _waiting(programme_id)
    total = session.scalar(select(func.count(Membership.id)).where(*waiting)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    rows = session.execute(
        select(Membership, Person, Profile)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(*waiting)
        .order_by(Membership.asked_at, Membership.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    approves = session.scalar(select(Programme.approves_joins).where(Programme.id == programme_id))
    return ApprovalPage(bool(approves), tuple(_applicant(*row) for row in rows), number, pages, total)


def set_approval(session: Session, programme_id: uuid.UUID, *, approves: bool, by: uuid.UUID, now: datetime) -> None:
    """Choose whether whoever was not invited waits for a coordinator's yes. Those who wait already go on waiting."""
    with transaction(session):
        changed = session.scalar(
            update(Programme)
            .where(Programme.id == programme_id, Programme.approves_joins.is_not(approves))
            .values(approves_joins=approves)
            .returning(Programme.id)
        )
        if changed is not None:
            _note(
                session,
                programme_id,
                f"programme:{programme_id}",
                "programme.approves_joins",
                by=by,
                now=now,
                on=approves,
            )


def answer_joins(
    session: Session,
    programme_id: uuid.UUID,
    membership_ids: Collection[uuid.UUID],
    answer: str,
    *,
    by: uuid.UUID,
    now: datetime,
) -> int:
    """Approve or decline those of these who wait, with a kind mail to each; return how many that were.

    One conditional UPDATE: of two coordinators who answer the same person, the second finds nobody waiting.
    """
    values: dict[str, Any] = {"status": "left"} if answer == "decline" else {"status": "active", "joined_at": now}
    with transaction(session):
        rows = session.execute(
            update(Membership)
            .where(Membership.id.in_(list(membership_ids)[:PAGE]), *_waiting(programme_id))
            .values(asked_at=None, **values)
            .returning(Membership.id, Membership.person_id)
            .execution_options(synchronize_session=False)
        ).all()
        template, action = ANSWERS[answer]
        outbox.write_all(
            session,
            [
                Letter(
                    template,
                    row.person_id,
                    {"membership_id": str(row.id)},
                    f"{template}:{row.id}:{now:%Y%m%d%H%M%S}",
                )
                for row in rows
            ],
        )
        for row in rows:
            _note(session, programme_id, f"membership:{row.id}", action, by=by, now=now)
    return len(rows)


def _waiting(programme_id: uuid.UUID) -> tuple[Any, ...]:
    return Membership.programme_id == programme_id, Membership.status == "pending", Membership.asked_at.is_not(None)


def _note(
    session: Session,
    programme_id: uuid.UUID,
    subject: str,
    action: str,
    *,
    by: uuid.UUID,
    now: datetime,
    **facts: object,
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by, programme_id=programme_id, action=action, subject=subject, facts=facts, created_at=now
        )
    )


def _applicant(membership: Membership, person: Person, profile: Profile | None) -> Applicant:
    assert membership.asked_at is not None  # the query says so
    return Applicant(
        id=membership.id,
        name=person.name,
        email=person.email,
        is_mentor=membership.is_mentor,
        is_mentee=membership.is_mentee,
        stage=profile.stage if profile else "",
        institution=profile.institution if profile else "",
        asked_at=membership.asked_at,
    )
