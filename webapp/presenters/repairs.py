"""A repair as a coordinator reads it before anything is sent."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.models import Offer, Proposal, Scenario
from webapp.presenters.places import say_place
from webapp.presenters.reasons import ReasonLine, sentences
from webapp.presenters.review_board import FIT_WORDS, fit_of, short_why, slot_words
from webapp.services.repairs import Applied, Waiting


@dataclass(frozen=True)
class NewPair:
    mentee_id: uuid.UUID
    mentee: str
    mentor_id: uuid.UUID
    mentor: str
    place: str
    why: str
    reasons: list[ReasonLine]
    slot: str
    fit: str
    first: bool  # whether the mentee has nobody now


@dataclass(frozen=True)
class GonePair:
    mentee: str
    mentor: str


@dataclass(frozen=True)
class RepairPage:
    id: uuid.UUID
    title: str
    lead: str
    proof: str
    proved: bool
    new: list[NewPair]
    gone: list[GonePair]
    still: list[Waiting]  # who waits even then
    no_hour: int  # pairs that would fit and found no hour
    mails: int
    action: str


def present_repair(
    scenario: Scenario, new: Sequence[Proposal], gone: Sequence[Offer], waiting: Sequence[Waiting]
) -> RepairPage:
    alone = {person.membership_id for person in waiting}
    given = {pair.mentee_id for pair in new}
    helped = len(given & alone)
    proved = scenario.verified and scenario.result_status == "OPTIMAL"
    return RepairPage(
        id=scenario.id,
        title=_title(helped, len(new)),
        lead=_lead(len(new), len(gone)),
        proof=_proof(scenario, proved=proved),
        proved=proved,
        new=[_new(pair, first=pair.mentee_id in alone) for pair in new],
        gone=[GonePair(offer.mentee.person.name, offer.mentor.person.name) for offer in gone],
        still=[person for person in waiting if person.membership_id not in given],
        no_hour=len(scenario.totals.get("no_hour", [])),
        mails=len({m.person_id for pair in new for m in (pair.mentor, pair.mentee)}) + 2 * len(gone),
        action=_action(len(new), len(gone)),
    )


def say_applied(done: Applied) -> str:
    sent = ngettext("%(num)d new offer is sent.", "%(num)d new offers are sent.", done.offers)
    if not done.withdrawn:
        return sent
    return sent + " " + ngettext("%(num)d offer is withdrawn.", "%(num)d offers are withdrawn.", done.withdrawn)


def _title(helped: int, new: int) -> str:
    if helped:
        return ngettext("%(num)d more mentee gets a mentor", "%(num)d more mentees get a mentor", helped)
    if new:
        return ngettext("%(num)d more pair is possible", "%(num)d more pairs are possible", new)
    return _("Nobody more can get a mentor this way")


def _lead(new: int, gone: int) -> str:
    if not new:
        return _("The mentors who fit have no free time. Let more change, invite a mentor, or wait for answers.")
    offers = ngettext("%(num)d new offer", "%(num)d new offers", new)
    if not gone:
        return _("%(offers)s into free time. Every other pair and offer stays.", offers=offers)
    return ngettext(
        "%(offers)s, and %(num)d open offer is withdrawn. Every other pair and offer stays.",
        "%(offers)s, and %(num)d open offers are withdrawn. Every other pair and offer stays.",
        gone,
        offers=offers,
    )


def _proof(scenario: Scenario, *, proved: bool) -> str:
    if proved:
        return _("No repair helps more, and none that helps as many withdraws fewer - checked")
    fewest = int(scenario.totals.get("fewest_withdrawn", 0))
    return ngettext(
        "A better repair may exist; one that helps as many withdraws %(num)d offer at least",
        "A better repair may exist; one that helps as many withdraws %(num)d offers at least",
        fewest,
    )


def _action(new: int, gone: int) -> str:
    send = ngettext("Send %(num)d offer", "Send %(num)d offers", new)
    return _("%(send)s and withdraw %(n)s", send=send, n=gone) if gone else send


def _new(pair: Proposal, *, first: bool) -> NewPair:
    return NewPair(
        mentee_id=pair.mentee_id,
        mentee=pair.mentee.person.name,
        mentor_id=pair.mentor_id,
        mentor=pair.mentor.person.name,
        place=say_place(pair.role),
        why=short_why(pair.reasons),
        reasons=sentences(pair.reasons, "coordinator"),
        slot=slot_words(pair.slot_weekday, pair.slot_minute),
        fit=str(FIT_WORDS[fit_of(pair.weight)]),
        first=first,
    )
