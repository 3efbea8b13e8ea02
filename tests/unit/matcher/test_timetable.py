"""A time for every pair, and nobody twice at once."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from matcher import InvalidTimesError
from matcher.availability import CELL, CELLS, Slot, Window, regimes
from matcher.diary import Booking, Template, bits
from matcher.meetings import daytime
from matcher.pool import Pool
from matcher.shared_hours import shared_slots
from matcher.timetable import NO_TIME, schedule
from tests.unit.matcher.people import mentee, mentor, settings

ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]
EVERY = {"weekly": 1, "fortnightly": 2, "monthly": 4}


def one_mentor(hours, *mentee_hours, **answers):
    mentees = [mentee(f"n{n}", hours=theirs) for n, theirs in enumerate(mentee_hours)]
    return Pool.build([mentor(hours=hours, **answers)], mentees), [(0, n) for n in range(len(mentees))]


def names(found):
    return [None if slot is None else str(slot) for slot in found.slots]


def test_monthly_pairs_of_one_mentor_share_an_hour_in_different_weeks():
    pool, pairs = one_mentor("Mon 17:00-18:00", *["Mon 17:00-18:00"] * 5)
    found = schedule(pool, settings(), pairs)
    assert sorted(slot.week for slot in found.slots if slot) == [0, 1, 2, 3]
    assert found.proved
    (left,) = found.unplaced
    assert left.code == "clash"
    assert {left.pair, *left.beside} == set(pairs)
    assert str(left) == "The two and 4 other pairs cannot all meet: they need the same times."


@pytest.mark.parametrize(("cadence", "placed"), [("weekly", 1), ("fortnightly", 2), ("monthly", 4), ("bimonthly", 4)])
def test_cadence_says_how_many_pairs_one_hour_holds(cadence, placed):
    pool, pairs = one_mentor("Mon 17:00-18:00", *["Mon 17:00-18:00"] * 5)
    found = schedule(pool, settings(cadence=cadence), pairs)
    assert sum(slot is not None for slot in found.slots) == placed


def test_pair_with_one_possible_time_chooses_before_a_pair_with_many():
    pool, pairs = one_mentor("Mon 17:00-18:00; Tue 17:00-18:00", "Mon 17:00-18:00; Tue 17:00-18:00", "Mon 17:00-18:00")
    assert names(schedule(pool, settings(cadence="weekly"), pairs)) == ["Tue 17:00", "Mon 17:00"]


def test_person_who_is_mentor_and_mentee_is_not_twice_at_once():
    pool = Pool.build(
        [mentor("mo", hours="Mon 17:00-18:00"), mentor("sam", person="lee", hours="Mon 17:00-18:00")],
        [mentee("lee", hours="Mon 17:00-18:00"), mentee("kim", hours="Mon 17:00-18:00")],
    )
    found = schedule(pool, settings(cadence="weekly"), [(0, 0), (1, 1)])
    assert found.slots.count(None) == 1
    assert found.unplaced[0].beside in {((0, 0),), ((1, 1),)}


def test_shorter_meetings_of_one_mentee_leave_room_for_others():
    mentees = [mentee(f"n{n}", minutes=120, hours="Mon 17:00-18:00") for n in range(2)]
    pool = Pool.build([mentor(hours="Mon 17:00-18:00")], mentees)
    assert names(schedule(pool, settings(cadence="weekly"), [(0, 0), (0, 1)])) == ["Mon 17:00", "Mon 17:30"]


def test_meeting_in_the_way_moves_where_that_lets_another_in():
    # By fewest starts first kim takes Tuesday with mo, which is all that ada has; kim can move, so all three meet.
    pool = Pool.build(
        [mentor("mo", hours="Mon 10:00-11:00; Tue 10:00-11:00; Wed 10:00-11:00")],
        [
            mentee("kim", hours="Mon 10:00-11:00; Tue 10:00-11:00"),
            mentee("lee", hours="Mon 10:00-11:00; Wed 10:00-11:00"),
            mentee("ada", hours="Tue 10:00-11:00; Wed 10:00-11:00"),
        ],
    )
    found = schedule(pool, settings(cadence="weekly"), [(0, 0), (0, 1), (0, 2)])
    assert None not in found.slots


def test_pair_that_shares_no_time_is_told_from_one_without_hours():
    pool, pairs = one_mentor("Mon 17:00-18:00", "Tue 17:00-18:00", "", "Mon 17:00-17:30")
    found = schedule(pool, settings(), pairs)
    assert [entry.code for entry in found.unplaced] == ["no_shared_time", "hours_not_stated", "no_shared_time"]
    assert all(entry.beside == () for entry in found.unplaced)
    assert str(found.unplaced[1]) == NO_TIME["hours_not_stated"]
    assert found.proved


def test_booking_is_avoided_by_both_people_and_in_its_own_weeks_alone():
    pool, pairs = one_mentor("Mon 17:00-19:00", "Mon 17:00-18:00")
    weekly = settings(cadence="weekly")
    free = Booking("mo", "Europe/London", Slot(0, 18 * 60), 60)
    of_mentor = Booking("mo", "Europe/London", Slot(0, 17 * 60 + 50), 5)
    of_mentee = Booking("lee", "Europe/London", Slot(0, 17 * 60, week=3), 60, "monthly")
    pool = Pool.build(pool.mentors, [mentee("lee", hours="Mon 17:00-18:00")])
    assert names(schedule(pool, weekly, pairs, booked=[free])) == ["Mon 17:00"]
    for booking in (of_mentor, of_mentee):
        found = schedule(pool, weekly, pairs, booked=[booking])
        assert [entry.code for entry in found.unplaced] == ["taken_by_bookings"]
    in_their_way = [Booking("lee", "Europe/London", Slot(0, 1020, week), 60, "monthly") for week in (0, 2)]
    assert schedule(pool, settings(), pairs, booked=in_their_way).slots == (Slot(0, 1020, 1),)
    assert schedule(pool, settings(), pairs, booked=[of_mentee]).slots == (Slot(0, 1020, 0),)


@pytest.mark.parametrize(
    ("slot", "length", "cadence", "fault"),
    [
        (Slot(0, 0), 60, "daily", "cadence must be"),
        (Slot(0, 0), 0, "weekly", "a meeting takes"),
        (Slot(0, 0), 1441, "weekly", "a meeting takes"),
        (Slot(0, 1440), 60, "weekly", "not a time of a week"),
    ],
)
def test_booking_that_is_no_meeting_is_refused(slot, length, cadence, fault):
    with pytest.raises(ValueError, match=fault):
        Booking("mo", "UTC", slot, length, cadence)


def test_fixed_slot_stays_and_others_move_around_it():
    pool, pairs = one_mentor("Mon 17:00-19:00", "Mon 17:00-19:00", "Mon 17:00-18:00")
    weekly = settings(cadence="weekly")
    assert names(schedule(pool, weekly, pairs, fixed={0: Slot(0, 1080)})) == ["Mon 18:00", "Mon 17:00"]
    found = schedule(pool, weekly, pairs, fixed={0: Slot(0, 1035)})
    assert names(found) == ["Mon 17:15", None]
    assert found.unplaced[0].beside == ((0, 0),)
    assert found.proved


def test_fixed_slot_outside_the_hours_stays_as_it_was_agreed():
    pool, pairs = one_mentor("Mon 17:00-18:00", "", "Mon 17:00-18:00")
    found = schedule(pool, settings(cadence="weekly"), pairs, fixed={0: Slot(3, 605)})
    assert names(found) == ["Thu 10:05", "Mon 17:00"]


def test_fixed_slots_that_cannot_be_kept_are_named():
    pool, pairs = one_mentor("Mon 17:00-19:00", "Mon 17:00-19:00", "Mon 17:00-19:00", "Mon 17:00-19:00")
    fixed = {0: Slot(0, 1020), 1: Slot(0, 1065), 2: Slot(2, 600)}
    booked = [Booking("n2", "America/New_York", Slot(2, 345), 30)]
    with pytest.raises(InvalidTimesError) as caught:
        schedule(pool, settings(), pairs, fixed=fixed, booked=booked)
    assert caught.value.faults == [
        "mo with n0 is to stay at Mon 17:00 and mo with n1 at Mon 17:45, and somebody would be in both",
        "mo with n2 is to stay at Wed 10:00, when one of them has another meeting",
    ]
    with pytest.raises(InvalidTimesError) as caught:
        schedule(pool, settings(), pairs, fixed={3: Slot(0, 1020), 0: Slot(7, 0)})
    assert caught.value.faults == [
        "there is no pair 3 whose time could stay",
        "pair 0 is to stay at what is no time: Slot(weekday=7, start=0, week=0)",
    ]


def test_no_pairs_have_an_empty_timetable():
    pool, _ = one_mentor("Mon 17:00-18:00", "Mon 17:00-18:00")
    found = schedule(pool, settings(), [])
    assert (found.slots, found.unplaced, found.proved) == ((), (), True)


def test_negative_time_limit_is_refused():
    pool, pairs = one_mentor("Mon 17:00-18:00", "Mon 17:00-18:00")
    with pytest.raises(ValueError, match="time_limit"):
        schedule(pool, settings(), pairs, time_limit=-1)


hour_windows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 23)).map(lambda w: Window(w[0], w[1] * 60, w[1] * 60 + 60)),
    min_size=4,
    max_size=20,
).map(tuple)


def taken(slot, length, every, offset):
    cell = slot.weekday * 96 + slot.start // CELL + slot.week * CELLS - offset // CELL
    return {(cell + week * CELLS + step) % (4 * CELLS) for week in range(0, 4, every) for step in range(length // CELL)}


def drawn_pool(people):
    """Half mentors, half mentees; the last mentee is the first mentor in her other role."""
    half = len(people) // 2
    mentors = [mentor(f"m{n}", person=f"p{n}", windows=w, zone=z) for n, (w, z) in enumerate(people[:half])]
    mentees = [mentee(f"n{n}", windows=w, zone=z) for n, (w, z) in enumerate(people[half:])]
    mentees.append(mentee("both", person="p0", windows=mentors[0].windows, zone=mentors[0].zone))
    return Pool.build(mentors, mentees), [(j, i) for j in range(len(mentors)) for i in range(len(mentees))]


@given(st.lists(st.tuples(hour_windows, st.sampled_from(ZONES)), min_size=2, max_size=8), st.sampled_from([*EVERY]))
@profile(max_examples=30, deadline=None)
def test_nobody_is_twice_at_once_in_any_regime_and_slots_are_shared(people, cadence):
    pool, pairs = drawn_pool(people)
    chosen = settings(cadence=cadence)
    placed = [
        (pool.mentors[j], pool.mentees[i], slot)
        for (j, i), slot in zip(pairs, schedule(pool, chosen, pairs).slots, strict=True)
        if slot is not None
    ]
    for mo, lee, slot in placed:
        starts = shared_slots(mo, lee, chosen.starts_on, chosen.ends_on, 60)
        assert (slot.weekday, slot.start) in {(start.weekday, start.start) for start in starts}
    for one, other in combinations(placed, 2):
        if {one[0].person, one[1].person} & {other[0].person, other[1].person}:
            for regime in regimes(pool.zones, chosen.starts_on, chosen.ends_on):
                first, second = (taken(p[2], 60, EVERY[cadence], regime.offsets[p[0].zone]) for p in (one, other))
                assert not first & second


few_windows = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([540, 570, 585]), st.sampled_from([60, 75, 90, 120])).map(
        lambda w: Window(w[0], w[1], w[1] + w[2])
    ),
    min_size=1,
    max_size=2,
).map(tuple)


def most_by_brute_force(pool, chosen, pairs):
    """The largest number of pairs that can be placed, by trying every choice; one week, one clock."""
    options = [
        [
            {(persons, slot.weekday * 96 + slot.start // CELL + step) for persons in people for step in range(4)}
            for slot in shared_slots(pool.mentors[j], pool.mentees[i], chosen.starts_on, chosen.ends_on, 60)
        ]
        for j, i in pairs
        for people in [(pool.mentors[j].person, pool.mentees[i].person)]
    ]

    def most(number, busy):
        if number == len(options):
            return 0
        without = most(number + 1, busy)
        return max([without, *(1 + most(number + 1, busy | cells) for cells in options[number] if not busy & cells)])

    return most(0, frozenset())


@given(st.lists(few_windows, min_size=4, max_size=5))
@profile(max_examples=40, deadline=None)
def test_as_many_pairs_are_placed_as_brute_force_can_and_each_has_its_best_time_alone(people):
    pool, pairs = drawn_pool([(windows, "Europe/London") for windows in people])
    pairs = [pair for pair in pairs if pair[1] != len(pool.mentees) - 1 or pair[0]][:5]
    chosen = settings(cadence="weekly")
    found = schedule(pool, chosen, pairs)
    assert found.proved
    assert sum(slot is not None for slot in found.slots) == most_by_brute_force(pool, chosen, pairs)
    for number, slot in enumerate(found.slots):
        if slot is not None:
            others = {other: kept for other, kept in enumerate(found.slots) if other != number and kept is not None}
            chosen_pairs = [pairs[other] for other in (*others, number)]
            again = schedule(pool, chosen, chosen_pairs, fixed=dict(enumerate(others.values())))
            assert again.slots[-1] == slot


@given(st.lists(few_windows, min_size=4, max_size=5))
@profile(max_examples=30, deadline=None)
def test_unplaceable_set_fails_whole_and_succeeds_without_any_one(people):
    pool, pairs = drawn_pool([(windows, "Europe/London") for windows in people])
    chosen = settings(cadence="weekly")
    for entry in schedule(pool, chosen, pairs).unplaced:
        if entry.code == "clash":
            together = [entry.pair, *entry.beside]
            assert most_by_brute_force(pool, chosen, together) == len(together) - 1
            for left in together:
                rest = [pair for pair in together if pair != left]
                assert most_by_brute_force(pool, chosen, rest) == len(rest)


def test_daytime_of_two_zones_is_that_of_both():
    template = Template(settings(cadence="fortnightly"))
    starts = bits(daytime(template, template.ahead("Europe/London", "America/New_York"), 60))
    # 12:00 in London is 07:00 or 08:00 in New York, where 20:00 is late enough for London's 21:00 to have passed.
    assert starts[0] * CELL == 12 * 60
    assert template.slot_at(starts[-1]) == Slot(6, 20 * 60, 1)
