"""Pool health as a service: causes and figures, exact and quick."""

from sqlalchemy import delete

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.pools import make_pool
from webapp.engine.pool_supply import PARTS
from webapp.engine.working import do_work
from webapp.models import Exclusion, Profile
from webapp.services.pool import read_pool_work

NIGHTS = tuple((weekday, 2 * 60, 4 * 60) for weekday in range(5))


def report_of(session, programme, now):
    session.commit()
    return do_work(read_pool_work(session, programme.id, now=now), lambda *_progress: None)


def causes_of(report, side="stuck"):
    return [(one["cause"], one["count"], one["others"]) for one in report[side]]


def test_figures_are_what_is_free_and_what_is_wanted(session, cast, now):
    cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 60, 1
    cast.mentee.request.mentors_wanted = 2
    report = report_of(session, cast.programme, now)
    counts = report["counts"]
    assert (counts["mentors"], counts["places"], counts["minutes_given"]) == (1, 1, 60)
    assert (counts["mentees"], counts["wanted"], counts["minutes_wanted"]) == (1, 2, 120)
    assert not report["stuck"]


def test_places_count_only_as_far_as_the_minutes_reach(session, cast, now):
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 5, 130
    assert report_of(session, cast.programme, now)["counts"]["places"] == 2


def test_commonest_cause_comes_first_with_its_number(session, cast, now):
    for number in range(2):
        make_mentor(session, cast.programme, make_person(session, f"Mentor {number}", profile={"languages": ["sv"]}))
    owl = make_mentee(session, cast.programme, make_person(session, "Nia", windows=NIGHTS))
    report = report_of(session, cast.programme, now)
    assert [one["id"] for one in report["stuck"]] == [str(owl.id)]
    assert causes_of(report) == [("no_shared_language", 2, 3)]
    assert (report["stuck"][0]["second"], report["stuck"][0]["second_count"]) == ("no_shared_hours", 1)


def test_mentee_whose_only_mentors_are_full_lacks_a_place(session, cast, now):
    cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 120, 2
    report = report_of(session, cast.programme, now)
    assert causes_of(report) == [("no_place", 1, 1)]
    assert report["counts"]["full"] == 1


def test_mentee_who_takes_fewer_minutes_may_still_fit(session, cast, now):
    cast.mentor.offer.reserved_minutes, cast.mentor.offer.reserved_places = 90, 1
    assert report_of(session, cast.programme, now)["stuck"]
    cast.mentee.request.minutes_a_month = 30
    assert not report_of(session, cast.programme, now)["stuck"]


def test_without_any_mentor_the_cause_is_that_there_is_nobody(session, cast, now):
    cast.mentor.status = "left"
    assert causes_of(report_of(session, cast.programme, now)) == [("nobody", 0, 0)]


def test_exclusions_are_told_to_the_coordinator(session, cast, now):
    session.add(Exclusion(mentor_id=cast.mentor.id, mentee_id=cast.mentee.id, code="EXCLUDED"))
    report = report_of(session, cast.programme, now)
    assert causes_of(report) == [("excluded", 1, 1)]
    assert [one["id"] for one in report["unused"]] == [str(cast.mentor.id)]


def test_person_is_never_her_own_cause(session, cast, now):
    make_mentor(session, cast.programme, cast.lee)
    cast.mentor.status = "left"
    assert causes_of(report_of(session, cast.programme, now)) == [("nobody", 0, 0)]


def test_table_is_on_the_programmes_clock(session, cast, now):
    """Stockholm's morning is the small hours in Chicago: its mentor helps nobody there in the evening."""
    session.execute(delete(Profile).where(Profile.person_id == cast.mo.id))
    cast.mentor.status = "left"
    mornings = tuple((weekday, 9 * 60, 12 * 60) for weekday in range(5))
    make_mentor(session, cast.programme, make_person(session, "Astrid", zone="Europe/Stockholm", windows=mornings))
    row = report_of(session, cast.programme, now)["tables"]["specialty"][0]
    assert row["key"] == "general_surgery"
    cells = dict(zip(PARTS, row["cells"], strict=True))  # places, mentees
    assert cells["early"] == [2, 0]
    assert cells["evening"] == [0, 1]


def test_subspecialty_counts_for_its_specialty(session, cast, now):
    cast.mentee.request.specialties = ["aortic_surgery"]
    rows = report_of(session, cast.programme, now)["tables"]["specialty"]
    assert [row["key"] for row in rows] == ["vascular_surgery"]


def test_everybody_is_stuck_or_has_somebody_in_a_larger_pool(session, now):
    programme, _coordinator = make_pool(session, 12, 20)
    report = report_of(session, programme, now)
    assert report["counts"]["mentees"] == 20
    assert len(report["stuck"]) < 20
    assert report["advice"]["covered"] + len(report["stuck"]) <= 20
