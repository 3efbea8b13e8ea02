"""People kept from one visit to the next: nothing that changed is missed, and cards come out as if all were read."""

import random
import threading

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from tests.factories.pools import make_pool, settled_mark
from webapp.models import (
    AvailabilityWindow,
    Exclusion,
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
    Person,
    Profile,
)
from webapp.services import crowds
from webapp.services.suggestions import find_suggestions, say


@pytest.fixture
def pool(committed_engine):
    with Session(committed_engine, expire_on_commit=False) as session:
        programme, _coordinator = make_pool(session, 8, 12)
        yield session, programme


def members(session, programme, role):
    return session.query(Membership).filter(Membership.programme_id == programme.id, role).order_by(Membership.id).all()


def seen(session, member, side, now):
    session.rollback()
    return find_suggestions(session, member, side=side, asked="m", now=now)


def read_anew(session, member, side, now):
    """Return what a process that knows nothing yet would show."""
    kept = dict(crowds._kept)
    crowds._kept.clear()
    try:
        return seen(session, member, side, now)
    finally:
        crowds._kept.clear()
        crowds._kept.update(kept)


def test_after_any_change_the_cards_are_those_of_a_process_that_reads_everybody(pool, now):
    session, programme = pool
    mentors, mentees = (members(session, programme, role) for role in (Membership.is_mentor, Membership.is_mentee))
    mentor, mentee = mentors[0], mentees[0]
    other, rival = mentors[1], mentees[1]
    round_ = make_round(session, programme, state="published")
    session.commit()
    windows = delete(AvailabilityWindow).where(AvailabilityWindow.person_id == other.person_id)

    def execute(statement):
        return lambda: session.execute(statement)

    def interest(of, whom):
        return lambda: session.add(Interest(mentor_id=whom.id, mentee_id=of.id, side="mentee", verdict="interested"))

    changes = [
        execute(update(MentorOffer).where(MentorOffer.membership_id == other.id).values(topics=[], places=0)),
        execute(windows),
        execute(update(Person).where(Person.id == rival.person_id).values(name="Mentee Renamed", zone="Asia/Tokyo")),
        execute(update(Profile).where(Profile.person_id == mentors[2].person_id).values(specialties=[])),
        execute(update(Membership).where(Membership.id == mentors[3].id).values(status="paused")),
        execute(update(MentorOffer).where(MentorOffer.membership_id == mentors[4].id).values(paused_from=now.date())),
        execute(update(MenteeRequest).where(MenteeRequest.membership_id == rival.id).values(topics=["leadership"])),
        interest(rival, mentors[5]),
        interest(mentee, mentors[5]),
        lambda: session.add(Exclusion(mentor_id=mentor.id, mentee_id=rival.id)),
        lambda: make_offer(session, round_, mentors[6], mentees[2], now=now),
        lambda: make_mentor(session, programme, make_person(session, "Mentor Late"), places=3),
        lambda: make_mentee(session, programme, make_person(session, "Mentee Late")),
        execute(delete(Person).where(Person.id == mentors[7].person_id)),
        execute(update(Membership).where(Membership.id == mentees[3].id).values(status="left")),
    ]
    for change in changes:
        for member, side in ((mentee, "mentee"), (mentor, "mentor")):
            seen(session, member.id, side, now)
        change()
        session.commit()
        for member, side in ((mentee, "mentee"), (mentor, "mentor")):
            assert seen(session, member.id, side, now) == read_anew(session, member.id, side, now)


def test_what_has_not_changed_is_not_read_again(pool, now):
    session, programme = pool
    mentee = members(session, programme, Membership.is_mentee)[0]
    changed = members(session, programme, Membership.is_mentor)[0]
    settled_mark(session)
    seen(session, mentee.id, "mentee", now)
    before = crowds._kept[programme.id, "mentee"].people
    session.execute(update(MentorOffer).where(MentorOffer.membership_id == changed.id).values(places=3))
    session.commit()
    seen(session, mentee.id, "mentee", now)
    after = crowds._kept[programme.id, "mentee"].people
    assert after[changed.id].record.places == 3
    assert [key for key in before if after[key] is not before[key]] == [changed.id]
    assert set(after) == set(before)


def test_programmes_are_kept_apart_and_only_so_many(pool, now):
    session, programme = pool
    mentee = members(session, programme, Membership.is_mentee)[0]
    others = [make_pool(session, 1, 1, seed=number)[0] for number in range(crowds.KEPT)]
    seen(session, mentee.id, "mentee", now)
    for other in others:
        found = seen(session, members(session, other, Membership.is_mentee)[0].id, "mentee", now)
        assert len(found.answers) == 1
    assert (programme.id, "mentee") not in crowds._kept
    assert len(crowds._kept) == crowds.KEPT


def test_visits_at_once_see_the_same(pool, committed_engine, now):
    session, programme = pool
    mentee = members(session, programme, Membership.is_mentee)[0].id
    mentors = [one.id for one in members(session, programme, Membership.is_mentor)]
    sessions, found, drawn = sessionmaker(committed_engine), [], random.Random(1)
    barrier = threading.Barrier(4)

    def visit():
        with sessions() as own:
            barrier.wait()
            found.append(find_suggestions(own, mentee, side="mentee", now=now).cards)

    for _ in range(4):
        with sessions() as own:
            say(own, mentee, side="mentee", other_id=drawn.choice(mentors), verdict="interested", now=now)
        found.clear()
        threads = [threading.Thread(target=visit) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [read_anew(session, mentee, "mentee", now).cards] * 4
