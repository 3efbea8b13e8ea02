"""The next meeting of a pair that meets every so many weeks."""

from datetime import date

import pytest

from webapp.services.slots import next_day

FIRST = date(2026, 7, 5)


@pytest.mark.parametrize(
    ("today", "weeks", "expected"),
    [
        (date(2026, 6, 30), 4, FIRST),
        (FIRST, 4, FIRST),
        (date(2026, 7, 6), 4, date(2026, 8, 2)),
        (date(2026, 7, 6), 1, date(2026, 7, 12)),
        (date(2026, 11, 22), 4, date(2026, 11, 22)),
        (date(2026, 11, 23), 8, date(2026, 12, 20)),
    ],
)
def test_next_day_keeps_to_the_rhythm_of_the_first(today, weeks, expected):
    assert next_day(FIRST, today, weeks=weeks) == expected
