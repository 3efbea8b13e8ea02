"""Hospital-resident of the package `matching`: one mentor a mentee, stable by weight. Takes an .npz, prints JSON."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from matching.games import HospitalResident


def solve(weights, places, _wanted):
    there = ~np.isnan(weights)
    order_of_mentee = [[int(j) for j in np.argsort(-weights[:, i]) if there[j, i]] for i in range(weights.shape[1])]
    order_of_mentor = [[int(i) for i in np.argsort(-weights[j]) if there[j, i]] for j in range(weights.shape[0])]
    game = HospitalResident.create_from_dictionaries(
        {f"i{i}": [f"j{j}" for j in order] for i, order in enumerate(order_of_mentee) if order},
        {f"j{j}": [f"i{i}" for i in order] for j, order in enumerate(order_of_mentor) if order},
        {f"j{j}": int(n) for j, n in enumerate(places)},
    )
    found = game.solve(optimal="resident")
    return [(int(j.name[1:]), int(i.name[1:])) for j, residents in found.items() for i in residents]


def main():
    sys.setrecursionlimit(10**6)  # it copies its players by recursion, which ends at 200 mentees otherwise
    data = np.load(sys.argv[1])
    seconds, pairs = [], None
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        pairs = solve(data["weights"], data["places"], data["wanted"])
        seconds.append(time.perf_counter() - start)
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(json.dumps({"seconds": min(seconds), "peak_mb": peak, "pairs": pairs}))


if __name__ == "__main__":
    main()
