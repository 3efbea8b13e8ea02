"""`mosaic repair`: answers in; the smallest change that helps, with reasons and proof, out."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from matcher.answers_file import Answers, read_answers
from matcher.arrays import as_pairs
from matcher.availability import Slot, in_zone
from matcher.cli_match import NAMES, read_inputs
from matcher.cli_output import (
    as_json,
    check_targets,
    library_lines_aside,
    proof_of,
    put_files,
    refuse_bad_input,
    say,
    show_progress,
    summary,
)
from matcher.codes import Code
from matcher.match_report import Match, match_files, unmatched_rows
from matcher.pair_scores import score_pairs
from matcher.people_file import People
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.repair import Repair, repair
from matcher.repair_report import change_rows
from matcher.scoring import PoolScores, Settings, build_problem
from matcher.tables import Fault, TableError, table_bytes

__all__ = ["repair_command"]


@click.command("repair")
@click.option("--mentors", required=True, type=click.Path(path_type=Path), help="File of mentors: .csv or .xlsx.")
@click.option("--mentees", required=True, type=click.Path(path_type=Path), help="File of mentees: .csv or .xlsx.")
@click.option("--pairs", required=True, type=click.Path(path_type=Path), help="The pairs that match or repair wrote.")
@click.option(
    "--answers", type=click.Path(path_type=Path), help="File of mentor, mentee and answer, if not in --pairs."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results.")
@click.option(
    "--most-withdrawn",
    type=click.IntRange(min=0),
    metavar="N",
    help="Open offers withdrawn at most; 0 fills spare capacity only.",
)
@click.option("--programme", type=click.Path(path_type=Path), metavar="FILE", help="Weights and rules: .toml.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Breaks ties.")
@click.option("--time-limit", type=click.FloatRange(min=0), metavar="SECONDS", help="Stop with the best found.")
@as_json
def repair_command(
    *,
    mentors: Path,
    mentees: Path,
    pairs: Path,
    answers: Path | None,
    out: Path,
    most_withdrawn: int | None,
    programme: Path | None,
    seed: int,
    time_limit: float | None,
    as_json: bool,
) -> None:
    """
    Fill what answers leave.

    Accepted pairs stay, declined ones do not come back, and as few open offers as possible are withdrawn. Writes
    changes with reasons, and what match writes.
    """
    with refuse_bad_input(as_json=as_json):
        ending = ".xlsx" if mentors.suffix.lower() == ".xlsx" else ".csv"
        targets = [out / f"{name}{ending}" for name in ("changes", *NAMES)]
        targets += [out / "certificate.json", out / "problem.npz"]
        check_targets(targets, [path for path in (mentors, mentees, pairs, answers, programme) if path is not None])
        settings, people, told = _read_all(mentors, mentees, programme, pairs, answers)
        pool = Pool.build(people.mentors, people.mentees, ties=people.ties)
        with show_progress(as_json=as_json) as progress:
            problem, scores = build_problem(
                pool, settings, progress=lambda share: progress("scoring", share, 1.0, None, None)
            )
            problem, scores = _standing(pool, settings, problem, scores, told)
            with library_lines_aside():
                found = repair(
                    problem,
                    accepted=told.accepted,
                    open_offers=told.open_offers,
                    declined=told.declined,
                    most_withdrawn=most_withdrawn,
                    time_limit=time_limit,
                    seed=seed,
                    progress=progress,
                )
        scores = replace(scores, weights=found.problem.weights)
        proof = proof_of(found.problem, found.result)
        match = Match(people, pool, settings, found.problem, scores, found.result, proof)
        match = replace(match, fixed=_times_that_stay(match, told), answers=_answers(found))
        rows = change_rows(match, found, as_pairs(told.declined))
        put_files({targets[0]: table_bytes(ending, rows), **match_files(match, out, ending)})
        facts: dict[str, Any] = {
            **summary(found.problem, found.result),
            **{name: len(getattr(found, name)) for name in ("accepted", "kept", "withdrawn", "lapsed", "new")},
            "fewest_withdrawn": found.fewest_withdrawn,
            "unmatched": len(unmatched_rows(match)) - 1,
            "written": str(out),
        }
        if as_json:
            facts["changes"] = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
        say(facts, as_json=as_json)


def _read_all(
    mentors: Path, mentees: Path, programme: Path | None, pairs: Path, answers: Path | None
) -> tuple[Settings, People, Answers]:
    """Read all files. Who is among the pairs can be looked up only once the people can be read."""
    faults: list[Fault] = []
    people = None
    try:
        settings, people = read_inputs(programme, mentors, mentees)
    except TableError as error:
        faults += error.faults
    try:
        told = read_answers(pairs, answers, people)
    except TableError as error:
        faults += error.faults
    if faults:
        raise TableError(faults)
    assert people is not None
    return settings, people, told


def _standing(
    pool: Pool, settings: Settings, problem: Problem, scores: PoolScores, told: Answers
) -> tuple[Problem, PoolScores]:
    """Let accepted pairs have their weight whatever the rules say by now, and name declined ones as such."""
    weights, codes = scores.weights.copy(), scores.codes.copy()
    accepted = as_pairs(told.accepted)
    for (mentor, mentee), scored in zip(accepted.tolist(), score_pairs(pool, settings, accepted), strict=True):
        weights[mentor, mentee] = scored.potential
        codes[mentor, mentee] = Code.ACCEPTABLE
    for mentor, mentee in told.declined:
        codes[mentor, mentee] = Code.EXCLUDED
    changed = Problem(
        weights,
        problem.mentor_capacity,
        problem.mentee_capacity,
        problem.minutes,
        problem.mentor_minutes,
        priority=problem.priority,
    )
    return changed, replace(scores, codes=codes)


def _answers(found: Repair) -> list[str]:
    """Give the answer to each pair of a repair: new ones wait for one."""
    accepted = set(map(tuple, found.accepted.tolist()))
    return ["accepted" if tuple(pair) in accepted else "open" for pair in found.result.pairs.tolist()]


def _times_that_stay(match: Match, told: Answers) -> dict[int, Slot]:
    """Give the times of pairs that had one, on the mentor's clock of today."""
    staying: dict[int, Slot] = {}
    for place, (mentor, mentee) in enumerate(match.pairs):
        if (mentor, mentee) in told.slots:
            slot, zone = told.slots[mentor, mentee]
            staying[place] = in_zone(slot, zone, match.pool.mentors[mentor].zone, match.settings.starts_on)
    return staying
