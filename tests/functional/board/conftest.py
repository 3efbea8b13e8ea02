"""What tests of the board share: a round with two pairs, and the browsers of two coordinators."""

import pytest

from tests.factories.boards import Board
from tests.factories.cast import make_coordinator, make_person, sign_in


@pytest.fixture
def board(session, now):
    return Board.create(session, now)


@pytest.fixture
def ada(client, session, board):
    return sign_in(client, session, board.cast.ada)


@pytest.fixture
def bea(app, session, board):
    """A second coordinator, in a browser of her own."""
    person = make_person(session, "Bea Lund")
    make_coordinator(session, board.cast.programme, person)
    return sign_in(app.test_client(), session, person)


@pytest.fixture
def base(board):
    return f"/c/{board.cast.programme.slug}/rounds/{board.round_id}"


@pytest.fixture
def ask(base):
    def address(what, mentor=None, mentee=None, **more):
        values = {"what": what, "mentor": mentor and mentor.id, "mentee": mentee and mentee.id} | more
        return f"{base}/change?" + "&".join(f"{name}={value}" for name, value in values.items() if value)

    return address
