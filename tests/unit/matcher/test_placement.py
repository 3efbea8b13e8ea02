"""Where placing one after another does not do: knots of people who all meet each other."""

from itertools import combinations
from math import inf
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from matcher import SolverError, placement_search, unplaceable
from matcher.availability import Window
from matcher.meetings import lay_out
from matcher.placement import place_greedily
from matcher.placement_search import can_all_meet
from matcher.pool import Pool
from matcher.timetable import schedule
from tests.unit.matcher.people import mentee, mentor, settings

WEEKLY = settings(cadence="weekly")


def knot(n_people, n_hours):
    """Everyone is to meet everyone else, and all have the same hours: a colouring of the complete graph's edges."""
    windows = tuple(Window(hour % 7, 540 + 120 * (hour // 7), 600 + 120 * (hour // 7)) for hour in range(n_hours))
    mentors = [mentor(f"m{n}", person=f"p{n}", windows=windows) for n in range(n_people)]
    mentees = [mentee(f"n{n}", person=f"p{n}", windows=windows) for n in range(n_people)]
    return Pool.build(mentors, mentees), list(combinations(range(n_people), 2))


@pytest.mark.parametrize(
    ("n_people", "n_hours", "most"),
    # In an hour at most half of the people meet in pairs, rounded down.
    [(3, 2, 2), (3, 3, 3), (4, 3, 6), (5, 4, 8), (5, 5, 10), (6, 5, 15)],
)
def test_knot_is_solved_as_far_as_the_number_of_people_allows(n_people, n_hours, most):
    pool, pairs = knot(n_people, n_hours)
    found = schedule(pool, WEEKLY, pairs)
    assert sum(slot is not None for slot in found.slots) == most
    assert found.proved
    for entry in found.unplaced:
        assert len(entry.beside) == most


def test_without_time_nothing_is_called_proved_that_is_not():
    pool, pairs = knot(7, 6)
    found = schedule(pool, WEEKLY, pairs, time_limit=0)
    assert {(entry.code, entry.beside) for entry in found.unplaced} == {("out_of_time", ())}
    assert not found.proved
    assert str(found.unplaced[0]).startswith("No time was found")


def test_greedy_placing_gives_up_and_leaves_what_stands():
    pool, pairs = knot(9, 8)
    layout = lay_out(pool, WEEKLY, pairs, [], {})
    starts = [None] * len(pairs)
    missed = place_greedily(layout.plan, starts, list(range(len(pairs))))
    assert missed == [number for number, start in enumerate(starts) if start is None]
    for number, start in enumerate(starts):
        assert start is None or layout.plan.free(number, starts) >> start & 1


def test_a_smallest_set_is_irreducible_however_few_smaller_ones_are_tried(monkeypatch):
    pool, pairs = knot(5, 4)
    monkeypatch.setattr(unplaceable, "SETS", 0)
    for entry in schedule(pool, WEEKLY, pairs).unplaced:
        together = (entry.pair, *entry.beside)
        for left in together:
            rest = [pair for pair in together if pair != left]
            assert None not in schedule(pool, WEEKLY, rest).slots


def test_smaller_set_is_found_where_taking_out_one_by_one_ends_at_a_larger():
    # Mo's other two pairs take both her hours, and so does lee's other pair with his one: that alone is enough.
    both, monday = "Mon 09:00-10:00; Tue 09:00-10:00", "Mon 09:00-10:00"
    pool = Pool.build(
        [mentor("mo", hours=both), mentor("sam", hours=monday)],
        [mentee("one", hours=both), mentee("two", hours=both), mentee("lee", hours=monday)],
    )
    found = schedule(pool, WEEKLY, [(0, 0), (1, 2), (0, 2), (0, 1)])
    assert [(entry.pair, entry.beside) for entry in found.unplaced] == [((0, 2), ((1, 2),))]


@pytest.mark.parametrize(("n_hours", "can"), [(2, False), (3, True)])
def test_programme_decides_where_the_quick_search_gives_up(monkeypatch, n_hours, can):
    pool, pairs = knot(3, n_hours)
    monkeypatch.setattr(placement_search, "NODES", 0)
    assert can_all_meet(lay_out(pool, WEEKLY, pairs, [], {}).plan, (0, 1, 2), inf) is can


def test_a_broken_programme_raises(monkeypatch):
    broken = SimpleNamespace(status=4, message="numerical difficulties")
    monkeypatch.setattr(placement_search, "milp", lambda *_args, **_options: broken)
    pool, pairs = knot(5, 4)
    with pytest.raises(SolverError, match="places meetings failed: numerical difficulties"):
        schedule(pool, WEEKLY, pairs)


windows = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([540, 555, 600, 630]), st.sampled_from([60, 90, 120])).map(
        lambda w: Window(w[0], w[1], w[1] + w[2])
    ),
    min_size=1,
    max_size=3,
).map(tuple)
zones = st.sampled_from(["Europe/London", "America/New_York", "UTC"])


@given(st.lists(windows, min_size=2, max_size=2), st.lists(windows, min_size=2, max_size=3), zones)
@profile(max_examples=12, deadline=None)
def test_quick_search_and_programme_agree(mentors, mentees, zone):
    pool = Pool.build(
        [mentor(f"m{n}", windows=w, zone=zone if n else "Europe/London") for n, w in enumerate(mentors)],
        [mentee(f"n{n}", windows=w) for n, w in enumerate(mentees)],
    )
    pairs = [(j, i) for j in range(len(mentors)) for i in range(len(mentees))]
    plan = lay_out(pool, WEEKLY, pairs, [], {}).plan
    possible = [number for number, meeting in enumerate(plan.meetings) if meeting.starts]
    for members in [*combinations(possible, 2), *combinations(possible, 3), tuple(possible)]:
        quick = can_all_meet(plan, members, inf)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(placement_search, "NODES", 0)
            assert can_all_meet(plan, members, inf) == quick
