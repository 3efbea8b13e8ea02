"""A scenario as a whole: another name for it, and taking it away."""

import uuid
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, CertificateCheck, Job, Proposal, Round, Scenario
from webapp.services.errors import InvalidInputError, NotFoundError, WrongStateError
from webapp.services.jobs import OPEN, stop_job
from webapp.services.repairs import REPAIR
from webapp.services.transaction import transaction

BUSY = ("waiting", "solving")


def rename_scenario(
    session: Session, scenario_id: uuid.UUID, name: str, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Give a scenario another name.

    Raises
    ------
    InvalidInputError
        `name` is "missing".

    """
    with transaction(session):
        scenario = _lock(session, scenario_id, programme_id)
        if not name.strip():
            raise InvalidInputError({"name": "missing"})
        scenario.name = name.strip()[:120]
        _note(session, scenario, programme_id, "scenario.rename", by=by, now=now)


def remove_scenario(
    session: Session, scenario_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Take a scenario away with its pairs; the round, its rulings and the other scenarios stay.

    Raises
    ------
    WrongStateError
        It is being worked out, or its pairs were published.

    """
    with transaction(session):
        scenario = _lock(session, scenario_id, programme_id)
        if scenario.published_at is not None:
            raise WrongStateError("scenario", "published", "remove it")
        if scenario.status in BUSY:
            raise WrongStateError("scenario", scenario.status, "remove it")
        _note(session, scenario, programme_id, "scenario.remove", by=by, now=now)
        checks = select(Job).where(Job.state.in_(OPEN), Job.args["scenario_id"].as_string() == str(scenario_id))
        for job in session.scalars(checks.order_by(Job.id).with_for_update()):
            stop_job(session, job, now=now)
        for table in (Proposal, CertificateCheck):
            session.execute(delete(table).where(table.scenario_id == scenario_id))
        session.delete(scenario)


def _lock(session: Session, scenario_id: uuid.UUID, programme_id: uuid.UUID) -> Scenario:
    """Return a scenario of the programme, its round locked first, as everywhere."""
    query = select(Scenario.round_id).where(Scenario.id == scenario_id, Scenario.objective != REPAIR)
    rows = select(Round.id).where(Round.id.in_(query), Round.programme_id == programme_id).with_for_update()
    if session.scalar(rows) is None:
        raise NotFoundError
    scenario = session.get(Scenario, scenario_id, populate_existing=True)
    if scenario is None:
        raise NotFoundError
    return scenario


def _note(
    session: Session, scenario: Scenario, programme_id: uuid.UUID, action: str, *, by: uuid.UUID, now: datetime
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=programme_id,
            action=action,
            subject=f"scenario:{scenario.id}",
            facts={"round": str(scenario.round_id)},
            created_at=now,
        )
    )
