"""Proposals become offers: checked once more against what holds now, held in the ledger, and written about."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Exists, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.engine.bookings import still_holds
from webapp.models import Exclusion, Interest, Membership, Offer, PairRule, Person, Proposal, Round, RoundWithdrawal
from webapp.services import offer_steps as steps
from webapp.services import outbox
from webapp.services.errors import ConflictError, NoRoomError
from webapp.services.free_hours import keep_clear


@dataclass(frozen=True)
class BlockedPair:
    """A proposal that no longer holds; why is a key of `presenters.round_words.BLOCKED`."""

    proposal_id: uuid.UUID
    mentor: str
    mentee: str
    why: str


class ChangedMeanwhileError(ConflictError):
    """People changed their limits since the round was solved; `pairs` says which pairs no longer hold."""

    def __init__(self, pairs: tuple[BlockedPair, ...]) -> None:
        super().__init__("pairs")
        self.pairs = pairs


def proposed_sides(session: Session, scenario_id: uuid.UUID, column: str) -> list[uuid.UUID]:
    side = getattr(Proposal, column)
    query = select(side).where(Proposal.scenario_id == scenario_id, Proposal.removed_at.is_(None))
    return list(session.scalars(query.distinct()))


def live_proposals(session: Session, scenario_id: uuid.UUID) -> list[Proposal]:
    """Return what is published, the best fits first: where room is short meanwhile, they are not the ones refused."""
    query = (
        select(Proposal)
        .where(Proposal.scenario_id == scenario_id, Proposal.removed_at.is_(None))
        .options(
            joinedload(Proposal.mentor).joinedload(Membership.person),
            joinedload(Proposal.mentor).joinedload(Membership.offer),
            joinedload(Proposal.mentor).joinedload(Membership.programme),
            joinedload(Proposal.mentee).joinedload(Membership.person).joinedload(Person.profile),
            joinedload(Proposal.mentee).joinedload(Membership.request),
        )
        .order_by(Proposal.weight.desc(), Proposal.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def make_offers(session: Session, round_: Round, proposals: list[Proposal], *, why: str, now: datetime) -> list[Offer]:
    """Make an offer of every proposal, or of none; the caller has locked the mentors' time and the mentees.

    Raises
    ------
    ChangedMeanwhileError
        With the pairs that do not hold any more.

    """
    if not proposals:
        return []
    held = Counter(steps.mentors_held(session, {p.mentee_id for p in proposals}))
    mentors = {p.mentor_id for p in proposals}
    holding = select(Offer.mentor_id, Offer.mentee_id).where(still_holds(), Offer.mentor_id.in_(mentors))
    paired = {(row.mentor_id, row.mentee_id) for row in session.execute(holding)}
    barred = _barred(session, round_, proposals[0].scenario_id)
    offers: dict[uuid.UUID, Offer] = {}
    blocked: dict[uuid.UUID, str] = {}
    for proposal in proposals:
        wrong = steps.why_not_now(proposal.mentor, proposal.mentee, now=now)
        if not wrong and held[proposal.mentee_id] >= steps.mentors_wanted(proposal.mentee):
            wrong = "wanted"
        if not wrong and (proposal.mentor_id, proposal.mentee_id) in paired:
            wrong = "paired"
        wrong = wrong or barred.get(proposal.id, "")
        if wrong:
            blocked[proposal.id] = wrong
        else:
            offers[proposal.id] = _offer_of(round_, proposal, now=now)
            held[proposal.mentee_id] += 1
    session.add_all(offers.values())
    session.flush()  # the ledger refers to them
    keep_clear(session, list(offers.values()))
    with session.no_autoflush:  # the ledger's lines go in together, at the end
        for proposal_id, offer in offers.items():
            try:
                steps.hold(session, offer, why=why, now=now)
            except NoRoomError as error:
                blocked[proposal_id] = error.what
    if blocked:
        raise ChangedMeanwhileError(tuple(_blocked(p, blocked[p.id]) for p in proposals if p.id in blocked))
    return list(offers.values())


def _blocked(proposal: Proposal, why: str) -> BlockedPair:
    return BlockedPair(proposal.id, proposal.mentor.person.name, proposal.mentee.person.name, why)


def _barred(session: Session, round_: Round, scenario_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Return the proposals of pairs that must not be, and why: somebody left the round, or a word against the pair."""

    def same(rule: type[Exclusion | Interest | PairRule], *more: ColumnElement[bool]) -> Exists:
        return exists().where(rule.mentor_id == Proposal.mentor_id, rule.mentee_id == Proposal.mentee_id, *more)

    forbidden = same(PairRule, PairRule.round_id == round_.id, PairRule.kind == "forbid")
    unwanted = same(Interest, Interest.verdict == "not_for_me")
    gone = exists().where(
        RoundWithdrawal.round_id == round_.id,
        or_(RoundWithdrawal.membership_id == Proposal.mentor_id, RoundWithdrawal.membership_id == Proposal.mentee_id),
    )
    query = select(Proposal.id, gone).where(
        Proposal.scenario_id == scenario_id, or_(same(Exclusion), unwanted, forbidden, gone)
    )
    return {row[0]: "withdrawn" if row[1] else "excluded" for row in session.execute(query)}


def _offer_of(round_: Round, proposal: Proposal, *, now: datetime) -> Offer:
    return Offer(
        id=uuid.uuid4(),
        round=round_,
        proposal_id=proposal.id,
        mentor=proposal.mentor,
        mentee=proposal.mentee,
        mentor_id=proposal.mentor_id,
        mentee_id=proposal.mentee_id,
        role=proposal.role,
        minutes=proposal.minutes,
        slot_weekday=proposal.slot_weekday,
        slot_minute=proposal.slot_minute,
        slot_week=proposal.slot_week,
        reasons=proposal.reasons,
        deadline_at=now + timedelta(days=round_.programme.offer_days),
        created_at=now,
    )


def write_mails(session: Session, key: uuid.UUID, offers: Iterable[Offer]) -> int:
    """Write one mail a person, however many offers she has; return how many people that is.

    `key` is the round or scenario: the same mail is never written twice.
    """
    mine: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for offer in offers:
        mine[offer.mentor.person_id].append(str(offer.id))
        mine[offer.mentee.person_id].append(str(offer.id))
    letters = [
        outbox.Letter("offers_published", person_id, {"offers": ids}, f"offers_published:{key}:{person_id}")
        for person_id, ids in mine.items()
    ]
    outbox.write_all(session, letters)
    return len(mine)
