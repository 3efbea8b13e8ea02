"""The formats that a mentor gives: mentoring, a question, a shadow day; and whether students are welcome."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import AuditEvent, LetterBox, Membership, MentorOffer, Programme
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.ledger import lock_time
from webapp.services.students import needs_approval
from webapp.services.transaction import transaction

SHADOW_DAY, MENTORING = "shadow_day", "mentoring"
SHADOW_MINUTES = 60
"""What a shadow day takes of a month: the mentor works as always, and gives an hour of it to talking."""
FORMATS = ("mentoring", "question", "shadow_day")


@dataclass(frozen=True)
class Given:
    """What a mentor gives, and whom she welcomes."""

    gives_mentoring: bool
    gives_questions: bool
    gives_shadow_days: bool
    welcomes_students: bool


@dataclass(frozen=True)
class FormatsFound:
    programme: str
    given: Given
    waits_for_approval: bool  # students are welcome, and the programme has not approved her for them yet
    is_approved: bool  # the programme asks for it, and she is
    takes_letters: bool  # by which questions and shadow days are asked for
    pairs: int  # places that are taken: they stay without mentoring


def read_formats(session: Session, slug: str, *, person_id: uuid.UUID) -> FormatsFound:
    """Return what a mentor gives; NotFoundError to whoever is no mentor there. Two queries."""
    membership, offer = _mine(session, slug, person_id)
    return FormatsFound(
        programme=membership.programme.name,
        given=Given(**{name: getattr(offer, name) for name in Given.__dataclass_fields__}),
        waits_for_approval=waits_for_approval(membership.programme, offer),
        is_approved=needs_approval(membership.programme) and offer.students_approved_at is not None,
        takes_letters=session.scalar(
            select(exists().where(LetterBox.membership_id == membership.id, LetterBox.is_open))
        )
        or False,
        pairs=offer.reserved_places,
    )


def save_formats(session: Session, slug: str, given: Given, *, person_id: uuid.UUID, now: datetime) -> None:
    """Keep what a mentor gives; what is agreed already stays.

    Raises
    ------
    InvalidInputError
        She gives nothing at all; a pause says that.

    """
    if not (given.gives_mentoring or given.gives_questions or given.gives_shadow_days):
        raise InvalidInputError({"formats": "none"})
    with transaction(session):
        membership, _offer = _mine(session, slug, person_id)
        lock_time(session, [membership.id])
        membership, offer = _mine(session, slug, person_id)
        changed = [name for name, value in asdict(given).items() if getattr(offer, name) != value]
        for name in changed:
            setattr(offer, name, getattr(given, name))
        if changed:
            session.add(
                AuditEvent(
                    by_person_id=person_id,
                    programme_id=membership.programme_id,
                    action="limits.formats",
                    subject=f"membership:{membership.id}",
                    facts={name: getattr(given, name) for name in changed},
                    created_at=now,
                )
            )


def waits_for_approval(programme: Programme, offer: MentorOffer) -> bool:
    return needs_approval(programme) and offer.welcomes_students and offer.students_approved_at is None


def asks_of(offer: MentorOffer) -> tuple[str, ...]:
    """Return what a letter to this mentor may ask for."""
    asks = [*(("15", "30", "60") if offer.gives_questions else ())]
    asks += [SHADOW_DAY] if offer.gives_shadow_days else []
    return (*asks, MENTORING) if offer.gives_mentoring else tuple(asks)


def minutes_of(ask: str) -> int:
    """Return the minutes that a question or a shadow day takes of a mentor's month."""
    return SHADOW_MINUTES if ask == SHADOW_DAY else int(ask)


def _mine(session: Session, slug: str, person_id: uuid.UUID) -> tuple[Membership, MentorOffer]:
    membership = session.scalars(
        select(Membership)
        .join(Membership.programme)
        .where(Programme.slug == slug, Membership.person_id == person_id, Membership.status != "left")
        .where(Membership.is_mentor)
        .options(joinedload(Membership.programme), joinedload(Membership.offer))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if membership is None or membership.offer is None:
        raise NotFoundError("offer")
    return membership, membership.offer
