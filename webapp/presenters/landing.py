"""A programme's public page: facts to sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.reasons import hours_words
from webapp.services.landing import Listed, ProgrammeFacts

FIRST_MEETING = timedelta(days=21)  # within which a pair meets for the first time
READING = timedelta(days=7)  # what a coordinator usually takes between enrolment and offers
CADENCES = {
    "weekly": _l("%(length)s every week"),
    "fortnightly": _l("%(length)s every two weeks"),
    "monthly": _l("%(length)s a month"),
    "bimonthly": _l("%(length)s every two months"),
}


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Phase:
    title: str
    text: str


@dataclass(frozen=True)
class ProgrammePage:
    slug: str
    name: str
    lead: str
    closing: str
    enrols: bool
    contact: str
    give: str
    tiles: int
    figures: tuple[Figure, ...]
    how: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class ListedPage:
    slug: str
    name: str
    summary: str
    enrols: bool
    until: str


def present_list(programmes: Iterable[Listed]) -> list[ListedPage]:
    return [
        ListedPage(one.slug, one.name, one.summary, one.enrols, day(one.enrols_until) if one.enrols_until else "")
        for one in programmes
    ]


def day(value: date) -> str:
    """Write a date with its weekday: "Friday 26 February"."""
    return str(format_date(value, "EEEE d MMMM"))


def present_programme(facts: ProgrammeFacts) -> ProgrammePage:
    rhythm = str(CADENCES[facts.cadence]) % {"length": hours_words(facts.meeting_minutes)}
    return ProgrammePage(
        slug=facts.slug,
        name=facts.name,
        lead=facts.summary
        or _("%(name)s pairs mentors and mentees, says why, and finds them a time to meet.", name=facts.name),
        closing=_closing(facts),
        enrols=facts.enrols,
        contact=facts.contact,
        give=rhythm,
        tiles=min(facts.minutes_a_month // 15, 16),
        figures=tuple(_figures(facts, rhythm)),
        how=_("How “%(round)s” runs", round=facts.coming) if facts.coming else _("How a round runs"),
        phases=tuple(_phases(facts, rhythm)),
    )


def _closing(facts: ProgrammeFacts) -> str:
    if facts.enrols and facts.enrols_until:
        return _("A few minutes to sign up. Enrolment closes on %(day)s.", day=day(facts.enrols_until))
    if facts.enrols:
        return _("A few minutes to sign up, whenever you like.")
    if facts.enrols_until:
        return _("Enrolment closed on %(day)s. You are welcome when it opens again.", day=day(facts.enrols_until))
    return _("This programme ended on %(day)s.", day=day(facts.ends_on))


def _figures(facts: ProgrammeFacts, rhythm: str) -> list[Figure]:
    figures = [
        Figure(
            _("Mentors"),
            str(facts.mentors),
            ngettext("in one specialty", "in %(num)d specialties and subspecialties", facts.specialties)
            if facts.specialties
            else _("be the first"),
        ),
        Figure(_("Mentees"), str(facts.mentees), _("at every stage of training and practice")),
    ]
    if facts.last is not None:
        told = facts.last.told_why_not
        figures.append(
            Figure(
                _("Found a mentor in “%(round)s”", round=facts.last.name),
                _("%(n)s of %(all)s", n=facts.last.with_mentor, all=facts.last.took_part),
                ngettext("and we told one person why not", "and we told %(num)d people why not", told)
                if told
                else _("both said yes"),
            )
        )
    else:
        figures.append(Figure(_("A pair meets for"), rhythm, _("in an hour free for both")))
    first = _first_meetings(facts)
    figures.append(
        Figure(_("First meetings held by"), str(format_date(first, "d MMMM")), _("in an hour free for both"))
    )
    return figures


def _first_meetings(facts: ProgrammeFacts) -> date:
    """Say by when pairs of the coming round have met: after enrolment, reading and answering."""
    if facts.enrols_until is None:
        return facts.starts_on + FIRST_MEETING
    answered = facts.enrols_until + READING + timedelta(days=facts.offer_days)
    return max(facts.starts_on, answered) + FIRST_MEETING


def _phases(facts: ProgrammeFacts, rhythm: str) -> list[Phase]:
    until = facts.enrols_until
    helper = facts.coordinator or _("The coordinator")
    return [
        Phase(
            _("Until %(day)s", day=format_date(until, "d MMMM")) if until else _("First"),
            _("Sign up, tick your free hours, say who you would like to work with."),
        ),
        Phase(
            _("Then"),
            _(
                "The pairs are worked out so that as many as possible have a mentor, and that is proved. "
                "%(name)s reads every one.",
                name=helper,
            ),
        ),
        Phase(
            _("Your answer"),
            ngettext(
                "You both get the offer with reasons and a time. Each of you says yes or no within %(num)d day.",
                "You both get the offer with reasons and a time. Each of you says yes or no within %(num)d days.",
                facts.offer_days,
            ),
        ),
        Phase(
            _("By %(day)s", day=format_date(_first_meetings(facts), "d MMMM")),
            _(
                "First meeting. After that %(rhythm)s, until %(end)s.",
                rhythm=rhythm,
                end=format_date(facts.ends_on, "MMMM y"),
            ),
        ),
    ]
