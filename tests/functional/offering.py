"""What tests of offers' pages share: a clock that stands, an offer and its answer."""

import re

import pytest
import time_machine

from tests.factories.cast import csrf_of, sign_in
from tests.factories.offers import make_offer, make_round

REASONS = [{"kind": "shared", "key": "topics_all", "params": {"topics": ["Leadership"], "covered": 1, "wanted": 1}}]


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def round_(session, cast, now):
    return make_round(session, cast.programme, state="published", published_at=now)


@pytest.fixture
def offer(session, cast, round_, now):
    cast.mentee.request.goal = "I want to run the room."
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, reasons=REASONS)
    session.commit()
    return offer


@pytest.fixture
def as_mo(client, session, cast):
    return sign_in(client, session, cast.mo)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def send(client, path, answer, **values):
    return client.post(
        path, data={"csrf_token": csrf_of(client, path), "answer": answer} | values, follow_redirects=True
    )


def state_of(session, offer):
    session.expire_all()
    return offer.state, offer.mentor_answer, offer.mentee_answer
