"""Changes by hand are taken back, one by one."""

import pytest

from tests.factories.offers import make_round
from tests.integration.boards import START
from webapp.models import AuditEvent, BoardEdit, PairRule
from webapp.services import hand_edits, scenarios
from webapp.services.board_edits import PairChangedError
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.hand_steps import HandLimitError
from webapp.services.undoing import undo_edit


class TestTakingBack:
    def test_a_pair_taken_out_comes_back(self, session, board, take_out, undo):
        take_out(board.rosa, board.nia)
        assert board.live(session) == {("Mo", "Lee")}
        undo()
        assert board.live(session) == START
        assert session.query(AuditEvent).filter_by(action="edit.undo").count() == 1

    def test_a_pair_added_goes(self, session, board, take_out, add, undo):
        take_out(board.cast.mentor, board.cast.mentee)
        add(board.rosa, board.cast.mentee)
        undo()
        assert board.live(session) == {("Rosa", "Nia")}
        undo()
        assert board.live(session) == START

    def test_a_pair_put_back_goes_out_again(self, session, board, take_out, undo):
        take_out(board.rosa, board.nia)
        proposal = board.proposal(session, board.rosa, board.nia)
        hand_edits.restore_proposal(session, proposal.id, **board.who)
        undo()
        assert board.live(session) == {("Mo", "Lee")}

    def test_once(self, session, board, take_out, undo):
        take_out(board.rosa, board.nia)
        undo()
        edit = session.query(BoardEdit).one()
        with pytest.raises(ConflictError, match="undone"):
            undo_edit(session, edit.id, round_id=board.round_id, **board.who)

    def test_the_newest_of_a_mentees_changes_first(self, session, board, move_lee, take_out):
        move_lee()
        first = session.query(BoardEdit).one()
        take_out(board.rosa, board.cast.mentee)
        with pytest.raises(PairChangedError) as refused:
            undo_edit(session, first.id, round_id=board.round_id, **board.who)
        assert refused.value.edit.kind == "remove"
        assert board.live(session) == {("Rosa", "Nia")}

    def test_others_changes_do_not_matter(self, session, board, move_lee, take_out):
        move_lee()
        first = session.query(BoardEdit).one()
        take_out(board.rosa, board.nia)
        undo_edit(session, first.id, round_id=board.round_id, **board.who)
        assert board.live(session) == {("Mo", "Lee")}

    def test_limits_hold_for_what_comes_back(self, session, board, take_out, undo):
        take_out(board.cast.mentor, board.cast.mentee)
        board.cast.mentor.offer.places = 0
        session.commit()
        with pytest.raises(HandLimitError):
            undo()
        assert session.query(BoardEdit).one().undone_at is None

    def test_of_another_round_is_not_found(self, session, board, take_out):
        take_out(board.rosa, board.nia)
        edit = session.query(BoardEdit).one()
        with pytest.raises(NotFoundError):
            undo_edit(session, edit.id, round_id=make_round(session, board.cast.programme).id, **board.who)

    def test_a_pin_goes_and_what_it_replaced_comes_back(self, session, board, undo):
        pair = board.rosa.id, board.nia.id
        scenarios.forbid_pair(session, board.round_id, *pair, why="a family tie", **board.who)
        scenarios.pin_pair(session, board.round_id, *pair, **board.who)
        assert board.live(session) == START
        undo()
        rule = session.query(PairRule).one()
        assert (rule.kind, rule.why, rule.by_person_id) == ("forbid", "a family tie", board.cast.ada.id)
        assert board.live(session) == {("Mo", "Lee")}
        undo()
        assert session.query(PairRule).count() == 0
        assert board.live(session) == START

    def test_a_cleared_ruling_comes_back(self, session, board, undo):
        pair = board.rosa.id, board.nia.id
        scenarios.forbid_pair(session, board.round_id, *pair, **board.who)
        scenarios.clear_rule(session, board.round_id, *pair, **board.who)
        undo()
        assert session.query(PairRule).one().kind == "forbid"
        assert board.live(session) == {("Mo", "Lee")}

    def test_an_allowed_pair_stays_out_where_its_place_was_given_away(self, session, board, add, take_out):
        pair = board.cast.mentor.id, board.cast.mentee.id
        scenarios.forbid_pair(session, board.round_id, *pair, **board.who)
        add(board.rosa, board.cast.mentee)
        scenarios.clear_rule(session, board.round_id, *pair, **board.who)
        assert board.live(session) == {("Rosa", "Lee"), ("Rosa", "Nia")}
