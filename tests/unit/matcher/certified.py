"""Problems of every kind with their results and certificates, solved once for the tests of verification."""

import numpy as np

from matcher import Problem, problem_after_answers, solve
from matcher.b_matching import solve_b_matching


def make_problem(*, mixed):
    generator = np.random.default_rng(3)
    minutes = [60, 45, 30, 60, 45, 60, 30] if mixed else None
    return Problem(
        generator.random((4, 7)),
        [2, 2, 1, 3],
        [1, 2, 1, 1, 2, 1, 1],
        minutes,
        [100, 70, 60, 110] if mixed else None,
        pinned=[(1, 2)],
        priority=[0, 1, 0, 2, 0, 0, 1],
        person=[0, 0, 1, 2, 3, 4, 5],
    )


def make_ranked_problem():
    generator = np.random.default_rng(4)
    ranks = {name: generator.integers(-1, 3, (4, 6)) for name in ("mentor_ranks", "mentee_ranks")}
    return Problem(generator.random((4, 6)), [2, 1, 1, 0], [1, 2, 1, 1, 1, 1], pinned=[(1, 2)], **ranks)


def make_answered_problem(*, mixed, most_withdrawn):
    offers = [(0, 0), (2, 1), (2, 4), (3, 3), (3, 6)]
    return problem_after_answers(
        make_problem(mixed=mixed),
        accepted=[(1, 1)],
        open_offers=offers[: 3 if mixed else 5],
        declined=[(0, 3), (3, 5)],
        most_withdrawn=most_withdrawn,
    )


PROBLEMS = {
    "coverage": make_problem(mixed=False),
    "coverage, mixed": make_problem(mixed=True),
    "total": make_problem(mixed=False),
    "fair": make_problem(mixed=False),
    "fair, mixed": make_problem(mixed=True),
    "stable": make_ranked_problem(),
    "repair": make_answered_problem(mixed=False, most_withdrawn=1),
    "repair, mixed": make_answered_problem(mixed=True, most_withdrawn=None),
}
RESULTS = {
    name: (solve_b_matching if name.startswith("repair") else solve)(problem, name.split(",")[0])
    for name, problem in PROBLEMS.items()
}
