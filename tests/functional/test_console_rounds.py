"""A round from draft to worked out, as the coordinator clicks it."""

import uuid
from uuid import UUID

from sqlalchemy import select

from tests.factories.offers import make_round
from tests.functional.console import send, state_of, text_of, work_off
from tests.functional.rounds import step
from webapp.engine.working import do_work
from webapp.models import Job, Round, Scenario
from webapp.presenters.rounds import present_work
from webapp.services.scenarios import read_work, start_scenario


def test_round_goes_from_draft_to_frozen_with_one_button_a_state(ada, session, base):
    answer = send(ada, f"{base}/new", name="Spring 2027", enrols_until="2027-03-01")
    path = answer.headers["Location"]
    round_id = uuid.UUID(path.rsplit("/", 1)[1])
    page = text_of(ada, path)
    assert "Open for joining</button>" in page
    assert "People join until Mon 1 Mar 2027" in page
    step(ada, base, round_id, "open")
    page = text_of(ada, path)
    assert "Freeze the pool</button>" in page
    assert "Everyone has finished joining" in page
    step(ada, base, round_id, "freeze")
    page = text_of(ada, path)
    assert "Work out the pairs</button>" in page
    assert session.get(Round, round_id, populate_existing=True).snapshot_sha256[:12] in page
    assert "Spring 2027" in text_of(ada, base)


def test_round_without_a_name_is_refused_on_its_field(ada, session, base):
    answer = send(ada, f"{base}/new", name=" ")
    assert "Give the round a name" in answer.get_data(as_text=True)
    assert session.query(Round).count() == 0


def test_freezing_an_empty_pool_says_what_is_missing(ada, session, cast, base):
    cast.mentor.status = "left"
    round_ = make_round(session, cast.programme, state="enrolling")
    session.commit()
    page = text_of(ada, f"{base}/{round_.id}")
    assert "Missing" in page
    step(ada, base, round_.id, "freeze")
    assert "No mentor has joined yet" in text_of(ada, f"{base}/{round_.id}")
    assert state_of(session, round_.id) == "enrolling"


def test_step_that_a_colleague_took_already_gets_a_page_that_says_so(ada, session, base, frozen):
    answer = step(ada, base, frozen, "open")
    assert answer.status_code == 409
    assert "This round is frozen already. Nothing was changed." in answer.get_data(as_text=True)
    assert state_of(session, frozen) == "frozen"


def test_unknown_step_changes_nothing(ada, session, base, frozen):
    assert step(ada, base, frozen, "explode").status_code == 302
    assert state_of(session, frozen) == "frozen"


def test_frozen_round_opens_again_or_is_cancelled(ada, session, base, frozen):
    step(ada, base, frozen, "reopen")
    assert state_of(session, frozen) == "enrolling"
    step(ada, base, frozen, "cancel")
    assert state_of(session, frozen) == "cancelled"
    assert "was cancelled" in text_of(ada, f"{base}/{frozen}")


def test_work_shows_its_progress_and_reloads_when_it_is_done(ada, session, base, frozen, now):
    path = f"{base}/{frozen}"
    send(ada, f"{path}/solve", page=path, objective="coverage")
    page = text_of(ada, path)
    job = session.scalars(select(Job)).one()
    progress = f"{path}/progress/{job.id}"
    assert f'hx-get="{progress}"' in page
    assert "Waiting for a worker" in page
    assert f'<a class="btn btn-bare btn-sm" href="{path}">Reload</a>' in page
    htmx = {"HX-Request": "true"}
    job.state, job.stage, job.done, job.total = "running", "solve.coverage", 1.0, 2.0
    session.commit()
    part = ada.get(progress, headers=htmx).get_data(as_text=True)
    assert "Finding the best pairs" in part
    assert 'value="52"' in part
    assert "<html" not in part
    assert ada.get(progress).headers["Location"] == f"{path}#work"
    job.stage, job.bound, job.gap = "slots", 32.92, 0.0125
    session.commit()
    part = ada.get(progress, headers=htmx).get_data(as_text=True)
    assert "at most 1.25 % from the best there can be (bound 32.92)" in part
    job.gap = 0.0
    session.commit()
    assert "So far nothing better" in ada.get(progress, headers=htmx).get_data(as_text=True)
    job.state = "waiting"
    session.commit()
    work_off(session, now)
    assert ada.get(progress, headers=htmx).headers["HX-Refresh"] == "true"
    assert state_of(session, frozen) == "review"


def test_bar_goes_through_the_stages_of_a_real_solve_and_never_back(session, frozen, cast, now):
    start_scenario(
        session, frozen, name="", objective="coverage", programme_id=cast.programme.id, by=cast.ada.id, now=now
    )
    job = session.scalars(select(Job)).one()
    told = []
    do_work(read_work(session, UUID(job.args["scenario_id"]), now=now), lambda *progress: told.append(progress))
    stages = list(dict.fromkeys(stage.split(".")[0] for stage, *_rest in told))
    assert stages == ["people", "weights", "solve", "slots", "verify", "reasons"]
    percents = []
    for stage, done, total, bound, gap in told:
        job.state, job.stage, job.done, job.total, job.bound, job.gap = "running", stage, done, total, bound, gap
        words = {"title": "", "failed": "", "page_url": "", "progress_url": "", "stop_url": ""}
        percents.append(present_work(job, **words).percent)
    assert percents == sorted(percents)
    session.rollback()


def test_second_solve_waits_for_the_first(ada, session, base, frozen):
    path = f"{base}/{frozen}"
    for _ in range(2):
        send(ada, f"{path}/solve", page=base + "/new", objective="coverage")
    assert "being worked out for this round already" in text_of(ada, path)
    assert session.query(Scenario).count() == 1


def test_unknown_objective_starts_nothing(ada, session, base, frozen):
    send(ada, f"{base}/{frozen}/solve", page=base + "/new", objective="luck")
    assert session.query(Scenario).count() == 0


def test_work_can_be_stopped(ada, session, base, frozen):
    path = f"{base}/{frozen}"
    send(ada, f"{path}/solve", page=path, objective="coverage")
    send(ada, f"{path}/stop", page=path)
    session.expire_all()
    assert session.scalars(select(Job)).one().state == "cancelled"
    assert "Work out the pairs</button>" in text_of(ada, path)


def test_failed_work_says_why_and_may_be_tried_again(ada, session, base, frozen):
    path = f"{base}/{frozen}"
    send(ada, f"{path}/solve", page=path, objective="coverage")
    job = session.scalars(select(Job)).one()
    job.state, job.error = "failed", "The machine ran out of memory."
    session.scalars(select(Scenario)).one().status = "failed"
    session.commit()
    page = text_of(ada, path)
    assert "The machine ran out of memory." in page
    assert "hx-get" not in page
    assert "Work out the pairs</button>" in page
