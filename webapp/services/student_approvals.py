"""Mentors approved for students: by a coordinator, with the day, and taken back without touching pairs that run."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from webapp.engine.students import student_stages
from webapp.models import AuditEvent, Membership, MentorOffer, Mentorship, Offer, Person, Profile, Programme
from webapp.services import outbox
from webapp.services.ledger import lock_time
from webapp.services.outbox import Letter
from webapp.services.students import needs_approval
from webapp.services.transaction import transaction

PAGE = 25
APPROVED, UNAPPROVED = "membership.students_approved", "membership.students_unapproved"


@dataclass(frozen=True)
class MentorLine:
    id: uuid.UUID
    name: str
    stage: str
    institution: str
    welcomes: bool
    approved_at: datetime | None


@dataclass(frozen=True)
class StudentApprovals:
    """One page of a programme's mentors, those who are not approved first; `is_asked` whether approval counts."""

    is_asked: bool
    rows: tuple[MentorLine, ...]
    number: int
    pages: int
    total: int
    waiting: int


@dataclass(frozen=True)
class Changed:
    """How many mentors changed, and whom they go on meeting: names of mentor and student."""

    number: int
    running: tuple[tuple[str, str], ...]


def read_student_approvals(session: Session, programme_id: uuid.UUID, *, page: int = 1) -> StudentApprovals:
    """Return one page of the mentors who take part. Three queries."""
    here = _mentors(programme_id)
    total, waiting = session.execute(
        select(func.count(), func.count().filter(MentorOffer.students_approved_at.is_(None)))
        .select_from(MentorOffer)
        .join(Membership, Membership.id == MentorOffer.membership_id)
        .where(Membership.id.in_(here))
    ).one()
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    rows = session.execute(
        select(
            Membership.id,
            Person.name,
            func.coalesce(Profile.stage, ""),
            func.coalesce(Profile.institution, ""),
            MentorOffer.welcomes_students,
            MentorOffer.students_approved_at,
        )
        .join(Person, Person.id == Membership.person_id)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .where(Membership.id.in_(here))
        .order_by(MentorOffer.students_approved_at.is_not(None), func.lower(Person.name), Membership.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    programme = session.get_one(Programme, programme_id, populate_existing=True)
    lines = tuple(MentorLine(*row) for row in rows)
    return StudentApprovals(needs_approval(programme), lines, number, pages, total, waiting)


def approve_for_students(
    session: Session,
    programme_id: uuid.UUID,
    membership_ids: Collection[uuid.UUID],
    *,
    approves: bool,
    by: uuid.UUID,
    now: datetime,
) -> Changed:
    """Approve these mentors for students, or take that back; nothing is said twice.

    Each is told by mail. Pairs and open offers with students stay as they are; they are returned by name when an
    approval is taken back.
    """
    with transaction(session):
        here = _mentors(programme_id).where(Membership.id.in_(list(membership_ids)[:PAGE]))
        ids = list(session.scalars(here))
        lock_time(session, ids)
        changed = session.scalars(
            update(MentorOffer)
            .where(MentorOffer.membership_id.in_(ids), MentorOffer.students_approved_at.is_(None).is_(approves))
            .values(students_approved_at=now if approves else None)
            .returning(MentorOffer.membership_id)
            .execution_options(synchronize_session=False)
        ).all()
        _tell(session, changed, "students_approved" if approves else "students_unapproved", now)
        session.add_all(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action=APPROVED if approves else UNAPPROVED,
                subject=f"membership:{key}",
                created_at=now,
            )
            for key in changed
        )
        running = () if approves else _running(session, changed)
    return Changed(len(changed), running)


def count_unapproved(session: Session, programme_id: uuid.UUID) -> int:
    """Count the mentors who welcome students and wait for approval, where it counts and students look for a mentor."""
    if not needs_approval(session.get_one(Programme, programme_id)):
        return 0
    student = (
        select(Membership.id)
        .join(Profile, Profile.person_id == Membership.person_id)
        .where(
            Membership.programme_id == programme_id,
            Membership.is_mentee,
            Membership.status == "active",
            Membership.joined_at.is_not(None),
            Profile.stage.in_(sorted(student_stages())),
        )
    )
    waiting = select(func.count(MentorOffer.id)).where(
        MentorOffer.membership_id.in_(_mentors(programme_id)),
        MentorOffer.welcomes_students,
        MentorOffer.students_approved_at.is_(None),
        student.exists(),
    )
    return session.scalar(waiting) or 0


def approver_of(session: Session, membership: Membership) -> str:
    """Return who approved a mentor for students last, by name; empty where nobody did, or that person is gone."""
    if membership.offer is None or membership.offer.students_approved_at is None:
        return ""
    name = session.scalar(
        select(Person.name)
        .join(AuditEvent, AuditEvent.by_person_id == Person.id)
        .where(AuditEvent.action == APPROVED, AuditEvent.subject == f"membership:{membership.id}")
        .order_by(AuditEvent.created_at.desc())
        .limit(1)
    )
    return name or ""


def _tell(session: Session, mentor_ids: Collection[uuid.UUID], template: str, now: datetime) -> None:
    """Tell each of these mentors; what is undone before the mail is out is not sent."""
    rows = session.execute(select(Membership.id, Membership.person_id).where(Membership.id.in_(mentor_ids)))
    outbox.write_all(
        session,
        [
            Letter(
                template, person, {"membership_id": str(key)}, f"{template}:{key}:{now:%Y%m%d%H%M%S%f}", created_at=now
            )
            for key, person in rows
        ],
    )


def _mentors(programme_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(Membership.id).where(
        Membership.programme_id == programme_id,
        Membership.is_mentor,
        Membership.status.in_(("active", "paused")),
        exists().where(MentorOffer.membership_id == Membership.id),
    )


def _running(session: Session, mentor_ids: Collection[uuid.UUID]) -> tuple[tuple[str, str], ...]:
    """Name the mentors and students who meet, or have an open offer."""
    mentor, mentee, one, other = aliased(Membership), aliased(Membership), aliased(Person), aliased(Person)
    goes_on = or_(
        Offer.state == "open",
        exists().where(Mentorship.offer_id == Offer.id, Mentorship.status.in_(("active", "paused"))),
    )
    rows = session.execute(
        select(one.name, other.name)
        .select_from(Offer)
        .join(mentor, mentor.id == Offer.mentor_id)
        .join(mentee, mentee.id == Offer.mentee_id)
        .join(one, one.id == mentor.person_id)
        .join(other, other.id == mentee.person_id)
        .join(Profile, Profile.person_id == other.id)
        .where(Offer.mentor_id.in_(mentor_ids), Profile.stage.in_(student_stages()), goes_on)
        .order_by(one.name, other.name)
    )
    return tuple((row[0], row[1]) for row in rows)
