"""Reasons for a pair in the reader's language, from the keys and figures that the engine gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup, escape

Viewer = Literal["mentor", "mentee", "coordinator"]


@dataclass(frozen=True)
class ReasonLine:
    """One reason: `kind` is shared, plus or open; `html` is the same sentence with what it names in bold."""

    kind: str
    text: str
    html: Markup


# For each key: to the mentee, to the mentor, to a third person. No pronouns, for not everybody gives them. None where
# it is not that reader's business: what somebody wished is between that person, the engine and the coordinator.
_SENTENCES: Mapping[str, tuple[Any, Any, Any]] = {
    "topics_all": (
        _l("Offers everything you look for: %(topics)s."),
        _l("You offer all %(wanted)s things looked for: %(topics)s."),
        _l("Every need is covered: %(topics)s."),
    ),
    "topics_some": (
        _l("Offers %(covered)s of your %(wanted)s needs: %(topics)s."),
        _l("You offer %(covered)s of %(wanted)s needs: %(topics)s."),
        _l("%(covered)s of %(wanted)s needs are covered: %(topics)s."),
    ),
    "topics_none": (
        _l("Has not named any of your needs as a topic."),
        _l("Looks for topics that you have not named."),
        _l("None of the needs is among the topics offered."),
    ),
    "topics_unknown": (
        _l("We do not know the topics of both of you yet."),
        _l("We do not know the topics of both of you yet."),
        _l("Topics are not stated on both sides."),
    ),
    "role_offered": (
        _l("Offers what this place is for: %(topics)s."),
        _l("You offer what this place is for: %(topics)s."),
        _l("The mentor offers what this place is for: %(topics)s."),
    ),
    "role_open": (
        _l("Has not named as a topic what this place is for: %(topics)s."),
        _l("You have not named as a topic what this place is for: %(topics)s."),
        _l("The mentor does not offer what this place is for: %(topics)s."),
    ),
    "specialty_same": (
        _l("Works in %(practice)s, just as you wished."),
        _l("Looks for someone in %(practice)s, as you are."),
        _l("The mentor works in %(practice)s, just as wished."),
    ),
    "specialty_subspecialty": (
        _l("Works in %(practice)s, close to your wish for %(interest)s."),
        _l("Is interested in %(interest)s, close to your %(practice)s."),
        _l("The mentor works in %(practice)s, close to the wish for %(interest)s."),
    ),
    "specialty_shared": (
        _l("Works in %(practice)s, which shares a subspecialty with %(interest)s."),
        _l("Is interested in %(interest)s, which shares a subspecialty with your %(practice)s."),
        _l("The mentor works in %(practice)s, which shares a subspecialty with %(interest)s."),
    ),
    "specialty_area": (
        _l("Works in %(practice)s, in the same area as %(interest)s."),
        _l("Is interested in %(interest)s, in the same area as your %(practice)s."),
        _l("The mentor works in %(practice)s, in the same area as %(interest)s."),
    ),
    "specialty_other": (
        _l("Another specialty: does not work in %(interest)s."),
        _l("Is interested in another specialty: %(interest)s."),
        _l("Another specialty: the mentor does not work in %(interest)s."),
    ),
    "specialty_unknown": (
        _l("You named no specialty to learn from, so each is as good."),
        _l("Named no specialty to learn from, so yours is as good as any."),
        _l("The mentee named no specialty, so each is as good."),
    ),
    "hours_shared": (
        _l("You are both free at the same time for %(hours)s a week."),
        _l("You are both free at the same time for %(hours)s a week."),
        _l("Both are free at the same time for %(hours)s a week."),
    ),
    "hours_none": (
        _l("You have no free time in common."),
        _l("You have no free time in common."),
        _l("No free time in common."),
    ),
    "hours_unknown": (
        _l("We do not know the hours of both of you yet."),
        _l("We do not know the hours of both of you yet."),
        _l("Hours are not stated on both sides."),
    ),
    "stage_ahead": (
        _l("Is further along the road: %(mentor_stage)s."),
        _l("Is where you have been: %(mentee_stage)s."),
        _l("The mentor is further ahead: %(mentor_stage)s, the mentee: %(mentee_stage)s."),
    ),
    "stage_welcome": (
        _l("Wants to meet people where you are: %(mentee_stage)s."),
        _l("Is at a stage you want to meet: %(mentee_stage)s."),
        _l("The mentor wants to meet mentees at this stage: %(mentee_stage)s."),
    ),
    "stage_level": (
        _l("You are equally far in your careers."),
        _l("You are equally far in your careers."),
        _l("Both are equally far in their careers."),
    ),
    "stage_unknown": (
        _l("We do not know the career stages of both of you yet."),
        _l("We do not know the career stages of both of you yet."),
        _l("Career stages are not stated on both sides."),
    ),
    "language_shared": (
        _l("You both speak %(languages)s."),
        _l("You both speak %(languages)s."),
        _l("Both speak %(languages)s."),
    ),
    "language_none": (
        _l("You share no language."),
        _l("You share no language."),
        _l("No language in common."),
    ),
    "language_unknown": (
        _l("We do not know the languages of both of you yet."),
        _l("We do not know the languages of both of you yet."),
        _l("Languages are not stated on both sides."),
    ),
    "wish_mentee": (
        _l("You said that you are interested."),
        None,
        _l("The mentee asked for this mentor."),
    ),
    "wish_mentor": (
        None,
        _l("You said that you are interested."),
        _l("The mentor asked for this mentee."),
    ),
}
BOLD = {"topics", "practice", "hours", "languages"}
_VIEWERS = ("mentee", "mentor", "coordinator")

# Why a pair is not possible, as far as a participant may know. %(name)s is the other person.
_WHY_NOT: Mapping[str, tuple[Any, Any]] = {
    "acceptable": (
        _l("You could be paired with %(name)s, and you may say that you are interested."),
        _l("You could be paired with %(name)s, and you may say that you are interested."),
    ),
    "self": (_l("That is you."), _l("That is you.")),
    "no_shared_language": (
        _l("You and %(name)s share no language. Have you both named all you speak?"),
        _l("You and %(name)s share no language. Have you both named all you speak?"),
    ),
    "no_shared_hours": (
        _l("You share no free time with %(name)s that is long enough for a meeting all year. More hours may help."),
        _l("You share no free time with %(name)s that is long enough for a meeting all year. More hours may help."),
    ),
    "stage_not_welcome": (
        _l("%(name)s takes people at other career stages this time."),
        _l("You asked for people at other career stages than %(name)s is at. You can change that in your offer."),
    ),
    "specialty_required": (
        _l("This programme pairs people of close specialties, and %(name)s works in another."),
        _l("This programme pairs people of close specialties, and %(name)s is interested in another."),
    ),
    "mentor_paused": (
        _l("%(name)s is not taking anyone at the moment."),
        _l("Your offer is paused. Take up again in your offer, and %(name)s can be suggested."),
    ),
    "already_paired": (
        _l("%(name)s and you are a pair already, or have an offer that waits for an answer."),
        _l("%(name)s and you are a pair already, or have an offer that waits for an answer."),
    ),
    "former_pair": (
        _l("%(name)s and you were a pair before."),
        _l("%(name)s and you were a pair before."),
    ),
    "not_ahead": (
        _l("%(name)s is not further along than you are."),
        _l("%(name)s is as far along as you are, or further."),
    ),
    "full": (
        _l("All of the time that %(name)s can give is taken at the moment."),
        _l("All of the time that you can give is taken at the moment."),
    ),
    "marked": (
        _l("You marked %(name)s “not for me”. You can take that back below."),
        _l("You marked %(name)s “not for me”. You can take that back below."),
    ),
    "shown": (
        _l("%(name)s is among your suggestions."),
        _l("%(name)s is among your suggestions."),
    ),
    "not_available": (
        _l("%(name)s is not available in this programme."),
        _l("%(name)s is not available in this programme."),
    ),
}


def sentences(reasons: Iterable[Mapping[str, Any]], viewer: Viewer = "coordinator") -> list[ReasonLine]:
    """Put reasons (kind, key, params) into sentences for who reads them."""
    return [line for reason in reasons if (line := _line(reason, viewer)) is not None]


def why_not_sentence(key: str, name: str, viewer: Viewer = "mentee") -> str:
    """Say why this person is not suggested; a key that is nobody's business reads "not available"."""
    versions = _WHY_NOT.get(key, _WHY_NOT["not_available"])
    sentence = str(versions[1 if viewer == "mentor" else 0])
    return sentence % {"name": name}


