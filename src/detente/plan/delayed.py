"""The earliest schedule that prerequisites and windows allow, where steps do not come when they should."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.case.instance import Instance
from detente.plan.tables.prerequisites import prerequisites

__all__ = ["Entry", "delayed"]

Entry = Mapping[str, int | None]


def delayed(instance: Instance, entry: Entry) -> dict[str, int | None]:
    """The earliest schedule that is nowhere earlier than `entry` and keeps prerequisites and windows; what cannot: never."""
    from detente.plan.walk.moves import put_off

    phases = instance.phases
    out = np.array([phases if (e := entry[m.id]) is None else e for m in instance.measures], dtype=np.int64)
    put_off(prerequisites(instance), np.zeros(len(out), dtype=np.int8), out)
    return {m.id: None if e >= phases else e for m, e in zip(instance.measures, out.tolist(), strict=True)}
