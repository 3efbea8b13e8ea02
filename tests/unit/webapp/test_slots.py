"""A weekly slot by two clocks, and what people are called after the first time."""

from datetime import UTC, date, datetime

import pytest

from webapp.presenters.names import short_name
from webapp.services.slots import first_day, first_meeting


def meeting(weekday, minute, reader, other, day, kept_in="America/New_York"):
    return first_meeting(weekday, minute, 60, kept_in=kept_in, reader=reader, other=other, not_before=day)


def test_the_first_meeting_is_on_or_after_the_day():
    assert meeting(1, 1200, "America/New_York", "UTC", date(2027, 3, 2)).starts_at.date() == date(2027, 3, 2)
    assert meeting(0, 1200, "America/New_York", "UTC", date(2027, 3, 2)).starts_at.date() == date(2027, 3, 8)


@pytest.mark.parametrize(("week", "day"), [(0, 1), (1, 8), (2, 15), (3, 22), (None, 1)])
def test_a_monthly_slot_begins_in_its_own_week(week, day):
    found = first_meeting(
        0,
        1200,
        60,
        kept_in="UTC",
        reader="UTC",
        other="UTC",
        not_before=date(2027, 3, 1),
        week=None if week is None else (week + (date(2027, 3, 1).toordinal() - 1) // 7) % 4,
        every=4,
    )
    assert found.starts_at.date() == date(2027, 3, day)


def test_a_fortnightly_slot_waits_a_week_at_most():
    days = [
        first_meeting(
            2, 600, 30, kept_in="UTC", reader="UTC", other="UTC", not_before=date(2027, 3, 1), week=week, every=2
        ).starts_at.date()
        for week in range(4)
    ]
    assert sorted(set(days)) == [date(2027, 3, 3), date(2027, 3, 10)]
    assert days[:2] == days[2:]


def test_each_reads_it_by_her_own_clock_and_day():
    found = meeting(1, 20 * 60, "Asia/Tokyo", "America/New_York", date(2027, 3, 1))
    assert f"{found.starts_at:%A %H:%M}" == "Wednesday 10:00"
    assert f"{found.other:%A %H:%M}" == "Tuesday 20:00"
    assert not found.same_clock


def test_zones_that_agree_are_one_clock():
    assert meeting(1, 1200, "America/Toronto", "America/New_York", date(2027, 3, 1)).same_clock


def test_it_follows_a_change_of_the_mentors_clock():
    before = meeting(1, 1200, "UTC", "UTC", date(2027, 3, 9))
    after = meeting(1, 1200, "UTC", "UTC", date(2027, 3, 16))
    assert (before.starts_at.hour, after.starts_at.hour) == (1, 0)


def test_an_hour_is_an_hour_over_a_change_of_clocks():
    found = meeting(6, 90, "America/New_York", "UTC", date(2027, 3, 14))
    assert f"{found.starts_at:%H:%M} {found.ends_at:%H:%M}" == "01:30 03:30"


def test_meetings_are_looked_for_from_the_first_day_or_today():
    now = datetime(2027, 3, 10, 2, 0, tzinfo=UTC)
    assert first_day(date(2027, 4, 1), now, "UTC") == date(2027, 4, 1)
    assert first_day(date(2027, 3, 1), now, "America/New_York") == date(2027, 3, 9)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dr Leila Farahani", "Dr Farahani"),
        ("Dr Noor van den Akker", "Dr van den Akker"),
        ("Dr van den Akker", "Dr van den Akker"),
        ("Prof. Hanna Weissbrodt", "Prof. Weissbrodt"),
        ("Maya Lindqvist", "Maya"),
        ("Dr Farahani", "Dr Farahani"),
        ("Maya", "Maya"),
        ("", ""),
    ],
)
def test_short_names(name, short):
    assert short_name(name) == short
