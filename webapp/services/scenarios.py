"""Scenarios of a round: started, solved by a worker, and edited by pins, by ruling pairs out, by taking pairs out."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from matcher.certificate import LEVELS
from matcher.settings import InvalidSettingsError, Settings
from webapp.engine.snapshots import FORMAT, hash_of, without_people
from webapp.models import AuditEvent, Proposal, Round, Scenario
from webapp.services import jobs
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.hand_edits import remove_proposal, restore_proposal
from webapp.services.offer_steps import ANSWERABLE
from webapp.services.pair_rules import clear_rule, forbid_pair, pin_pair, rules_of
from webapp.services.repairs import REPAIR, read_repair
from webapp.services.rounds import SOLVABLE, lock_round, withdrawn_from
from webapp.services.transaction import transaction

MOST_AT_WORK = 5
"""Scenarios of one round that may wait for a worker or be with one: other programmes' rounds wait behind them."""

__all__ = [
    "MOST_AT_WORK",
    "Solved",
    "clear_rule",
    "forbid_pair",
    "pin_pair",
    "read_work",
    "remove_proposal",
    "restore_proposal",
    "start_scenario",
    "store_result",
]


def start_scenario(
    session: Session,
    round_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    name: str,
    objective: str,
    by: uuid.UUID,
    now: datetime,
    weights: dict[str, float] | None = None,
    minimum: float | None = None,
    rules: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> tuple[uuid.UUID, uuid.UUID]:
    """Ask for a solve of the round as it was frozen, under the pair rules that stand now.

    `rules` are settings of the engine that hold for this scenario alone, by name, as `OwnSettings.plain` has them.

    Returns the ids of the scenario and of its job; the view sends the job's id to `webapp.queue.enqueue`.

    Raises
    ------
    ConflictError
        `solving`: one that would bring the same is at work already; `many`: `MOST_AT_WORK` of the round are.
    InvalidInputError
        `objective` is "unknown"; or the engine cannot work with the weights and rules: names the faults.

    """
    if objective not in LEVELS:
        raise InvalidInputError({"objective": "unknown"})
    with transaction(session):
        row = lock_round(session, round_id, programme_id, SOLVABLE, "solve")
        count = session.scalar(select(func.count()).select_from(Scenario).where(Scenario.round_id == round_id)) or 0
        settings = dict((row.snapshot or {})["settings"])
        settings |= {} if weights is None else {"weights": weights}
        settings |= dict(rules or {}) | ({} if minimum is None else {"minimum": minimum})
        if rules is not None or weights is not None:
            _check(settings)
        withdrawn = sorted(str(member) for member in withdrawn_from(session, round_id))
        rulings = {"snapshot_sha256": row.snapshot_sha256, "withdrawn": withdrawn, **rules_of(session, round_id)}
        scenario = Scenario(
            id=uuid.uuid4(),
            round_id=round_id,
            name=name.strip()[:120] or f"Scenario {count + 1}",
            objective=objective,
            seed=seed,
            weights=settings.pop("weights"),
            rules={"settings": settings, **rulings},
            status="waiting",
            created_at=now,
        )
        _refuse_idle(session, scenario)
        session.add(scenario)
        args = {"scenario_id": str(scenario.id)}
        job_id = jobs.add_job(session, jobs.SOLVE, args, programme_id=programme_id, by=by, now=now)
        _note(session, programme_id, "scenario.start", f"scenario:{scenario.id}", by=by, now=now)
        return scenario.id, job_id


def read_work(session: Session, scenario_id: uuid.UUID, *, now: datetime) -> dict[str, Any]:
    """Return all that the engine needs to solve a scenario, in plain values.

    Raises
    ------
    ConflictError
        `snapshot`: the round was reopened, or its snapshot is not the one that was frozen.

    """
    scenario = session.get(Scenario, scenario_id, populate_existing=True)
    if scenario is None:
        raise NotFoundError
    if scenario.objective == REPAIR:
        work = read_repair(session, scenario, now=now)
        session.rollback()
        return work
    row = session.get_one(Round, scenario.round_id, options=[undefer(Round.snapshot)], populate_existing=True)
    snapshot, expected = row.snapshot, scenario.rules["snapshot_sha256"]
    withdrawn = set(scenario.rules.get("withdrawn", ()))
    work = {
        "snapshot": snapshot,
        "settings": {**scenario.rules["settings"], "weights": scenario.weights},
        # Who left the round has no pair, pinned or not; the pin stands again for the solve after she comes back.
        "pinned": [pair for pair in scenario.rules["pinned"] if withdrawn.isdisjoint(pair)],
        "forbidden": scenario.rules["forbidden"],
        "objective": scenario.objective,
        "seed": scenario.seed,
    }
    session.rollback()
    if snapshot is None or snapshot["format"] != FORMAT or hash_of(snapshot) != expected:
        raise ConflictError("snapshot")
    return work | {"snapshot": without_people(snapshot, withdrawn)}


@dataclass(frozen=True)
class Solved:
    """What the engine brought for a scenario, in plain values."""

    status: str  # solved or infeasible
    result_status: str  # OPTIMAL or FEASIBLE, empty when infeasible
    verified: bool
    totals: dict[str, Any]
    proposals: list[dict[str, Any]]
    unmatched: list[dict[str, Any]]
    conflicts: list[str]
    timings: dict[str, float]
    certificate: str | None


def store_result(session: Session, claim: jobs.Claim, solved: Solved, *, now: datetime) -> None:
    """Keep what a solve brought, and end its job, in one transaction.

    Raises
    ------
    LostLeaseError
        The job is another worker's by now; nothing was kept.

    """
    scenario_id = uuid.UUID(claim.args["scenario_id"])
    with transaction(session):
        row = session.scalars(
            select(Round)
            .join(Scenario, Scenario.round_id == Round.id)
            .where(Scenario.id == scenario_id)
            .with_for_update(of=Round)
        ).one()
        scenario = session.get_one(Scenario, scenario_id)
        wanted_in = ANSWERABLE if scenario.objective == REPAIR else SOLVABLE
        if scenario.status != "solving" or row.state not in wanted_in:
            # Reopened, cancelled or published meanwhile: nobody wants these pairs any more.
            jobs.end_held(session, claim, "cancelled", now=now)
            scenario.status = "cancelled" if scenario.status == "solving" else scenario.status
            return
        jobs.end_held(session, claim, "done", now=now)
        _fill(scenario, solved, now)
        proposals = [_proposal(scenario_id, plain, now) for plain in solved.proposals]
        left_at = withdrawn_from(session, row.id)
        for proposal in proposals:  # of those who left while this was worked out
            proposal.removed_at = left_at.get(proposal.mentor_id) or left_at.get(proposal.mentee_id)
        session.add_all(proposals)
        if solved.status == "solved" and row.state == "frozen":
            row.state = "review"


def _check(settings: dict[str, Any]) -> None:
    try:
        Settings.from_dict(settings)
    except InvalidSettingsError as error:
        raise InvalidInputError({"": " ".join(error.faults)}) from error


def _refuse_idle(session: Session, scenario: Scenario) -> None:
    """Refuse work that is under way already, as a second click would ask for, and more than anybody can compare."""
    busy = select(Scenario).where(Scenario.round_id == scenario.round_id, Scenario.status.in_(("waiting", "solving")))
    at_work = session.scalars(busy).all()
    if any(_asks_for(one) == _asks_for(scenario) for one in at_work):
        raise ConflictError("solving")
    if len(at_work) >= MOST_AT_WORK:
        raise ConflictError("many")


def _asks_for(scenario: Scenario) -> tuple[Any, ...]:
    return scenario.objective, scenario.seed, scenario.weights, scenario.rules


def _fill(scenario: Scenario, solved: Solved, now: datetime) -> None:
    scenario.status = solved.status
    scenario.result_status = solved.result_status
    scenario.verified = solved.verified
    scenario.totals = solved.totals
    scenario.unmatched = solved.unmatched
    scenario.conflicts = solved.conflicts
    scenario.timings = solved.timings
    scenario.certificate = solved.certificate
    scenario.solved_at = now


def _proposal(scenario_id: uuid.UUID, plain: dict[str, Any], now: datetime) -> Proposal:
    ids = {name: uuid.UUID(plain[name]) for name in ("mentor_id", "mentee_id")}
    return Proposal(scenario_id=scenario_id, created_at=now, **{**plain, **ids})


def _note(
    session: Session, programme_id: uuid.UUID, action: str, subject: str, *, by: uuid.UUID, now: datetime
) -> None:
    session.add(AuditEvent(by_person_id=by, programme_id=programme_id, action=action, subject=subject, created_at=now))
