"""Times that hold on every real date: scarce pools, and the weeks in which clocks change."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from matcher.availability import Slot, Window
from matcher.diary import Booking
from matcher.overlap import find_overlap
from matcher.pool import Pool
from matcher.timetable import schedule
from tests.unit.matcher.people import mentee, mentor, settings
from tests.unit.matcher.real_dates import Options, begins, clashes, is_free

ZONES = ["America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata", "Asia/Kathmandu"]
SPRING, AUTUMN = "spring", "autumn"
CHANGES = {
    "America/New_York": {SPRING: date(2026, 3, 8), AUTUMN: date(2026, 11, 1)},
    "Europe/London": {SPRING: date(2026, 3, 29), AUTUMN: date(2026, 10, 25)},
    "Australia/Sydney": {SPRING: date(2026, 10, 4), AUTUMN: date(2026, 4, 5)},
}


def drawn_hours(draw, count, length):
    days = [(day, hour) for day in range(7) for hour in range(7, 23 - length)]
    return tuple(Window(day, hour * 60, (hour + length) * 60) for day, hour in draw.sample(days, count))


def scarce_pool(seed):
    """Mentors of two hours a week and three mentees each; one of them is a mentee too."""
    draw = random.Random(seed)
    zones = draw.sample(ZONES, 2)
    mentors = [mentor(f"m{n}", zone=draw.choice(zones), windows=drawn_hours(draw, 1, 2)) for n in range(8)]
    mentees = [mentee(f"n{n}", zone=draw.choice(zones), windows=drawn_hours(draw, 7, 5)) for n in range(15)]
    mentees.append(mentee("both", person="m0", zone=mentors[0].zone, windows=drawn_hours(draw, 7, 5)))
    pool = Pool.build(mentors, mentees)
    possible = np.argwhere(find_overlap(pool, settings()).meets).tolist()
    draw.shuffle(possible)
    pairs = []
    for j, i in possible:
        mine, theirs = (sum(pair[side] == who for pair in pairs) for side, who in ((0, j), (1, i)))
        if mine < 3 and theirs < 2 and mentors[j].person != mentees[i].person:
            pairs.append((j, i))
    return pool, pairs


def quarters(person):
    return {Slot(w.weekday, start) for w in person.windows for start in range(w.start, w.end - 59, 15)}


def placed_meetings(pool, chosen, pairs, found):
    return [
        ({pool.mentors[j].person, pool.mentees[i].person}, pool.mentors[j].zone, slot, 60, chosen.cadence)
        for (j, i), slot in zip(pairs, found.slots, strict=True)
        if slot is not None
    ]


@pytest.mark.parametrize("seed", range(20))
def test_scarce_pool_has_no_clash_on_any_date_and_what_is_left_out_cannot_be_placed(seed):
    pool, pairs = scarce_pool(seed)
    chosen = settings(cadence="weekly")
    found = schedule(pool, chosen, pairs)
    assert clashes(chosen, placed_meetings(pool, chosen, pairs, found)) == set()
    options = Options(pool, chosen, pairs, quarters)
    for number, slot in enumerate(found.slots):
        if slot is not None:
            start = begins(pool.mentors[pairs[number][0]].zone, slot, chosen, "weekly")
            assert start in options.starts[number]
    placed = {pairs[number] for number, slot in enumerate(found.slots) if slot is not None}
    assert found.unplaced
    assert found.proved
    for entry in found.unplaced:
        together = [pairs.index(pair) for pair in (entry.pair, *entry.beside)]
        assert placed.issuperset(entry.beside)
        assert not options.can_all_meet(together)
        for one in together:
            assert options.can_all_meet([other for other in together if other != one])
    assert len(placed) == options.most()


def check_change(zone, season):
    """Lee has a mentor at noon of a zone, and one in Kolkata at the hour that this is after the change of clocks."""
    monday = CHANGES[zone][season] + timedelta(days=1)
    three = timedelta(weeks=3)
    before = settings(cadence="weekly", starts_on=monday - three, ends_on=monday - timedelta(days=2))
    around = settings(cadence="weekly", starts_on=monday - three, ends_on=monday + three)
    noon = datetime.combine(monday + timedelta(days=2), time(12), ZoneInfo(zone))
    after = noon.astimezone(ZoneInfo("Asia/Kolkata"))
    far, near = Slot(2, 720), Slot(2, after.hour * 60 + after.minute)
    assert after.weekday() == near.weekday

    both = [({"lee"}, zone, far, 60, "weekly"), ({"lee"}, "Asia/Kolkata", near, 60, "weekly")]
    assert clashes(before, both) == set()
    assert clashes(around, both) == {"lee"}

    always = tuple(Window(day, 0, 1440) for day in range(7))
    lee = mentee(zone="Asia/Kolkata", windows=always)
    one = mentor("far", zone=zone, hours="Wed 12:00-13:00")
    other = mentor("near", zone="Asia/Kolkata", windows=(Window(2, near.start, near.start + 60),))
    wider = replace(other, windows=(*other.windows, Window(4, 600, 660)))
    for chosen, second, slots in (
        (before, other, {far, near}),
        (around, other, {far, None}),
        (around, wider, {far, Slot(4, 600)}),
    ):
        pool, pairs = Pool.build([one, second], [lee]), [(0, 0), (1, 0)]
        found = schedule(pool, chosen, pairs)
        assert set(found.slots) == slots or (None in slots and set(found.slots) == {near, None})
        assert clashes(chosen, placed_meetings(pool, chosen, pairs, found)) == set()


@pytest.mark.parametrize("season", [SPRING, AUTUMN])
def test_new_york_around_its_change_of_clocks(season):
    check_change("America/New_York", season)


@pytest.mark.parametrize("season", [SPRING, AUTUMN])
def test_london_around_its_change_of_clocks(season):
    check_change("Europe/London", season)


@pytest.mark.parametrize("season", [SPRING, AUTUMN])
def test_sydney_around_its_change_of_clocks(season):
    check_change("Australia/Sydney", season)


@pytest.mark.parametrize("season", [SPRING, AUTUMN])
def test_kolkata_without_changes_around_the_changes_of_london(season):
    # Nobody's clock but lee's changes: both mentors keep Kolkata's, so that their meetings never come together.
    day = CHANGES["Europe/London"][season]
    chosen = settings(cadence="weekly", starts_on=day - timedelta(weeks=2), ends_on=day + timedelta(weeks=2))
    mentors = [mentor(f"m{n}", zone="Asia/Kolkata", hours=f"Wed {17 + n}:30-{18 + n}:30") for n in range(2)]
    pool = Pool.build(mentors, [mentee(hours="Wed 11:00-15:00")])
    pairs = [(0, 0), (1, 0)]
    found = schedule(pool, chosen, pairs)
    assert [str(slot) for slot in found.slots] == ["Wed 17:30", "Wed 18:30"]
    assert clashes(chosen, placed_meetings(pool, chosen, pairs, found)) == set()
    lee = pool.mentees[0]
    assert all(is_free(lee, begins("Asia/Kolkata", slot, chosen, "weekly"), 60) for slot in found.slots)


def test_nepal_meets_at_the_quarter_and_takes_its_hour_of_a_clock_at_the_full():
    mentors = [mentor("far", zone="Asia/Kathmandu", hours="Thu 17:45-18:45"), mentor("near", hours="Thu 11:00-14:00")]
    pool = Pool.build(mentors, [mentee(hours="Thu 09:00-16:00")])
    chosen = settings(cadence="weekly", starts_on=date(2026, 1, 5), ends_on=date(2026, 2, 27))
    found = schedule(pool, chosen, [(0, 0), (1, 0)])
    # 17:45 in Kathmandu is 12:00 in London.
    assert [str(slot) for slot in found.slots] == ["Thu 17:45", "Thu 11:00"]
    full = schedule(pool, chosen, [(0, 0), (1, 0)], booked=[Booking("lee", "Europe/London", Slot(3, 660), 60)])
    assert [str(slot) for slot in full.slots] == ["Thu 17:45", "Thu 13:00"]


def test_meetings_over_midnight_in_utc_and_over_the_end_of_the_week_do_not_clash():
    # Sunday evening in Los Angeles is Monday in Tokyo: the last cells of one template, the first of the other.
    mentors = [
        mentor("west", zone="America/Los_Angeles", hours="Sun 19:30-20:30"),
        mentor("east", zone="Asia/Tokyo", hours="Mon 12:00-14:00"),
        mentor("middle", zone="UTC", hours="Mon 02:30-03:30; Sun 23:30-24:00; Mon 00:00-01:00"),
    ]
    lee = mentee(zone="Asia/Tokyo", hours="Mon 00:00-24:00; Tue 00:00-04:00")
    chosen = settings(cadence="fortnightly")
    pool, pairs = Pool.build(mentors, [lee]), [(0, 0), (1, 0), (2, 0)]
    found = schedule(pool, chosen, pairs)
    assert None not in found.slots
    assert clashes(chosen, placed_meetings(pool, chosen, pairs, found)) == set()
    for (j, _), slot in zip(pairs, found.slots, strict=True):
        starts = begins(mentors[j].zone, slot, chosen, "fortnightly")
        assert is_free(mentors[j], starts, 60)
        assert is_free(lee, starts, 60)
