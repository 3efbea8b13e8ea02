"""A time for every pair, and nobody twice at once."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from matcher.availability import CELL, CELLS, Window, regimes, shared_slots
from matcher.pool import Pool
from matcher.timetable import schedule
from tests.unit.matcher.people import mentee, mentor, settings

ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]


def test_monthly_pairs_of_one_mentor_share_an_hour_in_different_weeks():
    pool = Pool.build(
        [mentor(hours="Mon 17:00-18:00", places=5)],
        [mentee(f"n{n}", hours="Mon 17:00-18:00") for n in range(5)],
    )
    found = schedule(pool, settings(), [(0, n) for n in range(5)]).slots
    assert [slot and slot.week for slot in found] == [0, 1, 2, 3, None]


@pytest.mark.parametrize(("cadence", "placed"), [("weekly", 1), ("fortnightly", 2), ("monthly", 4), ("bimonthly", 4)])
def test_cadence_says_how_many_pairs_one_hour_holds(cadence, placed):
    pool = Pool.build([mentor(hours="Mon 17:00-18:00")], [mentee(f"n{n}", hours="Mon 17:00-18:00") for n in range(5)])
    found = schedule(pool, settings(cadence=cadence), [(0, n) for n in range(5)]).slots
    assert sum(slot is not None for slot in found) == placed


def test_pair_with_one_possible_time_chooses_before_a_pair_with_many():
    pool = Pool.build(
        [mentor(hours="Mon 17:00-18:00; Tue 17:00-18:00")],
        [mentee("many", hours="Mon 17:00-18:00; Tue 17:00-18:00"), mentee("one", hours="Mon 17:00-18:00")],
    )
    found = schedule(pool, settings(cadence="weekly"), [(0, 0), (0, 1)]).slots
    assert [str(slot) for slot in found] == ["Tue 17:00", "Mon 17:00"]


def test_person_who_is_mentor_and_mentee_is_not_twice_at_once():
    pool = Pool.build(
        [mentor("mo", hours="Mon 17:00-18:00"), mentor("sam", person="lee", hours="Mon 17:00-18:00")],
        [mentee("lee", hours="Mon 17:00-18:00"), mentee("kim", hours="Mon 17:00-18:00")],
    )
    found = schedule(pool, settings(cadence="weekly"), [(0, 0), (1, 1)]).slots
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
        for (j, i), slot in zip(pairs, schedule(pool, chosen, pairs).slots, strict=True)
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
