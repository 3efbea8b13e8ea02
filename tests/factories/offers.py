"""Rounds with their proposals, and offers in any state, with a ledger that agrees."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Membership, Offer, Programme, Proposal, Round, Scenario
from webapp.services.ledger import release, reserve

REASONS = [{"kind": "shared", "key": "FREE_TEXT", "params": {}}]


def make_round(session: Session, programme: Programme, *, state="review", **values: Any) -> Round:
    round_ = Round(programme=programme, name="Spring 2027", state=state, **values)
    session.add(round_)
    session.flush()
    return round_


def make_scenario(session: Session, round_: Round, pairs, **values: Any) -> Scenario:
    """Return a solved and verified scenario that proposes these pairs of (mentor, mentee)."""
    values = {"status": "solved", "verified": True, "result_status": "OPTIMAL"} | values
    scenario = Scenario(round_id=round_.id, name="First", **values)
    session.add(scenario)
    session.flush()
    for number, (mentor, mentee) in enumerate(pairs):
        session.add(
            Proposal(
                scenario_id=scenario.id,
                mentor_id=mentor.id,
                mentee_id=mentee.id,
                weight=0.9 - number / 1000,
                minutes=60,
                slot_weekday=1,
                slot_minute=20 * 60,
            )
        )
    session.flush()
    return scenario


def make_offer(
    session: Session,
    round_: Round,
    mentor: Membership,
    mentee: Membership,
    *,
    now: datetime,
    state="open",
    minutes=60,
    **values: Any,
) -> Offer:
    """Return an offer made at `now`; an expired or declined one has held the mentor's time and given it back."""
    values = {"slot_weekday": 1, "slot_minute": 20 * 60, "deadline_at": now + timedelta(days=7)} | values
    offer = Offer(
        id=uuid.uuid4(),
        round_id=round_.id,
        mentor_id=mentor.id,
        mentee_id=mentee.id,
        state=state,
        minutes=minutes,
        created_at=now,
        **values,
    )
    session.add(offer)
    session.flush()
    reserve(session, mentor.offer.id, minutes, offer_id=offer.id, why="published", now=now)
    offer.holds_minutes = state in {"open", "accepted"}
    if not offer.holds_minutes:
        release(session, mentor.offer.id, minutes, offer_id=offer.id, why=state, now=now)
    session.flush()
    return offer
