"""Which people of a programme are meant: the filters of the people page, and who has not finished joining."""

import uuid
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from webapp.models import (
    AvailabilityWindow,
    Membership,
    MenteeRequest,
    MentorOffer,
    OutboxMessage,
    Person,
    Profile,
)
from webapp.services.search import names_specialty, text_matches

ROLES = ("mentor", "mentee", "both", "coordinator")
STATUSES = ("active", "pending", "invited", "paused", "left")
SORTS = ("name", "newest", "stage", "free")
STEPS = ("roles", "you", "offer", "request", "hours", "check")
# What somebody may lack: any step of joining, one of them, a look at her invitation, the invitation itself, a
# coordinator's yes, or a mailbox that takes our mail.
NEEDS = ("anything", *STEPS, "unopened", "unsent", "approval", "mailbox")


@dataclass(frozen=True)
class PeopleQuery:
    """What the coordinator asked for in the address."""

    q: str = ""
    role: str = ""
    status: str = ""
    stage: str = ""
    specialty: str = ""
    needs: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return any((self.q, self.role, self.status, self.stage, self.specialty, self.needs))


_JOINS: dict[type, SQLColumnExpression[bool]] = {
    Person: Person.id == Membership.person_id,
    Profile: Profile.person_id == Membership.person_id,
    MentorOffer: MentorOffer.membership_id == Membership.id,
    MenteeRequest: MenteeRequest.membership_id == Membership.id,
}
TABLES = frozenset(_JOINS)


def joined(query: Any, tables: AbstractSet[type] = TABLES) -> Any:
    """Join the tables named to the memberships; everybody is a person, and may lack the rest."""
    query = query.select_from(Membership)
    for table, on in _JOINS.items():
        if table in tables:
            query = query.join(table, on, isouter=table is not Person)
    return query


def conditions(
    programme_id: uuid.UUID, query: PeopleQuery
) -> tuple[list[SQLColumnExpression[bool]], AbstractSet[type]]:
    """Return what chooses the people, and the tables that it looks at beside the memberships."""
    chosen: list[SQLColumnExpression[bool]] = [Membership.programme_id == programme_id]
    tables: set[type] = set()
    if query.q.strip():
        chosen.append(text_matches(query.q, Person.name, Person.email, shown(Profile.institution), shown(Profile.city)))
        tables |= {Person, Profile}
    if query.role:
        chosen.append(
            {
                "mentor": Membership.is_mentor,
                "mentee": Membership.is_mentee,
                "both": and_(Membership.is_mentor, Membership.is_mentee),
                "coordinator": Membership.is_coordinator,
            }[query.role]
        )
    # Who has left is shown only when asked for.
    chosen.append(Membership.status == query.status if query.status else Membership.status != "left")
    if query.stage:
        chosen.append(shown(Profile.stage) == query.stage)
        tables |= {Person, Profile}
    if query.specialty:
        practised = and_(not_(is_private()), names_specialty(query.specialty, Profile.specialties))
        chosen.append(or_(practised, names_specialty(query.specialty, MenteeRequest.specialties)))
        tables |= {Person, Profile, MenteeRequest}
    if query.needs:
        chosen.append(_needs(query.needs))
        tables |= TABLES
    return chosen, tables


def is_private() -> ColumnElement[bool]:
    """Say of whom `members.keeps_private` is true."""
    never_agreed = and_(Membership.joined_at.is_(None), Membership.terms_agreed_at.is_(None))
    here = or_(Membership.status == "invited", and_(Membership.status == "left", never_agreed))
    return and_(here, Person.email_verified_at.is_not(None))


def shown(column: Any) -> SQLColumnExpression[Any]:
    """Return a column of a person or her profile as far as this programme may know it."""
    return case((not_(is_private()), column), else_=null())


def is_unfinished() -> ColumnElement[bool]:
    """Say that somebody has something left to do before she takes part."""
    return and_(Membership.status.in_(("invited", "pending")), Membership.asked_at.is_(None))


def missing_steps(
    membership: Membership,
    profile: Profile | None,
    offer: MentorOffer | None,
    request: MenteeRequest | None,
    *,
    has_hours: bool,
) -> tuple[str, ...]:
    """Return the steps of joining that are open, as `services.joining` asks for them."""
    if membership.status not in {"invited", "pending"} or membership.asked_at:
        return ()
    is_open = {
        "roles": not (membership.is_mentor or membership.is_mentee),
        "you": not (profile and profile.stage and profile.specialties and profile.languages),
        "offer": membership.is_mentor and (offer is None or offer.is_provisional),
        "request": membership.is_mentee and not (request and request.topics),
        "hours": not has_hours,
    }
    steps = tuple(step for step, missing in is_open.items() if missing)
    return steps or ("check",)


def mail_fails() -> ColumnElement[bool]:
    """Say that a server refused a mail to this person for good, and none has arrived since."""
    return exists().where(_failed_for_good())


def _failed_for_good() -> ColumnElement[bool]:
    later = aliased(OutboxMessage)
    arrived = exists().where(
        later.person_id == OutboxMessage.person_id, later.state == "sent", later.sent_at > OutboxMessage.created_at
    )
    # What was given up because the server could not be reached says nothing of the person's mailbox.
    refused = OutboxMessage.error.startswith("refused:")
    return and_(OutboxMessage.person_id == Person.id, OutboxMessage.state == "failed", refused, not_(arrived))


def _is_empty(column: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return func.coalesce(cast(column, Text), "[]").in_(("[]", "null"))


def find_bounces(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return why mails do not arrive, for those of these people whose mails do not."""
    rows = session.execute(
        select(Person.id, OutboxMessage.error)
        .join(OutboxMessage, OutboxMessage.person_id == Person.id)
        .where(Person.id.in_(list(person_ids)), _failed_for_good())
        .order_by(OutboxMessage.created_at)
    )
    return {row.id: row.error for row in rows}  # the latest counts


def _needs(what: str) -> ColumnElement[bool]:
    """Say in the database's words what `missing_steps` says of one person."""
    hours = exists().where(AvailabilityWindow.person_id == Person.id)
    steps: dict[str, ColumnElement[bool]] = {
        "roles": not_(or_(Membership.is_mentor, Membership.is_mentee)),
        "you": or_(
            is_private(),
            func.coalesce(Profile.stage, "") == "",
            _is_empty(Profile.specialties),
            _is_empty(Profile.languages),
        ),
        "offer": and_(Membership.is_mentor, or_(MentorOffer.id.is_(None), MentorOffer.is_provisional)),
        "request": and_(Membership.is_mentee, _is_empty(MenteeRequest.topics)),
        "hours": or_(is_private(), not_(hours)),
    }
    never_written = and_(Membership.status == "invited", Membership.invited_at.is_(None))
    if what in steps:
        return and_(is_unfinished(), steps[what])
    return {
        "anything": is_unfinished(),
        "check": and_(is_unfinished(), not_(or_(*steps.values()))),
        "unopened": and_(Membership.status == "invited", Membership.invited_at.is_not(None)),
        "unsent": never_written,
        "approval": and_(Membership.status == "pending", Membership.asked_at.is_not(None)),
        "mailbox": mail_fails(),
    }.get(what, false())
