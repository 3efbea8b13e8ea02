"""Pool health: the last report on what the mentors of a programme give and its mentees look for, and how old it is.

A worker works it out (`webapp.engine.pool_work`); a page shows what it left, says what has changed since, and asks for
another where something has.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from webapp.engine.changes import Changes, changes_since, mark_of
from webapp.engine.encode import snapshot_of
from webapp.engine.pool_supply import PARTS
from webapp.engine.pool_work import FORMAT
from webapp.models import Job, Membership, Person, PoolChange, PoolReport, Programme
from webapp.services import jobs
from webapp.services.pool_hints import can_be_told
from webapp.services.transaction import transaction

__all__ = [
    "PARTS",
    "Health",
    "PoolView",
    "ProgrammeFacts",
    "Stuck",
    "ask_for_report",
    "find_pool",
    "find_programme",
    "forget_changes",
    "latest_job",
    "read_pool_work",
    "store_report",
]

SHOWN, PAGE = 8, 50  # people at first, and on a page of all of them
PATIENCE = timedelta(minutes=1)
"""A report that people's edits overtake is not worked out anew more often by itself; a click always does."""
KEPT = timedelta(days=3)


@dataclass(frozen=True)
class Stuck:
    """Somebody who cannot be matched as things stand, the commonest cause, and what of her own would change it."""

    id: uuid.UUID
    name: str
    stage: str | None
    specialties: tuple[str, ...]
    cause: str  # a reason code in small letters, `no_place` or `nobody`
    count: int  # of so many on the other side it is the cause
    others: int
    second: str
    second_count: int
    change: dict[str, Any] | None


@dataclass(frozen=True)
class People:
    """Some of those who are stuck on one side, by name; the figures count all of them."""

    shown: tuple[Stuck, ...]
    total: int
    told: int  # of how many there is something to tell them
    causes: Counter[str]


@dataclass(frozen=True)
class Health:
    """What the last report says."""

    counts: dict[str, int]
    tables: dict[str, Any]
    advice: dict[str, Any]
    stuck: People
    unused: People
    mentors: dict[str, str]  # names of those whom the advice is about
    computed_at: datetime


@dataclass(frozen=True)
class PoolView:
    """The last report, if there is one, and the work on the next."""

    health: Health | None
    changes: Changes
    new_day: bool  # pauses begin and end with a day
    job: Job | None
    zone: str

    @property
    def is_stale(self) -> bool:
        return self.health is None or self.new_day or bool(self.changes)

    @property
    def at_work(self) -> bool:
        return self.job is not None and self.job.state in jobs.OPEN

    @property
    def failed(self) -> bool:
        """Whether the last try broke, so that another is for a person to ask for."""
        return self.job is not None and self.job.state == "failed"

    def wants_report(self, now: datetime) -> bool:
        """Whether whoever opens the page should start another report."""
        recent = self.job is not None and self.job.created_at > now - PATIENCE
        return self.is_stale and not self.at_work and not self.failed and not (recent and self.health is not None)


@dataclass(frozen=True)
class ProgrammeFacts:
    """What an invitation says of a programme; `minutes` a month that a pair takes."""

    name: str
    summary: str
    minutes: int


def find_programme(session: Session, programme_id: uuid.UUID) -> ProgrammeFacts:
    row = session.get_one(Programme, programme_id)
    return ProgrammeFacts(row.name, row.summary, row.minutes_a_month)


def find_pool(session: Session, programme_id: uuid.UUID, *, now: datetime, page: int = 0) -> PoolView:
    """Return the last report and what has changed since; `page` counts the people shown, 0 for the first few.

    Six queries at most.
    """
    zone, report = session.execute(
        select(Programme.zone, PoolReport)
        .outerjoin(PoolReport, PoolReport.programme_id == Programme.id)
        .where(Programme.id == programme_id)
    ).one()
    job = latest_job(session, programme_id)
    if report is None or report.facts["format"] != FORMAT:
        return PoolView(None, Changes(frozenset()), new_day=False, job=job, zone=zone)
    clock = ZoneInfo(zone)
    return PoolView(
        health=_health(session, programme_id, report, page),
        changes=changes_since(session, programme_id, report.mark),
        new_day=report.computed_at.astimezone(clock).date() != now.astimezone(clock).date(),
        job=job,
        zone=zone,
    )


