"""A process that reads and changes texts, so that who opens a page does not wait for who saves.

To read a long case takes a tenth of a second, and to change an entry of it several times that, in which no other thread of a
Python process gets far. So this is done in a process of its own, one text after the other, by the same functions: what they
return or raise comes back. Where that process cannot be had, they are called here.

    in    {"call": "merge", "given": [...]}
    out   {"returned": ...}   or   {"refused": {"message": "...", "source": "...", "faults": [...]}}
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Mapping
from typing import Any

from detente.errors import MOST_FAULTS, CaseError, Fault, InputError
from detente.serve.jobs.process import begun, ended
from detente.serve.store.editing import change, check, merge

__all__ = ["CALLS", "Desk", "answer"]

CALLS: dict[str, Callable[..., Any]] = {"change": change, "check": check, "merge": merge}


class Desk:
    """The process, begun when it is first needed; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False

    def check(self, path: str, text: str) -> str:
        """The title of a case. Raises CaseError with its faults."""
        return str(self._ask("check", path, text))

    def change(self, path: str, text: str, entries: Mapping[str, object]) -> str:
        """The text with other entries. Raises CaseError."""
        return str(self._ask("change", path, text, dict(entries)))

    def merge(self, base: str | None, ours: str | None, theirs: str | None, path: str) -> tuple[str | None, tuple[str, ...]]:
        """As `merged`."""
        text, at_paths = self._ask("merge", base, ours, theirs, path)
        return text, tuple(at_paths)

    def close(self) -> None:
        """End the process."""
        self._closed = True
        if self._child is not None:
            ended(self._child)

    def _ask(self, call: str, *given: Any) -> Any:
        told = self._told({"call": call, "given": given})
        if told is None:
            return CALLS[call](*given)
        if "refused" in told:
            about = told["refused"]
            raise CaseError(about["message"], source=about["source"], faults=[Fault(**fault) for fault in about["faults"]])
        return told["returned"]

    def _told(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """What the process answers; None: it is not to be had, or has died of this."""
        with self._lock:
            if self._closed:
                return None
            if self._child is None or self._child.poll() is not None:
                self._child = begun()
            assert self._child.stdin is not None
            assert self._child.stdout is not None
            try:
                sent = json.dumps(asked).encode("utf-8")
            except TypeError:  # an entry that JSON does not know
                return None
            try:
                self._child.stdin.write(sent + b"\n")
                self._child.stdin.flush()
                told = json.loads(self._child.stdout.readline() or b"null")
            except (OSError, ValueError):
                return None
            return told if isinstance(told, dict) and {"returned", "refused"} & set(told) else None


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What the process says to a call."""
    try:
        return {"returned": CALLS[asked["call"]](*asked["given"])}
    except InputError as err:
        lines = str(err).split("\n")
        shown = min(len(err.faults), MOST_FAULTS) + (len(err.faults) > MOST_FAULTS)
        message = "\n".join(lines[: len(lines) - shown])
        return {"refused": {"message": message, "source": err.source, "faults": [fault.__dict__ for fault in err.faults]}}
