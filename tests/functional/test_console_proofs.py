"""A stored certificate computed again: what is true stays true, and whatever was changed in it is found."""

import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import sessionmaker, undefer

from tests.factories.cast import sign_in
from tests.factories.offers import make_round, make_scenario
from tests.factories.pools import freeze, make_pool
from tests.functional.console import send, text_of, work_off
from webapp.engine.working import do_work
from webapp.jobs.running import Runner
from webapp.models import CertificateCheck, Job, Proposal, Round, Scenario
from webapp.services import checks, jobs, scenarios
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.publishing import publish_round
from webapp.services.withdrawals import leave_round


@pytest.fixture
def solved(session, now):
    """Return a coordinator, a scenario that was really solved, and the address of its proof."""
    programme, coordinator = make_pool(session, 8, 14)
    round_id = freeze(session, programme, coordinator, now)
    here = {"programme_id": programme.id, "by": coordinator.id, "now": now}
    scenarios.start_scenario(session, round_id, name="Spring", objective="coverage", **here)
    scenario = work_off(session, now)
    return coordinator, scenario, f"/c/{programme.slug}/rounds/{round_id}/scenarios/{scenario.id}/proof"


def check_off(session, now):
    """Do what a worker does with a check that waits."""
    session.commit()
    job = session.query(Job).filter_by(kind="check", state="waiting").one()
    claim = jobs.claim(session, job.id, lease=timedelta(seconds=60), now=now)
    work = checks.read_check(session, uuid.UUID(claim.args["scenario_id"]), now=now)
    checks.store_check(session, claim, do_work(json.loads(json.dumps(work)), lambda *_progress: None), now=now)
    check = session.query(CertificateCheck).order_by(CertificateCheck.created_at.desc()).first()
    session.commit()
    return check


def stored(session, scenario):
    return session.get(Scenario, scenario.id, options=[undefer(Scenario.certificate)], populate_existing=True)


def test_a_scenario_that_is_taken_away_is_not_checked_any_more(client, session, solved):
    coordinator, _scenario, path = solved
    client = sign_in(client, session, coordinator)
    send(client, path)
    send(client, path.replace("/proof", "/remove"))
    assert session.query(Scenario).count() == 0
    assert [job.state for job in session.query(Job).filter_by(kind="check")] == ["cancelled"]


