"""Pairs that both said yes, as one of the two reads them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.light_formats import LightPart, present_light
from webapp.presenters.names import short_name
from webapp.presenters.offers import about_line
from webapp.presenters.places import say_place
from webapp.presenters.reasons import ReasonLine, hours_words, listed, sentences
from webapp.presenters.slots import SlotLine, present_slot
from webapp.presenters.states import AGREED, CADENCE, PAIR
from webapp.services.mentorships import Pair
from webapp.services.slots import EVERY, away_of, first_day, first_meeting, next_day

_WEEKS = {"weekly": 1, "fortnightly": 2, "monthly": 4, "bimonthly": 8, "once": 1}  # a month is every fourth week here
_NEW = timedelta(days=21)  # within which a pair should have met
MOST_NAMES = 3
_ROLE = {"mentor": _l("You are the mentor"), "mentee": _l("You are the mentee")}


@dataclass(frozen=True)
class PairPage:
    id: uuid.UUID
    offer_id: uuid.UUID
    side: str
    name: str
    short: str
    my_name: str
    email: str
    about: str
    place: str  # on the mentee's board
    programme: str
    role: str
    state: str
    badge: str
    runs: bool
    cadence: str
    length: str
    minutes: int
    since: str
    ended: str
    slot: SlotLine | None  # its `first` is the next meeting
    is_first: bool  # and that is the first of all
    is_new: bool
    reasons: list[ReasonLine]
    light: LightPart | None  # of a question or a shadow day


def present_pair(pair: Pair, *, now: datetime) -> PairPage:
    row = pair.mentorship
    mine, other = (row.mentor, row.mentee) if pair.side == "mentor" else (row.mentee, row.mentor)
    state, badge = AGREED if row.offer.once and row.status == "active" else PAIR[row.status]
    programme = row.mentor.programme
    runs = row.status in {"active", "paused"}
    zone = row.mentor.person.zone
    # Today counts until the meeting is over.
    over = timedelta(minutes=(row.slot_minute or 0) + row.meeting_minutes)
    today = (now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - over).date() + timedelta(days=1)
    begin = first_day(programme.starts_on, row.created_at, zone)
    if row.slot_weekday is not None:
        begin = first_meeting(
            row.slot_weekday,
            0,
            0,
            kept_in=zone,
            reader=zone,
            other=zone,
            not_before=begin,
            week=row.slot_week,
            every=EVERY[row.cadence],
        ).starts_at.date()
    return PairPage(
        id=row.id,
        offer_id=row.offer_id,
        side=pair.side,
        name=other.person.name,
        short=short_name(other.person.name),
        my_name=mine.person.name,
        email=other.person.email if runs else "",
        about=about_line(other, to_pair=True),
        place=say_place(row.offer.role),
        programme=programme.name,
        role=str(_ROLE[pair.side]),
        state=str(state),
        badge=badge,
        runs=runs,
        cadence=str(CADENCE[row.cadence]),
        length=hours_words(row.meeting_minutes),
        minutes=row.offer.minutes,
        since=str(format_date(row.created_at, "MMMM y")),
        ended=str(format_date(row.ended_at, "EEEE d MMMM")) if row.ended_at else "",
        slot=present_slot(
            row.slot_weekday,
            row.slot_minute,
            row.meeting_minutes,
            mentor_zone=zone,
            reader=mine.person.zone,
            other=other.person.zone,
            not_before=next_day(begin, today, weeks=_WEEKS[row.cadence]),
            every=_WEEKS[row.cadence],
            away=away_of(mine.person, other.person),
        ),
        is_first=today <= begin,
        is_new=today <= begin + _NEW,
        reasons=_reasons(pair),
        light=present_light(row, now=now) if row.offer.once else None,
    )


def _reasons(pair: Pair) -> list[ReasonLine]:
    """Say why the two; what they lack for a year together is no matter for one talk or one day."""
    offer = pair.mentorship.offer
    lines = sentences(offer.reasons, "mentor" if pair.side == "mentor" else "mentee")
    return [line for line in lines if not (offer.once and line.kind == "open")]


def pairs_title(pages: Sequence[PairPage]) -> str:
    """Say whom the reader meets, by name as long as they are few."""
    names = [page.short for page in pages if page.runs]
    if not names:
        return _("No pair at the moment") if pages else _("No pair yet")
    if len(names) > MOST_NAMES:
        return _("You meet %(num)d people", num=len(names))
    return _("You meet %(names)s", names=listed(names))


def meets(page: PairPage) -> str:
    """Say in one sentence how the two meet."""
    if page.light is not None:
        return page.light.sentence
    if page.slot is None:
        return _("%(length)s, %(cadence)s. You choose the hour together.", length=page.length, cadence=page.cadence)
    return _(
        "%(length)s, %(cadence)s, %(day)s at %(start)s your time.",
        length=page.length,
        cadence=page.cadence,
        day=page.slot.day,
        start=page.slot.start,
    )
