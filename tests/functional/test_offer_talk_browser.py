"""From an offer to a pair in a real browser: a question, another hour, a first call, two yeses, a calendar file."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.factories.cast import Cast
from tests.factories.offers import make_offer, make_round
from tests.functional.walking import follow, go, press


def tick_all(page):
    for box in page.get_by_role("group").get_by_role("checkbox").all():
        box.check()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("server", "page"), [("sqlite", True), ("postgresql", False)], indirect=True, ids=["sqlite-js", "postgresql-no-js"]
)
def test_two_strangers_become_a_pair(live, page, axe, scripted):
    session = live.session()
    cast = Cast.create(session)
    published = make_round(session, cast.programme, state="published", published_at=datetime.now(UTC))
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=datetime.now(UTC), slot_week=0)
    before = (offer.slot_weekday, offer.slot_minute)
    session.commit()

    live.sign_in(cast.lee, page.context)
    page.goto(f"/offers/{offer.id}")
    axe(page, scripted=scripted)
    page.get_by_label("Ask Dr Farahani something").fill("How do you like to teach?")
    press(page, "Send the question")
    expect(page.get_by_text("Your line is sent.")).to_be_visible()
    follow(page, "Ask for a call of 15 minutes")
    tick_all(page)
    page.get_by_label("How do you call each other?").fill("+1 312 555 01 99")
    axe(page, scripted=scripted)
    press(page, "Ask for a call")
    follow(page, "Suggest another hour")
    tick_all(page)
    axe(page, scripted=scripted)
    press(page, "Propose these hours")

    live.sign_in(cast.mo, page.context)
    page.goto("/home")
    expect(page.locator(".ask-row h3").first).to_contain_text("Lee Lindqvist")
    axe(page, scripted=scripted)
    follow(page, "Choose the hour")
    axe(page, scripted=scripted)
    go(page.get_by_role("form", name="Lee proposes another hour").get_by_role("button").first)
    expect(page.get_by_text("You meet at the new hour, once both say yes.")).to_be_visible()
    go(page.get_by_role("form", name="Lee would like to call you first").get_by_role("button").first)
    expect(page.get_by_text("How: +1 312 555 01 99")).to_be_visible()
    page.get_by_label("Your answer to Lee").fill("By watching recordings together.")
    press(page, "Send the answer")
    press(page, "Say yes")
    expect(page.locator("h1")).to_have_text("You said yes to Lee Lindqvist")

    live.sign_in(cast.lee, page.context)
    page.goto(f"/offers/{offer.id}")
    expect(page.get_by_text("By watching recordings together.")).to_be_visible()
    press(page, "Say yes")
    expect(page.locator("h1")).to_have_text("You and Dr Mo Farahani are a pair")
    axe(page, scripted=scripted)
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file of the first meeting").click()
    event = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")[0]
    assert re.fullmatch(rf"meeting-{offer.id}@.+", str(event["uid"]))
    assert int(event["sequence"]) == 1, "the hour was changed once"
    session.expire_all()
    assert (offer.slot_weekday, offer.slot_minute) != before
    assert event.decoded("dtstart").astimezone(ZoneInfo(cast.mo.zone)).weekday() == offer.slot_weekday
