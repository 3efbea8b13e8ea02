"""The instances the engine is measured on."""

from pathlib import Path

import numpy as np

from matcher import problem_after_answers, solve

MIDL = Path(__file__).parent.parent / "tests" / "data" / "midl_scores.npy"
PLACES = 3
UNACCEPTABLE = 0.4


class DrawnWeights:
    """Uniform weights by chunks, drawn anew at each reading: the same bits for the same chunk."""

    def __init__(self, n_mentors, n_mentees, seed, unacceptable=0.365):
        self.shape = (n_mentors, n_mentees)
        self.seed, self.unacceptable = seed, unacceptable

    def chunk(self, start, stop):
        random = np.random.Generator(np.random.SFC64([self.seed, start]))
        weights = random.random((self.shape[0], stop - start))
        weights[random.random(weights.shape, dtype=np.float32) < self.unacceptable] = np.nan
        return weights


def arrays(n_mentees, n_mentors, seed, kind="uniform"):
    """Return weights, places and mentors wanted of a pool in which mentors are short.

    ``"popular"``: mentors differ in how well they are liked by all, and mentees in the topics they share with them.
    """
    random = np.random.default_rng(seed)
    weights = random.random((n_mentors, n_mentees))
    if kind == "popular":
        offers, needs = random.random((n_mentors, 8)) < 0.3, random.random((n_mentees, 8)) < 0.3
        shared = offers.astype(float) @ needs.astype(float).T
        weights = np.clip(0.4 * random.random(n_mentors)[:, np.newaxis] + 0.1 * shared + 0.1 * weights, 0, 1)
    weights[random.random(weights.shape) < UNACCEPTABLE] = np.nan
    return weights, np.full(n_mentors, PLACES), random.integers(1, 4, n_mentees)


def answered(problem, seed):
    """Return what is left of a round for the largest total in which a tenth declined, and half of the rest accepted.

    Such a round leaves some mentees out whom other pairs would cover, so that offers have to be withdrawn.
    """
    pairs = solve(problem, "total").pairs
    answers = np.random.default_rng(seed).choice(3, len(pairs), p=[0.1, 0.45, 0.45])
    declined, accepted, open_offers = (pairs[answers == answer] for answer in range(3))
    return problem_after_answers(problem, accepted=accepted, open_offers=open_offers, declined=declined)


def arguments_of(case, seed):
    """Return what `Problem` takes for ``midl`` or a size, alone or with ``popular``, ``mixed`` or ``chunked``."""
    size, _, kind = case.partition(" ")
    if size == "midl":
        scores = np.load(MIDL).astype(float)
        return (np.where(scores == -1, np.nan, np.clip(scores, 0, 1)), 4, 3)
    n_mentees, n_mentors = (int(number) for number in size.split("x"))
    if kind == "chunked":
        wanted = np.random.default_rng(seed).integers(1, 4, n_mentees)
        return (DrawnWeights(n_mentors, n_mentees, seed), PLACES, wanted)
    weights, places, wanted = arrays(n_mentees, n_mentors, seed, kind or "uniform")
    if kind == "mixed":
        random = np.random.default_rng(seed)
        minutes = random.choice([30, 45, 60], n_mentees)
        return (weights, 5, wanted, minutes, random.choice([60, 90, 120, 150, 180], n_mentors))
    return (weights, places, wanted)
