"""What `mosaic match --timetable` tells: what times may have cost, and the pairs that found none."""

from dataclasses import replace
from typing import Any

import numpy as np

from matcher.codes import Code
from matcher.match_report import Match, keys_and_names
from matcher.scoring import PoolScores
from matcher.tables import table_bytes
from matcher.time_rounds import TimedMatch

__all__ = ["name_apart", "no_time_bytes", "no_time_rows", "timed_summary"]


def no_time_rows(match: Match) -> list[list[object]]:
    """List the pairs that were ruled out, each with why, and with the pairs beside which it finds no time."""
    rows: list[list[object]] = [["mentor", "mentee", "mentor_name", "mentee_name", "why", "clashes_with"]]
    for out in match.ruled_out:
        others = [keys_and_names(match, *pair)[:2] for pair in out.beside]
        rows.append([*keys_and_names(match, *out.pair), str(out), "; ".join(" with ".join(other) for other in others)])
    return rows


def no_time_bytes(match: Match, ending: str) -> bytes:
    """Give the same as a table."""
    return table_bytes(ending, no_time_rows(match))


def name_apart(scores: PoolScores, timed: TimedMatch) -> PoolScores:
    """Give the code of it to pairs that the rules allow and that share no time, whoever else meets."""
    codes = scores.codes.copy()
    apart = (codes == Code.ACCEPTABLE) & np.isnan(timed.unpinned.weights)
    for out in timed.ruled_out:  # these share a time that others take
        apart[out.pair] = False
    codes[apart] = Code.NO_SHARED_HOURS
    return replace(scores, codes=codes)


def timed_summary(match: Match, timed: TimedMatch, facts: dict[str, Any], *, as_json: bool) -> dict[str, Any]:
    """
    Say beside the facts of a solve what times may have cost.

    Notes
    -----
    The facts of the solve are those of the problem that is written, from which pairs were ruled out; status, bound
    and gap are told of all matchings in which every pair has a time instead.
    """
    told = {name: value for name, value in facts.items() if name not in {"bound", "gap", "pinned_blocking_pairs"}}
    told["status"] = "optimal" if timed.is_best else "feasible"
    if timed.result.objective == "stable":
        told["blocking_pairs"] = len(timed.blocking_pairs)
    told["without_time"] = sum(slot is None for slot in timed.timetable.slots)
    told["ruled_out"] = len(timed.ruled_out)
    levels = {level: gap for level, gap in timed.gaps.items() if level != "stability"}
    if as_json:
        bounds = {level: timed.bounds[level] for level in levels}
        told |= {"bounds_with_times": bounds, "gaps_of_times": levels, "pinned_at_end": timed.pinned_at_end}
        names, *rows = no_time_rows(match)
        return told | {"no_time": [dict(zip(map(str, names), row, strict=True)) for row in rows]}
    for level, gap in levels.items():
        told[f"times_cost_{level}"] = "not known" if gap is None else _cost(timed, level, gap)
    return told


def _cost(timed: TimedMatch, level: str, gap: float) -> str:
    """Say how far a level is from what it could be at most, and the gap that this is."""
    assert timed.result.certificate is not None
    short = max(0.0, timed.bounds[level] - timed.result.certificate.values[level])
    return f"at most {short:.6g} (gap {gap:.6g})"
