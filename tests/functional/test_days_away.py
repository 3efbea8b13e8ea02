"""Days on which somebody is away, typed or taken from a calendar file, and meetings that skip them."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, sign_in
from tests.functional.own_hours import PATH, away_of, hours_of, page_of, send
from webapp.models import AuditEvent, AvailabilityException
from webapp.services.slots import Away, first_meeting

AWAY = {"kind": "on_call", "starts_on": "2099-01-01", "ends_on": ""}


def day(number: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=number)


def test_days_away_are_kept_once_listed_and_removed(client, session, lee):
    path = f"{PATH}/exceptions"
    data = {"kind": "holiday", "starts_on": day(20).isoformat(), "ends_on": day(30).isoformat()}
    for _twice in range(2):
        assert send(client, path, data).location == path
    assert away_of(session, lee) == [("holiday", day(20), day(30), 0, 1440)]
    page = page_of(client.get(path))
    assert "Holiday or leave" in page
    remove = re.search(r"/me/hours/exceptions/[0-9a-f-]{36}/remove", page)[0]
    assert send(client, remove, {}).location == path
    assert away_of(session, lee) == []
    assert send(client, remove, {}).status_code == 404
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.by_person_id == lee.id)).all()
    assert sorted(actions) == ["away.added", "away.removed"]


@pytest.mark.parametrize(
    ("change", "link"),
    [
        ({"starts_on": ""}, "#starts_on"),
        ({"starts_on": "someday"}, "#starts_on"),
        ({"starts_on": "2099-01-01"}, "#ends_on"),
        ({"starts_on": "1999-01-01"}, "#ends_on"),
        ({"ends_on": "1999-01-01"}, "#ends_on"),
        ({"kind": "bored"}, "#kind"),
    ],
)
def test_wrong_days_away_are_named_and_kept(client, session, lee, change, link):
    data = {"kind": "on_call", "starts_on": day(5).isoformat(), "ends_on": "", **change}
    page = page_of(send(client, f"{PATH}/exceptions", data))
    assert f'href="{link}"' in page
    assert away_of(session, lee) == []


def test_days_away_are_nobody_elses(client, session, cast, lee):
    send(client, f"{PATH}/exceptions", {"kind": "busy", "starts_on": day(5).isoformat(), "ends_on": ""})
    kept = session.scalars(select(AvailabilityException)).one()
    sign_in(client, session, cast.mo)
    assert send(client, f"{PATH}/exceptions/{kept.id}/remove", {}).status_code == 404
    assert "Remove" not in page_of(client.get(f"{PATH}/exceptions"))


def test_meetings_skip_days_away_by_the_clock_of_whoever_is_away():
    slot = {"kept_in": "America/Chicago", "reader": "UTC", "other": "UTC", "not_before": date(2027, 3, 1)}
    tokyo = Away("Asia/Tokyo", date(2027, 3, 3), date(2027, 3, 3), 0, 1440)
    assert first_meeting(1, 17 * 60, 60, **slot).starts_at.date() == date(2027, 3, 2)
    assert first_meeting(1, 17 * 60, 60, **slot, away=[tokyo]).starts_at.date() == date(2027, 3, 9)
    assert first_meeting(1, 17 * 60, 60, **slot, away=[tokyo], every=4, week=None).starts_at.date() == date(2027, 3, 30)
    hour = Away("America/Chicago", date(2027, 3, 2), date(2027, 3, 2), 18 * 60, 19 * 60)
    assert first_meeting(1, 17 * 60, 60, **slot, away=[hour]).starts_at.date() == date(2027, 3, 2), "it only touches"
    assert first_meeting(1, 17 * 60, 75, **slot, away=[hour]).starts_at.date() == date(2027, 3, 9)
    always = Away("UTC", date(2027, 1, 1), date(2029, 1, 1), 0, 1440)
    assert first_meeting(1, 17 * 60, 60, **slot, away=[always]).starts_at.date() == date(2027, 3, 2)


def test_meeting_over_midnight_is_skipped_for_the_day_it_reaches_into():
    slot = {"kept_in": "UTC", "reader": "UTC", "other": "UTC", "not_before": date(2027, 3, 1)}
    tuesday = Away("UTC", date(2027, 3, 2), date(2027, 3, 2), 0, 30)
    assert first_meeting(0, 23 * 60 + 30, 60, **slot, away=[tuesday]).starts_at.date() == date(2027, 3, 8)


def upload(client, data: bytes, name="me.ics"):
    return client.post(f"{PATH}/calendar", data={"csrf_token": csrf_of(client, PATH), "file": (BytesIO(data), name)})


def a_calendar(weekday: int) -> tuple[bytes, date]:
    """Return a clinic on a weekday at 17:00 every week, and one congress day with a title that nobody may keep."""
    first = day(1) + timedelta(days=(weekday - day(1).weekday()) % 7)
    other = first + timedelta(days=9)
    lines = [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "UID:1",
        "SUMMARY:Secret clinic",
        f"DTSTART;TZID=America/Chicago:{first:%Y%m%d}T170000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:2",
        f"DTSTART;VALUE=DATE:{other:%Y%m%d}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines).encode(), other


def test_busy_times_of_a_calendar_are_looked_at_and_taken_over(client, session, cast, lee):
    cast.programme.starts_on = day(0)
    session.commit()
    data, other = a_calendar(0)
    page = page_of(upload(client, data))
    assert "Monday 17:00 – 18:00" in page
    assert re.search(r"taken in [78] of 8 weeks", page)
    assert "1 entry lasts all day" in page
    assert "Secret" not in page
    dates = re.findall(r'name="date" id="date-\d+" value="([^"]+)"', page)
    assert f"{other}/{other}/0/1440" in dates
    answer = send(client, f"{PATH}/calendar/apply", {"drop": "0.1020.1080", "date": dates})
    assert answer.location == PATH
    assert (0, 1080, 1200) in hours_of(session, lee)
    assert (1, 1020, 1200) in hours_of(session, lee), "other days stay"
    assert ("busy", other, other, 0, 1440) in away_of(session, lee)
    again = send(client, f"{PATH}/calendar/apply", {"drop": "0.1020.1080", "date": dates})
    assert again.location == PATH, "a second click changes nothing more"
    assert len(away_of(session, lee)) == len(dates)


def test_a_calendar_that_would_leave_no_hours_changes_none(client, session, lee):
    whole = " ".join(f"{day}.0.1440" for day in range(7))
    page = page_of(send(client, f"{PATH}/calendar/apply", {"drop": whole}, follow_redirects=True))
    assert "That would leave no hours at all" in page
    assert len(hours_of(session, lee)) == 5


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        (b"PK\x03\x04rest", "Unpack it first"),
        (b"hello", "This is no calendar file."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(client, lee, data, words):
    page = page_of(upload(client, data))
    assert words in page
    assert 'href="#file"' in page


def test_no_file_at_all_is_said(client, lee):
    page = page_of(client.post(f"{PATH}/calendar", data={"csrf_token": csrf_of(client, PATH)}))
    assert "Choose a file first." in page


def test_a_file_beyond_what_the_site_takes_is_refused_with_what_to_do(app, client, lee, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100)
    answer = client.post(f"{PATH}/calendar", data={"file": (BytesIO(b"x" * 1000), "big.ics")})
    assert answer.status_code == 413
    assert "a calendar 1 MB" in answer.get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "x", "2027-01-01", "2027-01-01/2027-01-02/9/8", "2027-13-01/2027-01-02/0/9"])
def test_dates_that_this_site_did_not_write_are_left_out(client, session, lee, text):
    assert send(client, f"{PATH}/calendar/apply", {"date": text}).location == PATH
    assert away_of(session, lee) == []
