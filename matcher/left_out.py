"""Why somebody has nobody: what the rules, the problem and the times leave her."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from matcher.answers import Sentence
from matcher.arrays import FloatArray
from matcher.codes import Code
from matcher.pool import Pool
from matcher.problem import Problem
from matcher.scoring import score
from matcher.settings import Settings

__all__ = ["codes_of", "why_left_out"]


def codes_of(pool: Pool, settings: Settings, side: int, numbers: Sequence[int]) -> dict[Code, int]:
    """Count by code, in their order, what the rules say of one person and everybody on the other side.

    Parameters
    ----------
    pool, settings
        The people, and what the programme decides.
    side
        0 for a mentor, 1 for a mentee.
    numbers
        Her row, or her column, or those of her board: who may fill one of these is acceptable.
    """
    if not side:
        found = score(pool.take(mentors=list(numbers)), settings).codes[0]
    else:
        codes = score(pool, settings, list(numbers)).codes
        found = np.where((codes == Code.ACCEPTABLE).any(axis=1), Code.ACCEPTABLE, codes[:, 0])
    return {Code(code): count for code, count in sorted(Counter(found.tolist()).items())}


def why_left_out(
    problem: Problem, pool: Pool, side: int, numbers: Sequence[int], codes: Mapping[Code, int]
) -> Sentence:
    """Say why somebody has nobody.

    Parameters
    ----------
    problem
        The problem that was solved; pairs that it closes although the rules allow them have found no time.
    pool, side, numbers
        As for `codes_of`.
    codes
        What that gave.
    """
    possible = not all(np.isnan(_line(problem, side, number)).all() for number in numbers)
    allowed = codes.get(Code.ACCEPTABLE, 0) > 0
    if side == 1:
        if not any(pool.mentees[number].wanted for number in numbers):
            return Sentence.of("left_wants_none")
        return Sentence.of("left_mentors_taken" if possible else "left_no_time" if allowed else "left_no_mentor")
    if possible and problem.places[numbers[0]] == 0:
        return Sentence.of("left_no_room")
    return Sentence.of("left_mentees_taken" if possible else "left_no_mentee_time" if allowed else "left_no_mentee")


def _line(problem: Problem, side: int, number: int) -> FloatArray:
    return problem.chunk(number, number + 1) if side else problem.weights[number]
