"""The people of a programme as their coordinator reads them, line by line."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.dates import day
from webapp.presenters.reasons import listed
from webapp.presenters.states import MEMBER
from webapp.services.people import PeoplePage, PersonRow
from webapp.services.vocabulary import name_of, names_of

STEP_WORDS: Mapping[str, Any] = {
    "roles": _l("the role"),
    "you": _l("who they are"),
    "offer": _l("what they offer"),
    "request": _l("what they need"),
    "hours": _l("the hours"),
    "check": _l("the last check"),
}
NEEDS_WORDS: Mapping[str, Any] = {
    "anything": _l("Not finished"),
    "roles": _l("Missing: the role"),
    "you": _l("Missing: who they are"),
    "offer": _l("Missing: what they offer"),
    "request": _l("Missing: what they need"),
    "hours": _l("Missing: the hours"),
    "check": _l("Missing: only the last check"),
    "unopened": _l("Invited, has not begun"),
    "unsent": _l("Not invited yet"),
    "approval": _l("Waits for your approval"),
    "mailbox": _l("Mails do not arrive"),
}


@dataclass(frozen=True)
class Badge:
    text: str
    kind: str


@dataclass(frozen=True)
class Month:
    """A mentor's minutes a month: for the tiles and beside them in words."""

    reserved: int
    free: int
    given: int
    over: int

    @property
    def sentence(self) -> str:
        return _("%(reserved)d of %(given)d minutes a month taken", reserved=self.reserved, given=self.given)


@dataclass(frozen=True)
class PersonLine:
    id: uuid.UUID
    name: str
    email: str
    place: str
    stage: str
    specialties: str
    roles: str
    kind: str
    status: Badge
    month: Month | None
    places: str
    wanted: int | None
    open: str  # what is missing before she takes part, and since when she has been asked
    bounce: str


def present_people(page: PeoplePage) -> list[PersonLine]:
    return [_line(row) for row in page.rows]


def _line(row: PersonRow) -> PersonLine:
    text, kind = MEMBER[row.status]
    if row.is_coordinator and not (row.is_mentor or row.is_mentee):
        text, kind = _("Coordinates"), ""
    if row.status == "invited" and row.invited_at is None:
        text, kind = _("Not invited yet"), ""
    return PersonLine(
        id=row.id,
        name=row.name,
        email=row.email,
        place=", ".join(part for part in (row.institution, row.city) if part),
        stage=name_of("stage", row.stage) if row.stage else _("Stage not stated"),
        specialties=", ".join(names_of("specialty", row.specialties[:3])),
        roles=roles_of(is_mentor=row.is_mentor, is_mentee=row.is_mentee, is_coordinator=row.is_coordinator),
        kind=kind_of(is_mentor=row.is_mentor, is_mentee=row.is_mentee),
        status=Badge(str(text), kind),
        month=month_of(row.reserved, row.minutes) if row.minutes is not None else None,
        places=_("%(taken)d of %(all)d places", taken=row.reserved_places, all=row.places)
        if row.places is not None
        else "",
        wanted=row.wanted,
        open=_open(row),
        bounce=row.bounce,
    )


def _open(row: PersonRow) -> str:
    if row.status == "pending" and row.asked_at:
        return _("Asked to take part on %(day)s", day=day(row.asked_at))
    if not row.missing:
        return ""
    parts = [_("Missing: %(steps)s", steps=listed([str(STEP_WORDS[step]) for step in row.missing]))]
    last = row.reminded_at or row.invited_at
    if last:
        text = _("reminded on %(day)s", day=day(last)) if row.reminded_at else _("invited on %(day)s", day=day(last))
        parts.append(text)
    return "; ".join(parts)


def month_of(reserved: int, given: int) -> Month:
    return Month(
        reserved=min(reserved, given), free=max(0, given - reserved), given=given, over=max(0, reserved - given)
    )


def kind_of(*, is_mentor: bool, is_mentee: bool) -> str:
    if is_mentor:
        return "i"
    return "" if is_mentee else "g"


def roles_of(*, is_mentor: bool, is_mentee: bool, is_coordinator: bool) -> str:
    names = [(is_mentor, _("mentor")), (is_mentee, _("mentee")), (is_coordinator, _("coordinator"))]
    return listed([name for has, name in names if has])
