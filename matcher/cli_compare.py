"""What `--compare` and `--report` add: a first matching beside the new one, and a file of figures."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matcher.certificate import Certificate
from matcher.comparison import Change, compare
from matcher.errors import InvalidCertificateError
from matcher.feasibility import find_broken_rules
from matcher.problem import Problem
from matcher.reports import make_report
from matcher.result import SolveResult
from matcher.tables import Fault, TableError, read_table

__all__ = ["add_comparison", "comparison_facts", "read_first", "report_bytes"]

Names = Sequence[str]


def read_first(path: Path, mentors: Names, mentees: Names) -> list[tuple[int, int]]:
    """
    Read the pairs of a certificate (.json), or of a table whose first two columns are mentor and mentee.

    Raises
    ------
    TableError
        With every fault.
    """
    if path.suffix.lower() == ".json":
        return _read_certificate(path, len(mentors), len(mentees))
    positions = [{name: number for number, name in enumerate(names)} for names in (mentors, mentees)]
    header, *rows = read_table(path)
    if [cell.casefold() for cell in header.cells[:2]] != ["mentor", "mentee"]:
        raise TableError([Fault(path.name, header.number, None, "the first two columns must be mentor and mentee")])
    faults: list[Fault] = []
    pairs: list[tuple[int, int]] = []
    for row in rows:
        found = [place.get(name) for place, name in zip(positions, row.cells[:2], strict=True)]
        for letter, side, name, number in zip("AB", ("mentor", "mentee"), row.cells, found, strict=False):
            if number is None:
                faults.append(Fault(path.name, row.number, letter, f"there is no {side} {name!r} here"))
        if found[0] is not None and found[1] is not None:
            pairs.append((found[0], found[1]))
    if faults:
        raise TableError(faults)
    return pairs


def _read_certificate(path: Path, n_mentors: int, n_mentees: int) -> list[tuple[int, int]]:
    try:
        pairs = Certificate.from_json(path.read_text(encoding="utf-8")).pairs
        array = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    except OSError as error:
        raise TableError([Fault(path.name, None, None, f"cannot be read: {error.strerror or error}")]) from error
    except (InvalidCertificateError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise TableError([Fault(path.name, None, None, "is not a certificate")]) from error
    if ((array < 0) | (array >= (n_mentors, n_mentees))).any():
        raise TableError([Fault(path.name, None, None, "is of another problem: it pairs people who are not here")])
    return [(j, i) for j, i in array.tolist()]


def comparison_facts(
    problem: Problem, result: SolveResult, path: Path, mentors: Names, mentees: Names
) -> dict[str, Any]:
    """Say who gains, who loses and who moves from the matching in a file to the new one."""
    first = read_first(path, mentors, mentees)
    unacceptable = [fault for fault in find_broken_rules(problem, first) if fault.endswith("is not acceptable")]
    if unacceptable:
        raise TableError([Fault(path.name, None, None, fault) for fault in unacceptable])
    found = compare(problem, first, result.pairs)

    def named(change: Change) -> dict[str, Any]:
        return {
            "mentee": ", ".join(mentees[mentee] for mentee in change.mentees),
            "before": [mentors[mentor] for mentor in change.before],
            "after": [mentors[mentor] for mentor in change.after],
            "satisfaction_before": round(change.satisfaction_before, 6),
            "satisfaction_after": round(change.satisfaction_after, 6),
        }

    plain = found.to_dict()
    return {
        "first": plain["first"],
        "second": plain["second"],
        **{name: [named(change) for change in getattr(found, name)] for name in ("gains", "losses", "moved")},
        **{name: [[mentors[j], mentees[i]] for j, i in getattr(found, name)] for name in ("added", "removed")},
    }


def comparison_lines(facts: Mapping[str, Any]) -> dict[str, str]:
    """Shorten a comparison to a line for each kind of change."""
    lines = {}
    for name in ("gains", "losses", "moved"):
        who = ", ".join(change["mentee"] for change in facts[name])
        lines[name] = f"{len(facts[name])}" + (f": {who}" if who else "")
    return lines


def report_bytes(
    problem: Problem,
    result: SolveResult,
    mentors: Names,
    mentees: Names,
    *,
    mentee_groups: Mapping[str, Names] | None = None,
    mentor_groups: Mapping[str, Names] | None = None,
) -> bytes:
    """Give the report of a result as JSON."""
    report = make_report(problem, result.pairs, mentee_groups=mentee_groups, mentor_groups=mentor_groups)
    plain = report.to_dict() | {"blocking_pairs": [[mentors[j], mentees[i]] for j, i in report.blocking_pairs]}
    return json.dumps(plain, indent=1).encode()


def add_comparison(lines: dict[str, Any], compared: Mapping[str, Any] | None, *, as_json: bool) -> dict[str, Any]:
    """Put a comparison beside the facts of a solve: whole in JSON, else in three lines."""
    if compared is None:
        return lines
    return lines | ({"comparison": dict(compared)} if as_json else comparison_lines(compared))
