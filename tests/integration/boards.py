"""A board of two pairs, and what is done on it by hand."""

import pytest
from sqlalchemy import select

from tests.factories.boards import Board
from tests.factories.cast import make_coordinator, make_person
from webapp.models import BoardEdit
from webapp.services import hand_edits
from webapp.services.undoing import undo_edit

START = {("Mo", "Lee"), ("Rosa", "Nia")}


@pytest.fixture
def board(session, now):
    found = Board.create(session, now)
    assert found.live(session) == START
    return found


@pytest.fixture
def bea(session, board):
    """A second coordinator."""
    person = make_person(session, "Bea Lund")
    make_coordinator(session, board.cast.programme, person)
    session.commit()
    return person


@pytest.fixture
def move_lee(session, board):
    def move(**values):
        pair = board.rosa.id, board.cast.mentee.id
        told = {"from_id": board.cast.mentor.id} | board.who | values
        return hand_edits.move_pair(session, board.round_id, board.scenario.id, *pair, **told)

    return move


@pytest.fixture
def add(session, board):
    def put(mentor, mentee, **values):
        pair = mentor.id, mentee.id
        return hand_edits.add_pair(session, board.round_id, board.scenario.id, *pair, **board.who | values)

    return put


@pytest.fixture
def take_out(session, board):
    def out(mentor, mentee, **values):
        proposal = board.proposal(session, mentor, mentee)
        return hand_edits.remove_proposal(session, proposal.id, **board.who | values)

    return out


@pytest.fixture
def undo(session, board):
    def back(**values):
        edit = session.scalars(select(BoardEdit).where(BoardEdit.undone_at.is_(None)).order_by(BoardEdit.number)).all()[
            -1
        ]
        return undo_edit(session, edit.id, round_id=board.round_id, **board.who | values)

    return back
