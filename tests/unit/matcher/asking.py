"""What tests of what-if questions share: the question, and its answer against a full solve."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from matcher import solve
from matcher.feasibility import find_broken_rules
from matcher.result import Matching, SolveStatus
from matcher.what_if import WhatIf

NONE = float("nan")
FEW = settings(max_examples=15, deadline=None)
OBJECTIVES = st.sampled_from(["coverage", "total"])
WEIGHTS = st.one_of(st.just(NONE), st.sampled_from([0.0, 0.5, 0.5, 1.0]), st.floats(0, 1, width=32))


def levels(problem, objective, pairs):
    found = Matching.of(problem, pairs)
    names = ("coverage", "priority", "total") if objective == "coverage" else ("total",)
    return [found.worth(name) for name in names]


def check(what_if, outcome, changed, about):
    """An outcome equals a full solve of the changed problem in value, and names pairs that reach that value."""
    objective = what_if.objective
    result = solve(changed, objective)
    if result.status is SolveStatus.INFEASIBLE:
        assert not outcome.possible
        return
    expected = levels(changed, objective, result.pairs)
    before = levels(what_if.problem, objective, what_if.pairs)
    differences = (outcome.coverage, outcome.priority, outcome.total)[-len(before) :]
    assert outcome.possible
    assert np.add(before, differences) == pytest.approx(expected, abs=1e-6)
    gone = {tuple(pair) for pair in outcome.leaving.tolist()}
    kept = {tuple(pair) for pair in what_if.pairs.tolist() if not about(*pair)} - gone
    after = sorted(kept | {tuple(pair) for pair in [*outcome.entering.tolist(), *outcome.own.tolist()]})
    assert find_broken_rules(changed, after) == []
    assert levels(changed, objective, after) == pytest.approx(expected, abs=1e-6)
    own = [pair for pair in after if about(*pair)]
    rest = sum(changed.weights_of(np.array(after, dtype=int).reshape(-1, 2))) - sum(
        changed.weights_of(np.array(own, dtype=int).reshape(-1, 2))
    )
    rest_before = sum(what_if.problem.weights[pair] for pair in map(tuple, what_if.pairs.tolist()) if not about(*pair))
    assert outcome.others == pytest.approx(rest - rest_before, abs=1e-9)


def asked(made, objective):
    problem = made.problem()
    result = solve(problem, objective)
    return None if result.status is SolveStatus.INFEASIBLE else WhatIf(problem, result)


def a_row(data, length):
    return np.array(data.draw(st.lists(WEIGHTS, min_size=length, max_size=length)), dtype=float)
