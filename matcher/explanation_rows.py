"""What `mosaic match --explain` adds: for everyone left out the smallest edit, and whom to recruit."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from matcher.answers import CoordinatorAdvice, Sentence
from matcher.closed_pairs import without_pairs
from matcher.explaining import explain_left_out
from matcher.hour_places import hour_places
from matcher.left_out import codes_of, why_left_out
from matcher.match_report import Match
from matcher.outcomes import Outcome
from matcher.problem import Problem
from matcher.recruiting import Advice, advise
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
    what_if = WhatIf(_asked(match), match.result, time_limit=seconds)
    pinned = match.timed is not None and match.timed.pinned_at_end
    rows: list[list[object]] = [[*HEADER]]
    people: list[dict[str, Any]] = []
    for side, advice in _left_out_when_pinned(match) if pinned else _left_out(match, what_if, seconds):
        names = match.people.mentor_names if side == "mentor" else match.people.mentee_names
        texts = [str(advice.why), str(advice.change), "" if advice.effort is None else advice.effort]
        rows.append([side, advice.key, names[advice.key], *texts, *_gains(advice.cost)])
        people.append({"side": side, **advice_facts(advice)})
    found = () if pinned else advise(what_if, match.pool, match.settings, time_limit=seconds)
    recruiting = [item for item in found if match.timed is None or _hours_hold(match, item)]
    for item in recruiting:
        name = match.people.mentor_names.get(item.mentor.key, "")
        rows.append(["recruiting", item.mentor.key, name, "", str(item.sentence), "", *_gains(item.outcome)])
    plain: dict[str, Any] = {} if match.timed is None else {"times_checked": False, "pinned_at_end": pinned}
    plain |= {
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
    for mentee in _alone(match, 1):
        yield "mentee", explain_left_out(*asked, viewer="coordinator", mentee=mentee, time_limit=seconds)
    for mentor in _alone(match, 0):
        yield "mentor", explain_left_out(*asked, viewer="coordinator", mentor=mentor, time_limit=seconds)


def _left_out_when_pinned(match: Match) -> Iterator[tuple[str, CoordinatorAdvice]]:
    """Say why, and no more: the pairs are not the best of a problem that could be asked what would change it."""
    for side, name, people in ((1, "mentee", match.pool.mentees), (0, "mentor", match.pool.mentors)):
        for number in _alone(match, side):
            codes = codes_of(match.pool, match.settings, side, [number])
            why = why_left_out(_asked(match), match.pool, side, [number], codes)
            rules = {code: count for code, count in codes.items() if code}
            change = Sentence.of("edit_pinned")
            yield name, CoordinatorAdvice(people[number].key, why, change, rules, effort=None, cost=None)


def _asked(match: Match) -> Problem:
    """Give the problem that questions are about: with times, the one before pairs were pinned.

    Whoever wants a mentor and has hours that hold no meeting wants one here: other hours may be what she needs.
    """
    if match.timed is None:
        return match.problem
    problem = match.timed.unpinned
    wanted = np.array([min(mentee.wanted, 1) for mentee in match.pool.mentees], dtype=np.int64)
    return without_pairs(problem, (), mentee_capacity=np.maximum(problem.mentee_capacity, wanted))


def _hours_hold(match: Match, item: Advice) -> bool:
    """Return whether the hours of a mentor who is asked for a place more hold one meeting more."""
    if item.kind != "place" or not item.mentor.windows:
        return True
    number = match.pool.mentor_index(item.mentor.key)
    load = sum(mentor == number for mentor, _ in match.pairs)
    enough = np.full(len(match.pool.mentors), load + 1), np.zeros(len(match.pool.mentees), dtype=np.int64)
    return int(hour_places(match.pool, match.settings, (), enough)[0][number]) > load


def _alone(match: Match, side: int) -> list[int]:
    """List who has nobody."""
    taken = {pair[side] for pair in match.pairs}
    return [number for number in range(match.problem.shape[side]) if number not in taken]
