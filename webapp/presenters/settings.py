"""The settings of a programme at a glance, and what a change of each would touch."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.engine.words import Words
from webapp.presenters.dates import day
from webapp.presenters.states import CADENCE
from webapp.services.outlines import Outline
from webapp.services.settings import Counts, Held, Meetings, Rules

MOST_NAMED = 3


@dataclass(frozen=True)
class SectionLine:
    endpoint: str
    title: str
    says: str


@dataclass(frozen=True)
class OutlinePage:
    name: str
    lines: tuple[SectionLine, ...]
    coordinators: tuple[str, ...]
    held: str


def present_outline(outline: Outline, criteria: dict[str, Any]) -> OutlinePage:
    """Return a line for each section: what it is about, and what holds."""
    basics = outline.basics
    dates = _("From %(first)s to %(last)s.", first=day(basics.starts_on), last=day(basics.ends_on))
    lines = (
        SectionLine("settings.basics", _("Name, words and dates"), dates),
        SectionLine("settings.counts", _("What counts in a fit"), _counts(outline.counts, criteria)),
        SectionLine("settings.rules", _("Rules"), _rules(outline.rules)),
        SectionLine("settings.meetings", _("Meetings and offers"), _meetings(outline.meetings)),
        SectionLine("settings.vocabulary", _("Vocabulary"), _words(outline.words)),
        SectionLine("settings.terms", _("Terms"), _("Version %(n)d holds.", n=outline.terms_version)),
    )
    return OutlinePage(basics.name, lines, outline.coordinators, held_words(outline.held))


def held_words(held: tuple[Held, ...]) -> str:
    """Say which rounds a change does not reach, and how it would; nothing where it reaches all."""
    if not held:
        return ""
    names = ", ".join(one.name for one in held)
    return ngettext(
        "%(names)s is frozen and keeps what it was frozen with. Open it for enrolment and freeze it again, and it "
        "takes in what you save here.",
        "%(names)s are frozen and keep what they were frozen with. Open them for enrolment and freeze them again, and "
        "they take in what you save here.",
        len(held),
        names=names,
    )


def _counts(counts: Counts, criteria: dict[str, Any]) -> str:
    whole = sum(counts.weights.values())
    ranked = sorted(counts.weights.items(), key=lambda item: -item[1])[:MOST_NAMED]
    parts = [
        _("%(name)s %(n)d %%", name=criteria[name], n=round(100 * weight / whole)) for name, weight in ranked if weight
    ]
    least = _("Smallest fit %(fit)s.", fit=f"{counts.minimum:.2f}") if counts.minimum else _("No smallest fit.")
    return _("Most: %(parts)s. %(least)s", parts=", ".join(parts), least=least)


def _rules(rules: Rules) -> str:
    asked = []
    if rules.language_required:
        asked.append(_("a language in common"))
    if rules.hours_required:
        asked.append(_("time in common"))
    if rules.specialty_required:
        asked.append(_("close specialties"))
    if rules.minimum_ahead > 0:
        asked.append(ngettext("a mentor one step on", "a mentor %(num)d steps on", rules.minimum_ahead))
    elif rules.minimum_ahead == 0:
        asked.append(_("a mentor not behind"))
    return _("A pair needs: %(asked)s.", asked=", ".join(asked)) if asked else _("No rule.")


def _meetings(meetings: Meetings) -> str:
    often = CADENCE[meetings.cadence]
    return _(
        "A pair meets %(often)s for %(n)d minutes. Offers wait %(days)d days.",
        often=often,
        n=meetings.meeting_minutes,
        days=meetings.offer_days,
    )


def _words(words: Words) -> str:
    said = []
    if words.topics:
        said.append(ngettext("%(num)d topic of your own.", "%(num)d topics of your own.", len(words.topics)))
    if words.names:
        said.append(ngettext("%(num)d other name.", "%(num)d other names.", len(words.names)))
    if words.offered:
        said.append(_("Forms offer a choice of it."))
    return " ".join(said) or _("Forms offer all that Mosaic knows.")
