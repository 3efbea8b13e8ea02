"""What a change by hand does when nothing else changes: the fit, the hour, the mentor's month, and what forbids it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.availability import Slot
from webapp.models import Proposal, Scenario
from webapp.services.hand_edits import find_proposal
from webapp.services.hand_steps import HandLimitError, Room, check_room, find_hour, find_pair, room_of, why_apart


@dataclass(frozen=True)
class Preview:
    """A pair as it would be; `refused` is the key of a rule, `limit` the number it would go past."""

    role: str  # the need that it would be for, on the mentee's board
    weight: float
    reasons: list[dict[str, Any]]
    minutes: int
    length: int
    slot: Slot | None
    zone: str
    room: Room
    refused: str
    limit: HandLimitError | None
    proposal: Proposal | None
    old: Proposal | None  # of the mentor whom a moved mentee leaves
    others: int  # mentors whom the mentee keeps in the scenario beside this change

    @property
    def is_there(self) -> bool:
        """Whether the two are a pair of the scenario."""
        return self.proposal is not None and self.proposal.removed_at is None


def preview_pair(
    session: Session,
    scenario: Scenario,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    from_id: uuid.UUID | None = None,
    now: datetime,
) -> Preview:
    """Return two people as a pair of a scenario, in place of the mentee's pair with `from_id` where there is one.

    Raises
    ------
    InvalidInputError
        `pair` is "not_in_round".

    """
    proposal = find_proposal(session, scenario.id, mentor_id, mentee_id)
    old = find_proposal(session, scenario.id, from_id, mentee_id) if from_id else None
    pair = find_pair(session, scenario, mentor_id, mentee_id, without=old)
    without = old.id if old else None
    is_there = proposal is not None and proposal.removed_at is None
    refused = "" if is_there else why_apart(session, scenario, pair, now=now)
    limit = None
    if not is_there:
        try:
            check_room(session, scenario.id, pair, without=without)
        except HandLimitError as error:
            limit = error
    kept = None
    if proposal is not None and proposal.slot_weekday is not None and proposal.slot_minute is not None:
        kept = Slot(proposal.slot_weekday, proposal.slot_minute, proposal.slot_week or 0)
    live = (Proposal.scenario_id == scenario.id, Proposal.mentee_id == mentee_id, Proposal.removed_at.is_(None))
    hers = select(func.count()).where(*live, Proposal.mentor_id.not_in([mentor_id, from_id or mentor_id]))
    same = proposal is not None and proposal.role == pair.role
    return Preview(
        role=pair.role,
        weight=proposal.weight if same and proposal else pair.weight,
        reasons=proposal.reasons if same and proposal else pair.reasons,
        minutes=pair.minutes,
        length=pair.length,
        slot=find_hour(session, scenario, pair, kept, without=without),
        zone=pair.mentor.zone,
        room=room_of(session, scenario.id, pair, without=proposal.id if is_there and proposal else without),
        refused=refused,
        limit=limit,
        proposal=proposal,
        old=old,
        others=session.scalar(hers) or 0,
    )
