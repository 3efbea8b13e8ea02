"""Other people's solvers on the same weights, each in a virtual environment of its own, made when first needed."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench.engine_cases import arrays

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("MOSAIC_BENCH_CACHE", Path.home() / ".cache" / "mosaic-bench"))
RIVALS = {
    # name: packages, script, whether it gives mentees several mentors, largest number of mentees worth the wait
    "ortools": (["ortools", "numpy"], "ortools_flow.py", True, 4000),
    "matching": (["matching", "numpy"], "matching_hospital.py", False, 500),
    "mentor-match": (["mentor-match"], "mentor_match.py", False, 200),
}


def environment(name, packages):
    """Return the Python of a rival's environment, or None where its packages do not install."""
    folder = CACHE / name
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            return None
        (folder / "ready").touch()
    return python


def measure_rivals(n_mentees, n_mentors, seed, repeats):
    """Return a line for each rival that can take this size."""
    weights, places, wanted = arrays(n_mentees, n_mentors, seed)
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.npz"
        np.savez(file, weights=weights, places=places, wanted=wanted)
        for name, (packages, script, several, largest) in RIVALS.items():
            if n_mentees > largest:
                continue
            python = environment(name, packages)
            if python is None:
                lines.append({"rival": name, "case": f"{n_mentees}x{n_mentors}", "error": "does not install"})
                continue
            if name == "mentor-match":
                plain = np.where(np.isnan(weights), None, weights).tolist()
                content = json.dumps({"weights": plain, "places": places.tolist()})
                file.with_suffix(".json").write_text(content, encoding="ascii")
            command = [python, HERE / "rivals" / script, file, str(repeats)]
            run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
            if run.returncode:
                error = run.stderr.strip().splitlines()[-1]
                lines.append({"rival": name, "case": f"{n_mentees}x{n_mentors}", "seed": seed, "error": error})
                continue
            found = json.loads(run.stdout.splitlines()[-1])
            pairs = np.asarray(found.pop("pairs"), dtype=np.int64).reshape(-1, 2)
            lines.append(
                {
                    "rival": name,
                    "case": f"{n_mentees}x{n_mentors}",
                    "seed": seed,
                    "several_mentors_a_mentee": several,
                    **{key: round(value, 4) for key, value in found.items()},
                    "total": round(float(np.nansum(weights[pairs[:, 0], pairs[:, 1]])), 4),
                    "coverage": len(np.unique(pairs[:, 1])),
                    "broken_limits": broken_limits(pairs, weights, places, wanted),
                }
            )
            print(f"{name} {n_mentees}x{n_mentors}: {found['seconds']:.3f} s", file=sys.stderr)
    return lines


def broken_limits(pairs, weights, places, wanted):
    """Return how many mentors and mentees have more than they may, and pairs that are not acceptable."""
    over = (np.bincount(pairs[:, 0], minlength=len(places)) > places).sum()
    over += (np.bincount(pairs[:, 1], minlength=len(wanted)) > wanted).sum()
    return int(over + np.isnan(weights[pairs[:, 0], pairs[:, 1]]).sum())
