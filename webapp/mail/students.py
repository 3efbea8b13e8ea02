"""What the mails about students and light formats say: approval, a question of age, and whether a talk took place."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.mail.rendering import facts_for
from webapp.models import Membership, Mentorship
from webapp.services.errors import NotFoundError
from webapp.services.light_formats import ANSWER_DAYS
from webapp.services.light_reminders import UNDATED_DAYS
from webapp.services.mentorships import find_mentorship
from webapp.services.outbox import Claimed
from webapp.services.students import awaits_word, needs_approval


@facts_for("students_approved", "students_unapproved")
def approval(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return what was decided; None where it has been decided otherwise since, or the programme asks it no more."""
    member = _member(session, claimed)
    if member is None or member.offer is None or not needs_approval(member.programme):
        return None
    is_approved = member.offer.students_approved_at is not None
    if is_approved is not (claimed.template == "students_approved"):
        return None
    return {**_place(member), "welcomes": member.offer.welcomes_students}


@facts_for("age_asked")
def age(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return where she is asked; None once she has answered, or is no student any more."""
    member = _member(session, claimed)
    return _place(member) if member is not None and awaits_word(member) else None


@facts_for("light_due")
def light(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return the talk or the shadow day; None once one of the two has spoken, or has moved the day."""
    try:
        pair = find_mentorship(session, uuid.UUID(claimed.params["mentorship_id"]), person_id=claimed.person_id)
    except NotFoundError:
        return None
    row = pair.mentorship
    on = row.planned_on.isoformat() if row.planned_on else ""
    if row.status != "active" or on != claimed.params["on"]:
        return None
    other = row.mentee if pair.side == "mentor" else row.mentor
    until = row.planned_on + timedelta(days=ANSWER_DAYS) if row.planned_on else _undated(row)
    return {
        "title": _title(row, other.person.name),
        "day": format_date(row.planned_on, "EEEE d MMMM") if row.planned_on else "",
        "until": format_date(until, "EEEE d MMMM"),
        "mentorship_id": row.id,
    }


def _undated(row: Mentorship) -> Any:
    return (row.created_at + timedelta(days=UNDATED_DAYS)).date()


def _title(row: Mentorship, name: str) -> str:
    if row.planned_on is None:
        if row.offer.is_shadow_day:
            return str(_("When is your shadow day with %(name)s?", name=name))
        return str(_("When do you talk with %(name)s?", name=name))
    if row.offer.is_shadow_day:
        return str(_("Did the shadow day with %(name)s take place?", name=name))
    return str(_("Did you talk with %(name)s?", name=name))


def _member(session: Session, claimed: Claimed) -> Membership | None:
    member = session.get(Membership, uuid.UUID(claimed.params["membership_id"]), populate_existing=True)
    return member if member is not None and member.status in {"active", "paused"} else None


def _place(member: Membership) -> dict[str, str]:
    programme = member.programme
    return {"slug": programme.slug, "programme": programme.name, "contact": programme.contact}
