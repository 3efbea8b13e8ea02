"""A mentee who asked for a mentor for each need: in the snapshot, on the review board, in offers, and from there on."""

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from tests.factories.places import NEEDS, make_people, solve_round
from tests.factories.pools import solve
from webapp.engine.answering import Answers
from webapp.engine.encode import hash_of, snapshot_of
from webapp.engine.working import do_work
from webapp.models import BoardEdit, Offer, PairRule, Proposal
from webapp.services import checks, hand_edits, offers, previews, publishing, repairs, scenarios, whys
from webapp.services.errors import NoRoomError
from webapp.services.pair_rules import rules_of
from webapp.services.profiles import save_request
from webapp.services.undoing import undo_edit


@pytest.fixture
def people(session):
    return make_people(session)


@pytest.fixture
def took(session, people, now):
    def snapshot(**values):
        session.commit()
        session.expire_all()
        return snapshot_of(session, people.cast.programme.id, now=now, **values)

    return snapshot


@pytest.fixture
def board(session, people, now):
    return solve_round(session, people, now)


@pytest.fixture
def give_offer(session, people, now):
    def make(mentor, mentee, **values):
        return make_offer(session, make_round(session, people.cast.programme), mentor, mentee, now=now, **values)

    return make


def live(session, board):
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.scenario_id == board.scenario.id, Proposal.removed_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return {(row.mentor_id, row.mentee_id): row.role for row in rows}


def record_of(snapshot, member):
    return next(row for row in snapshot["mentees"] if row["key"] == str(member.id))


class TestSnapshot:
    def test_it_holds_what_the_open_places_are_for(self, took, people):
        assert record_of(took(), people.lee) | {"roles": NEEDS[:2], "filled": []} == record_of(took(), people.lee)
        assert "roles" not in record_of(took(), people.nia)

    def test_without_a_board_it_is_as_if_there_were_none(self, took, people):
        people.lee.request.board = False
        before = took()
        assert {"roles", "filled"}.isdisjoint(record_of(before, people.lee))
        people.lee.request.board, people.lee.request.mentors_wanted = True, 1
        after = took()
        record_of(before, people.lee)["wanted"] = 1
        assert hash_of(after) == hash_of(before)

    def test_a_mentor_fills_the_place_that_the_pair_was_made_for(self, session, took, people, give_offer):
        people.lee.request.topics, people.lee.request.mentors_wanted = NEEDS, 3
        give_offer(people.ida, people.lee, role=NEEDS[1])
        record = record_of(took(), people.lee)
        assert record["filled"] == [[str(people.ida.id), NEEDS[1]]]
        assert (record["roles"], record["wanted"]) == ([NEEDS[0], NEEDS[2]], 2)

    def test_another_mentor_of_hers_fills_the_first_need_that_she_offers(self, took, people, give_offer):
        give_offer(people.ida, people.lee)
        record = record_of(took(), people.lee)
        assert (record["filled"], record["roles"]) == ([[str(people.ida.id), NEEDS[0]]], [NEEDS[1]])

    def test_with_more_mentors_than_needs_the_last_places_are_for_any(self, took, people):
        people.lee.request.mentors_wanted = 4
        assert record_of(took(), people.lee)["roles"] == [*NEEDS[:2], "", ""]


def test_each_need_gets_the_mentor_who_offers_it_and_nobody_goes_without(session, board):
    assert live(session, board) == {
        (board.mo.id, board.lee.id): NEEDS[0],
        (board.rosa.id, board.lee.id): NEEDS[1],
        (board.ida.id, board.nia.id): "",
    }
    assert board.scenario.totals["coverage"] == 2


def test_the_certificate_is_computed_again_and_a_role_that_it_does_not_prove_is_a_fault(session, board, now):
    assert do_work(checks.read_check(session, board.scenario.id, now=now), lambda *_said: None)["ok"]
    proposal = session.scalars(select(Proposal).where(Proposal.mentor_id == board.mo.id)).one()
    proposal.role = NEEDS[1]
    session.commit()
    found = do_work(checks.read_check(session, board.scenario.id, now=now), lambda *_said: None)
    assert found["faults"] == ["proposals: 1 that the engine is said to propose are not in the certificate"]


