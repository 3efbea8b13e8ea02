"""Answers to offers, and pairs, as the coordinator reads them."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.presenters.dates import day, moment
from webapp.presenters.review_board import slot_words
from webapp.presenters.states import ANSWER, CADENCE, OFFER, PAIR
from webapp.services.responses import Listing, OfferRow, PairRow


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
    note: str


@dataclass(frozen=True)
class PairLine:
    row: PairRow
    state: Badge
    slot: str
    rhythm: str


def present_offer(row: OfferRow) -> OfferLine:
    note = ""
    if row.state == "open":
        note = _("until %(when)s", when=moment(row.deadline_at))
    elif row.closed_at is not None:
        note = day(row.closed_at)
    return OfferLine(
        row=row,
        mentor=_badge(ANSWER[row.mentor_answer]),
        mentee=_badge(ANSWER[row.mentee_answer]),
        state=_badge(OFFER[row.state]),
        slot=slot_words(row.slot_weekday, row.slot_minute),
        note=note,
    )


def present_pair(row: PairRow) -> PairLine:
    rhythm = _("%(cadence)s, %(n)s minutes", cadence=str(CADENCE[row.cadence]), n=row.meeting_minutes)
    return PairLine(row, _badge(PAIR[row.status]), slot_words(row.slot_weekday, row.slot_minute), rhythm)


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


def figures_of(listing: Listing) -> tuple[Figure, ...]:
    counts = listing.counts
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
