"""Cells of the grid, typed ranges, and the windows both become."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.week import (
    Window,
    cells_of,
    merge,
    minutes_in,
    not_on_the_grid,
    parse_ranges,
    parse_time,
    windows_of,
)

windows = st.builds(
    lambda day, start, length: Window(day, start * 15, min(1440, (start + length) * 15)),
    st.integers(0, 6),
    st.integers(0, 95),
    st.integers(1, 40),
)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("17:00", 1020),
        ("17.30", 1050),
        ("1730", 1050),
        ("7", 420),
        (" 07:15 ", 435),
        ("24:00", 1440),
        ("00:00", 0),
        ("24:15", None),
        ("25", None),
        ("17:75", None),
        ("noon", None),
        ("", None),
        ("-1", None),
    ],
)
def test_times_are_read_as_people_write_them(text, minute):
    assert parse_time(text) == minute


def test_touching_and_overlapping_hours_become_one():
    assert merge([Window(0, 600, 660), Window(0, 540, 600), Window(0, 630, 700), Window(1, 0, 30)]) == (
        Window(0, 540, 700),
        Window(1, 0, 30),
    )


def test_cells_become_windows_and_unknown_names_are_left_out():
    assert windows_of(["mo-17:00", "mo-17:30", "su-23:30", "mo-17:10", "xx-17:00"]) == (
        Window(0, 1020, 1080),
        Window(6, 1410, 1440),
    )


def test_only_whole_half_hours_are_cells():
    assert cells_of([Window(2, 1035, 1110)]) == {"we-17:30", "we-18:00"}
    assert not_on_the_grid([Window(2, 1035, 1110), Window(3, 0, 30)]) == (Window(2, 1035, 1110),)


@given(st.lists(windows, max_size=12))
def test_merging_keeps_every_minute_and_nothing_touches(some):
    merged = merge(some)
    minutes = {(w.weekday, minute) for w in some for minute in range(w.start, w.end)}
    assert minutes == {(w.weekday, minute) for w in merged for minute in range(w.start, w.end)}
    assert minutes_in(some) == len(minutes)
    for first, second in itertools.pairwise(merged):
        assert (first.weekday, first.end) < (second.weekday, second.start)


@given(st.sets(st.sampled_from(sorted(cells_of(Window(day, 0, 1440) for day in range(7))))))
def test_grid_and_windows_say_the_same(cells):
    assert cells_of(windows_of(cells)) == cells


def test_ranges_of_a_week_are_read_and_merged():
    week = parse_ranges(
        {"mo0a": "17:00", "mo0b": "19:00", "mo1a": "18:30", "mo1b": "20", "su0a": "22:00", "su0b": "0:00"}
    )
    assert week.windows == (Window(0, 1020, 1200), Window(6, 1320, 1440))
    assert week.faults == ()


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [
        ("22:00", "01:00", "midnight"),
        ("17:00", "", "half"),
        ("", "17:00", "half"),
        ("soon", "17:00", "unreadable"),
        ("17:00", "17:00", "empty"),
        ("17:05", "18:00", "step"),
    ],
)
def test_ranges_that_cannot_be_kept_are_named(first, last, kind):
    week = parse_ranges({"tu0a": "06:00", "tu0b": "07:00", "tu1a": first, "tu1b": last})
    assert week.windows == (Window(1, 360, 420),)
    assert [(fault.kind, fault.weekday, fault.row) for fault in week.faults] == [(kind, 1, 1)]


def test_empty_ranges_mean_not_free():
    assert parse_ranges({"fr0a": "", "fr0b": " "}).windows == ()
