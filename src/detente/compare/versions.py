"""Two versions of a case side by side: what changed (module `case.diff`), and what that did to the roadmap.

Two roadmaps stand against each other: that of the old version, judged in the old one, and that of the new version, judged in
the new one. They are given, or planned at the likely values. Between them stands the old roadmap *carried over* into the new
version: each measure that is still there enters on the same date; one that is gone, in force by now, or whose date lies outside
the new roadmap is said to be lost. Whether the carried one holds says what the change of the case alone did, before anybody
plans anew.

Gains are those of the certificate, over no deal in the version in which they are judged, in each party's own units. Units that
changed between the versions are not known here.
"""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.frozen import Frozen
from detente.case.case import Case
from detente.case.diff import Change, changes, counts
from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import Roadmap
from detente.plan.verify import as_roadmap

if TYPE_CHECKING:
    from detente.plan.result import Plan

    Given = Roadmap | Plan | Mapping[str, Any] | str | Path

__all__ = ["Judged", "Moved", "Versions", "versions"]


@dataclass(frozen=True)
class Judged(Frozen):
    """A roadmap in one version of the case. gain : by party over no deal."""

    roadmap: Roadmap
    certificate: Certificate = field(repr=False)

    @property
    def verdict(self) -> str:
        """ "none" (nothing enters), "broken", "useless" (holds, and does not help) or "holds"."""
        if self.roadmap.is_empty:
            return "none"
        return "broken" if self.certificate.broken else "holds" if self.certificate.helps else "useless"

    @property
    def gain(self) -> Mapping[str, Fraction]:
        return self.certificate.gain

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        steps : how many steps it has
        broken : how many rows are broken
        """
        return {
            "verdict": self.verdict,
            "broken": len(self.certificate.broken),
            "steps": self.roadmap.length,
            "gain": {i: float(x) for i, x in self.gain.items()},
            "entry": dict(self.roadmap.entry),
        }


@dataclass(frozen=True)
class Moved:
    """A measure or slice that enters at another time in the new roadmap: the first days of its phases; None: it does not."""

    measure: str
    title: str
    old: datetime.date | None
    new: datetime.date | None

    @property
    def kind(self) -> str:
        """ "added", "dropped", "earlier" or "later"."""
        if self.old is None or self.new is None:
            return "added" if self.old is None else "dropped"
        return "earlier" if self.new < self.old else "later"

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        old : the date of entry before; `null`: none
        new : the date of entry now; `null`: none
        """
        days = {"old": self.old and self.old.isoformat(), "new": self.new and self.new.isoformat()}
        return {"measure": self.measure, "title": self.title, "kind": self.kind, **days}


@dataclass(frozen=True)
class Versions(Frozen):
    """Two versions of a case.

    changes : what differs. old, new : each version's roadmap in it; None: not asked for. carried : the old roadmap in the new
    version, without what is `lost`. steps : what enters at another time in the new roadmap, those moved, added and dropped.
    """

    changes: tuple[Change, ...]
    old: Judged | None = None
    carried: Judged | None = None
    new: Judged | None = None
    lost: tuple[str, ...] = ()
    steps: tuple[Moved, ...] = ()

    @property
    def sides(self) -> Mapping[str, Judged]:
        """Those of `old`, `carried` and `new` that there are."""
        sides = {"old": self.old, "carried": self.carried, "new": self.new}
        return {name: judged for name, judged in sides.items() if judged is not None}

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        lost : measures of the old roadmap that have no place in the new version
        counts : entries added, dropped and changed, by block of the file
        changes : every difference
        roadmaps : with a roadmap, `old`: in the old version; `carried`: the same by date in the new version; `new`: the new one
        steps : with two roadmaps, what enters at another time
        """
        return {
            "counts": {block: dict(kinds) for block, kinds in counts(self.changes).items()},
            "changes": [change.to_dict() for change in self.changes],
            "roadmaps": {name: judged.to_dict() for name, judged in self.sides.items()},
            "lost": list(self.lost),
            "steps": [step.to_dict() for step in self.steps],
        }


def versions(
    old: Case | str | Path,
    new: Case | str | Path,
    *,
    roadmap: Given | None = None,
    new_roadmap: Given | None = None,
    plan: bool = False,
    **options: Any,
) -> Versions:
    """What changed from one version of a case to another, and what that did to the roadmap.

    Parameters
    ----------
    roadmap, new_roadmap : the roadmap of each version, as of `verify`. plan : plan what is not given, at the likely values;
    options : of `plan.solve.plan`, such as `time_limit`.

    Raises
    ------
    RoadmapError
        If a roadmap does not fit its version.
    """
    from detente.case.load import as_case
    from detente.plan.solve import plan as planned

    cases = old, new = as_case(old), as_case(new)
    found = [None if r is None else as_roadmap(r, case) for r, case in zip((roadmap, new_roadmap), cases, strict=True)]
    if plan:
        found = [r or planned(case, reasons=False, **options).roadmap for r, case in zip(found, cases, strict=True)]
    first, second = (None if r is None else _judged(case, r) for r, case in zip(found, cases, strict=True))
    carried, lost = (None, ()) if first is None else _carried(first.roadmap, old, new)
    return Versions(
        changes=changes(old, new),
        old=first,
        carried=None if carried is None else _judged(new, carried),
        new=second,
        lost=lost,
        steps=() if first is None or second is None else _moved(first.roadmap, second.roadmap, old, new),
    )


def _judged(case: Case, roadmap: Roadmap) -> Judged:
    return Judged(roadmap, certify(case.instance, roadmap))


def _carried(roadmap: Roadmap, old: Case, new: Case) -> tuple[Roadmap, tuple[str, ...]]:
    """A roadmap of the old version in the new one, by date, and the measures that could not come along."""
    entry, lost = dict(Roadmap.empty(new.instance).entry), list[str]()
    days = new.phase_dates
    for m, phase in roadmap.entry.items():
        if phase is None or phase < 0:
            continue
        day = old.phase_date(phase)
        there = new.instance.measure.get(m)
        if there is None or there.in_force or not days[0] <= day < days[-1]:
            lost.append(m)
        else:
            entry[m] = bisect.bisect_right(days, day) - 1
    return Roadmap(new.instance.case, new.instance.phases, entry), tuple(lost)


def _moved(first: Roadmap, second: Roadmap, old: Case, new: Case) -> tuple[Moved, ...]:
    """What enters at another time, by its new date; measures in force in one of the two versions are left out."""
    out = []
    for m in dict.fromkeys((*second.entry, *first.entry)):
        phases = first.entry.get(m), second.entry.get(m)
        if any(t is not None and t < 0 for t in phases):
            continue
        was, now = (None if t is None else case.phase_date(t) for t, case in zip(phases, (old, new), strict=True))
        if was != now:
            title = (new if m in new.instance.measure else old).instance.measure[m].title
            out.append(Moved(m, title, was, now))
    return tuple(sorted(out, key=lambda x: (x.new or x.old or datetime.date.max, x.measure)))
