"""A round from draft to published, as the coordinator clicks it."""

import json
import re
import uuid
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person, sign_in
from tests.factories.offers import make_round, make_scenario
from tests.factories.pools import freeze
from tests.functional.console import send, state_of, text_of, work_off
from webapp.engine.working import do_work
from webapp.models import Job, Offer, OutboxMessage, PairRule, Proposal, Round, Scenario
from webapp.presenters.rounds import present_work
from webapp.services.scenarios import read_work, start_scenario


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def base(cast):
    return f"/c/{cast.programme.slug}/rounds"


@pytest.fixture
def frozen(session, cast, now):
    return freeze(session, cast.programme, cast.ada, now)


@pytest.fixture
def reviewed(ada, session, base, frozen, now):
    send(ada, f"{base}/{frozen}/solve", page=f"{base}/{frozen}", objective="coverage")
    return work_off(session, now)


def step(client, base, round_id, name):
    return send(client, f"{base}/{round_id}/step", page=base + "/new", step=name)


def rule(client, base, scenario, cast, kind, **values):
    pair = {"mentor_id": str(cast.mentor.id), "mentee_id": str(cast.mentee.id)}
    path = f"{base}/{scenario.round_id}"
    return send(client, f"{path}/rule?fit=good", page=path, kind=kind, **pair, **values)


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


def test_board_tells_figures_proof_reasons_slot_and_month(ada, session, base, reviewed):
    page = text_of(ada, f"{base}/{reviewed.round_id}")
    assert '<div class="v">1 of 1</div>' in page
    assert "No better matching exists - checked" in page
    assert "Publish 1 offer…" in page
    assert "Dr Mo Farahani" in page
    assert "The specialty wished" in page
    assert 'aria-label="60 of 120 minutes used"' in page
    proposal = session.scalars(select(Proposal)).one()
    assert f"{proposal.weight:.2f}</span>" in page
    assert f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri')[proposal.slot_weekday]} {proposal.slot_minute // 60:02d}:" in page


def test_gap_is_told_where_no_proof_closes_it(ada, session, base, reviewed):
    reviewed.result_status, reviewed.totals = "FEASIBLE", reviewed.totals | {"gap": 0.0123}
    session.commit()
    page = text_of(ada, f"{base}/{reviewed.round_id}")
    assert "A better matching may exist, by 1.23 % at most - checked" in page
    assert "No better matching exists" not in page


def test_certificate_is_downloaded_as_it_was_stored(ada, base, reviewed):
    path = f"{base}/{reviewed.round_id}/certificate"
    answer = ada.get(f"{path}?scenario={reviewed.id}")
    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)["objective"] == "coverage"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert ada.get(path).status_code == 404
    assert ada.get(f"{path}?scenario={uuid.uuid4()}").status_code == 404


def test_pin_with_a_reason_is_kept_shown_and_kept_by_the_next_solve(ada, session, cast, base, reviewed, now):
    answer = rule(ada, base, reviewed, cast, "pin", why="asked in person")
    path = f"{base}/{reviewed.round_id}"
    back, _, anchor = answer.headers["Location"].partition("#")
    assert back == f"{path}?fit=good"
    page = text_of(ada, path)
    assert f'id="{anchor}"' in page
    assert "Pinned by you: asked in person" in page
    assert "1 ruling is newer than these pairs" in page
    assert "Dr Mo Farahani" in text_of(ada, f"{path}?show=pinned")
    send(ada, f"{path}/solve", page=path, objective="total", name="Second")
    work_off(session, now)
    page = text_of(ada, path)
    assert "newer than these pairs" not in page
    assert re.search(r'aria-current="page">Second</a>', page)


def test_forbidden_pair_is_left_out_by_the_next_solve_and_told_why(ada, session, cast, base, reviewed, now):
    rule(ada, base, reviewed, cast, "forbid", why="same family")
    path = f"{base}/{reviewed.round_id}"
    assert "Ruled out by you: same family" in text_of(ada, path)
    send(ada, f"{path}/solve", page=path, objective="coverage", name="Second")
    work_off(session, now)
    page = text_of(ada, path)
    assert "0 of 1" in page
    assert "1 without, and why" in page
    assert "A coordinator ruled out most mentors." in page


def test_ruling_is_taken_back_once(ada, session, cast, base, reviewed):
    rule(ada, base, reviewed, cast, "pin")
    rule(ada, base, reviewed, cast, "clear")
    assert session.query(PairRule).count() == 0
    rule(ada, base, reviewed, cast, "clear")
    assert "This ruling was taken back already." in text_of(ada, f"{base}/{reviewed.round_id}")


def test_pair_that_cannot_be_is_not_pinned(ada, session, cast, base, reviewed):
    late = make_mentor(session, cast.programme, make_person(session, "Late"))
    session.commit()
    path = f"{base}/{reviewed.round_id}"
    pair = {"mentor_id": str(late.id), "mentee_id": str(cast.mentee.id)}
    send(ada, f"{path}/rule", page=path, kind="pin", **pair)
    assert "was not in the pool when the round was frozen" in text_of(ada, path)
    assert session.query(PairRule).count() == 0


