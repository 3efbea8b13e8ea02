"""Solves of growing size: seconds, memory, gap. Each in a process of its own, so that memory is its own."""

import multiprocessing
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from matcher import Problem, solve, verify

MIDL = Path(__file__).parent.parent / "tests" / "data" / "midl_scores.npy"
SEEDS = (0, 1, 2)


def midl() -> Problem:
    """Return the published instance: 177 reviewers stand for mentors, 118 papers for mentees (Kobren et al. 2019)."""
    scores = np.load(MIDL).astype(float)
    weights = np.where(scores == -1, np.nan, np.clip(scores, 0, 1))
    return Problem(weights, 4, 3)


def drawn(n_mentees: int, n_mentors: int, seed: int) -> Problem:
    """Return a random instance in which mentors are short and mentees want one to three of them."""
    random = np.random.default_rng(seed)
    weights = random.random((n_mentors, n_mentees))
    weights[random.random(weights.shape) < 0.5] = np.nan
    return Problem(weights, random.integers(1, 4, n_mentors), random.integers(1, 4, n_mentees))


def measure(case: str, objective: str, seed: int) -> dict[str, object]:
    """Solve one case and check its certificate."""
    problem = midl() if case == "midl" else drawn(*(int(number) for number in case.split("x")), seed)
    before = _peak()
    start = time.perf_counter()
    result = solve(problem, objective, seed=seed)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    report = verify(problem, result)
    return {
        "status": result.status.name,
        "seconds": round(seconds, 4),
        "verify_seconds": round(time.perf_counter() - start, 4),
        "peak_mb_above_start": round(_peak() - before, 1),
        "coverage": result.coverage,
        "total": round(result.total_weight, 6),
        "gap": result.gap,
        "verified": report.ok,
    }


def measure_all() -> list[dict[str, object]]:
    """Return a line for each case and objective, the seconds as median, least and most over the seeds."""
    lines = []
    for case in ("midl", "200x100", "1000x500"):
        for objective in ("total", "coverage"):
            runs = [_alone(case, objective, seed) for seed in SEEDS]
            seconds = [run["seconds"] for run in runs]
            lines.append(
                {
                    "case": case,
                    "objective": objective,
                    "seconds_median": statistics.median(seconds),
                    "seconds_least": min(seconds),
                    "seconds_most": max(seconds),
                    "verified": all(run["verified"] for run in runs),
                    "gap_most": max(run["gap"] for run in runs),
                    "peak_mb_above_start_most": max(run["peak_mb_above_start"] for run in runs),
                    "runs": runs,
                }
            )
            print(f"{case} {objective}: {statistics.median(seconds)} s", file=sys.stderr)
    return lines


def _alone(case: str, objective: str, seed: int) -> dict[str, object]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, case, objective, seed).result()


def _peak() -> float:
    """Return the most memory this process ever held, in MB.

    From /proc: what getrusage says outlives exec, so a child would begin with its parent's peak.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
