"""The waiting list, in words."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.services.waiting import WaitingList

WHYS: Mapping[str, Any] = {
    "declined": _l("Her offer was declined"),
    "expired": _l("Her offer ran out of time"),
    "withdrawn": _l("Her offer was withdrawn"),
    "late": _l("Joined after the freeze"),
    "left_out": _l("Left out of the round"),
}


@dataclass(frozen=True)
class WaitingRow:
    id: uuid.UUID
    name: str
    why: str
    rounds: str


@dataclass(frozen=True)
class WaitingPage:
    title: str
    lead: str
    rows: tuple[WaitingRow, ...]


def present_waiting(found: WaitingList) -> WaitingPage:
    everyone = sum(found.counts.values())
    if not everyone:
        return WaitingPage(
            _("Nobody waits for a mentor"), _("Everybody who looks for a mentor has one, or an offer of one."), ()
        )
    title = ngettext("%(num)d mentee waits for a mentor", "%(num)d mentees wait for a mentor", everyone)
    if found.free_places:
        lead = ngettext(
            "%(num)d mentor has room left: %(places)s in all.",
            "%(num)d mentors have room left: %(places)s in all.",
            found.free_mentors,
            places=ngettext("%(num)d place", "%(num)d places", found.free_places),
        )
    else:
        lead = _("No mentor has room left. A declined offer, a new mentor or more time would make some.")
    return WaitingPage(title, lead, tuple(_row(person) for person in found.rows))


def _row(person: Any) -> WaitingRow:
    times = round(person.priority)
    rounds = _("left out of %(num)d rounds so far", num=times) if times > 1 else ""
    return WaitingRow(person.id, person.name, str(WHYS[person.why]), rounds)
