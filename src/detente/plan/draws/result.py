"""How sure a roadmap is: the share of draws in which every row holds, where it breaks first, and which value decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.base.frozen import Frozen, thawed
from detente.case.draws.spread import Varied
from detente.plan.draws.interval import CONFIDENCE

__all__ = ["Break", "Deciding", "DrawsResult", "Likely", "Shares", "Widened"]

Interval = tuple[float, float]


@dataclass(frozen=True)
class Break:
    """Where a roadmap breaks first, and in what share of all draws it does so there.

    party : whose row breaks; None for a fault of the schedule itself. row : its kind. Where several rows break in the same
    first phase of a draw, each party and kind is counted, so that these shares can add up to more than the share that breaks.
    """

    phase: int
    party: str | None
    row: str
    share: float
    interval: Interval

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        phase : in which phase
        share : in what share of all draws
        row : its kind
        """
        return {
            "phase": self.phase,
            "party": self.party,
            "row": self.row,
            "share": self.share,
            "interval": list(self.interval),
        }


@dataclass(frozen=True)
class Deciding:
    """How much it depends on one value, or on a set of values that comparisons tie, whether the roadmap holds.

    quantities : paths in the case file; several where they are tied and can only be drawn together.
    party, measures : whose value it is (None: of the measure itself); of which measures (empty: of the party itself).
    index : the total Sobol index of "every row holds": the share of its variance that would be left if every other value were
        known. interval : by bootstrap.
    leans : "higher" if the roadmap holds more often where the value is high, "lower" if where it is low, None for a set.
    correlations : the squared correlation of each value of a set with "every row holds"; empty for a single value.
    by_spread : its range is that of the spread, and none of the case's own; of a set, that of any of its values.
    """

    quantities: tuple[str, ...]
    kind: str
    party: str | None
    measures: tuple[str, ...]
    index: float
    interval: Interval
    leans: str | None
    correlations: tuple[float, ...] = ()
    by_spread: bool = False

    @property
    def method(self) -> str:
        return "total Sobol index" if len(self.quantities) == 1 else "total Sobol index of the set; squared correlations within"

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        kind : which number of the case: `value`, `once`, `stalemate`, `breakdown`, `trust`, `discount`, `irreversible`, `lag`
            or `signal`
        party : whose; `null` for the last three, which belong to a measure
        measures : of which measures; none: a party's own
        method : which index it is
        index : the total Sobol index
        correlations : of a set, each value's squared correlation with the verdict
        quantities : paths in the case; several if comparisons tie them
        leans : it holds more often if `higher` or `lower`; `null` for a set
        by_spread : whether its range is not the case's own
        """
        return {
            "quantities": list(self.quantities),
            "kind": self.kind,
            "party": self.party,
            "measures": list(self.measures),
            "by_spread": self.by_spread,
            "index": self.index,
            "interval": list(self.interval),
            "leans": self.leans,
            "correlations": list(self.correlations),
            "method": self.method,
        }


@dataclass(frozen=True)
class Widened:
    """The share of the same draws in which every row holds if every range is wider about its likely value.

    by : as many times as wide as the ranges that the case gives.
    """

    by: float
    share: float
    interval: Interval

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        holds : the share
        """
        return {"by": self.by, "holds": self.share, "interval": list(self.interval)}


