"""Repairs of a published round: the smallest change that gives those left out a mentor, approved by a coordinator."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from webapp.engine.encode import snapshot_of
from webapp.engine.snapshots import without_people
from webapp.engine.students import said_adult
from webapp.models import (
    AuditEvent,
    Membership,
    MenteeRequest,
    Offer,
    Person,
    Proposal,
    Round,
    RoundWithdrawal,
    Scenario,
)
from webapp.services import jobs
from webapp.services import offer_steps as steps
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.ledger import lock_time
from webapp.services.new_offers import live_proposals, make_offers, proposed_sides, write_mails
from webapp.services.offer_steps import ANSWERABLE
from webapp.services.pair_rules import rules_of
from webapp.services.rounds import lock_round, withdrawn_from
from webapp.services.transaction import transaction

REPAIR = "repair"  # a scenario's objective
__all__ = [
    "ANSWERABLE",
    "REPAIR",
    "Applied",
    "Waiting",
    "apply_repair",
    "drop_repair",
    "is_repair_of",
    "latest_repair",
    "read_repair",
    "repair_rows",
    "start_repair",
    "waiting_list",
    "withdrawable",
]
CLOSED = ("declined", "expired", "withdrawn")


@dataclass(frozen=True)
class Waiting:
    """Somebody who has no mentor, and no offer of one."""

    membership_id: uuid.UUID
    name: str
    wanted: int


@dataclass(frozen=True)
class Applied:
    """What a repair did."""

    offers: int
    withdrawn: int
    mails: int


def waiting_list(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID | None = None) -> list[Waiting]:
    """Return the mentees who wait for a first mentor: left out, declined or joined late. One query.

    With a round, without those who left it.
    """
    here = (RoundWithdrawal.round_id == round_id, RoundWithdrawal.membership_id == Membership.id)
    rows = session.execute(
        select(Membership.id, Person.name, MenteeRequest.mentors_wanted)
        .join(Person, Person.id == Membership.person_id)
        .join(MenteeRequest, MenteeRequest.membership_id == Membership.id)
        .where(
            Membership.programme_id == programme_id,
            Membership.is_mentee,
            Membership.status == "active",
            Membership.joined_at.is_not(None),
            said_adult(),
            MenteeRequest.mentors_wanted > 0,
            ~exists().where(Offer.mentee_id == Membership.id, Offer.holds_minutes, ~Offer.once),
            ~exists().where(*here),
        )
        .order_by(Membership.priority.desc(), Membership.joined_at, func.lower(Person.name), Membership.id)
    )
    return [Waiting(*row) for row in rows]


def withdrawable(session: Session, round_id: uuid.UUID) -> list[Offer]:
    """Return the open offers of a round that nobody has said yes to: what a repair may withdraw."""
    query = select(Offer).where(
        Offer.round_id == round_id,
        Offer.state == "open",
        Offer.mentor_answer == "waiting",
        Offer.mentee_answer == "waiting",
    )
    return list(session.scalars(query.order_by(Offer.id)))


def start_repair(
    session: Session,
    round_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    most_withdrawn: int | None,
    by: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Ask for the smallest repair of a round; at most so many open offers may be withdrawn, None for any number.

    Returns the id of the job, for `webapp.queue.enqueue`. A repair worked out before and not applied is stale.

    Raises
    ------
    ConflictError
        `solving`: one is being worked out already.

    """
    with transaction(session):
        lock_round(session, round_id, programme_id, tuple(ANSWERABLE), "repair")
        for earlier in _repairs(session, round_id):
            if earlier.status in {"waiting", "solving"}:
                raise ConflictError("solving")
            if earlier.status == "solved" and earlier.published_at is None:
                earlier.status = "stale"
        scenario = Scenario(
            id=uuid.uuid4(),
            round_id=round_id,
            name=REPAIR,
            objective=REPAIR,
            rules={"most_withdrawn": most_withdrawn},
            status="waiting",
            created_at=now,
        )
        session.add(scenario)
        args = {"scenario_id": str(scenario.id)}
        job_id = jobs.add_job(session, jobs.SOLVE, args, programme_id=programme_id, by=by, now=now)
        _note(session, programme_id, "repair.start", scenario.id, by=by, now=now)
        return job_id


def read_repair(session: Session, scenario: Scenario, *, now: datetime) -> dict[str, Any]:
    """Return all that the engine needs for a repair, as people and answers stand now."""
    round_ = session.get_one(Round, scenario.round_id)
    snapshot = snapshot_of(session, round_.programme_id, now=now, with_served=True)
    snapshot = without_people(snapshot, {str(member) for member in withdrawn_from(session, round_.id)})
    closed = select(Offer.mentor_id, Offer.mentee_id).where(Offer.round_id == round_.id, Offer.state.in_(CLOSED))
    return {
        "snapshot": snapshot,
        "settings": snapshot["settings"],
        "pinned": [],
        "forbidden": rules_of(session, round_.id)["forbidden"],
        "offers": [
            [str(offer.id), str(offer.mentor_id), str(offer.mentee_id), offer.minutes]
            for offer in withdrawable(session, round_.id)
        ],
        "declined": [[str(mentor), str(mentee)] for mentor, mentee in session.execute(closed.distinct())],
        "most_withdrawn": scenario.rules["most_withdrawn"],
        "objective": REPAIR,
        "seed": scenario.seed,
    }


