"""Workers killed in the middle of their work: every job still ends exactly once."""

import random
import signal
import time
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker

from tests.factories.pools import freeze, make_pool
from tests.factories.workers import Nursery, Workers, children_of, is_alive, wait_for
from webapp import queue
from webapp.models import Job, Proposal, Scenario
from webapp.models.base import utc_now
from webapp.services import scenarios

KILLS = 20
LONGEST = 1.1  # seconds into a solve; one takes about that long


@pytest.fixture
def sessions(committed_engine):
    return sessionmaker(committed_engine, expire_on_commit=False)


@pytest.fixture
def workers(tmp_path, database_url, config):
    nursery = Nursery()
    queue_url = "" if database_url.startswith("sqlite") else database_url
    workers = Workers(nursery, tmp_path / "instance", database_url, queue_url)
    bound = queue.bind_queue(replace(config, instance=workers.instance, queue_url=queue_url))
    yield workers
    workers.end_all()
    nursery.close()
    bound.close()


def keep_busy(sessions, rounds):
    """Let every round have a scenario to solve."""
    with sessions() as session:
        busy = set(session.scalars(select(Scenario.round_id).where(Scenario.status.in_(("waiting", "solving")))))
        for round_id, who in rounds.items():
            if round_id in busy:
                continue
            _, job_id = scenarios.start_scenario(session, round_id, name="", objective="coverage", now=utc_now(), **who)
            # A job may be hit many times here; how often it is tried is tested elsewhere.
            session.execute(update(Job).where(Job.id == job_id).values(max_attempts=1000))
            session.commit()
            queue.enqueue(job_id)


def count(sessions, state):
    with sessions() as session:
        return len(session.scalars(select(Job.id).where(Job.state == state)).all())


@pytest.mark.timeout(1200)
def test_a_job_ends_exactly_once_however_often_its_worker_is_killed(sessions, workers):
    rng = random.Random()
    rounds = {}
    with sessions() as session:
        for seed in range(3):
            programme, ada = make_pool(session, 20, 40, seed=seed)
            rounds[freeze(session, programme, ada, utc_now())] = {"programme_id": programme.id, "by": ada.id}

    kills = 0
    while kills < KILLS:
        keep_busy(sessions, rounds)
        worker = workers.start()
        wait_for(lambda worker=worker: children_of(worker))
        time.sleep(rng.uniform(0, LONGEST))
        children = children_of(worker)
        kills += bool(children)  # else it just had nothing to do, and the kill does not count
        workers.end(worker, signal.SIGKILL)
        wait_for(lambda children=children: not any(is_alive(child) for child in children))

    workers.start()
    wait_for(lambda: not count(sessions, "waiting") and not count(sessions, "running"))
    with sessions() as session:
        every = session.scalars(select(Job)).all()
        assert {job.state for job in every} == {"done"}
        assert sum(job.attempts - 1 for job in every) >= KILLS / 2
        found = {}
        for job in every:
            scenario = next(s for s in session.scalars(select(Scenario)) if str(s.id) == job.args["scenario_id"])
            proposals = session.scalars(select(Proposal).where(Proposal.scenario_id == scenario.id)).all()
            assert (scenario.status, scenario.verified) == ("solved", True)
            # One set of pairs, written in the one moment in which the job ended.
            assert len(proposals) == scenario.totals["pairs"] > 0
            assert {p.created_at for p in proposals} == {scenario.solved_at} == {job.ended_at}
            found.setdefault(scenario.round_id, set()).add(frozenset((p.mentor_id, p.mentee_id) for p in proposals))
        # The same snapshot gives the same pairs, whoever solved it and how often it was begun.
        assert [len(results) for results in found.values()] == [1] * len(rounds)
