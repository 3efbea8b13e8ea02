"""The coordinator of an afternoon and the other people's browsers, over one programme."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.cast import make_coordinator, make_person, make_programme
from tests.factories.workers import wait_for as wait_until
from tests.functional.walking import Walker
from webapp.mail import list_mail
from webapp.models import Person, Programme

PASSWORD = "seven grey herons at dawn"


@dataclass
class Afternoon:
    """The coordinator and the other people's browsers, over one programme."""

    ada: Walker
    session: Session
    programme: Programme
    coordinator: Person
    live: object

    @property
    def page(self) -> Page:
        return self.ada.page

    def count(self, *conditions: object) -> int:
        self.session.rollback()
        return self.session.scalar(select(func.count()).where(*conditions)) or 0

    def mail_to(self, email: str, subject: str) -> str:
        """Return the text of the newest mail to this address, once the worker has sent it."""
        folder = self.live.app.config["MOSAIC"].instance / "mail"

        def look() -> str | None:
            letters = (letter for letter in list_mail(folder, 1000) if email in letter.to)
            return next((letter.text for letter in letters if re.search(subject, letter.subject)), None)

        return wait_until(look)


@pytest.fixture
def afternoon(live, page, axe, request, worker) -> Iterator[Afternoon]:
    session = live.session()
    programme = make_programme(session, "Riverside Women in Surgery")
    ada = make_person(session, "Ada Oduya")
    make_coordinator(session, programme, ada)
    session.commit()
    live.sign_in(ada, page.context)
    return Afternoon(Walker(page, axe, request.node.callspec.params["page"]), session, programme, ada, live)