def latest_repair(session: Session, round_id: uuid.UUID) -> Scenario | None:
    """Return the repair a coordinator looks at: the last that was asked for and is not stale."""
    found = [repair for repair in _repairs(session, round_id) if repair.status != "stale"]
    return found[-1] if found else None


def is_repair_of(session: Session, scenario_id: uuid.UUID, round_id: uuid.UUID) -> bool:
    return any(repair.id == scenario_id for repair in _repairs(session, round_id))


def repair_rows(session: Session, scenario: Scenario) -> tuple[list[Proposal], list[Offer]]:
    """Return the new pairs of a repair, and the offers it withdraws, with names. Two queries."""
    people = joinedload(Proposal.mentor).joinedload(Membership.person)
    new = session.scalars(
        select(Proposal)
        .where(Proposal.scenario_id == scenario.id)
        .options(people, joinedload(Proposal.mentee).joinedload(Membership.person))
        .order_by(Proposal.weight.desc(), Proposal.id)
    )
    gone = session.scalars(
        select(Offer)
        .where(Offer.id.in_(_withdrawn(scenario)))
        .options(
            joinedload(Offer.mentor).joinedload(Membership.person),
            joinedload(Offer.mentee).joinedload(Membership.person),
        )
        .order_by(Offer.id)
    )
    return list(new), list(gone)


def drop_repair(
    session: Session, scenario_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> None:
    """Put a repair away that is not wanted; nothing was sent."""
    with transaction(session):
        scenario = _open_repair(session, scenario_id, programme_id)
        scenario.status = "stale"
        _note(session, programme_id, "repair.drop", scenario_id, by=by, now=now)


def apply_repair(
    session: Session, scenario_id: uuid.UUID, *, programme_id: uuid.UUID, by: uuid.UUID, now: datetime
) -> Applied:
    """Withdraw the offers that a repair withdraws, make offers of its new pairs, and write to everybody concerned.

    Raises
    ------
    NotFoundError
        The programme has no such repair.
    WrongStateError
        It was applied or put away already, or its round takes no answers any more.
    ChangedMeanwhileError
        Pairs no longer hold, or `answered`: somebody answered an offer that would be withdrawn. Nothing was changed.

    """
    with transaction(session):
        scenario = session.get(Scenario, scenario_id)
        withdrawn = _withdrawn(scenario) if scenario is not None and scenario.objective == REPAIR else []
        going = session.execute(select(Offer.mentor_id, Offer.mentee_id).where(Offer.id.in_(withdrawn))).all()
        # One order for everybody: the mentors' time, the mentees, the offers, the round.
        lock_time(session, {*proposed_sides(session, scenario_id, "mentor_id"), *(row.mentor_id for row in going)})
        mentees = {*proposed_sides(session, scenario_id, "mentee_id"), *(row.mentee_id for row in going)}
        steps.lock_memberships(session, mentees)
        leaving = steps.lock_offers(session, withdrawn)
        scenario = _open_repair(session, scenario_id, programme_id)
        round_ = session.get_one(Round, scenario.round_id)
        for offer in leaving:
            if offer.state != "open" or "yes" in {offer.mentor_answer, offer.mentee_answer}:
                raise ConflictError("answered")
            steps.close(session, offer, "withdrawn", now=now)
            for side in ("mentor", "mentee"):
                steps.write_mail(session, "offer_withdrawn", offer, side)
        session.flush()  # what was given back is free for the new pairs
        offers = make_offers(session, round_, live_proposals(session, scenario_id), why="repaired", now=now)
        mails = write_mails(session, scenario_id, offers) + 2 * len(leaving)
        steps.settle_rounds(session, [round_.id])
        scenario.published_at = now
        facts = {"offers": len(offers), "withdrawn": len(leaving), "mails": mails}
        _note(session, programme_id, "repair.apply", scenario_id, by=by, now=now, facts=facts)
    return Applied(len(offers), len(leaving), mails)


def _repairs(session: Session, round_id: uuid.UUID) -> list[Scenario]:
    query = select(Scenario).where(Scenario.round_id == round_id, Scenario.objective == REPAIR)
    return list(session.scalars(query.order_by(Scenario.created_at, Scenario.id)))


def _withdrawn(scenario: Scenario) -> list[uuid.UUID]:
    return [uuid.UUID(offer) for offer in scenario.totals.get("withdrawn", [])]


def _open_repair(session: Session, scenario_id: uuid.UUID, programme_id: uuid.UUID) -> Scenario:
    """Return a repair that may still be applied, with its round locked, inside the caller's transaction."""
    scenario = session.get(Scenario, scenario_id)
    if scenario is None or scenario.objective != REPAIR:
        raise NotFoundError(f"repair {scenario_id}")
    lock_round(session, scenario.round_id, programme_id, tuple(ANSWERABLE), "repair")
    session.refresh(scenario)  # a colleague may have applied it while this one waited for the lock
    if scenario.status != "solved" or not scenario.verified or scenario.published_at is not None:
        raise WrongStateError("repair", "applied" if scenario.published_at else scenario.status, "apply it")
    return scenario


def _note(
    session: Session,
    programme_id: uuid.UUID,
    action: str,
    scenario_id: uuid.UUID,
    *,
    by: uuid.UUID,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    session.add(
        AuditEvent(
            by_person_id=by,
            programme_id=programme_id,
            action=action,
            subject=f"scenario:{scenario_id}",
            facts=facts or {},
            created_at=now,
        )
    )
