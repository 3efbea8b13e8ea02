"""One person of a programme as the coordinator reads her answers, and what may be done for her."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import get_day_names
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.models import MentorOffer
from webapp.presenters.edits import edit_in_words
from webapp.presenters.people import STEP_WORDS, Badge, Month, kind_of, month_of, roles_of
from webapp.presenters.places import say_wanted
from webapp.presenters.progress import AchievementLine, present_achievements
from webapp.presenters.reasons import hours_words, listed
from webapp.presenters.states import AGREED, MEMBER, OFFER, PAIR
from webapp.services.people import PairLine, PersonView
from webapp.services.students import awaits_word
from webapp.services.vocabulary import city_of, name_of, names_of
from webapp.services.week import DAY, Window, clock, merge, minutes_in


@dataclass(frozen=True)
class PairCard:
    id: uuid.UUID
    name: str
    role: str
    state: Badge
    at: datetime


@dataclass(frozen=True)
class Actions:
    """What the coordinator may do for her now."""

    edit: bool
    remind: bool
    address: bool
    pause: bool
    resume: bool
    leave: bool


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
    actions: Actions
    missing: str
    asked_at: datetime | None
    bounce: str
    edits: tuple[str, ...]
    brings: str
    achievements: tuple[AchievementLine, ...]
    students: str  # of a mentor: whether she is approved for students, in words
    may_approve: bool
    is_approved: bool
    awaits_word: bool  # she takes part as a student, and has still to say that she is an adult
    adult_at: datetime | None  # when she said so


def present_person(view: PersonView) -> PersonCard:
    """Put one person's answers into words; what she left out is said to be not stated."""
    member, person = view.membership, view.person
    shown = () if view.is_private else person.windows
    windows = [Window(w.weekday, w.start_minute, w.end_minute) for w in shown]
    minutes = minutes_in(windows)
    return PersonCard(
        name=person.name,
        kind=kind_of(is_mentor=member.is_mentor, is_mentee=member.is_mentee),
        email="" if person.deleted_at else person.email,
        roles=roles_of(is_mentor=member.is_mentor, is_mentee=member.is_mentee, is_coordinator=member.is_coordinator),
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
        month=month_of(view.offer.reserved_minutes, view.offer.minutes_a_month) if view.offer else None,
        request=_request(view),
        goal=view.request.goal if view.request else "",
        pairs=tuple(_pair(line) for line in view.pairs),
        actions=_actions(view),
        missing=listed([str(STEP_WORDS[step]) for step in view.missing]),
        asked_at=member.asked_at if member.status == "pending" else None,
        bounce=view.bounce,
        edits=tuple(edit_in_words(edit) for edit in view.edits),
        brings=view.profile.brings if view.profile else "",
        achievements=present_achievements(view.achievements),
        students=_students(view),
        may_approve=view.offer is not None and member.is_mentor and member.status in {"active", "paused"},
        is_approved=view.offer is not None and view.offer.students_approved_at is not None,
        awaits_word=member.joined_at is not None and awaits_word(member),
        adult_at=member.adult_confirmed_at,
    )


def _students(view: PersonView) -> str:
    offer = view.offer
    if offer is None:
        return ""
    if offer.students_approved_at is not None:
        day = format_date(offer.students_approved_at, "d MMMM y")
        if view.approved_by:
            return _("Approved on %(day)s by %(name)s.", day=day, name=view.approved_by)
        return _("Approved on %(day)s.", day=day)
    if not offer.welcomes_students:
        return _("Does not welcome students, and is not approved.")
    return (
        _("Not approved: meets no students.")
        if view.approves_mentors
        else _("Not approved; this programme does not ask for it.")
    )


