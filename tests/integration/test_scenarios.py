"""Scenarios: asked for, stored once, and kept as they were frozen."""

from dataclasses import replace

import pytest

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.integration.solving import proposals, silent
from webapp.engine.solving import solve_work
from webapp.models import Exclusion, Job, Round, Scenario
from webapp.services import jobs, rounds, scenarios
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError, WrongStateError


class TestStarting:
    def test_writes_a_scenario_and_its_job_together(self, session, start, cast):
        scenario_id, job_id = start()
        scenario, job = session.get(Scenario, scenario_id), session.get(Job, job_id)
        assert (scenario.status, scenario.name, job.state) == ("waiting", "Scenario 1", "waiting")
        assert job.args == {"scenario_id": str(scenario_id)}
        assert job.programme_id == cast.programme.id
        assert jobs.find_job_of(session, scenario_id).id == job_id

    @pytest.mark.parametrize("state", ["draft", "enrolling", "published", "archived", "cancelled"])
    def test_is_refused_where_there_is_nothing_to_solve(self, session, start, frozen, state):
        session.get(Round, frozen).state = state
        session.commit()
        with pytest.raises(WrongStateError, match="solve"):
            start()

    def test_one_solve_of_a_round_at_a_time(self, session, start):
        start()
        with pytest.raises(ConflictError, match="solving"):
            start()

    def test_another_way_may_be_begun_while_one_is_at_work(self, session, start, who, frozen, cast, now):
        ids = [start()[0], start(objective="total")[0], start(minimum=0.3)[0]]
        scenarios.forbid_pair(session, frozen, cast.mentor.id, cast.mentee.id, **who)
        ids.append(start()[0])  # the first one's rule, under the rulings of now
        assert [session.get(Scenario, key).status for key in ids] == ["waiting"] * 4

    def test_work_that_is_done_too_late_leaves_no_scenario_at_work(self, session, work, frozen, now):
        scenario_id, claim, result = work()
        session.get(Round, frozen).state = "published"  # with another scenario
        session.commit()
        scenarios.store_result(session, claim, result, now=now)
        session.expire_all()
        assert session.get(Scenario, scenario_id).status == "cancelled"
        assert session.get(Job, claim.job_id).state == "cancelled"

    def test_an_unknown_objective_is_refused(self, start):
        with pytest.raises(InvalidInputError, match="objective"):
            start(objective="luck")

    def test_a_round_of_another_programme_is_not_found(self, start, cast):
        with pytest.raises(NotFoundError):
            start(programme_id=cast.elsewhere.id)


class TestStoring:
    def test_the_first_solved_scenario_moves_the_round_to_review(self, session, solved, frozen, cast):
        scenario = solved()
        assert (scenario.status, scenario.result_status, scenario.verified) == ("solved", "OPTIMAL", True)
        assert session.get(Round, frozen).state == "review"
        (proposal,) = proposals(session, scenario)
        assert (proposal.mentor_id, proposal.mentee_id) == (cast.mentor.id, cast.mentee.id)
        assert (proposal.minutes, proposal.slot_weekday, proposal.slot_minute) == (60, 0, 18 * 60)
        assert proposal.parts["specialty"] == 1.0
        assert {reason["key"] for reason in proposal.reasons} >= {"specialty_same", "topics_some", "hours_shared"}
        assert scenario.totals["coverage"] == scenario.totals["pairs"] == scenario.totals["mentees"] == 1
        assert scenario.totals["minutes_used"] == 60
        assert scenario.totals["bound"] == pytest.approx(proposal.weight)
        assert '"objective": "coverage"' in scenario.certificate

    def test_the_job_ends_with_the_result(self, session, solved):
        scenario = solved()
        assert jobs.find_job_of(session, scenario.id).state == "done"

    def test_a_worker_that_lost_its_job_stores_nothing(self, session, work, now):
        scenario_id, claim, result = work()
        with pytest.raises(jobs.LostLeaseError):
            scenarios.store_result(session, replace(claim, token="another"), result, now=now)
        session.expire_all()
        assert proposals(session, session.get(Scenario, scenario_id)) == []
        assert session.get(Job, claim.job_id).state == "running"

    def test_a_result_is_stored_once(self, session, work, now):
        scenario_id, claim, result = work()
        scenarios.store_result(session, claim, result, now=now)
        with pytest.raises(jobs.LostLeaseError):
            scenarios.store_result(session, claim, result, now=now)
        assert len(proposals(session, session.get(Scenario, scenario_id))) == 1

    def test_nothing_is_stored_for_a_round_that_was_reopened(self, session, work, frozen, who, now):
        scenario_id, claim, result = work()
        rounds.reopen_round(session, frozen, **who)
        scenarios.store_result(session, claim, result, now=now)
        session.expire_all()
        scenario = session.get(Scenario, scenario_id)
        assert (scenario.status, proposals(session, scenario)) == ("stale", [])
        assert session.get(Round, frozen).state == "enrolling"
        assert session.get(Job, claim.job_id).state == "cancelled"

    def test_those_without_a_mentor_are_listed_with_the_reason(self, session, solved, frozen, cast, now, who):
        rounds.reopen_round(session, frozen, **who)
        far = make_person(session, "Nia Okafor", windows=((6, 0, 60),))
        nia = make_mentee(session, cast.programme, far)
        session.commit()
        rounds.freeze_round(session, frozen, **who)
        (left_out,) = solved().unmatched
        assert left_out["membership_id"] == str(nia.id)
        assert (left_out["why"], left_out["codes"]) == ("no_shared_hours", {"NO_SHARED_HOURS": 1})


class TestFrozen:
    def test_what_is_edited_later_does_not_reach_the_solve(self, session, start, cast, now):
        scenario_id, _ = start()
        before = scenarios.read_work(session, scenario_id, now=now)
        cast.mentor.offer.places = 0
        cast.mo.zone = "Asia/Tokyo"
        cast.lee.windows = []
        cast.programme.weights = {"languages": 1.0}
        cast.programme.minimum = 0.99
        session.add(Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id))
        make_mentor(session, cast.programme, make_person(session, "Late Comer"))
        session.commit()
        assert scenarios.read_work(session, scenario_id, now=now) == before
        assert len(solve_work(before, silent)["proposals"]) == 1

    def test_a_snapshot_that_was_tampered_with_is_refused(self, session, start, frozen, now):
        scenario_id, _ = start()
        round_ = session.get(Round, frozen)
        round_.snapshot = {**round_.snapshot, "mentees": []}
        session.commit()
        with pytest.raises(ConflictError, match="snapshot"):
            scenarios.read_work(session, scenario_id, now=now)
