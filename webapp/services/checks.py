"""Checks of a scenario's stored certificate: asked for by a coordinator, computed by a worker, kept."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from webapp.engine.checking import CHECK
from webapp.models import AuditEvent, CertificateCheck, Job, Proposal, Round, Scenario
from webapp.services import jobs
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.scenarios import read_work
from webapp.services.transaction import transaction

CHANGED_SNAPSHOT: dict[str, Any] = {
    "ok": False,
    "covers": "best",
    "faults": ["snapshot: is not the one that was frozen"],
    "seconds": 0.0,
}
"""The outcome where there is nothing left to check against."""


@dataclass(frozen=True)
class Proof:
    """What is known of a scenario's certificate: the last check, the one at work, and how many pairs it speaks of."""

    last: CertificateCheck | None
    job: Job | None
    has_certificate: bool
    removed: int  # pairs that were taken out since
    by_hand: int  # pairs that were put in since


def read_proof(session: Session, scenario: Scenario) -> Proof:
    """Return what is known of a scenario's certificate. Four queries."""
    last = last_check(session, scenario.id)
    job = session.scalars(_open_checks(scenario.id).order_by(Job.created_at.desc()).limit(1)).first()
    stored = session.scalar(select(Scenario.certificate.is_not(None)).where(Scenario.id == scenario.id))
    counts = session.execute(
        select(
            func.count().filter(Proposal.removed_at.is_not(None), Proposal.origin != "hand"),
            func.count().filter(Proposal.removed_at.is_(None), Proposal.origin == "hand"),
        ).where(Proposal.scenario_id == scenario.id)
    ).one()
    return Proof(last, job, bool(stored), counts[0], counts[1])


def last_check(session: Session, scenario_id: uuid.UUID) -> CertificateCheck | None:
    query = select(CertificateCheck).where(CertificateCheck.scenario_id == scenario_id)
    latest = query.order_by(CertificateCheck.created_at.desc(), CertificateCheck.id).limit(1)
    return session.scalars(latest.execution_options(populate_existing=True)).first()


def start_check(
    session: Session,
    round_id: uuid.UUID,
    scenario_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Ask for a scenario's certificate to be computed again; return the id of the job, for `webapp.queue.enqueue`.

    Raises
    ------
    NotFoundError
        The round has no such scenario, or the scenario no certificate.
    ConflictError
        `checking`: it is being checked already.

    """
    with transaction(session):
        found = select(Round.id).where(Round.id == round_id, Round.programme_id == programme_id).with_for_update()
        solved = select(Scenario.id).where(
            Scenario.id == scenario_id,
            Scenario.round_id == round_id,
            Scenario.status == "solved",
            Scenario.certificate.is_not(None),
        )
        if session.scalar(found) is None or session.scalar(solved) is None:
            raise NotFoundError
        if session.scalars(_open_checks(scenario_id)).first() is not None:
            raise ConflictError("checking")
        args = {"scenario_id": str(scenario_id)}
        job_id = jobs.add_job(session, CHECK, args, programme_id=programme_id, by=by, now=now)
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="scenario.check",
                subject=f"scenario:{scenario_id}",
                created_at=now,
            )
        )
    return job_id


def read_check(session: Session, scenario_id: uuid.UUID, *, now: datetime) -> dict[str, Any]:
    """Return all that is needed to compute a scenario's certificate again, in plain values.

    Raises
    ------
    ConflictError
        As `read_work` does.

    """
    scenario = session.get(Scenario, scenario_id, options=[undefer(Scenario.certificate)], populate_existing=True)
    if scenario is None:
        raise NotFoundError
    stored = session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id, Proposal.role).where(
            Proposal.scenario_id == scenario_id, Proposal.origin != "hand"
        )
    )
    mine = {
        "task": CHECK,
        "certificate": scenario.certificate or "",
        "totals": scenario.totals,
        "stored": [[str(mentor), str(mentee), *filter(None, [role])] for mentor, mentee, role in stored],
    }
    return read_work(session, scenario_id, now=now) | mine


def store_check(session: Session, claim: jobs.Claim, result: dict[str, Any], *, now: datetime) -> None:
    """Keep the outcome of a check, and end its job, in one transaction.

    Raises
    ------
    LostLeaseError
        The job is another worker's by now; nothing was kept.

    """
    with transaction(session):
        jobs.end_held(session, claim, "done", now=now)
        job = session.get_one(Job, claim.job_id)
        session.add(
            CertificateCheck(
                scenario_id=uuid.UUID(claim.args["scenario_id"]),
                by_person_id=job.by_person_id,
                created_at=now,
                **result,
            )
        )


def _open_checks(scenario_id: uuid.UUID) -> Any:
    return select(Job).where(
        Job.kind == CHECK, Job.state.in_(jobs.OPEN), Job.args["scenario_id"].as_string() == str(scenario_id)
    )
