"""Leaving one round, and coming back: possible until its offers go out.

Whoever leaves before the freeze is not in the snapshot. Afterwards the snapshot stays as it was frozen, its hash with
it: her pairs are taken out of what is solved at once, and the next solve leaves her out (`scenarios.start_scenario`).
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, Programme, Proposal, Round, RoundWithdrawal, Scenario
from webapp.services.errors import InvalidInputError, NoRoomError, NotFoundError
from webapp.services.hand_edits import put_back
from webapp.services.rounds import lock_round, withdrawn_from
from webapp.services.transaction import transaction

LEAVABLE = ("enrolling", "frozen", "review")
TAKES_PART = (
    Membership.status == "active",
    Membership.joined_at.is_not(None),
    or_(Membership.is_mentor, Membership.is_mentee),
)


@dataclass(frozen=True)
class OwnRound:
    """A round that somebody may leave, and whether she has."""

    id: uuid.UUID
    programme_id: uuid.UUID
    membership_id: uuid.UUID
    name: str
    programme: str
    state: str
    has_left: bool


def own_round(session: Session, round_id: uuid.UUID, person_id: uuid.UUID) -> OwnRound:
    """Return a round of a programme that this person takes part in.

    Raises
    ------
    NotFoundError
        She does not take part, or nobody may leave this round any more.

    """
    row = session.execute(
        select(
            Round.id,
            Programme.id,
            Membership.id,
            Round.name,
            Programme.name,
            Round.state,
            RoundWithdrawal.id.is_not(None),
        )
        .join(Programme, Programme.id == Round.programme_id)
        .join(Membership, Membership.programme_id == Programme.id)
        .outerjoin(
            RoundWithdrawal,
            and_(RoundWithdrawal.round_id == Round.id, RoundWithdrawal.membership_id == Membership.id),
        )
        .where(Round.id == round_id, Round.state.in_(LEAVABLE), Membership.person_id == person_id, *TAKES_PART)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return OwnRound(*row)


def leave_round(
    session: Session,
    round_id: uuid.UUID,
    membership_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Leave somebody out of a round; once more changes nothing."""
    with transaction(session):
        row = lock_round(session, round_id, programme_id, LEAVABLE, "leave it")
        _require_member(session, membership_id, programme_id)
        if _find(session, round_id, membership_id) is not None:
            return
        session.add(RoundWithdrawal(round_id=round_id, membership_id=membership_id, by_person_id=by, created_at=now))
        live = update(Proposal).where(*_hers(round_id, membership_id), Proposal.removed_at.is_(None))
        session.execute(live.values(removed_at=now).execution_options(synchronize_session=False))
        _note(session, row, "round.leave", membership_id, by=by, now=now)


def rejoin_round(
    session: Session,
    round_id: uuid.UUID,
    membership_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Take a withdrawal back, with the pairs that it took out, as far as nothing stands against them by now.

    Where the other of a pair has left too, the pair comes back with her; where its place was given away, it stays out.
    """
    with transaction(session):
        row = lock_round(session, round_id, programme_id, LEAVABLE, "come back to it")
        _require_member(session, membership_id, programme_id)
        withdrawal = _find(session, round_id, membership_id)
        if withdrawal is None:
            return
        left_at = withdrawal.created_at
        session.delete(withdrawal)
        session.flush()  # so that it does not stand against its own pairs below
        _put_back(session, round_id, membership_id, left_at, now=now)
        _note(session, row, "round.rejoin", membership_id, by=by, now=now)


def _find(session: Session, round_id: uuid.UUID, membership_id: uuid.UUID) -> RoundWithdrawal | None:
    query = select(RoundWithdrawal).where(
        RoundWithdrawal.round_id == round_id, RoundWithdrawal.membership_id == membership_id
    )
    return session.scalars(query).one_or_none()


def _require_member(session: Session, membership_id: uuid.UUID, programme_id: uuid.UUID) -> None:
    here = exists().where(
        Membership.id == membership_id,
        Membership.programme_id == programme_id,
        or_(Membership.is_mentor, Membership.is_mentee),
    )
    if not session.scalar(select(here)):
        raise NotFoundError


def _hers(round_id: uuid.UUID, membership_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on proposals: her pairs in the solved scenarios of the round."""
    solved = select(Scenario.id).where(Scenario.round_id == round_id, Scenario.status == "solved")
    hers = or_(Proposal.mentor_id == membership_id, Proposal.mentee_id == membership_id)
    return Proposal.scenario_id.in_(solved), hers


def _put_back(
    session: Session, round_id: uuid.UUID, membership_id: uuid.UUID, left_at: datetime, *, now: datetime
) -> None:
    rows = session.execute(
        select(Scenario, Proposal)
        .join(Proposal, Proposal.scenario_id == Scenario.id)
        .where(*_hers(round_id, membership_id), Proposal.removed_at == left_at)
        .order_by(Proposal.weight.desc(), Proposal.id)
        .execution_options(populate_existing=True)
    ).all()
    gone = withdrawn_from(session, round_id)
    for scenario, proposal in rows:
        other = gone.get(proposal.mentor_id) or gone.get(proposal.mentee_id)
        if other is not None:
            proposal.removed_at = other
            continue
        with suppress(NoRoomError, InvalidInputError):
            put_back(session, scenario, proposal, now=now)
            session.flush()  # its place is taken for the next


def _note(session: Session, row: Round, action: str, membership_id: uuid.UUID, *, by: uuid.UUID, now: datetime) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=row.programme_id,
            action=action,
            subject=f"round:{row.id}",
            facts={"membership": str(membership_id)},
            created_at=now,
        )
    )
