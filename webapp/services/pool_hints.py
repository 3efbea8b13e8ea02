"""Hints to people who cannot be matched: one mail that says what stands in the way, as far as they may know it.

What lies in other people's decisions is never told, and where there is nothing a person could change herself she gets
no mail at all: it would be a rejection that nobody has spoken.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, OutboxMessage, PoolReport, Programme
from webapp.services.errors import NotFoundError
from webapp.services.outbox import Letter, write_all
from webapp.services.transaction import transaction

TEMPLATE = "pool_hint"
PERIOD = timedelta(days=3)
"""Nobody gets two of these mails within it."""
SIDES = {"mentee": "stuck", "mentor": "unused"}
# What each side can look at herself. All else lies with others, or with what only a coordinator may know.
TOLD = {
    "mentee": frozenset(
        {"no_shared_hours", "no_shared_language", "specialty_required", "stage_not_welcome", "not_ahead"}
    ),
    "mentor": frozenset({"no_shared_hours", "no_shared_language", "specialty_required", "stage_not_welcome"}),
}


class HintsChangedError(Exception):
    """There are `count` mails to send by now, not as many as somebody agreed to."""

    def __init__(self, count: int) -> None:
        super().__init__(f"there are {count} mails by now")
        self.count = count


@dataclass(frozen=True)
class Hint:
    """A mail to write: to whom, and what it may say."""

    person_id: uuid.UUID
    membership_id: uuid.UUID
    cause: str  # empty: not hers to know
    change: dict[str, Any] | None


@dataclass(frozen=True)
class Plan:
    """Who would get a mail; how many had one lately; for how many there is nothing to say."""

    hints: tuple[Hint, ...]
    lately: int
    silent: int


def can_be_told(side: str, cause: str, change: dict[str, Any] | None) -> bool:
    """Whether somebody can be told something that she may know and that she could change.

    A change of her own answers that was confirmed may be told whatever the cause is. More time is a mentor's to offer:
    nobody is asked for it by a mail of ours.
    """
    return cause in TOLD[side] or (change is not None and change["key"] != "edit_room")


def plan_hints(
    session: Session, programme_id: uuid.UUID, side: str, *, member: uuid.UUID | None = None, now: datetime
) -> Plan:
    """Return what `send_hints` would send, to all who are stuck on one side or to one of them. Three queries.

    Raises
    ------
    NotFoundError
        There is no report, or that member is not among those who are stuck.

    """
    return _plan(session, programme_id, side, member, now)


def _plan(session: Session, programme_id: uuid.UUID, side: str, member: uuid.UUID | None, now: datetime) -> Plan:
    report = session.scalars(select(PoolReport).where(PoolReport.programme_id == programme_id)).one_or_none()
    stuck = {uuid.UUID(one["id"]): one for one in (report.facts[SIDES[side]] if report else [])}
    if member is not None:
        stuck = {key: one for key, one in stuck.items() if key == member}
    if not stuck:
        raise NotFoundError
    told = {key: one for key, one in stuck.items() if can_be_told(side, one["cause"], one["change"])}
    rows = session.execute(
        select(Membership.id, Membership.person_id).where(
            Membership.programme_id == programme_id, Membership.status == "active", Membership.id.in_(told)
        )
    ).all()
    lately = set(
        session.scalars(
            select(OutboxMessage.person_id).where(
                OutboxMessage.template == TEMPLATE,
                OutboxMessage.created_at > now - PERIOD,
                OutboxMessage.person_id.in_([person for _member, person in rows]),
            )
        )
    )
    hints = tuple(
        Hint(person, key, _tellable(side, told[key]), _own_change(told[key]))
        for key, person in rows
        if person not in lately
    )
    return Plan(hints, lately=len(lately), silent=len(stuck) - len(told))


def send_hints(
    session: Session,
    programme_id: uuid.UUID,
    side: str,
    *,
    expected: int,
    member: uuid.UUID | None = None,
    by: uuid.UUID,
    now: datetime,
) -> int:
    """Write the mails that `plan_hints` plans; return their number.

    Raises
    ------
    HintsChangedError
        There are not `expected` mails any more; nothing was written.

    """
    with transaction(session):
        # Two coordinators at once: the second waits here, and then finds that everybody has had a mail.
        session.execute(select(Programme.id).where(Programme.id == programme_id).with_for_update(key_share=True)).one()
        plan = _plan(session, programme_id, side, member, now)
        if len(plan.hints) != expected:
            raise HintsChangedError(len(plan.hints))
        period = int(now.timestamp() // PERIOD.total_seconds())
        write_all(session, [_letter(hint, side, period) for hint in plan.hints])
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="pool.hint",
                subject=f"membership:{member}" if member else f"programme:{programme_id}",
                facts={"side": side, "mails": len(plan.hints)},
                created_at=now,
            )
        )
        return len(plan.hints)


def find_told(session: Session, membership_id: uuid.UUID) -> tuple[str, str] | None:
    """Return name and slug of the programme of somebody who is to be told; None for who takes no part any more."""
    row = session.execute(
        select(Programme.name, Programme.slug)
        .join(Membership, Membership.programme_id == Programme.id)
        .where(Membership.id == membership_id, Membership.status == "active")
    ).one_or_none()
    return None if row is None else (row.name, row.slug)


def _letter(hint: Hint, side: str, period: int) -> Letter:
    params = {"membership_id": str(hint.membership_id), "side": side, "cause": hint.cause, "change": hint.change}
    return Letter(TEMPLATE, hint.person_id, params, f"{TEMPLATE}:{hint.person_id}:{side}:{period}")


def _tellable(side: str, one: dict[str, Any]) -> str:
    return one["cause"] if one["cause"] in TOLD[side] else ""


def _own_change(one: dict[str, Any]) -> dict[str, Any] | None:
    change: dict[str, Any] | None = one["change"]
    return None if change is None or change["key"] == "edit_room" else change
