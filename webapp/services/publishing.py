"""Publishing a round: the proposals of one scenario become offers, all of them or none."""

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Exists, exists, func, or_, select, union, update
from sqlalchemy.orm import Session, joinedload

from webapp.models import AuditEvent, Exclusion, Interest, Membership, Offer, PairRule, Proposal, Round, Scenario
from webapp.services import offer_steps as steps
from webapp.services import outbox
from webapp.services.errors import ConflictError, NoRoomError, NotFoundError, WrongStateError
from webapp.services.ledger import lock_time
from webapp.services.transaction import transaction


@dataclass(frozen=True)
class PublishedRound:
    offers: int
    people: int


@dataclass(frozen=True)
class BlockedPair:
    """A proposal that no longer holds; why is minutes, places, cap, wanted, paused, left, paired or excluded."""

    proposal_id: uuid.UUID
    mentor: str
    mentee: str
    why: str


class ChangedMeanwhileError(ConflictError):
    """People changed their limits since the round was solved; `pairs` says which pairs no longer hold."""

    def __init__(self, pairs: tuple[BlockedPair, ...]) -> None:
        super().__init__("pairs")
        self.pairs = pairs


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
        lock_time(session, _sides(session, scenario_id, "mentor_id"))
        steps.lock_memberships(session, _sides(session, scenario_id, "mentee_id"))
        proposals = _proposals_of(session, scenario_id)
        if len(proposals) != expected_offers or not proposals:
            raise CountChangedError(len(proposals))
        offers = _make_offers(session, round_, proposals, now=now)
        people = _write_mails(session, round_, offers)
        _favour_next_time(session, scenario)
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
    return scenario


def _sides(session: Session, scenario_id: uuid.UUID, column: str) -> list[uuid.UUID]:
    side = getattr(Proposal, column)
    query = select(side).where(Proposal.scenario_id == scenario_id, Proposal.removed_at.is_(None))
    return list(session.scalars(query.distinct()))


def _proposals_of(session: Session, scenario_id: uuid.UUID) -> list[Proposal]:
    """Return what is published, the best fits first: where room is short meanwhile, they are not the ones refused."""
    query = (
        select(Proposal)
        .where(Proposal.scenario_id == scenario_id, Proposal.removed_at.is_(None))
        .options(
            joinedload(Proposal.mentor).joinedload(Membership.person),
            joinedload(Proposal.mentor).joinedload(Membership.offer),
            joinedload(Proposal.mentor).joinedload(Membership.programme),
            joinedload(Proposal.mentee).joinedload(Membership.person),
            joinedload(Proposal.mentee).joinedload(Membership.request),
        )
        .order_by(Proposal.weight.desc(), Proposal.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _make_offers(session: Session, round_: Round, proposals: list[Proposal], *, now: datetime) -> list[Offer]:
    held = Counter(steps.mentors_held(session, {p.mentee_id for p in proposals}))
    mentors = {p.mentor_id for p in proposals}
    holding = select(Offer.mentor_id, Offer.mentee_id).where(Offer.holds_minutes, Offer.mentor_id.in_(mentors))
    paired = {(row.mentor_id, row.mentee_id) for row in session.execute(holding)}
    barred = _barred(session, round_, proposals[0].scenario_id)
    offers: dict[uuid.UUID, Offer] = {}
    blocked: dict[uuid.UUID, str] = {}
    for proposal in proposals:
        why = steps.why_not_now(proposal.mentor, proposal.mentee, now=now)
        if not why and held[proposal.mentee_id] >= steps.mentors_wanted(proposal.mentee):
            why = "wanted"
        if not why and (proposal.mentor_id, proposal.mentee_id) in paired:
            why = "paired"
        if not why and proposal.id in barred:
            why = "excluded"
        if why:
            blocked[proposal.id] = why
        else:
            offers[proposal.id] = _offer_of(round_, proposal, now=now)
            held[proposal.mentee_id] += 1
    session.add_all(offers.values())
    session.flush()  # the ledger refers to them
    with session.no_autoflush:  # the ledger's lines go in together, at the end
        for proposal_id, offer in offers.items():
            try:
                steps.hold(session, offer, why="published", now=now)
            except NoRoomError as error:
                blocked[proposal_id] = error.what
    if blocked:
        raise ChangedMeanwhileError(tuple(_blocked(p, blocked[p.id]) for p in proposals if p.id in blocked))
    return list(offers.values())


def _blocked(proposal: Proposal, why: str) -> BlockedPair:
    return BlockedPair(proposal.id, proposal.mentor.person.name, proposal.mentee.person.name, why)


def _barred(session: Session, round_: Round, scenario_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the proposals of pairs that must not be: ruled out, or said "not for me" of since the round was frozen."""

    def same(rule: type[Exclusion | Interest | PairRule], *more: ColumnElement[bool]) -> Exists:
        return exists().where(rule.mentor_id == Proposal.mentor_id, rule.mentee_id == Proposal.mentee_id, *more)

    forbidden = same(PairRule, PairRule.round_id == round_.id, PairRule.kind == "forbid")
    unwanted = same(Interest, Interest.verdict == "not_for_me")
    query = select(Proposal.id).where(Proposal.scenario_id == scenario_id, or_(same(Exclusion), unwanted, forbidden))
    return set(session.scalars(query))


def _offer_of(round_: Round, proposal: Proposal, *, now: datetime) -> Offer:
    return Offer(
        id=uuid.uuid4(),
        round=round_,
        proposal_id=proposal.id,
        mentor=proposal.mentor,
        mentee=proposal.mentee,
        mentor_id=proposal.mentor_id,
        mentee_id=proposal.mentee_id,
        minutes=proposal.minutes,
        slot_weekday=proposal.slot_weekday,
        slot_minute=proposal.slot_minute,
        slot_week=proposal.slot_week,
        reasons=proposal.reasons,
        deadline_at=now + timedelta(days=round_.programme.offer_days),
        created_at=now,
    )


def _favour_next_time(session: Session, scenario: Scenario) -> None:
    """Let the mentees who are left out of this round count for more in the next one."""
    left_out = [uuid.UUID(row["membership_id"]) for row in scenario.unmatched if row["side"] == "mentee"]
    for start in range(0, len(left_out), 500):
        session.execute(
            update(Membership)
            .where(Membership.id.in_(left_out[start : start + 500]))
            .values(priority=Membership.priority + 1)
        )


def _write_mails(session: Session, round_: Round, offers: list[Offer]) -> int:
    """Write one mail a person, however many offers she has; return how many people that is."""
    mine: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for offer in offers:
        mine[offer.mentor.person_id].append(str(offer.id))
        mine[offer.mentee.person_id].append(str(offer.id))
    letters = [
        outbox.Letter("offers_published", person_id, {"offers": ids}, f"offers_published:{round_.id}:{person_id}")
        for person_id, ids in mine.items()
    ]
    outbox.write_all(session, letters)
    return len(mine)
