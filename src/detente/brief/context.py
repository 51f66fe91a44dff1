"""What every part of the brief is written from: the case, its diagnosis and plan, and how to name what stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from detente.assess.result import Assessment
from detente.brief.naming import Naming
from detente.brief.steps import Step, numbered
from detente.case.instance import Instance
from detente.compare.result import Comparison
from detente.diagnose.result import Diagnosis
from detente.forecast.result import Forecast
from detente.plan.result import Plan
from detente.plan.unlock.first import FirstWay
from detente.positions.result import Positions
from detente.prepare.contingency import Preparation
from detente.record.account import Account

__all__ = ["Context"]


@dataclass(frozen=True)
class Context(Naming):
    """A case with what was found about it."""

    plan: Plan
    diagnosis: Diagnosis
    preparation: Preparation | None = None
    comparison: Comparison | None = None
    unlocked: FirstWay | None = None
    account: Account | None = None
    positions: Positions | None = None
    assessment: Assessment | None = None
    forecasts: tuple[Forecast, ...] = ()

    @property
    def instance(self) -> Instance:
        return self.plan.instance

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the roadmap, numbered."""
        titles = {m: spec.title for m, spec in self.case.measures.items()}
        return numbered(self.instance, self.plan.roadmap, titles)

    @cached_property
    def wholes(self) -> dict[str, tuple[int | None, ...]]:
        """For each measure of the case file the phases in which its slices enter (-1: in force already, None: never)."""
        return {m: tuple(self.plan.roadmap.entry[s] for s in ids) for m, ids in self.instance.slices.items()}

    @cached_property
    def settled(self) -> int:
        """The first phase from which nothing changes any more: all steps are taken and have been seen."""
        last = max((e for e in self.plan.roadmap.entry.values() if e is not None), default=-1)
        lag = max((m.lag for m in self.instance.measures if (self.plan.roadmap.entry[m.id] or -1) >= 0), default=0)
        return min(self.instance.phases, max(1, last + 1 + lag))
