"""What a coordinator may do next in her programme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.services.overviews import Overview


@dataclass(frozen=True)
class NextStep:
    """The news, what it means, and the one button; `waits` where nothing goes on before the coordinator acts."""

    title: str
    text: str
    action: str
    url: str
    waits: bool = False


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


def next_step(programme: Overview, *, today: date) -> NextStep:
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
        if latest.state == "enrolling" and latest.enrols_until and latest.enrols_until < today:
            title = _l("Enrolment of %(round)s is over")
            last = format_date(latest.enrols_until, "EEEE d MMMM")
            text = _("Its last day was %(day)s. Look at the pool, then freeze the round to work out pairs.", day=last)
            return NextStep(str(title) % {"round": latest.name}, text, str(action), url, waits=True)
        waits = latest.state != "enrolling"
        return NextStep(str(title) % {"round": latest.name}, str(text), str(action), url, waits)
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
    if programme.unasked and not (programme.mentors and programme.mentees):
        title = ngettext(
            "%(num)d person waits for an invitation", "%(num)d people wait for an invitation", programme.unasked
        )
        text = _("Nobody is in a pool before answering the mail with the personal link.")
        return NextStep(title, text, _("Invite them"), url_for("invitations.show", slug=slug), waits=True)
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


@dataclass(frozen=True)
class Organised:
    """A programme on its coordinator's home page: where its round stands, the figures, the one button."""

    name: str
    slug: str
    round_name: str
    round_state: str
    figures: str
    step: NextStep


def present_organised(programme: Overview, *, today: date) -> Organised:
    latest = next((r for r in programme.rounds if r.state != "cancelled"), None)
    figures = [
        ngettext("%(num)d mentee", "%(num)d mentees", programme.mentees),
        ngettext("%(num)d mentor", "%(num)d mentors", programme.mentors),
        ngettext("%(num)d pair", "%(num)d pairs", programme.pairs),
    ]
    if programme.unfinished:
        figures.append(
            ngettext("%(num)d has not finished joining", "%(num)d have not finished joining", programme.unfinished)
        )
    return Organised(
        name=programme.name,
        slug=programme.slug,
        round_name=latest.name if latest else "",
        round_state=latest.state if latest else "",
        figures=_("%(figures)s.", figures=", ".join(figures)),
        step=next_step(programme, today=today),
    )
