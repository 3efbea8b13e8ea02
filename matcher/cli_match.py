"""`mosaic match`: people in; pairs, reasons, who is left out, and the proof out."""

from pathlib import Path

import click

from matcher.cli_output import (
    as_json,
    check_targets,
    put_files,
    refuse_bad_input,
    say,
    show_progress,
    solve_checked,
    summary,
)
from matcher.match_report import Match, match_files, unmatched_rows
from matcher.people_columns import MENTEE_COLUMNS, MENTOR_COLUMNS
from matcher.people_file import People, read_people, template_rows
from matcher.pool import Pool
from matcher.scoring import InvalidSettingsError, Settings, build_problem
from matcher.tables import Fault, TableError, table_bytes
from matcher.taxonomy import load_taxonomy

__all__ = ["match"]

NAMES = ("pairs", "reasons", "unmatched")


@click.command("match")
@click.option("--mentors", type=click.Path(path_type=Path), help="File of mentors: .csv or .xlsx.")
@click.option("--mentees", type=click.Path(path_type=Path), help="File of mentees: .csv or .xlsx.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results.")
@click.option("--objective", default="coverage", show_default=True, help="What is best: coverage or total.")
@click.option("--programme", type=click.Path(path_type=Path), metavar="FILE", help="Weights and rules: .toml.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Breaks ties.")
@click.option("--time-limit", type=click.FloatRange(min=0), metavar="SECONDS", help="Stop with the best found.")
@click.option("--template", type=click.Path(path_type=Path), metavar="DIR", help="Write empty files to fill in.")
@as_json
def match(
    *,
    mentors: Path | None,
    mentees: Path | None,
    out: Path | None,
    objective: str,
    programme: Path | None,
    seed: int,
    time_limit: float | None,
    template: Path | None,
    as_json: bool,
) -> None:
    """
    Match people.

    Writes pairs, reasons and unmatched (as .xlsx if the mentors' file is one, else .csv), certificate.json, and
    problem.npz, which holds the problem without names for `mosaic verify`.
    """
    with refuse_bad_input(as_json=as_json):
        if template is not None:
            _write_template(template, as_json=as_json)
            return
        if mentors is None or mentees is None or out is None:
            raise click.UsageError("give --mentors, --mentees and --out, or --template for files to fill in")
        ending = ".xlsx" if mentors.suffix.lower() == ".xlsx" else ".csv"
        sources = [mentors, mentees] if programme is None else [mentors, mentees, programme]
        targets = [out / f"{name}{ending}" for name in NAMES] + [out / "certificate.json", out / "problem.npz"]
        check_targets(targets, sources)
        settings, people = _read_inputs(programme, mentors, mentees)
        pool = Pool.build(people.mentors, people.mentees, ties=people.ties)
        with show_progress(as_json=as_json) as progress:
            problem, scores = build_problem(
                pool, settings, progress=lambda share: progress("scoring", share, 1.0, None, None)
            )
            result, proof = solve_checked(problem, objective, seed=seed, time_limit=time_limit, progress=progress)
        found = Match(people, pool, settings, problem, scores, result, proof)
        put_files(match_files(found, out, ending))
        facts = summary(problem, result)
        say({**facts, "unmatched": len(unmatched_rows(found)) - 1, "written": str(out)}, as_json=as_json)


def _read_inputs(programme: Path | None, mentors: Path, mentees: Path) -> tuple[Settings, People]:
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
