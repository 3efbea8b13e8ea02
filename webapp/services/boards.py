"""What a coordinator reads of a round: its scenarios, the pairs of one of them, and who is left without."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Subquery, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, undefer

from webapp.engine.students import said_adult
from webapp.models import Job, Membership, Person, Proposal, Round, RoundWithdrawal, Scenario
from webapp.services.errors import NotFoundError
from webapp.services.jobs import jobs_of

THIN = 0.5
BUSY = ("waiting", "solving")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class RoundFacts:
    """A round, its scenarios (the oldest first) and those of them that are at work, or failed last, with their jobs."""

    id: uuid.UUID
    name: str
    state: str
    enrols_until: date | None
    frozen_at: datetime | None
    published_at: datetime | None
    snapshot_sha256: str
    scenarios: tuple[Scenario, ...]
    work: tuple[tuple[Scenario, Job], ...]
    left: int = 0  # people who left this round

    @property
    def busy(self) -> tuple[Scenario, ...]:
        return tuple(s for s in self.scenarios if s.status in BUSY)

    @property
    def solved(self) -> list[Scenario]:
        return [scenario for scenario in self.scenarios if scenario.status == "solved"]

    def chosen(self, scenario_id: uuid.UUID | None) -> Scenario | None:
        """Return the scenario asked for; else the published one, else the last that was solved."""
        if scenario_id is not None:
            found = next((s for s in self.scenarios if s.id == scenario_id), None)
            if found is None:
                raise NotFoundError
            return found
        return next((s for s in self.solved if s.published_at), self.solved[-1] if self.solved else None)


@dataclass(frozen=True)
class Enrolled:
    mentors: int
    mentees: int
    unfinished: int


@dataclass(frozen=True)
class Totals:
    """The figures of a scenario as it stands after edits by hand."""

    mentees: int
    covered: int
    pairs: int
    removed: int
    without_slot: int
    weakest: float | None
    thin: int
    minutes_used: int
    minutes_given: int
    emptied: tuple[uuid.UUID, ...]  # mentees all of whose pairs were taken out by hand
    out: int  # pairs of the solve that were taken out since
    added: int  # pairs by hand
    helped: frozenset[uuid.UUID]  # mentees with a pair by hand


def find_round(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID) -> RoundFacts:
    """Return a round of this programme.

    Raises
    ------
    NotFoundError
        The programme has no such round.

    """
    left = select(func.count()).where(RoundWithdrawal.round_id == Round.id).scalar_subquery()
    mine = and_(Scenario.round_id == Round.id, Scenario.objective != "repair")
    found = session.execute(
        select(Round, left, Scenario)
        .outerjoin(Scenario, mine)
        .where(Round.id == round_id, Round.programme_id == programme_id)
        .order_by(Scenario.created_at)
    ).all()
    if not found:
        raise NotFoundError
    row = found[0][0]
    scenarios = tuple(line[2] for line in found if line[2] is not None)
    told = _told(scenarios)
    jobs = jobs_of(session, [scenario.id for scenario in told])
    return RoundFacts(
        id=row.id,
        name=row.name,
        state=row.state,
        enrols_until=row.enrols_until,
        frozen_at=row.frozen_at,
        published_at=row.published_at,
        snapshot_sha256=row.snapshot_sha256,
        scenarios=scenarios,
        work=tuple((scenario, jobs[scenario.id]) for scenario in told if scenario.id in jobs),
        left=found[0][1],
    )


def _told(scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Return the scenarios whose work the page tells of: all that are at work, and the last to end if it failed."""
    ended = _last_ended(scenarios)
    return tuple(s for s in scenarios if s.status in BUSY or (s is ended and s.status == "failed"))


def _last_ended(scenarios: tuple[Scenario, ...]) -> Scenario | None:
    return next((s for s in reversed(scenarios) if s.status not in BUSY), None)


def count_enrolled(session: Session, programme_id: uuid.UUID) -> Enrolled:
    rows = session.execute(
        select(Membership.status, Membership.is_mentor, Membership.is_mentee, func.count())
        .where(Membership.programme_id == programme_id)
        # A coordinator who adds a role is active, but has not joined in it yet.
        .where(or_(Membership.status != "active", Membership.joined_at.is_not(None) & said_adult()))
        .group_by(Membership.status, Membership.is_mentor, Membership.is_mentee)
    ).all()
    return Enrolled(
        mentors=sum(n for status, mentor, _mentee, n in rows if status == "active" and mentor),
        mentees=sum(n for status, _mentor, mentee, n in rows if status == "active" and mentee),
        unfinished=sum(n for status, _mentor, _mentee, n in rows if status in {"pending", "invited"}),
    )


