"""Seconds for answers: costs of pairs, smallest edits, recruiting advice. `python -m bench.answers` prints JSON."""

import json
import os
import time

import numpy as np

from bench.engine_cases import arguments_of
from matcher import Problem, WhatIf, advise, explain, explain_left_out, solve
from matcher.scoring import build_problem
from tests.unit.matcher.people import random_pool, settings

QUESTIONS = 50


def measure_pairs(case, seed, places):
    """Ask what 50 random acceptable pairs would cost, in a pool of weights."""
    weights, _, wanted = arguments_of(case, seed)
    problem = Problem(weights, places, wanted)
    result = solve(problem)
    what_if, made = _timed(lambda: WhatIf(problem, result))
    acceptable = np.argwhere(~np.isnan(weights))
    asked = np.random.default_rng(seed).choice(acceptable, QUESTIONS, replace=False).tolist()
    _, seconds = _timed(lambda: [what_if.pair(j, i) for j, i in asked])
    return {"case": f"{case}, {places} places", "method": what_if.method, "made": made, "pairs": seconds}


def measure_people(n_mentors, n_mentees, seed):
    """Explain 50 pairs and 50 mentees left out in words, and advise, in a pool of people."""
    pool, rules = random_pool(seed, n_mentors, n_mentees, places=3), settings()
    problem, scores = build_problem(pool, rules)
    result = solve(problem)
    what_if, made = _timed(lambda: WhatIf(problem, result))
    random = np.random.default_rng(seed)
    pairs = random.choice(np.argwhere(~np.isnan(scores.weights)), QUESTIONS, replace=False).tolist()
    alone = np.setdiff1d(np.arange(n_mentees), result.pairs[:, 1])[:QUESTIONS].tolist()
    ask = {"viewer": "coordinator"}
    _, told = _timed(lambda: [explain(what_if, pool, rules, j, i, **ask) for j, i in pairs])
    _, edits = _timed(lambda: [explain_left_out(what_if, pool, rules, mentee=i, **ask) for i in alone])
    advice, advised = _timed(lambda: advise(what_if, pool, rules))
    return {
        "case": f"people, {n_mentees}x{n_mentors}",
        "method": what_if.method,
        "left_out": n_mentees - result.coverage,
        "made": made,
        "pairs_in_words": told,
        "edits_asked": len(alone),
        "edits": edits,
        "advice": advised,
        "advised": len(advice),
    }


def _timed(work):
    start = time.perf_counter()
    found = work()
    return found, round(time.perf_counter() - start, 3)


def measure_all():
    """Return a line for each pool."""
    lines = [measure_pairs(case, 0, places) for case in ("1000x500", "1000x500 popular") for places in (1, 3)]
    return [*lines, measure_people(500, 1000, 0)]


if __name__ == "__main__":
    print(json.dumps({"load_at_start": os.getloadavg()[0], "answers": measure_all()}, indent=1))
