"""Hours as people write them in a spreadsheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import examples
from webapp.services.import_hours import UnreadableHoursError, read_hours
from webapp.services.week import STEP, Window, clock, merge

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def told(text: str) -> str:
    return "; ".join(f"{DAYS[w.weekday]} {clock(w.start)}-{clock(w.end)}" for w in read_hours(text))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ""),
        ("Mon 17:00-20:00; Wed 07:00-08:00", "Mon 17:00-20:00; Wed 07:00-08:00"),
        ("Mon 17:00-20:00 | Wed 07:00-08:00\nFri 8-9;", "Mon 17:00-20:00; Wed 07:00-08:00; Fri 08:00-09:00"),
        ("Mondays and Wednesdays 17.30 to 19", "Mon 17:30-19:00; Wed 17:30-19:00"),
        ("weekends 10–12", "Sat 10:00-12:00; Sun 10:00-12:00"),
        ("Mon & Tue 17h30-19h", "Mon 17:30-19:00; Tue 17:30-19:00"),
        ("Mon 5-7 pm", "Mon 17:00-19:00"),
        ("Tue 10-1pm", "Tue 10:00-13:00"),
        ("Fri 9 a.m. - 11 a.m.", "Fri 09:00-11:00"),
        ("Mon 12am-1am; Mon 12pm-1pm", "Mon 00:00-01:00; Mon 12:00-13:00"),
        ("Mon 7-8, 17-19", "Mon 07:00-08:00; Mon 17:00-19:00"),
        ("Mon 7-8, Tue 9-10", "Mon 07:00-08:00; Tue 09:00-10:00"),
        ("Fri 22:00-01:00", "Fri 22:00-24:00; Sat 00:00-01:00"),
        ("Sun 23:00-02:00", "Mon 00:00-02:00; Sun 23:00-24:00"),
        ("Sun 22:00-00:00", "Sun 22:00-24:00"),
        ("Mon 8-9; Mon 8:30-10", "Mon 08:00-10:00"),
    ],
)
def test_hours_are_read_in_many_ways_of_writing(text, meant):
    assert told(text) == meant


@pytest.mark.parametrize(
    ("text", "part", "kind"),
    [
        ("evenings", "evenings", "hours"),
        ("Mon 8-9; 17-19", "17-19", "hours"),
        ("Mon 8-9; Moonday 17-19", "Moonday 17-19", "hours"),
        ("Mon 17", "Mon 17", "hours"),
        ("Mon 25-26", "Mon 25-26", "hours"),
        ("Mon 13pm-14pm", "Mon 13pm-14pm", "hours"),
        ("Mon 9-9", "Mon 9-9", "hours"),
        ("Mon 17:10-18:00", "Mon 17:10-18:00", "hours_step"),
    ],
)
def test_what_cannot_be_read_is_named(text, part, kind):
    with pytest.raises(UnreadableHoursError) as caught:
        read_hours(text)
    assert (caught.value.part, caught.value.kind) == (part, kind)


quarters = st.integers(0, 95).map(lambda number: number * STEP)
windows = st.builds(Window, st.integers(0, 6), quarters, st.integers(1, 96).map(lambda number: number * STEP)).filter(
    lambda window: window.start < window.end
)


@given(st.lists(windows))
@examples(200)
def test_any_week_comes_back_as_it_was_written(week):
    text = "; ".join(f"{DAYS[w.weekday]} {clock(w.start)}-{clock(w.end)}" for w in week)
    assert read_hours(text) == merge(week)


@given(st.text(alphabet=st.sampled_from(list("MonTueday 0123456789:-–,;.hapm&/to\n")), max_size=40))
@examples(400)
def test_no_text_breaks_the_reader(text):
    try:
        found = read_hours(text)
    except UnreadableHoursError:
        return
    assert all(0 <= w.start < w.end <= 24 * 60 for w in found)
