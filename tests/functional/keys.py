"""How tests use pages by keyboard alone: Tab, Enter, Space and arrows, with the focus seen at every step."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

MOST_TABS = 120
FOCUSED = """what => {
  const one = document.activeElement;
  if (!one || one === document.body) return ["", false, true];
  const labels = [...(one.labels || [])].map(label => label.textContent).join(" ");
  const words = (labels || one.getAttribute("aria-label") || one.textContent || "").replace(/\\s+/g, " ").trim();
  return [words, one.matches(what), getComputedStyle(one).outlineStyle !== "none"];
}"""


@dataclass
class Keys:
    """Somebody without a mouse."""

    page: Page
    axe: Callable[..., None]
    scripted: bool

    def tab_to(self, words: str, what: str = "*") -> None:
        """Press Tab until a control of this kind that says this has the focus; each one on the way shows it."""
        said: list[str] = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            name, fits, is_seen = self.page.evaluate(FOCUSED, what)
            assert is_seen, f"nobody sees the focus on {name!r}"
            if fits and words in name:
                return
            said.append(name[:40])
        raise AssertionError(f"no way to {words!r} by keyboard; went over {said}")

    def follow(self, words: str) -> None:
        self.tab_to(words, "main a")
        self._enter()

    def press(self, words: str) -> None:
        self.tab_to(words, "main button")
        self._enter()

    def _enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        """Type into a field, in place of what stood there."""
        self.tab_to(label, "input, textarea")
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """Go down a list to an option: letters typed would be put together by a clock."""
        self.tab_to(label, "select")
        chosen = self.page.locator("select:focus")
        for _ in range(chosen.locator("option").all_inner_texts().index(option)):
            self.page.keyboard.press("ArrowDown")
        expect(chosen.locator("option:checked")).to_have_text(option)

    def tick(self, label: str) -> None:
        self.tab_to(label, "input[type=checkbox], input[type=radio]")
        self.page.keyboard.press("Space")

    def sees(self, title: str) -> None:
        """Be on the page of this headline, which keeps the rules of accessibility."""
        expect(self.page.locator("h1")).to_have_text(title)
        if self.scripted:  # the pages are the same without
            self.axe(self.page)

    def hears(self, words: str) -> None:
        """Have the focus on what the last button came to, where the next Tab goes on from."""
        news = self.page.locator("main [role=status], main [role=alert]").filter(has_text=words)
        expect(news).to_be_focused()
