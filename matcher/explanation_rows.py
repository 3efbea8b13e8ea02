"""What `mosaic match --explain` adds: for everyone left out the smallest edit, and whom to recruit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from matcher.answers import CoordinatorAdvice
from matcher.arrays import BoolArray
from matcher.explaining import explain_left_out
from matcher.match_report import Match
from matcher.outcomes import Outcome
from matcher.recruiting import advise
from matcher.tables import table_bytes
from matcher.what_if import WhatIf

__all__ = ["advice_facts", "explanation_files", "explanation_paths", "outcome_facts"]

SECONDS = 10.0
"""For each person and for the advice, where each question needs a solve and no other limit is given."""

HEADER = ["about", "key", "name", "why", "change", "effort", "coverage", "total_weight"]


def explanation_paths(folder: Path, ending: str) -> list[Path]:
    """Name the files: a table, and JSON with who would move."""
    return [folder / f"explanations{ending}", folder / "explanations.json"]


def explanation_files(match: Match, folder: Path, ending: str, *, time_limit: float | None) -> dict[Path, bytes]:
    """Give the content of both files."""
    seconds = SECONDS if time_limit is None else time_limit
    what_if = WhatIf(match.problem, match.result, time_limit=seconds)
    rows: list[list[object]] = [[*HEADER]]
    people: list[dict[str, Any]] = []
    for side, advice in _left_out(match, what_if, seconds):
        names = match.people.mentor_names if side == "mentor" else match.people.mentee_names
        texts = [str(advice.why), str(advice.change), "" if advice.effort is None else advice.effort]
        rows.append([side, advice.key, names[advice.key], *texts, *_gains(advice.cost)])
        people.append({"side": side, **advice_facts(advice)})
    recruiting = advise(what_if, match.pool, match.settings, time_limit=seconds)
    for item in recruiting:
        name = match.people.mentor_names.get(item.mentor.key, "")
        rows.append(["recruiting", item.mentor.key, name, "", str(item.sentence), "", *_gains(item.outcome)])
    plain = {
        "left_out": people,
        "recruiting": [{"kind": i.kind, "advice": str(i.sentence), **outcome_facts(i.outcome)} for i in recruiting],
    }
    table, file = explanation_paths(folder, ending)
    return {table: table_bytes(ending, rows), file: json.dumps(plain, indent=1).encode()}


def advice_facts(advice: CoordinatorAdvice) -> dict[str, Any]:
    """Give an advice as plain values."""
    return {
        "key": advice.key,
        "why": str(advice.why),
        "reasons": {code.name: count for code, count in advice.codes.items()},
        "change": str(advice.change),
        "effort": advice.effort,
        "cost": None if advice.cost is None else outcome_facts(advice.cost),
        "entering": [list(pair) for pair in advice.entering],
        "leaving": [list(pair) for pair in advice.leaving],
    }


def outcome_facts(outcome: Outcome) -> dict[str, Any]:
    """Give the differences of an outcome as plain values."""
    return {
        "possible": outcome.possible,
        "coverage": outcome.coverage,
        "priority": round(outcome.priority, 6),
        "floor": round(outcome.floor, 6),
        "total_weight": round(outcome.total, 6),
        "others": round(outcome.others, 6),
        "method": outcome.method,
        "exact": outcome.exact,
    }


def _gains(cost: Outcome | None) -> list[object]:
    return ["", ""] if cost is None else [cost.coverage, round(cost.total, 6)]


def _left_out(match: Match, what_if: WhatIf, seconds: float) -> Iterator[tuple[str, CoordinatorAdvice]]:
    """Explain the mentees, then the mentors, who have nobody."""
    asked = (what_if, match.pool, match.settings)
    for mentee in np.flatnonzero(_alone(what_if, 1)).tolist():
        yield "mentee", explain_left_out(*asked, viewer="coordinator", mentee=mentee, time_limit=seconds)
    for mentor in np.flatnonzero(_alone(what_if, 0)).tolist():
        yield "mentor", explain_left_out(*asked, viewer="coordinator", mentor=mentor, time_limit=seconds)


def _alone(what_if: WhatIf, side: int) -> BoolArray:
    alone = np.ones(what_if.problem.shape[side], dtype=np.bool_)
    alone[what_if.pairs[:, side]] = False
    return alone
