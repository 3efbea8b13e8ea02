"""Matchings in which every pair has a time, and what the times cost."""

from itertools import combinations
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from matcher import InvalidTimesError, Problem, SolveStatus, verify
from matcher.availability import Slot, Window
from matcher.diary import Booking
from matcher.hour_places import hour_places
from matcher.pool import Pool
from matcher.scoring import build_problem
from matcher.time_fill import fill_up
from matcher.timed_matching import match_with_times
from matcher.timetable import schedule
from tests.unit.matcher.people import mentee, mentor, settings

WEEKLY = settings(cadence="weekly")
GENEROUS = {"minutes": 10_000, "places": 5}


def pool_of(mentor_hours, mentee_hours):
    mentors = [mentor(f"m{n}", hours=hours, **GENEROUS) for n, hours in enumerate(mentor_hours)]
    return Pool.build(mentors, [mentee(f"n{n}", hours=hours) for n, hours in enumerate(mentee_hours)])


def weighed(pool, weights, **changes):
    wanted = [person.wanted for person in pool.mentees]
    return Problem(weights, [person.places for person in pool.mentors], wanted, **changes)


def overlapping():
    """One mentor of two and a half hours, so that her hours hold two meetings, at 9:00, 9:30 or 10:30 at the latest."""
    return pool_of(["Mon 09:00-11:30"], ["Mon 09:00-10:00", "Mon 09:30-10:30", "Mon 10:30-11:30"])


def test_lightest_of_the_pairs_that_cannot_all_meet_is_ruled_out():
    pool = overlapping()
    found = match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.4, 0.3]]), objective="total")
    # Her hours hold two: 0.5 and 0.4 are chosen and clash; the lighter of them makes room for 0.3.
    assert found.result.pairs.tolist() == [[0, 0], [0, 2]]
    assert [str(slot) for slot in found.timetable.slots] == ["Mon 09:00", "Mon 10:30"]
    (out,) = found.ruled_out
    assert (out.pair, out.beside, out.code) == ((0, 1), ((0, 0),), "clash")
    assert found.bounds == {"total": pytest.approx(0.9)}
    assert found.gaps == {"total": pytest.approx(0.1)}
    assert verify(found.problem, found.result).ok
    assert found.solves == 2


def test_pair_in_the_way_of_two_others_is_ruled_out_once():
    pool = pool_of(["Mon 09:00-12:00"], ["Mon 09:00-10:00"] * 3)
    found = match_with_times(pool, WEEKLY, weighed(pool, [[0.1, 0.5, 0.4]]))
    assert found.result.pairs.tolist() == [[0, 1]]
    assert [entry.pair for entry in found.ruled_out] == [(0, 0), (0, 2)]
    assert found.solves == 3


def test_pinned_pair_is_never_ruled_out():
    pool = overlapping()
    found = match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.1, 0.3]], pinned=[(0, 1)]), objective="total")
    assert [0, 1] in found.result.pairs.tolist()
    assert None not in found.timetable.slots
    assert {entry.pair for entry in found.ruled_out} == {(0, 0)}


def test_pinned_pairs_that_cannot_all_meet_stay_and_one_has_no_slot():
    pool = overlapping()
    found = match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.1, 0.3]], pinned=[(0, 0), (0, 1)]))
    assert found.result.pairs.tolist() == [[0, 0], [0, 1], [0, 2]]
    assert found.timetable.slots.count(None) == 1
    (left,) = found.timetable.unplaced
    assert {left.pair, *left.beside} == {(0, 0), (0, 1)}
    assert found.ruled_out == ()


def test_clashing_pins_are_told_as_they_are_without_times():
    pool = overlapping()
    problem = Problem([[0.5, 0.1, 0.3]], [1], [1, 1, 1], pinned=[(0, 0), (0, 1)])
    found = match_with_times(pool, WEEKLY, problem)
    assert found.result.status is SolveStatus.INFEASIBLE
    assert (found.timetable.slots, found.gaps) == ((), {})


def test_fixed_slot_of_a_pinned_pair_stays_and_takes_its_time():
    pool = pool_of(["Mon 09:00-11:00"], ["Mon 09:00-11:00"] * 2)
    problem = weighed(pool, [[0.5, 0.4]], pinned=[(0, 0)])
    found = match_with_times(pool, WEEKLY, problem, fixed={(0, 0): Slot(0, 570)})
    assert found.result.pairs.tolist() == [[0, 0]]
    assert found.timetable.slots == (Slot(0, 570),)
    assert [(out.pair, out.beside) for out in found.ruled_out] == [((0, 1), ((0, 0),))]
    with pytest.raises(InvalidTimesError, match="not pinned"):
        match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.4]]), fixed={(0, 0): Slot(0, 570)})


