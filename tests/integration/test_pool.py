"""Pool health as a service: causes and figures, exact and quick."""

from sqlalchemy import delete

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_offer, make_round
from tests.factories.pools import make_pool
from webapp.engine import pool_advice
from webapp.engine.pool_supply import PARTS
from webapp.engine.working import do_work
from webapp.models import AvailabilityWindow, Exclusion, Profile
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


def by_key(report, table):
    return {row["key"]: row for row in report["tables"][table]}


def test_stage_has_the_places_that_are_open_to_it(session, cast, now):
    cast.mentor.offer.stages_welcome = ["fellow"]
    make_mentor(session, cast.programme, make_person(session, "Open"), places=1)
    rows = by_key(report_of(session, cast.programme, now), "stage")
    assert (rows["resident_junior"]["mentees"], rows["resident_junior"]["places"]) == (1, 1)
    assert (rows["fellow"]["mentees"], rows["fellow"]["places"]) == (0, 3)
    # Nobody who is further ahead than both mentors is asked for, or could have them.
    assert "attending_senior" not in rows


def test_topic_counts_what_is_wanted_and_given_in_minutes(session, cast, now):
    cast.mentee.request.mentors_wanted = 2
    rows = by_key(report_of(session, cast.programme, now), "topic")
    row = rows["technical_skills"]
    assert (row["wanted"], row["minutes_wanted"], row["places"], row["minutes_given"]) == (2, 120, 2, 120)
    assert rows["work_life"]["places"] == 0
    assert rows["leadership"]["mentees"] == 0


def test_zone_says_where_people_are(session, cast, now):
    rows = by_key(report_of(session, cast.programme, now), "zone")
    assert (rows["America/Chicago"]["mentees"], rows["America/Chicago"]["places"]) == (1, 0)
    assert (rows["America/New_York"]["mentees"], rows["America/New_York"]["places"]) == (0, 2)


def test_hours_count_where_a_whole_meeting_could_begin(session, cast, now):
    """Both are free from 17:00 to 20:00 on their own clocks; Mo's is an hour ahead of the programme's."""
    hours = report_of(session, cast.programme, now)["tables"]["hours"]
    places, mentees = ([hour[side] for hour in hours[0]] for side in (0, 1))
    assert [hour for hour in range(24) if mentees[hour]] == [17, 18, 19]
    assert [hour for hour in range(24) if places[hour]] == [16, 17, 18]
    assert set(places) == {0, 2}
    assert hours[6] == [[0, 0]] * 24


def test_change_that_would_be_enough_is_told_and_true(session, cast, now):
    owl = make_mentee(session, cast.programme, make_person(session, "Nia", windows=NIGHTS))
    (line,) = report_of(session, cast.programme, now)["stuck"]
    assert line["change"]["key"] == "edit_hours"
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    for window in line["change"]["params"]["windows"]:
        day, hours = window.split()
        start, end = (int(text[:2]) * 60 + int(text[3:]) for text in hours.split("-"))
        added = AvailabilityWindow(weekday=days.index(day), start_minute=start, end_minute=end)
        owl.person.windows.append(added)
    report = report_of(session, cast.programme, now)
    assert not report["stuck"]
    assert report["advice"]["covered"] == 2


def test_advice_is_what_would_cover_more(session, cast, now):
    for number in range(3):
        make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
    advice = report_of(session, cast.programme, now)["advice"]
    assert advice["covered"] == 2
    kinds = {one["kind"]: one for one in advice["advice"]}
    assert kinds["mentor"]["gained"] == 2
    assert kinds["mentor"]["specialties"] == ["general_surgery"]
    assert (kinds["place"]["mentor_id"], kinds["place"]["minutes"], kinds["place"]["gained"]) == (
        str(cast.mentor.id),
        60,
        1,
    )


def test_pool_too_large_to_be_solved_is_counted_all_the_same(session, cast, now, monkeypatch):
    monkeypatch.setattr(pool_advice, "MOST_PAIRS", 0)
    report = report_of(session, cast.programme, now)
    assert report["advice"] == {"advice": [], "left_out": "large"}
    assert report["counts"]["mentees"] == 1


def test_minutes_of_the_pairs_that_are_there_are_not_given_twice(session, cast, now):
    """She has one mentor and wants another: she is covered, and Mo's second place is free."""
    cast.mentee.request.mentors_wanted = 2
    make_offer(session, make_round(session, cast.programme, state="published"), cast.mentor, cast.mentee, now=now)
    report = report_of(session, cast.programme, now)
    assert (report["counts"]["places"], report["counts"]["wanted"]) == (1, 1)
    assert causes_of(report) == [("already_paired", 1, 1)]
    assert report["advice"]["covered"] == 1
    assert report["stuck"][0]["change"] is None
