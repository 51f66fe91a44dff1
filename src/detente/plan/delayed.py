"""The earliest schedule that prerequisites and windows allow, where steps do not come when they should."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.instance import Instance

__all__ = ["Entry", "delayed"]

Entry = Mapping[str, int | None]


def delayed(instance: Instance, entry: Entry) -> dict[str, int | None]:
    """The earliest schedule that is nowhere earlier than `entry` and keeps prerequisites and windows; what cannot: never."""
    out = dict(entry)
    rising = True
    while rising:
        rising = False
        for m in instance.measures:
            e = out[m.id]
            if e is None or e < 0:
                continue
            at: int | None = max(e, m.not_before)
            for q in m.requires:
                ready = [x + q.after for n in q.any if (x := out[n]) is not None]
                at = max(at, min(ready)) if at is not None and ready else None
            if at is None or at > m.not_after:
                at = None
            if at != e:
                out[m.id], rising = at, True
    return out
