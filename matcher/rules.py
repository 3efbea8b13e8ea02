"""Rules that make a pair unacceptable, each with its reason code; the first that applies names the reason."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matcher.codes import Code
from matcher.criteria import Part, levels
from matcher.overlap import Overlap
from matcher.pool import Pool
from matcher.settings import Settings

__all__ = ["Code", "apply_rules", "barred_pairs", "broken_rules"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def apply_rules(
    pool: Pool,
    settings: Settings,
    parts: Mapping[str, Part],
    overlap: Overlap,
    weights: NDArray[np.float64],
) -> NDArray[np.int8]:
    """
    Say for each pair why it is not acceptable.

    Returns
    -------
    ndarray of int8, shape (n_mentors, n_mentees)
        `Code` values; 0 is acceptable. What concerns the two people comes before what concerns their answers,
        and a weight too small comes last.
    """
    codes = np.zeros(pool.shape, dtype=np.int8)
    for code, applies in broken_rules(pool, settings, parts, overlap):
        codes[(codes == Code.ACCEPTABLE) & applies] = code
    codes[(codes == Code.ACCEPTABLE) & (weights < settings.minimum)] = Code.BELOW_MINIMUM
    paused = np.array([mentor.paused for mentor in pool.mentors], dtype=np.bool_)
    codes[paused] = Code.MENTOR_PAUSED
    mentor, mentee, code = barred_pairs(pool, settings).T
    codes[mentor, mentee] = code
    codes[pool.mentor_side.persons[:, np.newaxis] == pool.mentee_side.persons] = Code.SELF
    return codes


def barred_pairs(pool: Pool, settings: Settings) -> Ints:
    """List rows of mentor, mentee and code of the single pairs that must not be."""
    kept = (pool.barred[:, 2] != Code.FORMER_PAIR) | (not settings.former_pairs_allowed)
    return pool.barred[np.flatnonzero(kept)]


def broken_rules(
    pool: Pool, settings: Settings, parts: Mapping[str, Part], overlap: Overlap
) -> list[tuple[Code, Bools]]:
    """List the rules about answers, in the order in which they are told; what is not stated breaks none."""
    tie = parts["specialty"]
    mine, theirs = levels(pool)
    clashing = ~overlap.meets | (overlap.minutes < settings.shared_minutes_needed)
    return [
        (Code.STUDENT_NOT_APPROVED, _unapproved(pool, settings)),
        (Code.STAGE_NOT_WELCOME, ~pool.welcome[:, pool.mentee_side.stages]),
        # A comparison with NaN, "not stated", is false.
        (Code.NOT_AHEAD, mine[:, np.newaxis] - theirs < settings.minimum_ahead),
        (
            Code.SPECIALTY_REQUIRED,
            settings.specialty_required & tie.stated & (tie.score < settings.specialty_floor),
        ),
        (
            Code.NO_SHARED_LANGUAGE,
            settings.language_required & parts["languages"].stated & (parts["languages"].score < 1),
        ),
        (Code.NO_SHARED_HOURS, settings.hours_required & overlap.stated & clashing),
    ]


def _unapproved(pool: Pool, settings: Settings) -> Bools:
    """Mark the pairs of a student with a mentor who is not approved for students, where the programme asks for that."""
    if not settings.students_need_approval:
        return np.zeros(pool.shape, dtype=np.bool_)
    unapproved = np.array([not mentor.approved_for_students for mentor in pool.mentors], dtype=np.bool_)
    # The last entry is for a stage not stated, which makes nobody a student.
    is_student = np.array([*(stage.student for stage in pool.taxonomy.stages.values()), False], dtype=np.bool_)
    return np.logical_and.outer(unapproved, is_student[pool.mentee_side.stages])
