"""What the two of an open offer wrote and asked, by the reader's clock."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _

from webapp.models import OfferAsk
from webapp.presenters.names import short_name
from webapp.presenters.slots import present_slot
from webapp.services.my_offer_talk import Talk
from webapp.services.my_offers import OfferFound
from webapp.services.offer_calls import read_moment, write_moment
from webapp.services.offer_hours import Hour, read_hour, write_hour
from webapp.services.slots import EVERY, first_day
from webapp.services.vocabulary import city_of

Choice = tuple[str, str]  # value, words
CALL = timedelta(minutes=15)


@dataclass(frozen=True)
class Line:
    who: str
    mine: bool
    text: str
    when: str


@dataclass(frozen=True)
class Ask:
    """A wish that waits: mine, or one that I may answer."""

    id: uuid.UUID
    mine: bool
    title: str
    choices: tuple[Choice, ...]
    needs_beyond: bool = False


@dataclass(frozen=True)
class Call:
    id: uuid.UUID
    when: str
    place: str
    is_ahead: bool


@dataclass(frozen=True)
class TalkPage:
    lines: tuple[Line, ...]
    seen: int
    may_write: bool
    is_open: bool
    answers: bool  # the last word is the other's: what I write is an answer
    hour: Ask | None
    asked_call: Ask | None
    call: Call | None


def present_talk(found: OfferFound, talk: Talk, *, now: datetime) -> TalkPage:
    short = short_name(found.other.person.name)
    is_open = found.offer.state == "open" and found.offer.deadline_at > now
    lines = tuple(
        Line(
            who=_("You") if message.side == found.side else short,
            mine=message.side == found.side,
            text=message.text,
            when=str(format_date(message.created_at.astimezone(ZoneInfo(found.me.person.zone)).date(), "EEEE d MMMM")),
        )
        for message in talk.messages
    )
    return TalkPage(
        lines=lines,
        seen=talk.seen,
        may_write=talk.may_write,
        is_open=is_open,
        answers=bool(lines) and not lines[-1].mine,
        hour=_hour(found, talk.hour, short, now) if talk.hour else None,
        asked_call=_asked_call(found, talk, talk.asked_call, short) if talk.asked_call else None,
        call=_call(found, talk.call, now) if talk.call else None,
    )


def hour_choices(found: OfferFound, hours: Iterable[Hour], *, now: datetime) -> list[Choice]:
    """Write hours as the reader's clock shows them, with the other's time where it differs."""
    programme, zone = found.offer.mentor.programme, found.offer.mentor.person.zone
    choices = []
    for hour in hours:
        slot = present_slot(
            hour[0],
            hour[1],
            programme.meeting_minutes,
            mentor_zone=zone,
            reader=found.me.person.zone,
            other=found.other.person.zone,
            not_before=first_day(programme.starts_on, now, zone),
            week=hour[2],
            every=EVERY[programme.cadence],
        )
        if slot is not None:
            words = _("%(when)s, first on %(day)s", when=slot.when, day=slot.first)
            if slot.other:
                words = f"{words} ({_('%(time)s for %(name)s', time=slot.other, name=_short(found))})"
            choices.append((write_hour(hour), words))
    return choices


def call_choices(found: OfferFound, moments: Iterable[datetime]) -> list[Choice]:
    return [(write_moment(moment), _moment_words(found, moment)) for moment in moments]


def clock_words(found: OfferFound) -> str:
    return _("All times are %(city)s time.", city=city_of(found.me.person.zone))


def _hour(found: OfferFound, ask: OfferAsk, short: str, now: datetime) -> Ask:
    mine = ask.side == found.side
    title = _("You proposed another hour") if mine else _("%(name)s proposes another hour", name=short)
    return Ask(ask.id, mine, title, tuple(hour_choices(found, map(read_hour, ask.choices), now=now)))


def _asked_call(found: OfferFound, talk: Talk, ask: OfferAsk, short: str) -> Ask:
    mine = ask.side == found.side
    title = _("You asked for a first call") if mine else _("%(name)s would like to call you first", name=short)
    choices = tuple(call_choices(found, map(read_moment, ask.choices)))
    return Ask(ask.id, mine, title, choices, needs_beyond=not mine and talk.month_is_full)


def _call(found: OfferFound, ask: OfferAsk, now: datetime) -> Call | None:
    if ask.starts_at is None:
        return None
    return Call(ask.id, _moment_words(found, ask.starts_at), ask.place, ask.starts_at > now)


def _moment_words(found: OfferFound, moment: datetime) -> str:
    local, other = (moment.astimezone(ZoneInfo(member.person.zone)) for member in (found.me, found.other))
    end = (moment + CALL).astimezone(ZoneInfo(found.me.person.zone))
    day = str(format_date(local.date(), "EEEE d MMMM"))
    words = _("%(day)s, %(start)s to %(end)s", day=day, start=f"{local:%H:%M}", end=f"{end:%H:%M}")
    if local.replace(tzinfo=None) != other.replace(tzinfo=None):
        words = f"{words} ({_('%(time)s for %(name)s', time=f'{other:%H:%M}', name=_short(found))})"
    return words


def _short(found: OfferFound) -> str:
    return short_name(found.other.person.name)
