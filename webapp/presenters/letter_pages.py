"""Letters as their mentor and their mentee read them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.names import short_name
from webapp.presenters.offers import about_line
from webapp.services.formats import minutes_of
from webapp.services.letters import LetterFound

# What is asked for, after "asks for".
ASK_WORDS: Mapping[str, Any] = {
    "15": _l("a talk of 15 minutes"),
    "30": _l("a talk of 30 minutes"),
    "60": _l("a talk of an hour"),
    "shadow_day": _l("a shadow day"),
    "mentoring": _l("mentoring"),
}
# For each side and state: the badge and its kind.
BADGES: Mapping[tuple[str, str], tuple[Any, str]] = {
    ("mentor", "waiting"): (_l("Waits for you"), "wait"),
    ("mentor", "asked"): (_l("You asked something"), "held"),
    ("mentor", "yes"): (_l("You said yes"), "yes"),
    ("mentor", "not_now"): (_l("Not now"), ""),
    ("mentor", "suggested"): (_l("You suggested a colleague"), ""),
    ("mentor", "withdrawn"): (_l("Taken back"), ""),
    ("mentor", "expired"): (_l("Ran out"), ""),
    ("mentee", "waiting"): (_l("Waits for an answer"), "held"),
    ("mentee", "asked"): (_l("Asks you something"), "wait"),
    ("mentee", "yes"): (_l("Said yes"), "yes"),
    ("mentee", "not_now"): (_l("Not now"), ""),
    ("mentee", "suggested"): (_l("Suggests a colleague"), "yes"),
    ("mentee", "withdrawn"): (_l("You took it back"), ""),
    ("mentee", "expired"): (_l("Ran out"), ""),
}


@dataclass(frozen=True)
class LetterLine:
    id: uuid.UUID
    name: str
    kind: str  # of the initials: "i" for a mentor
    ask: str
    when: str
    badge: str
    badge_kind: str
    is_open: bool
    waits: bool


@dataclass(frozen=True)
class LetterPage:
    id: uuid.UUID
    side: str
    name: str
    short: str
    kind: str
    about: str
    programme: str
    slug: str
    title: str
    lead: str
    ask: str
    who: str
    why: str
    question: str
    asked_back: str
    reply: str
    sent: str
    is_open: bool
    may_answer: bool  # the mentor: yes, not now, suggest
    may_ask: bool
    may_reply: bool
    may_withdraw: bool
    time: str  # what a yes takes of the mentor's month
    offer_id: uuid.UUID | None
    colleague_id: uuid.UUID | None
    colleague: str
    is_reported: bool


def present_letters(found: Iterable[LetterFound], *, zone: str) -> list[LetterLine]:
    return [_line(one, zone) for one in found]


def letters_title(lines: list[LetterLine]) -> str:
    waiting = [line for line in lines if line.waits]
    if len(waiting) == 1:
        return _("%(name)s waits for your answer", name=short_name(waiting[0].name))
    if waiting:
        return _("%(n)d letters wait for you", n=len(waiting))
    return _("Nothing waits for you") if lines else _("No letters yet")


def present_letter_page(found: LetterFound, *, zone: str) -> LetterPage:
    letter, other = found.letter, found.other
    name = other.person.name
    title, lead = _stands(found, zone)
    is_mentor = found.side == "mentor"
    return LetterPage(
        id=letter.id,
        side=found.side,
        name=name,
        short=short_name(name),
        kind="" if is_mentor else "i",
        about=about_line(other, to_pair=False),
        programme=letter.mentor.programme.name,
        slug=letter.mentor.programme.slug,
        title=title,
        lead=lead,
        ask=_asked(letter.ask),
        who=letter.who,
        why=letter.why,
        question=letter.question,
        asked_back=letter.asked_back,
        reply=letter.reply,
        sent=str(format_datetime(letter.created_at, "EEEE d MMMM y")),
        is_open=found.is_open,
        may_answer=is_mentor and found.is_open,
        may_ask=is_mentor and letter.state == "waiting" and not letter.asked_back,
        may_reply=not is_mentor and letter.state == "asked",
        may_withdraw=not is_mentor and found.is_open,
        time=_time(found) if is_mentor and found.is_open else "",
        offer_id=letter.offer_id,
        colleague_id=letter.colleague_id if letter.colleague else None,
        colleague=letter.colleague.person.name if letter.colleague else "",
        is_reported=found.i_reported,
    )


def _asked(ask: str) -> str:
    """Write what is asked for as a line of its own."""
    words = str(ASK_WORDS[ask])
    return words[:1].upper() + words[1:]


def due_day(moment: datetime, zone: str) -> str:
    """Write the day by which a letter is to be answered, by the reader's calendar."""
    return str(format_date(moment.astimezone(ZoneInfo(zone)).date(), "EEEE d MMMM"))