def test_a_true_certificate_is_found_true_and_the_page_says_when(client, session, solved, now):
    coordinator, scenario, path = solved
    client = sign_in(client, session, coordinator)
    page = text_of(client, path)
    assert "Checked once, when it was worked out" in page
    assert "Not checked again yet" in page
    assert send(client, path).headers["Location"] == path
    page = text_of(client, path)
    assert f'hx-get="{path}/progress"' in page
    assert "Waiting for a worker" in page
    check = check_off(session, now)
    assert (check.ok, check.covers, check.faults) == (True, "best", [])
    page = text_of(client, path)
    assert "Computed again, and true" in page
    assert "Verified</span>" in page
    assert "All of its pairs: none was changed by hand since." in page
    board = text_of(client, f"{path.split('/scenarios')[0]}?scenario={scenario.id}")
    assert "Checked again on" in board
    assert client.get(f"{path}/progress", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def _price(certificate):
    prices = certificate["prices"]["total"]
    name = next(name for name, values in prices.items() if isinstance(values, list) and any(values))
    prices[name] = [0.0] * len(prices[name])


def _pair(certificate):
    certificate["pairs"] = certificate["pairs"][1:]


def _value(certificate):
    certificate["values"]["total"] += 0.25


def _problem(certificate):
    certificate["problem_sha256"] = "0" * 64


def _seed(certificate):
    certificate["seed"] += 1


@pytest.mark.parametrize("tamper", [_price, _pair, _value, _problem, _seed])
def test_a_certificate_that_was_tampered_with_is_shown_as_failed(client, session, solved, now, tamper):
    coordinator, scenario, path = solved
    row = stored(session, scenario)
    certificate = json.loads(row.certificate)
    tamper(certificate)
    row.certificate = json.dumps(certificate)
    session.commit()
    client = sign_in(client, session, coordinator)
    send(client, path)
    check = check_off(session, now)
    assert not check.ok
    assert check.faults
    page = text_of(client, path)
    assert "The check failed" in page
    assert "Verified</span>" not in page
    board = text_of(client, f"{path.split('/scenarios')[0]}?scenario={scenario.id}")
    assert "The last check of the certificate failed" in board


def test_nonsense_in_the_certificate_fails_too(session, solved, now):
    coordinator, scenario, _path = solved
    stored(session, scenario).certificate = "{}"
    session.commit()
    checks.start_check(session, scenario.round_id, scenario.id, **_here(session, coordinator, scenario, now))
    assert not check_off(session, now).ok


def test_figures_and_pairs_that_pages_show_are_held_against_it(session, solved, now):
    coordinator, scenario, _path = solved
    here = _here(session, coordinator, scenario, now)
    row = stored(session, scenario)
    row.totals = row.totals | {"coverage": row.totals["coverage"] + 1}
    pairs = session.query(Proposal).filter_by(scenario_id=scenario.id).all()
    taken = {(pair.mentor_id, pair.mentee_id) for pair in pairs}
    pairs[0].mentor_id = next(p.mentor_id for p in pairs if (p.mentor_id, pairs[0].mentee_id) not in taken)
    session.commit()
    checks.start_check(session, scenario.round_id, scenario.id, **here)
    faults = check_off(session, now).faults
    assert [fault.split(":")[0] for fault in faults] == ["proposals", "totals"]


def test_a_scenario_whose_last_check_failed_is_not_published(session, solved, now):
    coordinator, scenario, _path = solved
    session.add(CertificateCheck(scenario_id=scenario.id, ok=False, faults=["pairs: x"], seconds=1.0))
    session.commit()
    here = _here(session, coordinator, scenario, now)
    n = session.query(Proposal).filter_by(scenario_id=scenario.id).count()
    with pytest.raises(WrongStateError) as refused:
        publish_round(session, scenario.round_id, scenario.id, expected_offers=n, **here)
    assert refused.value.state == "unproved"


def test_the_page_says_which_pairs_it_covers_no_more(client, session, solved, now):
    coordinator, scenario, path = solved
    pair = session.query(Proposal).filter_by(scenario_id=scenario.id).first()
    scenarios.remove_proposal(session, pair.id, **_here(session, coordinator, scenario, now))
    client = sign_in(client, session, coordinator)
    assert "Not the 1 pair that was changed by hand since" in text_of(client, path)
    send(client, path)
    assert check_off(session, now).ok  # the certificate itself is as true as it was


def test_who_left_before_the_solve_is_not_missed_by_the_check(session, cast, now):
    """The problem is the snapshot without her, and the check makes it anew the same way."""
    round_id = freeze(session, cast.programme, cast.ada, now)
    here = {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}
    leave_round(session, round_id, cast.mentee.id, **here)
    scenarios.start_scenario(session, round_id, name="", objective="coverage", **here)
    scenario = work_off(session, now)
    checks.start_check(session, round_id, scenario.id, **here)
    assert check_off(session, now).ok


def test_one_check_at_a_time_and_only_of_what_has_a_certificate(session, cast, solved, now):
    coordinator, scenario, _path = solved
    here = _here(session, coordinator, scenario, now)
    checks.start_check(session, scenario.round_id, scenario.id, **here)
    with pytest.raises(ConflictError):
        checks.start_check(session, scenario.round_id, scenario.id, **here)
    bare = make_scenario(session, make_round(session, cast.programme), [])
    session.commit()
    mine = {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}
    with pytest.raises(NotFoundError):
        checks.start_check(session, bare.round_id, bare.id, **mine)
    with pytest.raises(NotFoundError):
        checks.start_check(session, scenario.round_id, scenario.id, **mine)


def test_a_check_is_stopped_before_it_begins(client, session, solved):
    coordinator, scenario, path = solved
    client = sign_in(client, session, coordinator)
    send(client, path)
    send(client, f"{path}/stop", page=path)
    assert session.query(Job).filter_by(kind="check").one().state == "cancelled"
    assert session.query(CertificateCheck).count() == 0
    assert stored(session, scenario).status == "solved"


def test_a_worker_checks_against_the_snapshot_and_says_if_that_was_changed(committed_engine, now):
    sessions = sessionmaker(committed_engine, expire_on_commit=False)
    with sessions() as session:
        programme, coordinator = make_pool(session, 4, 6)
        round_id = freeze(session, programme, coordinator, now)
        here = {"programme_id": programme.id, "by": coordinator.id, "now": now}
        scenarios.start_scenario(session, round_id, name="", objective="coverage", **here)
        scenario = work_off(session, now)
        runner = Runner(sessions, timedelta(seconds=60))
        runner.run(checks.start_check(session, round_id, scenario.id, **here))
        assert checks.last_check(session, scenario.id).ok
        row = session.get(Round, round_id, options=[undefer(Round.snapshot)])
        row.snapshot = row.snapshot | {"mentees": row.snapshot["mentees"][1:]}
        session.commit()
        session.query(CertificateCheck).delete()
        runner.run(checks.start_check(session, round_id, scenario.id, **here))
        check = checks.last_check(session, scenario.id)
        assert (check.ok, check.faults) == (False, ["snapshot: is not the one that was frozen"])
        assert session.query(Job).filter_by(kind="check", state="done").count() == 2
        assert session.get(Scenario, scenario.id, populate_existing=True).status == "solved"


def _here(session, coordinator, scenario, now):
    return {"programme_id": session.get(Round, scenario.round_id).programme_id, "by": coordinator.id, "now": now}
