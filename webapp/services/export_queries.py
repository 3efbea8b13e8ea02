"""Which rows are taken out of a programme, and in which order."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select

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
from webapp.services import export_columns as columns
from webapp.services.audit_query import AuditQuery, audit_conditions

ROLES = {"mentor": Membership.is_mentor, "mentee": Membership.is_mentee, "coordinator": Membership.is_coordinator}
AT_ONCE = 500  # rows held in memory


@dataclass(frozen=True)
class Order:
    """What is wanted: a kind of rows, a kind of file, and which rows; an empty filter takes all."""

    what: str
    kind: str
    role: str = ""
    status: str = ""
    round_id: uuid.UUID | None = None
    scenario_id: uuid.UUID | None = None
    log: AuditQuery = field(default_factory=AuditQuery)  # which lines of the audit log


def _select(what: str) -> Select[Any]:
    return select(*(column.value for column in columns.COLUMNS[what]))


def _people(programme_id: uuid.UUID, order: Order) -> Select[Any]:
    query = (
        _select("people")
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Profile, Profile.person_id == Person.id)
        .outerjoin(MentorOffer, MentorOffer.membership_id == Membership.id)
        .outerjoin(MenteeRequest, MenteeRequest.membership_id == Membership.id)
        .where(Membership.programme_id == programme_id)
        .order_by(func.lower(Person.name), Membership.id)
    )
    if order.role:
        query = query.where(ROLES[order.role])
    # Who has left is given only when asked for, as in the list of people.
    return query.where(Membership.status == order.status if order.status else Membership.status != "left")


def _sides(query: Select[Any], table: type[Proposal | Offer | Mentorship], programme_id: uuid.UUID) -> Select[Any]:
    sides = (
        query.select_from(table)
        .join(columns.mentor, columns.mentor.id == table.mentor_id)
        .join(columns.mentor_person, columns.mentor_person.id == columns.mentor.person_id)
        .join(columns.mentee, columns.mentee.id == table.mentee_id)
        .join(columns.mentee_person, columns.mentee_person.id == columns.mentee.person_id)
    )
    return sides.where(columns.mentor.programme_id == programme_id)


def _proposals(programme_id: uuid.UUID, order: Order) -> Select[Any]:
    return (
        _sides(_select("proposals"), Proposal, programme_id)
        .join(Scenario, Scenario.id == Proposal.scenario_id)
        .join(Round, Round.id == Scenario.round_id)
        .where(Proposal.scenario_id == order.scenario_id)
        .order_by(Proposal.weight.desc(), Proposal.id)
    )


def _offers(programme_id: uuid.UUID, order: Order) -> Select[Any]:
    query = _sides(_select("offers"), Offer, programme_id).join(Round, Round.id == Offer.round_id)
    if order.round_id:
        query = query.where(Offer.round_id == order.round_id)
    if order.status:
        query = query.where(Offer.state == order.status)
    return query.order_by(Offer.created_at, Offer.id)


def _mentorships(programme_id: uuid.UUID, order: Order) -> Select[Any]:
    query = (
        _sides(_select("mentorships"), Mentorship, programme_id)
        .join(Offer, Offer.id == Mentorship.offer_id)
        .join(Round, Round.id == Offer.round_id)
    )
    if order.round_id:
        query = query.where(Offer.round_id == order.round_id)
    if order.status:
        query = query.where(Mentorship.status == order.status)
    return query.order_by(Mentorship.created_at, Mentorship.id)


def _minutes(programme_id: uuid.UUID, order: Order) -> Select[Any]:
    """Add up the ledger by mentor and month; a mentor without any line has one row without a month."""
    del order
    offer = (MentorOffer.minutes_a_month, MentorOffer.is_provisional, MentorOffer.reserved_minutes)
    alone = (Membership.id, Person.name, Person.email, *offer)
    return (
        _select("minutes")
        .select_from(MentorOffer)
        .join(Membership, Membership.id == MentorOffer.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(TimeEntry, TimeEntry.mentor_offer_id == MentorOffer.id)
        .where(Membership.programme_id == programme_id)
        .group_by(*alone, TimeEntry.month)
        .order_by(func.lower(Person.name), Membership.id, TimeEntry.month)
    )


def _audit(programme_id: uuid.UUID, order: Order) -> Select[Any]:
    return (
        _select("audit")
        .select_from(AuditEvent)
        .outerjoin(Person, Person.id == AuditEvent.by_person_id)
        .where(*audit_conditions(programme_id, order.log))
        .order_by(AuditEvent.created_at, AuditEvent.id)
    )


QUERIES: Mapping[str, Callable[[uuid.UUID, Order], Select[Any]]] = {
    "people": _people,
    "proposals": _proposals,
    "offers": _offers,
    "mentorships": _mentorships,
    "minutes": _minutes,
    "audit": _audit,
}
