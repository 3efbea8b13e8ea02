"""What coordinators changed for somebody, as she and they are told of it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import EditOnBehalf, Membership, Person, Programme
from webapp.services.transaction import transaction

MOST = 10


@dataclass(frozen=True)
class Edit:
    """Who changed which fields, when; never what stood in them."""

    id: uuid.UUID
    by: str  # "" when that account is gone
    fields: tuple[str, ...]
    at: datetime
    slug: str
    programme: str


def list_edits(session: Session, membership_ids: Collection[uuid.UUID], *, unseen: bool = False) -> tuple[Edit, ...]:
    """Return the latest edits on behalf of these memberships; `unseen`: only what she has not read yet."""
    query = (
        select(EditOnBehalf, Person.name, Programme.slug, Programme.name)
        .join(Membership, Membership.id == EditOnBehalf.membership_id)
        .join(Programme, Programme.id == Membership.programme_id)
        .outerjoin(Person, Person.id == EditOnBehalf.by_person_id)
        .where(EditOnBehalf.membership_id.in_(list(membership_ids)))
        .order_by(EditOnBehalf.created_at.desc(), EditOnBehalf.id)
        .limit(MOST)
    )
    if unseen:
        query = query.where(EditOnBehalf.seen_at.is_(None))
    return tuple(
        Edit(edit.id, by or "", tuple(edit.fields), edit.created_at, slug, programme)
        for edit, by, slug, programme in session.execute(query)
    )


def mark_edits_seen(session: Session, person_id: uuid.UUID, edit_ids: Collection[uuid.UUID], *, now: datetime) -> None:
    """Note that she has read these; those of others stay as they are."""
    mine = select(Membership.id).where(Membership.person_id == person_id)
    with transaction(session):
        session.execute(
            update(EditOnBehalf)
            .where(EditOnBehalf.id.in_(list(edit_ids)), EditOnBehalf.membership_id.in_(mine))
            .where(EditOnBehalf.seen_at.is_(None))
            .values(seen_at=now)
            .execution_options(synchronize_session=False)
        )
