"""A change by hand before it is made: its true cost in words, and what it does when nothing else changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.presenters.board_edits import say_apart, say_limit
from webapp.presenters.reasons import ReasonLine, sentences
from webapp.presenters.review_board import FIT_WORDS, fit_of, slot_words
from webapp.presenters.whys import Moved, moved_pairs, why_of
from webapp.services.previews import Preview
from webapp.services.vocabulary import city_of, name_of

SMALL = 0.005  # below what two decimals tell


@dataclass(frozen=True)
class Cost:
    """What the best matching loses by the change."""

    lines: list[str]
    free: bool
    entering: list[Moved]
    leaving: list[Moved]
    note: str


@dataclass(frozen=True)
class ChangePage:
    """A change: its title, what stands in the way, and its effect in single facts."""

    title: str
    refused: str
    effects: list[tuple[str, str]]
    reasons: list[ReasonLine]


def present_change(what: str, preview: Preview, names: Mapping[str, str]) -> ChangePage:
    """Describe a change of a scenario alone; `names` has mentor, mentee and before."""
    titles = {
        "add": _("Give %(mentee)s to %(mentor)s?", **names),
        "move": _("Move %(mentee)s to %(mentor)s?", **names),
        "remove": _("Take out %(mentee)s with %(mentor)s?", **names),
        "restore": _("Put back %(mentee)s with %(mentor)s?", **names),
        "pin": _("Pin %(mentee)s with %(mentor)s?", **names),
        "forbid": _("Rule out %(mentee)s with %(mentor)s?", **names),
    }
    leaves = what in {"remove", "forbid"}
    return ChangePage(
        title=titles[what],
        refused=_refused(what, preview, names),
        effects=_out(preview, names) if leaves else _in(what, preview, names),
        reasons=sentences(preview.reasons, "coordinator"),
    )


def present_cost(answer: Mapping[str, Any], names: Mapping[str, str], *, edits: bool) -> Cost:
    """Say what a change truly costs: the best matching with it, less the best without it."""
    lines, free = [], False
    if answer["state"] != "possible":
        lines = [why_of(answer)]
    else:
        lines = _losses(answer)
        free = not lines
    notes = []
    if not answer.get("exact", True):
        notes.append(_("Measured against the best that was found; a better one may exist."))
    if edits:
        notes.append(_("Measured on the pairs as they were worked out, before the changes by hand."))
    return Cost(
        lines=lines or [_("Nothing: another matching, as good, has it so.")],
        free=free,
        entering=moved_pairs(answer["entering"], names),
        leaving=moved_pairs(answer["leaving"], names),
        note=" ".join(notes),
    )


def _losses(answer: Mapping[str, Any]) -> list[str]:
    lines = []
    if answer["coverage"] < 0:
        lines.append(
            ngettext(
                "%(num)d mentee more is left without a mentor.",
                "%(num)d mentees more are left without a mentor.",
                -answer["coverage"],
            )
        )
    if answer["priority"] < -SMALL and not lines:
        lines.append(_("Somebody who was left out before goes without a mentor instead."))
    if answer["floor"] < -SMALL:
        lines.append(_("The weakest place of all is weaker by %(n)s.", n=f"{-answer['floor']:.2f}"))
    total = float(answer["total"])
    if total < -SMALL:
        lines.append(_("The fits of all pairs together fall by %(n)s.", n=f"{-total:.2f}"))
    elif total < -1e-6:
        lines.append(_("The fits of all pairs together fall by less than 0.01."))
    elif lines and total > SMALL:
        lines.append(_("The fits of all pairs together rise by %(n)s.", n=f"{total:.2f}"))
    return lines


def _refused(what: str, preview: Preview, names: Mapping[str, str]) -> str:
    if what in {"remove", "forbid"}:
        return "" if preview.is_there or what == "forbid" else _("That pair is not in this scenario any more.")
    if preview.refused:
        return say_apart(preview.refused)
    if what == "pin":
        return ""
    if preview.is_there:
        return _("The two are a pair of this scenario already.")
    if what == "move" and (preview.old is None or preview.old.removed_at is not None):
        return _("%(mentee)s is not with %(before)s any more.", **names)
    return say_limit(preview.limit, names["mentor"], names["mentee"]) if preview.limit else ""


def _in(what: str, preview: Preview, names: Mapping[str, str]) -> list[tuple[str, str]]:
    fit = _fit(preview.weight)
    if preview.old is not None:
        fit = _(
            "%(fit)s, in place of %(old)s with %(before)s",
            fit=fit,
            old=_fit(preview.old.weight),
            before=names["before"],
        )
    effects = [(_("Fit"), fit)]
    if preview.role:
        effects.append((_("Is for"), name_of("topic", preview.role)))
    if preview.refused:
        return effects
    if preview.limit is None or what == "pin":
        effects.append((_("Mentor’s month"), _month(preview, pairs=1)))
    slot = preview.slot
    hour = slot_words(slot.weekday, slot.start) if slot else ""
    found = _("%(hour)s, %(city)s time; it clashes with nothing", hour=hour, city=city_of(preview.zone))
    effects.append((_("An hour to meet"), found if hour else _("none that both have free beside their other meetings")))
    if what == "move":
        effects.append((names["before"], _("has a place more to give")))
    return effects


def _out(preview: Preview, names: Mapping[str, str]) -> list[tuple[str, str]]:
    after = _("has another mentor here") if preview.others else _("is left without a mentor")
    return [
        (_("Fit that is lost"), _fit(preview.weight)),
        (names["mentee"], after),
        (_("Mentor’s month"), _month(preview, pairs=0)),
    ]


def _month(preview: Preview, *, pairs: int) -> str:
    """Say how full a mentor's month is with so many pairs like this one on top of the others."""
    room = preview.room
    return _(
        "%(taken)s of %(given)s minutes, %(n)s of %(all)s places",
        taken=room.taken_minutes + pairs * preview.minutes,
        given=room.minutes,
        n=room.taken_places + pairs,
        all=room.places,
    )


def _fit(weight: float) -> str:
    return _("%(word)s (%(weight)s)", word=str(FIT_WORDS[fit_of(weight)]), weight=f"{weight:.2f}")


def names_needed(answer: Mapping[str, Any]) -> Sequence[str]:
    """Return whose names an answer needs, by their ids."""
    return [key for pairs in (answer["entering"], answer["leaving"]) for pair in pairs for key in pair]
