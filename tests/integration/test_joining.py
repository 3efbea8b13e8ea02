"""Joining and one's own answers, where two requests come at the same time."""

import threading
from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from tests.factories.cast import Cast, make_person, make_programme
from webapp.models import AuditEvent, AvailabilityWindow, Membership, MentorOffer
from webapp.services.about_people import save_hours
from webapp.services.joining import choose_roles, join_programme
from webapp.services.profiles import save_offer, save_request
from webapp.services.week import Window

OFFER = {"topics": ["leadership"], "stages_welcome": [], "minutes_a_month": 120, "places": 2}
REQUEST = {"topics": ["work_life"], "specialties": [], "mentors_wanted": 1, "goal": ""}


def at_once(engine, times, work):
    """Run the same work in several threads, each with a session of its own, and return what was raised."""
    make = sessionmaker(engine, expire_on_commit=False)
    barrier, raised = threading.Barrier(times), []

    def run():
        with make() as session:
            barrier.wait()
            try:
                work(session)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test is to see it
                raised.append(error)

    threads = [threading.Thread(target=run) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_first_clicks_at_once_make_one_membership_and_one_of_each_answer(committed_engine):
    make = sessionmaker(committed_engine, expire_on_commit=False)
    with make() as session:
        person, programme = make_person(session, "Noor Aho"), make_programme(session)
        session.commit()
    slug, me = programme.slug, person.id
    both = {"person_id": me, "is_mentor": True, "is_mentee": True}
    assert at_once(committed_engine, 6, lambda s: choose_roles(s, slug, **both)) == []
    assert at_once(committed_engine, 6, lambda s: save_offer(s, slug, person_id=me, **OFFER)) == []
    assert at_once(committed_engine, 6, lambda s: save_request(s, slug, person_id=me, **REQUEST)) == []
    week = [Window(1, 1020, 1080), Window(1, 1080, 1110)]
    assert at_once(committed_engine, 6, lambda s: save_hours(s, me, windows=week, zone="UTC")) == []
    moment = datetime(2027, 2, 1, tzinfo=UTC)
    assert at_once(committed_engine, 6, lambda s: join_programme(s, slug, person_id=me, now=moment)) == []
    with make() as session:
        membership = session.scalars(select(Membership).where(Membership.person_id == me)).one()
        assert (membership.status, membership.joined_at) == ("active", moment)
        assert session.scalar(select(func.count()).select_from(MentorOffer)) == 1
        windows = session.scalars(select(AvailabilityWindow).where(AvailabilityWindow.person_id == me)).all()
        assert [(w.weekday, w.start_minute, w.end_minute) for w in windows] == [(1, 1020, 1110)]
        told = Counter(session.scalars(select(AuditEvent.action)))
        assert told == {"membership.joined": 1, "limits.stated": 6}  # each save is her word on what she gives


def test_lowering_an_offer_loses_no_reservation_made_meanwhile(committed_engine):
    make = sessionmaker(committed_engine, expire_on_commit=False)
    with make() as session:
        cast = Cast.create(session)
    values = {"person_id": cast.mo.id, **OFFER, "minutes_a_month": 60, "places": 1}

    with make() as stale:
        offer = stale.scalars(select(MentorOffer).where(MentorOffer.membership_id == cast.mentor.id)).one()
        assert offer.reserved_minutes == 0
        with make() as other:
            taken = other.get(MentorOffer, offer.id)
            stale.rollback()
            taken.reserved_minutes, taken.reserved_places = 120, 2
            other.commit()
        save_offer(stale, cast.programme.slug, **values)
    with make() as session:
        offer = session.get(MentorOffer, offer.id)
        assert (offer.minutes_a_month, offer.reserved_minutes, offer.reserved_places) == (60, 120, 2)
