"""Calendar files, kind and hostile."""

from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.services.calendar_files import MOST_BYTES, MOST_EVENTS, read_calendar
from webapp.services.errors import InvalidInputError

FIRST, LAST = date(2026, 12, 1), date(2027, 1, 25)  # a Tuesday; eight weeks


def calendar(*events: str) -> bytes:
    blocks = [f"BEGIN:VEVENT\nUID:{n}\n{event}\nEND:VEVENT" for n, event in enumerate(events)]
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *blocks, "END:VCALENDAR", ""]).encode()


def read(*events: str, zone: str = "Europe/London"):
    return read_calendar(calendar(*events), zone=zone, first=FIRST, last=LAST)


def starts(found) -> list[str]:
    return [f"{busy.starts_at:%m-%d %H:%M}" for busy in found.busy]


HOUR = "DTSTART;TZID=Europe/Paris:20261201T170000\nDTEND;TZID=Europe/Paris:20261201T180000"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["12-01 16:00", "12-08 16:00", "12-15 16:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261229T160000Z", ["12-01 16:00", "12-15 16:00", "12-29 16:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261229T155959Z", ["12-01 16:00", "12-15 16:00"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", ["12-01 16:00", "12-03 16:00", "12-08 16:00", "12-10 16:00"]),
        ("FREQ=MONTHLY;BYDAY=1TU", ["12-01 16:00", "01-05 16:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["12-31 16:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["12-31 16:00"]),
        ("FREQ=YEARLY", ["12-01 16:00"]),
        ("FREQ=DAILY;INTERVAL=20", ["12-01 16:00", "12-21 16:00", "01-10 16:00"]),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", []),
    ],
)
def test_a_rule_comes_again_when_it_says(rule, expected):
    assert starts(read(f"{HOUR}\nRRULE:{rule}")) == expected


def test_a_rule_from_years_ago_is_met_in_step():
    old = "DTSTART:20200107T090000Z\nDTEND:20200107T100000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2"
    weeks = (datetime(2026, 12, 8, 9, tzinfo=UTC) - datetime(2020, 1, 7, 9, tzinfo=UTC)).days // 7
    first = "12-08 09:00" if weeks % 2 == 0 else "12-01 09:00"
    assert starts(read(old))[0] == first


def test_a_series_keeps_its_own_clock_over_the_change_of_clocks():
    spring = "DTSTART;TZID=America/New_York:20270302T170000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3"
    found = read_calendar(calendar(spring), zone="UTC", first=date(2027, 3, 1), last=date(2027, 4, 1))
    assert starts(found) == ["03-02 22:00", "03-09 22:00", "03-16 21:00"]


def test_what_was_moved_or_taken_out_of_a_series_is_not_busy():
    series = f"{HOUR}\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Paris:20261208T170000"
    moved = HOUR.replace("20261201", "20261216") + "\nRECURRENCE-ID;TZID=Europe/Paris:20261215T170000"
    data = calendar(series, moved).replace(b"UID:1", b"UID:0")
    assert starts(read_calendar(data, zone="UTC", first=FIRST, last=LAST)) == ["12-01 16:00", "12-16 16:00"]


def test_free_and_cancelled_entries_take_no_time():
    assert read(f"{HOUR}\nTRANSP:TRANSPARENT", f"{HOUR}\nSTATUS:CANCELLED").busy == []


def test_times_without_a_zone_and_whole_days_are_read_by_ones_own_clock_and_said():
    found = read(
        "DTSTART:20261203T090000\nDTEND:20261203T100000",
        "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226",
        "DTSTART;TZID=Atlantis/City:20261204T090000\nDTEND;TZID=Atlantis/City:20261204T100000",
        zone="America/Chicago",
    )
    assert starts(found) == ["12-03 15:00", "12-04 15:00", "12-24 06:00"]
    assert found.busy[-1].ends_at - found.busy[-1].starts_at == timedelta(days=2)
    assert (found.n_floating, found.n_all_day, found.unknown_zones) == (1, 1, {"Atlantis/City"})


def test_names_of_zones_that_office_programs_write_are_known():
    found = read("DTSTART;TZID=W. Europe Standard Time:20261203T090000\nDURATION:PT30M")
    assert starts(found) == ["12-03 08:00"]
    assert not found.unknown_zones


@pytest.mark.parametrize(
    "event",
    [
        f"{HOUR}\nRRULE:FREQ=SECONDLY;COUNT=1000000000",
        f"{HOUR}\nRRULE:FREQ=HOURLY",
        f"{HOUR}\nRRULE:FREQ=BANANA",
        f"{HOUR}\nRRULE:FREQ=DAILY;INTERVAL=0",
        f"{HOUR}\nRRULE:FREQ=YEARLY;BYWEEKNO=20",
        f"{HOUR}\nRRULE:FREQ=DAILY\nRRULE:FREQ=DAILY",
        "DTSTART:banana\nDTEND:banana",
        "DTSTART:20261301T000000Z\nDURATION:PT1H",
        "DTSTART:20261201T000000Z\nDURATION:P9999999999999W",
        "DURATION:PT1H",
        f"{HOUR}\nEXDATE:" + ",".join(["20261201T170000"] * 900),
        "DTSTART:19000101T000000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=1000000000",
    ],
)
def test_what_cannot_be_read_is_left_out_and_counted(event):
    found = read(event, HOUR)
    assert starts(found) == ["12-01 16:00"], "the rest of the file counts"
    assert found.n_left_out == 1


def test_the_year_9999_and_other_far_days_do_no_harm():
    found = read("DTSTART:99991231T235900Z\nDURATION:PT1H", "DTSTART:00010101T000000Z\nDURATION:P1D\nRRULE:FREQ=DAILY")
    assert len(found.busy) <= 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"BEGIN:VCALENDAR\n" + b"X" * MOST_BYTES, "large"),
        (b"PK\x03\x04" + b"\0" * 100, "zip"),
        (b"\x1f\x8b\x08" + b"\0" * 100, "zip"),
        (b"%PDF-1.7 not a calendar", "kind"),
        (b"\xff\xfe\x00\x01" * 50, "kind"),
        (calendar(*["DTSTART:20261201T000000Z"] * (MOST_EVENTS + 1)), "events"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(data, why):
    with pytest.raises(InvalidInputError) as error:
        read_calendar(data, zone="UTC", first=FIRST, last=LAST)
    assert error.value.faults == {"file": why}


@pytest.mark.parametrize(
    ("data", "left_out"),
    [
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VTODO\n" * 80_000, 0),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"BEGIN:VALARM\n" * 70_000, 0),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=" + b"A" * 900_000 + b":20261201T000000\nEND:VEVENT\n", 1),
        (b"BEGIN:VCALENDAR" + b"\n " * 300_000, 0),
        (calendar(*["DTSTART:19000101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1000000"] * 2000), 1992),
        (
            (
                b"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
                b"TZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n"
            ),
            0,
        ),
    ],
    ids=["nested", "deep", "zone", "folds", "century", "timezone"],
)
def test_hostile_files_come_to_an_end(data, left_out):
    assert read_calendar(data, zone="Europe/London", first=FIRST, last=LAST).n_left_out == left_out


def test_entries_that_come_again_without_end_in_sight_are_refused():
    with pytest.raises(InvalidInputError) as error:
        read(*[f"{HOUR}\nRRULE:FREQ=DAILY;COUNT=1000000000"] * 2000)
    assert error.value.faults == {"file": "times"}