def _actions(view: PersonView) -> Actions:
    member, takes_part = view.membership, view.membership.is_mentor or view.membership.is_mentee
    is_confirmed = view.person.email_verified_at is not None
    return Actions(
        edit=member.status != "left" and not view.is_private,
        remind=bool(view.missing) and (member.status == "pending" or member.invited_at is not None),
        address=not is_confirmed and member.status != "left",
        pause=member.status == "active" and takes_part,
        resume=member.status == "paused",
        leave=member.status != "left" and (takes_part or not member.is_coordinator),
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


def _news(view: PersonView, minutes: int) -> str:
    member, offer = view.membership, view.offer
    if offer and offer.is_provisional and not view.is_private:
        return _("Has not confirmed what is offered: the numbers come from a file, and nothing is reserved on them.")
    if member.status in {"pending", "invited"}:
        return _unfinished(view)
    return _standing(view, minutes)


def _standing(view: PersonView, minutes: int) -> str:
    """Say what keeps somebody who has joined from being paired, if anything does."""
    member, offer = view.membership, view.offer
    if member.joined_at is not None and awaits_word(member):
        return _("A student who has not said yet that she is 18 or older. Until then she is suggested to nobody.")
    if member.status == "paused":
        return _("Pauses at the moment: keeps the pairs there are, and gets no new ones.")
    if (member.is_mentor or member.is_mentee) and not minutes:
        return _("Has named no hours yet, so nobody can be found who is free at the same time.")
    if offer and offer.reserved_minutes > offer.minutes_a_month:
        return _("Has lowered the limit below what is taken: the pairs stay, and nothing new is added.")
    return ""


def _unfinished(view: PersonView) -> str:
    if view.membership.status == "pending" and view.membership.asked_at:
        return _("Has answered everything and waits for your approval.")
    if view.is_private:
        return _("Has an account already. What it says is shown here once the invitation is accepted.")
    return _("Has not finished joining: takes no part in a round until all answers are checked.")


def _about(view: PersonView) -> tuple[tuple[str, str], ...]:
    profile, person, unknown = view.profile, view.person, _("not stated")
    if person.deleted_at:
        return ((_("Account"), _("deleted on %(day)s", day=format_date(person.deleted_at, "d MMMM y"))),)
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
        (_("Gives"), _gives(offer)),
        (_("Places"), _("%(taken)d of %(all)d taken", taken=offer.reserved_places, all=offer.places)),
    ]
    if offer.paused_from:
        until = offer.paused_until.isoformat() if offer.paused_until else _("further notice")
        lines.append((_("Pauses"), _("from %(start)s until %(end)s", start=offer.paused_from.isoformat(), end=until)))
    return tuple(lines)


_FORMATS: Mapping[str, Any] = {
    "mentoring": _l("mentoring through the year"),
    "question": _l("one question"),
    "shadow_day": _l("a shadow day"),
}


def _gives(offer: MentorOffer) -> str:
    """List the formats that a mentor gives, and whom she does not welcome."""
    given = {
        "mentoring": offer.gives_mentoring,
        "question": offer.gives_questions,
        "shadow_day": offer.gives_shadow_days,
    }
    words = listed([str(_FORMATS[name]) for name, gives in given.items() if gives])
    return words if offer.welcomes_students else _("%(what)s; students are not welcome", what=words)


def _request(view: PersonView) -> tuple[tuple[str, str], ...]:
    request, unknown = view.request, _("not stated")
    if request is None:
        return ()
    topics = [f"{number}. {name}" for number, name in enumerate(names_of("topic", request.topics), 1)]
    return (
        (_("Needs, in order"), "; ".join(topics) or unknown),
        (_("Interested in"), ", ".join(names_of("specialty", request.specialties)) or unknown),
        (_("Mentors wanted"), say_wanted(request.mentors_wanted, board=request.board)),
        (
            _("Minutes a month"),
            str(request.minutes_a_month) if request.minutes_a_month else _("as the programme has it"),
        ),
        (_("Wishes named"), str(view.wishes)),
    )


def _pair(line: PairLine) -> PairCard:
    text, kind = (PAIR if line.kind == "pair" else OFFER)[line.state]
    role = _("as mentor") if line.as_mentor else _("as mentee")
    if line.once:
        what = _("a shadow day") if line.once == "shadow_day" else _("one talk")
        role = f"{role}, {what}"
        text, kind = AGREED if line.kind == "pair" and line.state == "active" else (text, kind)
    return PairCard(line.other_id, line.other, role, Badge(str(text), kind), line.at)