def total_up(session: Session, scenario: Scenario) -> Totals:
    """Add up a scenario's pairs without those taken out by hand. One query, added up by the database.

    Mentees who had a mentor before this round count as covered.
    """
    served = {uuid.UUID(key) for key in scenario.totals.get("served", [])}
    unmatched = {uuid.UUID(row["membership_id"]) for row in scenario.unmatched}
    per = _by_mentee(scenario.id)
    sums, single = _sums(per), _single(per, everybody=bool(served))
    rows = session.execute(select(sums, single).join_from(sums, single, true(), isouter=True)).all()
    figures = rows[0]
    people = [row for row in rows if row.mentee_id is not None]
    paired = {row.mentee_id for row in people if row.live}
    return Totals(
        mentees=int(scenario.totals.get("mentees", figures.mentees)),
        covered=figures.covered + len(served - paired),
        pairs=figures.pairs,
        removed=figures.removed,
        without_slot=figures.without_slot,
        weakest=figures.weakest,
        thin=figures.thin,
        minutes_used=figures.minutes,
        minutes_given=int(scenario.totals.get("minutes_given", 0)),
        emptied=tuple(sorted({row.mentee_id for row in people} - paired - served - unmatched)),
        out=figures.out,
        added=figures.added,
        helped=frozenset(row.mentee_id for row in people if row.hand),
    )


def _by_mentee(scenario_id: uuid.UUID) -> CTE:
    """Add up what each mentee has: pairs in, pairs in by hand, the best fit, minutes, pairs out, those of the solve.

    Used twice in one query, and worked out once.
    """
    live, by_hand = Proposal.removed_at.is_(None), Proposal.origin == "hand"

    def total(value: Any, *when: ColumnElement[bool]) -> Any:
        return func.sum(case((and_(*when), value), else_=0))

    return (
        select(
            Proposal.mentee_id,
            total(1, live).label("live"),
            total(1, live, by_hand).label("hand"),
            func.max(case((live, Proposal.weight))).label("best"),
            total(Proposal.minutes, live).label("minutes"),
            total(1, live, Proposal.slot_weekday.is_(None)).label("without_slot"),
            total(1, ~live).label("removed"),
            total(1, ~live, ~by_hand).label("out"),
        )
        .where(Proposal.scenario_id == scenario_id)
        .group_by(Proposal.mentee_id)
        .cte()
    )


def _sums(by_mentee: CTE) -> Subquery:
    per = by_mentee.c

    def total(value: Any) -> Any:
        return func.coalesce(func.sum(value), 0)

    return select(
        func.count().label("mentees"),
        func.count(per.best).label("covered"),
        func.min(per.best).label("weakest"),
        total(case((per.best < THIN, 1), else_=0)).label("thin"),
        total(per.live).label("pairs"),
        total(per.hand).label("added"),
        total(per.minutes).label("minutes"),
        total(per.without_slot).label("without_slot"),
        total(per.removed).label("removed"),
        total(per.out).label("out"),
    ).subquery()


def _single(by_mentee: CTE, *, everybody: bool) -> Subquery:
    """Return those mentees who must be known one by one: left with nothing, or helped by hand; or everybody."""
    per = by_mentee.c
    chosen = select(per.mentee_id, per.live, per.hand)
    return (chosen if everybody else chosen.where(or_(per.live == 0, per.hand > 0))).subquery()


def names_of_members(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names that go with memberships."""
    if not ids:
        return {}
    rows = session.execute(
        select(Membership.id, Person.name).join(Person, Person.id == Membership.person_id).where(Membership.id.in_(ids))
    )
    return dict(rows.all())


def names_and_left(
    session: Session, round_id: uuid.UUID, ids: list[uuid.UUID]
) -> tuple[dict[uuid.UUID, str], frozenset[uuid.UUID]]:
    """Return the names that go with memberships, and who of them left the round. One query."""
    if not ids:
        return {}, frozenset()
    left = exists().where(RoundWithdrawal.round_id == round_id, RoundWithdrawal.membership_id == Membership.id)
    rows = session.execute(
        select(Membership.id, Person.name, left)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.id.in_(ids))
    ).all()
    return {key: name for key, name, _ in rows}, frozenset(key for key, _, is_left in rows if is_left)


def clashes_of(session: Session, facts: RoundFacts) -> list[str]:
    """Say why the last scenario could not be worked out, with people's names in place of their ids."""
    last = _last_ended(facts.scenarios)
    if last is None or last.status != "infeasible":
        return []
    found = {uuid.UUID(text) for line in last.conflicts for text in _ID.findall(line)}
    names = names_of_members(session, sorted(found))
    return [_ID.sub(lambda match: names.get(uuid.UUID(match[0]), match[0]), line) for line in last.conflicts]


def certificate_of(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID, scenario_id: uuid.UUID) -> str:
    """Return the certificate of a scenario as it was stored."""
    scenario = session.scalar(
        select(Scenario)
        .join(Round, Round.id == Scenario.round_id)
        .where(Scenario.id == scenario_id, Round.id == round_id, Round.programme_id == programme_id)
        .options(undefer(Scenario.certificate))
    )
    if scenario is None or scenario.certificate is None:
        raise NotFoundError
    return scenario.certificate
