"""What can be taken out of a programme: for each kind of row its columns, in order, and where each comes from.

The names are a promise to whoever reads the files; docs/reference/exports.md tells what they hold. Private facts,
passwords and what a pair writes to each other are in none of them, nor are the parts of a fit: from all parts but
one the last could be worked out, and it may rest on a private fact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, SQLColumnExpression, case, cast, func
from sqlalchemy.orm import aliased

from webapp.models import (
    AuditEvent,
    Membership,
    MenteeRequest,
    MentorOffer,
    Mentorship,
    Offer,
    Person,
    Profile,
    Proposal,
    Round,
    Scenario,
    TimeEntry,
)
from webapp.services.people_query import shown
from webapp.services.week import clock

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Column:
    """A column's name, its expression, and what is made of the value; `reasons` are put into words by the caller."""

    name: str
    value: SQLColumnExpression[Any]
    change: Callable[[Any], Any] | None = None


mentor, mentee = aliased(Membership), aliased(Membership)
mentor_person, mentee_person = aliased(Person), aliased(Person)

PEOPLE = (
    Column("id", Membership.id),
    Column("name", Person.name),
    Column("email", Person.email),
    Column("pronouns", shown(Person.pronouns)),
    Column("is_mentor", Membership.is_mentor),
    Column("is_mentee", Membership.is_mentee),
    Column("is_coordinator", Membership.is_coordinator),
    Column("status", Membership.status),
    Column("began_at", Membership.created_at),
    Column("joined_at", Membership.joined_at),
    Column("adult_confirmed_at", Membership.adult_confirmed_at),
    Column("institution", shown(Profile.institution)),
    Column("city", shown(Profile.city)),
    Column("country", shown(Profile.country)),
    Column("stage", shown(Profile.stage)),
    Column("specialties", shown(Profile.specialties)),
    Column("languages", shown(Profile.languages)),
    Column("bio", shown(Profile.bio)),
    Column("zone", shown(Person.zone)),
    Column("hours", shown(Person.id)),
    Column("offers_topics", MentorOffer.topics),
    Column("stages_welcome", MentorOffer.stages_welcome),
    Column("minutes", MentorOffer.minutes_a_month),
    Column("places", MentorOffer.places),
    Column("is_provisional", MentorOffer.is_provisional),
    Column("reserved_minutes", MentorOffer.reserved_minutes),
    Column("reserved_places", MentorOffer.reserved_places),
    Column("paused_from", MentorOffer.paused_from),
    Column("paused_until", MentorOffer.paused_until),
    Column("about_the_offer", MentorOffer.about),
    Column("gives_mentoring", MentorOffer.gives_mentoring),
    Column("gives_questions", MentorOffer.gives_questions),
    Column("gives_shadow_days", MentorOffer.gives_shadow_days),
    Column("welcomes_students", MentorOffer.welcomes_students),
    Column("students_approved_at", MentorOffer.students_approved_at),
    Column("needs_topics", MenteeRequest.topics),
    Column("interests", MenteeRequest.specialties),
    Column("wanted", MenteeRequest.mentors_wanted),
    Column("board", MenteeRequest.board),
    Column("minutes_asked", MenteeRequest.minutes_a_month),
    Column("goal", MenteeRequest.goal),
    Column("priority", Membership.priority),
)


def _slot(table: type[Proposal | Offer | Mentorship]) -> tuple[Column, ...]:
    return (
        Column("slot_weekday", table.slot_weekday, lambda day: None if day is None else WEEKDAYS[day]),
        Column("slot_start", table.slot_minute, lambda minute: None if minute is None else clock(minute)),
        Column("slot_week", table.slot_week, lambda week: None if week is None else week + 1),
        Column("slot_zone", mentor_person.zone),
    )


def _pair(table: type[Proposal | Offer | Mentorship]) -> tuple[Column, ...]:
    return (
        Column("mentor_id", table.mentor_id),
        Column("mentor", mentor_person.name),
        Column("mentor_email", mentor_person.email),
        Column("mentee_id", table.mentee_id),
        Column("mentee", mentee_person.name),
        Column("mentee_email", mentee_person.email),
    )


PROPOSALS = (
    Column("id", Proposal.id),
    Column("round", Round.name),
    Column("scenario", Scenario.name),
    Column("objective", Scenario.objective),
    *_pair(Proposal),
    Column("role", Proposal.role),
    Column("fit", Proposal.weight),
    Column("minutes", Proposal.minutes),
    *_slot(Proposal),
    Column("origin", Proposal.origin),
    Column("removed_at", Proposal.removed_at),
    Column("reasons", Proposal.reasons),
)
OFFERS = (
    Column("id", Offer.id),
    Column("round", func.coalesce(Round.name, "")),
    *_pair(Offer),
    Column("role", Offer.role),
    Column("state", Offer.state),
    Column("mentor_answer", Offer.mentor_answer),
    Column("mentor_answered_at", Offer.mentor_answered_at),
    Column("mentee_answer", Offer.mentee_answer),
    Column("mentee_answered_at", Offer.mentee_answered_at),
    Column("decline_reason", Offer.decline_reason),
    Column("minutes", Offer.minutes),
    Column("holds_minutes", Offer.holds_minutes),
    *_slot(Offer),
    Column("made_at", Offer.created_at),
    Column("deadline_at", Offer.deadline_at),
    Column("closed_at", Offer.closed_at),
)
MENTORSHIPS = (
    Column("id", Mentorship.id),
    Column("offer_id", Mentorship.offer_id),
    Column("round", func.coalesce(Round.name, "")),
    *_pair(Mentorship),
    Column("role", Offer.role),
    Column("status", Mentorship.status),
    Column("cadence", Mentorship.cadence),
    Column("meeting_minutes", Mentorship.meeting_minutes),
    *_slot(Mentorship),
    Column("since", Mentorship.created_at),
    Column("ended_at", Mentorship.ended_at),
    Column("end_reason", Mentorship.end_reason),
    Column("planned_on", Mentorship.planned_on),
    Column("took_place", Mentorship.took_place),
)


def _sum(kind: str) -> SQLColumnExpression[int]:
    # The sum of whole numbers is a decimal on PostgreSQL.
    return cast(func.coalesce(func.sum(case((TimeEntry.kind == kind, TimeEntry.minutes), else_=0)), 0), Integer)


MINUTES = (
    Column("mentor_id", Membership.id),
    Column("mentor", Person.name),
    Column("mentor_email", Person.email),
    Column("month", TimeEntry.month, lambda day: None if day is None else f"{day:%Y-%m}"),
    Column("given", MentorOffer.minutes_a_month),
    Column("is_provisional", MentorOffer.is_provisional),
    Column("reserved", _sum("reserved")),
    Column("returned", _sum("returned")),
    Column("spent", _sum("spent")),
    Column("reserved_now", MentorOffer.reserved_minutes),
)
AUDIT = (
    Column("id", AuditEvent.id),
    Column("at", AuditEvent.created_at),
    Column("by_id", AuditEvent.by_person_id),
    Column("by", Person.name),
    Column("action", AuditEvent.action),
    Column("subject", AuditEvent.subject),
    Column("facts", AuditEvent.facts),
)
COLUMNS = {
    "people": PEOPLE,
    "proposals": PROPOSALS,
    "offers": OFFERS,
    "mentorships": MENTORSHIPS,
    "minutes": MINUTES,
    "audit": AUDIT,
}
