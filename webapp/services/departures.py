"""Pausing, coming back and leaving, noted by a coordinator for somebody who asks her to."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Membership
from webapp.services import offer_steps as steps
from webapp.services import outbox
from webapp.services.errors import NotFoundError, WrongStateError
from webapp.services.member_edits import mark
from webapp.services.parting import lock_all, offers_of, pairs_of, part
from webapp.services.transaction import transaction

STEPS = {"pause": ("active", "paused"), "resume": ("paused", "active")}


@dataclass(frozen=True)
class Leaving:
    """What somebody's leaving would undo."""

    name: str
    status: str
    is_coordinator: bool
    takes_part: bool
    offers: int
    pairs: int


def read_leaving(session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID) -> Leaving:
    """Return how many offers and pairs would end."""
    membership = _load(session, programme_id, membership_id)
    open_offers = session.scalars(offers_of({membership_id})).all()
    pairs = session.scalars(pairs_of({membership_id})).all()
    return Leaving(
        name=membership.person.name,
        status=membership.status,
        is_coordinator=membership.is_coordinator,
        takes_part=membership.is_mentor or membership.is_mentee,
        offers=len(open_offers) - len(pairs),
        pairs=len(pairs),
    )


def change_pause(
    session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID, step: str, *, by: uuid.UUID, now: datetime
) -> None:
    """Pause or resume a membership: its pairs stay, rounds leave it out meanwhile.

    Raises
    ------
    WrongStateError
        She does not take part, or pauses already.

    """
    before, after = STEPS[step]
    with transaction(session):
        membership = _load(session, programme_id, membership_id, lock=True)
        if membership.status != before or not (membership.is_mentor or membership.is_mentee):
            raise WrongStateError("membership", membership.status, step)
        membership.status = after
        _write(session, f"membership_{after if step == 'pause' else 'resumed'}", membership, now)
        mark(session, membership, [step], f"membership.{step}", by=by, now=now)


def leave_programme(
    session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID, *, by: uuid.UUID, now: datetime
) -> None:
    """Let somebody leave: her open offers are withdrawn, her pairs end, held minutes return, the others are told.

    A coordinator keeps that part of hers and loses the others.

    Raises
    ------
    WrongStateError
        She has left already, or only coordinates.
    ConflictError
        An offer was made to her at this very moment; nothing was changed.

    """
    with transaction(session):
        # The programme is checked before anything is locked; what counts is read again below.
        _load(session, programme_id, membership_id)
        offers = lock_all(session, {membership_id})
        membership = _load(session, programme_id, membership_id)
        if membership.status == "left" or not (
            membership.is_mentor or membership.is_mentee or not membership.is_coordinator
        ):
            raise WrongStateError("membership", membership.status, "leave")
        for offer in offers:
            part(session, offer, {membership_id}, by=by, now=now)
        steps.settle_rounds(session, {offer.round_id for offer in offers})
        if membership.is_coordinator:
            membership.is_mentor = membership.is_mentee = False
        else:
            membership.status, membership.asked_at = "left", None
            membership.invited_at = None  # a link that she still has makes her no guest any more
        if membership.joined_at is not None:  # who never took part needs no word about leaving
            _write(session, "membership_left", membership, now)
        mark(session, membership, ["leave"], "membership.left", by=by, now=now)


def _load(session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID, *, lock: bool = False) -> Membership:
    query = select(Membership).where(Membership.id == membership_id, Membership.programme_id == programme_id)
    query = query.with_for_update(of=Membership, key_share=True) if lock else query
    membership = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if membership is None:
        raise NotFoundError(f"membership {membership_id}")
    return membership


def _write(session: Session, template: str, membership: Membership, now: datetime) -> None:
    outbox.write(
        session,
        template=template,
        person_id=membership.person_id,
        params={"membership_id": str(membership.id)},
        unique_key=f"{template}:{membership.id}:{now:%Y%m%d%H%M%S}",
    )
