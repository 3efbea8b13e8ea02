"""A student and a mentor from the approval to the day itself: by keyboard alone, and without script."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.factories.cast import Cast, make_mentee, make_person
from tests.factories.letters import PARTS, open_box
from tests.functional.walking import press_enter_on, tab_to
from webapp.models import MentorOffer, TimeEntry


@dataclass
class Hands:
    """Somebody who uses the keyboard alone where script runs, and the mouse without script."""

    page: Page
    by_keyboard: bool

    def press(self, button: str) -> None:
        if self.by_keyboard:
            press_enter_on(self.page, button, what="main button")
        else:
            self.page.locator("main").get_by_role("button", name=button).click()

    def follow(self, link: str) -> None:
        if self.by_keyboard:
            press_enter_on(self.page, link, what="main a")
        else:
            self.page.locator("main").get_by_role("link", name=link).first.click()

    def tick(self, label: str) -> None:
        if self.by_keyboard:
            tab_to(self.page, label, what="main input")
            self.page.keyboard.press("Space")
        else:
            self.page.get_by_label(label).check()
        expect(self.page.get_by_label(label)).to_be_checked()

    def choose(self, label: str, further: int) -> None:
        """Choose one of several radio buttons, so many further than the first: Tab leads there, and arrows go on."""
        if self.by_keyboard:
            tab_to(self.page, "15 minutes", what="main input")
            for _other in range(further):
                self.page.keyboard.press("ArrowDown")
        else:
            self.page.get_by_label(label).check()
        expect(self.page.get_by_label(label)).to_be_checked()

    def write(self, label: str, text: str) -> None:
        if self.by_keyboard:
            tab_to(self.page, label, what="main textarea")
            self.page.keyboard.type(text)
        else:
            self.page.get_by_label(label).fill(text)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("server", "page"), [("sqlite", True), ("postgresql", False)], indirect=True, ids=["keyboard", "no-js"]
)
def test_student_asks_for_a_shadow_day_and_it_takes_place(live, page: Page, axe):
    scripted = live.engine.dialect.name == "sqlite"
    hands, session = Hands(page, scripted), live.session()
    cast = Cast.create(session)
    cast.programme.rules = {**cast.programme.rules, "students_need_approval": True}
    open_box(session, cast.mentor)
    noor = make_person(session, "Noor Haddad", profile={"stage": "ms_clinical"})
    member = make_mentee(session, cast.programme, noor)
    member.status, member.joined_at, member.adult_confirmed_at = "pending", None, None
    session.commit()

    def arrives(title: str, news: str = "") -> None:
        expect(page.locator("h1")).to_have_text(title)
        if news:
            expect(page.get_by_role("status").first).to_contain_text(news)

    def looks_right(title: str, news: str = "") -> None:
        """Hold the page to the rules of accessibility too; those of letters and offers have tests of their own."""
        arrives(title, news)
        if scripted:  # the pages are the same without
            axe(page)

    live.sign_in(cast.ada, page.context)
    page.goto(f"/c/{cast.programme.slug}/people/approvals/students")
    looks_right("1 mentor is not approved for students")
    hands.tick("Dr Mo Farahani")
    hands.press("Approve those ticked")
    arrives("Every mentor is approved for students", "1 mentor is approved now")

    live.sign_in(cast.mo, page.context)
    page.goto("/me")
    hands.follow("Mentoring, questions, shadow days")
    looks_right("What do you give?")
    hands.tick("A shadow day")
    hands.press("Save")
    arrives("About you", "is saved")

    live.sign_in(noor, page.context)
    page.goto(f"/join/{cast.programme.slug}")
    hands.follow("Check your answers and join")
    hands.press("Join Lakeland")
    expect(page.get_by_role("alert")).to_contain_text("2 answers need another look")
    looks_right("Check your answers")
    hands.tick("I am 18 or older")
    hands.tick("I agree to this")
    hands.press("Join Lakeland")
    expect(page.get_by_role("status").first).to_contain_text("You have joined")
    page.goto("/mentors")
    arrives("1 mentor you may write to")
    hands.follow("Dr Mo Farahani")
    hands.follow("Write a letter")
    arrives("A letter to Dr Mo Farahani")
    for label, part in (("Who I am", "who"), ("Why you", "why"), ("My one question", "question")):
        hands.write(label, PARTS[part])
    hands.choose("A shadow day", further=3)
    hands.press("Look at the letter")
    arrives("Your letter to Dr Mo Farahani")
    hands.press("Send the letter")
    arrives("Your letter to Dr Mo Farahani is on its way")

    live.sign_in(cast.mo, page.context)
    page.goto("/home")
    hands.follow("Read and answer")
    arrives("A letter from Noor Haddad")
    hands.press("Say yes")
    arrives("You said yes to Noor Haddad")

    live.sign_in(noor, page.context)
    page.goto("/home")
    expect(page.get_by_role("heading", name="A shadow day with Dr Mo Farahani?")).to_be_visible()
    hands.follow("Read and answer")
    arrives("A shadow day with Dr Mo Farahani?")
    hands.press("Say yes")
    arrives("A shadow day for you and Dr Mo Farahani")
    page.goto("/mentorships")
    hands.follow("Dr Mo Farahani")
    looks_right("You and Dr Farahani")
    today = datetime.now(ZoneInfo(cast.mo.zone)).date().isoformat()
    page.get_by_label("The day you agreed on").fill(today)
    hands.press("Keep this day")
    looks_right("You and Dr Farahani", "The day is kept")

    live.sign_in(cast.mo, page.context)
    page.goto("/home")
    hands.follow("Say so")
    arrives("You and Noor")
    hands.press("It took place")
    looks_right("You and Noor", "The minutes are spent")
    page.goto("/me/time")
    expect(page.get_by_text("Noor Haddad, took place")).to_be_visible()
    session.rollback()
    assert session.scalar(select(MentorOffer.reserved_minutes).where(MentorOffer.membership_id == cast.mentor.id)) == 60
    kinds = session.execute(select(TimeEntry.kind, TimeEntry.minutes, TimeEntry.places).order_by(TimeEntry.created_at))
    assert [tuple(row) for row in kinds] == [("reserved", 60, 0), ("spent", 60, 0)]
