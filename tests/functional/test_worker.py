"""A real worker process on a committed database: it solves, tells how far it is, stops when asked."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import sessionmaker

from config import ROOT
from tests.factories.cast import Cast
from tests.factories.offers import make_offer, make_round
from tests.factories.pools import freeze, make_pool
from tests.factories.workers import Workers, children_of, is_alive, wait_for
from webapp import queue
from webapp.models import Job, Membership, Offer, OutboxMessage, Proposal, Scenario
from webapp.models.base import utc_now
from webapp.services import jobs, scenarios


@pytest.fixture
def workers(nursery, tmp_path, database_url):
    queue_url = "" if database_url.startswith("sqlite") else database_url
    # No test here waits for a lease to end, and a busy machine must not end one.
    workers = Workers(nursery, tmp_path / "instance", database_url, queue_url, lease=10.0)
    yield workers
    workers.end_all()


@pytest.fixture
def sessions(committed_engine):
    return sessionmaker(committed_engine, expire_on_commit=False)


@pytest.fixture
def place(sessions):
    """A programme large enough that its solve takes a moment, and a round frozen over it."""
    with sessions() as session:
        programme, ada = make_pool(session, 60, 120)
        return {"programme_id": programme.id, "by": ada.id}, freeze(session, programme, ada, utc_now())


@pytest.fixture
def sending(workers, config):
    """The queue, as a web process would use it."""
    bound = queue.bind_queue(replace(config, instance=workers.instance, queue_url=workers.queue_url))
    yield bound
    bound.close()


@pytest.fixture
def solve(sessions, place, sending):
    def start():
        who, round_id = place
        with sessions() as session:
            scenario_id, job_id = scenarios.start_scenario(
                session, round_id, name="", objective="coverage", now=utc_now(), **who
            )
        assert queue.enqueue(job_id)
        return scenario_id, job_id

    return start


@pytest.fixture
def look(sessions):
    def at(table, row_id):
        with sessions() as session:
            return session.get(table, row_id)

    return at


@pytest.fixture
def running(workers, solve):
    """A worker in the middle of a solve: its pid, its child's, and the ids of scenario and job."""
    worker = workers.start()
    scenario_id, job_id = solve()
    (child,) = wait_for(lambda: children_of(worker))
    os.kill(child, signal.SIGSTOP)  # else the solve could be over before the test does anything about it
    return worker, child, scenario_id, job_id


def test_progress_is_seen_by_others_while_it_solves(workers, solve, look, sessions):
    workers.start()
    scenario_id, job_id = solve()
    stages = []

    def ended():
        job = look(Job, job_id)
        if job.state == "running" and job.stage and job.stage not in stages:
            stages.append(job.stage)
        return job.ended_at

    wait_for(ended)
    assert len(stages) >= 2
    order = ["people", "weights", "solve.pairs", "solve.coverage", "solve.total", "solve.done", "slots", "verify"]
    assert stages == [stage for stage in (*order, "blocking", "reasons") if stage in stages]
    scenario = look(Scenario, scenario_id)
    assert (scenario.status, scenario.verified, look(Job, job_id).attempts) == ("solved", True, 1)
    with sessions() as session:
        found = session.scalars(select(Proposal).where(Proposal.scenario_id == scenario_id)).all()
    assert len(found) == scenario.totals["pairs"] > 50


def test_a_cancelled_job_ends_its_child(running, look, sessions, place):
    worker, child, scenario_id, job_id = running
    with sessions() as session:
        jobs.request_cancel(session, job_id, now=utc_now(), **place[0])
    wait_for(lambda: look(Job, job_id).ended_at)
    assert look(Job, job_id).state == "cancelled"
    assert look(Scenario, scenario_id).status == "cancelled"
    wait_for(lambda: not is_alive(child))
    assert is_alive(worker)


def test_a_worker_told_to_end_gives_its_job_back_at_once(workers, running, look):
    worker, child, scenario_id, job_id = running
    workers.end(worker, signal.SIGTERM)
    job = look(Job, job_id)
    assert (job.state, job.attempts, look(Scenario, scenario_id).status) == ("waiting", 0, "waiting")
    assert not is_alive(child)


def test_a_child_that_dies_is_tried_again(running, look):
    _, child, scenario_id, job_id = running
    os.kill(child, signal.SIGKILL)
    wait_for(lambda: look(Job, job_id).ended_at)
    assert (look(Job, job_id).state, look(Job, job_id).attempts) == ("done", 2)
    assert look(Scenario, scenario_id).status == "solved"


def test_a_child_that_dies_every_time_fails_the_job_in_words(workers, running, look):
    worker, _, scenario_id, job_id = running

    def kill_until_it_ends():
        for child in children_of(worker):
            os.kill(child, signal.SIGKILL)
        return look(Job, job_id).ended_at

    wait_for(kill_until_it_ends)
    job = look(Job, job_id)
    assert (job.state, job.attempts) == ("failed", 3)
    assert "perhaps for lack of memory" in job.error
    assert look(Scenario, scenario_id).status == "failed"


def test_a_job_that_the_queue_lost_is_found(workers, sessions, place, look):
    who, round_id = place
    with sessions() as session:
        _, job_id = scenarios.start_scenario(
            session, round_id, name="", objective="total", now=utc_now() - timedelta(minutes=1), **who
        )
    workers.start()
    wait_for(lambda: look(Job, job_id).ended_at)
    assert look(Job, job_id).state == "done"


def test_a_person_who_left_meanwhile_fails_the_job_in_words(workers, solve, sessions, look):
    scenario_id, job_id = solve()
    with sessions() as session:
        session.execute(delete(Membership).where(Membership.is_mentor))
        session.commit()
    workers.start()
    wait_for(lambda: look(Job, job_id).ended_at)
    assert look(Job, job_id).state == look(Scenario, scenario_id).status == "failed"
    assert "deleted their account" in look(Job, job_id).error


def test_offers_past_their_time_are_closed_and_mail_goes_out(workers, sessions, look):
    with sessions() as session:
        cast = Cast.create(session)
        round_ = make_round(session, cast.programme, state="published")
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=utc_now() - timedelta(days=8))
        session.commit()
    workers.start()
    wait_for(lambda: look(Offer, offer.id).state == "expired")
    assert not look(Offer, offer.id).holds_minutes

    def sent():
        with sessions() as session:
            states = set(session.scalars(select(OutboxMessage.state)))
            return states == {"sent"}

    wait_for(sent)
    assert list((workers.instance / "mail").iterdir())


def test_the_command_starts_and_ends(workers):
    environ = os.environ | workers.environ
    with subprocess.Popen(
        [sys.executable, "-m", "webapp.worker"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        wait_for(lambda: "worker_started" in process.stdout.readline())
        process.terminate()
        assert process.wait(timeout=60) == 0
