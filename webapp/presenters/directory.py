"""The directory of mentors, and one of them, in words."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import format_datetime, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.names import short_name
from webapp.presenters.reasons import ReasonLine, hours_words, listed, sentences
from webapp.presenters.suggestions import next_meeting
from webapp.services.directory import Directory, Entry, MentorFound
from webapp.services.directory_query import DirectoryQuery
from webapp.services.vocabulary import city_of, name_of, names_of

MOST_TOPICS = 4
FORMAT_WORDS: Mapping[str, Any] = {
    "mentoring": _l("Mentoring"),
    "question": _l("One question"),
    "shadow_day": _l("A shadow day"),
}


@dataclass(frozen=True)
class MentorCard:
    id: uuid.UUID
    name: str
    pronouns: str
    who: str
    topics: str
    languages: str
    about: str
    time: str
    minutes: int
    free: int
    badge: str
    badge_kind: str


@dataclass(frozen=True)
class MentorPage:
    id: uuid.UUID
    name: str
    short: str
    pronouns: str
    who: str
    slug: str
    programme: str
    topics: list[str]
    specialties: list[str]
    languages: str
    stage: str
    place: str
    about: str
    wanted_letter: str
    time: str
    minutes: int
    free: int
    letters: str
    reasons: list[ReasonLine]
    hours: str
    next: str
    verdict: str
    may_write: bool
    why_not: str
    why_not_link: str  # an endpoint that helps


def directory_title(found: Directory, query: DirectoryQuery) -> str:
    if query.is_filtered and not found.total:
        return _("Nobody fits these filters")
    if query.is_filtered:
        return ngettext("%(num)d mentor fits these filters", "%(num)d mentors fit these filters", found.total)
    return ngettext("%(num)d mentor you may write to", "%(num)d mentors you may write to", found.total)


def present_cards(found: Directory) -> list[MentorCard]:
    return [_card(entry) for entry in found.entries]


def countries_of(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return countries by name."""
    return sorted(((code, country_of(code)) for code in codes), key=lambda one: one[1])


def country_of(code: str) -> str:
    locale = get_locale() or Locale("en")
    return str(locale.territories.get(code, code))


def zones_of(zones: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((zone, city_of(zone)) for zone in zones), key=lambda one: one[1])


def present_mentor(found: MentorFound, *, zone: str, now: datetime) -> MentorPage:
    entry = found.entry
    when = next_meeting(found.meeting, now=now)
    short = short_name(entry.name)
    return MentorPage(
        id=entry.id,
        name=entry.name,
        short=short,
        pronouns=entry.pronouns,
        who=_who(entry),
        slug=found.slug,
        programme=found.programme,
        topics=names_of("topic", entry.topics),
        specialties=names_of("specialty", entry.specialties),
        languages=listed(names_of("language", entry.languages)),
        stage=name_of("stage", entry.stage) if entry.stage else "",
        place=_place(entry),
        about=entry.about,
        wanted_letter=entry.wanted_letter,
        time=_time(entry),
        minutes=entry.minutes,
        free=entry.free,
        letters=_letters(entry, short),
        reasons=sentences([one for one in found.reasons if one["key"] != "hours_shared"], "mentee"),
        hours=_("%(hours)s a week", hours=hours_words(found.meeting.shared_minutes))
        if found.meeting.shared_minutes
        else "",
        next=_("next: %(when)s", when=format_datetime(when.astimezone(ZoneInfo(zone)), "EEEE d MMMM, HH:mm"))
        if when
        else "",
        verdict=entry.verdict,
        may_write=not found.why_not,
        why_not=why_not_words(found.why_not, short),
        why_not_link={"three_open": "letters.index", "open": "letters.index", "lately": "letters.index"}.get(
            found.why_not, ""
        ),
    )


def why_not_words(key: str, short: str) -> str:
    """Say what keeps a mentee from writing, and what would change it."""
    return {
        "open": _("Your letter to %(name)s waits for an answer.", name=short),
        "lately": _("You wrote to %(name)s within the last 30 days. After that you may write again.", name=short),
        "three_open": _("Three letters of yours wait for an answer. Take one back, or wait for one, to write another."),
        "format": _("%(name)s does not give that now. Choose something else to ask for.", name=short),
        "paired": _("You and %(name)s meet already, or have an offer open.", name=short),
        "week": _("%(name)s takes no more letters this week. From Monday you may write.", name=short),
    }.get(key, "")


def _card(entry: Entry) -> MentorCard:
    badge, kind = _badge(entry)
    return MentorCard(
        id=entry.id,
        name=entry.name,
        pronouns=entry.pronouns,
        who=_who(entry),
        topics=_topics(entry),
        languages=listed(names_of("language", entry.languages)),
        about=entry.about,
        time=_time(entry),
        minutes=entry.minutes,
        free=entry.free,
        badge=badge,
        badge_kind=kind,
    )


def _badge(entry: Entry) -> tuple[str, str]:
    if entry.meets:
        return _("You meet already"), "yes"
    if entry.has_letter:
        return _("Your letter waits"), "wait"
    if entry.verdict == "interested":
        return _("You are interested"), "yes"
    if entry.verdict == "not_for_me":
        return _("Not for you"), "held"
    return ("", "") if entry.letters_left else (_("No more letters this week"), "held")


def _who(entry: Entry) -> str:
    what = listed(names_of("specialty", entry.specialties[:2]))
    stage = name_of("stage", entry.stage) if entry.stage else ""
    parts = (", ".join(part for part in (what, entry.city or entry.institution) if part), stage)
    return " ".join(f"{part}." for part in parts if part)


def _place(entry: Entry) -> str:
    country = country_of(entry.country) if entry.country else ""
    return ", ".join(part for part in (entry.institution, entry.city, country) if part)


def _topics(entry: Entry) -> str:
    names = names_of("topic", entry.topics)
    more = len(names) - MOST_TOPICS
    return listed([*names[:MOST_TOPICS], _("%(n)d more", n=more)] if more > 0 else names)


def _time(entry: Entry) -> str:
    if not entry.free:
        return _("No time left this month.")
    if entry.free == entry.minutes:
        return _("All %(minutes)s minutes a month are free.", minutes=entry.minutes)
    return _("%(free)s of %(minutes)s minutes a month are free.", free=entry.free, minutes=entry.minutes)


def _letters(entry: Entry, short: str) -> str:
    return ngettext(
        "%(name)s takes %(num)d more letter this week.",
        "%(name)s takes %(num)d more letters this week.",
        entry.letters_left,
        name=short,
    )
