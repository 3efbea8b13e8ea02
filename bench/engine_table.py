"""Prints what was measured as tables in Markdown: `python -m bench.engine_table FILE.json`."""

import json
import sys
from pathlib import Path


def ours(lines):
    """Yield the table of our cases."""
    yield "| Case | Objective | Seconds, median (least to most) | To read the problem | In the source | MB | Gap |"
    yield "|---|---|---|---|---|---|---|"
    for line in lines:
        runs = line["runs"]
        spread = f"{line['seconds_median']:.2f} ({line['seconds_least']:.2f} to {line['seconds_most']:.2f})"
        made = max(run["seconds_to_make_problem"] for run in runs)
        read = max(run["seconds_in_source"] for run in runs)
        gap = 0.0 if line["gap_most"] < 1e-6 else 100 * line["gap_most"]
        yield (
            f"| {line['case']} | {line['objective']} | {spread} | {made:.2f} | {read:.2f} "
            f"| {line['peak_mb_most']:.0f} | {gap:.2f} % |"
        )


def theirs(rivals, lines):
    """Yield the table of the rivals beside ours, seed by seed."""
    totals = {
        (line["case"], run["seed"]): run for line in lines if line["objective"] == "total" for run in line["runs"]
    }
    yield "| Case, seed | Rival | Seconds | Ours, problem included | MB | Ours | Total | Ours | Broken limits |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for line in rivals:
        if "error" in line:
            yield f"| {line['case']}, {line.get('seed', '')} | {line['rival']} | {line['error'][:80]} | | | | | | |"
            continue
        run = totals[line["case"], line["seed"]]
        seconds = run["seconds"] + run["seconds_to_make_problem"]
        yield (
            f"| {line['case']}, {line['seed']} | {line['rival']} | {line['seconds']:.3f} | {seconds:.3f} "
            f"| {line['peak_mb']:.0f} | {run['peak_mb']:.0f} | {line['total']:.3f} | {run['total']:.3f} "
            f"| {line['broken_limits']} |"
        )


if __name__ == "__main__":
    engine = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["engine"]
    print("\n".join([*ours(engine["ours"]), "", *theirs(engine["rivals"], engine["ours"])]))