def hours_words(minutes: int) -> str:
    """Write a length of time: "2 hours", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if rest or not hours:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", rest))
    return " ".join(parts)


def listed(words: list[str]) -> str:
    """Join words as a sentence does."""
    if len(words) < 2:
        return "".join(words)
    return _("%(most)s and %(last)s", most=", ".join(words[:-1]), last=words[-1])


def _line(reason: Mapping[str, Any], viewer: Viewer) -> ReasonLine | None:
    version = _SENTENCES[reason["key"]][_VIEWERS.index(viewer)]
    if version is None:
        return None
    sentence = str(version)
    values = {name: _words(name, value) for name, value in reason.get("params", {}).items()}
    if "minutes" in values:
        values["hours"] = hours_words(int(reason["params"]["minutes"]))
    bold = {name: Markup("<b>{}</b>").format(value) if name in BOLD else value for name, value in values.items()}
    return ReasonLine(kind=reason["kind"], text=sentence % values, html=Markup(escape(sentence)) % bold)  # noqa: S704 - escaped here


def _words(name: str, value: object) -> str:
    if isinstance(value, list):
        return listed([str(word) for word in value])
    # Names of the vocabulary are headings there; in a sentence specialties read better in lower case.
    return str(value).lower() if name in {"practice", "interest"} else str(value)
