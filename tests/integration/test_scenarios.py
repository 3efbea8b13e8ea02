"""Scenarios: asked for, stored once, edited by rules and by taking pairs out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_scenario
from tests.factories.pools import freeze
from webapp.engine.solving import solve_work
from webapp.models import AuditEvent, Exclusion, Job, PairRule, Proposal, Round, Scenario
from webapp.services import jobs, rounds, scenarios
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, NotFoundError, WrongStateError
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


class TestRules:
    @pytest.fixture
    def pair(self, session, frozen, cast, who):
        def rule(function, mentor=cast.mentor, mentee=cast.mentee, **values):
            function(session, frozen, mentor.id, mentee.id, **{"why": "they know each other"} | who | values)

        return rule

    @pytest.fixture
    def rivals(self, session, cast):
        """Two more mentees for Mo, who has two places."""
        people = [make_person(session, name) for name in ("Nia Okafor", "Rosa Blum")]
        members = [make_mentee(session, cast.programme, person) for person in people]
        session.commit()
        return members

    def test_a_pinned_pair_is_in_the_next_scenario(self, session, solved, pair):
        pair(scenarios.pin_pair)
        assert [p.origin for p in proposals(session, solved())] == ["pinned"]

    def test_a_forbidden_pair_is_not(self, session, solved, pair):
        pair(scenarios.forbid_pair)
        scenario = solved()
        assert proposals(session, scenario) == []
        assert scenario.unmatched[0]["why"] == "forbidden"

    @pytest.mark.parametrize("then", [scenarios.clear_rule, scenarios.pin_pair], ids=["cleared", "pinned"])
    def test_forbidding_takes_the_pair_out_of_what_is_solved_until_it_is_taken_back(
        self, session, solved, pair, who, then
    ):
        proposal = proposals(session, solved())[0]
        pair(scenarios.forbid_pair)
        session.expire_all()
        assert proposal.removed_at == who["now"]
        pair(then)
        session.expire_all()
        assert proposal.removed_at is None

    def test_clearing_leaves_out_what_was_taken_out_before(self, session, solved, pair, who):
        proposal = proposals(session, solved())[0]
        scenarios.remove_proposal(session, proposal.id, **who)
        later = who["now"] + timedelta(minutes=1)
        pair(scenarios.forbid_pair, now=later)
        pair(scenarios.clear_rule, now=later)
        session.expire_all()
        assert proposal.removed_at == who["now"]

    def test_the_last_word_on_a_pair_counts(self, session, solved, pair, cast):
        pair(scenarios.pin_pair)
        pair(scenarios.forbid_pair, why="a family tie")
        (rule,) = session.scalars(select(PairRule)).all()
        assert (rule.kind, rule.why, rule.by_person_id) == ("forbid", "a family tie", cast.ada.id)
        assert session.query(AuditEvent).filter(AuditEvent.action.in_(("pair.pin", "pair.forbid"))).count() == 2

    def test_a_cleared_rule_leaves_the_pair_to_the_engine(self, session, solved, pair):
        pair(scenarios.forbid_pair)
        pair(scenarios.clear_rule)
        assert [p.origin for p in proposals(session, solved())] == ["solver"]
        with pytest.raises(NotFoundError):
            pair(scenarios.clear_rule)

    def test_rules_made_while_it_solves_wait_for_the_next(self, session, start, pair, now):
        scenario_id, _ = start()
        pair(scenarios.forbid_pair)
        assert scenarios.read_work(session, scenario_id, now=now)["forbidden"] == []

    def test_a_pin_of_people_who_were_not_frozen_is_refused(self, pair, rivals):
        with pytest.raises(InvalidInputError, match="not_in_round"):
            pair(scenarios.pin_pair, mentee=rivals[0])

    def test_a_pin_that_cannot_be_a_pair_is_refused_with_the_reason(self, session, frozen, pair, cast, who):
        session.add(Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id, code="CONFLICT"))
        session.commit()
        rounds.reopen_round(session, frozen, **who)
        rounds.freeze_round(session, frozen, **who)
        with pytest.raises(InvalidInputError, match="conflict"):
            pair(scenarios.pin_pair)
        pair(scenarios.forbid_pair)  # harmless

    @pytest.mark.parametrize(
        ("places", "minutes", "short"), [(2, 300, "places"), (5, 120, "minutes")], ids=["places", "minutes"]
    )
    def test_pins_past_a_mentors_limits_are_refused(
        self, session, frozen, pair, cast, rivals, who, places, minutes, short
    ):
        cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = places, minutes
        session.commit()
        rounds.reopen_round(session, frozen, **who)
        rounds.freeze_round(session, frozen, **who)
        pair(scenarios.pin_pair)
        pair(scenarios.pin_pair, mentee=rivals[0])
        with pytest.raises(NoRoomError, match=short):
            pair(scenarios.pin_pair, mentee=rivals[1])

    def test_a_second_pin_of_a_mentee_who_wants_one_mentor_is_refused(self, session, frozen, pair, cast, who):
        other = make_mentor(session, cast.programme, make_person(session, "Dr Rosa Prat"))
        session.commit()
        rounds.reopen_round(session, frozen, **who)
        rounds.freeze_round(session, frozen, **who)
        pair(scenarios.pin_pair)
        with pytest.raises(NoRoomError, match="wanted"):
            pair(scenarios.pin_pair, mentor=other)

    def test_rules_that_clash_after_a_reopening_are_told_by_name(self, session, frozen, solved, pair, cast, who):
        pair(scenarios.pin_pair)
        rounds.reopen_round(session, frozen, **who)
        cast.lee.windows = []
        session.commit()
        cast.mentor.offer.paused_from = who["now"].date()
        make_mentor(session, cast.programme, make_person(session, "Dr Rosa Prat"))
        session.commit()
        rounds.freeze_round(session, frozen, **who)
        scenario = solved()
        assert (scenario.status, scenario.verified) == ("infeasible", False)
        (words,) = scenario.conflicts
        assert str(cast.mentor.id) in words
        assert "not taking mentees" in words
        assert session.get(Round, frozen).state == "frozen"


class TestTakingOut:
    @pytest.fixture
    def proposal(self, session, solved):
        return proposals(session, solved())[0]

    def test_a_pair_is_taken_out_and_put_back(self, session, proposal, who):
        scenarios.remove_proposal(session, proposal.id, **who)
        assert session.get(Proposal, proposal.id).removed_at == who["now"]
        scenarios.restore_proposal(session, proposal.id, **who)
        assert session.get(Proposal, proposal.id).removed_at is None

    def test_twice_is_as_good_as_once(self, session, proposal, who):
        for _ in range(2):
            scenarios.remove_proposal(session, proposal.id, **who)
        assert session.query(AuditEvent).filter_by(action="proposal.remove").count() == 1

    def test_another_programme_cannot(self, session, proposal, who, cast):
        with pytest.raises(NotFoundError):
            scenarios.remove_proposal(session, proposal.id, **who | {"programme_id": cast.elsewhere.id})

    def test_not_once_the_round_is_published(self, session, proposal, frozen, who):
        session.get(Round, frozen).state = "published"
        session.commit()
        with pytest.raises(WrongStateError):
            scenarios.remove_proposal(session, proposal.id, **who)

    def test_not_in_a_scenario_that_is_stale(self, session, proposal, frozen, cast, who):
        stale = make_scenario(session, session.get(Round, frozen), [(cast.mentor, cast.mentee)], status="stale")
        session.commit()
        with pytest.raises(WrongStateError, match="stale"):
            scenarios.remove_proposal(session, proposals(session, stale)[0].id, **who)
