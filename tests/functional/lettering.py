"""A mentor who takes letters, and one that waits for her."""

import pytest

from tests.factories.letters import make_letter, open_box
from webapp.models import utc_now


@pytest.fixture
def box(session, cast):
    found = open_box(session, cast.mentor, about="Say what you have tried already.")
    session.commit()
    return found


@pytest.fixture
def letter(session, cast, box):
    found = make_letter(session, cast.mentor, cast.mentee, now=utc_now())
    session.commit()
    return found
