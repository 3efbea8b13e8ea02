"""Changes by hand of a scenario: limits hold, and nobody writes over a colleague's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_person
from tests.factories.offers import make_offer, make_round
from tests.factories.pools import solve
from tests.integration.boards import START
from webapp.models import AuditEvent, BoardEdit, Exclusion, PairRule, Proposal
from webapp.services import hand_edits, scenarios
from webapp.services.board_edits import PairChangedError, last_number, latest_edits
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError, WrongStateError
from webapp.services.hand_steps import HandLimitError


class TestMoving:
    def test_a_moved_mentee_has_the_new_mentor_alone(self, session, board, move_lee):
        proposal_id = move_lee(why="they met at a congress")
        assert board.live(session) == {("Rosa", "Lee"), ("Rosa", "Nia")}
        proposal = session.get(Proposal, proposal_id)
        assert (proposal.origin, proposal.minutes) == ("hand", 60)
        assert 0 < proposal.weight < 1
        assert proposal.reasons
        assert proposal.parts
        edit = session.query(BoardEdit).one()
        assert (edit.kind, edit.from_mentor_id, edit.why) == ("move", board.cast.mentor.id, "they met at a congress")
        assert session.query(AuditEvent).filter_by(action="proposal.move").count() == 1

    def test_an_hour_is_found_that_clashes_with_nothing(self, session, board, move_lee):
        new = session.get(Proposal, move_lee())
        other = board.proposal(session, board.rosa, board.nia)
        slots = {(one.slot_weekday, one.slot_minute, one.slot_week) for one in (new, other)}
        assert len(slots) == 2
        assert None not in {one.slot_weekday for one in (new, other)}

    def test_a_move_back_takes_up_the_old_pair(self, session, board, move_lee, undo):
        move_lee()
        old = board.proposal(session, board.cast.mentor, board.cast.mentee)
        slot = old.slot_weekday, old.slot_minute, old.slot_week
        undo()
        assert board.live(session) == START
        assert board.proposal(session, board.rosa, board.cast.mentee) is None
        assert (old.slot_weekday, old.slot_minute, old.slot_week) == slot

    def test_a_mentee_is_not_moved_from_where_she_is_not(self, session, board, move_lee):
        with pytest.raises(ConflictError, match="gone"):
            move_lee(from_id=board.rosa.id)
        assert board.live(session) == START


class TestAdding:
    def test_a_mentor_is_not_given_more_than_her_places(self, session, board, add):
        with pytest.raises(HandLimitError) as refused:
            add(board.cast.mentor, board.nia)
        assert (refused.value.what, refused.value.limit, refused.value.taken) == ("places", 1, 1)
        assert board.live(session) == START
        assert session.query(BoardEdit).count() == 0

    def test_a_mentor_is_not_given_more_than_her_minutes_of_today(self, session, board, move_lee):
        board.rosa.offer.minutes_a_month = 90
        session.commit()
        with pytest.raises(HandLimitError) as refused:
            move_lee()
        error = refused.value
        assert (error.what, error.is_now, error.limit, error.taken, error.needs) == ("minutes", True, 90, 60, 60)
        assert board.live(session) == START

    def test_a_cap_over_all_programmes_holds(self, session, board, move_lee):
        board.rosa.person.minutes_cap = 60
        session.commit()
        with pytest.raises(HandLimitError) as refused:
            move_lee()
        assert (refused.value.what, refused.value.limit) == ("cap", 60)

    def test_what_was_reserved_since_the_freeze_counts(self, session, board, move_lee, now):
        late = make_mentee(session, board.cast.programme, make_person(session, "Ola Berg"))
        other = make_round(session, board.cast.programme, state="published", published_at=now)
        make_offer(session, other, board.rosa, late, now=now)
        session.commit()
        with pytest.raises(HandLimitError) as refused:
            move_lee()
        assert (refused.value.what, refused.value.is_now, refused.value.limit) == ("places", True, 1)

    def test_a_mentee_gets_no_more_mentors_than_wanted(self, board, add):
        with pytest.raises(HandLimitError) as refused:
            add(board.rosa, board.cast.mentee)
        assert (refused.value.what, refused.value.limit, refused.value.taken) == ("wanted", 1, 1)

    def test_two_who_must_not_be_are_refused_with_the_reason(self, session, board, move_lee, now):
        session.add(Exclusion(mentor_id=board.rosa.id, mentee_id=board.cast.mentee.id))
        session.commit()
        with pytest.raises(InvalidInputError, match="excluded"):
            move_lee()
        session.query(Exclusion).delete()
        board.rosa.offer.paused_from = now.date()
        session.commit()
        with pytest.raises(InvalidInputError, match="paused"):
            move_lee()

    def test_a_pair_that_is_ruled_out_is_not_added(self, session, board, move_lee):
        pair = board.rosa.id, board.cast.mentee.id
        scenarios.forbid_pair(session, board.round_id, *pair, **board.who)
        with pytest.raises(InvalidInputError, match="forbidden"):
            move_lee()

    def test_people_outside_the_pool_are_refused(self, session, board, add):
        late = make_mentee(session, board.cast.programme, make_person(session, "Ola Berg"))
        session.commit()
        with pytest.raises(InvalidInputError, match="not_in_round"):
            add(board.rosa, late)

    def test_a_pair_is_there_once(self, board, add):
        with pytest.raises(ConflictError, match="there"):
            add(board.rosa, board.nia)

    def test_another_programme_and_another_round_cannot(self, session, board, add):
        with pytest.raises(NotFoundError):
            add(board.rosa, board.nia, programme_id=board.cast.elsewhere.id)
        other = make_round(session, board.cast.programme)
        session.commit()
        with pytest.raises(NotFoundError):
            hand_edits.add_pair(session, other.id, board.scenario.id, board.rosa.id, board.nia.id, **board.who)

    def test_not_once_the_round_is_published(self, session, board, move_lee):
        board.scenario.round.state = "published"
        session.commit()
        with pytest.raises(WrongStateError):
            move_lee()


class TestTwoAtOnce:
    def test_a_change_on_an_old_page_is_refused_with_who_did_what(self, session, board, bea, move_lee, take_out):
        seen = last_number(session, board.round_id)
        move_lee()
        with pytest.raises(PairChangedError) as refused:
            take_out(board.cast.mentor, board.cast.mentee, by=bea.id, seen=seen)
        edit = refused.value.edit
        assert (edit.kind, edit.by, edit.mentee, edit.mentor, edit.from_mentor) == (
            "move",
            "Ada Oduya",
            "Lee Lindqvist",
            "Dr Rosa Prat",
            "Dr Mo Farahani",
        )
        assert board.live(session) == {("Rosa", "Lee"), ("Rosa", "Nia")}

    def test_a_pin_on_an_old_page_is_refused(self, session, board, bea, move_lee):
        seen = last_number(session, board.round_id)
        move_lee()
        pair = board.cast.mentor.id, board.cast.mentee.id
        with pytest.raises(PairChangedError):
            scenarios.pin_pair(session, board.round_id, *pair, seen=seen, **board.who | {"by": bea.id})
        assert session.query(PairRule).count() == 0

    def test_other_pairs_are_free(self, session, board, bea, move_lee, take_out):
        seen = last_number(session, board.round_id)
        move_lee()
        take_out(board.rosa, board.nia, by=bea.id, seen=seen)
        assert board.live(session) == {("Rosa", "Lee")}

    def test_what_was_taken_back_meanwhile_counts_as_a_change(self, session, board, bea, move_lee, undo, take_out):
        move_lee()
        seen = last_number(session, board.round_id)
        undo()
        with pytest.raises(PairChangedError) as refused:
            take_out(board.cast.mentor, board.cast.mentee, by=bea.id, seen=seen)
        assert refused.value.edit.undone_by == "Ada Oduya"
        assert last_number(session, board.round_id) == seen + 1

    def test_a_page_that_knows_the_last_change_may_go_on(self, session, board, bea, move_lee, take_out):
        move_lee()
        take_out(board.rosa, board.cast.mentee, by=bea.id, seen=last_number(session, board.round_id))
        assert [edit.by for edit in latest_edits(session, board.round_id, board.scenario.id)] == [
            "Bea Lund",
            "Ada Oduya",
        ]

    def test_changes_of_another_scenario_do_not_block(self, session, board, bea, move_lee, now):
        seen = last_number(session, board.round_id)
        move_lee()
        second = solve(session, board.round_id, board.cast.ada, now + timedelta(minutes=1), name="Second")
        proposal = session.scalars(
            select(Proposal).where(Proposal.scenario_id == second.id, Proposal.mentee_id == board.cast.mentee.id)
        ).one()
        hand_edits.remove_proposal(session, proposal.id, seen=seen, **board.who | {"by": bea.id})
        session.expire_all()
        assert proposal.removed_at is not None
