"""What tests of offers share: a published round, an open offer, and how people answer it."""

import pytest
from sqlalchemy import select

from tests.factories.offers import make_offer, make_round
from webapp.models import OutboxMessage
from webapp.services.offers import answer_offer


def mails(session, template):
    query = select(OutboxMessage).where(OutboxMessage.template == template)
    return {message.person_id for message in session.scalars(query)}


def reserved(session, mentor):
    session.refresh(mentor.offer)
    return mentor.offer.reserved_minutes, mentor.offer.reserved_places


@pytest.fixture
def published(session, cast, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    session.commit()
    return round_


@pytest.fixture
def offer(session, cast, published, now):
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=now)
    session.commit()
    return offer


def say(session, offer, person, answer, now, **values):
    result = answer_offer(session, offer.id, person_id=person.id, answer=answer, now=now, **values)
    session.expire_all()
    return result
