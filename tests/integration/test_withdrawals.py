"""Leaving a round before its offers go out, and coming back."""

from datetime import timedelta

import pytest

from tests.factories.boards import Board
from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_round, make_scenario
from tests.factories.pools import freeze
from tests.functional.console import work_off
from webapp.engine.snapshots import hash_of
from webapp.models import AuditEvent, Proposal, Round, RoundWithdrawal, Scenario
from webapp.services import hand_edits, rounds, scenarios, withdrawals
from webapp.services.errors import InvalidInputError, NotFoundError, WrongStateError
from webapp.services.new_offers import ChangedMeanwhileError
from webapp.services.publishing import publish_round
from webapp.services.repairs import waiting_list


@pytest.fixture
def here(cast, now):
    return {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}


@pytest.fixture
def second(session, cast):
    """Another mentor and another mentee, so that somebody is left; one place each, so that everybody has a pair."""
    cast.mentor.offer.places = 1
    mentor = make_mentor(session, cast.programme, make_person(session, "Dr Noor van den Akker"), places=1)
    mentee = make_mentee(
        session, cast.programme, make_person(session, "Zoë Abernathy", profile={"stage": "resident_junior"})
    )
    session.commit()
    return mentor, mentee


@pytest.fixture
def here_on(session, now):
    """A solved round that can be changed by hand, and who changes it."""
    board = Board.create(session, now)
    return board, board.who


def solve(session, round_id, here, **values):
    values = {"name": "", "objective": "coverage"} | values
    scenarios.start_scenario(session, round_id, **values, **here)
    return work_off(session, here["now"])


def live(session, scenario):
    rows = session.query(Proposal).filter_by(scenario_id=scenario.id, removed_at=None)
    return {(row.mentor_id, row.mentee_id) for row in rows}


def test_whoever_leaves_before_the_freeze_is_not_in_the_snapshot(session, cast, second, now, here):
    round_ = make_round(session, cast.programme, state="enrolling")
    session.commit()
    withdrawals.leave_round(session, round_.id, cast.mentee.id, **here)
    rounds.freeze_round(session, round_.id, **here)
    snapshot = session.get(Round, round_.id, populate_existing=True).snapshot
    assert [row["key"] for row in snapshot["mentees"]] == [str(second[1].id)]
    assert len(snapshot["mentors"]) == 2


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_leaving_after_the_solve_takes_her_pairs_out_and_keeps_the_snapshot(session, cast, second, now, here, side):
    round_id = freeze(session, cast.programme, cast.ada, now)
    scenario = solve(session, round_id, here)
    pairs = live(session, scenario)
    # Of two mentors who fit alike either may be the one proposed.
    member = min(pairs)[0 if side == "mentor" else 1]
    before = session.get(Round, round_id).snapshot_sha256
    later = here | {"now": now + timedelta(hours=1)}
    withdrawals.leave_round(session, round_id, member, **later)
    assert live(session, scenario) == {pair for pair in pairs if member not in pair}
    round_ = session.get(Round, round_id, populate_existing=True)
    assert before == round_.snapshot_sha256 == hash_of(round_.snapshot)
    again = solve(session, round_id, later)
    assert not any(member in pair for pair in live(session, again))
    assert str(member) not in {row["membership_id"] for row in again.unmatched}
    withdrawals.rejoin_round(session, round_id, member, **later)
    assert live(session, scenario) == pairs
    assert session.query(AuditEvent.action).filter(AuditEvent.action.in_(("round.leave", "round.rejoin"))).count() == 2


@pytest.mark.parametrize("first", ["mentor", "mentee"])
def test_a_pair_whose_both_sides_left_comes_back_with_the_second(session, now, here_on, first):
    board, here = here_on
    mentor, mentee = board.cast.mentor, board.cast.mentee
    for hours, member in enumerate((mentor, mentee)):
        later = here | {"now": now + timedelta(hours=hours)}
        withdrawals.leave_round(session, board.round_id, member.id, **later)
    for member, expected in zip((mentor, mentee) if first == "mentor" else (mentee, mentor), (0, 1), strict=True):
        withdrawals.rejoin_round(session, board.round_id, member.id, **here)
        assert len({("Mo", "Lee")} & board.live(session)) == expected


def test_a_pair_whose_place_was_given_away_meanwhile_stays_out(session, here_on):
    board, here = here_on
    withdrawals.leave_round(session, board.round_id, board.cast.mentor.id, **here)
    pair = board.rosa.id, board.cast.mentee.id
    hand_edits.add_pair(session, board.round_id, board.scenario.id, *pair, **here)
    withdrawals.rejoin_round(session, board.round_id, board.cast.mentor.id, **here)
    assert board.live(session) == {("Rosa", "Lee"), ("Rosa", "Nia")}


