"""How many pairs each rule of a programme rules out, whatever the other rules say."""

from collections.abc import Mapping

import numpy as np

from matcher.codes import Code
from matcher.criteria import score_criteria
from matcher.overlap import find_overlap
from matcher.pool import Pool
from matcher.rules import barred_pairs, broken_rules
from matcher.settings import Settings

__all__ = ["count_rules"]


def count_rules(pool: Pool, settings: Settings) -> Mapping[Code, int]:
    """
    Count for each rule the pairs of two different people that it rules out by itself.

    Parameters
    ----------
    pool : Pool
    settings : Settings

    Returns
    -------
    mapping of Code to int
        The rules about answers, and FORMER_PAIR. A pair that breaks two rules counts with both; the minimum is no
        rule about answers.
    """
    overlap = find_overlap(pool, settings)
    others = pool.mentor_side.persons[:, np.newaxis] != pool.mentee_side.persons
    broken = broken_rules(pool, settings, score_criteria(pool, settings, overlap), overlap)
    counts = {code: int((applies & others).sum()) for code, applies in broken}
    barred = barred_pairs(pool, settings)
    return counts | {Code.FORMER_PAIR: int((barred[:, 2] == Code.FORMER_PAIR).sum())}
