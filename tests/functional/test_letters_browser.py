"""A letter from the first word to the pair, in a browser, with script and without."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.factories.cast import Cast
from tests.factories.letters import PARTS, open_box
from webapp.models import Mentorship


@pytest.mark.browser
@pytest.mark.parametrize(
    ("server", "page"), [("sqlite", True), ("postgresql", False)], indirect=True, ids=["sqlite-js", "postgresql-no-js"]
)
def test_letter_becomes_a_pair(live, page: Page, axe):
    scripted = live.engine.dialect.name == "sqlite"
    session = live.session()
    cast = Cast.create(session)
    open_box(session, cast.mentor, about="One question that is worth a call.")
    session.commit()

    def looks_right(title: str) -> None:
        expect(page.locator("h1")).to_have_text(title)
        if scripted:  # the pages are the same without
            axe(page)

    live.sign_in(cast.lee, page.context)
    page.goto("/mentors")
    looks_right("1 mentor you may write to")
    page.get_by_label("Find a mentor").fill("general surgery")
    page.get_by_role("button", name="Filter").click()
    looks_right("1 mentor fits these filters")
    page.get_by_role("link", name="Dr Mo Farahani").click()
    looks_right("Dr Mo Farahani")
    page.get_by_role("link", name="Write a letter").click()
    page.get_by_role("button", name="Look at the letter").click()
    expect(page.get_by_role("alert")).to_contain_text("4 answers need another look")
    looks_right("A letter to Dr Mo Farahani")
    page.get_by_label("Who I am").fill(PARTS["who"])
    page.get_by_label("Why you").fill(PARTS["why"])
    page.get_by_label("My one question").fill(PARTS["question"])
    page.get_by_label("To be my mentor").check()
    page.get_by_role("button", name="Look at the letter").click()
    looks_right("Your letter to Dr Mo Farahani")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("My one question")).to_have_value(PARTS["question"])
    page.get_by_role("button", name="Look at the letter").click()
    page.get_by_role("button", name="Send the letter").click()
    looks_right("Your letter to Dr Mo Farahani is on its way")

    live.sign_in(cast.mo, page.context)
    page.goto("/home")
    page.get_by_role("link", name="Read and answer").click()
    looks_right("A letter from Lee Lindqvist")
    page.get_by_label("Your question").fill("Which year are you in?")
    page.get_by_role("button", name="Ask", exact=True).click()
    looks_right("You asked Lee Lindqvist something")

    live.sign_in(cast.lee, page.context)
    page.goto("/letters")
    looks_right("Dr Farahani waits for your answer")
    page.get_by_role("link", name="Read and answer").click()
    page.get_by_label("Your answer").fill("The second.")
    page.get_by_role("button", name="Send the answer").click()
    looks_right("Your letter to Dr Mo Farahani is on its way")

    live.sign_in(cast.mo, page.context)
    page.goto("/letters")
    page.get_by_role("link", name="Read and answer").click()
    expect(page.get_by_text("The second.")).to_be_visible()
    page.get_by_role("button", name="Say yes").click()
    looks_right("You said yes to Lee Lindqvist")

    live.sign_in(cast.lee, page.context)
    page.goto("/letters")
    page.get_by_role("link", name="Read").click()
    page.get_by_role("link", name="Look at the offer").click()
    expect(page.get_by_text(cast.mo.email)).to_have_count(0)
    page.get_by_role("button", name="Say yes").click()
    looks_right("You and Dr Mo Farahani are a pair")
    expect(page.get_by_role("link", name=cast.mo.email)).to_be_visible()
    assert session.scalars(select(Mentorship.status)).all() == ["active"]
