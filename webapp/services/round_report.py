"""What a published round came to, in figures alone: a page that may be handed round names nobody."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from webapp.models import AuditEvent, Offer, Programme, Proposal, Round, Scenario
from webapp.services.errors import NotFoundError
from webapp.services.transaction import transaction

BINS = 10  # of fits, each a tenth
SHARES = ("none", "some", "most", "all")  # of a mentor's minutes: up to half, more than half


@dataclass(frozen=True)
class Share:
    """How many of a group of mentees got a mentor."""

    key: str
    covered: int
    all: int


@dataclass(frozen=True)
class RoundReport:
    programme: str
    slug: str
    starts_on: date
    ends_on: date
    round_id: uuid.UUID
    round: str
    published_at: datetime
    objective: str
    is_best: bool  # proved, not claimed
    verified: bool
    gap: float
    changed: int  # pairs put in or taken out by hand, which no proof covers
    mentees: int
    covered: int
    pairs: int
    second: int  # pairs beyond a mentee's first
    weakest: float | None
    fits: tuple[int, ...]  # mentees by the tenth in which their best fit lies
    mentors: int
    mentors_used: int
    minutes_given: int
    minutes_used: int
    use: Mapping[str, int]  # mentors by the share of their minutes that the round took
    answers: Mapping[str, int]
    declines: Mapping[str, int]
    stages: tuple[Share, ...]
    specialties: tuple[Share, ...]
    left_out: Mapping[str, int]
    without_hour: int


def round_report(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID) -> RoundReport:
    """Add up a published round. Five queries.

    Raises
    ------
    NotFoundError
        The programme has no such round, or it was not published.

    """
    row = _published(session, programme_id, round_id)
    programme = session.get_one(Programme, programme_id)
    scenario = _scenario(session, row)
    snapshot: dict[str, Any] = row.snapshot or {}
    totals = scenario.totals
    best, used, pairs, seen, changed = _pairs(session, scenario.id)
    covered = best.keys() | {uuid.UUID(key) for key in totals.get("served", [])}
    emptied = len(seen - covered)
    left_out = Counter(
        str(entry["why"])
        for entry in scenario.unmatched
        if entry["side"] == "mentee" and uuid.UUID(entry["membership_id"]) not in covered  # by hand, some are
    )
    answers, declines = _answers(session, round_id)
    mentors = snapshot.get("mentors", [])
    return RoundReport(
        programme=programme.name,
        slug=programme.slug,
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        round_id=row.id,
        round=row.name,
        published_at=row.published_at or row.created_at,
        objective=scenario.objective,
        is_best=scenario.verified and scenario.result_status == "OPTIMAL",
        verified=scenario.verified,
        gap=float(totals.get("gap") or 0.0),
        changed=changed,
        mentees=int(totals.get("mentees", len(covered))),
        covered=len(covered),
        pairs=pairs,
        second=pairs - len(best),
        weakest=min(best.values(), default=None),
        fits=_binned(best.values()),
        mentors=int(totals.get("mentors", len(used))),
        mentors_used=len(used),
        minutes_given=int(totals.get("minutes_given", 0)),
        minutes_used=sum(used.values()),
        use=_use(mentors, used),
        answers=answers,
        declines=declines,
        stages=_shares(snapshot.get("mentees", []), covered, lambda mentee: [mentee["stage"]]),
        specialties=_shares(snapshot.get("mentees", []), covered, lambda mentee: mentee["specialties"][:1]),
        left_out=left_out + Counter({"removed": emptied}),
        without_hour=len(totals.get("no_hour", [])),
    )


def note_report(
    session: Session, round_id: uuid.UUID, programme_id: uuid.UUID, *, by: uuid.UUID, now: datetime
) -> None:
    """Write down who took the report out as a file."""
    with transaction(session):
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="export.report",
                subject=f"round:{round_id}",
                facts={"kind": "pdf"},
                created_at=now,
            )
        )


def _published(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID) -> Round:
    here = select(Round).where(Round.id == round_id, Round.programme_id == programme_id)
    row = session.scalars(here.options(undefer(Round.snapshot))).one_or_none()
    if row is None or row.published_at is None:
        raise NotFoundError
    return row


def _scenario(session: Session, row: Round) -> Scenario:
    """Return the scenario that became the round's offers, not one that repaired it later."""
    scenario = session.scalars(
        select(Scenario)
        .where(Scenario.round_id == row.id, Scenario.published_at.is_not(None), Scenario.objective != "repair")
        .order_by(Scenario.published_at)
        .limit(1)
    ).one_or_none()
    if scenario is None:
        raise NotFoundError
    return scenario


def _pairs(
    session: Session, scenario_id: uuid.UUID
) -> tuple[dict[uuid.UUID, float], dict[uuid.UUID, int], int, set[uuid.UUID], int]:
    """Return each mentee's best fit, each mentor's minutes, the number of pairs, all mentees, and changes by hand."""
    best: dict[uuid.UUID, float] = {}
    used: defaultdict[uuid.UUID, int] = defaultdict(int)
    seen: set[uuid.UUID] = set()
    pairs = changed = 0
    columns = (Proposal.weight, Proposal.minutes, Proposal.removed_at, Proposal.origin)
    for row in session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id, *columns).where(Proposal.scenario_id == scenario_id)
    ):
        seen.add(row.mentee_id)
        changed += (row.origin == "hand") == (row.removed_at is None)
        if row.removed_at is None:
            best[row.mentee_id] = max(row.weight, best.get(row.mentee_id, 0.0))
            used[row.mentor_id] += row.minutes
            pairs += 1
    return best, used, pairs, seen, changed


def _binned(fits: Iterable[float]) -> tuple[int, ...]:
    counts = [0] * BINS
    for fit in fits:
        counts[min(BINS - 1, int(fit * BINS + 1e-9))] += 1
    return tuple(counts)


def _use(mentors: Iterable[Mapping[str, Any]], used: Mapping[uuid.UUID, int]) -> dict[str, int]:
    """Count the mentors of the snapshot by how much of the minutes they had free then the round took."""
    counts = dict.fromkeys(SHARES, 0)
    for mentor in mentors:
        if mentor["paused"] or not mentor["minutes"]:
            continue
        taken = used.get(uuid.UUID(mentor["key"]), 0)
        share = "none" if not taken else "some" if 2 * taken <= mentor["minutes"] else "most"
        counts["all" if taken >= mentor["minutes"] else share] += 1
    return counts


def _answers(session: Session, round_id: uuid.UUID) -> tuple[dict[str, int], dict[str, int]]:
    answers: Counter[str] = Counter()
    declines: Counter[str] = Counter()
    for state, reason, number in session.execute(
        select(Offer.state, Offer.decline_reason, func.count())
        .where(Offer.round_id == round_id)
        .group_by(Offer.state, Offer.decline_reason)
    ):
        answers[state] += number
        if state == "declined":
            declines[reason] += number
    return dict(answers), dict(declines)


def _shares(mentees: Iterable[Mapping[str, Any]], covered: set[uuid.UUID], keys: Any) -> tuple[Share, ...]:
    """Count those with a mentor by group, the largest group first; who named none is of the group ""."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for mentee in mentees:
        for key in keys(mentee) or [""]:
            counts[key][0] += uuid.UUID(mentee["key"]) in covered
            counts[key][1] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1][1], item[0]))
    return tuple(Share(key, got, number) for key, (got, number) in ordered)
