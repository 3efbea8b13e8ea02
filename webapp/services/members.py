"""One member of a programme, with all that she has said: loaded together with the programme it must be of."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.models import Membership, Person
from webapp.services.errors import NotFoundError


def load_member(session: Session, programme_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    """Return a membership with person, profile, hours, offer and request, as they stand now. Two queries.

    Raises
    ------
    NotFoundError
        She does not belong to this programme.

    """
    membership = session.scalars(
        select(Membership)
        .where(Membership.id == membership_id, Membership.programme_id == programme_id)
        .options(
            joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Membership.person).selectinload(Person.windows),
            joinedload(Membership.offer),
            joinedload(Membership.request),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if membership is None:
        raise NotFoundError(f"membership {membership_id}")
    return membership


def keeps_private(membership: Membership, person: Person) -> bool:
    """Whether somebody has an account of her own and never said yes to this programme: only name and address show.

    `people_query.is_private` says the same in the database's words.
    """
    never_agreed = membership.joined_at is None and membership.terms_agreed_at is None
    here = membership.status == "invited" or (membership.status == "left" and never_agreed)
    return here and person.email_verified_at is not None
