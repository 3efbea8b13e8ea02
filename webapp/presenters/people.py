"""The people of a programme as their coordinator reads them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import gettext as _

from webapp.presenters.reasons import hours_words, listed
from webapp.presenters.states import ANSWER, MEMBER, OFFER, PAIR
from webapp.services.people import PairLine, PeoplePage, PersonRow, PersonView
from webapp.services.vocabulary import city_of, name_of, names_of
from webapp.services.week import DAY, Window, clock, merge, minutes_in

__all__ = ["ANSWER", "PersonCard", "PersonLine", "present_people", "present_person", "week_in_words"]


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


@dataclass(frozen=True)
class PairCard:
    id: uuid.UUID
    name: str
    role: str
    state: Badge
    at: datetime


@dataclass(frozen=True)
class PersonCard:
    """One person's answers as sections of label and text."""

    name: str
    kind: str
    email: str
    roles: str
    status: Badge
    joined_at: datetime | None
    news: str
    about: tuple[tuple[str, str], ...]
    bio: str
    hours: tuple[str, ...]
    hours_note: str
    offer: tuple[tuple[str, str], ...]
    offer_about: str
    month: Month | None
    request: tuple[tuple[str, str], ...]
    goal: str
    pairs: tuple[PairCard, ...]


def present_people(page: PeoplePage) -> list[PersonLine]:
    return [_line(row) for row in page.rows]


def present_person(view: PersonView) -> PersonCard:
    """Put one person's answers into words; what she left out is said to be not stated."""
    member, person = view.membership, view.person
    windows = [Window(w.weekday, w.start_minute, w.end_minute) for w in person.windows]
    minutes = minutes_in(windows)
    return PersonCard(
        name=person.name,
        kind=_kind(is_mentor=member.is_mentor, is_mentee=member.is_mentee),
        email=person.email,
        roles=_roles(is_mentor=member.is_mentor, is_mentee=member.is_mentee, is_coordinator=member.is_coordinator),
        status=Badge(str(MEMBER[member.status][0]), MEMBER[member.status][1]),
        joined_at=member.joined_at,
        news=_news(view, minutes),
        about=_about(view),
        bio=view.profile.bio if view.profile else "",
        hours=tuple(week_in_words(windows)),
        hours_note=_(
            "%(hours)s a week, on the clock of %(city)s", hours=hours_words(minutes), city=city_of(person.zone)
        ),
        offer=_offer(view),
        offer_about=view.offer.about if view.offer else "",
        month=_month(view.offer.reserved_minutes, view.offer.minutes_a_month) if view.offer else None,
        request=_request(view),
        goal=view.request.goal if view.request else "",
        pairs=tuple(_pair(line) for line in view.pairs),
    )


def week_in_words(windows: Iterable[Window]) -> list[str]:
    """Say the hours of a week, days with the same hours together: "Mon to Fri 17:00-20:00"."""
    by_day: dict[int, list[str]] = {}
    for window in merge(windows):
        end = "24:00" if window.end == DAY else clock(window.end)
        by_day.setdefault(window.weekday, []).append(f"{clock(window.start)}–{end}")
    days_of: dict[tuple[str, ...], list[int]] = {}
    for weekday in sorted(by_day):
        days_of.setdefault(tuple(by_day[weekday]), []).append(weekday)
    return [f"{_days(days)} {', '.join(hours)}" for hours, days in days_of.items()]


def _days(days: list[int]) -> str:
    names = get_day_names("abbreviated", locale=get_locale())
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return _("%(first)s to %(last)s", first=names[days[0]], last=names[days[-1]])
    return ", ".join(names[day] for day in days)


def _line(row: PersonRow) -> PersonLine:
    text, kind = MEMBER[row.status]
    if row.is_coordinator and not (row.is_mentor or row.is_mentee):
        text, kind = _("Coordinates"), ""
    return PersonLine(
        id=row.id,
        name=row.name,
        email=row.email,
        place=", ".join(part for part in (row.institution, row.city) if part),
        stage=name_of("stage", row.stage) if row.stage else _("Stage not stated"),
        specialties=", ".join(names_of("specialty", row.specialties[:3])),
        roles=_roles(is_mentor=row.is_mentor, is_mentee=row.is_mentee, is_coordinator=row.is_coordinator),
        kind=_kind(is_mentor=row.is_mentor, is_mentee=row.is_mentee),
        status=Badge(str(text), kind),
        month=_month(row.reserved, row.minutes) if row.minutes is not None else None,
        places=_("%(taken)d of %(all)d places", taken=row.reserved_places, all=row.places)
        if row.places is not None
        else "",
        wanted=row.wanted,
    )


