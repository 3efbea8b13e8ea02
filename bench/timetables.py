"""A time for every pair, in pools of growing size and scarcity: the timetable alone, and matching with times."""

import random
import statistics
import sys
import time

import numpy as np

from matcher import Problem, schedule, solve, verify
from matcher.availability import Window
from matcher.pool import Mentee, Mentor, Pool
from matcher.scoring import build_problem
from matcher.settings import Settings
from matcher.timed_matching import match_with_times

SEEDS = range(3)
ZONES = ("America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London", "Asia/Kolkata")
CASES = (
    # case, mentees, mentors, cadence, hours a week of mentors and of mentees, zones
    ("120x60 monthly", 120, 60, "monthly", 6, 10, 5),
    ("1000x500 monthly", 1000, 500, "monthly", 6, 10, 5),
    ("1000x500 weekly", 1000, 500, "weekly", 4, 10, 5),
    ("120x60 weekly, scarce", 120, 60, "weekly", 2, 10, 2),
    ("1000x500 weekly, scarce", 1000, 500, "weekly", 2, 10, 2),
)
LIMIT = 10.0


def pool_of(seed, n_mentees, n_mentors, cadence, *, hours, zones):
    """Return a pool, its settings and its problem: three places a mentor, one or two mentors wanted, random weights."""
    draw = random.Random(seed)

    def week(length):
        days = draw.sample([(day, start) for day in range(7) for start in range(7 * 60, 21 * 60, 30)], length * 2)
        return tuple(Window(day, start, start + 60) for day, start in days[:length])

    mentors = [
        Mentor(f"m{n}", f"m{n}", draw.choice(ZONES[:zones]), windows=week(hours[0]), minutes=10_000, places=3)
        for n in range(n_mentors)
    ]
    mentees = [
        Mentee(f"n{n}", f"n{n}", draw.choice(ZONES[:zones]), windows=week(hours[1]), wanted=draw.randint(1, 2))
        for n in range(n_mentees)
    ]
    pool, settings = Pool.build(mentors, mentees), Settings(cadence=cadence)
    scored, _ = build_problem(pool, settings)
    weights = np.where(np.isnan(scored.weights), np.nan, np.random.default_rng(seed).random(scored.shape))
    return pool, settings, Problem(weights, scored.mentor_capacity, scored.mentee_capacity)


def measure(seed, n_mentees, n_mentors, cadence, *hours_and_zones):
    """Time one pool: a timetable for the best matching, and the best matching with times."""
    *hours, zones = hours_and_zones
    pool, settings, problem = pool_of(seed, n_mentees, n_mentors, cadence, hours=hours, zones=zones)
    pairs = solve(problem).pairs
    start = time.perf_counter()
    found = schedule(pool, settings, pairs)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    timed = match_with_times(pool, settings, problem, time_limit=LIMIT)
    return {
        "seed": seed,
        "pairs": len(pairs),
        "without_time": len(found.unplaced),
        "proved": found.proved,
        "schedule_seconds": round(seconds, 3),
        "match_seconds": round(time.perf_counter() - start, 3),
        "solves": timed.solves,
        "pairs_with_time": len(timed.result.pairs),
        "gaps": timed.gaps,
        "all_have_a_time": None not in timed.timetable.slots,
        "verified": verify(timed.problem, timed.result).ok,
    }


def measure_all():
    """Return a line for each case."""
    lines = []
    for case, *how in CASES:
        runs = [measure(seed, *how) for seed in SEEDS]
        middle = statistics.median(run["schedule_seconds"] for run in runs)
        print(f"{case}: {middle} s", file=sys.stderr)
        lines.append({"case": case, "runs": runs})
    return lines


def table(lines):
    """Yield the table in Markdown: medians, and the least and most of what differs."""

    def spread(runs, name, form):
        values = [run[name] for run in runs]
        return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"

    yield "| Case | Pairs | Without a time | Timetable, s | With times, s | Solves | Most gap: coverage, total |"
    yield "|---|---|---|---|---|---|---|"
    for line in lines:
        runs = line["runs"]
        gaps = [max(run["gaps"][level] for run in runs) for level in ("coverage", "total")]
        yield (
            f"| {line['case']} | {spread(runs, 'pairs', '.0f')} | {spread(runs, 'without_time', '.0f')} "
            f"| {spread(runs, 'schedule_seconds', '.2f')} | {spread(runs, 'match_seconds', '.2f')} "
            f"| {spread(runs, 'solves', '.0f')} | {100 * gaps[0]:.1f} %, {100 * gaps[1]:.1f} % |"
        )


if __name__ == "__main__":
    print("\n".join(table(measure_all())))
