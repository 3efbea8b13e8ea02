"""Real worker processes on a committed database, and how to wait for what they do.

A worker takes two seconds to import what it needs. So one process imports it once (run as a script, this file is
that process) and forks for every worker wanted; each is a process of its own that can be killed.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import ROOT


def wait_for(look: Callable[[], Any], seconds: float = 120.0) -> Any:
    """Return the first thing that is not nothing; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s in vain")


class Nursery:
    """The process that forks workers."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.factories.workers"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fork(self, environ: dict[str, str]) -> int:
        self.process.stdin.write(json.dumps(environ) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@dataclass
class Workers:
    """The workers of one installation."""

    nursery: Nursery
    instance: Path
    database_url: str
    queue_url: str
    lease: float = 1.0
    pids: list[int] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        return {
            "MOSAIC_ENV": "development",
            "MOSAIC_INSTANCE": str(self.instance),
            "DATABASE_URL": self.database_url,
            "QUEUE_URL": self.queue_url,
            "SECRET_KEY": "for tests alone, long enough to be safe",
            "SMTP_URL": "",
            "MOSAIC_JOB_LEASE_SECONDS": str(self.lease),
        }

    def start(self) -> int:
        self.pids.append(self.nursery.fork(self.environ))
        return self.pids[-1]

    def end(self, pid: int, how: signal.Signals) -> None:
        if is_alive(pid):
            os.kill(pid, how)
        wait_for(lambda: not is_alive(pid))
        self.pids.remove(pid)

    def end_all(self) -> None:
        for pid in list(self.pids):
            self.end(pid, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    """Return the processes that this one's threads started and that still live."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may end at any time
            found += [int(child) for child in path.read_text().split()]
    return [child for child in found if is_alive(child)]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _fork_on_demand() -> None:
    import webapp.worker

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the workers
    for line in sys.stdin:
        pid = os.fork()
        if pid:
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        os.environ.update(json.loads(line))
        webapp.worker.main()
        os._exit(0)


if __name__ == "__main__":
    _fork_on_demand()
