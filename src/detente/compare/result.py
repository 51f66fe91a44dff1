"""What comparing returns: several roadmaps of one case, each with its figures. All that is shown as holding is certified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.draws.spread import Varied
from detente.compare.frontier import Frontier
from detente.compare.levels import TrustLevels
from detente.compare.reach import Carried, Reach
from detente.plan.certificate import Certificate, Row
from detente.plan.draws.result import Widened
from detente.plan.roadmap import Roadmap

__all__ = ["Compared", "Comparison", "Estimate", "Expected", "Peak"]

Estimate = tuple[float, float]
"""A mean over plays, and its standard error."""


@dataclass(frozen=True)
class Expected(Frozen):
    """What may be expected of a roadmap: figures over the same plays for all that stand side by side.

    plays : how many. score : see `assess.tally`. collapse : share of plays. gain : by party over no deal, in its units.
    gain_behind : the same less that of the recommended roadmap, on the same luck; below 0: that is what it costs the party to
    take this one instead. by_condition : its pace. given_up : demands that it does not meet.
    """

    plays: int
    score: Estimate
    collapse: Estimate
    gain: Mapping[str, Estimate]
    gain_behind: Mapping[str, Estimate]
    by_condition: bool
    given_up: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        """Whether it is the recommended one itself, or the same roadmap."""
        return not any(x for x, _ in self.gain_behind.values())

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        score : the score (0: no deal, 1: what was promised at best), and its standard error
        pace : `by date` or `by condition`
        collapse : the share of plays that collapse, and its standard error
        gain : what a party may expect over no deal, and its standard error
        gain_behind : the same less the recommended one's
        """
        return {
            "plays": self.plays,
            "score": list(self.score),
            "collapse": list(self.collapse),
            "gain": {i: list(x) for i, x in self.gain.items()},
            "gain_behind": {i: list(x) for i, x in self.gain_behind.items()},
            "pace": "by condition" if self.by_condition else "by date",
            "given_up": list(self.given_up),
        }


@dataclass(frozen=True)
class Peak:
    """The largest exposure of a party in any phase at the hands of any other, in its units, and the first phase of it.

    toward, phase : None where nothing is put at risk. allowed : what trust allows in that phase.
    """

    exposure: Fraction
    toward: str | None
    phase: int | None
    allowed: Fraction | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        exposure : the most that a party puts at risk in any phase
        toward : at whose hands; `null`: no risk
        phase : in which phase first
        """
        return {
            "exposure": float(self.exposure),
            "toward": self.toward,
            "phase": self.phase,
            "allowed": None if self.allowed is None else float(self.allowed),
        }


@dataclass(frozen=True)
class Compared(Frozen):
    """A roadmap among others.

    name : what it is called: "plan", "recommended" or that of another named roadmap (module `recommend.result`), the id of a
        stated order, or the name of its file; each once.
    source : "plan", "order", "file", or "roadmap" where one was given as such. by : whose order it is.
    gain : V[i,0] less the value of no deal, by party, in its units.
    first_failure : the first broken row, or None.
    speed : new measures in force, on average over the phases (see `plan.walk.walk`).
    strain : the largest share of its allowance that any party puts at risk (see `compare.trust`); None: no trust would do.
    needs : the level of trust below which it would not hold; 0: nothing at risk; None: at none.
    held, interval, widened : the share of draws of the case's values in which every row holds, its 95% interval, and both
        under wider ranges; None if that was not asked for, or if no value is uncertain.
    expected : over plays; None: without the recommended roadmap.
    """

    name: str
    title: str
    source: str
    by: tuple[str, ...]
    roadmap: Roadmap = field(repr=False)
    certificate: Certificate = field(repr=False)
    reach: Reach
    provisions: tuple[Carried, ...]
    gain: Mapping[str, Fraction]
    peaks: Mapping[str, Peak]
    first_failure: Row | None
    speed: Fraction
    strain: Fraction | None
    needs: Fraction | None
    held: float | None = None
    interval: tuple[float, float] | None = None
    widened: Widened | None = None
    expected: Expected | None = None

    @property
    def holds(self) -> bool:
        return self.first_failure is None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        name : `recommended`, `fastest`, `surest` or `without-giving-way`; with `--likely` `plan`; the id of a stated order, or
            the name of a file
        holds : whether every row holds
        value : what it is worth from today on if all keep to it
        gain : the same less what no deal is worth
        speed : new measures in force, on average over the phases
        strain : the largest share of the odds that a trust or doubt row needs; above 1: one breaks; `null`: no trust would do
        held : the share of draws in which every row holds; `null` without draws
        interval : its 95% interval
        widened : with wider ranges; `null` without draws
        """
        smallest, failure = self.certificate.smallest, self.first_failure
        return {
            "name": self.name,
            "title": self.title,
            "source": self.source,
            "by": list(self.by),
            "entry": dict(self.roadmap.entry),
            "holds": self.holds,
            "reach": self.reach.to_dict(),
            "value": {i: float(x) for i, x in self.certificate.value.items()},
            "gain": {i: float(x) for i, x in self.gain.items()},
            "provisions": [p.to_dict() for p in self.provisions],
            "peak_exposure": {i: p.to_dict() for i, p in self.peaks.items()},
            "speed": float(self.speed),
            "needs": None if self.needs is None else float(self.needs),
            "strain": None if self.strain is None else float(self.strain),
            "smallest_slack": None if smallest is None else smallest.to_dict(),
            "held": self.held,
            "interval": None if self.interval is None else list(self.interval),
            "widened": None if self.widened is None else self.widened.to_dict(),
            "first_failure": None if failure is None else failure.to_dict(),
            **({} if self.expected is None else {"expected": self.expected.to_dict()}),
        }


@dataclass(frozen=True)
class Comparison(Frozen):
    """Roadmaps of one case side by side, in the order in which they were given.

    draws, varied : how draws were made, and how much of the case they vary; None where they were not asked for or no value is
        uncertain.
    cut_short : the pictures were cut short.
    frontier, trust_levels : the two pictures; None where they were not asked for, or nobody depends on another's word.
    """

    case: str
    phases: int
    no_deal: Mapping[str, Fraction]
    roadmaps: tuple[Compared, ...]
    draws: Mapping[str, object] | None = None
    frontier: Frontier | None = None
    trust_levels: TrustLevels | None = None
    cut_short: bool = False
    varied: Varied | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        draws : `null` without draws
        draws.draws, draws.seed : how many, and where they start
        frontier, trust_levels : with `--frontier`; `null`: nobody depends on another's word
        """
        how = None if self.draws is None or self.varied is None else {**self.draws, **self.varied.to_dict()}
        return {
            "case": self.case,
            "phases": self.phases,
            "no_deal": {i: float(x) for i, x in self.no_deal.items()},
            "draws": how,
            "roadmaps": [r.to_dict() for r in self.roadmaps],
            "cut_short": self.cut_short,
            "frontier": None if self.frontier is None else self.frontier.to_dict(),
            "trust_levels": None if self.trust_levels is None else self.trust_levels.to_dict(),
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong
        from detente.base.words import signed_figure

        out = Table("Gains over no deal, each in its own units", "Roadmap", "Holds", "Measures", *self.no_deal)
        for r in self.roadmaps:
            gains = (signed_figure(r.gain[i]) for i in self.no_deal)
            out.add(r.title, "yes" if r.holds else "no", f"{r.reach.measures} of {r.reach.of_measures}", *gains)
        return notebook(strong(f"{self.case}: {len(self.roadmaps)} roadmaps"), out)
