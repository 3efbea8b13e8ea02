"""What tests of scenarios share: one is started, worked out and stored."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.pools import freeze
from webapp.engine.solving import solve_work
from webapp.models import Proposal, Scenario
from webapp.services import jobs, scenarios
from webapp.services.scenarios import Solved

LEASE = timedelta(seconds=30)


def silent(*_progress):
    """Take progress and say nothing."""


@pytest.fixture
def who(cast, now):
    return {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}


@pytest.fixture
def frozen(session, cast, now):
    return freeze(session, cast.programme, cast.ada, now)


@pytest.fixture
def start(session, frozen, who):
    def begin(**values):
        return scenarios.start_scenario(session, frozen, **{"name": "", "objective": "coverage"} | who | values)

    return begin


@pytest.fixture
def work(session, start, now):
    """Start a scenario and return its id, the claim of its job and the engine's result, not stored yet."""

    def solve(**values):
        scenario_id, job_id = start(**values)
        claim = jobs.claim(session, job_id, lease=LEASE, now=now)
        return scenario_id, claim, Solved(**solve_work(scenarios.read_work(session, scenario_id, now=now), silent))

    return solve


@pytest.fixture
def solved(session, work, now):
    def solve(**values):
        scenario_id, claim, result = work(**values)
        scenarios.store_result(session, claim, result, now=now)
        session.expire_all()
        return session.get(Scenario, scenario_id)

    return solve


def proposals(session, scenario):
    return session.scalars(select(Proposal).where(Proposal.scenario_id == scenario.id)).all()
