"""What a job's child process does, by what its work says it is."""

from typing import Any

from webapp.engine.checking import CHECK, check_work
from webapp.engine.decode import Tell
from webapp.engine.pool_work import report_work
from webapp.engine.posing import UnsolvableError
from webapp.engine.repairing import repair_work
from webapp.engine.solving import solve_work

__all__ = ["UnsolvableError", "do_work"]

_WORK = {"repair": repair_work, "pool": report_work}


def do_work(work: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Solve a round, repair it, check a certificate, or report on a pool; the result fits the service that keeps it."""
    if work.get("task") == CHECK:
        return check_work(work, tell)
    return _WORK.get(work["objective"], solve_work)(work, tell)
