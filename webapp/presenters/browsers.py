"""The names of browsers, as far as they tell them."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from webapp.services.logins import Browser

# The first that is found counts: nearly all of them also claim to be the others.
PROGRAMMES = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class BrowserLine:
    name: str
    since: datetime
    seen_at: datetime
    is_this: bool


def name_browser(agent: str) -> str:
    """Return words such as "Firefox on Windows" for what a browser says of itself."""
    programme = next((name for mark, name in PROGRAMMES if re.search(mark, agent)), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if programme and system:
        return _("%(programme)s on %(system)s", programme=programme, system=system)
    return programme or system or _("A browser that does not say its name")


def present_browsers(browsers: list[Browser]) -> list[BrowserLine]:
    return [BrowserLine(name_browser(b.agent), b.since, b.seen_at, b.is_this) for b in browsers]
