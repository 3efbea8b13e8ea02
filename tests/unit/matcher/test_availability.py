"""Hours in their own zones, and the times that survive every change of clocks."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from matcher.availability import (
    CELL,
    Slot,
    Window,
    cells,
    check_zone,
    in_zone,
    regimes,
    runs,
)
from matcher.overlap import find_overlap
from matcher.pool import Pool
from matcher.shared_hours import shared_minutes, shared_slots
from tests.unit.matcher.people import mentee, mentor, settings

YEAR = date(2026, 1, 1), date(2026, 12, 31)
WINTER = date(2026, 1, 5), date(2026, 2, 27)
ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]


def slots(my_zone, my_hours, their_zone, their_hours, dates=YEAR, length=60):
    mo, lee = mentor(zone=my_zone, hours=my_hours), mentee(zone=their_zone, hours=their_hours)
    return [str(slot) for slot in shared_slots(mo, lee, *dates, length)]


def test_new_york_and_london_change_clocks_on_different_days():
    found = regimes(["America/New_York", "Europe/London"], *YEAR)
    starts = [str(regime.start) for regime in found]
    ahead = [regime.offsets["Europe/London"] - regime.offsets["America/New_York"] for regime in found]
    assert starts == ["2026-01-01", "2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01"]
    assert ahead == [300, 240, 300, 240, 300]


def test_new_york_mentor_and_london_mentee_keep_only_what_holds_between_the_changes():
    # 12:00 in New York is 17:00 in London, but 16:00 between the two countries' changes of clocks.
    hours = "America/New_York", "Mon 12:00-13:00", "Europe/London"
    assert slots(*hours, "Mon 17:00-18:00", WINTER) == ["Mon 12:00"]
    assert slots(*hours, "Mon 17:00-18:00", YEAR) == []
    assert slots(*hours, "Mon 16:00-18:00", YEAR) == ["Mon 12:00"]


def test_sydney_and_london_move_against_each_other_over_three_differences():
    hours = "Australia/Sydney", "Tue 19:00-20:00", "Europe/London"
    assert slots(*hours, "Tue 08:00-11:00") == ["Tue 19:00"]
    assert slots(*hours, "Tue 09:00-11:00") == []
    assert slots(*hours, "Tue 08:00-10:00") == []


def test_kolkata_without_changes_is_half_an_hour_off_and_follows_the_other():
    hours = "Asia/Kolkata", "Wed 18:30-19:30", "Europe/London"
    assert slots(*hours, "Wed 13:00-14:00", WINTER) == ["Wed 18:30"]
    assert slots(*hours, "Wed 13:00-14:00", YEAR) == []
    assert slots(*hours, "Wed 13:00-15:00", YEAR) == ["Wed 18:30"]


def test_nepal_at_a_quarter_hour_meets_on_the_quarter():
    found = slots("Asia/Kathmandu", "Thu 18:45-19:45", "UTC", "Thu 13:00-14:00")
    assert found == ["Thu 18:45"]


def test_weekday_wraps_between_zones_and_over_the_end_of_the_week():
    assert slots("Pacific/Auckland", "Mon 07:00-08:00", "America/Los_Angeles", "Sun 08:00-14:00") == ["Mon 07:00"]
    assert slots("America/Los_Angeles", "Sun 21:00-22:00", "Asia/Tokyo", "Mon 13:00-15:00") == ["Sun 21:00"]


def test_meeting_may_run_over_midnight_when_both_are_free():
    late = "Sun 23:30-24:00; Mon 00:00-00:30"
    assert slots("UTC", late, "UTC", late) == ["Sun 23:30"]


def test_two_windows_that_meet_inside_a_cell_fill_it():
    assert cells([Window(0, 600, 607), Window(0, 607, 615)]).sum() == 1
    assert cells([Window(0, 601, 616)]).sum() == 0


def test_shared_minutes_are_those_of_all_regimes():
    mo = mentor(zone="America/New_York", hours="Mon 12:00-14:00")
    lee = mentee(hours="Mon 17:00-19:00")
    assert shared_minutes(mo, lee, *WINTER) == 120
    assert shared_minutes(mo, lee, *YEAR) == 60


def test_run_longer_than_the_week_is_free_needs_the_whole_circle():
    always = np.ones(672, dtype=bool)
    assert runs(always, 24 * 60).all()
    always[5] = False
    assert not runs(always, 7 * 24 * 60).any()


def test_slot_reads_on_the_other_clock_with_its_week():
    assert in_zone(Slot(6, 23 * 60), "America/New_York", "Europe/London", date(2026, 1, 5)) == Slot(0, 4 * 60, 1)
    assert in_zone(Slot(0, 60), "Europe/London", "America/New_York", date(2026, 1, 5)) == Slot(6, 20 * 60, 3)


@pytest.mark.parametrize("window", [(7, 0, 60), (0, 60, 60), (0, 0, 1441), (0, -1, 60), (-1, 0, 60)])
def test_window_outside_one_day_is_refused(window):
    with pytest.raises(ValueError, match="not hours of one day"):
        Window(*window)


def test_zone_is_checked_with_a_suggestion():
    assert check_zone("Asia/Kolkata") is None
    assert "did you mean Europe/London" in check_zone("europe/lodnon")
    assert check_zone("Nowhere at all").endswith("such as Europe/London")


windows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 23), st.integers(1, 6)).map(
        lambda w: Window(w[0], w[1] * 60, min(w[1] * 60 + w[2] * 60, 1440))
    ),
    min_size=1,
    max_size=4,
).map(tuple)


@lru_cache
def never_shown(zone):
    """Walk over the year: weekdays and minutes that the zone's clocks leave out on some date."""
    left_out, clock = set(), ZoneInfo(zone)
    for number in range((YEAR[1] - YEAR[0]).days + 1):
        midnight = datetime.combine(YEAR[0] + timedelta(days=number), datetime.min.time())
        for minute in range(0, 1440, CELL):
            local = midnight + timedelta(minutes=minute)
            if local.replace(tzinfo=clock).astimezone(UTC).astimezone(clock).replace(tzinfo=None) != local:
                left_out.add((local.weekday(), minute))
    return left_out


