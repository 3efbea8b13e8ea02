"""The figures over the review board, and what is proved of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.models import Scenario
from webapp.services.boards import Totals

_PROVED: Mapping[str, Any] = {
    "coverage": _l("No better matching exists - checked"),
    "total": _l("No better matching exists - checked"),
    "fair": _l("The weakest place cannot be better - checked"),
    "stable": _l("No two would both rather have each other - checked"),
}


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    note: str
    url: str = ""


@dataclass(frozen=True)
class Proof:
    """What is known about better matchings; `proved` draws it as the badge."""

    text: str
    proved: bool
    note: str


def present_facts(totals: Totals, *, without_url: str) -> tuple[Fact, ...]:
    """Return the four figures over the board."""
    missing = totals.mentees - totals.covered
    slots = (
        ngettext("%(num)d without an hour yet", "%(num)d without an hour yet", totals.without_slot)
        if totals.without_slot
        else _("all with an hour to meet")
    )
    if totals.removed:
        slots = ngettext("%(num)d taken out by hand", "%(num)d taken out by hand", totals.removed)
    return (
        Fact(
            _("Mentees with a mentor"),
            _("%(n)s of %(all)s", n=totals.covered, all=totals.mentees),
            _("%(n)s without, and why", n=missing) if missing else _("nobody goes without"),
            without_url if missing else "",
        ),
        Fact(_("Pairs"), str(totals.pairs), slots),
        Fact(
            _("Weakest best fit"),
            "–" if totals.weakest is None else f"{totals.weakest:.2f}",
            ngettext("%(num)d mentee below 0.50", "%(num)d mentees below 0.50", totals.thin),
        ),
        Fact(
            _("Mentors’ time used"),
            _("%(n)s of %(all)s h", n=hours(totals.minutes_used), all=hours(totals.minutes_given)),
            _("nobody over their own limit"),
        ),
    )


def present_proof(scenario: Scenario, totals: Totals) -> Proof:
    """Say whether a better matching may exist, and by how much at most."""
    note = _proof_note(totals)
    if not scenario.verified:
        return Proof(_("Not checked"), proved=False, note=_("Work the pairs out again before you publish."))
    if scenario.result_status == "OPTIMAL":
        return Proof(best_words(scenario.objective), proved=True, note=note)
    gap = float(scenario.totals.get("gap") or 0.0)
    text = _("A better matching may exist, by %(gap)s %% at most - checked", gap=f"{100 * gap:.2f}")
    return Proof(text, proved=False, note=note)


def best_words(objective: str) -> str:
    """Say what is proved of a result that is the best under its rule."""
    return str(_PROVED[objective])


def _proof_note(totals: Totals) -> str:
    """Say what the proof still covers."""
    if not totals.out and not totals.added:
        return ""
    out = ngettext("%(num)d pair out", "%(num)d pairs out", totals.out)
    added = ngettext("%(num)d pair in", "%(num)d pairs in", totals.added)
    changes = ", ".join(text for text, n in ((out, totals.out), (added, totals.added)) if n)
    return _("The proof is of the pairs as they were worked out, before changes by hand: %(changes)s.", changes=changes)


def hours(minutes: int) -> str:
    return f"{minutes // 60}" if minutes % 60 == 0 or minutes >= 1_200 else f"{minutes / 60:.1f}"
