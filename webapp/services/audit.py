"""The audit log as a coordinator reads it; names are looked up when it is read, for the log holds ids alone."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, null, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import AuditEvent, Membership, Message, Offer, Person, Proposal, Round, Scenario
from webapp.services.audit_query import AuditQuery, audit_conditions

PAGE = 25
_SUBJECT = re.compile(r"(?P<kind>[a-z_]+)[: ](?P<id>[0-9a-f-]{36})")


@dataclass(frozen=True)
class Thing:
    """What a line is about, as it stands today: its name, or those of two people, and the round it is of."""

    kind: str
    id: uuid.UUID
    name: str = ""
    mentor: str = ""
    mentee: str = ""
    round_id: uuid.UUID | None = None
    exists: bool = False


@dataclass(frozen=True)
class AuditLine:
    id: uuid.UUID
    at: datetime
    by: str  # empty: the person has left, or nobody did it
    action: str
    thing: Thing | None
    facts: dict[str, Any]
    names: dict[str, str]  # of the people that the facts name by id


@dataclass(frozen=True)
class AuditPage:
    lines: tuple[AuditLine, ...]
    people: tuple[tuple[uuid.UUID, str], ...]  # whoever did something in this programme
    about: Thing | None
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * PAGE, self.total)


def read_audit_log(session: Session, programme_id: uuid.UUID, query: AuditQuery) -> AuditPage:
    """Return one page of the programme's log, the newest first. Eight queries, however long it is."""
    chosen = audit_conditions(programme_id, query)
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*chosen)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, query.page), pages)
    rows = session.execute(
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.by_person_id)
        .where(*chosen)
        .order_by(AuditEvent.created_at.desc(), AuditEvent.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    wanted = [subject_of(event.subject) for event, _name in rows]
    things = _things(session, programme_id, [*wanted, subject_of(query.about)])
    names = _names(session, [event.facts for event, _name in rows])
    lines = tuple(
        AuditLine(
            id=event.id,
            at=event.created_at,
            by=name or "",
            action=event.action,
            thing=things.get(subject) if subject else None,
            facts=event.facts,
            names=names,
        )
        for (event, name), subject in zip(rows, wanted, strict=True)
    )
    about = subject_of(query.about)
    return AuditPage(lines, _people(session, programme_id), things.get(about) if about else None, number, pages, total)


def subject_of(text: str) -> tuple[str, uuid.UUID] | None:
    """Return the kind of thing and its id, from how a line or an address writes it."""
    found = _SUBJECT.fullmatch(text)
    try:
        return (found["kind"], uuid.UUID(found["id"])) if found else None
    except ValueError:
        return None  # as many letters as an id has, and none


def _people(session: Session, programme_id: uuid.UUID) -> tuple[tuple[uuid.UUID, str], ...]:
    acted = select(AuditEvent.by_person_id).where(AuditEvent.programme_id == programme_id)
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(acted)).order_by(func.lower(Person.name)))
    return tuple((row.id, row.name) for row in rows)


def _names(session: Session, facts: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the names of the people that facts speak of: by their own id, or that of a membership."""
    ids = {value for fact in facts for value in fact.values() if isinstance(value, str) and len(value) == 36}
    known = {uuid.UUID(value) for value in ids if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value)}
    rows = session.execute(
        select(Membership.id, Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(or_(Person.id.in_(known), Membership.id.in_(known)))
    )
    return {str(key): name for membership_id, person_id, name in rows for key in (membership_id, person_id)}


Wanted = list[tuple[str, uuid.UUID] | None]


def _things(session: Session, programme_id: uuid.UUID, wanted: Wanted) -> dict[tuple[str, uuid.UUID], Thing]:
    """Look up what lines are about: one query for each kind, and only in this programme."""
    ids: dict[str, set[uuid.UUID]] = defaultdict(set)
    for found in wanted:
        if found:
            ids[found[0]].add(found[1])
    things = {found: Thing(*found) for found in wanted if found}
    for kind, query in _queries(ids, programme_id).items():
        for row in session.execute(query):
            things[kind, row.id] = Thing(kind, row.id, row.name, row.mentor, row.mentee, row.round_id, exists=True)
    return things


def _queries(ids: Mapping[str, set[uuid.UUID]], programme_id: uuid.UUID) -> dict[str, Any]:
    """Return for each kind of thing what finds it: id, name, or mentor and mentee, and the round it is of."""
    nobody = (literal("").label("mentor"), literal("").label("mentee"))
    mentor, mentee = aliased(Membership), aliased(Membership)
    mentor_person, mentee_person = aliased(Person), aliased(Person)
    pair = (literal("").label("name"), mentor_person.name.label("mentor"), mentee_person.name.label("mentee"))

    def sides(query: Any, table: type[Offer | Proposal | Message]) -> Any:
        query = query.join(mentor, mentor.id == table.mentor_id).join(mentee, mentee.id == table.mentee_id)
        query = query.join(mentor_person, mentor_person.id == mentor.person_id)
        query = query.join(mentee_person, mentee_person.id == mentee.person_id)
        return query.where(mentor.programme_id == programme_id)

    return {
        "round": select(Round.id, Round.name, *nobody, Round.id.label("round_id")).where(
            Round.id.in_(ids["round"]), Round.programme_id == programme_id
        ),
        "scenario": select(Scenario.id, Scenario.name, *nobody, Scenario.round_id)
        .join(Round, Round.id == Scenario.round_id)
        .where(Scenario.id.in_(ids["scenario"]), Round.programme_id == programme_id),
        "membership": select(Membership.id, Person.name, *nobody, null().label("round_id"))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id.in_(ids["membership"]), Membership.programme_id == programme_id),
        "offer": sides(
            select(Offer.id, *pair, Offer.round_id).select_from(Offer).where(Offer.id.in_(ids["offer"])), Offer
        ),
        "letter": sides(
            select(Message.id, *pair, null().label("round_id"))
            .select_from(Message)
            .where(Message.id.in_(ids["letter"])),
            Message,
        ),
        "proposal": sides(
            select(Proposal.id, *pair, Scenario.round_id)
            .select_from(Proposal)
            .join(Scenario, Scenario.id == Proposal.scenario_id)
            .where(Proposal.id.in_(ids["proposal"])),
            Proposal,
        ),
    }