class TestByHand:
    def test_a_moved_mentee_keeps_the_place(self, session, board):
        hand_edits.remove_proposal(session, proposal_id(session, board, board.ida, board.nia), **board.who)
        pair = board.ida.id, board.lee.id
        hand_edits.move_pair(session, board.round_id, board.scenario.id, *pair, from_id=board.rosa.id, **board.who)
        assert live(session, board) == {(board.mo.id, board.lee.id): NEEDS[0], pair: NEEDS[1]}

    def test_an_added_mentor_takes_the_open_place_and_no_third_one(self, session, board):
        for mentor, mentee in ((board.ida, board.nia), (board.rosa, board.lee)):
            hand_edits.remove_proposal(session, proposal_id(session, board, mentor, mentee), **board.who)
        pair = board.ida.id, board.lee.id
        shown = previews.preview_pair(session, board.scenario, *pair, now=board.who["now"])
        hand_edits.add_pair(session, board.round_id, board.scenario.id, *pair, **board.who)
        assert shown.role == live(session, board)[pair] == NEEDS[1]
        with pytest.raises(NoRoomError, match="wanted"):
            hand_edits.restore_proposal(session, proposal_id(session, board, board.rosa, board.lee), **board.who)

    def test_a_pair_that_comes_back_takes_another_place_where_its_own_is_given_away(self, session, board):
        for mentor, mentee in ((board.ida, board.nia), (board.rosa, board.lee), (board.mo, board.lee)):
            hand_edits.remove_proposal(session, proposal_id(session, board, mentor, mentee), **board.who)
        hand_edits.add_pair(session, board.round_id, board.scenario.id, board.ida.id, board.lee.id, **board.who)
        hand_edits.restore_proposal(session, proposal_id(session, board, board.mo, board.lee), **board.who)
        assert live(session, board) == {
            (board.ida.id, board.lee.id): NEEDS[0],
            (board.mo.id, board.lee.id): NEEDS[1],
        }
        moved = session.get(Proposal, proposal_id(session, board, board.mo, board.lee))
        assert (moved.origin, moved.parts["topics"]) == ("hand", 0.0)

    def test_the_cost_is_that_of_the_place_and_a_solve_with_the_pin_reaches_it(self, session, board):
        asked = session, board.scenario, board.ida.id, board.lee.id
        cost = whys.ask_change(*asked, role=NEEDS[0], now=board.who["now"])
        assert (cost["coverage"], cost["exact"]) == (0, True)
        pair = board.ida.id, board.lee.id
        scenarios.pin_pair(session, board.round_id, *pair, role=NEEDS[0], **board.who)
        assert rules_of(session, board.round_id)["pinned"] == [[str(pair[0]), str(pair[1]), NEEDS[0]]]
        with_pin = solve(session, board.round_id, board.cast.ada, board.who["now"], name="Pinned")
        gained = with_pin.totals["total"] - board.scenario.totals["total"]
        assert (gained, with_pin.totals["coverage"]) == (pytest.approx(cost["total"]), 2)
        proposals = session.scalars(select(Proposal).where(Proposal.scenario_id == with_pin.id))
        assert {(row.mentor_id, row.mentee_id): (row.role, row.origin) for row in proposals}[pair] == (
            NEEDS[0],
            "pinned",
        )

    def test_a_pin_of_a_proposed_pair_keeps_its_place_and_so_does_the_one_that_comes_back(self, session, board):
        pair = board.rosa.id, board.lee.id
        scenarios.pin_pair(session, board.round_id, *pair, **board.who)
        assert session.scalars(select(PairRule.role)).one() == NEEDS[1]
        scenarios.clear_rule(session, board.round_id, *pair, **board.who)
        edit_id = latest_edit(session)
        undo_edit(session, edit_id, round_id=board.round_id, **board.who)
        assert session.scalars(select(PairRule.role)).one() == NEEDS[1]

    def test_three_pins_are_too_many_for_two_places(self, session, board):
        for mentor in (board.mo, board.rosa):
            scenarios.pin_pair(session, board.round_id, mentor.id, board.lee.id, **board.who)
        with pytest.raises(NoRoomError, match="wanted"):
            scenarios.pin_pair(session, board.round_id, board.ida.id, board.lee.id, **board.who)


def latest_edit(session):
    return session.scalars(select(BoardEdit.id).order_by(BoardEdit.number.desc())).first()


def proposal_id(session, board, mentor, mentee):
    found = hand_edits.find_proposal(session, board.scenario.id, mentor.id, mentee.id)
    return found.id


class TestPublished:
    @pytest.fixture
    def published(self, session, board):
        publishing.publish_round(session, board.round_id, board.scenario.id, expected_offers=3, **board.who)
        return board

    def test_an_offer_says_what_it_is_for(self, session, published):
        roles = {offer.mentor_id: offer.role for offer in session.scalars(select(Offer))}
        assert roles == {published.mo.id: NEEDS[0], published.rosa.id: NEEDS[1], published.ida.id: ""}

    def test_a_declined_place_is_filled_by_another_and_the_other_place_stays(self, session, published, now):
        late = make_mentor(
            session, published.cast.programme, make_person(session, "Dr Uma Rao"), topics=[NEEDS[1]], places=1
        )
        session.commit()
        offer = session.scalars(select(Offer).where(Offer.mentor_id == published.rosa.id)).one()
        person_id = published.rosa.person_id
        offers.answer_offer(session, offer.id, person_id=person_id, answer="no", reason="no_time", now=now)
        repairs.start_repair(session, published.round_id, most_withdrawn=0, **published.who)
        repair = repairs.latest_repair(session, published.round_id)
        found = do_work(scenarios.read_work(session, repair.id, now=now), lambda *_said: None)
        assert [(p["mentor_id"], p["mentee_id"], p["role"]) for p in found["proposals"]] == [
            (str(late.id), str(published.lee.id), NEEDS[1])
        ]
        assert found["verified"]


def test_the_wish_is_kept_only_where_it_can_mean_something(session, people):
    mine = {"person_id": people.lee.person_id, "specialties": [], "goal": "", "board": True}
    for topics, wanted, kept in ((NEEDS, 3, True), (NEEDS[:1], 3, False), (NEEDS, 1, False)):
        save_request(session, people.cast.programme.slug, topics=topics, mentors_wanted=wanted, **mine)
        session.expire_all()
        assert people.lee.request.board is kept


def test_questions_name_people_and_never_places(session, board, now):
    work = scenarios.read_work(session, board.scenario.id, now=now)
    answers = Answers(work, board.scenario.certificate, board.scenario.totals["no_hour"])
    found = answers.change(str(board.ida.id), str(board.lee.id))
    keys = {str(one.id) for one in (board.mo, board.rosa, board.ida, board.lee, board.nia)}
    assert {key for pair in (*found["entering"], *found["leaving"]) for key in pair} <= keys
