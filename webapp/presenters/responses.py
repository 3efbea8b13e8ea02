"""Answers to offers, and pairs, as the coordinator reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.engine.bookings import ONCE
from webapp.presenters.dates import day, moment
from webapp.presenters.review_board import slot_words
from webapp.presenters.states import AGREED, ANSWER, CADENCE, OFFER, PAIR
from webapp.services.following import Declined
from webapp.services.nudges import next_nudge
from webapp.services.responses import Answers, Listing, OfferRow, PairRow, Slot
from webapp.services.slots import EVERY, first_day, first_meeting


@dataclass(frozen=True)
class Badge:
    text: str
    kind: str


@dataclass(frozen=True)
class Figure:
    label: str
    value: int
    note: str
    tint: str = ""


@dataclass(frozen=True)
class OfferLine:
    row: OfferRow
    mentor: Badge
    mentee: Badge
    state: Badge
    slot: str
    meets: str  # the first or next meeting, where the two do not meet every week
    note: str
    nudge: str


@dataclass(frozen=True)
class PairLine:
    row: PairRow
    state: Badge
    slot: str
    following: str  # the next meeting, where the two do not meet every week
    rhythm: str


@dataclass(frozen=True)
class Live:
    """What the page knows of the answers; `done` when none is awaited any more."""

    text: str
    fingerprint: str
    done: bool


@dataclass(frozen=True)
class DeclineLine:
    text: str
    number: int


def present_offer(row: OfferRow, *, cadence: str, reasons: Mapping[str, Any], now: datetime) -> OfferLine:
    note = nudge = ""
    if row.state == "open":
        note = _("until %(when)s", when=moment(row.deadline_at))
        due = next_nudge(row.made_at, row.deadline_at, now)
        nudge = _("reminder on %(day)s", day=day(due)) if due else _("no more reminder by itself")
    elif row.closed_at is not None:
        note = day(row.closed_at)
        if row.state == "declined" and row.decline_reason:
            note = f"{note}: {reasons.get(row.decline_reason, row.decline_reason)}"
    meets = _day_of(row.slot, cadence, now)
    words = {"open": _l("first on %(day)s"), "accepted": _l("next on %(day)s")}.get(row.state) if meets else None
    return OfferLine(
        row=row,
        mentor=_badge(ANSWER[row.mentor_answer]),
        mentee=_badge(ANSWER[row.mentee_answer]),
        state=_badge(OFFER[row.state]),
        slot=slot_words(row.slot.weekday, row.slot.minute),
        meets=str(words) % {"day": meets} if words else "",
        note=note,
        nudge=nudge,
    )


def present_pair(row: PairRow, *, now: datetime) -> PairLine:
    rhythm = _("%(cadence)s, %(n)s minutes", cadence=str(CADENCE[row.cadence]), n=row.meeting_minutes)
    following = _day_of(row.slot, row.cadence, now) if row.status == "active" else ""
    return PairLine(
        row=row,
        state=_badge(AGREED if row.cadence == ONCE and row.status == "active" else PAIR[row.status]),
        slot=_meets(row),
        following=_("next on %(day)s", day=following) if following else "",
        rhythm=rhythm,
    )


def _meets(row: PairRow) -> str:
    """Say the hour of a pair, or the day of what happens once."""
    if row.cadence != ONCE:
        return slot_words(row.slot.weekday, row.slot.minute)
    return str(format_date(row.planned_on, "EEEE d MMMM")) if row.planned_on else _("no day written down yet")


def present_declines(declines: list[Declined], reasons: Mapping[str, Any]) -> list[DeclineLine]:
    """Say which side declined how often, and why."""
    sides = {"mentor": _("Mentors: %(why)s"), "mentee": _("Mentees: %(why)s")}
    return [
        DeclineLine(sides[line.side] % {"why": str(reasons.get(line.reason, line.reason))}, line.number)
        for line in declines
    ]


def _day_of(slot: Slot, cadence: str, now: datetime) -> str:
    """Return the day of the next meeting of a slot that does not come every week, on the mentor's clock."""
    if slot.weekday is None or slot.minute is None or slot.week is None or EVERY[cadence] == 1:
        return ""
    meeting = first_meeting(
        slot.weekday,
        slot.minute,
        0,
        kept_in=slot.zone,
        reader=slot.zone,
        other=slot.zone,
        not_before=first_day(slot.from_day, now, slot.zone),
        week=slot.week,
        every=EVERY[cadence],
    )
    return day(meeting.starts_at.date())


def news_of(listing: Listing) -> tuple[str, str]:
    """Return the heading and the sentence under it."""
    waiting, total = listing.counts.get("open", 0), sum(listing.counts.values())
    accepted = listing.counts.get("accepted", 0)
    if waiting:
        title = ngettext("%(num)d offer waits for answers", "%(num)d offers wait for answers", waiting)
    else:
        title = _("Every offer is answered")
    lead = ngettext(
        "%(num)d of %(all)s offers has a yes from both.",
        "%(num)d of %(all)s offers have a yes from both.",
        accepted,
        all=total,
    )
    return title, lead


def present_live(answers: Answers, *, news: bool = False) -> Live:
    """Say whose answers are waited for, in one sentence that is read out when it changes."""
    mentors, mentees = answers.mentors_waited_for, answers.mentees_waited_for
    done = not answers.states.get("open")
    text = ngettext(
        "%(num)d answer is waited for: mentors %(mentors)s, mentees %(mentees)s.",
        "%(num)d answers are waited for: mentors %(mentors)s, mentees %(mentees)s.",
        mentors + mentees,
        mentors=mentors,
        mentees=mentees,
    )
    text = _("No answer is waited for.") if done else text
    return Live(f"{_('New answers have come.')} {text}" if news else text, answers.fingerprint, done)


def figures_of(counts: Mapping[str, int]) -> tuple[Figure, ...]:
    lost = counts.get("declined", 0) + counts.get("expired", 0)
    return (
        Figure(_("Both said yes"), counts.get("accepted", 0), _("now pairs")),
        Figure(
            _("Wait for answers"),
            counts.get("open", 0),
            _("the mentor’s time is held"),
            "t-gold" if counts.get("open") else "",
        ),
        Figure(_("Not free, or no answer"), lost, _("the time is free again")),
        Figure(_("Withdrawn"), counts.get("withdrawn", 0), _("by a coordinator")),
    )


def _badge(words: tuple[object, str]) -> Badge:
    return Badge(str(words[0]), words[1])
