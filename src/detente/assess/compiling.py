"""Plays compiled beside other work: the first time on a machine, in a process of their own, while the plan at the likely values
is being found. What it leaves is what numba keeps (`base.compiled`); where nothing can be kept, or the process fails, plays are
compiled when they are first played.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator

from detente.base.compiled import is_kept
from detente.base.steps import step

__all__ = ["compiled_beside", "serve"]

_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from detente.assess.compiling import serve; serve()"


@contextlib.contextmanager
def compiled_beside() -> Iterator[Callable[[], None]]:
    """In here plays are being compiled, if they have to be; what it yields waits until they are."""
    from detente.assess.kernel.play import play

    child = None if is_kept(play) or not sys.executable else _begun()

    def wait() -> None:
        if child is not None and child.poll() is None:
            step("compiling plays, once for this installation")
            child.wait()

    try:
        yield wait
    finally:
        if child is not None and child.poll() is None:
            child.kill()
            child.wait()


def _begun() -> subprocess.Popen[bytes] | None:
    """The child; None: no process can be begun here."""
    command, nothing = [sys.executable, "-I", "-c", _CHILD, *sys.path], subprocess.DEVNULL
    with contextlib.suppress(OSError):
        return subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)
    return None


def serve() -> None:
    """The child: play once, with draws."""
    from detente.assess.layout import world_of
    from detente.assess.profile import load_profile
    from detente.assess.records import played
    from detente.assess.strategies import chosen
    from detente.case.draws.draw import uncertainty
    from detente.case.load import load

    case, profile = load("toy-exchange"), load_profile()
    known = uncertainty(case)
    world = world_of(case, profile, quantities=known.quantities)
    (strategy,) = chosen(case, ["wait-and-see"], None, profile)
    played(world, strategy.script(case.instance, profile), 0, 0, 1, known.chunk(0, 0, 1))
