"""How the commands speak: results and faults as text or JSON, exit codes, a progress bar on a terminal."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from matcher.b_matching import Progress as ProgressCallback
from matcher.certificate import Certificate
from matcher.errors import InvalidCertificateError, InvalidProblemError, SolverError
from matcher.pool import InvalidPoolError
from matcher.problem import Problem
from matcher.result import SolveResult
from matcher.safe_write import write_files
from matcher.scoring import InvalidSettingsError
from matcher.solving import solve
from matcher.tables import Fault, TableError
from matcher.verification import verify

__all__ = [
    "BAD_INPUT",
    "as_json",
    "check_targets",
    "choosing_options",
    "library_lines_aside",
    "proof_of",
    "put_files",
    "refuse_bad_input",
    "refuse_objective",
    "say",
    "show_progress",
    "solve_checked",
    "solver_options",
    "summary",
]

BAD_INPUT = 2
OBJECTIVES = "coverage, total, fair or stable"

as_json = click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON to standard output.")


def choosing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which matching is meant."""
    options = (
        click.option("--objective", default="coverage", show_default=True, help=f"What is best: {OBJECTIVES}."),
        click.option(
            "--proposing",
            default="mentee",
            show_default=True,
            type=click.Choice(["mentee", "mentor"]),
            help="For stable: the side that proposes, and likes the result best.",
        ),
        click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Breaks ties."),
        click.option("--time-limit", type=click.FloatRange(min=0), metavar="SECONDS", help="Stop with the best found."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def solver_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every solving command has."""
    options = (
        click.option(
            "--compare",
            type=click.Path(path_type=Path),
            metavar="FIRST",
            help="Say who gains and who loses against these pairs: a certificate (.json) or a table.",
        ),
        click.option("--report", type=click.Path(path_type=Path), metavar="FILE", help="File of figures: .json."),
    )
    for option in reversed(options):
        command = option(command)
    return choosing_options(command)


def say(lines: Mapping[str, Any], *, as_json: bool) -> None:
    """Write the outcome: one line for each fact, or one JSON object."""
    if as_json:
        click.echo(json.dumps(lines, indent=1))
        return
    width = max(len(name) for name in lines)
    for name, value in lines.items():
        click.echo(f"{name.replace('_', ' '):<{width}}  {value}")


def summary(problem: Problem, result: SolveResult) -> dict[str, Any]:
    """Give the facts of a solve."""
    facts = {
        "status": str(result.status),
        "mentors": problem.n_mentors,
        "mentees": problem.n_mentees,
        "pairs": len(result.pairs),
        "coverage": result.coverage,
        "floor": round(result.floor, 6),
        "total_weight": round(result.total_weight, 6),
    }
    if result.objective == "stable":
        blocking = 0 if result.certificate is None else -int(result.certificate.values["stability"])
        return facts | {"blocking_pairs": blocking, "pinned_blocking_pairs": len(result.pinned_blocking_pairs)}
    return facts | {"bound": round(result.bound, 6), "gap": result.gap}


@contextmanager
def refuse_bad_input(*, as_json: bool) -> Iterator[None]:
    """Turn what is wrong with the input into a list of faults and exit code 2."""
    try:
        yield
    except TableError as error:
        _refuse(error.faults, as_json=as_json)
    except (InvalidPoolError, InvalidProblemError, InvalidSettingsError) as error:
        _refuse([Fault("", None, None, text) for text in error.faults], as_json=as_json)
    except InvalidCertificateError as error:
        _refuse([Fault("", None, None, str(error))], as_json=as_json)


def _refuse(faults: list[Fault], *, as_json: bool) -> NoReturn:
    if as_json:
        listed = [
            {"file": fault.file or None, "row": fault.row, "column": fault.column, "message": fault.message}
            for fault in faults
        ]
        click.echo(json.dumps({"ok": False, "faults": listed}, indent=1))
    else:
        count = "One thing needs" if len(faults) == 1 else f"{len(faults)} things need"
        click.echo(f"{count} another look; nothing was written.", err=True)
        for fault in faults:
            click.echo(f"  {fault}" if fault.file else f"  {fault.message}", err=True)
    sys.exit(BAD_INPUT)


def check_targets(targets: list[Path], sources: list[Path]) -> None:
    """Refuse to write two results to one file, or a result over an input."""
    faults: list[Fault] = []
    seen = {source.resolve() for source in sources}
    for target in targets:
        if target.resolve() in seen:
            faults.append(Fault(str(target), None, None, "is used already: give each file a name of its own"))
        seen.add(target.resolve())
    if faults:
        raise TableError(faults)


def put_files(files: Mapping[Path, bytes]) -> None:
    """Write all files or none; what prevents it is bad input too."""
    try:
        write_files(files)
    except OSError as error:
        place = str(error.filename or "the files")
        raise TableError([Fault(place, None, None, f"cannot be written: {error.strerror or error}")]) from error


def solve_checked(
    problem: Problem,
    objective: str,
    *,
    proposing: str,
    seed: int,
    time_limit: float | None,
    progress: ProgressCallback,
) -> tuple[SolveResult, Certificate]:
    """Solve, and hand nothing on that does not verify on the problem itself."""
    with refuse_objective(), library_lines_aside():
        result = solve(problem, objective, proposing=proposing, seed=seed, time_limit=time_limit, progress=progress)
    return result, proof_of(problem, result)


@contextmanager
def refuse_objective() -> Iterator[None]:
    """Turn an unknown objective into a fault of its option."""
    try:
        yield
    except InvalidProblemError:
        raise
    except ValueError as error:
        raise TableError([Fault("--objective", None, None, str(error))]) from error


def proof_of(problem: Problem, result: SolveResult) -> Certificate:
    """Give the certificate of a result that verifies on its problem, and hand on no other."""
    report = verify(problem, result)
    if not report.ok or result.certificate is None:
        raise SolverError("the result failed its own verification: " + "; ".join(report.faults))
    return result.certificate


@contextmanager
def library_lines_aside() -> Iterator[None]:
    """Send what a library prints past Python to standard error: HiGHS does in some mixed-integer searches."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@contextmanager
def show_progress(*, as_json: bool) -> Iterator[ProgressCallback]:
    """Show a progress bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[gap]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=as_json or not console.is_terminal) as bar:
        task = bar.add_task("starting", total=None, gap="")

        def tell(stage: str, done: float, total: float, bound: float | None, gap: float | None) -> None:
            text = "" if gap is None else f"gap {gap:.4f}"
            known = total if total > 0 else None
            bar.update(task, description=stage, completed=done, total=known, gap=text, refresh=True)
            del bound

        yield tell
