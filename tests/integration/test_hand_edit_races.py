"""Two coordinators change one scenario at the same moment: limits hold, and nobody writes over the other."""

import uuid
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories.boards import Board
from tests.integration.test_races import at_once
from webapp.models import BoardEdit, Proposal
from webapp.services import hand_edits, scenarios
from webapp.services.board_edits import PairChangedError
from webapp.services.errors import ConflictError
from webapp.services.hand_steps import HandLimitError
from webapp.services.undoing import undo_edit


@dataclass(frozen=True)
class Ids:
    """The board by its ids alone, which every thread may read."""

    round: uuid.UUID
    scenario: uuid.UUID
    mo: uuid.UUID
    lee: uuid.UUID
    rosa: uuid.UUID
    nia: uuid.UUID
    who: dict[str, Any]

    def out(self, session, mentor, mentee):
        pair = Proposal.mentor_id == mentor, Proposal.mentee_id == mentee
        hand_edits.remove_proposal(session, session.query(Proposal.id).filter(*pair).scalar(), **self.who)


@pytest.fixture
def board(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        made = Board.create(session, now)
        people = (made.cast.mentor.id, made.cast.mentee.id, made.rosa.id, made.nia.id)
        return Ids(made.round_id, made.scenario.id, *people, made.who)


@pytest.fixture
def look(committed_engine, board):
    """Return the pairs that would be published."""
    names = {board.mo: "Mo", board.lee: "Lee", board.rosa: "Rosa", board.nia: "Nia"}

    def pairs():
        with Session(committed_engine) as session:
            rows = session.query(Proposal.mentor_id, Proposal.mentee_id).filter(Proposal.removed_at.is_(None))
            return {(names[mentor], names[mentee]) for mentor, mentee in rows}

    return pairs


def move(session, board, mentor, mentee, before):
    told = {"from_id": before, "seen": 0} | board.who
    hand_edits.move_pair(session, board.round, board.scenario, mentor, mentee, **told)
    return "moved"


def test_of_two_who_move_one_mentee_one_is_told_of_the_other(committed_engine, board, look):
    call = partial(move, board=board, mentor=board.rosa, mentee=board.lee, before=board.mo)
    assert at_once(committed_engine, [call] * 4) == {"moved": 1, PairChangedError: 3}
    assert look() == {("Rosa", "Lee"), ("Rosa", "Nia")}
    with Session(committed_engine) as session:
        assert session.query(BoardEdit).count() == 1


def test_of_two_who_give_away_the_last_place_one_is_told_the_number(committed_engine, board, look):
    with Session(committed_engine, expire_on_commit=False) as session:
        board.out(session, board.mo, board.lee)
        board.out(session, board.rosa, board.nia)

    def give(mentee):
        def call(session):
            hand_edits.add_pair(session, board.round, board.scenario, board.mo, mentee, seen=2, **board.who)
            return "added"

        return call

    outcome = at_once(committed_engine, [give(board.lee), give(board.nia)])
    assert outcome == {"added": 1, HandLimitError: 1}
    assert len(look()) == 1


def test_a_pin_and_a_move_at_once_leave_one_of_the_two(committed_engine, board, look):
    def pin(session):
        scenarios.pin_pair(session, board.round, board.mo, board.lee, seen=0, **board.who)
        return "pinned"

    call = partial(move, board=board, mentor=board.rosa, mentee=board.lee, before=board.mo)
    outcome = at_once(committed_engine, [pin, call])
    assert outcome[PairChangedError] == 1
    assert (("Rosa", "Lee") in look()) == (outcome["moved"] == 1)


def test_a_change_is_taken_back_once(committed_engine, board, look):
    with Session(committed_engine, expire_on_commit=False) as session:
        board.out(session, board.rosa, board.nia)
        edit = session.query(BoardEdit).one().id

    def back(session):
        undo_edit(session, edit, round_id=board.round, **board.who)
        return "back"

    assert at_once(committed_engine, [back] * 3) == {"back": 1, ConflictError: 2}
    assert look() == {("Mo", "Lee"), ("Rosa", "Nia")}
