"""Programmes with enough people to be matched, and rounds frozen over them."""

import random
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.taxonomy import load_taxonomy
from tests.factories.cast import make_coordinator, make_mentee, make_mentor, make_person, make_programme
from tests.factories.workers import wait_for
from webapp.engine.changes import mark_of
from webapp.engine.pool_work import FORMAT
from webapp.engine.solving import solve_work
from webapp.models import Person, PoolChange, PoolReport, Programme, Round, Scenario, utc_now
from webapp.services import jobs, rounds, scenarios


def make_pool(session: Session, n_mentors: int, n_mentees: int, *, seed: int = 1) -> tuple[Programme, Person]:
    """Return a programme of this many people and its coordinator, committed; the same for the same seed."""
    rng = random.Random(seed)
    vocabulary = load_taxonomy()
    specialties, topics = list(vocabulary.specialties)[:20], list(vocabulary.topics)
    programme = make_programme(session)
    coordinator = make_person(session, "Ada Oduya")
    make_coordinator(session, programme, coordinator)
    for number in range(n_mentors):
        profile = {"specialties": rng.sample(specialties, 2)}
        person = make_person(session, f"Mentor {number}", windows=_hours(rng), profile=profile)
        make_mentor(
            session,
            programme,
            person,
            minutes=rng.choice([60, 120]),
            places=rng.choice([1, 2]),
            topics=rng.sample(topics, 4),
        )
    for number in range(n_mentees):
        person = make_person(session, f"Mentee {number}", windows=_hours(rng), profile={"stage": "resident_junior"})
        make_mentee(session, programme, person, topics=rng.sample(topics, 3), specialties=rng.sample(specialties, 2))
    session.commit()
    return programme, coordinator


def freeze(session: Session, programme: Programme, by: Person, now: datetime) -> uuid.UUID:
    """Return a round of the programme that went through its first steps."""
    round_id = rounds.create_round(session, programme.id, "Spring 2027", None, by=by.id, now=now)
    rounds.open_round(session, round_id, programme_id=programme.id, by=by.id, now=now)
    rounds.freeze_round(session, round_id, programme_id=programme.id, by=by.id, now=now)
    return round_id


def make_report(session: Session, programme: Programme, *, stuck=(), unused=(), cause="no_shared_hours", **values):
    """Return a report in which these members cannot be matched, as the engine would have written it."""

    def line(member):
        counted = {"count": 2, "others": 2, "second": "", "second_count": 0}
        return {
            "id": str(member.id),
            "stage": None,
            "specialties": [],
            "cause": cause,
            "change": None,
            **counted,
            **values,
        }

    names = (
        "mentees",
        "wanted",
        "minutes_wanted",
        "mentors",
        "places",
        "minutes_given",
        "paused",
        "full",
        "unfinished",
    )
    facts = {
        "format": FORMAT,
        "counts": dict.fromkeys(names, 2),
        "tables": {name: [] for name in ("specialty", "stage", "topic", "zone")} | {"hours": [[[0, 0]] * 24] * 7},
        "stuck": [line(member) for member in stuck],
        "unused": [line(member) for member in unused],
        "advice": {"advice": [], "left_out": "large"},
    }
    report = PoolReport(programme_id=programme.id, facts=facts, computed_at=utc_now(), mark=mark_of(session))
    session.add(report)
    session.flush()
    return report


def settled_mark(session: Session) -> int:
    """Return the mark of now; PostgreSQL's own upkeep may keep it back for a moment."""

    def look() -> int | None:
        session.rollback()
        mark, last = mark_of(session), session.scalar(select(func.max(PoolChange.mark))) or 0
        return mark if mark > last else None

    return wait_for(look)


def _hours(rng: random.Random) -> tuple[tuple[int, int, int], ...]:
    start = rng.choice([7, 17, 18]) * 60
    return tuple((weekday, start, start + 180) for weekday in rng.sample(range(7), 4))


def solve(session: Session, round_id: uuid.UUID, by: Person, now: datetime, **values: Any) -> Scenario:
    """Return a scenario of a frozen round, solved and stored as a worker does it."""
    programme_id = session.get_one(Round, round_id).programme_id
    told = {"name": "First", "objective": "coverage", "programme_id": programme_id, "by": by.id, "now": now} | values
    scenario_id, job_id = scenarios.start_scenario(session, round_id, **told)
    claim = jobs.claim(session, job_id, lease=timedelta(seconds=60), now=now)
    found = solve_work(scenarios.read_work(session, scenario_id, now=now), lambda *_progress: None)
    scenarios.store_result(session, claim, scenarios.Solved(**found), now=now)
    session.commit()
    return session.get(Scenario, scenario_id, populate_existing=True)
