"""The whole story in a real browser, with a real worker: from an empty installation to pairs that both said yes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.functional.browser import LONGEST
from tests.functional.walking import follow, go, press, reload_until, turn_to, wait_for
from webapp.services.accounts import create_operator

PASSWORD = "seven quiet lakes at dawn"


@dataclass
class Person:
    """Somebody with a browser of her own."""

    name: str
    email: str
    page: Page


@dataclass
class Story:
    """The browsers of everybody in the story, and how they go about things."""

    live: object
    axe: object
    chromium: object
    scripted: bool
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def someone(self, name: str, email: str) -> Person:
        context = self.chromium.new_context(
            base_url=self.live.url,
            java_script_enabled=self.scripted,
            viewport={"width": 1280, "height": 900},
            locale="en-GB",
            timezone_id="America/Chicago",
        )
        context.set_default_timeout(LONGEST)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: said.type == "error" and self.faults.append(f"{page.url}: {said.text}"))
        return Person(name, email, page)

    def look(self, person: Person) -> None:
        """Hold the page to the rules of accessibility, as it stands; a page that two people pass alike, once."""
        page = person.page
        page.wait_for_load_state()
        known = (re.sub(r"[0-9a-f-]{32,}|(?<=/answer/).*", "", page.url), page.locator("h1").inner_text())
        if known not in self.seen:
            self.seen.add(known)
            self.axe(page, scripted=self.scripted)

    def press(self, person: Person, button: str | re.Pattern) -> None:
        self.look(person)
        press(person.page, button)

    def follow(self, person: Person, link: str | re.Pattern) -> None:
        self.look(person)
        follow(person.page, link)

    def open_mail(self, person: Person, subject: str | re.Pattern) -> None:
        """Open the newest mail to this person with this subject in the mailbox page, once the worker has sent it."""
        row = person.page.locator("main li, main tr").filter(has_text=person.email).filter(has_text=subject)
        person.page.goto("/dev/mail")
        reload_until(person.page, row)
        self.look(person)
        go(row.first.get_by_role("link").first)
        self.look(person)

    def follow_mail(self, person: Person, address: str) -> None:
        go(person.page.locator(f'main a[href*="{address}"]').first)


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def story(request, live, chromium, axe, worker) -> Iterator[Story]:
    story = Story(live, axe, chromium, request.param)
    yield story
    for context in story.contexts:
        context.close()
    assert not story.faults, story.faults


def _take_office(story: Story) -> Person:
    """The operator opens her one-time link, sets a password, and makes a programme with an open round."""
    helen = story.someone("Dr Helen Ostrowski", "helen@example.org")
    with story.live.session() as session:
        secret = create_operator(session, email=helen.email, name=helen.name, now=datetime.now(UTC))
    helen.page.goto(f"/operator/{secret}")
    helen.page.get_by_label("password").fill(PASSWORD)
    story.press(helen, "Set this password")
    helen.page.goto("/c/new")
    helen.page.get_by_label("Name").first.fill("Riverside Women in Surgery")
    story.press(helen, "Make the programme")
    story.look(helen)
    turn_to(helen.page, "Rounds")
    story.follow(helen, "Begin a round")
    helen.page.get_by_label("Name").fill("Spring")
    story.press(helen, "Begin the round")
    story.press(helen, "Open for joining")
    return helen


def _sign_up(story: Story, person: Person, button: str | re.Pattern) -> None:
    """From the public page to the task list, by way of the mail."""
    person.page.goto("/p/riverside-women-in-surgery")
    story.follow(person, button)
    person.page.get_by_label("Your name").fill(person.name)
    person.page.get_by_label("E-mail").fill(person.email)
    person.page.get_by_label("Password").fill(PASSWORD)
    story.press(person, "Make my account")
    story.open_mail(person, "Confirm")
    story.follow_mail(person, "/verify/")
    story.press(person, "Yes, confirm it")
    expect(person.page).to_have_url(re.compile("/join/"))


def _pick(story: Story, person: Person, legend: str, *names: str) -> None:
    """Choose from a long list: by typing with script, with the button beside the field without."""
    for name in names:
        group = person.page.get_by_role("group", name=legend)
        if story.scripted:
            group.get_by_role("combobox").fill(name)
            group.get_by_role("option", name=name).first.click()
        else:
            group.get_by_role("searchbox").fill(name)
            go(group.get_by_role("button", name="Find"))
            person.page.get_by_role("group", name=legend).get_by_role("checkbox", name=name).first.check()


def _say_who(story: Story, person: Person, stage: str) -> None:
    person.page.get_by_label("Where you are in your career").select_option(label=stage)
    _pick(story, person, "Your specialties", "General Surgery")
    person.page.get_by_label("Your time zone").select_option("America/Chicago")
    story.press(person, "Save and continue")


def _tick_hours(story: Story, person: Person) -> None:
    for day in ("Tuesday", "Thursday"):
        for time in ("18:00 to 18:30", "18:30 to 19:00", "19:00 to 19:30", "19:30 to 20:00"):
            person.page.get_by_role("checkbox", name=f"{day} {time}").check()
    story.press(person, "Save and continue")


def _agree(story: Story, person: Person) -> None:
    story.look(person)
    person.page.get_by_role("checkbox").last.check()
    story.press(person, re.compile("^Join"))
    story.look(person)
    person.page.goto("/home")
    story.look(person)


def _join_as_mentor(story: Story) -> Person:
    mo = story.someone("Dr Mo Farahani", "mo@example.org")
    _sign_up(story, mo, re.compile("^Offer"))
    story.press(mo, re.compile("^Begin"))  # her role is known from the button she pressed
    _say_who(story, mo, "Attending - mid career (6-15 years)")
    _pick(story, mo, "What you can help with", "Operative and technical skills", "Leadership development")
    mo.page.get_by_label("Minutes a month you can give").fill("120")
    story.press(mo, "Save and continue")
    _tick_hours(story, mo)
    _agree(story, mo)
    return mo


def _join_as_mentee(story: Story, name: str, email: str) -> Person:
    person = story.someone(name, email)
    _sign_up(story, person, "Find a mentor")
    story.press(person, re.compile("^Begin"))
    _say_who(story, person, "Junior resident (PGY-2 to PGY-3)")
    person.page.get_by_label("What you need most").select_option(label="Operative and technical skills")
    person.page.get_by_label("What should be different").fill("I want to run the room.")
    story.press(person, "Save and continue")
    _tick_hours(story, person)
    _agree(story, person)
    return person


def _show_interest(story: Story, person: Person, in_whom: str) -> None:
    person.page.goto("/suggestions")
    expect(person.page.locator("main")).to_contain_text(in_whom)
    story.press(person, re.compile("^Interested"))
    expect(person.page.locator("main")).to_contain_text("You are interested")
    story.look(person)


def _run_round(story: Story, helen: Person) -> None:
    page = helen.page
    page.goto("/c/riverside-women-in-surgery/people")
    story.look(helen)
    page.goto("/c/riverside-women-in-surgery/pool")
    wait_for(page, page.get_by_text("nothing has changed since"), scripted=story.scripted)
    story.look(helen)
    turn_to(page, "Rounds")
    story.follow(helen, "Spring")
    story.press(helen, "Freeze the pool")
    story.press(helen, "Work out the pairs")
    wait_for(page, page.get_by_text("No better matching exists"), scripted=story.scripted)
    for mentee in ("Lee Lindqvist", "Inés Tachibana"):
        expect(page.locator("main")).to_contain_text(mentee)
    story.follow(helen, re.compile("^Publish 2 offers"))
    page.locator("#offers").fill("2")
    story.press(helen, "Publish 2 offers")
    expect(page.locator("main")).to_contain_text("Mo Farahani")
    story.look(helen)


def _say_yes_on_the_site(story: Story, person: Person) -> None:
    person.page.goto("/home")
    story.follow(person, "Read and answer")
    story.press(person, "Say yes")
    story.look(person)


def _say_yes_by_mail(story: Story, person: Person) -> None:
    """The mail's link answers for somebody who is not signed in, but only when its button is pressed."""
    story.open_mail(person, re.compile("meet|offer|mentor", re.IGNORECASE))
    person.page.context.clear_cookies()
    story.follow_mail(person, "/answer/")
    story.press(person, "Say yes")
    story.look(person)


@pytest.mark.browser
@pytest.mark.timeout(1800)
def test_two_mentees_find_a_mentor(story):
    helen = _take_office(story)
    mo = _join_as_mentor(story)
    lee = _join_as_mentee(story, "Lee Lindqvist", "lee@example.org")
    inez = _join_as_mentee(story, "Inés Tachibana", "ines@example.org")
    _show_interest(story, lee, "Mo Farahani")
    _run_round(story, helen)
    _say_yes_on_the_site(story, mo)
    _say_yes_on_the_site(story, mo)
    _say_yes_on_the_site(story, lee)
    _say_yes_by_mail(story, inez)
    lee.page.goto("/mentorships")
    story.follow(lee, re.compile("Mo Farahani|Open"))
    expect(lee.page.locator("main")).to_contain_text(mo.email)
    helen.page.goto("/c/riverside-women-in-surgery/pairs")
    story.look(helen)
    for mentee in ("Lee Lindqvist", "Inés Tachibana"):
        expect(helen.page.locator("main")).to_contain_text(mentee)
    mo.page.goto("/me/time")
    expect(mo.page.locator("main")).to_contain_text("120")
    story.look(mo)
