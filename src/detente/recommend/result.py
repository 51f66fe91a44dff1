"""What comes of a recommendation: the roadmap to recommend, and the ones that somebody may want in its place.

    recommended         the best in plays, of all that were found
    fastest             the best if all goes well: the plan at the likely values
    surest              of those found, the one that holds in the largest share of draws, and has the reach that is asked for
    without-giving-way  the best in plays of those found in which no demand is given up

One that is worse in everything than another is not shown: in plays, if all goes well, in its share of draws, in its reach, and
in the number of demands that it gives up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.assess.profile import PlayProfile
from detente.base.frozen import Frozen
from detente.base.words import percent
from detente.plan.certificate import Certificate
from detente.plan.draws.result import Widened
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.recommend.late import LateStep

__all__ = ["FASTEST", "FRESH", "KEEPING", "NAMES", "RECOMMENDED", "SUREST", "Alternative", "Recommendation", "Terms"]

RECOMMENDED, FASTEST, SUREST, KEEPING = NAMES = ("recommended", "fastest", "surest", "without-giving-way")

FRESH = 8192
"""Plays on which what was found is judged; none of them has been seen by the search."""

Estimate = tuple[float, float]
"""A mean over plays, and its standard error."""


@dataclass(frozen=True)
class Alternative(Frozen):
    """One of the named roadmaps; all figures on fresh plays, the same for all of them.

    by_condition : its pace (`assess.process`): each step as soon as what it waits for has been seen and everyone dares; else by
    date. objective : of expected gains (module `recommend.aim`). gain : by party over no deal. score : see `assess.tally`.
    collapse : share of plays. reach : provisions of the agreements that are carried out, as a share, on average; of the open
    measures where no agreement has a provision. scheduled : the same by the schedule. holds : share of draws in which every row
    holds, interval : 95%, widened : both under wider ranges. likely : the objective if all goes well. late : the single late
    step after which somebody gains least, of one phase or as many as were asked about; None: there is none. given_up : demands
    that it does not meet.
    objective_behind, score_behind, gain_behind : less those of the recommended one, on the same luck.
    """

    name: str
    by_condition: bool
    roadmap: Roadmap = field(repr=False)
    certificate: Certificate = field(repr=False)
    objective: Estimate
    gain: Mapping[str, Estimate]
    score: Estimate
    collapse: Estimate
    reach: float
    scheduled: float
    holds: float
    interval: tuple[float, float]
    likely: tuple[float, ...]
    late: LateStep | None
    given_up: tuple[str, ...]
    objective_behind: Estimate
    score_behind: Estimate
    gain_behind: Mapping[str, Estimate]
    widened: Widened | None = None

    @property
    def title(self) -> str:
        """What it is called beside other roadmaps."""
        return "The best roadmap without giving way" if self.name == KEEPING else f"The {self.name} roadmap"

    @property
    def prefer(self) -> str:
        """When to prefer it."""
        return {
            RECOMMENDED: "Where nothing else decides: over everything that may happen, it does best for everybody.",
            FASTEST: "If everybody is sure to keep to it and nothing comes late: then it is worth most.",
            SUREST: f"If you doubt the values: everybody would keep to it in {percent(self.holds)} of draws from their ranges.",
            KEEPING: "If nobody can be asked to give up a demand: all are met.",
        }[self.name]

    def beats(self, other: Alternative) -> bool:
        """Whether it is nowhere worse, and somewhere better."""
        return self._merits != other._merits and all(a >= b for a, b in zip(self._merits, other._merits, strict=True))

    @property
    def _merits(self) -> tuple[Any, ...]:
        return self.objective[0], self.score[0], self.likely, self.holds, self.reach, -len(self.given_up)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        steps : how many steps; slices that enter together are one
        pace : `by date` or `by condition` (each as soon as what it waits for has been seen and everyone dares)
        score : in fresh plays; 0: no deal, 1: what was promised at best
        holds : the share of draws in which every row holds
        reach : the mean share of provisions (else measures) carried out in plays
        scheduled : the same by the schedule
        objective.mean, objective.se : the objective of the expected gains
        gain.ID.mean, gain.ID.se : what a party may expect over no deal
        late : the late step after which somebody gains least; `null`: there is none
        late.measure, late.phases, late.party, late.gain : which step, how late, whom it leaves so little, and what that is over
            no deal
        score_se : its standard error
        interval : its 95% interval
        collapse.mean, collapse.se : the share of plays that collapse, and its standard error
        behind.objective.mean, behind.objective.se : these less the recommended one's, on the same plays
        behind.score.mean, behind.score.se : these less the recommended one's, on the same plays
        behind.gain.ID.mean, behind.gain.ID.se : these less the recommended one's, on the same plays
        widened : with every range wider
        """

        def estimates(by: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
            return {i: _estimate(x) for i, x in by.items()}

        return {
            "entry": dict(self.roadmap.entry),
            "steps": self.roadmap.length,
            "pace": "by condition" if self.by_condition else "by date",
            "score": self.score[0],
            "score_se": self.score[1],
            "holds": self.holds,
            "interval": list(self.interval),
            "widened": None if self.widened is None else self.widened.to_dict(),
            "reach": self.reach,
            "scheduled": self.scheduled,
            "collapse": _estimate(self.collapse),
            "objective": _estimate(self.objective),
            "gain": estimates(self.gain),
            "late": None if self.late is None else {**self.late._asdict(), "gain": float(self.late.gain)},
            "given_up": list(self.given_up),
            "behind": {
                "objective": _estimate(self.objective_behind),
                "score": _estimate(self.score_behind),
                "gain": estimates(self.gain_behind),
            },
            "prefer": self.prefer,
        }


def _estimate(x: Estimate) -> dict[str, float]:
    return {"mean": x[0], "se": x[1]}


@dataclass(frozen=True)
class Terms:
    """What roadmaps were judged by: a profile, the seed of draws and plays, by what every range was multiplied, and how many
    draws shares were counted on."""

    profile: PlayProfile
    seed: int
    widen: float
    draws: int


@dataclass(frozen=True)
class Recommendation(Plan, Frozen):
    """A plan of which one of several roadmaps was chosen by name.

    which : its name. alternatives : those worth showing, the recommended one included. unmet : firm demands
    that the recommended roadmap does not meet. missed : "reach", "slack": asked for, and not found. at_likely : the plan at the
    likely values, with which the search began. terms : what they were judged by; None where there is no roadmap.
    """

    which: str = RECOMMENDED
    alternatives: Mapping[str, Alternative] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    at_likely: Plan | None = field(default=None, repr=False)
    terms: Terms | None = field(default=None, repr=False)

    @classmethod
    def of(cls, made: Plan, **more: Any) -> Recommendation:
        """A plan as a recommendation; more : fields that it has not, or has otherwise."""
        return cls(**{name: getattr(made, name) for name in Plan.__dataclass_fields__} | more)

    @property
    def recommended(self) -> Alternative | None:
        """What is recommended; None where there is no roadmap, or another one was asked for."""
        return self.alternatives.get(RECOMMENDED) if self.which == RECOMMENDED else None

    @property
    def fastest(self) -> Roadmap | None:
        """The best roadmap at the likely values, shown or not."""
        return None if self.at_likely is None else self.at_likely.roadmap

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        which : `recommended`, `fastest`, `surest` or `without-giving-way`
        """
        return {
            **super().to_dict(),
            "which": self.which,
            "unmet": list(self.unmet),
            "missed": list(self.missed),
            "alternatives": {name: a.to_dict() for name, a in self.alternatives.items()},
        }
