"""How tests go through pages as people do: with or without script, or by keyboard alone."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 150
WORK = 120.0  # seconds that a worker may take on a busy machine
FOCUSED = """what => {
  const one = document.activeElement;
  if (one === document.body) return ["", false, ""];
  const labels = [...(one.labels || [])].map(label => label.textContent).join(" ");
  const words = (one.textContent || labels + " " + one.name || "").replace(/\\s+/g, " ").trim();
  return [words, one.matches(what), getComputedStyle(one).outlineStyle];
}"""


@dataclass
class Walker:
    """Somebody who goes from page to page, each of which is looked at on the way."""

    page: Page
    axe: Callable[..., None]
    scripted: bool
    seen: set[tuple[str, str]] = field(default_factory=set)

    def look(self) -> None:
        """Hold the page to the rules of accessibility, as it stands; one that is passed again with its news, once."""
        self.page.wait_for_load_state()
        known = (re.sub(r"[0-9a-f-]{32,}|(?<=/invited/).*|#.*", "", self.page.url), self._news())
        if known not in self.seen:
            self.seen.add(known)
            self.axe(self.page, scripted=self.scripted)

    def _news(self) -> str:
        return " ".join(self.page.locator("h1, [role=status]").all_inner_texts())

    def press(self, button: str | re.Pattern[str]) -> None:
        press(self.page, button)

    def follow(self, link: str | re.Pattern[str]) -> None:
        follow(self.page, link)

    def turn_to(self, chapter: str) -> None:
        """Go to a chapter of the console by the navigation."""
        turn_to(self.page, chapter)

    def wait_for(self, done: Locator) -> None:
        """Wait until a worker has done what a page shows the progress of; without script by loading it again."""
        wait_for(self.page, done, scripted=self.scripted)


def go(by: Locator) -> None:
    """Click on what leads to a page and wait for that page.

    A click comes back before the answer does: what is read right after it may be of the page before, and what is
    clicked next may call the answer off.
    """
    with by.page.expect_navigation():
        by.click()


def press(page: Page, button: str | re.Pattern[str]) -> None:
    """Press the last button of this name on the page; the next page is there afterwards."""
    go(page.locator("main").get_by_role("button", name=button).last)


def follow(page: Page, link: str | re.Pattern[str]) -> None:
    """Follow the first link of this name on the page; the next page is there afterwards."""
    go(page.locator("main").get_by_role("link", name=link).first)


def turn_to(page: Page, chapter: str) -> None:
    go(page.get_by_role("navigation", name="Main").get_by_role("link", name=chapter))


def wait_for(page: Page, done: Locator, *, scripted: bool) -> None:
    """Wait for what the worker brings; where script runs the page reloads itself."""
    if scripted:
        expect(done).to_be_visible(timeout=WORK * 1000)
        page.wait_for_load_state()
        return
    reload_until(page, done)
    expect(done).to_be_visible()


def reload_until(page: Page, done: Locator) -> None:
    """Load a page that changes by itself no more once it is read again and again, until this is on it."""
    until = time.monotonic() + WORK
    while not done.count() and time.monotonic() < until:
        page.wait_for_timeout(100)
        page.reload()


def tab_to(page: Page, words: str, *, what: str = "*") -> None:
    """Press Tab until the focus is on a control of this kind that says this; it is seen to be there."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        said, fits, ring = page.evaluate(FOCUSED, what)
        if fits and words in said:
            assert ring != "none", words
            return
    raise AssertionError(f"no way to {words!r} by keyboard; at {said!r}")


def press_enter_on(page: Page, words: str, *, what: str = "a, button") -> None:
    tab_to(page, words, what=what)
    with page.expect_navigation():
        page.keyboard.press("Enter")
