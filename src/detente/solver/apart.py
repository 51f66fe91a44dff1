"""A large programme solved in a process of its own, so that a time limit holds and an interrupt is heeded.

The solver looks at the clock between its steps, and in a large programme one step (presolve, the first relaxation) can take
longer than all the time there is; while it runs, Python hears no interrupt either. So a programme of `LARGE` non-zeros or more
is handed to a child process. When there is a time limit and it is over the child is ended, and the best point that it has told
of by then is the answer, with the bound that it had. Nothing else depends on where a programme is solved.
"""

from __future__ import annotations

import math
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from detente.errors import SolverError

if TYPE_CHECKING:
    from detente.solver.linear import Expression, Programme, Progress, Solution

__all__ = ["LARGE", "is_apart", "serve", "solved"]

LARGE = 50_000
"""Non-zeros from which on a programme is solved apart: starting the process then costs little beside solving it."""

_GRACE = 0.25  # seconds for the child to tell what it has when the solver itself has seen that the time is over
_HEED = 0.5  # seconds at most until an interrupt is heeded
_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from detente.solver.apart import serve; serve()"


def is_apart(programme: Programme) -> bool:
    """Whether a programme is solved in a process of its own."""
    return programme.nonzeros >= LARGE and bool(sys.executable)


def solved(
    programme: Programme, objective: Expression, *, seconds: float, progress: Progress | None = None, **options: Any
) -> Solution:
    """The same as `Programme.solve`, ended when the seconds are over.

    Raises
    ------
    SolverError
        As `Programme.solve`, or if the process ends without an answer.
    """
    from detente.solver.linear import Solution

    began = time.monotonic()
    best = Solution("limit", None, -math.inf, math.inf, timed=True)
    until = time.time() + seconds  # the clock of the machine, which both processes see
    command = [sys.executable, "-I", "-c", _CHILD, *sys.path]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdin is not None
    assert child.stdout is not None
    told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    reader = threading.Thread(target=_listen, args=(child.stdout, told), daemon=True)
    try:
        reader.start()
        _give(child.stdin, (programme.gathered(), objective, options, until))
        while True:
            left = seconds + _GRACE - (time.monotonic() - began)
            if left <= 0:
                return best
            try:
                kind, what = told.get(timeout=min(left, _HEED))
            except queue.Empty:
                continue
            if kind == "found":
                best = replace(best, status="feasible", point=what[1], value=what[0])
            elif kind == "bound":
                best = replace(best, bound=what[1])
                if progress is not None:
                    progress(time.monotonic() - began, *what)
            elif kind == "solution":
                return what  # type: ignore[no-any-return]
            else:
                raise SolverError(what)
    finally:
        child.kill()
        child.wait()
        reader.join()
        child.stdout.close()


def _give(pipe: IO[bytes], work: Any) -> None:
    try:
        with pipe:
            pickle.dump(work, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    except BrokenPipeError:
        pass  # the process has ended: what it says, or that it says nothing, is the error


def _listen(pipe: IO[bytes], told: queue.SimpleQueue[tuple[str, Any]]) -> None:
    try:
        while True:
            told.put(pickle.load(pipe))
    except (EOFError, pickle.UnpicklingError, ValueError):
        told.put(("error", "the process of the solver ended without an answer; is there enough memory?"))


def serve() -> None:
    """The child: read one programme from standard input, solve it, and write what is found to standard output."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = sys.stdout.buffer

    def tell(kind: str, what: Any) -> None:
        pickle.dump((kind, what), out, protocol=pickle.HIGHEST_PROTOCOL)
        out.flush()

    programme, objective, options, until = pickle.load(sys.stdin.buffer)
    found: Callable[[float, Any], None] = lambda value, point: tell("found", (value, point))  # noqa: E731
    bound: Progress = lambda _seconds, value, limit: tell("bound", (value, limit))  # noqa: E731
    try:
        left = max(until - time.time(), 0.01)
        tell("solution", programme.solve(objective, here=True, seconds=left, progress=bound, found=found, **options))
    except SolverError as err:
        tell("error", str(err))
