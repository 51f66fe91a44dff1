"""The process that works: it reads jobs from standard input, a line of JSON each, and tells what comes of them on its output.

    in    {"task": "plan", "slug": "us-dprk-2019", "text": "case: ...", "options": {...}}
    out   {"progress": {...}}      any number of times
          {"result": {...}}        or  {"error": "...", "fault": false}

A call of the desk (`jobs/desk`) is answered in the same way. One job after the other, so that what is read in and compiled
serves the next. When standard input ends, the one who asked has ended, however he did, and this process ends too: nothing goes
on that nobody waits for. Whatever is printed on the way goes to standard error.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from typing import Any

__all__ = ["main"]

_EVERY = 0.2  # seconds between two figures of a search
_GRACE = 1.0  # seconds for what is under way to end its own processes


def main() -> None:
    """Work until standard input ends."""
    import _thread
    import queue
    import signal

    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    waiting: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def listen() -> None:
        for line in sys.stdin.buffer:
            waiting.put(json.loads(line))
        waiting.put(None)
        _thread.interrupt_main()
        time.sleep(_GRACE)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        while (job := waiting.get()) is not None:
            if "call" in job:
                out.write(json.dumps(_answer(job)).encode("utf-8") + b"\n")
                continue
            _work(job, lambda told: out.write(json.dumps(told, default=str).encode("utf-8") + b"\n"))
    os._exit(0)


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    from detente.serve.jobs.desk import answer

    return answer(job)


def _work(job: dict[str, Any], tell: Any) -> None:
    from detente.errors import DetenteError

    try:
        from detente.base.steps import watching
        from detente.case.load import read_case
        from detente.serve.jobs.tasks import TASKS

        now: dict[str, Any] = {"text": ""}
        last = 0.0

        def step(what: str) -> None:
            for figure in ("seconds", "best", "bound"):  # they are of what was done before; what was found stays
                now.pop(figure, None)
            now["text"] = what
            tell({"progress": dict(now)})

        def report(told: Any) -> None:
            nonlocal last
            now.update(told)
            if "found" in told or time.monotonic() - last > _EVERY:
                last = time.monotonic()
                tell({"progress": dict(now)})

        step("reading the case")
        case = read_case(job["text"], f"{job['slug']}.yaml", slug=job["slug"])
        with watching(step):
            tell({"result": TASKS[job["task"]].run(case, job["options"], report)})
    except DetenteError as err:
        tell({"error": str(err), "fault": False})
    except MemoryError:
        tell({"error": "more than the memory of this machine holds", "fault": False})
    except Exception as err:
        import traceback

        traceback.print_exc()
        tell({"error": f"a fault of ours: {type(err).__name__}: {str(err)[:300]}", "fault": True})


if __name__ == "__main__":
    main()
