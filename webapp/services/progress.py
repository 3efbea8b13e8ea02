"""What a mentee aims at, what she has brought about, and what a mentor gets of working with her."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.models import Achievement, AuditEvent, Goal, Membership, Person, Profile, Programme, Round
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.members import load_member
from webapp.services.transaction import transaction
from webapp.services.visibility import Level, levels_of

_Line = TypeVar("_Line", Goal, Achievement)
MOST = 100  # lines of each kind that one person may keep


@dataclass(frozen=True)
class Achieved:
    id: uuid.UUID
    kind: str
    text: str
    on: date
    created_at: datetime
    endorsed_at: datetime | None
    endorsed_in: str  # the programme whose coordinator endorsed it


@dataclass(frozen=True)
class Aim:
    id: uuid.UUID
    text: str
    due_on: date | None
    reached_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Progress:
    """Goals, the next first, and achievements, the latest first; `since` is when the last round was published."""

    brings: str
    goals: tuple[Aim, ...]
    achievements: tuple[Achieved, ...]
    since: datetime | None
    level: Level  # who sees it

    @property
    def is_empty(self) -> bool:
        return not self.goals and not self.achievements

    @property
    def new(self) -> int:
        """How many goals were reached and achievements added since the last round."""
        if self.since is None:
            return 0
        reached = [aim.reached_at for aim in self.goals if aim.reached_at]
        return sum(at > self.since for at in [*reached, *(one.created_at for one in self.achievements)])


def read_progress(session: Session, person_id: uuid.UUID) -> Progress:
    """Return all that a person has written down of her progress. Four queries."""
    profile = session.execute(
        select(Profile.brings, Profile.visibility).where(Profile.person_id == person_id)
    ).one_or_none()
    brings, chosen = profile or ("", {})
    rows = session.scalars(
        select(Goal)
        .where(Goal.person_id == person_id)
        .order_by(Goal.reached_at.is_not(None), Goal.due_on.is_(None), Goal.due_on, Goal.created_at, Goal.id)
    )
    goals = tuple(Aim(row.id, row.text, row.due_on, row.reached_at, row.created_at) for row in rows)
    achievements = find_achievements(session, [person_id]).get(person_id, ())
    level = levels_of(chosen)["achievements"]
    return Progress(brings, goals, achievements, _last_round(session, person_id), level)


def find_achievements(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Achieved, ...]]:
    """Return what these people have achieved, the latest first. One query; who may see it is asked elsewhere."""
    if not person_ids:
        return {}
    rows = session.execute(
        select(Achievement, Programme.name)
        .outerjoin(Programme, Programme.id == Achievement.endorsed_in_id)
        .where(Achievement.person_id.in_(person_ids))
        .order_by(Achievement.achieved_on.desc(), Achievement.created_at.desc(), Achievement.id)
    )
    found: dict[uuid.UUID, list[Achieved]] = {}
    for row, programme in rows:
        one = Achieved(row.id, row.kind, row.text, row.achieved_on, row.created_at, row.endorsed_at, programme or "")
        found.setdefault(row.person_id, []).append(one)
    return {key: tuple(rows) for key, rows in found.items()}


def save_brings(session: Session, person_id: uuid.UUID, text: str) -> None:
    """Keep what a mentor gets of working with her."""
    with transaction(session):
        person = _lock(session, person_id)
        if person.profile is None:
            person.profile = Profile(person_id=person_id)
        person.profile.brings = text


def keep_goal(
    session: Session,
    person_id: uuid.UUID,
    goal_id: uuid.UUID | None,
    *,
    text: str,
    due_on: date | None,
    is_reached: bool,
    now: datetime,
) -> None:
    """Add a goal, or change one of hers; the very same, of a button pressed twice, is not added again."""
    with transaction(session):
        _lock(session, person_id)
        if goal_id is None and _has(session, Goal, person_id, text=text, due_on=due_on):
            return
        goal = _mine(session, Goal, goal_id, person_id) if goal_id else _new(session, Goal, person_id, now)
        goal.text, goal.due_on = text, due_on
        goal.reached_at = (goal.reached_at or now) if is_reached else None


def keep_achievement(
    session: Session,
    person_id: uuid.UUID,
    achievement_id: uuid.UUID | None,
    *,
    kind: str,
    text: str,
    achieved_on: date,
    now: datetime,
) -> None:
    """Add an achievement, or change one of hers: whoever endorsed it endorsed what stood there before.

    The very same, of a button pressed twice, is not added again.
    """
    with transaction(session):
        _lock(session, person_id)
        values = {"kind": kind, "text": text, "achieved_on": achieved_on}
        if achievement_id is None and _has(session, Achievement, person_id, **values):
            return
        row = (
            _mine(session, Achievement, achievement_id, person_id)
            if achievement_id
            else _new(session, Achievement, person_id, now)
        )
        if (row.kind, row.text, row.achieved_on) != (kind, text, achieved_on):
            row.kind, row.text, row.achieved_on = kind, text, achieved_on
            row.endorsed_at = row.endorsed_by_id = row.endorsed_in_id = None


def remove_goal(session: Session, person_id: uuid.UUID, goal_id: uuid.UUID) -> None:
    with transaction(session):
        session.execute(delete(Goal).where(Goal.id == goal_id, Goal.person_id == person_id))


def remove_achievement(session: Session, person_id: uuid.UUID, achievement_id: uuid.UUID) -> None:
    with transaction(session):
        session.execute(delete(Achievement).where(Achievement.id == achievement_id, Achievement.person_id == person_id))


def endorse_achievement(
    session: Session,
    programme_id: uuid.UUID,
    membership_id: uuid.UUID,
    achievement_id: uuid.UUID,
    *,
    text: str,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Endorse what a member has achieved, as its words stand; saying it twice changes nothing.

    Raises
    ------
    NotFoundError
        There is no such member in this programme, or the achievement is not hers.
    ConflictError
        She changed it since the coordinator read it.

    """
    with transaction(session):
        row = _of_member(session, programme_id, membership_id, achievement_id)
        if row.text != text:
            raise ConflictError("achievement")
        if row.endorsed_at is not None:
            return
        row.endorsed_at, row.endorsed_by_id, row.endorsed_in_id = now, by, programme_id
        _audit(session, "achievement.endorsed", programme_id, membership_id, by=by, now=now)


