"""What `mosaic match` writes: pairs with times, reasons in words, who is left out and why, and the proof."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import FloatArray, as_pairs
from matcher.availability import Slot, in_zone
from matcher.certificate import Certificate
from matcher.codes import Code
from matcher.explain import fit_word, reasons_of
from matcher.pair_scores import score_pairs
from matcher.people_file import People
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.result import SolveResult
from matcher.scoring import PoolScores, Settings
from matcher.tables import table_bytes
from matcher.time_rounds import TimedMatch
from matcher.timetable import Unplaced, schedule
from matcher.why_not import why_not

__all__ = ["Match", "keys_and_names", "match_files", "unmatched_rows"]


MOST_SECONDS = 60.0
"""How long times are looked for at most; only people who nearly all meet each other need it."""

TAKEN = "taken by others"
HELPED = "matched with others who fit better"


@dataclass(frozen=True)
class Match:
    """
    Everything about one solved pool.

    Attributes
    ----------
    fixed : mapping of int to Slot
        Times that stay as they are, by the pair's place among `pairs`.
    answers : sequence of str or None
        The answer to each of `pairs`, where some have been given.
    timed : TimedMatch or None
        What the pairs were matched with where each had to find a time; `problem` and `result` are its own then.
    """

    people: People
    pool: Pool
    settings: Settings
    problem: Problem
    scores: PoolScores
    result: SolveResult
    certificate: Certificate
    fixed: Mapping[int, Slot] = field(default_factory=dict)
    answers: Sequence[str] | None = None
    timed: TimedMatch | None = None

    @property
    def ruled_out(self) -> tuple[Unplaced, ...]:
        """The pairs that were ruled out because they found no time."""
        return () if self.timed is None else self.timed.ruled_out

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The pairs as numbers."""
        return [(int(mentor), int(mentee)) for mentor, mentee in self.result.pairs]


def match_files(match: Match, folder: Path, ending: str) -> dict[Path, bytes]:
    """Give the content of every file; `ending` is that of the tables."""
    return {
        folder / f"pairs{ending}": table_bytes(ending, _pair_rows(match)),
        folder / f"reasons{ending}": table_bytes(ending, _reason_rows(match)),
        folder / f"unmatched{ending}": table_bytes(ending, unmatched_rows(match)),
        folder / "certificate.json": match.certificate.to_json().encode(),
        folder / "problem.npz": problem_bytes(match.problem, _weights(match)),
    }


def problem_bytes(problem: Problem, weights: NDArray[np.float64]) -> bytes:
    """Keep a problem without names, so that anyone can check its certificate."""
    assert problem.minutes is not None
    assert problem.mentor_minutes is not None
    arrays: dict[str, NDArray[np.generic]] = {
        "weights": weights,
        "mentor_capacity": problem.mentor_capacity,
        "mentee_capacity": problem.mentee_capacity,
        "priority": problem.priority,
        "minutes": problem.minutes,
        "mentor_minutes": problem.mentor_minutes,
    }
    if problem.mentor_ranks is not None and problem.mentee_ranks is not None:
        arrays |= {"mentor_ranks": problem.mentor_ranks, "mentee_ranks": problem.mentee_ranks}
    if len(problem.pinned):
        arrays["pinned"] = problem.pinned
    if len(problem.open_offers):
        arrays["open_offers"] = problem.open_offers
    if problem.most_withdrawn is not None:
        arrays["most_withdrawn"] = np.array(problem.most_withdrawn)
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()


def _pair_rows(match: Match) -> list[list[object]]:
    rows: list[list[object]] = [
        ["mentor", "mentee", "mentor_name", "mentee_name", "weight", "fit", "mentor_time", "mentee_time", "week"]
    ]
    for (mentor, mentee), slot in zip(match.pairs, _slots(match), strict=True):
        weight = float(match.scores.weights[mentor, mentee])
        rows.append(
            [
                *keys_and_names(match, mentor, mentee),
                round(weight, 6),
                fit_word(weight),
                *_times(match, mentor, mentee, slot),
            ]
        )
    if match.answers is None:
        return rows
    return [[*row, answer] for row, answer in zip(rows, ["answer", *match.answers], strict=True)]


