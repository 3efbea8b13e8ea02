"""Whom mentees see first: nobody is everyone's, however many come at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import Problem, solve
from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme
from tests.factories.pools import make_pool
from webapp.models import FirstCard, Membership
from webapp.services.favourites import say
from webapp.services.scenes import load_scene
from webapp.services.spreading import most_firsts
from webapp.services.suggestions import find_suggestions


def firsts(session, mentees, now, apart=timedelta(0)):
    """Let each mentee look in turn, at once or some time apart; count who stands first."""
    found = Counter()
    for number, mentee in enumerate(mentees):
        session.rollback()
        cards = find_suggestions(session, mentee, side="mentee", now=now + number * apart).cards
        found[cards[0].id if cards else None] += 1
    return found


def ids_of(session, programme, role):
    query = select(Membership.id).where(Membership.programme_id == programme.id, role)
    return list(session.scalars(query.order_by(Membership.id)))


@pytest.fixture
def star(committed_engine):
    """Twenty mentees who want just what one of five mentors offers, and the others hardly do."""
    with Session(committed_engine, expire_on_commit=False) as session:
        programme = make_programme(session)
        wanted = ["grants", "leadership"]
        best = make_mentor(session, programme, make_person(session, "Dr Star Example"), topics=wanted)
        for number in range(4):
            make_mentor(session, programme, make_person(session, f"Dr Other{number} Example"), topics=["burnout"])
        mentees = [
            make_mentee(session, programme, make_person(session, f"Mentee{number} Example"), topics=wanted)
            for number in range(20)
        ]
        session.commit()
        yield session, best.id, [mentee.id for mentee in mentees]


def test_one_star_is_not_everyones_first(star, now):
    session, best, mentees = star
    found = firsts(session, mentees, now)
    assert found[best] == max(found.values()) == most_firsts(5, 20) == 8
    assert None not in found
    assert firsts(session, mentees, now) == found


def test_the_star_is_still_among_the_cards_of_all(star, now):
    session, best, mentees = star
    firsts(session, mentees, now)
    for mentee in mentees:
        cards = find_suggestions(session, mentee, side="mentee", now=now).cards
        assert best in [card.id for card in cards]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bound_is_broken_only_where_no_arrangement_keeps_it(committed_engine, now, seed):
    """People with few hours have few possible mentors: the engine says how many can be kept within the bound."""
    with Session(committed_engine, expire_on_commit=False) as session:
        programme, _coordinator = make_pool(session, 12, 40, seed=seed)
        mentors, mentees = (ids_of(session, programme, role) for role in (Membership.is_mentor, Membership.is_mentee))
        found = firsts(session, mentees, now)
        most = most_firsts(12, 40)
        possible = np.full((12, 40), np.nan)
        for column, mentee in enumerate(mentees):
            scene = load_scene(session, mentee, side="mentee", now=now)
            ordered = scene.ordered(scene.fits())
            possible[[mentors.index(fit.id) for fit in ordered[: ordered.possible]], column] = 1.0
        within = solve(Problem(possible, most, 1)).coverage
        missing = found.pop(None, 0)
        assert missing == np.isnan(possible).all(axis=0).sum()
        assert sum(min(most, number) for number in found.values()) == within


def test_twenty_who_come_at_once_hold_the_bound(star, committed_engine, now):
    session, best, mentees = star
    session.rollback()

    def look(mentee):
        with Session(committed_engine, expire_on_commit=False) as own:
            return find_suggestions(own, mentee, side="mentee", now=now).cards[0].id

    with ThreadPoolExecutor(len(mentees)) as pool:
        found = Counter(pool.map(look, mentees))
    assert found[best] == 8
    assert max(found.values()) == 8
    assert session.query(FirstCard).count() == 20


def test_whoever_is_put_aside_makes_room_for_the_next(star, now):
    session, best, mentees = star
    firsts(session, mentees, now)
    session.rollback()
    holder = session.scalars(select(FirstCard.mentee_id).where(FirstCard.mentor_id == best)).first()
    waiting = next(
        one for one in mentees if one not in session.scalars(select(FirstCard.mentee_id).filter_by(mentor_id=best))
    )
    say(session, holder, side="mentee", other_id=best, verdict="not_for_me", now=now)
    assert find_suggestions(session, holder, side="mentee", now=now).cards[0].id != best
    assert find_suggestions(session, waiting, side="mentee", now=now).cards[0].id == best


def test_where_every_possible_mentor_is_taken_up_the_least_crowded_comes_first(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        programme = make_programme(session)
        only = make_mentor(session, programme, make_person(session, "Dr Only Example"))
        for number in range(4):  # they count, and nobody can have them
            make_mentor(session, programme, make_person(session, f"Dr Full{number} Example"), places=0)
        mentees = [make_mentee(session, programme, make_person(session, f"Mentee{n} Example")).id for n in range(6)]
        session.commit()
        # Some time apart: where all looks came at one moment, chance alone would say who came first.
        assert firsts(session, mentees, now, timedelta(seconds=1)) == {only.id: 6}
        assert most_firsts(5, 6) == 3
        written = {row.id for row in session.query(FirstCard)}
        assert firsts(session, mentees, now + timedelta(minutes=5)) == {only.id: 6}
        assert {row.id for row in session.query(FirstCard)} == written
        # Somebody else whom they can have joins: an hour later those beyond the bound see her first.
        other = make_mentor(session, programme, make_person(session, "Dr New Example"))
        session.commit()
        assert firsts(session, mentees, now + timedelta(hours=2)) == {only.id: 3, other.id: 3}


def test_a_programme_without_mentors_divides_by_nobody():
    assert most_firsts(0, 7) == 14
    assert most_firsts(7, 0) == 0
