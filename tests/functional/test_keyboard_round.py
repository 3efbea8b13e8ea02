"""A round is matched and published by keyboard alone, in a real browser with a real worker."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from tests.factories.pools import make_pool
from tests.functional.walking import press_enter_on, tab_to, wait_for
from webapp.models import Offer, Round
from webapp.services import rounds


@pytest.mark.browser
@pytest.mark.usefixtures("worker")
def test_a_round_is_matched_and_published_by_keyboard_alone(live, page, axe):
    session, now = live.session(), datetime.now(UTC)
    programme, ada = make_pool(session, 2, 4)
    round_id = rounds.create_round(session, programme.id, "Spring", None, by=ada.id, now=now)
    rounds.open_round(session, round_id, programme_id=programme.id, by=ada.id, now=now)
    live.sign_in(ada, page.context)
    page.goto(f"/c/{programme.slug}/rounds/{round_id}")
    press_enter_on(page, "Freeze the pool")
    press_enter_on(page, "Work out the pairs", what="button")
    wait_for(page, page.get_by_text("No better matching exists"), scripted=True)
    press_enter_on(page, "Pin Mentee", what="button")
    expect(page.get_by_text("1 ruling is newer than these pairs")).to_be_visible()
    press_enter_on(page, "Go there")
    tab_to(page, "Name", what="#again input")
    page.keyboard.type("With the pin")
    press_enter_on(page, "Work out the pairs", what="button")
    wait_for(page, page.locator(".tabs a[aria-current=page]").filter(has_text="With the pin"), scripted=True)
    expect(page.get_by_role("button", name=re.compile("^Unpin "))).to_be_visible()
    press_enter_on(page, "Publish ")
    number = re.search(r"[0-9]+", page.locator("h1").inner_text())[0]
    tab_to(page, "Type the number of offers", what="input")
    page.keyboard.type(number)
    press_enter_on(page, f"Publish {number} offers", what="button")
    expect(page.locator("h1")).to_contain_text("wait")
    session.rollback()
    assert session.scalar(select(func.count()).where(Offer.state == "open")) == int(number)
    assert session.get_one(Round, round_id).state == "published"
