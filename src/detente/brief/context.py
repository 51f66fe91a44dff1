"""What every part of the brief is written from: the case, its diagnosis and plan, and how to name what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from detente.assess.result import Assessment
from detente.base.keyed import keyed
from detente.case.instance import Instance
from detente.case.naming import Naming
from detente.compare.result import Comparison
from detente.diagnose.result import Diagnosis
from detente.forecast.result import Forecast
from detente.plan.reasons import reason_sentence
from detente.plan.result import Plan, Reason
from detente.plan.steps import Step, numbered
from detente.plan.unlock.first import FirstWay
from detente.positions.result import Positions
from detente.prepare.contingency import Contingency, Preparation
from detente.recommend.result import Alternative, Recommendation, Terms
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
    misses: tuple[Contingency, ...] = ()
    """What to do if single steps do not come (module `misses`)."""
    keyed: bool = False
    """Whether figures carry the place in `--json` that they come from."""
    paper: bool = False
    """Whether the pictures of the two pages are drawn for a sheet, which is no wider than a page in the middle of a screen."""

    def of(self, figure: str, *key: object) -> str:
        return keyed(figure, ".".join(map(str, key))) if self.keyed else figure

    @property
    def instance(self) -> Instance:
        return self.plan.instance

    @cached_property
    def recommended(self) -> Alternative | None:
        """The roadmap that is told, as it was recommended; None where there is none, or it is another one."""
        return self.plan.recommended if isinstance(self.plan, Recommendation) else None

    @property
    def alternatives(self) -> Mapping[str, Alternative]:
        """The named roadmaps, the recommended one among them; none where nothing was recommended."""
        return self.plan.alternatives if isinstance(self.plan, Recommendation) and self.recommended else {}

    @property
    def terms(self) -> Terms | None:
        """What the named roadmaps were judged by."""
        return self.plan.terms if isinstance(self.plan, Recommendation) else None

    def why(self, reason: Reason) -> str:
        """Why a step does not come sooner, or not at all."""
        return reason_sentence(reason, self.plan, self, played=self.recommended is not None)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the roadmap, numbered; none without one."""
        return numbered(self.instance, self.plan.roadmap, {m: spec.title for m, spec in self.case.measures.items()})

    def number_of(self, measure: str) -> int | None:
        return next((s.number for s in self.steps if measure in s.measures), None)

    @cached_property
    def wholes(self) -> dict[str, tuple[int | None, ...]]:
        """For each measure of the case file the phases in which its slices enter (-1: in force already, None: never)."""
        return {m: tuple(self.plan.roadmap.entry[s] for s in ids) for m, ids in self.instance.slices.items()}

    def entries(self, measure: str) -> tuple[int | None, ...]:
        """The same of a measure, or of one slice."""
        return self.wholes.get(measure) or (self.plan.roadmap.entry[measure],)

    @cached_property
    def settled(self) -> int:
        """The first phase from which nothing changes any more: all steps are taken and have been seen."""
        last = max((e for e in self.plan.roadmap.entry.values() if e is not None), default=-1)
        lag = max((m.lag for m in self.instance.measures if (self.plan.roadmap.entry[m.id] or -1) >= 0), default=0)
        return min(self.instance.phases, max(1, last + 1 + lag))