def _line(found: LetterFound, zone: str) -> LetterLine:
    letter = found.letter
    badge, kind = BADGES[found.side, letter.state]
    if found.is_open:
        when = _("answer by %(day)s", day=due_day(letter.due_at, zone))
    else:
        when = _("since %(day)s", day=format_date(letter.closed_at, "d MMMM")) if letter.closed_at else ""
    return LetterLine(
        id=letter.id,
        name=found.other.person.name,
        kind="" if found.side == "mentor" else "i",
        ask=_asked(letter.ask),
        when=when,
        badge=str(badge),
        badge_kind=kind,
        is_open=found.is_open,
        waits=found.waits_for_me,
    )


def _stands(found: LetterFound, zone: str) -> tuple[str, str]:
    """Say in a headline and a sentence where a letter stands."""
    letter, name = found.letter, found.other.person.name
    short, day = short_name(name), due_day(letter.due_at, zone)
    words = _mentor_words if found.side == "mentor" else _mentee_words
    colleague = letter.colleague.person.name if letter.colleague else _("somebody who has left since")
    return words(letter.state, name, short, day, colleague)


def _mentor_words(state: str, name: str, short: str, day: str, colleague: str) -> tuple[str, str]:
    words = {
        "waiting": (
            _("A letter from %(name)s", name=name),
            _("Please answer by %(day)s. One of the four below is enough, and no answer is fine too.", day=day),
        ),
        "asked": (
            _("You asked %(name)s something", name=name),
            _("%(name)s has until %(day)s to answer. You may say yes or not now before that.", name=short, day=day),
        ),
        "yes": (_("You said yes to %(name)s", name=name), _("The time is held. %(name)s confirms it.", name=short)),
        "not_now": (
            _("Not now, you said"),
            _("%(name)s reads that you cannot take it up now, and nothing more.", name=short),
        ),
        "suggested": (
            _("You suggested %(name)s", name=colleague),
            _("%(name)s decides whether to write there.", name=short),
        ),
        "withdrawn": (_("%(name)s took this letter back", name=name), _("There is nothing to answer.")),
        "expired": (
            _("The time to answer %(name)s has passed", name=name),
            _("That is fine. %(name)s got a kind word.", name=short),
        ),
    }
    return words[state]


def _mentee_words(state: str, name: str, short: str, day: str, colleague: str) -> tuple[str, str]:
    words = {
        "waiting": (
            _("Your letter to %(name)s is on its way", name=name),
            _("%(name)s has until %(day)s to answer. We write to you either way.", name=short, day=day),
        ),
        "asked": (
            _("%(name)s asks you something", name=name),
            _("Please answer by %(day)s. You can answer once.", day=day),
        ),
        "yes": (
            _("%(name)s said yes", name=name),
            _("The time is held for you. Look at the offer and confirm it."),
        ),
        "not_now": (
            _("%(name)s cannot take this up now", name=name),
            _("That says nothing about your letter. Others may have the time."),
        ),
        "suggested": (
            _("%(name)s suggests a colleague", name=name),
            _("You might write to %(name)s. Nobody has been told of you yet.", name=colleague),
        ),
        "withdrawn": (_("You took this letter back"), _("%(name)s has nothing to answer.", name=short)),
        "expired": (
            _("No answer came from %(name)s in time", name=name),
            _("Mentors are often away for long. That says nothing about your letter."),
        ),
    }
    return words[state]


def _time(found: LetterFound) -> str:
    """Say what a yes would take of the mentor's month, and what is free."""
    letter, offer = found.letter, found.letter.mentor.offer
    request, programme = letter.mentee.request, letter.mentor.programme
    if offer is None:
        return ""
    free = max(0, offer.minutes_a_month - offer.reserved_minutes)
    if letter.ask == "shadow_day":
        return _(
            "A shadow day counts as %(n)d of the %(free)d minutes that are free in your month. You agree on the day "
            "and the place, and arrange your hospital’s permission.",
            n=minutes_of(letter.ask),
            free=free,
        )
    if letter.ask != "mentoring":
        return _("One talk takes %(n)s of the %(free)d minutes that are free in your month.", n=letter.ask, free=free)
    asked = request.minutes_a_month if request and request.minutes_a_month else programme.minutes_a_month
    minutes = min(programme.minutes_a_month, asked)
    return _("Mentoring takes %(n)d minutes a month. You have %(free)d free.", n=minutes, free=free)
