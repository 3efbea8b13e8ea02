"""From the public page of a programme into its pool, by keyboard alone: keys and answers are counted."""

import sys
import time
from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.factories.cast import make_programme
from webapp.models import Membership, OutboxMessage, Person

pytestmark = pytest.mark.browser
MOST_KEYS, MOST_ANSWERS = 60, 10
EMAIL = "noor.aziz+mosaic@example.org"


class Hands:
    """Hands on a keyboard. Letters of words are typed; every other key is counted, and so is every answer."""

    def __init__(self, page) -> None:
        self.page, self.keys, self.answers, self.log = page, 0, 0, []

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def tab_to(self, name: str) -> None:
        """Go on with the Tab key until what has this name has the focus."""
        before = self.keys
        for _time in range(MOST_KEYS):
            if self.focused().startswith(name):
                self.log.append(f"{self.keys - before} to {name}")
                return
            self.press("Tab")
        pytest.fail(f"{name} is not reached, but {self.focused()!r}; {self.log}")

    def focused(self) -> str:
        return self.page.evaluate(
            "() => { const at = document.activeElement; if (at === document.body) return '';"
            " const by = at.labels?.length ? at.labels[0].innerText : at.getAttribute('aria-label') ?? at.innerText;"
            " return (by ?? '').trim(); }"
        )

    def answer(self, name: str, words: str) -> None:
        self.tab_to(name)
        self.page.keyboard.type(words)
        self.answers += 1

    def skip(self) -> None:
        """Leave out what stands above the page; a browser carries the place over to the page after a form."""
        if urlsplit(self.page.url).fragment != "main":
            self.tab_to("Skip to the page")
            self.press("Enter")
        expect(self.page.locator("main")).to_be_focused()

    def leave(self, path: str) -> None:
        self.press("Enter")
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)


def confirm_link(live) -> str:
    with live.session() as session:
        mail = session.scalars(select(OutboxMessage).where(OutboxMessage.template == "verify")).one()
        return f"/verify/{mail.params['token']}?next={mail.params['next']}"


def test_from_the_public_page_into_the_pool_by_keyboard(live, page, axe, record_property):
    session = live.session()
    programme = make_programme(session, enrols_until=date(2100, 1, 1))
    session.commit()
    base = f"/join/{programme.slug}"
    hands, began = Hands(page), time.monotonic()
    page.goto(f"/p/{programme.slug}")
    hands.skip()
    hands.tab_to("Find a mentor")
    hands.leave("/join")
    hands.skip()
    hands.answer("Your name", "Dr Noor Aziz")
    hands.answer("E-mail", EMAIL)
    hands.answer("Choose a password", "three quiet owls")
    hands.leave("/join/check-mail")
    page.goto(confirm_link(live))
    hands.skip()
    hands.tab_to("Yes")
    hands.leave(base)
    axe(page)
    hands.skip()
    hands.tab_to("Begin: find a mentor")
    hands.leave(f"{base}/you")
    axe(page)
    hands.skip()
    hands.answer("Where you are", "Junior res")
    hands.answer("Find by name", "ENT")
    hands.press("Enter")
    hands.leave(f"{base}/request")
    hands.skip()
    hands.answer("What you need most", "Operative")
    hands.tab_to("Find by name")
    hands.leave(f"{base}/hours")
    axe(page)
    hands.skip()
    hands.tab_to("All of Monday")
    hands.press("Enter")
    hands.answers += 1
    hands.press("Tab")
    hands.leave(f"{base}/check")
    hands.skip()
    hands.tab_to("I agree to this")
    hands.press("Space")
    hands.answers += 1
    hands.leave("/home")
    seconds = time.monotonic() - began
    sys.stdout.write(f"{hands.keys} keys, {hands.answers} answers, {seconds:.0f} s: {'; '.join(hands.log)}\n")
    record_property("keys", hands.keys)
    record_property("seconds", round(seconds))
    with live.session() as session:
        member = session.scalars(select(Membership).join(Person).where(Person.email == EMAIL)).one()
        assert (member.status, member.is_mentee, member.joined_at is not None) == ("active", True, True)
    assert hands.keys < MOST_KEYS, hands.log
    assert hands.answers <= MOST_ANSWERS, hands.answers
