"""Rules of a scenario and pairs that are taken out of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_scenario
from tests.integration.solving import proposals
from webapp.models import AuditEvent, Exclusion, PairRule, Proposal, Round
from webapp.services import rounds, scenarios
from webapp.services.errors import InvalidInputError, NoRoomError, NotFoundError, WrongStateError


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
