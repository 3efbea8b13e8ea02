"""Offers by keyboard alone: asked, moved, called about, accepted and declined; with script and without."""

import re
from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from playwright.sync_api import expect
from sqlalchemy import select

from tests.factories.cast import Cast, make_mentee, make_person
from tests.factories.offers import make_offer, make_round
from tests.functional.keys import Keys
from webapp.models import Offer


@pytest.mark.browser
@pytest.mark.parametrize(
    ("server", "page"), [("sqlite", True), ("postgresql", False)], indirect=True, ids=["sqlite-js", "postgresql-no-js"]
)
def test_offers_are_answered_by_keyboard_alone(live, page, axe, request):
    keys = Keys(page, axe, scripted=request.node.callspec.params["page"])
    session, now = live.session(), datetime.now(UTC)
    cast = Cast.create(session)
    nia = make_mentee(session, cast.programme, make_person(session, "Nia Obi"))
    published = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, published, cast.mentor, cast.mentee, now=now, slot_minute=18 * 60, slot_week=0)
    other = make_offer(session, published, cast.mentor, nia, now=now, slot_minute=19 * 60, slot_week=0)
    session.commit()

    live.sign_in(cast.lee, page.context)
    page.goto(f"/offers/{offer.id}")
    keys.sees("Would you like Dr Mo Farahani as your mentor?")
    keys.press("Send the question")
    keys.hears("One answer needs another look")
    keys.write("Ask Dr Farahani something", "How do you like to teach?")
    keys.press("Send the question")
    keys.hears("Your line is sent.")
    keys.follow("Ask for a call of 15 minutes")
    keys.sees("Call Dr Farahani first?")
    keys.press("Ask for a call")
    keys.hears("2 answers need another look")
    _tick_first(keys)
    keys.write("How do you call each other?", "+1 312 555 01 99")
    keys.press("Ask for a call")
    keys.hears("Your wish for a call is sent.")
    keys.follow("Suggest another hour")
    keys.sees("Another hour with Dr Farahani?")
    _tick_first(keys)
    keys.press("Propose these hours")
    keys.hears("Your proposal is sent.")

    live.sign_in(cast.mo, page.context)
    page.goto(f"/offers/{offer.id}")
    keys.sees("Would you mentor Lee Lindqvist?")
    _take_first(keys, "Lee proposes another hour")
    keys.hears("You meet at the new hour, once both say yes.")
    _take_first(keys, "Lee would like to call you first")
    keys.hears("That would go past the minutes of the month.")
    keys.tick("It goes past the minutes I give that month.")
    _take_first(keys, "Lee would like to call you first")
    keys.hears("Your call is agreed.")
    keys.write("Your answer to Lee", "By watching recordings together.")
    keys.press("Send the answer")
    keys.hears("Your line is sent.")
    keys.press("Say yes")
    keys.hears("You said yes.")
    keys.sees("You said yes to Lee Lindqvist")
    page.goto(f"/offers/{other.id}")
    keys.choose("Reason", "No time now")
    keys.press("Decline")
    keys.hears("You declined. Nobody asks why.")
    keys.sees("You declined the offer with Nia Obi")

    live.sign_in(cast.lee, page.context)
    page.goto(f"/offers/{offer.id}")
    keys.press("Say yes")
    keys.hears("You said yes.")
    keys.sees("You and Dr Mo Farahani are a pair")
    keys.tab_to("Calendar file of the first meeting", "main a")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    event = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")[0]
    assert re.fullmatch(rf"meeting-{offer.id}@.+", str(event["uid"]))
    answers = dict(iter(session.execute(select(Offer.id, Offer.decline_reason))))
    assert answers == {offer.id: "", other.id: "no_time"}


def _tick_first(keys: Keys) -> None:
    box = keys.page.get_by_role("group").get_by_role("checkbox").first
    keys.tick("first on" if "hour" in keys.page.url else "to")
    expect(box).to_be_checked()


def _take_first(keys: Keys, form: str) -> None:
    """Take the first of what the other side proposed."""
    words = keys.page.get_by_role("form", name=form).get_by_role("button").first.inner_text()
    keys.press(words)
