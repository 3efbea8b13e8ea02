"""What mentor-match solves with: munkres, one mentor a mentee, each place a row. Argument is an .npz, prints JSON.

mentor-match brings rules of its own for scores; here its solver gets the same weights as the others.
"""

import json
import sys
import time
from pathlib import Path

from munkres import DISALLOWED, Munkres


def solve(weights, places):
    rows = [j for j, n in enumerate(places) for _ in range(n)]
    costs = [[DISALLOWED if weight is None else 1.0 - weight for weight in weights[j]] for j in rows]
    return [(rows[row], mentee) for row, mentee in Munkres().compute(costs) if costs[row][mentee] is not DISALLOWED]


def main():
    data = json.loads(Path(sys.argv[1]).with_suffix(".json").read_text(encoding="ascii"))
    seconds, pairs = [], None
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        pairs = solve(data["weights"], data["places"])
        seconds.append(time.perf_counter() - start)
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    print(json.dumps({"seconds": min(seconds), "peak_mb": peak, "pairs": pairs}))


if __name__ == "__main__":
    main()
