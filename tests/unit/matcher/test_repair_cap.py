"""A cap on withdrawals that leaves the linear programme of a repair without a whole corner."""

from matcher import Problem, repair, verify

NONE = float("nan")


def test_a_cap_that_leaves_the_linear_programme_in_halves_still_covers_all_it_can():
    # All five can be covered with one withdrawal; a programme of fractions splits two.
    weights = [
        [0.7, 0.5, NONE, 0.7, NONE],
        [0.8, 0.6, 0.5, NONE, NONE],
        [NONE, 0.8, NONE, 0.6, NONE],
        [NONE, NONE, NONE, NONE, 0.6],
    ]
    problem = Problem(weights, [2, 1, 1, 2], [1, 2, 1, 2, 2])
    found = repair(problem, open_offers=[(1, 1), (2, 1), (0, 3), (0, 0)], most_withdrawn=2)
    assert (found.result.coverage, len(found.withdrawn), found.proved) == (5, 1, True)
    assert verify(found.problem, found.result).ok
