"""`mosaic verify`: check a certificate against the weights."""

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from matcher.certificate import Certificate
from matcher.cli_output import as_json, refuse_bad_input, say
from matcher.errors import InvalidProblemError
from matcher.problem import Problem
from matcher.tables import Fault, TableError
from matcher.verification import verify
from matcher.weights_file import read_weights

__all__ = ["verify_command"]

FAILED = 1
PARTS = {
    "weights",
    "mentor_capacity",
    "mentee_capacity",
    "priority",
    "minutes",
    "mentor_minutes",
    "mentor_ranks",
    "mentee_ranks",
    "pinned",
    "open_offers",
    "most_withdrawn",
}


@click.command("verify")
@click.argument("weights", type=click.Path(path_type=Path))
@click.argument("certificate", type=click.Path(path_type=Path))
@click.option("--blank", metavar="VALUE", help="As for solve: this value means not acceptable.")
@click.option("--clip", is_flag=True, help="As for solve: move weights outside 0 to 1 to the nearer end.")
@as_json
def verify_command(weights: Path, certificate: Path, blank: str | None, *, clip: bool, as_json: bool) -> None:
    """
    Check a CERTIFICATE against WEIGHTS.

    WEIGHTS is the file that was solved, or the problem.npz that match or repair wrote. Exit code 0: all that the
    certificate claims is true. 1: it is not. 2: a file cannot be read.
    """
    with refuse_bad_input(as_json=as_json):
        claim = Certificate.from_json(_read_text(certificate))
        if weights.suffix.lower() == ".npz":
            parts = _read_parts(weights)
        else:
            table = read_weights(weights, blank=blank, clip=clip)
            parts = {"weights": table.weights}
            parts |= {"mentor_capacity": claim.mentor_capacity, "mentee_capacity": claim.mentee_capacity}
    try:
        problem = Problem(**parts)
    except InvalidProblemError as error:
        faults = tuple(f"with these weights: {fault}" for fault in error.faults)
    else:
        faults = verify(problem, claim).faults
    _tell(claim, faults, as_json=as_json)
    if faults:
        sys.exit(FAILED)


def _tell(claim: Certificate, faults: Sequence[str], *, as_json: bool) -> None:
    facts: dict[str, Any] = {
        "objective": claim.objective,
        "status": claim.status,
        "pairs": len(claim.pairs) if isinstance(claim.pairs, list) else claim.pairs,
        "values": claim.values,
        "bounds": claim.bounds,
        "gaps": claim.gaps,
        "mentor_capacity": claim.mentor_capacity if as_json else _capacities(claim.mentor_capacity),
        "mentee_capacity": claim.mentee_capacity if as_json else _capacities(claim.mentee_capacity),
    }
    if as_json:
        say({"ok": not faults, "faults": list(faults), **facts}, as_json=True)
        return
    say({**facts, "verified": "no" if faults else "yes"}, as_json=False)
    for fault in faults:
        click.echo(f"  {fault}", err=True)


def _capacities(values: object) -> str:
    """Shorten a list of equal numbers to one."""
    if isinstance(values, list) and values and all(value == values[0] for value in values):
        return f"{values[0]} each"
    return str(values)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise TableError([Fault(path.name, None, None, f"cannot be read: {error.strerror or error}")]) from error
    except UnicodeDecodeError as error:
        raise TableError([Fault(path.name, None, None, "is not a certificate: it is not UTF-8 text")]) from error


def _read_parts(path: Path) -> dict[str, Any]:
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            parts = {name: archive[name] for name in archive.files}
            parts = {name: part if part.ndim else part.item() for name, part in parts.items()}
    except OSError as error:
        raise TableError([Fault(path.name, None, None, f"cannot be read: {error.strerror or error}")]) from error
    except (ValueError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise TableError([Fault(path.name, None, None, "is not a problem.npz that match or repair wrote")]) from error
    if not {"weights", "mentor_capacity", "mentee_capacity"} <= parts.keys() <= PARTS:
        raise TableError([Fault(path.name, None, None, "is not a problem.npz that match or repair wrote")])
    return parts
