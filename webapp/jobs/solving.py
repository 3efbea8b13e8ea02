"""The parent's side of a solve: starts the child, passes its progress on, stops it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from config import ONE_THREAD, ROOT

Progress = Callable[[dict[str, Any]], None]


class ChildFailedError(Exception):
    """The child said why it cannot solve this; another try would say the same."""


class ChildLostError(Exception):
    """The child ended without a result: killed, out of memory, or broken."""


class Child:
    """One solve in a process of its own; `stop` may be called from any thread, also before it runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.stopped = False

    def solve(self, work: dict[str, Any], progress: Progress) -> dict[str, Any]:
        """Return the result; raise ChildFailedError, or ChildLostError (also after `stop`)."""
        with self._lock:
            if self.stopped:
                raise ChildLostError("stopped before it began")
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "webapp.jobs.child", str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                cwd=ROOT,
                env={**ONE_THREAD, **os.environ},
            )
        try:
            return self._listen(self._process, work, progress)
        finally:
            self.stop()
            with self._process:
                pass  # closes the pipes and waits, so that no dead process stays behind

    def stop(self) -> None:
        with self._lock:
            self.stopped = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def _listen(self, process: subprocess.Popen[str], work: dict[str, Any], progress: Progress) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(work) + "\n")
            process.stdin.flush()
        except BrokenPipeError as error:
            raise ChildLostError("ended before it was told what to solve") from error
        for line in process.stdout:
            if not line.endswith("\n"):
                break  # it was killed in the middle of a line
            said = json.loads(line)
            if "progress" in said:
                progress(said["progress"])
            elif "result" in said:
                result: dict[str, Any] = said["result"]
                return result
            else:
                raise ChildFailedError(said["error"])
        raise ChildLostError(f"ended with {process.wait()}")
