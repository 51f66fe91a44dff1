"""Why not sooner, and why not at all.

For a measure that enters in phase e, the same roadmap with that measure alone entering in e - 1 is certified: the row that it
breaks first is what keeps the measure where it is. For a measure that never enters the roadmap is certified with the measure,
and whatever it needs, put in as early as possible from each of a few phases on; the trial that fails by the least (in units of
the party's largest value) names the row that stops it. Where no row breaks, the objective is the reason: no row forbids the
step, but the objective does not gain by it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from detente.case.instance import Instance, Measure
from detente.plan.certificate import STRUCTURAL, Certificate, Row, certify
from detente.plan.result import Reason
from detente.plan.roadmap import Roadmap
from detente.plan.units import sizes

__all__ = ["explain", "inserted", "missing"]

Certify = Callable[[Roadmap], Certificate]


def explain(
    instance: Instance,
    roadmap: Roadmap,
    *,
    trust: bool = True,
    red_lines: bool = True,
    deadline: float = math.inf,
    most: int | None = None,
) -> tuple[Reason, ...]:
    """A reason for every measure that is not in force already, in the order of the case.

    trust, red_lines : as the roadmap was planned. deadline : on the clock of `time.monotonic`; what is not explained by then is
    left out. most : certificates, likewise; None: as many as it takes.
    """
    made = 0

    def certificate(trial: Roadmap) -> Certificate:
        nonlocal made
        made += 1
        return certify(instance, trial, trust=trust, red_lines=red_lines)

    size = sizes(instance)
    out = []
    for m in instance.measures:
        if time.monotonic() > deadline or (most is not None and made >= most):
            break
        if m.in_force:
            continue
        phase = roadmap.entry[m.id]
        if phase is None:
            out.append(_never(instance, roadmap, m, certificate, size, deadline))
        elif phase == 0:
            out.append(Reason(m.id, 0, None, "first"))
        else:
            out.append(_sooner(roadmap, m, phase, certificate))
    return tuple(out)


def _sooner(roadmap: Roadmap, m: Measure, phase: int, certificate: Certify) -> Reason:
    broken = certificate(roadmap.moved(m.id, phase - 1)).broken
    # a prerequisite of a later measure cannot break by an earlier entry, so every structural row is the measure's own
    row = next((r for r in broken if r.row in STRUCTURAL), None) or (broken[0] if broken else None)
    because = "objective" if row is None else row.row if row.row in STRUCTURAL else "row"
    return Reason(m.id, phase, phase - 1, because, row)


def _never(
    instance: Instance, roadmap: Roadmap, m: Measure, certificate: Certify, size: Mapping[str, Fraction], deadline: float
) -> Reason:
    needed = missing(instance, roadmap, m)
    waits_for = tuple(n for n in needed if n != m.id)
    best: tuple[float, int, Row | None] | None = None
    for start in _starts(instance.phases):
        trial = inserted(instance, roadmap, needed, start)
        if trial is None:
            continue
        at = trial.entry[m.id]
        broken = certificate(trial).broken
        barred = [r for r in broken if r.row == "exclusion" and r.measure in needed]  # each is a rule of either measure
        excluded = min(barred, key=lambda r: r.measure != m.id, default=None)
        if excluded is not None:
            return Reason(m.id, None, at, "exclusion", excluded, waits_for)
        worst = max((-float(r.slack / size.get(r.party or "", 1)) for r in broken), default=0.0)
        if at is not None and (best is None or worst < best[0]):
            best = (worst, at, broken[0] if broken else None)
        if not broken or time.monotonic() > deadline:
            break
    if best is None:
        return Reason(m.id, None, None, "window", None, waits_for)
    because = "objective" if best[2] is None else best[2].row if best[2].row in STRUCTURAL else "row"
    return Reason(m.id, None, best[1], because, best[2], waits_for)


def _starts(phases: int) -> Iterator[int]:
    """The last phase first (a measure is then held with all the trust that was earned), then backwards by quarters."""
    yield from sorted({phases - 1, 3 * phases // 4, phases // 2, phases // 4, 0}, reverse=True)


def missing(instance: Instance, roadmap: Roadmap, m: Measure) -> list[str]:
    """The measure and what it needs that does not enter, prerequisites first; of alternatives the one that needs least."""
    out: list[str] = []
    on_the_way = {m.id}
    stack = [(m.id, iter(m.requires))]  # not by recursion: slices of slices make long chains
    while stack:
        name, needs = stack[-1]
        for q in needs:
            if all(roadmap.entry[n] is None and n not in on_the_way for n in q.any):
                chosen = q.any[0] if len(q.any) == 1 else min(q.any, key=lambda n: len(_ancestors(instance, n)))
                on_the_way.add(chosen)
                stack.append((chosen, iter(instance.measure[chosen].requires)))
                break
        else:
            out.append(name)
            stack.pop()
    return out


def _ancestors(instance: Instance, name: str) -> set[str]:
    found: set[str] = set()
    stack = [name]
    while stack:
        for q in instance.measure[stack.pop()].requires:
            fresh = set(q.any) - found
            found |= fresh
            stack += fresh
    return found


def inserted(instance: Instance, roadmap: Roadmap, needed: list[str], start: int) -> Roadmap | None:
    """The roadmap with the needed measures entering as early as they can from `start` on; None if a window forbids it."""
    entry = dict(roadmap.entry)
    at = {n: max(start, instance.measure[n].not_before) for n in needed}
    for _ in needed:  # as many rounds as the longest chain can have
        for n in needed:
            for q in instance.measure[n].requires:
                ready = [t + q.after for t in ({**entry, **at}[k] for k in q.any) if t is not None]
                at[n] = max([at[n], *([min(ready)] if ready else [])])
    if any(t > instance.measure[n].not_after for n, t in at.items()):
        # held back by the horizon rather than by its own window: it may still fit when it starts earlier
        return None
    return Roadmap(roadmap.case, roadmap.phases, {**entry, **at})
