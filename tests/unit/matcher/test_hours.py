"""Hours as people write them."""

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from matcher.availability import Window
from matcher.hours import HoursError, format_hours, parse_hours


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Mon 17:00-19:00; Tue 06:30-08:00", "Mon 17:00-19:00; Tue 06:30-08:00"),
        ("tuesday 9-10", "Tue 09:00-10:00"),
        ("Mon, Wed. 18:00 to 19:30;", "Mon 18:00-19:30; Wed 18:00-19:30"),
        ("Fri-Mon 7:15–8", "Mon 07:15-08:00; Fri 07:15-08:00; Sat 07:15-08:00; Sun 07:15-08:00"),
        ("Sun 22:00-24:00", "Sun 22:00-24:00"),
        ("Mon 8-9; Mon 8-9", "Mon 08:00-09:00"),
    ],
)
def test_hours_are_read(text, expected):
    assert format_hours(parse_hours(text)) == expected


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Mon 22:00-01:00", "write Mon 22:00-24:00; Tue 00:00-01:00"),
        ("Sun 22:00-00:00", "write Sun 22:00-24:00"),
        ("Mon,Sun 23:00-02:00", "Mon 23:00-24:00; Tue 00:00-02:00; Sun 23:00-24:00; Mon 00:00-02:00"),
        ("Mon 24:00-01:00", "write Mon 00:00-24:00"),
        ("evenings", "write for example Mon 17:00-19:00"),
        ("Mon 17:00-17:00", "begins and ends at the same time"),
        ("Mon 25:00-26:00", "'25:00' is not a time of day: write 00:00 to 24:00"),
        ("Mon 10:75-11:00", "'10:75' is not a time of day"),
        ("Mon-Wed-Fri 10-11", "write for example Mon-Fri"),
        ("M 10-11", "'M' is not a weekday: write one of Mon, Tue"),
        ("Moonday 10-11", "'Moonday' is not a weekday"),
    ],
)
def test_hours_that_cannot_be_read_say_what_to_write(text, advice):
    with pytest.raises(HoursError) as caught:
        parse_hours(text)
    assert advice in str(caught.value)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)).filter(lambda w: w[1] < w[2])))
@profile(deadline=None)
def test_hours_come_back_as_they_were_written(found):
    windows = tuple(sorted(Window(*window) for window in found))
    assert parse_hours(format_hours(windows)) == windows