def latest_job(session: Session, programme_id: uuid.UUID) -> Job | None:
    """Return the job that works out a report, or did last."""
    return session.scalars(
        select(Job)
        .where(Job.programme_id == programme_id, Job.kind == jobs.POOL)
        .order_by(Job.created_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def ask_for_report(session: Session, programme_id: uuid.UUID, *, by: uuid.UUID, now: datetime) -> uuid.UUID | None:
    """Let a worker work out a report; None when that is under way already.

    Returns the id of the job, for `webapp.queue.enqueue`.
    """
    with transaction(session):
        # Of two who ask at once, the second waits here and then sees the first one's job. Without the key, so that
        # people can join meanwhile.
        session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True)).one()
        open_job = select(Job.id).where(
            Job.programme_id == programme_id, Job.kind == jobs.POOL, Job.state.in_(jobs.OPEN)
        )
        if session.scalars(open_job.limit(1)).first() is not None:
            return None
        return jobs.add_job(session, jobs.POOL, {}, programme_id=programme_id, by=by, now=now)


def read_pool_work(session: Session, programme_id: uuid.UUID, *, now: datetime) -> dict[str, Any]:
    """Return all that the engine needs for a report, in plain values."""
    mark = mark_of(session)  # before the people: what changes from here on is known to be missing
    snapshot = snapshot_of(session, programme_id, now=now, with_booked=False)
    zone = session.scalar(select(Programme.zone).where(Programme.id == programme_id))
    members = session.execute(
        select(Membership.status, Membership.is_mentor).where(
            Membership.programme_id == programme_id, Membership.is_mentor | Membership.is_mentee
        )
    ).all()
    session.rollback()
    return {
        "objective": "pool",
        "snapshot": snapshot,
        "settings": snapshot["settings"],
        "forbidden": [],
        "zone": zone,
        "away": sum(is_mentor and status == "paused" for status, is_mentor in members),
        "unfinished": sum(status in {"pending", "invited"} for status, _is_mentor in members),
        "mark": mark,
        "read_at": now.isoformat(),
    }


def store_report(
    session: Session, claim: jobs.Claim, work: dict[str, Any], facts: dict[str, Any], *, now: datetime
) -> None:
    """Keep a report in place of the last one, and end its job, in one transaction.

    Raises
    ------
    LostLeaseError
        The job is another worker's by now; nothing was kept.

    """
    programme_id = uuid.UUID(work["snapshot"]["programme"])
    with transaction(session):
        jobs.end_held(session, claim, "done", now=now)
        report = session.scalars(select(PoolReport).where(PoolReport.programme_id == programme_id)).one_or_none()
        if report is None:
            report = PoolReport(programme_id=programme_id, created_at=now)
            session.add(report)
        report.facts, report.mark = facts, work["mark"]
        report.computed_at = datetime.fromisoformat(work["read_at"])


def forget_changes(session: Session, *, now: datetime) -> int:
    """Drop lines about changes that no report can still be compared with: one of another day is stale anyway.

    The newest line stays, so that the numbers go on from it. Returns how many were dropped.
    """
    with transaction(session):
        newest = select(func.max(PoolChange.id)).scalar_subquery()
        old = delete(PoolChange).where(PoolChange.created_at < now - KEPT, PoolChange.id < newest)
        return cast("CursorResult[Any]", session.execute(old.execution_options(synchronize_session=False))).rowcount


def _health(session: Session, programme_id: uuid.UUID, report: PoolReport, page: int) -> Health:
    facts = report.facts
    rows = slice(0, SHOWN) if not page else slice((page - 1) * PAGE, page * PAGE)
    shown = {side: facts[side][rows] for side in ("stuck", "unused")}
    asked = [one["mentor_id"] for one in facts["advice"]["advice"] if one["mentor_id"]]
    names = _names(session, programme_id, [*(one["id"] for side in shown.values() for one in side), *asked])
    return Health(
        counts=facts["counts"],
        tables=facts["tables"],
        advice=facts["advice"],
        stuck=_people("mentee", facts["stuck"], shown["stuck"], names),
        unused=_people("mentor", facts["unused"], shown["unused"], names),
        mentors={key: names[key] for key in asked if key in names},
        computed_at=report.computed_at,
    )


def _names(session: Session, programme_id: uuid.UUID, ids: Sequence[str]) -> dict[str, str]:
    """Return the names of members of a programme by their ids; who has left or was deleted since has none."""
    if not ids:
        return {}
    rows = session.execute(
        select(Membership.id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.programme_id == programme_id,
            Membership.status != "left",
            Membership.id.in_([uuid.UUID(key) for key in ids]),
        )
    )
    return {str(member): name for member, name in rows}


def _people(side: str, everybody: list[dict[str, Any]], shown: list[dict[str, Any]], names: dict[str, str]) -> People:
    return People(
        shown=tuple(
            Stuck(
                **{**one, "id": uuid.UUID(one["id"]), "specialties": tuple(one["specialties"])}, name=names[one["id"]]
            )
            for one in shown
            if one["id"] in names
        ),
        total=len(everybody),
        told=sum(can_be_told(side, one["cause"], one["change"]) for one in everybody),
        causes=Counter(one["cause"] for one in everybody),
    )
