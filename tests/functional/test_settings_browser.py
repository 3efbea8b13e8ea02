"""Settings in a real browser: slide and see what would change, and the same without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.pools import make_pool
from tests.functional.walking import follow, press
from webapp.models import Programme


@pytest.mark.browser
@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["js", "no-js"])
def test_weights_are_tried_out_and_saved(live, page, axe, scripted):
    session = live.session()
    programme, ada = make_pool(session, 6, 12)
    session.commit()
    live.sign_in(ada, page.context)

    page.goto(f"/c/{programme.slug}/settings")
    axe(page, scripted=scripted)
    follow(page, "What counts in a fit")
    expect(page.get_by_role("heading", name="What holds now")).to_be_visible()
    topics = page.get_by_role("spinbutton", name="Needs and topics")
    if scripted:
        slider = page.get_by_role("slider", name="Needs and topics")
        slider.focus()
        slider.press("End")
        expect(topics).to_have_value("10")
        expect(page.locator("#weight_topics-share")).to_have_text("counts 53 % of a fit")
        topics.fill("12")
        expect(slider).to_have_value("12")
    else:
        expect(page.get_by_role("slider")).to_have_count(0)
        topics.fill("12")
        press(page, "Preview without saving")
    expect(page.get_by_role("heading", name="What your change would do")).to_be_visible()
    expect(page.locator("#preview tbody tr")).to_have_count(10)
    expect(page.locator("#preview tbody")).to_contain_text(re.compile(r"(up|down) from place \d+ to \d+"))
    expect(topics).to_have_value("12")
    axe(page, scripted=False)
    session.rollback()  # ends the reading that would go on seeing what was
    assert session.get(Programme, programme.id, populate_existing=True).weights.get("topics") != 12
    press(page, re.compile("^Save$"))
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    session.rollback()  # ends the reading that would go on seeing what was
    assert session.get(Programme, programme.id, populate_existing=True).weights["topics"] == 12
