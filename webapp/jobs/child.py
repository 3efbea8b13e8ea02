"""The process that solves: one line of JSON in, lines of JSON out, and no database.

It ends when its parent ends: the kernel sees to it on Linux, and everywhere a thread waits for the end of standard
input, which the parent keeps open for as long as it lives.
"""

import ctypes
import json
import os
import signal
import sys
import threading
from typing import Any, TextIO

PR_SET_PDEATHSIG = 1
GENTLE = 15  # pages go first where processors are few


def main() -> None:
    _die_with(int(sys.argv[1]))
    # What a library prints must not end up between our lines.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    work = json.loads(sys.stdin.readline())
    threading.Thread(target=_wait_for_end, args=(sys.stdin,), daemon=True).start()
    os.nice(GENTLE)
    _answer(out, work)


def _answer(out: TextIO, work: dict[str, Any]) -> None:
    from webapp.engine.working import UnsolvableError, do_work

    def say(kind: str, value: object) -> None:
        out.write(json.dumps({kind: value}) + "\n")
        out.flush()

    def tell(stage: str, done: float, total: float, bound: float | None, gap: float | None) -> None:
        say("progress", {"stage": stage, "done": done, "total": total, "bound": bound, "gap": gap})

    try:
        say("result", do_work(work, tell))
    except UnsolvableError as error:
        say("error", str(error))


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)


def _wait_for_end(stdin: TextIO) -> None:
    stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
