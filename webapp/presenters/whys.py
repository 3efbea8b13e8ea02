"""Answers to a coordinator's "why not": in words, with names for ids."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.reasons import ReasonLine, listed, sentences
from webapp.presenters.review_board import FIT_WORDS, fit_of
from webapp.presenters.round_words import cannot_be

_WHY: Mapping[str, Any] = {
    "paired": _l("They are a pair of this scenario."),
    "cost_pinned": _l("The two do not go together with the pairs that are pinned or meet already."),
    "cost_nothing": _l("They could be one at no cost: another matching, as good, holds them. Pin the pair to have it."),
    "cost_priority": _l("Somebody who was left out before would go without a mentor instead."),
    "cost_floor": _l("The weakest place of all would be weaker by %(floor)s."),
    "cost_total": _l("The fits of all pairs together would be lower by %(total)s."),
    "left_no_mentor": _l("No mentor is possible with these answers."),
    "left_mentors_taken": _l("Mentors would be possible, but fit others better or have no place left."),
    "left_wants_none": _l("No mentor is wanted."),
    "left_no_room": _l("There is no place, or there are too few minutes for one pair."),
    "left_no_mentee": _l("No mentee is possible with these answers."),
    "left_mentees_taken": _l("Mentees would be possible, but have mentors already."),
    "no_time": _l("The two share no time to meet beside the others."),
    "left_no_time": _l("Mentors would be possible, but there was no hour to meet any of them."),
    "left_no_mentee_time": _l("Mentees would be possible, but there was no hour to meet any of them."),
    "hour_no_shared_time": _l("The two share no free time that is long enough for a meeting all year."),
    "hour_taken_by_bookings": _l("Other meetings take all the time the two share."),
    "hour_out_of_time": _l("No hour was found for the two before the search had to end; there may be one."),
}
_CHANGE: Mapping[str, Any] = {
    "edit_resume": _l("Taking mentees again would be enough."),
    "edit_hours": _l("Being free on %(windows)s as well would be enough."),
    "edit_topic": _l("Adding the topic %(topic)s would be enough."),
    "edit_stage": _l("Welcoming mentees at the stage %(stage)s would be enough."),
    "edit_specialty": _l("Adding the specialty %(specialty)s would be enough."),
    "edit_room": _l("One place and %(minutes)s minutes a month would be enough."),
    "edit_none": _l("No small change of these answers alone would be enough."),
    "edit_pinned": _l("Hours were too scarce to say what would be enough."),
    "edit_unknown": _l("No small change of these answers was found in time."),
}

_NO_CHANGE = frozenset({"edit_none", "edit_unknown", "edit_pinned"})


@dataclass(frozen=True)
class Moved:
    """A pair that would come in or go out."""

    mentee: str
    mentor: str


@dataclass(frozen=True)
class WhyPage:
    """An answer; `change` is for who was left out, the rest of the figures for two people."""

    title: str
    why: str
    fit: str
    reasons: list[ReasonLine]
    change: str
    helps: bool  # whether some change would be enough
    entering: list[Moved]
    leaving: list[Moved]
    exact: bool
    may_pin: bool


def present_pair_answer(answer: Mapping[str, Any], mentor: str, mentee: str, names: Mapping[str, str]) -> WhyPage:
    titles = {
        "paired": _("%(mentee)s and %(mentor)s are a pair", mentee=mentee, mentor=mentor),
        "possible": _("%(mentee)s and %(mentor)s could be a pair", mentee=mentee, mentor=mentor),
        "not_possible": _("%(mentee)s and %(mentor)s cannot be a pair", mentee=mentee, mentor=mentor),
    }
    return WhyPage(
        title=titles[answer["state"]],
        why=why_of(answer),
        fit=str(FIT_WORDS[fit_of(answer["weight"])]) if "weight" in answer else "",
        reasons=sentences(answer.get("reasons", []), "coordinator"),
        change="",
        helps=False,
        entering=moved_pairs(answer["entering"], names),
        leaving=moved_pairs(answer["leaving"], names),
        exact=bool(answer.get("exact", True)),
        may_pin=answer["state"] == "possible",
    )


def present_left_out(answer: Mapping[str, Any] | None, name: str, names: Mapping[str, str]) -> WhyPage:
    if answer is None:
        title, why, change = _("%(name)s is in a pair", name=name), "", ""
    else:
        title, why, change = _("%(name)s was left out", name=name), why_of(answer), change_words(answer["change"])
    moved = answer or {"entering": (), "leaving": ()}
    return WhyPage(
        title=title,
        why=why,
        fit="",
        reasons=[],
        change=change,
        helps=answer is not None and answer["change"]["key"] not in _NO_CHANGE,
        entering=moved_pairs(moved["entering"], names),
        leaving=moved_pairs(moved["leaving"], names),
        exact=True,
        may_pin=False,
    )


def why_of(answer: Mapping[str, Any]) -> str:
    """Say the reason or the first level of cost in an answer."""
    key, params = answer["key"], answer["params"]
    if key == "cost_coverage":
        return ngettext(
            "%(num)d more mentee would go without a mentor.",
            "%(num)d more mentees would go without a mentor.",
            int(params["count"]),
        )
    if key == "hour_clash":
        return ngettext(
            "The two and %(num)d other pair cannot all meet: they need the same times.",
            "The two and %(num)d other pairs cannot all meet: they need the same times.",
            int(params["count"]),
        )
    return str(_WHY[key]) % params if key in _WHY else cannot_be(key)


def change_words(change: Mapping[str, Any]) -> str:
    """Say what smallest change of somebody's own answers would be enough."""
    params = {name: listed(value) if isinstance(value, list) else value for name, value in change["params"].items()}
    return str(_CHANGE[change["key"]]) % params


def present_no_hour(rows: Iterable[Mapping[str, Any]], names: Mapping[uuid.UUID, str]) -> list[tuple[Moved, str]]:
    """List the pairs that fit but found no hour, each with why; those of people who have gone are left out."""
    found = []
    for row in rows:
        mentee, mentor = (names.get(uuid.UUID(row[name])) for name in ("mentee_id", "mentor_id"))
        if mentee and mentor:
            answer = {"key": f"hour_{row['code']}", "params": {"count": row["beside"]}}
            found.append((Moved(mentee, mentor), why_of(answer)))
    return found


def moved_pairs(pairs: Iterable[tuple[str, str]], names: Mapping[str, str]) -> list[Moved]:
    """Return pairs of ids with names."""
    gone = _("somebody who has left")
    return [Moved(names.get(mentee, gone), names.get(mentor, gone)) for mentor, mentee in pairs]
