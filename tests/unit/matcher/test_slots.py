"""A time to meet for one pair, and for all without a clash."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from matcher.availability import CELL, CELLS, Window, regimes, shared_slots
from matcher.pool import Pool
from matcher.slots import first_slot, greedy_slots
from tests.unit.matcher.people import mentee, mentor, settings

ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]


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
    assert str(first_slot(mo, lee, settings(), mentor_busy=[Window(0, 900, 965)])) == "Mon 16:15"
    assert first_slot(mo, lee, settings(), mentee_busy=[Window(0, 1140, 1440)]) is None


def test_length_of_a_single_meeting_can_be_shorter():
    mo, lee = mentor(hours="Mon 10:00-10:30"), mentee(hours="Mon 10:00-10:30")
    assert first_slot(mo, lee, settings()) is None
    assert str(first_slot(mo, lee, settings(), length=30)) == "Mon 10:00"


def test_monthly_pairs_of_one_mentor_share_an_hour_in_different_weeks():
    pool = Pool.build(
        [mentor(hours="Mon 17:00-18:00", places=5)],
        [mentee(f"n{n}", hours="Mon 17:00-18:00") for n in range(5)],
    )
    found = greedy_slots(pool, settings(), [(0, n) for n in range(5)])
    assert [slot and slot.week for slot in found] == [0, 1, 2, 3, None]


@pytest.mark.parametrize(("cadence", "placed"), [("weekly", 1), ("fortnightly", 2), ("monthly", 4), ("bimonthly", 4)])
def test_cadence_says_how_many_pairs_one_hour_holds(cadence, placed):
    pool = Pool.build([mentor(hours="Mon 17:00-18:00")], [mentee(f"n{n}", hours="Mon 17:00-18:00") for n in range(5)])
    found = greedy_slots(pool, settings(cadence=cadence), [(0, n) for n in range(5)])
    assert sum(slot is not None for slot in found) == placed


def test_pair_with_one_possible_time_chooses_before_a_pair_with_many():
    pool = Pool.build(
        [mentor(hours="Mon 17:00-18:00; Tue 17:00-18:00")],
        [mentee("many", hours="Mon 17:00-18:00; Tue 17:00-18:00"), mentee("one", hours="Mon 17:00-18:00")],
    )
    found = greedy_slots(pool, settings(cadence="weekly"), [(0, 0), (0, 1)])
    assert [str(slot) for slot in found] == ["Tue 17:00", "Mon 17:00"]


def test_person_who_is_mentor_and_mentee_is_not_twice_at_once():
    pool = Pool.build(
        [mentor("mo", hours="Mon 17:00-18:00"), mentor("sam", person="lee", hours="Mon 17:00-18:00")],
        [mentee("lee", hours="Mon 17:00-18:00"), mentee("kim", hours="Mon 17:00-18:00")],
    )
    found = greedy_slots(pool, settings(cadence="weekly"), [(0, 0), (1, 1)])
    assert found.count(None) == 1


windows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 23)).map(lambda w: Window(w[0], w[1] * 60, w[1] * 60 + 60)),
    min_size=4,
    max_size=20,
).map(tuple)


def taken(slot, length, every, offset):
    cell = slot.weekday * 96 + slot.start // CELL + slot.week * CELLS - offset // CELL
    return {(cell + week * CELLS + step) % (4 * CELLS) for week in range(0, 4, every) for step in range(length // CELL)}


@given(
    st.lists(st.tuples(windows, st.sampled_from(ZONES)), min_size=2, max_size=8),
    st.sampled_from([("weekly", 1), ("fortnightly", 2), ("monthly", 4)]),
)
@profile(max_examples=40, deadline=None)
def test_nobody_is_twice_at_once_in_any_regime_and_slots_are_shared(people, cadence):
    half = len(people) // 2
    mentors = [mentor(f"m{n}", person=f"p{n}", windows=w, zone=z) for n, (w, z) in enumerate(people[:half])]
    # The last mentee is the first mentor in her other role.
    mentees = [mentee(f"n{n}", windows=w, zone=z) for n, (w, z) in enumerate(people[half:])]
    mentees.append(mentee("both", person="p0", windows=mentors[0].windows, zone=mentors[0].zone))
    pool, chosen = Pool.build(mentors, mentees), settings(cadence=cadence[0])
    pairs = [(j, i) for j in range(len(mentors)) for i in range(len(mentees))]
    placed = [
        (mentors[j], mentees[i], slot)
        for (j, i), slot in zip(pairs, greedy_slots(pool, chosen, pairs), strict=True)
        if slot is not None
    ]
    for mo, lee, slot in placed:
        starts = shared_slots(mo, lee, chosen.starts_on, chosen.ends_on, 60)
        assert (slot.weekday, slot.start) in {(start.weekday, start.start) for start in starts}
    for one, other in combinations(placed, 2):
        if {one[0].person, one[1].person} & {other[0].person, other[1].person}:
            for regime in regimes(pool.zones, chosen.starts_on, chosen.ends_on):
                first, second = (taken(p[2], 60, cadence[1], regime.offsets[p[0].zone]) for p in (one, other))
                assert not first & second
