"""What assessing returns: each strategy as it fared, how they differ, what warns early, what decides between them.

Every figure is a mean over plays with its standard error, `(mean, se)`. Values are in each party's own units, discounted to
phase 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.assess.first import First
from detente.assess.profile import PlayProfile
from detente.assess.strategies import Strategy
from detente.assess.warning import Sign
from detente.base.frozen import Frozen
from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap

if TYPE_CHECKING:
    from detente.assess.breakeven import Crossing
    from detente.assess.sensitivity import Sensitivity

__all__ = ["Assessment", "Estimate", "Fared"]

Estimate = tuple[float, float]
"""A mean and its standard error."""


@dataclass(frozen=True)
class Fared(Frozen):
    """How a strategy fared.

    value, gain : by party, the gain over no deal of the same play. kept : value if all are sincere and nothing goes wrong.
    collapse_by_phase : the chance of a collapse in each phase 0 .. T-1, and after the last.
    collapse, stopped, under_way : how it ends, one of the three in each play; stopped: nothing new came any more, and it did
    not collapse. causes, stop_causes : by cause (`process.CAUSES`). phase : the chance that phase t begins with the process
    neither collapsed nor stopped, after what strikes at its beginning. reach : by provision; when : mean phase in which it is
    carried out, if it is (None: never).
    entered : by measure, with the mean phase. first_failure : by measure, the chance of being the first not carried out;
    first_refused, first_late : the same as events (`first`).
    score, regret : module `tally`. behind : the score less that of the best strategy, on the same luck; value_behind : the
    same by party.
    """

    strategy: Strategy
    value: Mapping[str, Estimate]
    gain: Mapping[str, Estimate]
    kept: Mapping[str, float]
    collapse: Estimate
    collapse_by_phase: tuple[float, ...]
    causes: Mapping[str, Estimate]
    stopped: Estimate
    under_way: Estimate
    stop_causes: Mapping[str, Estimate]
    phase: tuple[Estimate, ...]
    reach: Mapping[str, Estimate]
    when: Mapping[str, float | None]
    entered: Mapping[str, tuple[float, float, float | None]]
    first_failure: Mapping[str, Estimate]
    first_refused: First
    first_late: First
    score: Estimate
    regret: Estimate
    behind: Estimate
    value_behind: Mapping[str, Estimate]
    signs: tuple[Sign, ...]

    @property
    def main_cause(self) -> str | None:
        """The likeliest cause of a collapse; None if there was none."""
        likely = max(self.causes, key=lambda c: self.causes[c][0], default=None)
        return likely if likely is not None and self.causes[likely][0] > 0 else None

    @property
    def weakest(self) -> tuple[str, ...]:
        """Measures by their chance of being the first not carried out, the likeliest first; those that never are left out."""
        ranked = sorted(self.first_failure, key=lambda m: -self.first_failure[m][0])
        return tuple(m for m in ranked if self.first_failure[m][0] > 0)

    def weakest_wholes(self, slices: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, float, str], ...]:
        """The same by measure of the case file, the slices of each together: id, chance, last slice."""
        ranked = [(w, sum(self.first_failure[m][0] for m in ids), ids[-1]) for w, ids in slices.items()]
        return tuple(sorted((x for x in ranked if x[1] > 0), key=lambda x: -x[1]))

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        value : what it is worth to a party
        gain : what it gains over no deal, play by play
        collapse : the chance of a collapse
        causes : by cause: `cheating`, `spoiling`, `failure`, `shock`, `distrust`, `government`, `leaving`
        stopped : the chance that it stops and does not collapse later
        under_way : the chance of neither a collapse nor a stop
        stop_causes : the chance of each cause of a stop
        score : the share of what was promised, the mean over parties; each with its standard error
        regret : the score lost against the best strategy for each luck
        first_refused : the first refusal of consent
        first_late : the first delay
        """
        return {
            **self.strategy.to_dict(),
            "value": _listed(self.value),
            "gain": _listed(self.gain),
            "kept": dict(self.kept),
            "collapse": list(self.collapse),
            "collapse_by_phase": list(self.collapse_by_phase),
            "causes": _listed(self.causes),
            "stopped": list(self.stopped),
            "under_way": list(self.under_way),
            "stop_causes": _listed(self.stop_causes),
            "phase": [list(x) for x in self.phase],
            "reach": _listed(self.reach),
            "when": dict(self.when),
            "entered": {m: list(x) for m, x in self.entered.items()},
            "first_failure": _listed(self.first_failure),
            "first_refused": self.first_refused.to_dict(),
            "first_late": self.first_late.to_dict(),
            "score": list(self.score),
            "regret": list(self.regret),
            "behind": list(self.behind),
            "value_behind": _listed(self.value_behind),
            "signs": [s.to_dict() for s in self.signs],
        }


def _listed(given: Mapping[str, Estimate]) -> dict[str, list[float]]:
    return {k: list(x) for k, x in given.items()}


@dataclass(frozen=True)
class Assessment(Frozen):
    """What is ahead under the case's values and a profile.

    fared : by strategy. best : the strategy with the highest score. recommended : that of the
    roadmap to follow; None: none was played. promise : by party, the largest gain that any strategy brings if kept (what scores
    are shares of). between : the two strategies that
    crossings and sensitivity compare.
    seconds : of wall-clock time. Two assessments that differ in nothing but the time are equal.
    """

    instance: Instance
    profile: PlayProfile
    roadmap: Roadmap | None
    runs: int
    seed: int
    sincere: Mapping[str, float]
    promise: Mapping[str, float]
    fared: Mapping[str, Fared]
    best: str
    recommended: str | None
    between: tuple[str, str] | None
    crossings: tuple[Crossing, ...]
    sensitivity: Sensitivity | None
    seconds: float = field(compare=False)

    def __bool__(self) -> bool:
        """Whether anything was played."""
        return bool(self.fared)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        runs : plays of each strategy
        sincere : the chance that a party is sincere
        method.seconds : of wall-clock time; the only figure that differs from run to run
        """
        return {
            "case": self.instance.case,
            "phases": self.instance.phases,
            "runs": self.runs,
            "seed": self.seed,
            "profile": self.profile.to_dict(),
            "entry": None if self.roadmap is None else dict(self.roadmap.entry),
            "sincere": dict(self.sincere),
            "promise": dict(self.promise),
            "strategies": {x: f.to_dict() for x, f in self.fared.items()},
            "best": self.best,
            "recommended": self.recommended,
            "between": None if self.between is None else list(self.between),
            "crossings": [c.to_dict() for c in self.crossings],
            "sensitivity": None if self.sensitivity is None else self.sensitivity.to_dict(),
            "method": {"seconds": self.seconds},
        }

    def without_time(self) -> dict[str, object]:
        """The same for the same case, profile, runs and seed, byte for byte."""
        return {k: x for k, x in self.to_dict().items() if k != "method"}

    def _repr_html_(self) -> str:
        from detente.base.parts import Table, notebook, strong
        from detente.base.words import figure, number, percent

        name = {p.id: p.name for p in self.instance.parties}
        out = Table("", "Strategy", *name.values(), "Collapse", "Stop")
        for f in self.fared.values():
            values = (f"{figure(f.value[i][0])} ± {number(f.value[i][1])}" for i in name)
            out.add(f.strategy.title, *values, percent(f.collapse[0]), percent(f.stopped[0]))
        profile = f"profile {self.profile.name}"
        return notebook(strong(f"{self.instance.case}: {self.runs:,} plays of each strategy, {profile}."), out)
