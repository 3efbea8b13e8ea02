"""The hours of the week in a real browser, with and without script."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person, make_programme
from tests.functional.walking import go
from webapp.models import AvailabilityWindow

pytestmark = pytest.mark.browser
both_ways = pytest.mark.parametrize("page", [True, False], indirect=True, ids=["js", "no-js"])


@pytest.fixture
def lee(live, page):
    session = live.session()
    lee = make_person(session, "Lee Lindqvist", windows=())
    session.commit()
    live.sign_in(lee, page.context)
    return lee


def saved(live, person):
    rows = live.session().scalars(select(AvailabilityWindow).where(AvailabilityWindow.person_id == person.id))
    return sorted((w.weekday, w.start_minute, w.end_minute) for w in rows)


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/me(#.*)?$"))  # a browser carries the summary's link over


def box(page, key):
    return page.locator(f'input[value="{key}"]')


def ticked(page):
    return page.locator("table.hours input:checked")


@pytest.fixture
def press(page, scripted):
    """Press a button of the week: script obeys on the spot; without script a page answers, and is waited for."""

    def at(name):
        button = page.get_by_role("button", name=name, exact=True)
        return button.click() if scripted else go(button)

    return at


def test_arrows_move_and_space_ticks(live, page, lee):
    page.goto("/me/hours")
    box(page, "mo-17:00").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # over the hidden afternoon to the midday
    expect(box(page, "tu-12:30")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(box(page, "mo-12:30"), "the edge holds").to_be_focused()
    expect(page.get_by_role("status").filter(has_text="1½ hours a week")).to_have_count(1)
    save(page)
    assert saved(live, lee) == [(0, 1020, 1080), (1, 1050, 1080)]


def drag(page, start, end):
    page.set_viewport_size({"width": 1280, "height": 1600})  # both ends in sight
    for key in (start, end):
        expect(box(page, key)).to_be_in_viewport(ratio=1)
    places = [box(page, key).bounding_box() for key in (start, end)]
    (x1, y1), (x2, y2) = ((b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in places)
    page.mouse.move(x1, y1)
    page.mouse.down()
    page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2, steps=4)
    page.mouse.move(x2, y2, steps=4)
    page.mouse.up()


def test_dragging_paints_a_rectangle_and_can_be_undone(live, page, lee, press):
    page.goto("/me/hours")
    drag(page, "tu-18:00", "th-19:30")
    expect(ticked(page)).to_have_count(12)
    drag(page, "th-19:30", "we-19:00")
    expect(ticked(page), "from a ticked cell dragging clears").to_have_count(8)
    drag(page, "su-06:00", "su-06:00")
    expect(box(page, "su-06:00"), "a press without moving is one tick").to_be_checked()
    for _time in range(2):
        press("Undo last change")
    expect(ticked(page)).to_have_count(12)
    save(page)
    assert saved(live, lee) == [(day, 1080, 1200) for day in (1, 2, 3)]


def test_dragging_back_to_the_first_cell_keeps_its_new_state(live, page, lee):
    page.goto("/me/hours")
    first, second = box(page, "mo-18:00").bounding_box(), box(page, "mo-19:00").bounding_box()
    x, y = first["x"] + 5, first["y"] + 5
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, second["y"] + 5, steps=5)
    page.mouse.move(x, y, steps=5)
    page.mouse.up()
    expect(ticked(page)).to_have_count(1)
    expect(box(page, "mo-18:00")).to_be_checked()


@both_ways
def test_all_ticks_a_day_and_clears_it(live, page, lee, press):
    page.goto("/me/hours")
    press("All of Sunday")
    expect(ticked(page)).to_have_count(14)
    press("All of Monday")
    expect(ticked(page)).to_have_count(28)
    press("All of Sunday")
    expect(ticked(page)).to_have_count(14)
    save(page)
    assert saved(live, lee) == [(0, 360, 480), (0, 720, 780), (0, 1020, 1260)]


@both_ways
def test_hidden_hours_are_shown_and_ticks_stay(live, page, lee, press):
    page.goto("/me/hours")
    box(page, "fr-17:00").check()
    expect(box(page, "fr-09:00")).to_be_hidden()
    press("Show the hours between 08:00 and 17:00")
    box(page, "fr-09:00").check()
    press("All of Monday")
    expect(box(page, "mo-10:00"), "what is shown now is part of all").to_be_checked()
    expect(box(page, "fr-09:00")).to_be_visible()
    save(page)
    assert saved(live, lee) == [(0, 360, 1260), (4, 540, 570), (4, 1020, 1050)]


@both_ways
def test_ranges_are_typed_added_and_corrected(live, page, lee, axe, scripted):
    page.goto("/me/hours")
    axe(page, scripted=scripted)
    go(page.get_by_role("link", name="Type ranges instead"))
    go(page.get_by_role("button", name="Add a range on Friday"))
    page.get_by_label("Friday, range 1, from").fill("22:00")
    page.get_by_label("Friday, range 1, to").fill("01:00")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text("goes past midnight")
    if scripted:
        expect(page.locator(".problems")).to_be_focused()  # by a module, which may run after the page is read
        axe(page)
    problems.get_by_role("link").click()
    page.get_by_label("Friday, range 1, to").fill("24:00")
    save(page)
    assert saved(live, lee) == [(4, 1320, 1440)]


def test_specialties_are_found_by_typing_a_short_name(live, page, lee, axe):
    page.goto("/me")
    field = page.get_by_role("combobox", name="Find by name").first
    field.fill("ENT")
    options = page.get_by_role("listbox").first.get_by_role("option")
    expect(options.first).to_contain_text("Otolaryngology")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    axe(page)
    field.press("Enter")
    expect(page.get_by_role("button", name="Remove Otolaryngology")).to_be_visible()
    field.fill("ob/gyn")
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    page.get_by_role("button", name="Remove General Surgery").click()
    expect(field).to_be_focused()
    page.get_by_label("City").fill("Uppsala")
    go(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("What you say about yourself is saved.")).to_be_visible()
    with live.session() as session:
        profile = session.get(type(lee), lee.id).profile
        assert sorted(profile.specialties) == ["obstetrics_gynecology", "otolaryngology"]


def test_escape_closes_the_list_and_nothing_found_is_said(live, page, lee):
    page.goto("/me")
    field = page.get_by_role("combobox", name="Find by name").first
    field.click()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("zzz")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_text("Nothing has that name").first).to_be_visible()


@both_ways
def test_a_day_is_copied_undone_cleared_and_shown_alone(live, page, lee, axe, scripted, press):
    page.goto("/me/hours")
    box(page, "mo-17:00").check()
    page.get_by_label("From", exact=True).select_option("Monday")
    page.get_by_label("Copy to Friday").check()
    press("Copy")
    expect(box(page, "fr-17:00")).to_be_checked()
    press("Clear the week")
    expect(ticked(page)).to_have_count(0)
    press("Undo last change")
    expect(ticked(page)).to_have_count(2)
    save(page)
    assert saved(live, lee) == [(0, 1020, 1050), (4, 1020, 1050)]
    page.goto("/me/hours?as=day")
    expect(box(page, "fr-17:00")).to_be_hidden()
    press("Friday")
    expect(box(page, "fr-17:00")).to_be_visible()
    expect(box(page, "mo-17:00")).to_be_hidden()
    box(page, "fr-17:30").check()
    axe(page, scripted=scripted)
    save(page)
    assert saved(live, lee) == [(0, 1020, 1050), (4, 1020, 1080)]


def test_partners_are_counted_while_hours_are_ticked(live, page, lee, axe):
    session = live.session()
    programme = make_programme(session)
    make_mentee(session, programme, session.merge(lee))
    for number in range(3):
        make_mentor(session, programme, make_person(session, f"Mentor {number}", windows=[(1, 1020, 1200)]))
    session.commit()
    page.goto("/me/hours")
    expect(page.get_by_text("Fewer than three")).to_be_visible()
    box(page, "tu-17:00").focus()
    for _time in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    page.get_by_text("Three or more of 3").wait_for()
    page.get_by_label("Look at it from").select_option("Europe/London")
    page.get_by_text("In London").wait_for()
    axe(page)
    for path in ("/me/hours/exceptions", "/me/hours/calendar"):
        page.goto(path)
        axe(page)
