"""A time to meet for one pair."""

from datetime import date

from matcher.availability import Slot
from matcher.diary import Booking
from matcher.slots import first_slot, is_free, slots_apart
from tests.unit.matcher.people import mentee, mentor, settings


def test_daytime_for_both_comes_before_the_earliest():
    mo, lee = mentor(hours="Mon 05:00-06:00; Wed 10:00-11:00"), mentee(hours="Mon 05:00-06:00; Wed 10:00-11:00")
    assert str(first_slot(mo, lee, settings())) == "Wed 10:00"


def test_earliest_is_taken_when_no_daytime_is_shared():
    mo, lee = mentor(hours="Tue 05:00-06:00; Mon 22:00-24:00"), mentee(hours="Tue 05:00-06:00; Mon 22:00-24:00")
    assert str(first_slot(mo, lee, settings())) == "Mon 22:00"


def test_daytime_counts_in_both_zones():
    mo = mentor(hours="Mon 10:00-11:00; Tue 15:00-16:00")
    lee = mentee(zone="America/New_York", hours="Mon 04:00-08:00; Tue 09:00-12:00")
    assert str(first_slot(mo, lee, settings())) == "Tue 15:00"


def test_busy_hours_are_avoided_on_each_own_clock():
    mo = mentor(hours="Mon 15:00-18:00")
    lee = mentee(zone="Asia/Kolkata", hours="Mon 19:00-24:00; Tue 00:00-02:00")
    assert str(first_slot(mo, lee, settings())) == "Mon 15:00"
    assert str(first_slot(mo, lee, settings(), booked=[Booking("mo", mo.zone, Slot(0, 900), 65)])) == "Mon 16:15"
    assert first_slot(mo, lee, settings(), booked=[Booking("lee", lee.zone, Slot(0, 1140), 300)]) is None


def test_length_of_a_single_meeting_can_be_shorter():
    mo, lee = mentor(hours="Mon 10:00-10:30"), mentee(hours="Mon 10:00-10:30")
    assert first_slot(mo, lee, settings()) is None
    assert str(first_slot(mo, lee, settings(), length=30)) == "Mon 10:00"


def test_monthly_booking_takes_its_own_week_alone():
    mo, lee = mentor(hours="Mon 17:00-18:00"), mentee(zone="America/New_York", hours="Mon 12:00-14:00")
    dates = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 28)}
    first_week = Booking("lee", "America/New_York", Slot(0, 735), 30, "monthly")
    every_week = Booking("lee", "America/New_York", Slot(0, 735), 30)
    assert first_slot(mo, lee, settings(**dates)) == Slot(0, 1020, 0)
    assert first_slot(mo, lee, settings(**dates), booked=[first_week]) == Slot(0, 1020, 1)
    assert first_slot(mo, lee, settings(cadence="weekly", **dates), booked=[first_week]) is None
    assert first_slot(mo, lee, settings(**dates), booked=[every_week]) is None


def test_times_to_choose_from_fall_on_different_days_in_daytime_first():
    week = "Mon 05:00-06:00; Tue 10:00-12:00; Thu 09:00-10:00"
    found = slots_apart(mentor(hours=week), mentee(hours=week), settings(), most=3)
    assert [str(slot) for slot in found] == ["Tue 10:00", "Thu 09:00", "Mon 05:00"]


def test_times_to_choose_from_share_a_day_only_when_no_other_is_left_and_never_overlap():
    one_day = {"hours": "Wed 10:00-12:30"}
    found = slots_apart(mentor(**one_day), mentee(**one_day), settings(cadence="weekly"), most=3)
    assert [str(slot) for slot in found] == ["Wed 10:00", "Wed 11:00"]


def test_the_first_time_to_choose_from_is_the_one_that_would_be_proposed():
    mo, lee = mentor(hours="Mon 05:00-06:00; Wed 10:00-11:00"), mentee(hours="Mon 05:00-06:00; Wed 10:00-11:00")
    taken = [Booking("mo", mo.zone, Slot(2, 600), 60)]
    for booked in ([], taken):
        first = first_slot(mo, lee, settings(), booked=booked)
        assert slots_apart(mo, lee, settings(), most=1, booked=booked) == [first]
    assert slots_apart(mo, mentee(hours="Sun 10:00-11:00"), settings(), most=3) == []


def test_a_time_is_free_inside_the_hours_of_both_and_beside_what_is_booked():
    mo, lee = mentor(hours="Wed 10:00-12:00"), mentee(hours="Wed 10:00-13:00")
    booked = [Booking("lee", lee.zone, Slot(2, 600), 45)]
    assert is_free(mo, lee, settings(), Slot(2, 600))
    assert not is_free(mo, lee, settings(), Slot(2, 600), booked=booked)
    assert is_free(mo, lee, settings(), Slot(2, 645), booked=booked)
    assert not is_free(mo, lee, settings(), Slot(2, 675)), "it would go on after her hours"
    assert is_free(mo, lee, settings(), Slot(2, 675), length=15)
    assert not is_free(mo, lee, settings(), Slot(2, 601)), "meetings begin on a quarter of an hour"
