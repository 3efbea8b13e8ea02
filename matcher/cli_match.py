"""`mosaic match`: people in; pairs, reasons, who is left out, and the proof out."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from matcher.b_matching import Progress
from matcher.cli_compare import add_comparison, comparison_facts, report_bytes
from matcher.cli_output import (
    as_json,
    check_targets,
    library_lines_aside,
    proof_of,
    put_files,
    refuse_bad_input,
    refuse_objective,
    say,
    show_progress,
    solve_checked,
    solver_options,
    summary,
)
from matcher.explanation_rows import explanation_files, explanation_paths
from matcher.match_report import Match, match_files, unmatched_rows
from matcher.people import Mentee, Mentor
from matcher.people_columns import MENTEE_COLUMNS, MENTOR_COLUMNS
from matcher.people_file import People, read_people, template_rows
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.ranks import rank_wishes, with_ranks
from matcher.scoring import InvalidSettingsError, PoolScores, Settings, build_problem
from matcher.tables import Fault, TableError, table_bytes
from matcher.taxonomy import load_taxonomy
from matcher.timed_matching import match_with_times
from matcher.timed_report import name_apart, no_time_bytes, timed_summary

__all__ = ["match", "read_inputs"]

GROUPS = ("stage", "specialties", "languages", "zone")
"""The columns a report groups people by."""

NAMES = ("pairs", "reasons", "unmatched")


class Choices(NamedTuple):
    """How to solve."""

    objective: str
    proposing: str
    seed: int
    time_limit: float | None
    progress: Progress


@click.command("match")
@click.option("--mentors", type=click.Path(path_type=Path), help="File of mentors: .csv or .xlsx.")
@click.option("--mentees", type=click.Path(path_type=Path), help="File of mentees: .csv or .xlsx.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results.")
@solver_options
@click.option("--programme", type=click.Path(path_type=Path), metavar="FILE", help="Weights and rules: .toml.")
@click.option("--explain", is_flag=True, help="Write what would change it for those left out, and whom to recruit.")
@click.option("--timetable", is_flag=True, help="Propose only pairs that find a time to meet, and list the others.")
@click.option("--template", type=click.Path(path_type=Path), metavar="DIR", help="Write empty files to fill in.")
@as_json
def match(
    *,
    mentors: Path | None,
    mentees: Path | None,
    out: Path | None,
    objective: str,
    programme: Path | None,
    proposing: str,
    seed: int,
    time_limit: float | None,
    compare: Path | None,
    report: Path | None,
    explain: bool,
    timetable: bool,
    template: Path | None,
    as_json: bool,
) -> None:
    """
    Match people.

    Writes pairs, reasons and unmatched (as .xlsx if the mentors' file is one, else .csv), certificate.json, and
    problem.npz, which holds the problem without names for `mosaic verify`. With --timetable also no_time, with
    --explain also explanations.
    """
    with refuse_bad_input(as_json=as_json):
        if template is not None:
            _write_template(template, as_json=as_json)
            return
        if mentors is None or mentees is None or out is None:
            raise click.UsageError("give --mentors, --mentees and --out, or --template for files to fill in")
        ending = ".xlsx" if mentors.suffix.lower() == ".xlsx" else ".csv"
        sources = [path for path in (mentors, mentees, programme, compare) if path is not None]
        targets = [out / f"{name}{ending}" for name in NAMES] + [out / "certificate.json", out / "problem.npz"]
        targets += [] if report is None else [report]
        targets += explanation_paths(out, ending) if explain else []
        targets += [out / f"no_time{ending}"] if timetable else []
        check_targets(targets, sources)
        settings, people = read_inputs(programme, mentors, mentees)
        pool = Pool.build(people.mentors, people.mentees, ties=people.ties)
        with show_progress(as_json=as_json) as progress:
            problem, scores = build_problem(
                pool, settings, progress=lambda share: progress("scoring", share, 1.0, None, None)
            )
            if objective == "stable":
                problem = with_ranks(problem, *rank_wishes(pool, people.ties.interests))
            how = Choices(objective, proposing, seed, time_limit, progress)
            if timetable:
                found = _match_timed(people, pool, settings, problem, scores=scores, how=how)
            else:
                result, proof = solve_checked(problem, **how._asdict())
                found = Match(people, pool, settings, problem, scores, result, proof)
        result = found.result
        keys = [mentor.key for mentor in pool.mentors], [mentee.key for mentee in pool.mentees]
        compared = None if compare is None else comparison_facts(problem, result, compare, *keys)
        files = match_files(found, out, ending)
        if explain:
            with library_lines_aside():
                files |= explanation_files(found, out, ending, time_limit=time_limit)
        if timetable:
            files[out / f"no_time{ending}"] = no_time_bytes(found, ending)
        if report is not None:
            files[report] = report_bytes(
                problem if found.timed is None else found.timed.unpinned,
                result,
                *keys,
                mentee_groups={name: _values(pool.mentees, name) for name in GROUPS},
                mentor_groups={name: _values(pool.mentors, name) for name in GROUPS},
            )
        put_files(files)
        facts = summary(problem, result)
        if found.timed is not None:
            facts = timed_summary(found, found.timed, facts, as_json=as_json)
        facts |= {"unmatched": len(unmatched_rows(found)) - 1, "written": str(out)}
        say(add_comparison(facts, compared, as_json=as_json), as_json=as_json)


def _match_timed(
    people: People, pool: Pool, settings: Settings, problem: Problem, *, scores: PoolScores, how: Choices
) -> Match:
    """Match so that every pair of whom both have given hours has a time, and check the proof."""
    with refuse_objective(), library_lines_aside():
        timed = match_with_times(pool, settings, problem, hours_needed=False, **how._asdict())
    proof = proof_of(timed.problem, timed.result)
    scores = name_apart(scores, timed)
    return Match(people, pool, settings, timed.problem, scores, timed.result, proof, timed=timed)


def _values(people: Sequence[Mentor | Mentee], group: str) -> list[str]:
    """Give everybody's value of a group; lists are joined, and nothing stated is said so."""
    values = (getattr(person, group) for person in people)
    return [("; ".join(value) if isinstance(value, tuple) else value) or "not stated" for value in values]


def read_inputs(programme: Path | None, mentors: Path, mentees: Path) -> tuple[Settings, People]:
    """Read all three files, and tell the faults of all three together."""
    faults: list[Fault] = []
    settings = Settings.default()
    try:
        settings = _read_settings(programme)
    except TableError as error:
        faults += error.faults
    try:
        people = read_people(mentors, mentees, load_taxonomy())
    except TableError as error:
        raise TableError([*faults, *error.faults]) from error
    if faults:
        raise TableError(faults)
    return settings, people


def _read_settings(path: Path | None) -> Settings:
    if path is None:
        return Settings.default()
    try:
        return Settings.from_toml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TableError([Fault(path.name, None, None, f"cannot be read: {error.strerror or error}")]) from error
    except UnicodeDecodeError as error:
        raise TableError([Fault(path.name, None, None, "is not UTF-8 text")]) from error
    except InvalidSettingsError as error:
        raise TableError([Fault(path.name, None, None, fault) for fault in error.faults]) from error


def _write_template(folder: Path, *, as_json: bool) -> None:
    files = {
        folder / "mentors.csv": table_bytes(".csv", template_rows(MENTOR_COLUMNS)),
        folder / "mentees.csv": table_bytes(".csv", template_rows(MENTEE_COLUMNS)),
        folder / "rules.toml": Settings.default().to_toml().encode(),
    }
    there = [Fault(str(path), None, None, "is there already: choose another folder") for path in files if path.exists()]
    if there:
        raise TableError(there)
    put_files(files)
    say({"written": ", ".join(str(path) for path in files)}, as_json=as_json)
