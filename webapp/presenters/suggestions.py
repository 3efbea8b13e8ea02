"""Suggestions as a page: people, reasons and times in words."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.progress import AchievementLine, present_achievements
from webapp.presenters.reasons import ReasonLine, hours_words, listed, sentences, why_not_sentence
from webapp.services.fits import Meeting
from webapp.services.slots import Away
from webapp.services.suggestions import Marked, Suggested, Suggestions
from webapp.services.vocabulary import name_of, names_of

_WEEKS_AHEAD, _AN_HOUR = 12, 60
NUMBERS = (_l("One"), _l("Two"), _l("Three"), _l("Four"), _l("Five"), _l("Six"), _l("Seven"), _l("Eight"), _l("Nine"))

REASONS = {
    "topics": _l("Other topics than mine"),
    "close": _l("We work too closely together"),
    "known": _l("We know each other well already"),
    "hours": _l("The hours do not suit me"),
    "other": _l("Something else"),
}
"""Why somebody is not for one, as `webapp.services.favourites.REASONS` names it."""
REASON_CHOICES = [("", _l("I would rather not say")), *REASONS.items()]


@dataclass(frozen=True)
class Card:
    id: uuid.UUID
    name: str
    pronouns: str
    who: str
    about: str
    interested: bool
    reasons: list[ReasonLine]
    looks_for: str
    hours: str
    next: str
    next_there: str
    minutes: int | None
    reserved: int
    time: str
    brings: str = ""
    achievements: tuple[AchievementLine, ...] = ()


@dataclass(frozen=True)
class NamedAnswer:
    id: uuid.UUID
    name: str
    text: str
    can_say: bool
    hours_would_help: bool


@dataclass(frozen=True)
class Tab:
    text: str
    slug: str
    side: str
    current: bool


@dataclass(frozen=True)
class PutAside:
    """Somebody marked "not for me"; `text` says why, if she said it."""

    id: uuid.UUID
    name: str
    text: str


@dataclass(frozen=True)
class NeedTab:
    """A link to the cards of one need; without a need, of all."""

    text: str
    need: str
    current: bool


@dataclass(frozen=True)
class Page:
    title: str
    side: str
    slug: str
    programme: str
    state: str
    needs: list[str]
    need: str  # the one that the cards are about, or empty
    cards: list[Card]
    favourites: tuple[Marked, ...]
    in_order: bool
    marked: list[PutAside]
    shown: list[NeedTab]
    answers: list[NamedAnswer]
    more: str


def present_suggestions(found: Suggestions, *, zone: str, now: datetime) -> Page:
    return Page(
        title=_title(found),
        side=found.side,
        slug=found.slug,
        programme=found.programme,
        state=found.state,
        needs=names_of("topic", found.needs),
        need=found.need,
        cards=[_card(found, one, zone, now) for one in found.cards],
        favourites=found.favourites,
        in_order=found.in_order,
        marked=[PutAside(one.id, one.name, str(REASONS.get(one.reason, ""))) for one in found.marked],
        shown=_need_tabs(found),
        answers=[
            NamedAnswer(
                one.id,
                one.name,
                why_not_sentence(one.key, one.name, found.side),
                can_say=one.key == "acceptable",
                hours_would_help=one.key == "no_shared_hours",
            )
            for one in found.answers
        ],
        more=_more(found),
    )


def next_meeting(meeting: Meeting, *, now: datetime, away: Sequence[Away] = ()) -> datetime | None:
    """Return the next moment at which the shared weekly time begins and neither of the two is away."""
    if meeting.weekday is None or meeting.minute is None:
        return None
    zone = ZoneInfo(meeting.zone)
    local = now.astimezone(zone)
    first = local.date() + timedelta(days=(meeting.weekday - local.weekday()) % 7)
    for weeks in range(_WEEKS_AHEAD):
        day = first + timedelta(weeks=weeks)
        moment = datetime(day.year, day.month, day.day, meeting.minute // 60, meeting.minute % 60, tzinfo=zone)
        if moment > now and not any(one.covers(moment, _AN_HOUR) for one in away):
            return moment
    return None


def _need_tabs(found: Suggestions) -> list[NeedTab]:
    if found.side == "mentor" or len(found.needs) < 2 or found.state != "ready":
        return []
    tabs = [NeedTab(name_of("topic", need), need, need == found.need) for need in found.needs]
    return [NeedTab(_("All you look for"), "", not found.need), *tabs]


def _title(found: Suggestions) -> str:
    number = len(found.cards)
    if not number and found.need:
        return _("Nobody is free for “%(need)s” yet", need=name_of("topic", found.need))
    if not number:
        return {
            "paused": _("You have paused, so nobody is suggested"),
            "full": _("All the time you give is taken"),
            "complete": _("You have the mentors you asked for"),
            "no_hours": _("When are you free?"),
            "nobody": _("Nobody is here yet"),
        }.get(found.state, _("Nobody fits yet"))
    word = str(NUMBERS[number - 1]) if number <= len(NUMBERS) else str(number)
    if found.side == "mentor":
        return ngettext("One person you might help", "%(word)s people you might help", number, word=word)
    shared = found.need or next((need for need in found.needs if all(need in card.topics for card in found.cards)), "")
    if shared:
        need = name_of("topic", shared)
        return ngettext(
            "One person who fits “%(need)s”", "%(word)s people who fit “%(need)s”", number, word=word, need=need
        )
    return ngettext("One person who might fit you", "%(word)s people who might fit you", number, word=word)


def _more(found: Suggestions) -> str:
    more = found.possible - len(found.cards)
    if more <= 0 or not found.cards:
        return ""
    if found.side == "mentor":
        return ngettext(
            "One other person could be paired with you too.",
            "%(num)d other people could be paired with you too.",
            more,
        )
    return ngettext(
        "One other mentor could be paired with you too. A name is enough to ask.",
        "%(num)d other mentors could be paired with you too. A name is enough to ask.",
        more,
    )


def _card(found: Suggestions, one: Suggested, zone: str, now: datetime) -> Card:
    when = next_meeting(one.meeting, now=now, away=one.away)
    free = max(0, one.minutes - one.reserved) if one.minutes is not None and one.reserved is not None else None
    return Card(
        id=one.id,
        name=one.name,
        pronouns=one.pronouns,
        who=_who(one),
        about=one.about,
        interested=one.interested,
        reasons=sentences(_without_hours(one.reasons), found.side),
        looks_for=listed(names_of("topic", one.topics)) if found.side == "mentor" else "",
        hours=_("%(hours)s a week", hours=hours_words(one.meeting.shared_minutes)),
        next=_("next: %(when)s", when=format_datetime(when, "EEEE d MMMM, HH:mm")) if when else "",
        next_there=_there(when, one, found, zone),
        minutes=one.minutes,
        reserved=one.reserved or 0,
        time=_time(free, one.minutes),
        brings=one.brings,
        achievements=present_achievements(one.achievements),
    )


def _without_hours(reasons: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out the shared hours, which stand beside the reasons anyway, where enough others remain."""
    others = [reason for reason in reasons if reason["key"] != "hours_shared"]
    return others if len(others) >= 3 else list(reasons)


def _time(free: int | None, minutes: int | None) -> str:
    if free is None or minutes is None:
        return ""
    if free == minutes:
        return _("All %(minutes)s minutes a month are free.", minutes=minutes)
    return _("%(free)s of %(minutes)s minutes a month are free.", free=free, minutes=minutes)


def _there(when: datetime | None, one: Suggested, found: Suggestions, zone: str) -> str:
    """Say the mentor's own time beside the mentee's, when their clocks differ."""
    if when is None or found.side == "mentor":
        return ""
    here = when.astimezone(ZoneInfo(zone))
    if here.utcoffset() == when.utcoffset():
        return ""
    return _("%(time)s where %(name)s is", time=when.strftime("%H:%M"), name=one.name)


def _who(one: Suggested) -> str:
    """Say in a line who somebody is: specialty, place, stage, as far as stated."""
    what: Sequence[str] = names_of("specialty", one.specialties[:2])
    place = ", ".join(part for part in (listed(list(what)), one.city or one.institution) if part)
    told = any(reason["key"] == "stage_ahead" for reason in one.reasons)
    stage = name_of("stage", one.stage) if one.stage and not told else ""
    return " ".join(f"{part}." for part in (place, stage) if part)
