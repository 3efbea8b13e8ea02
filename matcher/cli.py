"""The `mosaic` command: match people, say why, repair after answers, solve own weights, verify a certificate."""

from pathlib import Path

import click

from matcher.cli_compare import add_comparison, comparison_facts, report_bytes
from matcher.cli_match import match
from matcher.cli_output import (
    as_json,
    check_targets,
    put_files,
    refuse_bad_input,
    say,
    show_progress,
    solve_checked,
    solver_options,
    summary,
)
from matcher.cli_repair import repair_command
from matcher.cli_verify import verify_command
from matcher.cli_why import why_command
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
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File of pairs: .csv or .xlsx.")
@solver_options
@click.option("--certificate", type=click.Path(path_type=Path), help="File of the proof: .json.")
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
    proposing: str,
    seed: int,
    time_limit: float | None,
    compare: Path | None,
    report: Path | None,
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
        targets = [path for path in (out, certificate, report) if path is not None]
        sources = [
            weights,
            *([] if compare is None else [compare]),
            *(Path(text) for text in (mentor_capacity, mentee_capacity) if Path(text).suffix),
        ]
        check_targets(targets, sources)
        if out.suffix.lower() not in {".csv", ".xlsx"}:
            raise TableError([Fault(str(out), None, None, "the name must end in .csv or .xlsx")])
        table, problem = _read_problem(weights, mentor_capacity, mentee_capacity, blank, clip=clip)
        with show_progress(as_json=as_json) as progress:
            result, proof = solve_checked(
                problem, objective, proposing=proposing, seed=seed, time_limit=time_limit, progress=progress
            )
        names = table.mentors, table.mentees
        compared = None if compare is None else comparison_facts(problem, result, compare, *names)
        rows: list[list[object]] = [["mentor", "mentee", "weight"]]
        for mentor, mentee in result.pairs.tolist():
            rows.append([table.mentors[mentor], table.mentees[mentee], float(table.weights[mentor, mentee])])
        files = {out: table_bytes(out.suffix, rows)}
        if certificate is not None:
            files[certificate] = proof.to_json().encode()
        if report is not None:
            files[report] = report_bytes(problem, result, *names)
        put_files(files)
        facts = summary(problem, result) | {"written": ", ".join(str(path) for path in files)}
        say(add_comparison(facts, compared, as_json=as_json), as_json=as_json)


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
main.add_command(repair_command)
main.add_command(verify_command)
main.add_command(why_command)
