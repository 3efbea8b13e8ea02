"""Pool health as a service: causes and figures, exact and quick."""

from sqlalchemy import delete

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.pools import make_pool
from webapp.models import Exclusion, Profile
from webapp.services.pool import PARTS, pool_health

NIGHTS = tuple((weekday, 2 * 60, 4 * 60) for weekday in range(5))


def health_of(session, cast, now):
    session.commit()
    return pool_health(session, cast.programme.id, now=now)


def test_figures_are_what_is_free_and_what_is_wanted(session, cast, now):
    cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 60, 1
    cast.mentee.request.mentors_wanted = 2
    health = health_of(session, cast, now)
    assert (health.mentors, health.places, health.minutes_given) == (1, 1, 60)
    assert (health.mentees, health.wanted, health.minutes_wanted) == (1, 2, 120)
    assert not health.stuck_mentees


def test_places_count_only_as_far_as_the_minutes_reach(session, cast, now):
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 5, 130
    assert health_of(session, cast, now).places == 2


def test_commonest_cause_comes_first_with_its_number(session, cast, now):
    for number in range(2):
        make_mentor(session, cast.programme, make_person(session, f"Mentor {number}", profile={"languages": ["sv"]}))
    owl = make_mentee(session, cast.programme, make_person(session, "Nia", windows=NIGHTS))
    stuck = health_of(session, cast, now).stuck_mentees
    assert [s.id for s in stuck] == [owl.id]
    assert (stuck[0].cause, stuck[0].count, stuck[0].others) == ("no_shared_language", 2, 3)
    assert (stuck[0].second, stuck[0].second_count) == ("no_shared_hours", 1)


def test_mentee_whose_only_mentors_are_full_lacks_a_place(session, cast, now):
    cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 120, 2
    health = health_of(session, cast, now)
    assert [(s.cause, s.count) for s in health.stuck_mentees] == [("no_place", 1)]
    assert health.full == 1


def test_mentee_who_takes_fewer_minutes_may_still_fit(session, cast, now):
    cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 90, 1
    assert health_of(session, cast, now).stuck_mentees
    cast.mentee.request.minutes_a_month = 30
    assert not health_of(session, cast, now).stuck_mentees


def test_without_any_mentor_the_cause_is_that_there_is_nobody(session, cast, now):
    cast.mentor.status = "left"
    assert [s.cause for s in health_of(session, cast, now).stuck_mentees] == ["nobody"]


def test_exclusions_are_told_to_the_coordinator(session, cast, now):
    session.add(Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id, code="EXCLUDED"))
    health = health_of(session, cast, now)
    assert [s.cause for s in health.stuck_mentees] == ["excluded"]
    assert [s.id for s in health.unused_mentors] == [cast.mentor.id]


def test_person_is_never_her_own_cause(session, cast, now):
    make_mentor(session, cast.programme, cast.lee)
    cast.mentor.status = "left"
    assert [s.cause for s in health_of(session, cast, now).stuck_mentees] == ["nobody"]


def test_table_is_on_the_programmes_clock(session, cast, now):
    """Stockholm's morning is the small hours in Chicago: its mentor helps nobody there in the evening."""
    session.execute(delete(Profile).where(Profile.person_id == cast.mo.id))
    cast.mentor.status = "left"
    mornings = tuple((weekday, 9 * 60, 12 * 60) for weekday in range(5))
    make_mentor(session, cast.programme, make_person(session, "Astrid", zone="Europe/Stockholm", windows=mornings))
    row = health_of(session, cast, now).rows[0]
    assert row.specialty == "general_surgery"
    early, _day, evening, _weekend = row.cells
    assert (early.places, early.mentees) == (2, 0)
    assert (evening.places, evening.mentees) == (0, 1)
    assert len(row.cells) == len(PARTS)


def test_subspecialty_counts_for_its_specialty(session, cast, now):
    cast.mentee.request.specialties = ["aortic_surgery"]
    rows = health_of(session, cast, now).rows
    assert [row.specialty for row in rows] == ["vascular_surgery"]


def test_everybody_is_stuck_or_has_somebody_in_a_larger_pool(session, now):
    programme, _coordinator = make_pool(session, 12, 20)
    health = pool_health(session, programme.id, now=now)
    assert health.mentees == 20
    assert len(health.stuck_mentees) < 20
    assert all(s.name for s in health.stuck_mentees + health.unused_mentors)
