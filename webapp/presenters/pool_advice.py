"""Whom to recruit, and an invitation that can be sent to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel import format_time, ngettext
from flask_babel import gettext as _

from webapp.presenters.reasons import listed
from webapp.presenters.week import DAY_NAMES
from webapp.services.pool import ProgrammeFacts
from webapp.services.vocabulary import city_of, names_of

FIRST_MENTORS, FIRST_PLACES = 3, 1


@dataclass(frozen=True)
class AdviceLine:
    """One thing to do, what comes of it, and what to mind; `number` names it in an address."""

    number: int
    title: str
    gained: str
    mind: str
    mentor_id: str  # of whom to ask for a place more; empty for somebody to find
    may_invite: bool


@dataclass(frozen=True)
class AdvicePanel:
    """What was found, the first of it and the rest, or why nothing was."""

    lines: tuple[AdviceLine, ...]
    more: tuple[AdviceLine, ...]
    nothing: str


def advice_panel(advice: Mapping[str, Any], counts: Mapping[str, int], mentors: Mapping[str, str]) -> AdvicePanel:
    """Put in front who could be found, and one whom one could ask for more: each by what it would give."""
    lines = [_line(number, one, mentors) for number, one in enumerate(advice["advice"]) if _is_here(one, mentors)]
    first = [
        *[line for line in lines if line.may_invite][:FIRST_MENTORS],
        *[line for line in lines if not line.may_invite][:FIRST_PLACES],
    ]
    more = tuple(line for line in lines if line not in first)
    return AdvicePanel(tuple(first), more, "" if lines else _nothing(advice, counts))


def invitation(one: Mapping[str, Any] | None, programme: ProgrammeFacts, link: str, by: str) -> str:
    """Write an invitation to mentor; it names nobody but who sends it."""
    wanted = _("We are looking for more mentors.")
    gain = ""
    if one is not None:
        wanted = _("We are looking for one more mentor%(profile)s.", profile=_profile(one, long=True))
        gain = ngettext(
            "As things stand, %(num)d more mentee would find a mentor through you.",
            "As things stand, %(num)d more mentees would find a mentor through you.",
            one["gained"],
        )
    takes = _(
        "A mentee takes about %(minutes)s minutes a month. You say how much time you give and when, and nobody is "
        "paired with you before you have said yes.",
        minutes=programme.minutes,
    )
    paragraphs = [
        _("Dear colleague,"),
        f"{programme.name}: {programme.summary.strip()}",
        " ".join(filter(None, [wanted, gain])),
        takes,
        _("What it is, and how to join: %(link)s", link=link),
        _("Thank you for thinking about it, and for passing this on to somebody it would suit."),
        by,
    ]
    return "\n\n".join(paragraphs)


def is_for_inviting(one: Mapping[str, Any]) -> bool:
    return bool(one["kind"] == "mentor")


def _is_here(one: Mapping[str, Any], mentors: Mapping[str, str]) -> bool:
    return is_for_inviting(one) or one["mentor_id"] in mentors


def _line(number: int, one: Mapping[str, Any], mentors: Mapping[str, str]) -> AdviceLine:
    gained = ngettext("%(num)d more mentee with a mentor.", "%(num)d more mentees with a mentor.", one["gained"])
    if is_for_inviting(one):
        title = _("One mentor%(profile)s", profile=_profile(one, long=False))
        topics = listed(names_of("topic", one["topics"]))
        return AdviceLine(number, title, gained, _("Best for: %(topics)s.", topics=topics) if topics else "", "", True)
    name = mentors[one["mentor_id"]]
    title = (
        _("One more place and %(minutes)s more minutes a month from %(name)s", minutes=one["minutes"], name=name)
        if one["minutes"]
        else _("One more place from %(name)s", name=name)
    )
    return AdviceLine(number, title, gained, _("Ask, do not assume."), one["mentor_id"], False)


def _profile(one: Mapping[str, Any], *, long: bool) -> str:
    """Say what somebody should bring: specialty, hours and, in a letter, topics."""
    parts = []
    if one["specialties"]:
        parts.append(
            _(
                " in %(specialty)s",
                specialty=listed([name.lower() for name in names_of("specialty", one["specialties"])]),
            )
        )
    if one["windows"]:
        parts.append(
            _(
                ", free on %(when)s (%(city)s)",
                when=listed([_window(window) for window in one["windows"]]),
                city=city_of(one["zone"]),
            )
        )
    if long and one["topics"]:
        parts.append(
            _(
                ", who would talk about %(topics)s",
                topics=listed([name.lower() for name in names_of("topic", one["topics"])]),
            )
        )
    return "".join(parts)


def _window(window: list[int]) -> str:
    weekday, start, end = window
    return _("%(day)s %(start)s to %(end)s", day=DAY_NAMES[weekday], start=_clock(start), end=_clock(end))


def _clock(minute: int) -> str:
    return str(format_time(time(minute // 60 % 24, minute % 60), "HH:mm", rebase=False))


def _nothing(advice: Mapping[str, Any], counts: Mapping[str, int]) -> str:
    if advice.get("left_out") == "large":
        return _("This pool is too large to try out single changes here. The table says where places are short.")
    if "covered" not in advice:
        return _("There is nothing to try out while one side is empty.")
    without = counts["mentees"] - advice["covered"]
    if without <= 0:
        return _("Nobody has to be found: in the best matching of today every mentee has a mentor.")
    return ngettext(
        "%(num)d mentee would go without, and no single mentor or place was found that would change it.",
        "%(num)d mentees would go without, and no single mentor or place was found that would change it.",
        without,
    )
