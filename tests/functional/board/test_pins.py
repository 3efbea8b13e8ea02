"""Pins and people without a mentor on the board, once somebody has left the round."""

from tests.functional.console import send, text_of
from webapp.services.pair_rules import rules_of
from webapp.services.withdrawals import leave_round, rejoin_round


def pin(client, base, mentor, mentee):
    return send(client, f"{base}/rule", page=base, mentor_id=str(mentor.id), mentee_id=str(mentee.id), kind="pin")


class TestPinOfSomebodyWhoLeft:
    def test_the_board_says_that_it_is_dropped_until_the_person_is_back(self, ada, session, board, base):
        pin(ada, base, board.rosa, board.nia)
        assert "is newer than these pairs" in text_of(ada, base)
        session.commit()
        leave_round(session, board.round_id, board.nia.id, **board.who)
        page = text_of(ada, base)
        assert "1 pin is dropped" in page
        assert "<li>Nia Okafor with Dr Rosa Prat</li>" in page
        assert "Pinned by you, and dropped: one of the two has left this round" in page
        assert "is newer than these pairs" not in page
        session.commit()
        rejoin_round(session, board.round_id, board.nia.id, **board.who)
        page = text_of(ada, base)
        assert "dropped" not in page
        assert "is newer than these pairs" in page
        assert rules_of(session, board.round_id)["pinned"] == [[str(board.rosa.id), str(board.nia.id)]]

    def test_the_checks_before_publishing_say_so(self, ada, session, board, base):
        path = f"{base}/publish?scenario={board.scenario.id}"
        pin(ada, base, board.rosa, board.nia)
        assert "who left the round" not in text_of(ada, path)
        session.commit()
        leave_round(session, board.round_id, board.nia.id, **board.who)
        page = text_of(ada, path)
        assert "1 pin names somebody who left the round" in page
        assert "The pairs know every pin and every pair ruled out" in page

    def test_it_takes_no_room_from_another_pin(self, ada, session, board, base):
        pin(ada, base, board.cast.mentor, board.cast.mentee)  # of one place
        session.commit()
        leave_round(session, board.round_id, board.cast.mentee.id, **board.who)
        pin(ada, base, board.cast.mentor, board.nia)
        pinned = rules_of(session, board.round_id)["pinned"]
        assert [str(board.cast.mentor.id), str(board.nia.id)] in pinned


def test_who_left_is_marked_among_those_without_a_mentor(ada, session, board, base):
    session.commit()
    leave_round(session, board.round_id, board.nia.id, **board.who)
    page = text_of(ada, base).split('id="without"')[1].split("</section>")[0]
    assert "Nia Okafor" in page
    assert "Left this round" in page
    assert "The pair was taken out by hand." not in page
    assert "Give a mentor" not in page


def test_who_is_still_there_is_not_marked(ada, session, board, base):
    proposal = board.proposal(session, board.rosa, board.nia)
    send(ada, f"{base}/remove", page=base, proposal_id=str(proposal.id), what="remove")
    page = text_of(ada, base).split('id="without"')[1].split("</section>")[0]
    assert "The pair was taken out by hand." in page
    assert "Left this round" not in page
    assert "Give a mentor" in page
