"""My hours: a day copied, changes undone, partners counted, days away, busy times from a calendar."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, text

from tests.factories.cast import csrf_of, make_mentor, make_person, sign_in
from webapp.models import AuditEvent, AvailabilityException, AvailabilityWindow, Person
from webapp.services.slots import Away, first_meeting

PATH = "/me/hours"
ZONE = {"zone": "America/Chicago"}


@pytest.fixture
def lee(client, session, cast) -> Person:
    sign_in(client, session, cast.lee)
    return cast.lee


def send(client, path, data, **values):
    return client.post(path, data={"csrf_token": csrf_of(client, PATH), **data}, **values)


def page_of(answer) -> str:
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="h" value="([a-z]{2}-\d\d:\d\d)" checked', page))


def hours_of(session, person) -> set[tuple[int, int, int]]:
    rows = session.scalars(select(AvailabilityWindow).where(AvailabilityWindow.person_id == person.id))
    return {(row.weekday, row.start_minute, row.end_minute) for row in rows}


def away_of(session, person) -> list[tuple[str, date, date, int, int]]:
    rows = session.scalars(select(AvailabilityException).where(AvailabilityException.person_id == person.id))
    return sorted((r.kind, r.starts_on, r.ends_on, r.start_minute, r.end_minute) for r in rows)


def test_a_day_is_copied_to_others_and_the_change_undone(client, session, lee):
    before = hours_of(session, lee)
    copied = page_of(
        send(client, PATH, {"h": ["mo-17:00"], "copy_from": "mo", "copy_to": ["tu", "su"], "copy": "1", **ZONE})
    )
    assert ticked(copied) == {"mo-17:00", "tu-17:00", "su-17:00"}
    was = re.findall(r'name="was" value="([^"]*)"', copied)
    assert was == ["0.1020.1050"]
    cleared = page_of(send(client, PATH, {"h": sorted(ticked(copied)), "was": was, "clear": "1", **ZONE}))
    assert ticked(cleared) == set()
    was = re.findall(r'name="was" value="([^"]*)"', cleared)
    undone = page_of(send(client, PATH, {"was": was, "undo": "1", **ZONE}))
    assert ticked(undone) == {"mo-17:00", "tu-17:00", "su-17:00"}
    assert re.findall(r'name="was" value="([^"]*)"', undone) == ["0.1020.1050"], "one more step may be undone"
    assert hours_of(session, lee) == before, "nothing is kept before it is saved"


def test_typed_ranges_are_copied_too_and_faults_stay_to_be_mended(client, lee):
    typed = {"mo0a": "17:15", "mo0b": "18:00", "copy_from": "mo", "copy_to": "we", "copy": "1", **ZONE}
    page = page_of(send(client, f"{PATH}?as=ranges", typed))
    assert 'name="we0a" value="17:15"' in page
    page = page_of(send(client, f"{PATH}?as=ranges", {**typed, "mo0b": "late"}))
    assert 'value="late"' in page
    assert "this is not a time of day" in page


def test_copying_to_no_day_says_what_to_tick(client, lee):
    page = page_of(send(client, PATH, {"h": ["mo-17:00"], "copy_from": "mo", "copy": "1", **ZONE}))
    assert 'href="#copy"' in page
    assert ticked(page) == {"mo-17:00"}


@pytest.mark.parametrize("was", ["", "banana", "7.0.1", "0.60.30", "0.0.99999", "1.0.1441", "0.-5.10", "٣.0.30"])
def test_what_is_no_week_is_undone_to_nothing(client, lee, was):
    assert ticked(page_of(send(client, PATH, {"h": ["mo-17:00"], "was": was, "undo": "1", **ZONE}))) <= {"mo-17:00"}


def test_one_day_is_shown_at_a_time_and_the_others_keep_their_ticks(client, session, lee):
    page = page_of(send(client, f"{PATH}?as=day", {"h": ["mo-17:00", "tu-18:00"], "day": "tu", **ZONE}))
    assert 'class="hours one-day day-tu"' in page
    assert 'name="shown_day" value="tu"' in page
    assert ticked(page) == {"mo-17:00", "tu-18:00"}
    assert "day-th" in page_of(client.get(f"{PATH}?as=day&day=th"))
    assert "day-mo" in page_of(client.get(f"{PATH}?as=day&day=doomsday"))


def test_hours_are_shown_by_the_clock_of_another_city(client, lee):
    data = {"h": ["tu-17:00", "tu-17:30", "su-23:30"], "elsewhere": "Asia/Tokyo", "look": "1", **ZONE}
    page = page_of(send(client, PATH, data))
    assert re.search(r"Tuesday 17:00 – 18:00 is Wednesday 0[78]:00 – 0[89]:00", page)
    assert re.search(r"Sunday 23:30 – 24:00 is Monday 1[34]:30 – 1[45]:00", page)
    assert "Tokyo" in page
    assert "Look at it from" in page_of(send(client, PATH, {**data, "elsewhere": "Atlantis/City"}))


def crowd(session, programme, number, *, windows, zone="America/Chicago"):
    for n in range(number):
        make_mentor(session, programme, make_person(session, f"Mentor {n}", windows=windows, zone=zone))
    session.commit()


def beside(client, *keys, zone="America/Chicago") -> str:
    return " ".join(page_of(send(client, f"{PATH}/beside", {"h": list(keys), "zone": zone})).split())


def test_partners_are_counted_as_hours_are_ticked(client, session, cast, lee):
    crowd(session, cast.programme, 12, windows=[(1, 17 * 60, 20 * 60)])
    crowd(session, cast.programme, 7, windows=[(2, 17 * 60, 20 * 60)])
    assert "About 15 of 20" in beside(client, "tu-18:00", "tu-18:30", "tu-19:00"), "Mo in New York too"
    assert "About 10 of 20" in beside(client, "tu-19:00", "tu-19:30")
    assert "About 5 of 20" in beside(client, "we-19:00", "we-19:30")
    assert "Most of 20" in beside(client, "tu-19:00", "tu-19:30", "we-19:00", "we-19:30")
    few = beside(client, "sa-06:00", "sa-06:30")
    assert "Fewer than three" in few
    assert "Tuesday evening" in few


def test_one_or_two_partners_are_not_told_apart_and_three_are_needed_to_be_told_anything(client, session, cast, lee):
    assert "Too early to say" in beside(client, "tu-17:00", "tu-17:30"), "of Mo alone nothing is said"
    assert "Too early to say" in beside(client, "sa-03:00")
    crowd(session, cast.programme, 1, windows=[(5, 600, 720)])
    crowd(session, cast.programme, 3, windows=[(6, 600, 720)])
    assert "Fewer than three" in beside(client, "sa-10:00", "sa-10:30", "sa-11:00", "sa-11:30")
    assert beside(client, "fr-03:00", "fr-03:30") == beside(client, "sa-03:00"), "nobody is not told from one or two"
    assert "Friday" not in beside(client, "fr-03:00"), "when one person is free is nobody's business"


def test_people_in_other_zones_count_by_their_own_clocks(client, session, cast, lee):
    crowd(session, cast.programme, 3, windows=[(1, 0, 120)], zone="Europe/London")
    assert "Three or more of 4" in beside(client, "mo-19:00", "mo-19:30")


def test_hours_shared_with_nobody_are_said_at_once(client, session, cast, lee):
    crowd(session, cast.programme, 3, windows=[(1, 17 * 60, 20 * 60)])
    answer = send(client, PATH, {"h": ["sa-03:00", "sa-03:30"], **ZONE}, follow_redirects=True)
    page = page_of(answer)
    assert "None of the 4 mentors in Lakeland Women in Surgery shares enough time with these hours yet." in page
    assert "Tuesday evening" in page
    page = page_of(send(client, PATH, {"h": ["tu-17:00", "tu-17:30", "tu-18:00"], **ZONE}, follow_redirects=True))
    assert "shares enough time" not in page


@pytest.mark.parametrize("limit", ["LOOKS_AN_HOUR", "LOOKS_A_DAY"])
def test_counting_is_for_ones_own_programmes_and_without_limit_it_is_not(
    client, session, cast, lee, monkeypatch, limit
):
    crowd(session, cast.elsewhere, 5, windows=[(1, 17 * 60, 20 * 60)])
    assert "of 5" not in beside(client, "tu-18:00", "tu-18:30")
    assert "Mentors" not in " ".join(
        page_of(send(client, f"{PATH}/beside?slug={cast.elsewhere.slug}", {"h": ["tu-18:00"], **ZONE})).split()
    )
    monkeypatch.setattr(f"webapp.services.possible_partners.{limit}", 5)
    assert "Not counted now" not in page_of(client.get(PATH))
    assert "Not counted now" in page_of(client.get(PATH)), "to load the page is a look as well"
    assert "Not counted now" in beside(client, "tu-18:00")
    page = page_of(send(client, PATH, {"h": ["sa-03:00", "sa-03:30"], **ZONE}, follow_redirects=True))
    assert "shares enough time" not in page, "nor does saving tell"


def test_counting_takes_few_queries_whatever_the_number_of_people(client, session, cast, lee, count_queries):
    crowd(session, cast.programme, 12, windows=[(1, 17 * 60, 20 * 60)])
    client.get(PATH)
    with count_queries() as statements:
        client.get(PATH)
    assert len(statements) <= 12


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


def test_a_zone_that_is_gone_opens_every_page_and_asks_to_choose(client, session, cast, lee):
    session.execute(text("UPDATE person SET zone = 'Mars/Olympus' WHERE email = :email"), {"email": lee.email})
    session.commit()
    session.expire_all()
    for path in ("/home", "/me", PATH, f"{PATH}/exceptions", "/suggestions", f"/join/{cast.programme.slug}"):
        assert client.get(path, follow_redirects=True).status_code == 200
    assert "is not in use any more" in page_of(client.get(PATH))
    assert "is not in use any more" in page_of(client.get("/me"))
    page = page_of(send(client, PATH, {"h": ["mo-17:00"], "zone": ""}))
    assert 'href="#zone"' in page
    send(client, PATH, {"h": ["mo-17:00"], "zone": "Europe/Paris"})
    assert "is not in use any more" not in page_of(client.get(PATH))
    sign_in(client, session, cast.mo)
    assert client.get("/suggestions", follow_redirects=True).status_code == 200, "nor does she stop others"