def is_free(person, instant, length):
    """Walk over the meeting's minutes on the person's own clock: the definition, as slowly as it reads."""
    for minute in range(0, length, CELL):
        local = (instant + timedelta(minutes=minute)).astimezone(ZoneInfo(person.zone))
        at = local.hour * 60 + local.minute
        if not any(w.weekday == local.weekday() and w.start <= at < w.end for w in person.windows):
            return False
        if (local.weekday(), at) in never_shown(person.zone):
            return False
    return True


def meetings(slot, regime, zone):
    """Yield one instant of the weekly meeting inside the regime, if its clocks really stand as the regime says."""
    day = regime.start + timedelta(days=(slot.weekday - regime.start.weekday()) % 7)
    while day <= regime.end:
        instant = datetime.combine(day, datetime.min.time(), UTC)
        instant += timedelta(minutes=slot.start - regime.offsets[zone])
        clocks = {name: instant.astimezone(ZoneInfo(name)).utcoffset() for name in regime.offsets}
        if all(clocks[name] == timedelta(minutes=offset) for name, offset in regime.offsets.items()):
            yield instant
            return
        day += timedelta(days=7)


@given(windows, windows, st.sampled_from(ZONES), st.sampled_from(ZONES))
@profile(max_examples=40, deadline=None)
def test_shared_slot_is_one_where_both_are_free_in_every_regime(mine, theirs, my_zone, their_zone):
    mo, lee = mentor(zone=my_zone, windows=mine), mentee(zone=their_zone, windows=theirs)
    found = {slot for slot in shared_slots(mo, lee, *YEAR, 60) if slot.start % 60 == 0}
    stretches = regimes([my_zone, their_zone], *YEAR)
    expected = set()
    for cell in range(0, 672, 4):
        slot = Slot(cell // 96, cell % 96 * CELL)
        instants = [instant for regime in stretches for instant in meetings(slot, regime, my_zone)]
        assert instants
        if all(is_free(mo, instant, 60) and is_free(lee, instant, 60) for instant in instants):
            expected.add(slot)
    assert found == expected


@given(st.lists(st.tuples(windows, st.sampled_from(ZONES)), min_size=2, max_size=6), st.integers(1, 5))
@profile(max_examples=30, deadline=None)
def test_whole_pool_has_the_hours_of_its_pairs(people, cut):
    mentors = [mentor(f"m{n}", windows=w, zone=z) for n, (w, z) in enumerate(people[:cut])]
    mentees = [mentee(f"n{n}", windows=w, zone=z, minutes=(None, 30)[n % 2]) for n, (w, z) in enumerate(people[cut:])]
    chosen = settings()
    overlap = find_overlap(Pool.build(mentors, mentees), chosen)
    for j, mo in enumerate(mentors):
        for i, lee in enumerate(mentees):
            length = chosen.meeting_length(lee.minutes)
            assert overlap.minutes[j, i] == shared_minutes(mo, lee, *YEAR)
            assert overlap.meets[j, i] == bool(shared_slots(mo, lee, *YEAR, length))
