"""What the tests of the coordinator's pages share."""

import uuid
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import csrf_of
from webapp.engine.working import do_work
from webapp.models import Job, Round, Scenario
from webapp.services import jobs, pool, scenarios


def send(client: FlaskClient, path: str, *, page: str | None = None, **values):
    """Post a form with the token of the page it stands on."""
    return client.post(path, data={"csrf_token": csrf_of(client, page or path), **values})


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def work_off(session: Session, now) -> Scenario:
    """Do what a worker does with the one job that waits, in this process."""
    # A savepoint that reading left open would, rolled back, take the client's changes back with it.
    session.commit()
    job_id = session.scalars(select(Job.id).where(Job.state == "waiting")).one()
    claim = jobs.claim(session, job_id, lease=timedelta(seconds=60), now=now)
    scenario_id = uuid.UUID(claim.args["scenario_id"])
    result = do_work(scenarios.read_work(session, scenario_id, now=now), lambda *_progress: None)
    scenarios.store_result(session, claim, scenarios.Solved(**result), now=now)
    scenario = session.get(Scenario, scenario_id, populate_existing=True)
    session.commit()
    return scenario


def report_on_pool(session: Session, now=None) -> None:
    """Do what a worker does with the job that works out a report on a pool, in this process."""
    session.commit()
    job = session.scalars(select(Job).where(Job.state == "waiting", Job.kind == jobs.POOL)).one()
    moment = now or datetime.now(UTC)
    claim = jobs.claim(session, job.id, lease=timedelta(seconds=60), now=moment)
    work = pool.read_pool_work(session, job.programme_id, now=moment)
    pool.store_report(session, claim, work, do_work(work, lambda *_progress: None), now=moment)
    session.commit()


def state_of(session: Session, round_id: uuid.UUID) -> str:
    return session.scalar(select(Round.state).where(Round.id == round_id))
