"""Suggestions, one's time and one's progress by keyboard alone: what was said or moved keeps the focus."""

import pytest
from playwright.sync_api import expect

from tests.factories.cast import Cast, make_mentor, make_person
from tests.functional.keys import Keys
from webapp.models import Interest


@pytest.mark.browser
def test_suggestions_and_time_are_kept_by_keyboard_alone(live, page, axe):
    keys, session = Keys(page, axe, scripted=True), live.session()
    cast = Cast.create(session)
    for name in ("Dr Uma Rao", "Dr Ida Ek"):
        make_mentor(session, cast.programme, make_person(session, name), topics=["technical_skills"])
    session.commit()

    live.sign_in(cast.lee, page.context)
    page.goto("/suggestions?need=technical_skills")
    for name in ("Dr Uma Rao", "Dr Ida Ek", "Dr Mo Farahani"):
        keys.press(f"Interested in {name}")
        keys.hears(f"You are interested in {name}.")
    expect(page.get_by_role("navigation", name="What you look for").locator("[aria-current]")).to_have_text(
        "Operative and technical skills"
    )
    order = page.locator("#favourites li")
    keys.press("Up: Dr Mo Farahani")
    expect(order.nth(1)).to_be_focused()
    expect(order).to_contain_text(["Dr Uma Rao", "Dr Mo Farahani", "Dr Ida Ek"])
    keys.press("Up: Dr Mo Farahani")
    expect(order.nth(0)).to_be_focused()
    keys.press("Let all count alike")
    expect(page.locator("#favourites")).to_be_focused()
    keys.press("Not for me: Dr Ida Ek")
    keys.hears("Dr Ida Ek is marked “not for me”.")
    keys.choose("Why?", "The hours do not suit me")
    keys.press("Keep the reason")
    keys.hears("The reason is kept.")
    keys.press("Undo: Dr Ida Ek")
    keys.hears("Taken back.")
    keys.write("Name a mentor", "Rao")
    keys.press("Why not?")
    expect(page.locator("#why")).to_be_focused()
    expect(page.locator("#why")).to_contain_text("Dr Uma Rao is among your suggestions.")
    axe(page)
    page.goto("/me/progress")
    keys.follow("Add a goal")
    keys.press("Save")
    keys.hears("One answer needs another look")
    keys.write("What you aim at", "A paper on hernia repair")
    keys.press("Save")
    keys.hears("Your goal is saved.")
    keys.sees("Where you are heading, and how far you have come")

    live.sign_in(cast.mo, page.context)
    page.goto("/me/time")
    keys.follow("Change what I give")
    keys.write("Minutes a month", "5")
    keys.press("Save")
    keys.hears("One answer needs another look")
    keys.write("Minutes a month", "240")
    keys.press("Save")
    keys.hears("You give 240 minutes a month now.")
    keys.press("Undo")
    keys.hears("You give 120 minutes a month now.")
    keys.follow("Pause")
    keys.press("Pause")
    keys.hears("Your pause is saved.")
    keys.press("End the pause")
    keys.hears("You are back.")
    keys.write("At most so many minutes", "90")
    keys.press("Save the cap")
    keys.hears("At most 90 minutes a month over all programmes.")
    axe(page)
    assert {row.verdict for row in session.query(Interest)} == {"interested"}
