"""Reports on a pool: asked for once, kept with the end of their job, and known to be overtaken."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.cast import Cast, make_mentee, make_person
from tests.factories.workers import wait_for
from webapp.engine.working import do_work
from webapp.models import Job, MentorOffer, PoolReport
from webapp.services import jobs, pool

LEASE = timedelta(seconds=60)


@pytest.fixture
def place(committed_engine):
    with Session(committed_engine, expire_on_commit=False) as session:
        yield session, Cast.create(session)


def claimed(session, cast, now):
    job_id = pool.ask_for_report(session, cast.programme.id, by=cast.ada.id, now=now)
    return jobs.claim(session, job_id, lease=LEASE, now=now)


def work_out(session, cast, now):
    claim = claimed(session, cast, now)
    work = pool.read_pool_work(session, cast.programme.id, now=now)
    pool.store_report(session, claim, work, do_work(work, lambda *_progress: None), now=now)
    return look(session, cast, now)


def look(session, cast, now):
    session.rollback()
    return pool.find_pool(session, cast.programme.id, now=now)


def test_first_visit_wants_a_report_and_a_fresh_one_wants_none(place, now):
    session, cast = place
    assert look(session, cast, now).wants_report(now)
    work_out(session, cast, now)
    # The server's own upkeep may hold the mark back for a moment.
    view = wait_for(lambda: (view := work_out(session, cast, now)) and not view.is_stale and view)
    assert not view.wants_report(now)
    assert view.health.counts["mentees"] == 1


def test_edit_makes_it_stale_and_says_of_whom(place, now):
    session, cast = place
    wait_for(lambda: not work_out(session, cast, now).is_stale)
    session.execute(update(MentorOffer).where(MentorOffer.membership_id == cast.mentor.id).values(places=1))
    session.commit()
    view = look(session, cast, now)
    assert view.changes.members == {cast.mentor.id}
    assert view.is_stale
    assert not view.wants_report(now)  # not again at once
    assert view.wants_report(now + timedelta(minutes=2))


def test_new_day_makes_it_stale_for_pauses_begin_with_it(place, now):
    session, cast = place
    work_out(session, cast, now)
    view = look(session, cast, now + timedelta(days=1))
    assert view.new_day
    assert view.wants_report(now + timedelta(days=1))


def test_day_is_that_of_the_programmes_clock(place, now):
    session, cast = place
    late = now.replace(hour=23, minute=30)  # 17:30 in Chicago
    work_out(session, cast, late)
    assert not look(session, cast, late + timedelta(hours=1)).new_day


def test_of_many_who_ask_at_once_one_begins_it(place, committed_engine, now):
    _session, cast = place
    begun, sessions = [], sessionmaker(committed_engine)
    barrier = threading.Barrier(6)

    def ask():
        with sessions() as session:
            barrier.wait()
            begun.append(pool.ask_for_report(session, cast.programme.id, by=cast.ada.id, now=now))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(job_id is not None for job_id in begun) == 1
    with sessions() as session:
        assert len(session.scalars(select(Job).where(Job.kind == jobs.POOL)).all()) == 1


def test_report_of_a_worker_that_lost_its_job_is_not_kept(place, now):
    session, cast = place
    claim = claimed(session, cast, now)
    work = pool.read_pool_work(session, cast.programme.id, now=now)
    facts = do_work(work, lambda *_progress: None)
    jobs.sweep(session, now=now + LEASE + LEASE, patience=LEASE)
    with pytest.raises(jobs.LostLeaseError):
        pool.store_report(session, claim, work, facts, now=now)
    assert session.scalars(select(PoolReport)).all() == []


def test_failed_report_is_not_tried_again_by_itself(place, now):
    session, cast = place
    work_out(session, cast, now)
    jobs.fail(session, claimed(session, cast, now + timedelta(days=2)), "no memory", now=now + timedelta(days=2))
    view = look(session, cast, now + timedelta(days=2))
    assert view.failed
    assert view.is_stale
    assert not view.wants_report(now + timedelta(days=2))


def test_people_who_left_since_are_not_named(place, now):
    session, cast = place
    nights = ((0, 120, 240),)
    owl = make_mentee(session, cast.programme, make_person(session, "Nia Night", windows=nights))
    session.commit()
    assert [one.name for one in work_out(session, cast, now).health.stuck.shown] == ["Nia Night"]
    owl.status = "left"
    session.commit()
    view = look(session, cast, now)
    assert view.health.stuck.shown == ()
    assert view.health.stuck.total == 1


def test_progress_is_told_in_order(place, now):
    session, cast = place
    stages = []
    work = pool.read_pool_work(session, cast.programme.id, now=now)
    do_work(work, lambda stage, *_rest: stages.append(stage.split(".")[0]))
    assert list(dict.fromkeys(stages)) == ["people", "pairs", "fits", "solve", "advice"]
