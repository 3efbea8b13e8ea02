"""What stands before each step of a round: plain facts, each fine, worth a look, or in the way.

The steps themselves hold what must hold; this says it before anybody presses the button.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.engine.students import said_adult
from webapp.models import (
    AvailabilityWindow,
    Membership,
    MentorOffer,
    Mentorship,
    Offer,
    Proposal,
    RoundWithdrawal,
    Scenario,
)
from webapp.services.boards import RoundFacts, count_enrolled
from webapp.services.checks import last_check
from webapp.services.repairs import waiting_list
from webapp.services.rulings import rulings_of
from webapp.services.student_approvals import count_unapproved
from webapp.services.withdrawals import TAKES_PART

FINE, LOOK, BLOCKS = "fine", "look", "blocks"


@dataclass(frozen=True)
class Finding:
    """One thing to know before a step; `level` is FINE, LOOK (the step may be taken) or BLOCKS."""

    key: str
    level: str
    count: int = 0


@dataclass(frozen=True)
class _Before:
    """What the checks of a step look at."""

    session: Session
    programme_id: uuid.UUID
    facts: RoundFacts
    scenario: Scenario | None
    today: date


def check_step(
    session: Session,
    programme_id: uuid.UUID,
    facts: RoundFacts,
    step: str,
    *,
    scenario: Scenario | None = None,
    today: date,
) -> tuple[Finding, ...]:
    """Return what stands before a step; `scenario` is the one that would be published. At most eight queries."""
    before = _Before(session, programme_id, facts, scenario, today)
    return tuple(_CHECKS[step](before)) if step in _CHECKS else ()


def _open(before: _Before) -> list[Finding]:
    enrolled = count_enrolled(before.session, before.programme_id)
    return [
        _last_day(before),
        Finding("mentors", FINE if enrolled.mentors else LOOK, enrolled.mentors),
        Finding("mentees", FINE if enrolled.mentees else LOOK, enrolled.mentees),
    ]


def _freeze(before: _Before) -> list[Finding]:
    session, programme_id = before.session, before.programme_id
    enrolled = count_enrolled(session, programme_id)
    with_room = _count_with_room(session, programme_id)
    silent = _count_without_hours(session, programme_id)
    left = before.facts.left
    findings = [
        Finding("mentors", FINE if enrolled.mentors else BLOCKS, enrolled.mentors),
        Finding("mentees", FINE if enrolled.mentees else BLOCKS, enrolled.mentees),
        Finding("unfinished", LOOK if enrolled.unfinished else FINE, enrolled.unfinished),
        Finding("hours", LOOK if silent else FINE, silent),
        _last_day(before),
    ]
    if enrolled.mentors:
        findings.insert(2, Finding("room", FINE if with_room else BLOCKS, with_room))
    if unasked := _count_unasked(session, programme_id):
        findings.append(Finding("unasked", LOOK, unasked))
    if unapproved := count_unapproved(session, programme_id):
        findings.append(Finding("unapproved", LOOK, unapproved))
    return [*findings, *([Finding("left", FINE, left)] if left else [])]


def _solve(before: _Before) -> list[Finding]:
    late, left = _count_late(before), before.facts.left
    busy = [Finding("busy", FINE, len(before.facts.busy))] if before.facts.busy else []
    return [
        *busy,
        Finding("late", LOOK if late else FINE, late),
        *([Finding("left", FINE, left)] if left else []),
    ]


def _publish(before: _Before) -> list[Finding]:
    scenario, session = before.scenario, before.session
    if scenario is None or scenario.status != "solved":
        return [Finding("solved", BLOCKS)]
    live = (Proposal.scenario_id == scenario.id, Proposal.removed_at.is_(None))
    check = last_check(session, scenario.id)
    true = scenario.verified and (check is None or check.ok)
    past = session.scalar(select(func.count()).select_from(_past_limits(*live))) or 0
    gone, left, silent = session.execute(_amiss(before.facts.id, *live)).one()
    rulings, late = rulings_of(session, before.facts.id, scenario), _count_late(before)
    newer, dropped = rulings.newer, len(rulings.dropped)
    return [
        Finding("verified", FINE if true else BLOCKS),
        Finding("limits", BLOCKS if past else FINE, past),
        Finding("gone", BLOCKS if gone else FINE, gone),
        *([Finding("left_pairs", BLOCKS, left)] if left else []),
        Finding("rulings", LOOK if newer else FINE, newer),
        *([Finding("dropped_pins", LOOK, dropped)] if dropped else []),
        Finding("slots", LOOK if silent else FINE, silent),
        *([Finding("late", LOOK, late)] if late else []),
    ]


def _activate(before: _Before) -> list[Finding]:
    waiting = len(waiting_list(before.session, before.programme_id, before.facts.id))
    return [_open_offers(before), Finding("waiting", LOOK if waiting else FINE, waiting)]


def _close(before: _Before) -> list[Finding]:
    return [_open_offers(before), Finding("running", FINE, _count_running(before))]


def _archive(before: _Before) -> list[Finding]:
    running = _count_running(before)
    return [Finding("running", LOOK if running else FINE, running)]


_CHECKS: dict[str, Callable[[_Before], list[Finding]]] = {
    "open": _open,
    "freeze": _freeze,
    "solve": _solve,
    "publish": _publish,
    "activate": _activate,
    "close": _close,
    "archive": _archive,
}


def _last_day(before: _Before) -> Finding:
    last = before.facts.enrols_until
    if last is None:
        return Finding("no_last_day", FINE)
    return Finding("last_day", LOOK, (last - before.today).days) if last >= before.today else Finding("day_over", FINE)


def _open_offers(before: _Before) -> Finding:
    query = select(func.count()).where(Offer.round_id == before.facts.id, Offer.state == "open")
    count = before.session.scalar(query) or 0
    return Finding("open_offers", BLOCKS if count else FINE, count)


def _count_running(before: _Before) -> int:
    query = (
        select(func.count())
        .select_from(Mentorship)
        .join(Offer, Offer.id == Mentorship.offer_id)
        .where(Offer.round_id == before.facts.id, Mentorship.status.in_(("active", "paused")))
    )
    return before.session.scalar(query) or 0


def _count_with_room(session: Session, programme_id: uuid.UUID) -> int:
    query = (
        select(func.count())
        .select_from(Membership)
        .join(MentorOffer, MentorOffer.membership_id == Membership.id)
        .where(
            Membership.programme_id == programme_id,
            Membership.is_mentor,
            *TAKES_PART,
            MentorOffer.is_provisional.is_(False),
            MentorOffer.places > MentorOffer.reserved_places,
            MentorOffer.minutes_a_month > MentorOffer.reserved_minutes,
        )
    )
    return session.scalar(query) or 0


def _count_without_hours(session: Session, programme_id: uuid.UUID) -> int:
    some = exists().where(AvailabilityWindow.person_id == Membership.person_id)
    query = select(func.count()).where(Membership.programme_id == programme_id, *TAKES_PART, ~some)
    return session.scalar(query) or 0


def _count_unasked(session: Session, programme_id: uuid.UUID) -> int:
    """Count the students who have still to say that they are adults: no pool has them."""
    query = select(func.count()).where(Membership.programme_id == programme_id, *TAKES_PART, ~said_adult())
    return session.scalar(query) or 0


def _count_late(before: _Before) -> int:
    if before.facts.frozen_at is None:
        return 0
    came = Membership.joined_at > before.facts.frozen_at
    query = select(func.count()).where(Membership.programme_id == before.programme_id, *TAKES_PART, came)
    return before.session.scalar(query) or 0


def _past_limits(*live: ColumnElement[bool]) -> Any:
    """Select the mentors whose pairs together take more than is free now."""
    return (
        select(Proposal.mentor_id)
        .join(MentorOffer, MentorOffer.membership_id == Proposal.mentor_id)
        .where(*live)
        .group_by(Proposal.mentor_id, MentorOffer.id)
        .having(
            or_(
                func.sum(Proposal.minutes) > MentorOffer.minutes_a_month - MentorOffer.reserved_minutes,
                func.count() > MentorOffer.places - MentorOffer.reserved_places,
            )
        )
        .subquery()
    )


def _amiss(round_id: uuid.UUID, *live: ColumnElement[bool]) -> Any:
    """Count the pairs of whom one is not active any more, of whom one has left the round, and those without an hour."""
    mentor, mentee = aliased(Membership), aliased(Membership)
    left = exists().where(
        RoundWithdrawal.round_id == round_id,
        or_(RoundWithdrawal.membership_id == Proposal.mentor_id, RoundWithdrawal.membership_id == Proposal.mentee_id),
    )
    return (
        select(
            func.count().filter(or_(mentor.status != "active", mentee.status != "active")),
            func.count().filter(left),
            func.count().filter(Proposal.slot_weekday.is_(None)),
        )
        .select_from(Proposal)
        .join(mentor, mentor.id == Proposal.mentor_id)
        .join(mentee, mentee.id == Proposal.mentee_id)
        .where(*live)
    )
