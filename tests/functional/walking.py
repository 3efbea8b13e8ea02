"""How tests go through pages as people do: with or without script, or by keyboard alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 150
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
        self.page.locator("main").get_by_role("button", name=button).last.click()
        self.page.wait_for_load_state()

    def follow(self, link: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("link", name=link).first.click()
        self.page.wait_for_load_state()

    def turn_to(self, chapter: str) -> None:
        """Go to a chapter of the console by the navigation."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=chapter).click()
        self.page.wait_for_load_state()

    def wait_for(self, done: Locator) -> None:
        """Wait until a worker has done what a page shows the progress of; without script by loading it again."""
        wait_for(self.page, done, scripted=self.scripted)


def wait_for(page: Page, done: Locator, *, scripted: bool) -> None:
    """Wait for what the worker brings; where script runs the page reloads itself."""
    for _ in range(300):
        if done.count():
            break
        page.wait_for_timeout(100)
        if not scripted:
            page.reload()
    expect(done).to_be_visible()


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
