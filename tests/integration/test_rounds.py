"""A round through its states."""

from datetime import timedelta

import pytest

from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.models import AuditEvent, Job, Round, Scenario
from webapp.services import jobs, rounds, scenarios
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError, WrongStateError

STATES = ("draft", "enrolling", "frozen", "review", "published", "active", "closing", "archived", "cancelled")
STEPS = {
    rounds.open_round: ({"draft"}, "enrolling"),
    rounds.freeze_round: ({"enrolling"}, "frozen"),
    rounds.reopen_round: ({"frozen", "review"}, "enrolling"),
    rounds.cancel_round: ({"draft", "enrolling", "frozen", "review"}, "cancelled"),
    rounds.activate_round: ({"published"}, "active"),
    rounds.close_round: ({"active"}, "closing"),
    rounds.archive_round: ({"closing"}, "archived"),
}


@pytest.fixture
def step(session, cast, now):
    def take(function, round_, **values):
        arguments = {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now} | values
        function(session, round_.id, **arguments)
        session.expire_all()
        return session.get(Round, round_.id).state

    return take


def solve(session, cast, round_, now):
    return scenarios.start_scenario(
        session, round_.id, programme_id=cast.programme.id, name="", objective="coverage", by=cast.ada.id, now=now
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("function", STEPS, ids=lambda function: function.__name__)
def test_each_step_is_taken_from_its_own_states_only(session, cast, step, function, state):
    round_ = make_round(session, cast.programme, state=state)
    session.commit()
    before, after = STEPS[function]
    if state in before:
        assert step(function, round_) == after
        action = "round." + function.__name__.removesuffix("_round")
        assert session.query(AuditEvent).filter_by(action=action, subject=f"round:{round_.id}").count() == 1
    else:
        with pytest.raises(WrongStateError) as refused:
            step(function, round_)
        assert refused.value.state == state
        assert session.get(Round, round_.id).state == state


@pytest.mark.parametrize("function", STEPS, ids=lambda function: function.__name__)
def test_a_round_of_another_programme_is_not_found(session, cast, step, function):
    round_ = make_round(session, cast.programme, state=next(iter(STEPS[function][0])))
    session.commit()
    with pytest.raises(NotFoundError):
        step(function, round_, programme_id=cast.elsewhere.id)


class TestCreating:
    def test_a_new_round_is_a_draft(self, session, cast, now):
        round_id = rounds.create_round(session, cast.programme.id, " Spring ", None, by=cast.ada.id, now=now)
        round_ = session.get(Round, round_id)
        assert (round_.name, round_.state) == ("Spring", "draft")

    def test_a_round_needs_a_name(self, session, cast, now):
        with pytest.raises(InvalidInputError, match="a name"):
            rounds.create_round(session, cast.programme.id, " ", None, by=cast.ada.id, now=now)


class TestFreezing:
    @pytest.fixture
    def enrolling(self, session, cast):
        round_ = make_round(session, cast.programme, state="enrolling")
        session.commit()
        return round_

    def test_keeps_what_is_known_under_its_hash(self, session, cast, step, enrolling, now):
        step(rounds.freeze_round, enrolling)
        assert [m["key"] for m in enrolling.snapshot["mentors"]] == [str(cast.mentor.id)]
        assert [m["key"] for m in enrolling.snapshot["mentees"]] == [str(cast.mentee.id)]
        assert len(enrolling.snapshot_sha256) == 64
        assert enrolling.frozen_at == now

    @pytest.mark.parametrize(("missing", "fault"), [("mentor", "mentors: nobody"), ("mentee", "mentees: nobody")])
    def test_is_refused_without_one_side(self, session, cast, step, enrolling, missing, fault):
        getattr(cast, missing).status = "left"
        session.commit()
        with pytest.raises(InvalidInputError, match=fault):
            step(rounds.freeze_round, enrolling)
        assert enrolling.state == "enrolling"

    def test_is_refused_when_no_mentor_has_room(self, session, cast, step, enrolling):
        cast.mentor.offer.places = 0
        session.commit()
        with pytest.raises(InvalidInputError, match="mentors: no_room"):
            step(rounds.freeze_round, enrolling)


class TestGoingBack:
    @pytest.fixture
    def frozen(self, session, cast, step):
        round_ = make_round(session, cast.programme, state="enrolling")
        session.commit()
        step(rounds.freeze_round, round_)
        return round_

    @pytest.mark.parametrize("function", [rounds.reopen_round, rounds.cancel_round])
    def test_stops_the_solve_that_waits(self, session, cast, step, frozen, function, now):
        scenario_id, job_id = solve(session, cast, frozen, now)
        step(function, frozen)
        assert session.get(Job, job_id).state == "cancelled"
        assert session.get(Scenario, scenario_id).status == "stale"

    def test_asks_the_solve_that_runs_to_stop(self, session, cast, step, frozen, now):
        scenario_id, job_id = solve(session, cast, frozen, now)
        claim = jobs.claim(session, job_id, lease=timedelta(seconds=30), now=now)
        step(rounds.reopen_round, frozen)
        assert jobs.must_stop(session, claim)
        jobs.end_cancelled(session, claim, now=now)
        session.expire_all()
        assert session.get(Scenario, scenario_id).status == "stale"

    def test_drops_the_snapshot_and_what_was_solved_from_it(self, session, cast, step, frozen):
        scenario = make_scenario(session, frozen, [(cast.mentor, cast.mentee)])
        frozen.state = "review"
        session.commit()
        step(rounds.reopen_round, frozen)
        assert (frozen.snapshot, frozen.snapshot_sha256, frozen.frozen_at) == (None, "", None)
        assert scenario.status == "stale"

    def test_leaves_the_work_of_other_rounds_alone(self, session, cast, step, frozen, now):
        other = make_round(session, cast.programme, state="enrolling")
        session.commit()
        step(rounds.freeze_round, other)
        scenario_id, job_id = solve(session, cast, other, now)
        step(rounds.reopen_round, frozen)
        assert session.get(Job, job_id).state == "waiting"
        assert session.get(Scenario, scenario_id).status == "waiting"


def test_a_round_is_not_active_while_an_offer_waits(session, cast, step, now):
    round_ = make_round(session, cast.programme, state="published")
    make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    session.commit()
    with pytest.raises(ConflictError, match="open_offers"):
        step(rounds.activate_round, round_)


def test_a_round_does_not_close_on_an_offer_that_waits(session, cast, step, now):
    round_ = make_round(session, cast.programme, state="active")
    make_offer(session, round_, cast.mentor, cast.mentee, now=now)
    session.commit()
    with pytest.raises(ConflictError, match="open_offers"):
        step(rounds.close_round, round_)
    assert session.get(Round, round_.id).state == "active"
