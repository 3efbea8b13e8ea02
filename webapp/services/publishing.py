"""Publishing a round: the proposals of one scenario become offers, all of them or none."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union, update
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, Membership, Proposal, Round, Scenario
from webapp.services import offer_steps as steps
from webapp.services.checks import last_check
from webapp.services.errors import ConflictError, NotFoundError, WrongStateError
from webapp.services.ledger import lock_time
from webapp.services.new_offers import live_proposals, make_offers, proposed_sides, write_mails
from webapp.services.rounds import withdrawn_from
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class PublishedRound:
    offers: int
    people: int


class CountChangedError(ConflictError):
    """The number of offers is not the one that was confirmed; `offers` is what it is now."""

    def __init__(self, offers: int) -> None:
        super().__init__("offers")
        self.offers = offers


def mail_count(session: Session, scenario_id: uuid.UUID) -> tuple[int, int]:
    """Return how many offers publishing this scenario makes, and how many people get mail."""
    live = (Proposal.scenario_id == scenario_id, Proposal.removed_at.is_(None))
    offers = session.scalar(select(func.count()).select_from(Proposal).where(*live)) or 0
    sides = union(
        select(Membership.person_id).join(Proposal, Proposal.mentor_id == Membership.id).where(*live),
        select(Membership.person_id).join(Proposal, Proposal.mentee_id == Membership.id).where(*live),
    ).subquery()
    return offers, session.scalar(select(func.count()).select_from(sides)) or 0


def publish_round(
    session: Session,
    round_id: uuid.UUID,
    scenario_id: uuid.UUID,
    *,
    programme_id: uuid.UUID,
    expected_offers: int,
    by: uuid.UUID,
    now: datetime,
) -> PublishedRound:
    """Make an offer of every proposal that was not removed, hold the mentors' time for them and write to everybody.

    Raises
    ------
    NotFoundError
        The programme has no such round, or the round no such scenario.
    WrongStateError
        The round is not in review, or the scenario is not solved and verified.
    CountChangedError
        The number of offers is not the one the coordinator confirmed.
    ChangedMeanwhileError
        Pairs no longer hold because people changed their limits; nothing was published.

    """
    with transaction(session):
        round_ = _lock_round(session, round_id, programme_id)
        scenario = _scenario_of(session, round_, scenario_id)
        lock_time(session, proposed_sides(session, scenario_id, "mentor_id"))
        steps.lock_memberships(session, proposed_sides(session, scenario_id, "mentee_id"))
        proposals = live_proposals(session, scenario_id)
        if len(proposals) != expected_offers or not proposals:
            raise CountChangedError(len(proposals))
        offers = make_offers(session, round_, proposals, why="published", now=now)
        people = write_mails(session, round_.id, offers)
        _favour_next_time(session, scenario, {proposal.mentee_id for proposal in proposals})
        round_.state, round_.published_at, scenario.published_at = "published", now, now
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="round.published",
                subject=f"round:{round_.id}",
                facts={"scenario": str(scenario.id), "offers": len(offers), "people": people},
                created_at=now,
            )
        )
    return PublishedRound(len(offers), people)


def _lock_round(session: Session, round_id: uuid.UUID, programme_id: uuid.UUID) -> Round:
    query = select(Round).where(Round.id == round_id, Round.programme_id == programme_id)
    round_ = session.scalars(query.with_for_update(of=Round, key_share=True)).one_or_none()
    if round_ is None:
        raise NotFoundError(f"round {round_id}")
    if round_.state != "review":
        raise WrongStateError("round", round_.state, "publish")
    return round_


def _scenario_of(session: Session, round_: Round, scenario_id: uuid.UUID) -> Scenario:
    scenario = session.get(Scenario, scenario_id)
    if scenario is None or scenario.round_id != round_.id:
        raise NotFoundError(f"scenario {scenario_id}")
    if scenario.status != "solved" or not scenario.verified:
        raise WrongStateError("scenario", scenario.status, "publish")
    check = last_check(session, scenario_id)
    if check is not None and not check.ok:
        raise WrongStateError("scenario", "unproved", "publish")
    return scenario


def _favour_next_time(session: Session, scenario: Scenario, helped: set[uuid.UUID]) -> None:
    """Let the mentees who are left out of this round, by hand too, count for more in the next one."""
    withdrawn = withdrawn_from(session, scenario.round_id)
    unmatched = {uuid.UUID(row["membership_id"]) for row in scenario.unmatched if row["side"] == "mentee"}
    served = {uuid.UUID(key) for key in scenario.totals.get("served", [])}
    proposed = set(session.scalars(select(Proposal.mentee_id).where(Proposal.scenario_id == scenario.id)))
    left_out = sorted((unmatched | (proposed - served)) - helped - withdrawn.keys())
    for start in range(0, len(left_out), 500):
        session.execute(
            update(Membership)
            .where(Membership.id.in_(left_out[start : start + 500]))
            .values(priority=Membership.priority + 1)
        )
