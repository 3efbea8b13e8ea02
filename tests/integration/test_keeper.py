"""What the worker does as time goes by."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.cast import Cast
from tests.factories.offers import make_offer, make_round
from webapp import worker
from webapp.app import create_app
from webapp.models import Offer, OfferAsk, TimeEntry, utc_now


@pytest.fixture
def late_offer(committed_engine):
    with Session(committed_engine) as session:
        cast = Cast.create(session)
        round_ = make_round(session, cast.programme, state="published")
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=utc_now() - timedelta(days=8))
        session.commit()
        return offer.id


def test_a_reminder_that_fails_does_not_keep_a_mentors_time(config, committed_engine, late_offer, monkeypatch):
    expired = threading.Event()

    def broken(_session, *, now):
        raise RuntimeError("cannot remind")

    def expire_then_tell(session, *, now):
        closed = expire(session, now=now)
        expired.set()
        return closed

    expire = worker.expire_offers
    monkeypatch.setattr(worker, "nudge_offers", broken)
    monkeypatch.setattr(worker, "expire_offers", expire_then_tell)
    keeper = worker.Keeper(
        create_app(config, committed_engine), config, sessionmaker(committed_engine, expire_on_commit=False)
    )
    keeper.start()
    assert expired.wait(120)
    keeper.stop()
    with Session(committed_engine) as session:
        assert session.get(Offer, late_offer).state == "expired"


def test_the_minutes_of_a_call_that_is_over_are_written_down(config, committed_engine):
    with Session(committed_engine) as session:
        cast = Cast.create(session)
        round_ = make_round(session, cast.programme, state="published")
        offer = make_offer(session, round_, cast.mentor, cast.mentee, now=utc_now())
        agreed = {"state": "taken", "starts_at": utc_now() - timedelta(hours=1)}
        session.add(OfferAsk(offer_id=offer.id, kind="call", side="mentee", **agreed))
        session.commit()
    sessions = sessionmaker(committed_engine, expire_on_commit=False)
    keeper = worker.Keeper(create_app(config, committed_engine), config, sessions)
    keeper.count()
    with Session(committed_engine) as session:
        assert [entry.minutes for entry in session.scalars(select(TimeEntry)) if entry.kind == "spent"] == [15]
