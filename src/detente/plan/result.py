"""What planning returns: a roadmap, its certificate, and why it is not faster or longer.

status
    optimal   no other roadmap that satisfies the rows does better (to the tolerance that `gap` states)
    feasible  a certified roadmap; the search ended (time limit) before it was proved the best, `gap` says by how much at most
    none      nothing to recommend: `nothing_because` is "rows" (no roadmap that helps satisfies them, which is proved),
              "required" (none of these brings what is required into force), "today" (in the midst of a roadmap, what is in
              force does not satisfy them any more) or "limit" (the search ended before any was found; `gap` is then None)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.base.frozen import Frozen, FrozenDict, thawed
from detente.case.instance import Instance
from detente.plan.certificate import Certificate, Row
from detente.plan.roadmap import Roadmap

if TYPE_CHECKING:
    from detente.plan.draws.result import DrawsResult, Likely, Shares

__all__ = ["Plan", "Reason"]


@dataclass(frozen=True)
class Reason:
    """Why a measure does not enter one phase earlier, or does not enter at all.

    measure : the measure, or slice.
    phase : the phase in which it enters; None: never.
    tried : the phase that was tried in its place.
    row : the first row that the trial breaks, with its sides; None if no row breaks.
    waits_for : what it needs and does not enter, if it never enters.
    because : "first" (it enters at once), "row" (an incentive, trust, doubt, red-line or coalition row), "prerequisite",
        "exclusion", "window", "objective" (no row forbids it; the objective does not gain by it) or "draws" (the rows hold at
        the likely values, but in fewer draws than was asked for).
    """

    measure: str
    phase: int | None
    tried: int | None
    because: str
    row: Row | None = None
    waits_for: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        because : `row`, `prerequisite`, `exclusion`, `window`, `missing` (needs what never enters), `first` (it enters at
            once), `objective` (no row forbids it) or `draws` (with `--holds`: too many draws forbid it)
        """
        return {
            "measure": self.measure,
            "phase": self.phase,
            "tried": self.tried,
            "because": self.because,
            "row": None if self.row is None else self.row.to_dict(),
            "waits_for": list(self.waits_for),
        }


@dataclass(frozen=True)
class Plan(Frozen):
    """The answer to "what to do in which order?".

    objective : "nash", "sum" or "min".
    gap : nash: the share by which the geometric mean of the gains could at most be larger; sum, min: the same for the sum or
        the smallest gain. 0 means proved; None: no bound.
    reasons : one for every measure of the case that is not in force yet, in the order of the case.
    method : how the result came about: solver and version, rows, time limit, number of solves.
    holds : in how many draws it holds; None: not asked for, or there is no roadmap.
    """

    instance: Instance
    objective: str
    status: str
    gap: float | None
    roadmap: Roadmap
    certificate: Certificate
    reasons: tuple[Reason, ...] = ()
    nothing_because: str | None = None
    method: Mapping[str, object] | None = None
    holds: DrawsResult | None = None

    def __bool__(self) -> bool:
        """Whether there is a roadmap to show."""
        return self.status != "none"

    def likely(self, counted: Shares) -> Likely:
        """This plan, made at the likely values, as it is set beside one that was asked to hold in a share of draws."""
        from detente.plan.draws.result import Likely

        return Likely(counted.share, counted.interval, self.value, self.roadmap.entry, counted.widened)

    @property
    def value(self) -> Mapping[str, float]:
        """V[i,0] by party, in the party's units."""
        return FrozenDict({i: float(x) for i, x in self.certificate.value.items()})

    @property
    def no_deal(self) -> Mapping[str, float]:
        """Value of no deal by party, in the party's units."""
        return FrozenDict({i: float(x) for i, x in self.certificate.no_deal.items()})

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        status : `optimal` (proved the best), `feasible` (certified; the search ended before the proof) or `none` (nothing to
            recommend; exit code 1)
        certificate : as `detente verify` prints it
        nothing_because : with status `none`: `rows` (no roadmap that helps satisfies them, which is proved), `required`
            (none brings what was required), `today` (in the midst of a roadmap, what is in force does not satisfy
            them any more) or `limit` (the search ended too early); otherwise `null`
        gap : the share by which another could at most be better; `null`: no bound
        reasons : why a measure does not come sooner
        method : how it came about
        method.solver : the solver and its version
        method.columns, method.rows : the size of the programme
        method.time_limit : seconds allowed; `null`: none were asked for
        method.gap_asked : the gap that was asked for
        method.odds : whether all levels of the odds were used, or a grid
        method.parties_counted[] : whose gains counted
        method.ties : how ties were settled
        method.conditions : with `--keep-demands`, `--require` or `--forbid`: `demands`, `require` and `forbid`, lists of ids
        method.recommend : of the recommended: `plays` searched on, schedules `tried` and `taken`, `fresh_plays` that judge
            them, the `profile`, the names `found`
        value, no_deal : from today on, by party, in its own units
        method.time_limit_struck : whether the time limit ended something
        method.work_limit_struck : whether the usual limit of work did
        """
        return {
            "case": self.instance.case,
            "phases": self.instance.phases,
            "objective": self.objective,
            "status": self.status,
            "gap": self.gap,
            "entry": dict(self.roadmap.entry),
            "value": dict(self.value),
            "no_deal": dict(self.no_deal),
            "certificate": self.certificate.to_dict(),
            "nothing_because": self.nothing_because,
            "reasons": [r.to_dict() for r in self.reasons],
            "method": thawed(self.method or {}),
            "holds": None if self.holds is None else self.holds.to_dict(),
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong
        from detente.plan.steps import numbered
        from detente.plan.telling import checked, in_short

        out = Table("", "Phase", "Step")
        for step in numbered(self.instance, self.roadmap):
            out.add(str(step.phase), step.title)
        return notebook(strong(f"{self.instance.case}. {in_short(self)}"), checked(self.certificate), out)
