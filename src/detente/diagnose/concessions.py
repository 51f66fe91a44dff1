"""The order question with the demands in it: what is possible without giving way, and what each concession would add.

1. The best certified roadmap in which no demand is given up (`plan(case, keep_demands=True)`). Where demands contradict each
   other, it leaves out what they are about.
2. The same with a set R of demands relaxed, for every single demand and every minimal relaxation of the deadlocks (module
   `demands`). What R adds is the difference in each party's value; it can be negative, since a roadmap is chosen for all.
3. The best roadmap if all demands are relaxed: what `plan` finds.

Sets that add most come first: by the objective, compared as the plans are.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.base.frozen import Frozen, FrozenDict
from detente.diagnose.demands import deadlocks, relaxations
from detente.errors import InputError
from detente.plan.result import Plan
from detente.plan.search.objective import welfare
from detente.plan.solve import CUT, STRUCK, plan
from detente.solver.effort import WORK, Meter

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.solver.linear import Progress

__all__ = ["Concession", "Concessions", "brief_of", "concessions", "left_out", "shares_of_gain"]

_WORK = 4 * WORK  # for all plans together


@dataclass(frozen=True)
class Concession(Frozen):
    """A set of demands that is given up, all others kept. plan : the best roadmap then. adds : to each party's value, in its
    units."""

    demands: tuple[str, ...]
    plan: Plan
    adds: Mapping[str, float]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        demands : the demands given up, all others kept
        """
        return {"demands": list(self.demands), "adds": dict(self.adds), "plan": brief_of(self.plan)}


@dataclass(frozen=True)
class Concessions(Frozen):
    """What is possible without giving way, and what would be with concessions.

    kept : the best roadmap in which no demand is given up. relaxed : concessions, by what they add. best : the best
    roadmap whatever is demanded. complete : whether all minimal relaxations are among `relaxed`.
    """

    kept: Plan
    relaxed: tuple[Concession, ...]
    best: Plan
    complete: bool

    def __bool__(self) -> bool:
        """Whether there is a roadmap in which nobody gives way."""
        return bool(self.kept)

    @property
    def share(self) -> Mapping[str, float | None]:
        """Each party's gain without giving way, as a share of `best`; None: it gains nothing there."""
        return shares_of_gain(self.kept, self.best)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The measures that `best` brings in full and `kept` does not."""
        return left_out(self.kept, self.best)

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong
        from detente.base.words import count, signed_figure

        parties = list(self.kept.value)
        out = Table("", "Given up", *parties)
        for c in self.relaxed:
            out.add(", ".join(c.demands), *(signed_figure(c.adds[i]) for i in parties))
        steps = count(self.kept.roadmap.length, "step")
        return notebook(strong(f"{self.kept.instance.case}: {steps} without giving way."), out)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        method.time_limit_struck : whether the time limit ended something
        method.work_limit_struck : whether the usual limit of work did
        kept : the best in which no demand is given up, without its rows
        """
        plans = (self.kept, self.best, *(c.plan for c in self.relaxed))
        return {
            "case": self.kept.instance.case,
            "kept": brief_of(self.kept),
            "share": dict(self.share),
            "left_out": list(self.left_out),
            "relaxed": [c.to_dict() for c in self.relaxed],
            "best": brief_of(self.best),
            "complete": self.complete,
            "method": {key: any((p.method or {}).get(key) for p in plans) for key in (STRUCK, CUT)},
        }


def concessions(
    case: Case | str | Path,
    *,
    objective: str = "nash",
    time_limit: float | None = None,
    most: int = 20,
    gap: float = 0.0,
    progress: Progress | None = None,
) -> Concessions:
    """Find the best roadmap in which no demand is given up, and what giving up each set of demands would add.

    Parameters
    ----------
    objective : as of `plan`. time_limit : seconds for all of it; None: work is counted, the same on every machine.
    most : how many concessions are planned, single demands first.
    gap : stop each search as soon as no roadmap can be better by more than this share.
    progress : called now and then with seconds, best value and bound.

    Raises
    ------
    InputError
        If the case states no demands, or on an objective, limit or number that means nothing.
    """
    from detente.case.load import as_case

    case = as_case(case)
    if not case.demands:
        raise InputError(f"{case.case} states no demands: nothing could be given up; `detente plan` finds the best roadmap")
    if most < 0:
        raise InputError(f"got {most} concessions, wanted 0 or more")
    began, work = time.monotonic(), Meter(_WORK)
    every = [d.id for d in case.demands]
    locked, all_deadlocks = deadlocks(case.demands, case.instance)
    ways, all_ways = relaxations(locked)
    sets = list(dict.fromkeys([*((d,) for d in every), *ways]))

    def planned(given_up: tuple[str, ...]) -> Plan:
        return plan(
            case,
            objective=objective,
            time_limit=time_limit,
            gap=gap,
            reasons=False,
            keep_demands=[d for d in every if d not in given_up],
            began=began,
            work=work,
            progress=progress,
        )

    kept, best = planned(()), planned(tuple(every))
    relaxed = [Concession(given_up, made := planned(given_up), _added(made, kept)) for given_up in sets[:most]]
    relaxed.sort(key=lambda c: welfare(objective, c.plan.certificate, c.plan.instance), reverse=True)
    return Concessions(kept, tuple(relaxed), best, all_deadlocks and all_ways and len(sets) <= most)


def shares_of_gain(kept: Plan, best: Plan) -> Mapping[str, float | None]:
    """By party its gain in one plan as a share of that in another; None where it gains nothing there."""
    gains = {i: (_gain(kept, i), _gain(best, i)) for i in kept.value}
    return FrozenDict({i: None if whole <= 0 else part / whole for i, (part, whole) in gains.items()})


def left_out(kept: Plan, best: Plan) -> tuple[str, ...]:
    """The measures of the case that one plan brings into force in full and another does not."""
    return tuple(m for m in kept.instance.slices if _has(best, m) and not _has(kept, m))


def _gain(made: Plan, party: str) -> float:
    return made.value[party] - made.no_deal[party]


def _added(made: Plan, kept: Plan) -> Mapping[str, float]:
    return FrozenDict({i: made.value[i] - kept.value[i] for i in kept.value})


def _has(made: Plan, measure: str) -> bool:
    """Whether a roadmap brings all of a measure of the case into force."""
    return all(made.roadmap.entry[m] is not None for m in made.instance.slices[measure])


def brief_of(made: Plan) -> dict[str, object]:
    """A plan without its rows."""
    keys = ("status", "gap", "entry", "value", "no_deal", "nothing_because")
    whole = made.to_dict()
    return {key: whole[key] for key in keys}
