"""My hours: a day copied, changes undone, partners counted, days away, busy times from a calendar."""

import re

import pytest
from sqlalchemy import text

from tests.factories.cast import make_mentor, make_person, sign_in
from tests.functional.own_hours import PATH, hours_of, page_of, send

ZONE = {"zone": "America/Chicago"}


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="h" value="([a-z]{2}-\d\d:\d\d)" checked', page))


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