def _month(reserved: int, given: int) -> Month:
    return Month(
        reserved=min(reserved, given), free=max(0, given - reserved), given=given, over=max(0, reserved - given)
    )


def _kind(*, is_mentor: bool, is_mentee: bool) -> str:
    if is_mentor:
        return "i"
    return "" if is_mentee else "g"


def _roles(*, is_mentor: bool, is_mentee: bool, is_coordinator: bool) -> str:
    names = [(is_mentor, _("mentor")), (is_mentee, _("mentee")), (is_coordinator, _("coordinator"))]
    return listed([name for has, name in names if has])


def _news(view: PersonView, minutes: int) -> str:
    member, offer = view.membership, view.offer
    if offer and offer.is_provisional:
        return _("Has not confirmed what is offered: the numbers come from a file, and nothing is reserved on them.")
    if member.status in {"pending", "invited"}:
        return _("Has not finished joining: takes no part in a round until all answers are checked.")
    if member.status == "paused":
        return _("Pauses at the moment: keeps the pairs there are, and gets no new ones.")
    if (member.is_mentor or member.is_mentee) and not minutes:
        return _("Has named no hours yet, so nobody can be found who is free at the same time.")
    if offer and offer.reserved_minutes > offer.minutes_a_month:
        return _("Has lowered the limit below what is taken: the pairs stay, and nothing new is added.")
    return ""


def _about(view: PersonView) -> tuple[tuple[str, str], ...]:
    profile, person, unknown = view.profile, view.person, _("not stated")
    lines = [(_("E-mail"), person.email)]
    if person.pronouns:
        lines.append((_("Pronouns"), person.pronouns))
    if profile is None:
        return tuple(lines)
    place = ", ".join(part for part in (profile.institution, profile.city, profile.country) if part)
    return (
        *lines,
        (_("Works at"), place or unknown),
        (_("Stage"), name_of("stage", profile.stage) if profile.stage else unknown),
        (_("Specialties"), ", ".join(names_of("specialty", profile.specialties)) or unknown),
        (_("Languages"), ", ".join(names_of("language", profile.languages)) or unknown),
    )


def _offer(view: PersonView) -> tuple[tuple[str, str], ...]:
    offer = view.offer
    if offer is None:
        return ()
    lines = [
        (_("Topics"), ", ".join(names_of("topic", offer.topics)) or _("not stated")),
        (_("Glad to meet"), ", ".join(names_of("stage", offer.stages_welcome)) or _("everyone not as far along")),
        (_("Places"), _("%(taken)d of %(all)d taken", taken=offer.reserved_places, all=offer.places)),
    ]
    if offer.paused_from:
        until = offer.paused_until.isoformat() if offer.paused_until else _("further notice")
        lines.append((_("Pauses"), _("from %(start)s until %(end)s", start=offer.paused_from.isoformat(), end=until)))
    return tuple(lines)


def _request(view: PersonView) -> tuple[tuple[str, str], ...]:
    request, unknown = view.request, _("not stated")
    if request is None:
        return ()
    topics = [f"{number}. {name}" for number, name in enumerate(names_of("topic", request.topics), 1)]
    return (
        (_("Needs, in order"), "; ".join(topics) or unknown),
        (_("Interested in"), ", ".join(names_of("specialty", request.specialties)) or unknown),
        (_("Mentors wanted"), str(request.mentors_wanted)),
        (
            _("Minutes a month"),
            str(request.minutes_a_month) if request.minutes_a_month else _("as the programme has it"),
        ),
        (_("Wishes named"), str(view.wishes)),
    )


def _pair(line: PairLine) -> PairCard:
    text, kind = (PAIR if line.kind == "pair" else OFFER)[line.state]
    role = _("as mentor") if line.as_mentor else _("as mentee")
    return PairCard(line.other_id, line.other, role, Badge(str(text), kind), line.at)
