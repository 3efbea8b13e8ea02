"""People as an import leaves them: known by a file, unable to sign in, in no pool."""

from typing import Any

from sqlalchemy.orm import Session

from tests.factories.cast import make_person
from webapp.models import Membership, MenteeRequest, MentorOffer, Person, Programme


def make_guest(
    session: Session,
    programme: Programme,
    name: str = "Grace Hopper",
    *,
    as_mentor: dict[str, Any] | None = None,
    as_mentee: dict[str, Any] | None = None,
    roles: tuple[str, ...] = ("mentee",),
    person: Person | None = None,
    **values: Any,
) -> Membership:
    """Return an invited membership of a person who never confirmed anything; what the file said is filled in."""
    kept = {key: values.pop(key) for key in ("status", "invited_at", "reminded_at", "asked_at") if key in values}
    if person is None:
        values.setdefault("windows", ())
        values.setdefault("profile", {"stage": "", "specialties": [], "languages": []})
        person = make_person(session, name, **values)
        person.email_verified_at = None
    membership = Membership(
        person=person,
        programme=programme,
        is_mentor="mentor" in roles,
        is_mentee="mentee" in roles,
        **{"status": "invited", **kept},
    )
    session.add(membership)
    session.flush()
    if as_mentor is not None:
        offer = {"minutes_a_month": 60, "places": 1, "topics": ["leadership"], **as_mentor}
        membership.offer = MentorOffer(membership_id=membership.id, reserved_minutes=0, reserved_places=0, **offer)
    if as_mentee is not None:
        membership.request = MenteeRequest(membership_id=membership.id, **{"topics": ["leadership"], **as_mentee})
    session.flush()
    return membership