def test_pair_is_taken_out_and_put_back(ada, session, base, reviewed):
    path = f"{base}/{reviewed.round_id}"
    proposal = session.scalars(select(Proposal)).one()
    send(ada, f"{path}/remove", page=path, proposal_id=str(proposal.id), what="remove")
    page = text_of(ada, path)
    assert "Taken out</span>" in page
    assert "The pair was taken out by hand." in page
    assert "before changes by hand: 1 pair out" in page
    assert "No pair is left in this scenario" in text_of(ada, f"{path}/publish?scenario={reviewed.id}")
    send(ada, f"{path}/remove", page=path, proposal_id=str(proposal.id), what="restore")
    assert "Publish 1 offer…" in text_of(ada, path)


def test_pins_that_clash_are_told(ada, session, cast, base, frozen, now):
    path = f"{base}/{frozen}"
    send(ada, f"{path}/solve", page=path, objective="coverage")
    scenario = session.scalars(select(Scenario)).one()
    scenario.status, scenario.conflicts = "infeasible", [f"mentor {cast.mentor.id} has too many pins: drop a pin"]
    session.commit()
    page = text_of(ada, path)
    assert "cannot all hold" in page
    assert "mentor Dr Mo Farahani has too many pins" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fit=strong", 1),
        ("fit=thin", 0),
        ("q=farahani", 1),
        ("q=LINDQVIST", 1),
        ("q=nobody", 0),
        ("specialty=general_surgery", 1),
        ("specialty=urology", 0),
        ("show=pinned", 0),
        ("show=removed", 0),
        ("show=no_slot", 0),
        ("sort=thin&page=7&fit=unknown", 1),
    ],
)
def test_filters_of_the_board_stand_in_the_address(ada, session, cast, base, query, found):
    round_ = make_round(session, cast.programme)
    make_scenario(session, round_, [(cast.mentor, cast.mentee)])
    session.commit()
    assert text_of(ada, f"{base}/{round_.id}?{query}").count('<tr class="') == found


def test_board_of_200_pairs_takes_no_more_queries_than_one_of_one(ada, session, cast, base, count_queries):
    small, large = make_round(session, cast.programme), make_round(session, cast.programme)
    make_scenario(session, small, [(cast.mentor, cast.mentee)])
    mentees = [make_mentee(session, cast.programme, make_person(session, f"Mentee {n}")) for n in range(200)]
    scenario = make_scenario(session, large, [(cast.mentor, mentee) for mentee in mentees])
    scenario.unmatched = [
        {"membership_id": str(cast.mentee.id), "side": "mentee", "why": "no_room", "acceptable": 1, "codes": {}}
    ]
    session.commit()
    with count_queries() as few:
        text_of(ada, f"{base}/{small.id}")
    with count_queries() as many:
        page = text_of(ada, f"{base}/{large.id}?page=2")
    assert page.count('<tr class="') == 25
    assert "page=3" in page
    assert len(few) <= len(many) <= 12


def publish(client, base, scenario, offers):
    path = f"{base}/{scenario.round_id}/publish?scenario={scenario.id}"
    return send(client, path, offers=offers)


def test_publishing_asks_for_the_number_and_says_how_many_mails_go_out(ada, session, base, reviewed):
    page = text_of(ada, f"{base}/{reviewed.round_id}/publish?scenario={reviewed.id}")
    assert "Publish 1 offer?" in page
    assert "2 people get a mail now." in page
    assert "7 days to answer" in page
    answer = publish(ada, base, reviewed, "2")
    assert "That is not the number of offers in the heading." in answer.get_data(as_text=True)
    assert "Type the number of offers" in publish(ada, base, reviewed, "").get_data(as_text=True)
    assert session.query(Offer).count() == 0


def test_published_round_shows_its_answers(ada, session, cast, base, reviewed):
    answer = publish(ada, base, reviewed, "1")
    responses = f"/c/{cast.programme.slug}/responses/{reviewed.round_id}"
    assert answer.headers["Location"] == responses
    assert session.query(OutboxMessage).count() == 2
    page = text_of(ada, responses)
    assert "1 offer waits for answers" in page
    page = text_of(ada, f"{base}/{reviewed.round_id}")
    assert "See the answers" in page
    assert "Pin<span" not in page


def test_round_is_published_once(ada, session, base, reviewed):
    publish(ada, base, reviewed, "1")
    answer = publish_again(ada, base, reviewed)
    assert answer.status_code == 409
    assert "This round is published already" in answer.get_data(as_text=True)
    assert session.query(Offer).count() == 1


def publish_again(client, base, scenario):
    path = f"{base}/{scenario.round_id}/publish?scenario={scenario.id}"
    return send(client, path, page=base + "/new", offers="1")


def test_limit_lowered_meanwhile_stops_publishing_and_names_the_pair(ada, session, cast, base, reviewed):
    cast.mentor.offer.minutes_a_month = 30
    session.commit()
    page = publish(ada, base, reviewed, "1").get_data(as_text=True)
    assert "Nothing was published: some pairs no longer hold" in page
    assert "Lee Lindqvist with Dr Mo Farahani: the mentor has fewer minutes left now" in page
    assert state_of(session, reviewed.round_id) == "review"