def test_mentee_with_another_mentor_gives_way_where_coverage_counts():
    pool = Pool.build(
        [
            # Sunday's hour suits nobody, but makes room for a second place, so that both are proposed at first.
            mentor("m0", hours="Mon 09:00-10:30; Sun 12:00-13:00", **GENEROUS),
            mentor("m1", hours="Tue 09:00-10:00", **GENEROUS),
        ],
        [mentee("two", wanted=2, hours="Mon 09:00-10:00; Tue 09:00-10:00"), mentee("one", hours="Mon 09:30-10:30")],
    )
    weights = [[0.9, 0.1], [0.8, np.nan]]
    covered = match_with_times(pool, WEEKLY, weighed(pool, weights), objective="coverage")
    assert covered.result.coverage == 2
    assert [entry.pair for entry in covered.ruled_out] == [(0, 0)]
    heavy = match_with_times(pool, WEEKLY, weighed(pool, weights), objective="total")
    assert [entry.pair for entry in heavy.ruled_out] == [(0, 1)]


def test_gap_of_the_total_is_to_all_matchings_where_coverage_falls_short():
    pool = overlapping()
    problem = weighed(pool, [[0.5, 0.4, np.nan]])
    found = match_with_times(pool, WEEKLY, problem, objective="fair")
    assert found.bounds["coverage"] == 2
    assert found.result.coverage == 1
    assert found.gaps["coverage"] == 1
    assert found.gaps["floor"] is None
    assert found.gaps["total"] == pytest.approx(0.4)


def test_hours_hold_fewer_meetings_than_places_before_anything_is_solved():
    pool = pool_of(["Mon 09:00-11:00", ""], ["Mon 09:00-11:00"] * 4)
    many = np.array([5, 5]), np.array([1, 1, 1, 3])
    assert [counts.tolist() for counts in hour_places(pool, WEEKLY, [], many)] == [[2, 0], [1, 1, 1, 2]]
    booked = [Booking("m0", "UTC", Slot(0, 570), 30, "fortnightly")]
    assert hour_places(pool, WEEKLY, booked, many)[0].tolist() == [0, 0]
    assert hour_places(pool, settings(cadence="fortnightly"), booked, many)[0].tolist() == [2, 0]
    found = match_with_times(pool, WEEKLY, weighed(pool, np.full((2, 4), 0.5)))
    assert (len(found.result.pairs), found.solves, found.ruled_out) == (2, 1, ())
    assert found.gaps == {"coverage": 0, "total": 0}


def test_bookings_of_a_person_leave_her_out():
    pool = pool_of(["Mon 09:00-10:00"], ["Mon 09:00-10:00"])
    found = match_with_times(pool, WEEKLY, weighed(pool, [[0.5]]), booked=[Booking("n0", "UTC", Slot(0, 540), 60)])
    assert found.result.pairs.tolist() == []


def test_pair_without_hours_is_matched_without_a_slot_where_hours_are_not_needed():
    pool = pool_of(["Mon 09:00-10:00"], ["", "Mon 09:00-10:00"])
    problem = build_problem(pool, WEEKLY)[0]
    assert match_with_times(pool, WEEKLY, problem).result.pairs.tolist() == [[0, 1]]
    found = match_with_times(pool, WEEKLY, problem, hours_needed=False)
    assert found.result.pairs.tolist() == [[0, 0], [0, 1]]
    assert found.timetable.slots == (None, Slot(0, 540))
    assert [entry.code for entry in found.timetable.unplaced] == ["hours_not_stated"]


def test_pairs_that_share_no_time_are_closed_where_the_rules_allow_them_but_pins_stay():
    pool = pool_of(["Mon 09:00-10:00"], ["Tue 09:00-10:00", "Wed 09:00-10:00"])
    loose = settings(cadence="weekly", hours_required=False)
    found = match_with_times(pool, loose, weighed(pool, [[0.5, 0.9]], pinned=[(0, 0)]))
    assert found.result.pairs.tolist() == [[0, 0]]
    assert [entry.code for entry in found.timetable.unplaced] == ["no_shared_time"]
    assert found.gaps == {"coverage": 0, "total": 0}


@pytest.mark.parametrize("objective", ["coverage", "total", "fair", "stable"])
def test_without_time_only_pairs_with_a_slot_are_proposed(objective):
    pool = overlapping()
    found = match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.4, 0.0]]), objective=objective, time_limit=0)
    assert found.solves == 1
    assert None not in found.timetable.slots
    assert verify(found.problem, found.result).ok
    assert set(map(tuple, found.result.pairs.tolist())).isdisjoint(entry.pair for entry in found.ruled_out)


def test_stable_matching_has_no_gap_to_tell():
    pool = overlapping()
    found = match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.4, 0.3]]), objective="stable")
    assert found.gaps == {"stability": None}
    assert found.result.pairs.tolist() == [[0, 0], [0, 2]]


