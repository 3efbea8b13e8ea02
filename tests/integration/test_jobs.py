"""The ledger of jobs: claimed once, held by a lease, ended once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from tests.factories.cast import make_programme
from webapp.models import AuditEvent, Job
from webapp.services import jobs
from webapp.services.errors import NotFoundError, WrongStateError
from webapp.services.transaction import transaction

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def add(session, now, **values):
    with transaction(session):
        return jobs.add_job(session, "test", {}, now=now, **values)


def claimed(session, job_id, now):
    claim = jobs.claim(session, job_id, lease=LEASE, now=now)
    assert claim is not None
    return claim


@pytest.fixture
def job_id(session, cast, now):
    return add(session, now, programme_id=cast.programme.id, by=cast.ada.id)


class TestClaiming:
    def test_a_claimed_job_runs_under_a_lease(self, session, job_id, now):
        claim = claimed(session, job_id, now)
        job = jobs.get_job(session, job_id)
        assert (job.state, job.attempts, job.lease_until, job.lease_token) == ("running", 1, now + LEASE, claim.token)

    def test_a_running_job_is_not_claimed_again(self, session, job_id, now):
        claimed(session, job_id, now)
        assert jobs.claim(session, job_id, lease=LEASE, now=now) is None

    def test_of_ten_workers_at_once_one_gets_the_job(self, committed_engine, now):
        sessions = sessionmaker(committed_engine, expire_on_commit=False)
        with sessions() as session:
            job_id = add(session, now)
        start, claims = threading.Barrier(10), []

        def work():
            with sessions() as session:
                start.wait()
                claims.append(jobs.claim(session, job_id, lease=LEASE, now=now))

        threads = [threading.Thread(target=work) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(claim is not None for claim in claims) == 1
        assert len(claims) == 10


class TestHolding:
    def test_a_heartbeat_extends_the_lease(self, session, job_id, now):
        claim = claimed(session, job_id, now)
        assert jobs.heartbeat(session, claim, lease=LEASE, now=now + 20 * SECOND)
        assert jobs.get_job(session, job_id).lease_until == now + 50 * SECOND

    def test_progress_is_written_while_the_job_is_held(self, session, job_id, now):
        claim = claimed(session, job_id, now)
        assert jobs.report_progress(session, claim, stage="solve.total", done=2, total=3, bound=7.5, gap=0.1)
        job = jobs.get_job(session, job_id)
        assert (job.stage, job.done, job.total, job.bound, job.gap) == ("solve.total", 2, 3, 7.5, 0.1)

    def test_a_worker_that_lost_its_job_can_write_nothing(self, session, job_id, now):
        late = claimed(session, job_id, now)
        jobs.sweep(session, now=now + 31 * SECOND, patience=SECOND)
        fresh = claimed(session, job_id, now + 32 * SECOND)
        assert not jobs.heartbeat(session, late, lease=LEASE, now=now)
        assert not jobs.report_progress(session, late, stage="late", done=1, total=1)
        assert jobs.must_stop(session, late)
        for end in (jobs.finish, jobs.end_cancelled):
            with pytest.raises(jobs.LostLeaseError):
                end(session, late, now=now)
        with pytest.raises(jobs.LostLeaseError):
            jobs.fail(session, late, "late", now=now)
        with pytest.raises(jobs.LostLeaseError):
            jobs.give_back(session, late, error="late", counts=True, now=now)
        job = jobs.get_job(session, job_id)
        assert (job.state, job.lease_token, job.stage) == ("running", fresh.token, "")


class TestEnding:
    def test_a_finished_job_is_done_and_ends_no_second_time(self, session, job_id, now):
        claim = claimed(session, job_id, now)
        jobs.finish(session, claim, now=now + SECOND)
        assert jobs.get_job(session, job_id).ended_at == now + SECOND
        with pytest.raises(jobs.LostLeaseError):
            jobs.finish(session, claim, now=now + 2 * SECOND)

    def test_a_failed_job_says_why(self, session, job_id, now):
        jobs.fail(session, claimed(session, job_id, now), "No mentor speaks English.", now=now)
        job = jobs.get_job(session, job_id)
        assert (job.state, job.error) == ("failed", "No mentor speaks English.")

    def test_a_worker_that_stops_gives_its_job_back_at_no_cost(self, session, job_id, now):
        assert jobs.give_back(session, claimed(session, job_id, now), error="", counts=False, now=now)
        job = jobs.get_job(session, job_id)
        assert (job.state, job.attempts, job.lease_token) == ("waiting", 0, None)

    def test_the_last_accident_fails_the_job(self, session, now):
        job_id = add(session, now, max_attempts=2)
        assert jobs.give_back(session, claimed(session, job_id, now), error="again", counts=True, now=now)
        assert not jobs.give_back(session, claimed(session, job_id, now), error="no memory", counts=True, now=now)
        job = jobs.get_job(session, job_id)
        assert (job.state, job.error) == ("failed", "no memory")


class TestSweep:
    def test_a_silent_worker_loses_its_job_to_the_queue(self, session, job_id, now):
        claimed(session, job_id, now)
        assert jobs.sweep(session, now=now + 29 * SECOND, patience=SECOND) == jobs.Swept((), ())
        assert jobs.sweep(session, now=now + 31 * SECOND, patience=SECOND) == jobs.Swept((job_id,), ())

    def test_after_the_last_attempt_it_fails_in_words(self, session, now):
        job_id = add(session, now, max_attempts=1)
        claimed(session, job_id, now)
        assert jobs.sweep(session, now=now + 31 * SECOND, patience=SECOND).failed == (job_id,)
        assert "interrupted 1 times" in jobs.get_job(session, job_id).error

    def test_a_job_that_the_queue_forgot_is_named(self, session, job_id, now):
        assert jobs.sweep(session, now=now + SECOND, patience=5 * SECOND).waiting == ()
        assert jobs.sweep(session, now=now + 6 * SECOND, patience=5 * SECOND).waiting == (job_id,)

    def test_a_job_that_was_to_be_stopped_does_not_start_again(self, session, cast, job_id, now):
        claimed(session, job_id, now)
        jobs.request_cancel(session, job_id, programme_id=cast.programme.id, by=cast.ada.id, now=now)
        assert jobs.sweep(session, now=now + 31 * SECOND, patience=SECOND) == jobs.Swept((), ())
        assert jobs.get_job(session, job_id).state == "cancelled"


class TestCancel:
    def test_a_waiting_job_is_cancelled_at_once(self, session, cast, job_id, now):
        jobs.request_cancel(session, job_id, programme_id=cast.programme.id, by=cast.ada.id, now=now)
        assert jobs.get_job(session, job_id).state == "cancelled"
        assert jobs.claim(session, job_id, lease=LEASE, now=now) is None
        assert session.query(AuditEvent).filter_by(action="job.cancel", by_person_id=cast.ada.id).count() == 1

    def test_a_running_job_is_asked_to_stop(self, session, cast, job_id, now):
        claim = claimed(session, job_id, now)
        assert not jobs.must_stop(session, claim)
        jobs.request_cancel(session, job_id, programme_id=cast.programme.id, by=cast.ada.id, now=now)
        assert jobs.must_stop(session, claim)
        jobs.end_cancelled(session, claim, now=now)
        assert jobs.get_job(session, job_id).state == "cancelled"

    def test_a_job_that_ended_cannot_be_cancelled(self, session, cast, job_id, now):
        jobs.finish(session, claimed(session, job_id, now), now=now)
        with pytest.raises(WrongStateError, match="job is done"):
            jobs.request_cancel(session, job_id, programme_id=cast.programme.id, by=cast.ada.id, now=now)

    def test_another_programme_does_not_see_the_job(self, session, cast, job_id, now):
        with pytest.raises(NotFoundError):
            jobs.request_cancel(session, job_id, programme_id=cast.elsewhere.id, by=cast.kim.id, now=now)
        with pytest.raises(NotFoundError):
            jobs.get_job(session, job_id, programme_id=cast.elsewhere.id)


def test_a_job_is_gone_with_the_transaction_that_wrote_it(session, now):
    programme = make_programme(session)
    session.commit()

    def write_and_break():
        with transaction(session):
            jobs.add_job(session, "test", {}, programme_id=programme.id, now=now)
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        write_and_break()
    assert session.query(Job).filter_by(programme_id=programme.id).count() == 0
