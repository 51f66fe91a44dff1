"""The answer to `detente positions`: for each issue the two baselines, and with a profile a distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.positions.challenge import Challenge
from detente.positions.influence import Influence
from detente.positions.noise import Spread

__all__ = ["Distribution", "Forecast", "Holder", "Positions"]

NO_PROFILE = (
    "No profile of coefficients was named, so there is no distribution: these are the two baselines, the salience- and "
    "capability-weighted mean and median. `--profile eu-council` gives one fitted on decisions of the European Union; "
    "`detente positions fit` makes another from decided issues."
)


@dataclass(frozen=True)
class Holder(Frozen):
    """An actor on an issue. weight : its share of all weight.
    salience : as used; `unknown` where it was not given. within : the range of positions it could hold, where stated."""

    actor: str
    position: float
    salience: float
    capability: float
    weight: float
    unknown: bool = False
    within: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON says it.

        actor : an actor
        position : where it stands
        capability : what it can bring to bear
        unknown : whether the salience was filled in
        """
        return told(self, "actor position salience capability weight unknown")


@dataclass(frozen=True)
class Distribution(Frozen):
    """Where the outcome may lie. points, probabilities : the distribution. interval : 80% of it."""

    median: float
    mean: float
    interval: tuple[float, float]
    points: tuple[float, ...]
    probabilities: tuple[float, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON says it.

        median : the median of the forecast; `distribution` is `null` without a profile
        mean : its mean
        points : the distribution: 101 points from end to end
        probabilities : their probabilities
        """
        return {**told(self, "median mean interval80=interval points"), **told(self, "probabilities", digits=6)}


@dataclass(frozen=True)
class Forecast(Frozen):
    """What is said about one issue. Everything is in the issue's own units.

    influence, spread : None where they were not asked for (several issues); spread also where no noise was stated.
    challenge : what the challenge model says, where it was asked for.
    """

    issue: str
    low: float
    high: float
    holders: tuple[Holder, ...]
    weighted_mean: float
    weighted_median: float
    distribution: Distribution | None = None
    influence: tuple[Influence, ...] | None = None
    spread: Spread | None = None
    challenge: Challenge | None = None
    title: str = ""
    outcome: float | None = None

    @property
    def answer(self) -> float:
        """The median of the distribution; without one the weighted mean."""
        return self.distribution.median if self.distribution else self.weighted_mean

    def to_dict(self, *, trace: bool = False) -> dict[str, object]:
        """As JSON says it.

        issue : the issue
        range : the two ends of its scale
        weighted_mean : the mean weighted by capability times salience
        weighted_median : the median with these weights
        """
        found = told(self, "weighted_mean weighted_median distribution actors=holders influence spread")
        played = self.challenge.to_dict(trace=trace) if self.challenge else None
        return {"issue": self.issue, "range": [self.low, self.high], **found, "challenge": played}


@dataclass(frozen=True)
class Positions(Frozen):
    """Forecasts for the issues of a table.

    profile : `profile`, `about`, `source` and `fitted` of the profile; None: baselines only
    notes : what was assumed, beginning with the absence of a profile
    """

    forecasts: tuple[Forecast, ...]
    profile: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()

    def __getitem__(self, issue: str) -> Forecast:
        return next(f for f in self.forecasts if f.issue == issue)

    def to_dict(self, *, trace: bool = False) -> dict[str, object]:
        """The keys of `detente positions --json`."""
        return {**told(self, "profile notes"), "issues": [f.to_dict(trace=trace) for f in self.forecasts]}

    def _repr_html_(self) -> str:
        from detente.base.parts import notebook
        from detente.positions.telling import show_positions

        return notebook(*show_positions(self))
