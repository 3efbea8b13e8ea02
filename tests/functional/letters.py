"""What tests of letters' pages share: a mentor who takes letters, one letter, and how it is written."""

import re
import uuid

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of
from tests.factories.letters import PARTS, make_letter, open_box
from webapp.models import Message, OutboxMessage, utc_now


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


def path_of(mentor):
    return f"/mentors/{mentor.id}/letter"


def write(client, mentor, step="send", **values):
    page = client.get(path_of(mentor)).get_data(as_text=True)
    key = re.search(r'name="form_key"[^>]* value="([^"]+)"', page)
    known = {"form_key": key[1] if key else str(uuid.uuid4()), "ask": "30", "step": step, **PARTS, **values}
    return client.post(path_of(mentor), data={"csrf_token": csrf_of(client, "/home"), **known})


def state_of(session, letter_id):
    return session.scalar(select(Message.state).where(Message.id == letter_id))


def sent(session, event):
    return [row.person_id for row in session.scalars(select(OutboxMessage)) if row.params.get("event") == event]
