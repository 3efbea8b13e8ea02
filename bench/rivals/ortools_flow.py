"""OR-Tools' min-cost flow on all pairs. Run in an environment with ortools: argument is an .npz, prints JSON.

Costs must be whole: weights are multiplied by a million and rounded. What is not needed flows past for nothing.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from ortools.graph.python import min_cost_flow

SCALE = 1_000_000


def solve(weights, places, wanted):
    n_mentors, n_mentees = weights.shape
    mentors, mentees = np.nonzero(~np.isnan(weights))
    source, sink = n_mentors + n_mentees, n_mentors + n_mentees + 1
    ones = np.ones(len(mentors), dtype=np.int64)
    costs = -np.rint(weights[mentors, mentees] * SCALE).astype(np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(n_mentors + mentees, mentors, ones, costs)
    everyone = n_mentors + np.arange(n_mentees)
    nothing = np.zeros(max(n_mentors, n_mentees), dtype=np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(np.full(n_mentees, source), everyone, wanted, nothing[:n_mentees])
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(n_mentors), np.full(n_mentors, sink), places, nothing[:n_mentors]
    )
    supply = int(wanted.sum())
    flow.add_arc_with_capacity_and_unit_cost(source, sink, supply, 0)
    flow.set_node_supply(source, supply)
    flow.set_node_supply(sink, -supply)
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("no optimal flow")
    chosen = flow.flows(pairs) > 0
    return np.column_stack([mentors[chosen], mentees[chosen]])


def main():
    data = np.load(sys.argv[1])
    seconds, pairs = [], None
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        pairs = solve(data["weights"], data["places"], data["wanted"])
        seconds.append(time.perf_counter() - start)
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(json.dumps({"seconds": min(seconds), "peak_mb": peak, "pairs": pairs.tolist()}))


if __name__ == "__main__":
    main()
