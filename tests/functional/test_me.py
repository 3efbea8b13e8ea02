"""One's own pages: profile, hours, offer, request, pause."""

import html
from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, sign_in
from webapp.models import AvailabilityWindow, MenteeRequest, MentorOffer, Person

ABOUT = {
    "name": "Dr Mo Farahani",
    "pronouns": "they/them",
    "stage": "attending_mid",
    "specialties": ["vascular_surgery"],
    "languages": ["en", "fa"],
    "zone": "Europe/Stockholm",
    "city": "Uppsala",
}
OFFER = {"topics": ["leadership", "grants"], "minutes_a_month": "180", "places": "3"}
REQUEST = {"first": "work_life", "second": "", "third": "grants", "mentors_wanted": "3", "goal": "Finish my thesis"}


def send(client, path, data):
    return client.post(path, data={"csrf_token": csrf_of(client, path), **data})


def offer_of(session, cast) -> MentorOffer:
    query = select(MentorOffer).where(MentorOffer.membership_id == cast.mentor.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def windows_of(session, person) -> list[tuple[int, int, int]]:
    rows = session.scalars(select(AvailabilityWindow).where(AvailabilityWindow.person_id == person.id))
    return sorted((w.weekday, w.start_minute, w.end_minute) for w in rows)


def test_profile_is_changed(client, session, cast):
    sign_in(client, session, cast.mo)
    assert send(client, "/me", ABOUT).location == "/me"
    session.expire_all()
    person = session.get(Person, cast.mo.id)
    assert (person.pronouns, person.zone, person.profile.city) == ("they/them", "Europe/Stockholm", "Uppsala")
    assert person.profile.languages == ["en", "fa"]
    page = client.get("/me").get_data(as_text=True)
    assert "What you say about yourself is saved." in page


def test_profile_without_a_name_keeps_what_was_typed(client, session, cast):
    sign_in(client, session, cast.mo)
    page = send(client, "/me", {**ABOUT, "name": " "}).get_data(as_text=True)
    assert 'href="#name"' in page
    assert "Uppsala" in page
    session.expire_all()
    assert session.get(Person, cast.mo.id).profile.city == ""


@pytest.mark.parametrize("name", ["Win at www.example.org", "mo@example.org", "https://example.org"])
def test_a_name_that_is_an_address_is_refused(client, session, cast, name):
    sign_in(client, session, cast.mo)
    assert "Write your name only." in send(client, "/me", {**ABOUT, "name": name}).get_data(as_text=True)
    session.expire_all()
    assert session.get(Person, cast.mo.id).name == "Dr Mo Farahani"


def test_a_name_is_one_line(client, session, cast):
    sign_in(client, session, cast.mo)
    send(client, "/me", {**ABOUT, "name": " Dr Mo\r\n Farahani\x00"})
    session.expire_all()
    assert session.get(Person, cast.mo.id).name == "Dr Mo Farahani"


def test_mentor_raises_and_lowers_her_own_offer(client, session, cast):
    sign_in(client, session, cast.mo)
    path = f"/me/offer/{cast.programme.slug}"
    send(client, path, OFFER)
    offer = offer_of(session, cast)
    assert (offer.minutes_a_month, offer.places, offer.topics) == (180, 3, ["leadership", "grants"])
    send(client, path, {**OFFER, "minutes_a_month": "60", "places": "1"})
    assert offer_of(session, cast).minutes_a_month == 60


def test_going_below_what_is_taken_keeps_the_pairs_and_says_so(client, session, cast):
    offer = offer_of(session, cast)
    offer.reserved_minutes, offer.reserved_places = 120, 2
    session.commit()
    sign_in(client, session, cast.mo)
    send(client, f"/me/offer/{cast.programme.slug}", {**OFFER, "minutes_a_month": "60", "places": "1"})
    offer = offer_of(session, cast)
    assert (offer.minutes_a_month, offer.places) == (60, 1)
    assert (offer.reserved_minutes, offer.reserved_places) == (120, 2)
    assert "nothing new is added" in client.get("/me").get_data(as_text=True)


def test_offer_form_cannot_touch_what_is_reserved(client, session, cast):
    sign_in(client, session, cast.mo)
    send(client, f"/me/offer/{cast.programme.slug}", {**OFFER, "reserved_minutes": "0", "reserved_places": "9"})
    assert offer_of(session, cast).reserved_places == 0


def test_mentee_changes_her_needs_and_a_gap_closes(client, session, cast):
    sign_in(client, session, cast.lee)
    send(client, f"/me/request/{cast.programme.slug}", REQUEST)
    query = select(MenteeRequest).where(MenteeRequest.membership_id == cast.mentee.id)
    request = session.scalars(query.execution_options(populate_existing=True)).one()
    assert request.topics == ["work_life", "grants"]
    assert (request.mentors_wanted, request.goal) == (3, "Finish my thesis")


def test_mentor_pauses_and_comes_back(client, session, cast):
    sign_in(client, session, cast.mo)
    path = f"/me/pause/{cast.programme.slug}"
    send(client, path, {"paused_from": "2027-03-01", "paused_until": "2027-06-30"})
    offer = offer_of(session, cast)
    assert (offer.paused_from, offer.paused_until) == (date(2027, 3, 1), date(2027, 6, 30))
    send(client, path, {"end": "1"})
    offer = offer_of(session, cast)
    assert (offer.paused_from, offer.paused_until) == (None, None)


@pytest.mark.parametrize(
    "dates", [{"paused_from": ""}, {"paused_from": "soon"}, {"paused_from": "2027-03-02", "paused_until": "2027-03-01"}]
)
def test_pause_with_wrong_dates_is_named(client, session, cast, dates):
    sign_in(client, session, cast.mo)
    page = send(client, f"/me/pause/{cast.programme.slug}", dates).get_data(as_text=True)
    assert 'href="#paused_' in page
    assert offer_of(session, cast).paused_from is None


@pytest.mark.parametrize("page", ["offer", "request", "pause"])
def test_others_and_the_wrong_role_find_nothing(client, session, cast, page):
    wrong = cast.lee if page in {"offer", "pause"} else cast.mo
    for person in (wrong, cast.kim, cast.ada):
        sign_in(client, session, person)
        token = csrf_of(client, "/me")
        path = f"/me/{page}/{cast.programme.slug}"
        assert client.get(path).status_code == 404
        assert client.post(path, data={"csrf_token": token}).status_code == 404


def test_strangers_are_asked_to_sign_in(client, cast):
    for page in ("", "/hours", "/offer/x", "/request/x", "/pause/x"):
        assert client.get(f"/me{page}").location.startswith("/login")
        assert client.delete(f"/me{page}").status_code in {400, 403, 405}


def test_grid_is_saved_merged_and_twice_is_the_same(client, session, cast):
    sign_in(client, session, cast.lee)
    data = {"h": ["tu-17:00", "tu-17:30", "tu-18:00", "su-23:30"], "zone": "Asia/Kathmandu"}
    for _time in range(2):
        assert send(client, "/me/hours", data).location == "/me"
    assert windows_of(session, cast.lee) == [(1, 1020, 1110), (6, 1410, 1440)]
    session.expire_all()
    assert session.get(Person, cast.lee.id).zone == "Asia/Kathmandu"


def test_all_ticks_a_day_without_script_and_saves_nothing_yet(client, session, cast):
    sign_in(client, session, cast.lee)
    before = windows_of(session, cast.lee)
    page = send(client, "/me/hours", {"all": "su", "h": ["mo-17:00"], "zone": "UTC"}).get_data(as_text=True)
    assert page.count('value="su-') == 48
    ticked = [line for line in page.split("<input") if 'value="su-' in line and " checked" in line]
    assert len(ticked) == 14, "the half hours that the page shows"
    assert 'value="mo-17:00" checked' in page
    assert "7½ hours a week" in page
    assert windows_of(session, cast.lee) == before
    cleared = send(client, "/me/hours", {"all": "mo", "h": _all_of("mo"), "zone": "UTC"}).get_data(as_text=True)
    assert 'value="mo-17:00" checked' not in cleared


def _all_of(day):
    hours = [*range(6, 8), 12, *range(17, 21)]
    return [f"{day}-{hour:02d}:{minute}" for hour in hours for minute in ("00", "30")]


def test_hidden_hours_are_shown_without_script(client, session, cast):
    sign_in(client, session, cast.lee)
    assert 'data-behind="day" hidden' in client.get("/me/hours").get_data(as_text=True)
    page = send(client, "/me/hours", {"reveal": "day", "h": ["mo-17:00"], "zone": "UTC"}).get_data(as_text=True)
    assert 'data-behind="day" hidden' not in page
    assert 'data-behind="night" hidden' in page
    assert 'value="mo-17:00" checked' in page


def test_hours_that_are_ticked_are_never_hidden(client, session, cast):
    cast.lee.windows.append(AvailabilityWindow(weekday=6, start_minute=600, end_minute=660))
    session.commit()
    sign_in(client, session, cast.lee)
    page = client.get("/me/hours").get_data(as_text=True)
    assert page.count('data-behind="day" hidden') == 1, "the afternoon; the morning lies open"


def test_ranges_are_the_equal_way(client, session, cast):
    sign_in(client, session, cast.lee)
    path = "/me/hours?as=ranges"
    page = client.get(path).get_data(as_text=True)
    assert 'name="mo0a" value="17:00"' in page
    data = {"mo0a": "17:15", "mo0b": "19", "mo1a": "06:30", "mo1b": "7:30", "zone": "America/Chicago"}
    assert send(client, path, data).location == "/me"
    assert windows_of(session, cast.lee) == [(0, 390, 450), (0, 1035, 1140)]
    grid = client.get("/me/hours").get_data(as_text=True)
    assert "Monday 17:15 – 19:00" in grid, "the grid says what it would cut"


def test_range_over_midnight_is_refused_with_what_to_write(client, session, cast):
    sign_in(client, session, cast.lee)
    before = windows_of(session, cast.lee)
    page = send(client, "/me/hours?as=ranges", {"fr0a": "22:00", "fr0b": "01:00", "zone": "UTC"})
    text = page.get_data(as_text=True)
    assert 'href="#fr0a"' in text
    assert "22:00 to 24:00 on Friday and 00:00 to 01:00 on Saturday" in text
    assert 'value="22:00"' in text
    assert windows_of(session, cast.lee) == before


def test_a_range_is_added_without_script(client, session, cast):
    sign_in(client, session, cast.lee)
    page = send(client, "/me/hours?as=ranges", {"add": "sa", "mo0a": "17:00", "mo0b": "18:00", "zone": "UTC"})
    text = page.get_data(as_text=True)
    assert 'name="sa0a" value=""' in text
    assert 'name="mo0a" value="17:00"' in text


def test_the_return_key_in_a_search_field_searches(client, session, cast):
    sign_in(client, session, cast.mo)
    page = send(client, "/me", {**ABOUT, "city": "Umeå", "specialties-search": "ob/gyn"}).get_data(as_text=True)
    assert "Umeå" in page
    assert page.index("specialties-obstetrics_gynecology") < page.index("<details>")
    session.expire_all()
    assert session.get(Person, cast.mo.id).profile.city == ""


def test_hub_needs_few_queries(client, session, cast, count_queries):
    sign_in(client, session, cast.mo)
    client.get("/me")
    with count_queries() as queries:
        client.get("/me")
    assert len(queries) <= 8, queries


NAMES = [
    "Дарья Соколова",
    "李小龍",
    "د. ليلى حسن",
    "שרה כהן",
    "Ọlúwadámiláre Adébáyọ̀",
    "Zoë 👩🏽‍⚕️ O’Brien-Ångström",
    "\u202egnissorC\u202c over",
    "x" * 200,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_are_kept_and_shown(client, session, cast, name):
    sign_in(client, session, cast.mo)
    assert send(client, "/me", {**ABOUT, "name": name}).location == "/me"
    session.expire_all()
    kept = session.get(Person, cast.mo.id).name
    assert kept == name.replace("\u202e", "").replace("\u202c", "").strip()
    for path in ("/me", "/home", f"/join/{cast.programme.slug}/check", "/me/hours"):
        assert html.escape(kept).replace("&#x27;", "&#39;") in client.get(path).get_data(as_text=True)


def test_a_name_of_201_letters_is_refused_and_kept_to_be_shortened(client, session, cast):
    sign_in(client, session, cast.mo)
    page = send(client, "/me", {**ABOUT, "name": "x" * 201, "does": "y" * 601}).get_data(as_text=True)
    assert "Use at most 200 characters." in page
    assert "Use at most 600 characters." in page
    assert "x" * 201 in page
    assert "y" * 601 in page
    session.expire_all()
    assert session.get(Person, cast.mo.id).name == "Dr Mo Farahani"
