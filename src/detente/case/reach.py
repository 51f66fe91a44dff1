"""The earliest phase in which each measure can enter, by its prerequisites and window alone.

    e(m) = -1                                                          in force already
    e(m) = max( not_before, max over requirements ( min over any of e(n) + after ) )      otherwise
    e(m) = never                                                       where that passes not_after

A step that takes n phases starts n before it enters, and what it requires binds its start: `after` and `not_before` of a
measure are told of its entry and have the n phases in them (module `instance`).

This is the least solution, found by raising from below: a cycle with a phase in between rises for ever and so is never met; a
cycle of `after: 0` alone stays where it is, and its measures enter together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.case.instance import Measure, Requirement

__all__ = ["Unreachable", "earliest", "unreachable"]

_NEVER = 1 << 30
_SHOWN = 10  # measures of a cycle that a message names


@dataclass(frozen=True)
class Unreachable:
    """A measure that can never enter, with the reason; measures that merely wait for it are not listed."""

    measure: Measure
    message: str
    key: str


def earliest(measures: Sequence[Measure]) -> dict[str, int | None]:
    """The earliest phase by measure, -1 in force, None never. A prerequisite outside `measures` counts as met."""
    return {m: None if e >= _NEVER else e for m, e in _rise(measures).items()}


def unreachable(measures: Sequence[Measure], phases: int) -> Iterator[Unreachable]:
    """Each cause, once, for which measures can never enter."""
    entry = _rise(measures)
    waits_for: dict[str, str] = {}
    for m in measures:
        if entry[m.id] < _NEVER:
            continue
        late = next((q for q in m.requires if m.not_after < _ready(q, entry) < _NEVER), None)
        blocked = next((q for q in m.requires if _ready(q, entry) >= _NEVER), None)
        if m.takes > m.not_after:
            message = f"it takes {m.takes} phases, but the last phase in which it can enter is {m.not_after}"
            yield Unreachable(m, message, "takes")
        elif m.not_before > m.not_after:
            message = f"it cannot enter before phase {m.not_before}, but the last phase of the roadmap is {phases - 1}"
            yield Unreachable(m, message, "window")
        elif late is not None:
            ready = _ready(late, entry)
            there = f"{' or '.join(late.any)} is there in phase {ready - late.after} at the earliest"
            message = f"it can never enter: {there}, so this can follow in phase {ready}, but its last phase is {m.not_after}"
            yield Unreachable(m, message, "requires")
        elif blocked is not None:
            waits_for[m.id] = next(n for n in blocked.any if entry[n] >= _NEVER)
    by_id = {m.id: m for m in measures}
    for cycle in _cycles(waits_for):
        chain = " requires ".join([*cycle, cycle[0]] if len(cycle) <= _SHOWN else [*cycle[:_SHOWN], ".."])
        yield Unreachable(by_id[cycle[0]], f"a cycle of prerequisites: {chain}", "requires")


def _cycles(waits_for: Mapping[str, str]) -> Iterator[list[str]]:
    """The cycles of a map in which everything waits for one other thing, each once."""
    seen: set[str] = set()
    for start in waits_for:
        chain: dict[str, None] = {}
        m = start
        while m in waits_for and m not in seen:
            seen.add(m)
            chain[m] = None
            m = waits_for[m]
        if m in chain:
            yield list(chain)[list(chain).index(m) :]


def _rise(measures: Sequence[Measure]) -> dict[str, int]:
    entry = {m.id: -1 if m.in_force else m.not_before if m.not_before <= m.not_after else _NEVER for m in measures}
    waiting: dict[str, list[Measure]] = {}
    for m in measures:
        for n in {n for q in m.requires for n in q.any}:
            waiting.setdefault(n, []).append(m)
    queue = deque(m for m in measures if not m.in_force)
    queued = {m.id for m in queue}
    while queue:
        m = queue.popleft()
        queued.discard(m.id)
        phase = max([entry[m.id], *(_ready(q, entry) for q in m.requires)])
        phase = phase if phase <= m.not_after else _NEVER
        if phase > entry[m.id]:
            entry[m.id] = phase
            for other in waiting.get(m.id, ()):
                if not other.in_force and other.id not in queued:
                    queued.add(other.id)
                    queue.append(other)
    return entry


def _ready(q: Requirement, entry: Mapping[str, int]) -> int:
    return min(entry.get(n, -1 - q.after) + q.after for n in q.any)