@dataclass(frozen=True)
class Shares(Frozen):
    """In how many draws a roadmap holds.

    share : of draws in which every row holds. interval : 95% Wilson interval of it.
    by_phase : of length T + 1, falling: the share of draws in which every row of phases 0 .. t holds. The last is `share`.
    breaks : where it breaks first, the most frequent first.
    deciding : which values decide it, the weightiest first; empty where it holds in all draws or in none, or was not asked for.
    draws, seed : how many were drawn, and from which seed. effective : how many independent draws they are worth.
    varied : how many quantities of the case were varied; where there are none, the one check was made by the certificate.
    distribution : how values were drawn: shape, who said so, comparisons that tie some.
    r_hat : the largest split R-hat of the chains; None where nothing is tied.
    turned : the share of draws in which some party's own act is worth having to it, or worth beginning, and is not at the
        likely values, or the other way round; it is judged as if that party did with it what it does at these.
    widened : the share under wider ranges, since those that experts give are too narrow; None where it was not asked for.
    """

    case: str
    share: float
    interval: Interval
    by_phase: tuple[float, ...]
    breaks: tuple[Break, ...]
    deciding: tuple[Deciding, ...]
    draws: int
    seed: int
    effective: float
    varied: Varied
    distribution: Mapping[str, object]
    r_hat: float | None = None
    turned: float = 0.0
    widened: Widened | None = None

    @property
    def uncertain(self) -> int:
        """How many quantities were varied."""
        return self.varied.varied

    @property
    def note(self) -> str | None:
        """What has to be said beside the share: that nothing is uncertain."""
        if self.uncertain:
            return None
        return "nothing is uncertain: every value of the case is a single number, so there is one draw"

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        confidence : how often such intervals cover the true share
        draws : how many draws were counted
        seed : where they start
        deciding : the values that decide it, the weightiest first
        distribution : how values were drawn
        distribution.shape : `pert` or `triangular`
        distribution.likely_weight : the weight of the likely value in `pert`; otherwise `null`
        distribution.said_by : `case`, or the profile that stands in for it
        distribution.tied, distribution.comparisons : how many values comparisons tie; the places of these in the case
        distribution.confidence, distribution.widen : where they were asked for
        turned : the share of draws in which some party would judge an act of its own otherwise than at the likely values; it is
            taken to do the same
        widened : the same under wider ranges; `null`: not asked for
        note : that nothing is uncertain; else `null`
        """
        return {
            "case": self.case,
            "share": self.share,
            "interval": list(self.interval),
            "confidence": CONFIDENCE,
            "by_phase": list(self.by_phase),
            "breaks": [b.to_dict() for b in self.breaks],
            "deciding": [d.to_dict() for d in self.deciding],
            "draws": self.draws,
            "seed": self.seed,
            "effective": self.effective,
            "r_hat": self.r_hat,
            "turned": self.turned,
            **self.varied.to_dict(),
            "distribution": thawed(self.distribution),
            "widened": None if self.widened is None else self.widened.to_dict(),
            "note": self.note,
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong
        from detente.base.words import figure, from_to, percent

        wide = self.widened
        out = Table("Where it breaks first", "Phase", "Party", "Row", "Share of draws")
        for b in self.breaks:
            out.add(str(b.phase), b.party or "", b.row, percent(b.share, 1))
        return notebook(
            strong(f"{self.case}: every row holds in {percent(self.share, 1)} of {self.draws:,} draws."),
            f"95% interval {from_to(*self.interval, 1)}; {self.varied}; seed {self.seed}; {self.distribution['shape']}, "
            f"said by {self.distribution['said_by']}.",
            *([f"With every range {figure(wide.by)} times as wide: {percent(wide.share, 1)}."] if wide is not None else []),
            *([self.note] if self.note else []),
            out,
        )


@dataclass(frozen=True)
class Likely(Frozen):
    """The roadmap that is best at the likely values, for comparison: what being surer costs.

    share, interval, widened : on the first fresh draws. value : V[i,0] at the likely values, by party.
    """

    share: float
    interval: Interval
    value: Mapping[str, float]
    entry: Mapping[str, int | None] = field(repr=False)
    widened: Widened | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        share : its share in the first fresh draws
        value : what it is worth from today on, by party
        widened : under wider ranges
        """
        return {
            "share": self.share,
            "interval": list(self.interval),
            "widened": None if self.widened is None else self.widened.to_dict(),
            "value": dict(self.value),
            "entry": dict(self.entry),
        }


@dataclass(frozen=True)
class DrawsResult(Frozen):
    """How sure the roadmap of a plan is, and what was asked for.

    asked : the share asked for; None: only counted.
    shares : counted on draws that the search has not seen.
    likely : the best at the likely values; None: no share was asked for.
    search : how the roadmap came about; None where the plan at the likely values was not searched any further.
    """

    asked: float | None
    shares: Shares
    likely: Likely | None = None
    search: Mapping[str, object] | None = None

    @property
    def met(self) -> bool:
        """Whether the share counted is at least the one asked for."""
        return self.asked is None or self.shares.share >= self.asked

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        search : `null` where nothing was searched
        search.sample, search.check : draws to search and to correct
        search.rounds : how many times; 0: the likely plan was sure enough
        search.tried : changes looked at
        search.stream : which fresh draws counted: 0 the first, others where these fell short
        search.time_limit, search.cut_short : seconds allowed, and whether they ended it
        """
        counted = self.shares.to_dict()
        del counted["case"]
        return {
            "asked": self.asked,
            "met": self.met,
            **counted,
            "likely": None if self.likely is None else self.likely.to_dict(),
            "search": thawed(self.search),
        }
