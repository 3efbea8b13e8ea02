"""What stands before a step of a round, in words, each with the way to where it is mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.models import Scenario
from webapp.presenters.dates import day
from webapp.services.boards import RoundFacts
from webapp.services.checklists import BLOCKS, FINE, Finding

_BADGES: Mapping[str, tuple[Any, str]] = {
    FINE: (_l("Ready"), "yes"),
    "look": (_l("Have a look"), "wait"),
    BLOCKS: (_l("In the way"), "no"),
}
_LACKS = ("mentors", "mentees", "room", "solved")
# What is said where all is well.
_FINE: Mapping[str, Any] = {
    "unfinished": _l("Everyone has finished joining"),
    "hours": _l("Everyone has named free hours"),
    "verified": _l("The pairs are worked out and checked"),
    "limits": _l("Nobody is past the limits set by now"),
    "gone": _l("Everyone in the pairs still takes part"),
    "rulings": _l("The pairs know every pin and every pair ruled out"),
    "slots": _l("Every pair has an hour to meet"),
    "late": _l("Nobody has joined since the freeze"),
    "open_offers": _l("Every offer is answered"),
    "waiting": _l("Nobody waits for a mentor"),
    "running": _l("No pair of it is at work any more"),
    "no_last_day": _l("Joining has no last day"),
}


@dataclass(frozen=True)
class Check:
    """One line of the checklist."""

    text: str
    hint: str
    badge: str
    kind: str
    url: str = ""


def present_checks(
    findings: Sequence[Finding], facts: RoundFacts, *, slug: str, scenario: Scenario | None = None
) -> tuple[Check, ...]:
    """Put findings in words, what is in the way first."""
    order = {BLOCKS: 0, "look": 1, FINE: 2}
    ordered = sorted(findings, key=lambda finding: order[finding.level])
    return tuple(_check(finding, facts, slug, scenario) for finding in ordered)


def _check(finding: Finding, facts: RoundFacts, slug: str, scenario: Scenario | None) -> Check:
    badge, kind = _BADGES[finding.level]
    if finding.level == BLOCKS and finding.key in _LACKS:
        badge = _l("Missing")
    text, hint = _words(finding, facts)
    return Check(text, hint, str(badge), kind, _url(finding, facts, slug, scenario))


def _words(finding: Finding, facts: RoundFacts) -> tuple[str, str]:
    n, key = finding.count, finding.key
    if finding.level == FINE and key in _FINE and not (key == "running" and n):
        return str(_FINE[key]), ""
    if key in {"mentors", "mentees"}:
        text = _("At least one mentor") if key == "mentors" else _("At least one mentee")
        return text, ngettext("%(num)d takes part", "%(num)d take part", n)
    if key in {"last_day", "day_over"} and facts.enrols_until is not None:
        over = _("That day has passed.")
        still = _("That day is not over. You may go on all the same; nothing happens by itself.")
        return _("People join until %(day)s", day=day(facts.enrols_until)), over if key == "day_over" else still
    return _COUNTED[key](n)


_COUNTED: Mapping[str, Any] = {
    "room": lambda n: (
        ngettext("%(num)d mentor has room for somebody", "%(num)d mentors have room for somebody", n)
        if n
        else _("No mentor has time and a place left"),
        "" if n else _("Invite mentors, or ask those who are there for more."),
    ),
    "unfinished": lambda n: (
        ngettext("%(num)d person has not finished joining", "%(num)d people have not finished joining", n),
        _("They would stay out of the round."),
    ),
    "hours": lambda n: (
        ngettext("%(num)d person has named no free hours", "%(num)d people have named no free hours", n),
        _("They can be paired, but no hour to meet is found for them."),
    ),
    "unasked": lambda n: (
        ngettext(
            "%(num)d student has not said yet that she is 18 or older",
            "%(num)d students have not said yet that they are 18 or older",
            n,
        ),
        _("They would stay out of the round. Their home pages ask them."),
    ),
    "unapproved": lambda n: (
        ngettext(
            "%(num)d mentor welcomes students and is not approved yet",
            "%(num)d mentors welcome students and are not approved yet",
            n,
        ),
        _("Until you approve them no student is paired with them."),
    ),
    "left": lambda n: (
        ngettext("%(num)d person sits this round out", "%(num)d people sit this round out", n),
        _("Nobody is paired with them."),
    ),
    "busy": lambda n: (
        ngettext("%(num)d scenario is being worked out", "%(num)d scenarios are being worked out", n),
        _("Another may be begun meanwhile. Whichever is begun first is taken first."),
    ),
    "late": lambda n: (
        ngettext("%(num)d person joined after the freeze", "%(num)d people joined after the freeze", n),
        _("Not in these pairs. They are on the waiting list once the offers are out; to take them in now, reopen."),
    ),
    "solved": lambda _n: (_("No scenario is worked out"), _("Work the pairs out first.")),
    "verified": lambda _n: (
        _("The certificate does not hold"),
        _("Work the pairs out again. What was not checked, or failed its check, is not published."),
    ),
    "limits": lambda n: (
        ngettext("%(num)d mentor has less room by now", "%(num)d mentors have less room by now", n),
        _("Take pairs out on the board, or work them out again."),
    ),
    "gone": lambda n: (
        ngettext("%(num)d pair has somebody who is gone", "%(num)d pairs have somebody who is gone", n),
        _("One of the two pauses or has left. Take these pairs out on the board."),
    ),
    "left_pairs": lambda n: (
        ngettext("%(num)d pair has somebody who left the round", "%(num)d pairs have somebody who left the round", n),
        _("Take these pairs out on the board."),
    ),
    "rulings": lambda n: (
        ngettext("%(num)d ruling is newer than these pairs", "%(num)d rulings are newer than these pairs", n),
        _("The offers would not keep to it yet. Work the pairs out again."),
    ),
    "dropped_pins": lambda n: (
        ngettext("%(num)d pin names somebody who left the round", "%(num)d pins name somebody who left the round", n),
        _("It does not count, and holds again if the person comes back."),
    ),
    "slots": lambda n: (
        ngettext("%(num)d pair has no hour yet", "%(num)d pairs have no hour yet", n),
        _("They may still be published; the two find a time themselves."),
    ),
    "open_offers": lambda n: (
        ngettext("%(num)d offer waits for an answer", "%(num)d offers wait for an answer", n),
        _("This step comes after the last of them. Deadlines end them by themselves, or withdraw them."),
    ),
    "waiting": lambda n: (
        ngettext("%(num)d mentee waits for a mentor", "%(num)d mentees wait for a mentor", n),
        _("What is free can still be given to them, now or later."),
    ),
    "running": lambda n: (
        ngettext("%(num)d pair is at work", "%(num)d pairs are at work", n),
        _("They go on as long as they like."),
    ),
}


def _url(finding: Finding, facts: RoundFacts, slug: str, scenario: Scenario | None) -> str:
    """Return where a thing is seen or mended."""
    here: dict[str, Any] = {"slug": slug, "round_id": facts.id}
    chosen: dict[str, Any] = {**here, "scenario": scenario.id} if scenario is not None else here
    places: Mapping[str, tuple[str, dict[str, Any]]] = {
        "mentors": ("people.index", {"slug": slug, "role": "mentor"}),
        "mentees": ("people.index", {"slug": slug, "role": "mentee"}),
        "room": ("people.index", {"slug": slug, "role": "mentor", "sort": "free"}),
        "unfinished": ("people.index", {"slug": slug, "needs": "anything"}),
        "hours": ("pool.show", {"slug": slug}),
        "unapproved": ("student_approvals.show", {"slug": slug}),
        "left": ("withdrawals.show", {**here, "group": "left"}),
        "late": ("withdrawals.show", {**here, "group": "late"}),
        "busy": ("rounds.show", {**here, "_anchor": "work"}),
        "solved": ("scenarios.create", here),
        "limits": ("rounds.show", chosen),
        "gone": ("rounds.show", chosen),
        "left_pairs": ("rounds.show", chosen),
        "rulings": ("scenarios.create", here),
        "dropped_pins": ("rounds.show", {**chosen, "_anchor": "dropped-pins"}),
        "slots": ("rounds.show", {**chosen, "show": "no_slot"}),
        "open_offers": ("responses.show", {**here, "state": "open"}),
        "waiting": ("waiting.show", here),
        "running": ("responses.pairs", {"slug": slug}),
    }
    if finding.key == "verified":
        return url_for("proofs.show", **here, scenario_id=scenario.id) if scenario is not None else ""
    always = finding.key in {"mentors", "mentees", "left"}
    if finding.key not in places or (finding.level == FINE and not always and not finding.count):
        return ""
    endpoint, values = places[finding.key]
    return url_for(endpoint, **values)
