"""Questions of a coordinator about a scenario: why not these two, and what would help somebody left out."""

import uuid
from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.engine.answering import Answers, OtherProblemError, UnknownPersonError
from webapp.models import Scenario
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.scenarios import read_work

MOST_PAIRS = 2_000_000
"""Larger rounds are not scored while somebody waits for a page; `mosaic why` answers for them."""

KEPT = 2  # scenarios kept ready in this process
_ready: OrderedDict[uuid.UUID, Answers] = OrderedDict()
_lock = Lock()


def is_large(scenario: Scenario) -> bool:
    """Whether a scenario has too many people to be asked about while somebody waits."""
    columns = scenario.totals.get("columns", scenario.totals.get("mentees", 0))  # more, where some have boards
    return int(scenario.totals.get("mentors", 0)) * int(columns) > MOST_PAIRS


def ask_pair(
    session: Session, scenario: Scenario, mentor_id: uuid.UUID, mentee_id: uuid.UUID, *, now: datetime
) -> dict[str, Any]:
    """Answer why two people are, or are not, a pair of a scenario; see `Answers.pair`.

    Raises
    ------
    NotFoundError
        One of the two was not in the frozen pool.
    ConflictError
        `large`: the round is too large to be asked here. `early`: its hours were not searched to the end.

    """
    try:
        return _answers(session, scenario, now).pair(str(mentor_id), str(mentee_id))
    except UnknownPersonError as error:
        raise NotFoundError(str(error)) from error


def ask_change(
    session: Session,
    scenario: Scenario,
    mentor_id: uuid.UUID,
    mentee_id: uuid.UUID,
    *,
    out: bool = False,
    old_id: uuid.UUID | None = None,
    role: str = "",
    now: datetime,
) -> dict[str, Any]:
    """Answer what a change of a scenario would truly cost; see `Answers.change`. Raises what `ask_pair` raises."""
    try:
        old = str(old_id) if old_id else ""
        return _answers(session, scenario, now).change(str(mentor_id), str(mentee_id), out=out, old=old, role=role)
    except UnknownPersonError as error:
        raise NotFoundError(str(error)) from error


def ask_left_out(
    session: Session, scenario: Scenario, membership_id: uuid.UUID, side: str, *, now: datetime
) -> dict[str, Any] | None:
    """Answer what would help somebody who was left out; None for who was not. Raises what `ask_pair` raises."""
    try:
        return _answers(session, scenario, now).left_out(str(membership_id), side)
    except UnknownPersonError as error:
        raise NotFoundError(str(error)) from error


def _answers(session: Session, scenario: Scenario, now: datetime) -> Answers:
    """Return a scenario ready to be asked; what was solved never changes, so it may be kept."""
    with _lock:
        if scenario.id in _ready:
            _ready.move_to_end(scenario.id)
            return _ready[scenario.id]
    if is_large(scenario):
        raise ConflictError("large")
    scenario_id, no_hour = scenario.id, scenario.totals.get("no_hour", [])
    certificate = session.scalar(select(Scenario.certificate).where(Scenario.id == scenario_id)) or ""
    if not certificate:
        raise ConflictError("early")
    work = read_work(session, scenario_id, now=now)
    try:
        answers = Answers(work, certificate, no_hour)
    except OtherProblemError as error:
        raise ConflictError("early") from error
    with _lock:
        _ready[scenario_id] = answers
        while len(_ready) > KEPT:
            _ready.popitem(last=False)
    return answers
