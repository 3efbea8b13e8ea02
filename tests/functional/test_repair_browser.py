"""After the answers, in a real browser with a real worker: why not, and the repair of a round."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.factories.cast import Cast, make_mentee, make_person
from tests.factories.offers import make_offer, make_round
from tests.functional.walking import follow, go, press, wait_for
from webapp.models import Offer


@pytest.mark.browser
@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["js", "no-js"])
def test_a_declined_place_goes_to_who_waits(live, page, axe, scripted):
    session = live.session()
    cast = Cast.create(session)
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 1, 60
    now = datetime.now(UTC)
    published = make_round(session, cast.programme, state="published", published_at=now)
    make_offer(session, published, cast.mentor, cast.mentee, now=now, state="declined", mentee_answer="no")
    nia = make_mentee(session, cast.programme, make_person(session, "Nia Okafor"))
    session.commit()
    live.sign_in(cast.ada, page.context)

    page.goto(f"/c/{cast.programme.slug}/responses/{published.id}")
    axe(page, scripted=scripted)
    follow(page, "See what can be done")
    expect(page.locator("h1")).to_have_text("2 mentees wait for a mentor")
    axe(page, scripted=scripted)
    press(page, "Work out the repair")
    done = page.get_by_role("heading", name="1 more mentee gets a mentor")
    wait_for(page, done, scripted=scripted)
    expect(page.locator("table")).to_contain_text("Nia Okafor")
    axe(page, scripted=scripted)
    press(page, "Send 1 offer")
    expect(page.get_by_text("1 new offer is sent.")).to_be_visible()
    session.expire_all()
    offer = session.query(Offer).filter_by(mentee_id=nia.id).one()
    assert (offer.state, offer.holds_minutes) == ("open", True)


@pytest.mark.browser
@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["js", "no-js"])
def test_a_coordinator_asks_why_not(live, page, axe, scripted):
    session = live.session()
    cast = Cast.create(session)
    cast.mentor.offer.places, cast.mentor.offer.minutes_a_month = 1, 60
    make_mentee(session, cast.programme, make_person(session, "Nia Okafor"), topics=["career_change"])
    round_ = make_round(session, cast.programme, state="enrolling")
    session.commit()
    live.sign_in(cast.ada, page.context)

    page.goto(f"/c/{cast.programme.slug}/rounds/{round_.id}")
    press(page, "Freeze the pool")
    press(page, "Work out the pairs")
    ask = page.get_by_role("link", name="Why not two others?")
    wait_for(page, ask, scripted=scripted)
    axe(page, scripted=scripted)
    go(ask)
    axe(page, scripted=scripted)
    page.get_by_role("group", name="Mentee").get_by_role("searchbox").fill("okafor")
    page.get_by_role("group", name="Mentor").get_by_role("searchbox").fill("farahani")
    press(page, "Ask")
    expect(page.locator("h1")).to_have_text("Nia Okafor and Dr Mo Farahani could be a pair")
    expect(page.locator("main")).to_contain_text(re.compile("Would end: Lee Lindqvist with Dr Mo Farahani"))
    axe(page, scripted=scripted)
    follow(page, "Pin this pair…")
    axe(page, scripted=scripted)
    press(page, "Pin")
    expect(page.get_by_text("The pair is pinned.").first).to_be_visible()
