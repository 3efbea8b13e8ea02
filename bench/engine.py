"""Solves of growing size, beside other solvers: seconds, memory, gap, total. Each in a process of its own."""

import multiprocessing
import os
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from bench.engine_cases import answered, arguments_of
from bench.engine_rivals import measure_rivals
from matcher import Problem, solve, verify
from matcher.b_matching import solve_b_matching

SEEDS = (0, 1, 2)
REPEATS = 3
SIZES = ((200, 100), (500, 250), (1000, 500), (2000, 1000), (4000, 2000))
CASES = (
    # case, objectives, seeds, repeats (the least time counts), time limit
    ("midl", ("total", "coverage", "fair"), (0,), REPEATS, None),
    ("1000x500 popular", ("total", "coverage"), SEEDS, REPEATS, None),
    ("2000x1000 popular", ("total",), SEEDS, REPEATS, None),
    ("1000x500 mixed", ("total", "coverage"), SEEDS, 1, 30.0),
    ("1000x500", ("fair",), (0,), 1, 30.0),
    ("1000x500", ("repair",), SEEDS, REPEATS, None),
    ("10000x5000 chunked", ("total", "coverage"), (0,), 1, None),
)
HUGE = ("100000x50000 chunked", ("total",), (0,), 1, None)


class TimedWeights:
    """A source of weights that says how long it took, in seconds summed over threads."""

    def __init__(self, source):
        self.source, self.shape, self.seconds = source, source.shape, 0.0

    def chunk(self, start, stop):
        begin = time.perf_counter()
        chunk = self.source.chunk(start, stop)
        self.seconds += time.perf_counter() - begin
        return chunk


def measure(case, objective, seed, repeats, time_limit):
    """Solve one case, several times, and check its certificate; the least time counts."""
    seconds, checked, read = [], [], []
    for _ in range(repeats):
        arguments = arguments_of(case, seed)
        start = time.perf_counter()
        problem = Problem(*arguments)
        checked.append(time.perf_counter() - start)
        if objective == "repair":
            problem = answered(problem, seed)
        timed = TimedWeights(problem.source)
        problem.__dict__["source"] = timed
        start = time.perf_counter()
        with ThreadPoolExecutor(2) as executor:
            solve_one = solve_b_matching if objective == "repair" else solve
            result = solve_one(problem, objective, seed=seed, time_limit=time_limit, executor=executor)
        seconds.append(time.perf_counter() - start)
        read.append(timed.seconds)
    peak = _peak()
    start = time.perf_counter()
    report = verify(problem, result)
    return {
        "seed": seed,
        "status": result.status.name,
        "seconds": round(min(seconds), 4),
        "seconds_in_source": round(read[seconds.index(min(seconds))], 4),
        "seconds_to_make_problem": round(min(checked), 4),
        "verify_seconds": round(time.perf_counter() - start, 4),
        "peak_mb": round(peak, 1),
        "coverage": result.coverage,
        "total": round(result.total_weight, 6),
        "floor": round(result.floor, 6),
        "gap": max(result.certificate.gaps.values()),
        "verified": report.ok,
    }


def measure_all():
    """Return the lines of our cases and of the rivals."""
    load = os.getloadavg()[0]
    if load > 1:
        print(f"the machine is busy (load {load:.1f}): times will be too long", file=sys.stderr)
    ours, rivals = [], []
    for n_mentees, n_mentors in SIZES:  # ours and theirs in turn, so that both meet the same conditions
        for objective in ("total", "coverage"):
            ours.append(_line(f"{n_mentees}x{n_mentors}", objective, SEEDS, REPEATS, None))
        rivals += [line for seed in SEEDS for line in measure_rivals(n_mentees, n_mentors, seed, REPEATS)]
    cases = [*CASES, HUGE] if os.environ.get("MOSAIC_BENCH_HUGE") else CASES
    for case, objectives, *how in cases:
        ours += [_line(case, objective, *how) for objective in objectives]
    return {"load": load, "ours": ours, "rivals": rivals}


def _line(case, objective, seeds, repeats, time_limit):
    runs = [_alone(case, objective, seed, repeats, time_limit) for seed in seeds]
    seconds = [run["seconds"] for run in runs]
    print(f"{case} {objective}: {statistics.median(seconds)} s", file=sys.stderr)
    return {
        "case": case,
        "objective": objective,
        "seconds_median": statistics.median(seconds),
        "seconds_least": min(seconds),
        "seconds_most": max(seconds),
        "verified": all(run["verified"] for run in runs),
        "gap_most": max(run["gap"] for run in runs),
        "peak_mb_most": max(run["peak_mb"] for run in runs),
        "runs": runs,
    }


def _alone(*arguments):
    # HiGHS may write a line of its own to standard output, which is for JSON here.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=os.dup2, initargs=(2, 1)) as pool:
        return pool.submit(measure, *arguments).result()


def _peak():
    """Return the most memory this process ever held, in MB.

    From /proc: what getrusage says outlives exec, so a child would begin with its parent's peak.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
