"""What people say of those suggested to them: an order of favourites, and reasons that give nobody away."""

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person
from webapp.engine.encode import snapshot_of
from webapp.models import Interest
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.favourites import count_reasons, explain, rank, say
from webapp.services.suggestions import find_suggestions


@pytest.fixture
def mentors(session, cast):
    found = [
        cast.mentor.id,
        *(make_mentor(session, cast.programme, make_person(session, f"Dr M{n}")).id for n in "abc"),
    ]
    session.commit()
    return found


@pytest.fixture
def liked(session, cast, mentors, now):
    """Lee is interested in three, in no order."""
    for mentor in mentors[:3]:
        say(session, cast.mentee.id, side="mentee", other_id=mentor, verdict="interested", now=now)
    return mentors[:3]


def favourites(session, cast, now):
    session.expire_all()
    found = find_suggestions(session, cast.mentee.id, side="mentee", now=now)
    return [one.id for one in found.favourites], found.in_order


def ranks(session):
    session.expire_all()
    return sorted(row.rank for row in session.scalars(select(Interest).where(Interest.verdict == "interested")))


def test_favourites_count_alike_until_one_is_moved(session, cast, liked, now):
    assert ranks(session) == [0, 0, 0]
    before, in_order = favourites(session, cast, now)
    assert not in_order
    rank(session, cast.mentee.id, side="mentee", other_id=before[2], way="up")
    assert favourites(session, cast, now) == ([before[0], before[2], before[1]], True)
    assert ranks(session) == [0, 1, 2]


def test_order_reaches_the_next_round(session, cast, liked, now):
    rank(session, cast.mentee.id, side="mentee", other_id=liked[0], way="down")
    order, _in_order = favourites(session, cast, now)
    rows = snapshot_of(session, cast.programme.id, now=now)["interests"]
    assert [row[0] for row in sorted(rows, key=lambda row: row[3])] == [str(key) for key in order]


def test_first_goes_no_higher_and_last_no_lower(session, cast, liked, now):
    rank(session, cast.mentee.id, side="mentee", other_id=liked[1], way="up")
    order, _in_order = favourites(session, cast, now)
    rank(session, cast.mentee.id, side="mentee", other_id=order[0], way="up")
    rank(session, cast.mentee.id, side="mentee", other_id=order[2], way="down")
    assert favourites(session, cast, now)[0] == order


def test_new_favourite_stands_at_the_end_of_an_order(session, cast, liked, mentors, now):
    rank(session, cast.mentee.id, side="mentee", other_id=liked[2], way="up")
    say(session, cast.mentee.id, side="mentee", other_id=mentors[3], verdict="interested", now=now)
    assert favourites(session, cast, now)[0][-1] == mentors[3]
    say(session, cast.mentee.id, side="mentee", other_id=mentors[3], verdict="interested", now=now)
    assert ranks(session) == [0, 1, 2, 3]


def test_order_is_taken_away_again(session, cast, liked, now):
    rank(session, cast.mentee.id, side="mentee", other_id=liked[2], way="up")
    rank(session, cast.mentee.id, side="mentee", other_id=liked[2], way="none")
    assert ranks(session) == [0, 0, 0]
    assert not favourites(session, cast, now)[1]


def test_only_favourites_have_an_order(session, cast, liked, mentors):
    with pytest.raises(NotFoundError):
        rank(session, cast.mentee.id, side="mentee", other_id=mentors[3], way="up")


def test_reason_against_somebody_is_kept_until_she_says_something_else(session, cast, mentors, now):
    where = {"side": "mentee", "other_id": mentors[0]}
    with pytest.raises(NotFoundError):
        explain(session, cast.mentee.id, **where, reason="topics")
    say(session, cast.mentee.id, **where, verdict="not_for_me", now=now)
    with pytest.raises(InvalidInputError):
        explain(session, cast.mentee.id, **where, reason="gossip")
    explain(session, cast.mentee.id, **where, reason="topics")
    [marked] = find_suggestions(session, cast.mentee.id, side="mentee", now=now).marked
    assert marked.reason == "topics"
    say(session, cast.mentee.id, **where, verdict="interested", now=now)
    assert session.scalar(select(Interest.reason)) == ""


def test_reasons_are_counted_from_three_on(session, cast, mentors, now):
    people = [make_mentee(session, cast.programme, make_person(session, f"Mentee {n}")).id for n in "xyz"]
    session.commit()
    for number, mentee in enumerate(people):
        say(session, mentee, side="mentee", other_id=mentors[0], verdict="not_for_me", now=now)
        explain(session, mentee, side="mentee", other_id=mentors[0], reason="close")
        assert count_reasons(session, cast.programme.id) == ({"close": 3} if number == 2 else {})


def test_cards_of_one_need_are_of_those_who_offer_it(session, cast, now):
    offering = make_mentor(session, cast.programme, make_person(session, "Dr G"), topics=["grants"]).id
    cast.mentee.request.topics = ["leadership", "grants"]
    session.commit()
    cards = find_suggestions(session, cast.mentee.id, side="mentee", need="grants", now=now).cards
    assert offering in {card.id for card in cards}
    assert all("grants" in card.topics for card in cards)
    found = find_suggestions(session, cast.mentee.id, side="mentee", need="burnout", now=now)
    assert found.need == ""
