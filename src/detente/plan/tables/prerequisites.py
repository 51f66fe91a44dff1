"""The prerequisites, windows and exclusions of an instance as flat arrays, for compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance

__all__ = ["Prerequisites", "prerequisites"]

Ints = NDArray[np.int64]


class Prerequisites(NamedTuple):
    """What a schedule of M measures in T phases has to keep to.

    phases : T. first, last : of shape (M,), the window; a measure in force has first > last.
    needs_from : of shape (M + 1,), where the requirements of a measure begin. after : by requirement.
    any_from, any_of : requirement q asks for one of any_of[any_from[q]:any_from[q+1]].
    out_from, out_of : the measures that a measure excludes, in the same way.
    """

    phases: int
    first: Ints
    last: Ints
    needs_from: Ints
    after: Ints
    any_from: Ints
    any_of: Ints
    out_from: Ints
    out_of: Ints


def prerequisites(instance: Instance) -> Prerequisites:
    """Those of an instance."""
    place = {m.id: n for n, m in enumerate(instance.measures)}
    needs = [q for m in instance.measures for q in m.requires]
    return Prerequisites(
        phases=instance.phases,
        first=_ints([instance.phases if m.in_force else min(m.not_before, instance.phases) for m in instance.measures]),
        last=_ints([-1 if m.in_force else m.not_after for m in instance.measures]),
        needs_from=_starts([len(m.requires) for m in instance.measures]),
        after=_ints([q.after for q in needs]),
        any_from=_starts([len(q.any) for q in needs]),
        any_of=_ints([place[k] for q in needs for k in q.any]),
        out_from=_starts([len(m.excludes) for m in instance.measures]),
        out_of=_ints([place[k] for m in instance.measures for k in m.excludes]),
    )


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _starts(lengths: Sequence[int]) -> Ints:
    return np.concatenate([_ints([0]), np.cumsum(_ints(lengths))]).astype(np.int64)
