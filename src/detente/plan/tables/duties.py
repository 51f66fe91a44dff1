"""What a schedule obliges its parties to, phase by phase, for compiled code: the definitions of `plan.process` as bits.

A measure that enters in phase e (-1 in force today, T never) obliges its actors

    PERFORM   in phases 0 .. e, if it enters by the schedule
    KEEP      from e + 1 on, once it is in force
    REFRAIN   until its start, if it is taken alone and enters later than it would, or never; no later than it could begin

Which of the three can apply to a measure at all, and to whom it matters, is the same for every schedule: a number of bits for
each measure and row. They are told at the likely values, in draws of values, too: so is what a party does alone.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.base.uncounted import kernel
from detente.case.alone import alone
from detente.case.instance import Instance

__all__ = ["Acts", "acts_of", "asks", "count_in", "due_bits", "giving_bits", "is_process", "spans"]

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PERFORM, KEEP, REFRAIN = 1, 2, 4


class Acts(NamedTuple):
    """What parties do alone with M measures.

    kept : of shape (M,). ready : of shape (M,), -1 where it is not taken alone. last : of shape (M,), at most T: the last phase
    in which it can be begun; less than 0: it no longer can. takes : of shape (M,), phases from its start to its entry.
    under_way : the parties are in the midst of a roadmap.
    """

    kept: Flags
    ready: Ints
    last: Ints
    takes: Ints
    under_way: bool


def acts_of(instance: Instance) -> Acts:
    """Those of an instance."""
    world = alone(instance)
    return Acts(
        kept=np.array(world.kept, dtype=bool),
        ready=np.array([-1 if ready is None else ready for ready in world.ready], dtype=np.int64),
        last=np.array(
            [_last(x, m.takes, instance.phases) for x, m in zip(world.last, instance.measures, strict=True)], np.int64
        ),
        takes=np.array([m.takes for m in instance.measures], dtype=np.int64),
        under_way=bool(instance.under_way),
    )


def _last(last: float, takes: int, phases: int) -> int:
    return phases if last == math.inf else min(int(last) - takes, phases)


def giving_bits(instance: Instance, party: str) -> Ints:
    """By measure, of shape (M,), what gives the party something to do, by which it has rows."""
    out = np.zeros(len(instance.measures), dtype=np.int64)
    for n, m in enumerate(instance.measures):
        if party in m.actors:
            others = (p.id for p in instance.parties if p.id != party)
            out[n] = PERFORM | KEEP | (REFRAIN if any(map(m.harms, others)) else 0)
            out[n] &= _possible(instance, n)
    return out


def due_bits(instance: Instance, party: str, other: str, lag: int | None = None) -> Ints:
    """By measure, of shape (M,), what the other has to do, known after a lag (None: any), that matters to the party."""
    out = np.zeros(len(instance.measures), dtype=np.int64)
    for n, m in enumerate(instance.measures):
        if other in m.actors and lag in (None, m.lag):
            out[n] = (PERFORM if m.touches(party) else 0) | (KEEP if m.value.get(party) else 0)
            out[n] |= REFRAIN if m.harms(party) else 0
            out[n] &= _possible(instance, n)
    return out


def _possible(instance: Instance, n: int) -> int:
    """Which bits a measure can have: what is taken alone is refrained from, everything else performed, and some kept up."""
    world = alone(instance)
    if world.ready[n] is not None:
        return REFRAIN if world.last[n] >= instance.measures[n].takes else 0
    return PERFORM | (KEEP if world.lasting[n] else 0)


def is_process(acts: Acts, entry: Ints, phases: int) -> bool:
    """Whether a schedule has a new step that its actor would not take alone, or is under way."""
    return acts.under_way or bool(((entry >= 0) & (entry < phases) & (acts.ready < 0)).any())


@kernel
def asks(bits, e, ready, T):  # type: ignore[no-untyped-def]
    """Whether a measure obliges to anything in any phase."""
    if bits & REFRAIN:
        return e >= T or e > ready
    return (bits & PERFORM and 0 <= e < T) or (bits & KEEP and e < T)


@kernel
def spans(bits, e, ready, last, T, takes=0):  # type: ignore[no-untyped-def]
    """When a measure obliges to something: in the phases before the first number, and from the second on, up to T."""
    until, since = 0, T + 1
    if bits & REFRAIN and (e >= T or e > ready):
        until = min(e - takes if e < T else T + 1, last + 1, T + 1)
    if bits & PERFORM and 0 <= e < T:
        until = max(until, e + 1)
    if bits & KEEP and e < T:
        since = e + 1
    return until, since


@kernel
def count_in(bits, e, ready, last, by, out, takes=0):  # type: ignore[no-untyped-def]
    """Add `by` to the phases in which a measure obliges to something; out : of shape (T + 1,)."""
    until, since = spans(bits, e, ready, last, len(out) - 1, takes)
    for t in range(until):
        out[t] += by
    for t in range(since, len(out)):
        out[t] += by