def test_nobody_who_left_is_put_into_a_pair_by_hand(session, now, here_on):
    board, here = here_on
    withdrawals.leave_round(session, board.round_id, board.cast.mentor.id, **here)
    withdrawals.leave_round(session, board.round_id, board.nia.id, **here | {"now": now + timedelta(hours=1)})
    for mentor, mentee in ((board.rosa, board.nia), (board.cast.mentor, board.cast.mentee)):
        with pytest.raises(InvalidInputError) as refused:
            hand_edits.add_pair(session, board.round_id, board.scenario.id, mentor.id, mentee.id, **here)
        assert refused.value.faults == {"pair": "withdrawn"}
    with pytest.raises(InvalidInputError):
        scenarios.restore_proposal(session, board.proposal(session, board.rosa, board.nia).id, **here)


def test_a_pair_taken_out_by_hand_before_stays_out(session, cast, now, here):
    round_ = make_round(session, cast.programme)
    scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee)])
    session.commit()
    scenarios.remove_proposal(session, session.query(Proposal.id).scalar(), **here)
    later = here | {"now": now + timedelta(hours=1)}
    withdrawals.leave_round(session, round_.id, cast.mentee.id, **later)
    withdrawals.rejoin_round(session, round_.id, cast.mentee.id, **later)
    assert live(session, scenario) == set()


def test_leaving_twice_is_leaving_once(session, cast, here):
    round_ = make_round(session, cast.programme)
    session.commit()
    for _ in range(2):
        withdrawals.leave_round(session, round_.id, cast.mentee.id, **here)
    assert session.query(RoundWithdrawal).count() == 1
    for _ in range(2):
        withdrawals.rejoin_round(session, round_.id, cast.mentee.id, **here)
    assert session.query(RoundWithdrawal).count() == 0


def test_publishing_refuses_a_pair_put_back_for_somebody_who_left(session, cast, here):
    round_ = make_round(session, cast.programme)
    scenario = make_scenario(session, round_, [(cast.mentor, cast.mentee)])
    session.commit()
    withdrawals.leave_round(session, round_.id, cast.mentee.id, **here)
    session.query(Proposal).update({"removed_at": None})
    session.commit()
    with pytest.raises(ChangedMeanwhileError) as refused:
        publish_round(session, round_.id, scenario.id, expected_offers=1, **here)
    assert [pair.why for pair in refused.value.pairs] == ["withdrawn"]


def test_a_solve_that_was_at_work_brings_no_pair_of_who_left_meanwhile(session, cast, now, here):
    round_id = freeze(session, cast.programme, cast.ada, now)
    scenarios.start_scenario(session, round_id, name="", objective="coverage", **here)
    withdrawals.leave_round(session, round_id, cast.mentee.id, **here)
    scenario = work_off(session, now)
    assert live(session, scenario) == set()
    assert session.query(Proposal).filter_by(scenario_id=scenario.id).count() == 1


def test_a_pin_of_who_left_does_not_stand_in_the_way(session, cast, second, now, here):
    round_id = freeze(session, cast.programme, cast.ada, now)
    scenarios.pin_pair(session, round_id, cast.mentor.id, cast.mentee.id, **here)
    withdrawals.leave_round(session, round_id, cast.mentor.id, **here)
    scenario = solve(session, round_id, here)
    assert scenario.status == "solved"
    assert live(session, scenario)
    withdrawals.rejoin_round(session, round_id, cast.mentor.id, **here)
    assert (cast.mentor.id, cast.mentee.id) in live(session, solve(session, round_id, here))


@pytest.mark.parametrize("state", ["draft", "published", "active", "closing", "archived", "cancelled"])
def test_nobody_leaves_a_round_whose_offers_are_out_or_that_is_not_open(session, cast, here, state):
    round_ = make_round(session, cast.programme, state=state)
    session.commit()
    with pytest.raises(WrongStateError):
        withdrawals.leave_round(session, round_.id, cast.mentee.id, **here)
    with pytest.raises(NotFoundError):
        withdrawals.own_round(session, round_.id, cast.lee.id)


def test_another_programmes_people_and_rounds_are_not_found(session, cast, here):
    round_ = make_round(session, cast.programme)
    elsewhere = make_mentee(session, cast.elsewhere, cast.kim)
    session.commit()
    with pytest.raises(NotFoundError):
        withdrawals.leave_round(session, round_.id, elsewhere.id, **here)
    with pytest.raises(NotFoundError):
        withdrawals.leave_round(session, round_.id, cast.mentee.id, **here | {"programme_id": cast.elsewhere.id})
    with pytest.raises(NotFoundError):
        withdrawals.own_round(session, round_.id, cast.kim.id)


def test_who_left_a_round_does_not_wait_in_it(session, cast, here):
    round_ = make_round(session, cast.programme)
    session.commit()
    withdrawals.leave_round(session, round_.id, cast.mentee.id, **here)
    assert waiting_list(session, cast.programme.id, round_.id) == []
    assert len(waiting_list(session, cast.programme.id)) == 1


def test_scenarios_know_who_had_left(session, cast, second, now, here):
    round_id = freeze(session, cast.programme, cast.ada, now)
    withdrawals.leave_round(session, round_id, cast.mentee.id, **here)
    scenario_id, _job = scenarios.start_scenario(session, round_id, name="", objective="coverage", **here)
    assert session.get(Scenario, scenario_id).rules["withdrawn"] == [str(cast.mentee.id)]
