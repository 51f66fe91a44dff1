"""What the kernel writes down of each play, and the plays of one chunk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.assess.layout import Floats, Script, World

__all__ = ["CHUNK", "Records", "played", "played_each"]

CHUNK = 2048
"""Plays that are computed and summed together. Sums are always of whole chunks, in their order: the bytes do not depend on
who computed them."""
_HELD = 1 << 22  # plays times measures that are written down at once


class Records(NamedTuple):
    """N plays of one strategy; a tuple of arrays, so that compiled code can fill them.

    value : (N, P), discounted to phase 0. no_deal : what no deal is worth in the play. discount : the party's. before : the
    part of it earned before phase `warning`; aside : what stepping out then would have been worth, discounted to then. entered
    : (N, M), first phase in force, -1 from the start, NEVER. broken_off : first phase in which it was in force and is not any
    more. first_missed : (N, M). kind : (N, P), types (the last one drawn). ended : (N, 4): phase and cause of collapse, phase
    and cause of a stop. seen_by, struck_by, trouble : (N, M), (N, S), (N, P), what was known at `warning`.
    """

    value: NDArray[np.float64]
    no_deal: NDArray[np.float64]
    discount: NDArray[np.float64]
    before: NDArray[np.float64]
    aside: NDArray[np.float64]
    entered: NDArray[np.int16]
    broken_off: NDArray[np.int16]
    first_missed: NDArray[np.bool_]
    whose: NDArray[np.int8]
    reason: NDArray[np.int8]
    reason_of: NDArray[np.int16]
    first_late: NDArray[np.bool_]
    delay: NDArray[np.int8]
    held_back: NDArray[np.bool_]
    firsts: NDArray[np.int16]
    kind: NDArray[np.int8]
    ended: NDArray[np.int16]
    seen_by: NDArray[np.bool_]
    struck_by: NDArray[np.bool_]
    trouble: NDArray[np.bool_]


def played(world: World, script: Script, seed: int, first: int, count: int, draws: Floats | None = None) -> Records:
    """Plays first .. first + count - 1. draws : of shape (count, Q), what is drawn in each; None: the world has no draws."""
    return played_each(world, (script,), seed, first, count, draws)[0]


def played_each(
    world: World, scripts: Sequence[Script], seed: int, first: int, count: int, draws: Floats | None = None
) -> list[Records]:
    """The same plays of each script. Those that differ in schedule, pace and patience alone are played side by side, so that
    each draw is taken up once for all of them; the numbers are the same."""
    from detente.assess.kernel.course import room_for
    from detente.assess.kernel.given import tables_of
    from detente.assess.kernel.play import play
    from detente.assess.kernel.state import leads, state_of

    groups = dict[tuple[object, ...], list[int]]()
    for n, x in enumerate(scripts):
        alike = (x.rule, x.ladder.tobytes(), x.credit.tobytes(), leads(world, x).tobytes())
        groups.setdefault(alike if world.drawn else (n,), []).append(n)
    values = np.empty((count, 0)) if draws is None else np.array(draws, dtype=np.float64, order="C")
    out, given, room = dict[int, Records](), tables_of(world), room_for(world)
    together = max(1, _HELD // (max(1, count) * max(1, world.measures)))
    for group in (g[k : k + together] for g in groups.values() for k in range(0, len(g), together)):
        own = [scripts[n] for n in group]
        found = _room_for_records(world, len(own) * count)
        play(given, own[0], state_of(world, given, own), room, seed, first, values, found)
        for k, n in enumerate(group):
            out[n] = Records._make(x[k * count : (k + 1) * count] for x in found)
    return [out[n] for n in range(len(scripts))]


def _room_for_records(world: World, count: int) -> Records:
    P, M, S = world.others, world.measures, len(world.shock_by)
    return Records(
        value=np.zeros((count, P)),
        no_deal=np.zeros((count, P)),
        discount=np.zeros((count, P)),
        before=np.zeros((count, P)),
        aside=np.zeros((count, P)),
        entered=np.zeros((count, M), dtype=np.int16),
        broken_off=np.zeros((count, M), dtype=np.int16),
        first_missed=np.zeros((count, M), dtype=np.bool_),
        whose=np.zeros((count, M), dtype=np.int8),
        reason=np.zeros((count, M), dtype=np.int8),
        reason_of=np.zeros((count, M), dtype=np.int16),
        first_late=np.zeros((count, M), dtype=np.bool_),
        delay=np.zeros((count, M), dtype=np.int8),
        held_back=np.zeros((count, M), dtype=np.bool_),
        firsts=np.zeros((count, 2), dtype=np.int16),
        kind=np.zeros((count, P), dtype=np.int8),
        ended=np.zeros((count, 4), dtype=np.int16),
        seen_by=np.zeros((count, M), dtype=np.bool_),
        struck_by=np.zeros((count, S), dtype=np.bool_),
        trouble=np.zeros((count, P), dtype=np.bool_),
    )