@pytest.mark.parametrize(
    ("limits", "added"),
    [
        ({}, {(0, 1): Slot(0, 600)}),
        ({"minutes": [60, 60, 60], "mentor_minutes": [120]}, {(0, 1): Slot(0, 600)}),
        ({"minutes": [60, 60, 60], "mentor_minutes": [119]}, {}),
        ({"person": [0, 0, 0]}, {}),
        ({"mentor_capacity": [1]}, {}),
    ],
)
def test_pairs_that_still_fit_are_added_around_times_that_stay(limits, added):
    pool = pool_of(["Mon 09:00-11:00"], ["Mon 09:00-11:00"] * 3)
    given = {"mentor_capacity": [3], "mentee_capacity": [1, 1, 1], **limits}
    problem = Problem([[0.1, 0.9, 0.5]], **given)

    def place(pairs, limit, staying):
        rows = {row: staying[pair] for row, pair in enumerate(map(tuple, pairs.tolist())) if pair in staying}
        return schedule(pool, WEEKLY, pairs, fixed=rows, time_limit=limit)

    assert fill_up(problem, {(0, 0): Slot(0, 540)}, place, inf) == added


def test_pair_given_up_for_another_comes_back_once_that_is_gone_too():
    # In a chain of three the first goes for the second, and then the second for the third.
    pool = pool_of(
        ["Mon 09:00-10:00; Sun 12:00-13:00", "Mon 09:00-10:00"], ["Mon 09:00-10:00", "Mon 09:00-10:00; Sat 09:00-10:00"]
    )
    problem = Problem([[0.3, 0.4], [np.nan, 0.9]], [5, 5], [1, 2])
    found = match_with_times(pool, WEEKLY, problem, objective="total")
    assert found.solves == 3
    assert found.result.pairs.tolist() == [[0, 0], [1, 1]]
    assert [str(slot) for slot in found.timetable.slots] == ["Mon 09:00", "Mon 09:00"]
    assert [entry.pair for entry in found.ruled_out] == [(0, 1)]
    assert verify(found.problem, found.result).ok


def test_progress_is_told_before_times_are_looked_for():
    pool = overlapping()
    heard = []
    match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.4, 0.3]]), progress=lambda stage, *_: heard.append(stage))
    assert heard.count("times") == 2


def test_negative_time_limit_is_refused():
    pool = overlapping()
    with pytest.raises(ValueError, match="time_limit"):
        match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.4, 0.3]]), time_limit=-1)


windows = st.lists(
    st.tuples(st.sampled_from([540, 570, 600]), st.sampled_from([60, 90])).map(lambda w: Window(0, w[0], w[0] + w[1])),
    min_size=1,
    max_size=1,
).map(tuple)


@given(st.lists(windows, min_size=4, max_size=5), st.integers(0, 99))
@profile(max_examples=12, deadline=None)
def test_bounds_hold_for_the_best_matching_with_times_by_brute_force(people, seed):
    mentors = [mentor(f"m{n}", windows=w, **GENEROUS) for n, w in enumerate(people[:2])]
    pool = Pool.build(mentors, [mentee(f"n{n}", windows=w, wanted=2) for n, w in enumerate(people[2:])])
    weights = np.random.default_rng(seed).random(pool.shape).round(2)
    problem = weighed(pool, weights)
    found = match_with_times(pool, WEEKLY, problem)
    timed, failed = [], []
    for chosen in (set(some) for size in range(7) for some in combinations(np.ndindex(*pool.shape), size)):
        # What cannot all meet cannot with more pairs either.
        if not any(fewer <= chosen for fewer in failed):
            (failed if None in schedule(pool, WEEKLY, sorted(chosen)).slots else timed).append(chosen)
    best = max((len({i for _, i in chosen}), sum(weights[pair] for pair in chosen)) for chosen in timed)
    reached = found.result.coverage, found.result.total_weight
    assert None not in found.timetable.slots
    assert verify(found.problem, found.result).ok
    assert reached <= (best[0], best[1] + 1e-9)
    assert best[0] <= found.bounds["coverage"]
    largest = max(sum(weights[pair] for pair in chosen) for chosen in timed)
    assert (best[1] if reached[0] == found.bounds["coverage"] else largest) <= found.bounds["total"] + 1e-9


def test_a_pair_that_meets_already_is_given_no_slot_and_keeps_its_hour():
    pool = overlapping()
    running = [Booking(person, "Europe/London", Slot(0, 540), 60) for person in ("m0", "n0")]
    problem = weighed(pool, [[0.5, 0.4, 0.3]], pinned=[(0, 0)])
    found = match_with_times(pool, WEEKLY, problem, booked=running, settled=[(0, 0)])
    assert found.result.pairs.tolist() == [[0, 0], [0, 2]]
    assert [str(slot) for slot in found.timetable.slots] == ["None", "Mon 10:30"]
    assert found.timetable.unplaced == ()


def test_settled_pairs_must_be_pinned():
    pool = overlapping()
    with pytest.raises(InvalidTimesError, match="not pinned"):
        match_with_times(pool, WEEKLY, weighed(pool, [[0.5, 0.4, 0.3]]), settled=[(0, 0)])
