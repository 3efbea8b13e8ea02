"""The `mosaic` command: match people, solve own weights, verify a certificate."""

from pathlib import Path

import click

from matcher.cli_match import match
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
from matcher.cli_verify import verify_command
from matcher.problem import Problem
from matcher.tables import Fault, TableError, table_bytes
from matcher.weights_file import WeightTable, read_capacity, read_weights

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mosaic-mentoring", prog_name="mosaic")
def main() -> None:
    """Match mentors and mentees, proved best."""


@main.command("solve")
@click.argument("weights", type=click.Path(path_type=Path))
@click.option("--mentor-capacity", required=True, metavar="N|FILE", help="Mentees a mentor takes at most.")
@click.option("--mentee-capacity", required=True, metavar="N|FILE", help="Mentors a mentee wants.")
@click.option("--objective", default="coverage", show_default=True, help="What is best: coverage or total.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File of pairs: .csv or .xlsx.")
@click.option("--certificate", type=click.Path(path_type=Path), help="File of the proof: .json.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Breaks ties.")
@click.option("--time-limit", type=click.FloatRange(min=0), metavar="SECONDS", help="Stop with the best found.")
@click.option("--blank", metavar="VALUE", help="This value means not acceptable, as an empty cell does.")
@click.option("--clip", is_flag=True, help="Move weights outside 0 to 1 to the nearer end.")
@as_json
def solve_command(
    *,
    weights: Path,
    mentor_capacity: str,
    mentee_capacity: str,
    objective: str,
    out: Path,
    certificate: Path | None,
    seed: int,
    time_limit: float | None,
    blank: str | None,
    clip: bool,
    as_json: bool,
) -> None:
    """
    Match by your own WEIGHTS.

    The first row of WEIGHTS (.csv, .xlsx) names the mentees, the first column the mentors; an empty cell is not
    acceptable. In a .npy array axis 0 is the mentors, and NaN is not acceptable.
    """
    with refuse_bad_input(as_json=as_json):
        targets = [out] if certificate is None else [out, certificate]
        sources = [weights, *(Path(text) for text in (mentor_capacity, mentee_capacity) if Path(text).suffix)]
        check_targets(targets, sources)
        if out.suffix.lower() not in {".csv", ".xlsx"}:
            raise TableError([Fault(str(out), None, None, "the name must end in .csv or .xlsx")])
        table, problem = _read_problem(weights, mentor_capacity, mentee_capacity, blank, clip=clip)
        with show_progress(as_json=as_json) as progress:
            result, proof = solve_checked(problem, objective, seed=seed, time_limit=time_limit, progress=progress)
        rows: list[list[object]] = [["mentor", "mentee", "weight"]]
        for mentor, mentee in result.pairs.tolist():
            rows.append([table.mentors[mentor], table.mentees[mentee], float(table.weights[mentor, mentee])])
        files = {out: table_bytes(out.suffix, rows)}
        if certificate is not None:
            files[certificate] = proof.to_json().encode()
        put_files(files)
        say(summary(problem, result) | {"written": ", ".join(str(path) for path in files)}, as_json=as_json)


def _read_problem(
    weights: Path, mentor_capacity: str, mentee_capacity: str, blank: str | None, *, clip: bool
) -> tuple[WeightTable, Problem]:
    """Read the weights, then both capacities, and tell the faults of both capacities together."""
    table = read_weights(weights, blank=blank, clip=clip)
    found, faults = [], []
    for text, names, what in (
        (mentor_capacity, table.mentors, "--mentor-capacity"),
        (mentee_capacity, table.mentees, "--mentee-capacity"),
    ):
        try:
            found.append(read_capacity(text, names, what))
        except TableError as error:
            faults += error.faults
    if faults:
        raise TableError(faults)
    return table, Problem(table.weights, *found)


main.add_command(match)
main.add_command(verify_command)
