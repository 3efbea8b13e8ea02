"""`mosaic why`: why two people are matched or not, and what would change it."""

from pathlib import Path
from typing import Any

import click

from matcher.answers import CoordinatorAnswer
from matcher.cli_match import read_inputs
from matcher.cli_output import (
    as_json,
    choosing_options,
    library_lines_aside,
    refuse_bad_input,
    say,
    show_progress,
    solve_checked,
)
from matcher.explaining import explain, explain_left_out
from matcher.explanation_rows import SECONDS, advice_facts, outcome_facts
from matcher.pool import Pool
from matcher.ranks import rank_wishes, with_ranks
from matcher.scoring import build_problem
from matcher.settings import Settings
from matcher.tables import Fault, TableError
from matcher.what_if import WhatIf

__all__ = ["why_command"]


@click.command("why")
@click.argument("mentor")
@click.argument("mentee")
@click.option("--mentors", required=True, type=click.Path(path_type=Path), help="File of mentors: .csv or .xlsx.")
@click.option("--mentees", required=True, type=click.Path(path_type=Path), help="File of mentees: .csv or .xlsx.")
@click.option("--programme", type=click.Path(path_type=Path), metavar="FILE", help="Weights and rules: .toml.")
@choosing_options
@as_json
def why_command(
    *,
    mentor: str,
    mentee: str,
    mentors: Path,
    mentees: Path,
    programme: Path | None,
    objective: str,
    proposing: str,
    seed: int,
    time_limit: float | None,
    as_json: bool,
) -> None:
    """
    Say why MENTOR and MENTEE, by their ids, are matched or not.

    Matches the people as `mosaic match` does with the same options, and writes no file. The answer is for coordinators.
    """
    with refuse_bad_input(as_json=as_json):
        settings, people = read_inputs(programme, mentors, mentees)
        pool = Pool.build(people.mentors, people.mentees, ties=people.ties)
        row, column = _find(pool, mentor, mentee, (mentors.name, mentees.name))
        with show_progress(as_json=as_json) as progress:
            problem, _ = build_problem(pool, settings)
            if objective == "stable":
                problem = with_ranks(problem, *rank_wishes(pool, people.ties.interests))
            result, _ = solve_checked(
                problem, objective, proposing=proposing, seed=seed, time_limit=time_limit, progress=progress
            )
        what_if = WhatIf(problem, result, time_limit=SECONDS if time_limit is None else time_limit)
        with library_lines_aside():
            facts = _facts(what_if, pool, settings, row, column)
        say(facts if as_json else _lines(facts), as_json=as_json)


def _find(pool: Pool, mentor: str, mentee: str, files: tuple[str, str]) -> tuple[int, int]:
    """Return the row and the column of two keys, or name both faults."""
    faults = [
        Fault(file, None, None, f"there is no {side} {key!r} here")
        for file, side, key, known in zip(files, ("mentor", "mentee"), (mentor, mentee), pool.positions, strict=True)
        if key not in known
    ]
    if faults:
        raise TableError(faults)
    return pool.mentor_index(mentor), pool.mentee_index(mentee)


def _facts(what_if: WhatIf, pool: Pool, settings: Settings, row: int, column: int) -> dict[str, Any]:
    """Answer for the pair, and for each of the two who has nobody."""
    answer = explain(what_if, pool, settings, row, column, viewer="coordinator")
    facts = _answer_facts(answer)
    if not (what_if.pairs[:, 1] == column).any():
        advice = explain_left_out(what_if, pool, settings, viewer="coordinator", mentee=column, time_limit=SECONDS)
        facts["mentee_left_out"] = advice_facts(advice)
    if not (what_if.pairs[:, 0] == row).any():
        advice = explain_left_out(what_if, pool, settings, viewer="coordinator", mentor=row, time_limit=SECONDS)
        facts["mentor_left_out"] = advice_facts(advice)
    return facts


def _answer_facts(answer: CoordinatorAnswer) -> dict[str, Any]:
    return {
        "mentor": answer.mentor,
        "mentee": answer.mentee,
        "state": answer.state,
        "code": answer.code.name,
        "weight": round(answer.weight, 6),
        "why": str(answer.why),
        "reasons": [str(reason) for reason in answer.reasons],
        "cost": None if answer.cost is None else outcome_facts(answer.cost),
        "entering": [list(pair) for pair in answer.entering],
        "leaving": [list(pair) for pair in answer.leaving],
    }


def _lines(facts: dict[str, Any]) -> dict[str, str]:
    """Shorten the facts to a line each."""
    lines = {name: str(facts[name]) for name in ("mentor", "mentee", "state", "weight", "why")}
    lines["state"] = lines["state"].replace("_", " ")
    lines["reasons"] = " ".join(facts["reasons"])
    for name in ("leaving", "entering"):
        if facts[name]:
            lines[name] = ", ".join(" with ".join(pair) for pair in facts[name])
    for side in ("mentee", "mentor"):
        advice = facts.get(f"{side}_left_out")
        if advice is not None:
            lines[f"{side}_left_out"] = f"{advice['why']} {advice['change']}"
    return lines
