"""What a job's child process does, by the objective of its work."""

from typing import Any

from webapp.engine.checking import CHECK, check_work
from webapp.engine.decode import Tell
from webapp.engine.posing import UnsolvableError
from webapp.engine.repairing import repair_work
from webapp.engine.solving import solve_work

__all__ = ["UnsolvableError", "do_work"]


def do_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Solve a round or repair it; the result fits `services.scenarios.Solved`. Or check a certificate."""
    if work.get("task") == CHECK:
        return check_work(work, tell)
    return (repair_work if work["objective"] == "repair" else solve_work)(work, tell)
