"""Prints what was measured as JSON on standard output; progress goes to standard error."""

import json
import os
import platform
import sys

import numpy as np
import scipy

from bench import answers, crowd, engine, imports, load, pages, timetables


def main() -> None:
    chosen = set(sys.argv[1:]) or {"answers", "crowd", "engine", "imports", "load", "pages", "timetables"}
    found: dict[str, object] = {
        "machine": {
            "processors": os.cpu_count(),
            "load_at_start": os.getloadavg()[0],
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        }
    }
    if "engine" in chosen:
        found["engine"] = engine.measure_all()
    if "timetables" in chosen:
        found["timetables"] = timetables.measure_all()
    if "answers" in chosen:
        found["answers"] = answers.measure_all()
    if "imports" in chosen:
        found["imports"] = imports.measure_all()
    if "pages" in chosen:
        found["pages"] = pages.measure_all()
    if "load" in chosen:
        found["load"] = load.measure_all()
    if "crowd" in chosen:
        found["crowd"] = crowd.measure_all()
    json.dump(found, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
