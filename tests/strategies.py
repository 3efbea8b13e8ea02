"""Hypothesis strategies for small, well-formed problems with everything a problem can have."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from matcher import Problem

LARGEST_BRUTE_FORCE = 12
"""Pairs that brute force can try all subsets of."""


def examples(number: int) -> settings:
    """Try so many examples; with the profile `mutants`, in which tests run hundreds of times, an eighth of them."""
    few = settings.get_current_profile_name() == "mutants"
    return settings(max_examples=number // 8 if few else number, deadline=None)


@dataclass
class Given:
    """What a problem is made of, as a caller would write it."""

    weights: np.ndarray
    mentor_capacity: list[int]
    mentee_capacity: list[int]
    minutes: np.ndarray | None = None
    mentor_minutes: list[int] | None = None
    pinned: list[tuple[int, int]] = field(default_factory=list)
    priority: list[float] | None = None
    person: list[int] | None = None

    def problem(self, **changes: Any) -> Problem:
        return Problem(**(vars(self) | changes))


def _lists(draw, values, n):
    return draw(st.lists(values, min_size=n, max_size=n))


@st.composite
def given_problems(draw, *, mixed_minutes: bool = True, pins: bool = True, boards: bool = True):
    """Draw what a problem of at most four mentors and four mentees' columns is made of."""
    n_mentors = draw(st.integers(0, 4))
    n_mentees = draw(st.integers(0, 4))
    weight = st.sampled_from([0.0, 0.2, 0.5, 0.5, 0.9, 1.0]) | st.floats(0, 1, width=32)
    unacceptable = draw(st.sampled_from([0.1, 0.4]))
    flat = _lists(draw, weight, n_mentors * n_mentees)
    missing = _lists(draw, st.floats(0, 1, width=16), n_mentors * n_mentees)
    weights = np.array([np.nan if gone < unacceptable else w for w, gone in zip(flat, missing, strict=True)])
    weights[np.flatnonzero(~np.isnan(weights))[LARGEST_BRUTE_FORCE:]] = np.nan
    given = Given(
        weights=weights.reshape(n_mentors, n_mentees),
        mentor_capacity=_lists(draw, st.integers(0, 3), n_mentors),
        mentee_capacity=_lists(draw, st.sampled_from([0, 1, 1, 2, 3]), n_mentees),
    )
    kind = draw(st.sampled_from(["none", "uniform", "by mentee", "by pair"][: 4 if mixed_minutes else 2]))
    if kind != "none":
        shape = (n_mentors, n_mentees) if kind == "by pair" else (n_mentees,)
        length = st.just(30) if kind == "uniform" else st.sampled_from([0, 30, 30, 45, 60])
        given.minutes = np.array(_lists(draw, length, int(np.prod(shape))), dtype=np.int64).reshape(shape)
        given.mentor_minutes = _lists(draw, st.sampled_from([0, 30, 60, 75, 100, 200]), n_mentors)
    if draw(st.booleans()):
        given.priority = _lists(draw, st.sampled_from([0.0, 1.0, 2.0, 0.7, 1000.0]), n_mentees)
    if boards and draw(st.booleans()):
        given.person = _lists(draw, st.integers(-1, 2), n_mentees)
    acceptable = [tuple(pair) for pair in np.argwhere(~np.isnan(given.weights)).tolist()]
    if pins and acceptable and draw(st.booleans()):
        given.pinned = draw(st.lists(st.sampled_from(acceptable), max_size=2, unique=True))
    return given