def withdraw_endorsement(
    session: Session,
    programme_id: uuid.UUID,
    membership_id: uuid.UUID,
    achievement_id: uuid.UUID,
    *,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Take back an endorsement that this programme gave."""
    with transaction(session):
        row = _of_member(session, programme_id, membership_id, achievement_id)
        if row.endorsed_in_id != programme_id:
            return
        row.endorsed_at = row.endorsed_by_id = row.endorsed_in_id = None
        _audit(session, "achievement.withdrawn", programme_id, membership_id, by=by, now=now)


def _of_member(
    session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID, achievement_id: uuid.UUID
) -> Achievement:
    member = load_member(session, programme_id, membership_id)
    if member.status not in {"active", "paused"}:
        raise NotFoundError("membership")
    return _mine(session, Achievement, achievement_id, member.person_id)


def _mine(session: Session, table: type[_Line], row_id: uuid.UUID, person_id: uuid.UUID) -> _Line:
    query = select(table).where(table.id == row_id, table.person_id == person_id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError(table.__tablename__)
    return row


def _has(session: Session, table: type[_Line], person_id: uuid.UUID, **values: object) -> bool:
    """Whether she has a line that says the same; the caller holds her lock."""
    return session.scalar(select(table.id).filter_by(person_id=person_id, **values).limit(1)) is not None


def _new(session: Session, table: type[_Line], person_id: uuid.UUID, now: datetime) -> _Line:
    count = session.scalar(select(func.count()).select_from(table).where(table.person_id == person_id)) or 0
    if count >= MOST:
        raise ConflictError(table.__tablename__)
    row = table(person_id=person_id, created_at=now)
    session.add(row)
    return row


def _lock(session: Session, person_id: uuid.UUID) -> Person:
    query = select(Person).where(Person.id == person_id, Person.deleted_at.is_(None))
    person = session.scalars(query.with_for_update(key_share=True)).one_or_none()
    if person is None:
        raise NotFoundError("person")
    return person


def _last_round(session: Session, person_id: uuid.UUID) -> datetime | None:
    mine = select(Membership.programme_id).where(Membership.person_id == person_id, Membership.status != "left")
    latest: datetime | None = session.scalar(select(func.max(Round.published_at)).where(Round.programme_id.in_(mine)))
    return latest


def _audit(
    session: Session, action: str, programme_id: uuid.UUID, membership_id: uuid.UUID, *, by: uuid.UUID, now: datetime
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=programme_id,
            action=action,
            subject=f"membership:{membership_id}",
            facts={},
            created_at=now,
        )
    )
