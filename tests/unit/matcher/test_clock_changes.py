"""Hours that a change of clocks skips: nobody can meet in them every week."""

from datetime import date

import numpy as np
import pytest

from matcher.availability import Slot, Window
from matcher.clock_changes import skipped_cells
from matcher.codes import Code
from matcher.pool import Pool
from matcher.scoring import score
from matcher.slots import first_slot
from matcher.timetable import schedule
from tests.unit.matcher.people import mentee, mentor, settings

YEAR = date(2027, 1, 1), date(2027, 12, 31)
NIGHT, LATER = (Window(6, 120, 180),), (Window(6, 120, 240),)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("America/New_York", {(6, 120), (6, 135), (6, 150), (6, 165)}),
        ("Europe/London", {(6, 60), (6, 75), (6, 90), (6, 105)}),
        ("Australia/Lord_Howe", {(6, 120), (6, 135)}),
        ("Asia/Kolkata", set()),
    ],
)
def test_cells_that_the_clocks_skip(zone, hours):
    found = np.flatnonzero(skipped_cells(zone, *YEAR)) * 15
    assert {(int(minute) // 1440, int(minute) % 1440) for minute in found} == hours


def test_nothing_is_skipped_outside_the_programme():
    assert not skipped_cells("America/New_York", date(2027, 4, 1), date(2027, 12, 31)).any()


def test_a_pair_that_shares_a_skipped_hour_alone_cannot_meet():
    own = {"zone": "America/New_York", "windows": NIGHT}
    pool = Pool.build([mentor("m", **own)], [mentee("n", **own)])
    assert score(pool, settings()).codes[0, 0] == Code.NO_SHARED_HOURS
    assert schedule(pool, settings(), [(0, 0)]).unplaced[0].code == "no_shared_time"
    assert first_slot(pool.mentors[0], pool.mentees[0], settings()) is None


def test_the_hour_after_it_is_found():
    own = {"zone": "America/New_York", "windows": LATER}
    pool = Pool.build([mentor("m", **own)], [mentee("n", **own)])
    assert schedule(pool, settings(), [(0, 0)]).slots == (Slot(6, 180),)
    assert first_slot(pool.mentors[0], pool.mentees[0], settings()) == Slot(6, 180)
