"""What the mails about joining a programme say, looked up when they are sent."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from webapp.mail.rendering import facts_for, preview
from webapp.models import Membership, Person, Programme
from webapp.services.invitations import OPEN
from webapp.services.outbox import Claimed


@dataclass(frozen=True)
class JoiningFacts:
    """A programme and how somebody is to take part in it."""

    slug: str
    programme: str
    summary: str
    note: str
    contact: str
    by: str  # who invites; "" when her account is gone
    is_mentor: bool
    is_mentee: bool
    status: str


@facts_for("invitation", "invitation_reminder")
def invitation(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return nothing for whoever said no, or has joined, since the mail was written down."""
    facts = _facts(session, claimed)
    return {"join": facts} if facts and facts.status in OPEN else None


@facts_for("join_approved", "join_declined", "membership_left", "membership_paused", "membership_resumed")
def membership(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    facts = _facts(session, claimed)
    return {"join": facts} if facts else None


def preview_invitation(
    session: Session, programme_id: uuid.UUID, by: Mapping[str, Any], note: str, config: Config
) -> tuple[str, str]:
    """Return subject and text of an invitation to a mentor; `by` holds the id and the name of who would send it."""
    programme = session.get_one(Programme, programme_id)
    reader = Claimed(
        id=programme_id,
        template="invitation",
        params={"token": "personal-link"},
        attempts=1,
        lease_until=datetime.now(UTC),
        person_id=by["id"],
        name="Dr Ada Lovelace",
        email="ada@example.org",
        zone=programme.zone,
        language="en",
    )
    facts = JoiningFacts(
        slug=programme.slug,
        programme=programme.name,
        summary=programme.summary,
        note=note,
        contact=programme.contact,
        by=by["name"],
        is_mentor=True,
        is_mentee=False,
        status="invited",
    )
    return preview("invitation", reader, {"join": facts}, config)


def _facts(session: Session, claimed: Claimed) -> JoiningFacts | None:
    row = session.execute(
        select(Membership, Programme)
        .join(Programme, Programme.id == Membership.programme_id)
        .where(Membership.id == uuid.UUID(claimed.params["membership_id"]))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    member, programme = row
    by = claimed.params.get("by_person_id")
    return JoiningFacts(
        slug=programme.slug,
        programme=programme.name,
        summary=programme.summary,
        note=programme.invitation_note,
        contact=programme.contact,
        by=session.scalar(select(Person.name).where(Person.id == uuid.UUID(by))) or "" if by else "",
        is_mentor=member.is_mentor,
        is_mentee=member.is_mentee,
        status=member.status,
    )