def _weights(match: Match) -> FloatArray:
    """Give the weights that were solved: those of the scores, less what was closed for want of a time."""
    return match.scores.weights if match.timed is None else match.problem.weights


def _slots(match: Match) -> Sequence[Slot | None]:
    if match.timed is not None:
        return match.timed.timetable.slots
    return schedule(match.pool, match.settings, match.pairs, fixed=match.fixed, time_limit=MOST_SECONDS).slots


def keys_and_names(match: Match, mentor: int, mentee: int) -> list[str]:
    """Give the keys of mentor and mentee, then their names."""
    mine, theirs = match.pool.mentors[mentor].key, match.pool.mentees[mentee].key
    return [mine, theirs, match.people.mentor_names[mine], match.people.mentee_names[theirs]]


def _times(match: Match, mentor: int, mentee: int, slot: Slot | None) -> list[object]:
    if slot is None:
        return ["", "", ""]
    zone, other = match.pool.mentors[mentor].zone, match.pool.mentees[mentee].zone
    read = in_zone(slot, zone, other, match.settings.starts_on)
    return [f"{slot} {zone}", f"{read} {other}", slot.week + 1]


def _reason_rows(match: Match) -> list[list[object]]:
    rows: list[list[object]] = [["mentor", "mentee", "order", "kind", "reason"]]
    for scored in score_pairs(match.pool, match.settings, as_pairs(match.pairs)):
        mine, theirs = scored.mentor.key, scored.mentee.key
        found = reasons_of(scored, match.pool.taxonomy, match.settings, viewer="coordinator")
        rows += [[mine, theirs, order, reason.kind, str(reason)] for order, reason in enumerate(found, start=1)]
    return rows


def unmatched_rows(match: Match) -> list[list[object]]:
    """List mentees with fewer mentors than they want, then mentors without a mentee, each with why."""
    rows: list[list[object]] = [["side", "key", "name", "found", "wanted", "why"]]
    mentors_of = Counter(mentee for _, mentee in match.pairs)
    mentees_of = Counter(mentor for mentor, _ in match.pairs)
    without = [Counter(out.pair[side] for out in match.ruled_out) for side in (0, 1)]
    for column, mentee in enumerate(match.pool.mentees):
        found = mentors_of[column]
        if found < mentee.wanted:
            why = _why(match.scores.codes[:, column], "mentor", found, without[1][column], TAKEN)
            rows.append(["mentee", mentee.key, match.people.mentee_names[mentee.key], found, mentee.wanted, why])
    for line, mentor in enumerate(match.pool.mentors):
        if mentees_of[line] == 0:
            why = _why_mentor(match, line, without[0][line])
            rows.append(["mentor", mentor.key, match.people.mentor_names[mentor.key], 0, mentor.places, why])
    return rows


def _why_mentor(match: Match, line: int, without: int) -> str:
    mentor = match.pool.mentors[line]
    if mentor.paused:
        return why_not(Code.MENTOR_PAUSED)[1]
    if match.problem.places[line] == 0 and (match.scores.codes[line] == 0).any():
        return "No places or too few minutes for one meeting."
    return _why(match.scores.codes[line], "mentee", 0, without, HELPED)


def _why(codes: NDArray[np.int8], other: str, found: int, without: int, taken: str) -> str:
    possible = int((codes == Code.ACCEPTABLE).sum()) - found - without
    told = [f"{_many(possible, other)} would be possible, but {taken}."] if possible > 0 else []
    if without:
        told.append(f"{_many(without, other)} would be possible, but no time was found to meet.")
    if told:
        return " ".join(told)
    counts = Counter(Code(int(code)) for code in codes if code != Code.ACCEPTABLE)
    return f"No {'other ' if found else ''}{other} is possible. {_counted(counts)}".strip()


def _many(count: int, other: str) -> str:
    return f"{count} {other}{'' if count == 1 else 's'}"


def _counted(counts: Mapping[Code, int]) -> str:
    ordered: Sequence[tuple[Code, int]] = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return " ".join(f"{count}: {why_not(code)[1]}" for code, count in ordered)
