"""A letter from the first word to the pair, in a browser, with script and without."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.factories.cast import Cast
from tests.factories.letters import PARTS, open_box
from tests.functional.walking import follow, press
from webapp.models import Mentorship


@pytest.mark.browser
@pytest.mark.parametrize(
    ("server", "page"), [("sqlite", True), ("postgresql", False)], indirect=True, ids=["sqlite-js", "postgresql-no-js"]
)
def test_letter_becomes_a_pair(live, page: Page, axe, scripted):
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
    press(page, "Filter")
    looks_right("1 mentor fits these filters")
    follow(page, "Dr Mo Farahani")
    looks_right("Dr Mo Farahani")
    follow(page, "Write a letter")
    press(page, "Look at the letter")
    expect(page.get_by_role("alert")).to_contain_text("4 answers need another look")
    looks_right("A letter to Dr Mo Farahani")
    page.get_by_label("Who I am").fill(PARTS["who"])
    page.get_by_label("Why you").fill(PARTS["why"])
    page.get_by_label("My one question").fill(PARTS["question"])
    page.get_by_label("To be my mentor").check()
    press(page, "Look at the letter")
    looks_right("Your letter to Dr Mo Farahani")
    press(page, "Change it")
    expect(page.get_by_label("My one question")).to_have_value(PARTS["question"])
    press(page, "Look at the letter")
    press(page, "Send the letter")
    looks_right("Your letter to Dr Mo Farahani is on its way")

    live.sign_in(cast.mo, page.context)
    page.goto("/home")
    follow(page, "Read and answer")
    looks_right("A letter from Lee Lindqvist")
    page.get_by_label("Your question").fill("Which year are you in?")
    press(page, re.compile("^Ask$"))
    looks_right("You asked Lee Lindqvist something")

    live.sign_in(cast.lee, page.context)
    page.goto("/letters")
    looks_right("Dr Farahani waits for your answer")
    follow(page, "Read and answer")
    page.get_by_label("Your answer").fill("The second.")
    press(page, "Send the answer")
    looks_right("Your letter to Dr Mo Farahani is on its way")

    live.sign_in(cast.mo, page.context)
    page.goto("/letters")
    follow(page, "Read and answer")
    expect(page.get_by_text("The second.")).to_be_visible()
    press(page, "Say yes")
    looks_right("You said yes to Lee Lindqvist")

    live.sign_in(cast.lee, page.context)
    page.goto("/letters")
    follow(page, "Read")
    follow(page, "Look at the offer")
    expect(page.get_by_text(cast.mo.email)).to_have_count(0)
    press(page, "Say yes")
    looks_right("You and Dr Mo Farahani are a pair")
    expect(page.get_by_role("link", name=cast.mo.email)).to_be_visible()
    assert session.scalars(select(Mentorship.status)).all() == ["active"]
