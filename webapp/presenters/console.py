"""What a coordinator may do next in her programme."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.services.overviews import Overview


@dataclass(frozen=True)
class NextStep:
    """The news, what it means, and the one button."""

    title: str
    text: str
    action: str
    url: str


_AT: Mapping[str, tuple[Any, Any, Any]] = {
    "draft": (
        _l("%(round)s is a draft"),
        _l("Open it when people may join. Nobody but the coordinators sees it before."),
        _l("Go to the draft"),
    ),
    "enrolling": (
        _l("%(round)s is open for joining"),
        _l("Look at the pool, invite whom it lacks, then freeze the round to work out pairs."),
        _l("Go to the round"),
    ),
    "frozen": (
        _l("%(round)s can be worked out"),
        _l("The pool is kept as it was. Have the pairs worked out; nobody gets mail yet."),
        _l("Work out the pairs"),
    ),
    "review": (
        _l("%(round)s is ready to review"),
        _l("Read the pairs, change what you know better, then publish. Nothing has been sent."),
        _l("Review the pairs"),
    ),
}


def next_step(programme: Overview) -> NextStep:
    """Say what to do next, from the state of the latest round and who has joined."""
    slug = programme.slug
    latest = next((r for r in programme.rounds if r.state != "cancelled"), None)
    if latest is None or latest.state in {"closing", "archived"}:
        return _before_a_round(programme)
    if latest.state == "enrolling" and not (programme.mentors and programme.mentees):
        return _before_a_round(programme)
    if latest.state in _AT:
        title, text, action = _AT[latest.state]
        url = url_for("rounds.show", slug=slug, round_id=latest.id)
        return NextStep(str(title) % {"round": latest.name}, str(text), str(action), url)
    waiting = programme.offers.get("open", 0)
    url = url_for("responses.show", slug=slug, round_id=latest.id)
    if waiting:
        title = ngettext("%(num)d offer waits for its answers", "%(num)d offers wait for their answers", waiting)
        text = _("Reminders go out by themselves. Places that are declined or run out of time are free again at once.")
        return NextStep(title, text, _("See the answers"), url)
    pairs = programme.pairs
    title = ngettext("%(num)d pair is meeting", "%(num)d pairs are meeting", pairs)
    return NextStep(title, _("All offers of %(round)s are answered.", round=latest.name), _("See the answers"), url)


def _before_a_round(programme: Overview) -> NextStep:
    slug = programme.slug
    if not programme.mentors and not programme.mentees:
        return NextStep(
            _("Nobody has joined yet"),
            _("Send the link below to mentors and mentees. Each takes about three minutes."),
            _("See who has begun") if programme.unfinished else _("Go to people"),
            url_for("people.index", slug=slug),
        )
    if not programme.mentors or not programme.mentees:
        missing = _("No mentor has joined yet") if not programme.mentors else _("No mentee has joined yet")
        text = _("Pairs need both sides. Send the link below to those who are missing.")
        return NextStep(missing, text, _("Go to people"), url_for("people.index", slug=slug))
    if any(r.state in {"draft", "enrolling"} for r in programme.rounds):
        latest = programme.rounds[0]
        url = url_for("rounds.show", slug=slug, round_id=latest.id)
        return NextStep(_("%(round)s is open", round=latest.name), "", _("Go to the round"), url)
    text = _("A round takes those who have joined, works out the best pairs, and asks both sides.")
    return NextStep(_("A round can begin"), text, _("Begin a round"), url_for("rounds.create", slug=slug))
