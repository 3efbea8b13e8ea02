"""A round in a real browser without script: compare, leave somebody out, look at the proof, go back to joining."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.factories.cast import Cast, make_mentor, make_person
from tests.factories.offers import make_scenario
from tests.factories.pools import freeze
from tests.functional.walking import follow, press
from webapp.models import Round


@pytest.mark.browser
@pytest.mark.parametrize("page", [False], indirect=True, ids=["no-js"])
def test_a_coordinator_compares_and_goes_back(live, page, axe):
    session = live.session()
    cast = Cast.create(session)
    noor = make_mentor(session, cast.programme, make_person(session, "Dr Noor van den Akker"))
    session.commit()
    round_id = freeze(session, cast.programme, cast.ada, datetime.now(UTC))
    round_ = session.get(Round, round_id)
    for name, mentor in (("Coverage first", cast.mentor), ("Fair floor", noor)):
        scenario = make_scenario(
            session, round_, [(mentor, cast.mentee)], totals={"mentees": 1, "coverage": 1, "pairs": 1}
        )
        scenario.name, scenario.certificate = name, "{}"
    round_.state = "review"
    session.commit()
    live.sign_in(cast.ada, page.context)

    base = f"/c/{cast.programme.slug}/rounds/{round_id}"
    page.goto(base)
    follow(page, "All, and compare")
    axe(page, scripted=False)
    press(page, "Compare")
    expect(page.locator("h1")).to_have_text("Others are paired, and everybody fits as well")
    axe(page, scripted=False)
    follow(page, "Work on with Fair floor")
    follow(page, "What changed since the freeze")
    axe(page, scripted=False)
    press(page, "Leave out Lee Lindqvist")
    page.goto(base)
    expect(page.get_by_text("1 person has left this round")).to_be_visible()
    expect(page.get_by_text("there is nothing to publish")).to_be_visible()
    expect(page.get_by_role("link", name="Work the pairs out again")).to_be_visible()
    axe(page, scripted=False)
    follow(page, "Check it again")
    axe(page, scripted=False)
    page.goto(base)
    page.get_by_text("Something else").click()
    follow(page, "Open for joining again")
    expect(page.get_by_text("2 scenarios become out of date")).to_be_visible()
    axe(page, scripted=False)
    press(page, "Open for joining again")
    expect(page.get_by_text("1 person sits this round out")).to_be_visible()
