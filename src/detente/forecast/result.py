"""What a backtest found, and a forecast that stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.base.frozen import Frozen
from detente.base.plain import FIGURES, plain, told
from detente.case.profile import Judgements
from detente.forecast.profile import plain_profile

__all__ = ["Ahead", "Backtest", "Break", "Forecast", "Loss", "ModelScore"]


@dataclass(frozen=True)
class ModelScore(Frozen):
    """The scores of one model over all tested origins, horizons and units.

    crps, by_horizon : mean CRPS in the unit of the series, and by horizon 1..H (None where nothing was scored). coverage80 :
    see `detente.forecast.scores`; 0.8 is right. closed80 : observations in the closed interval. log_score : over
    bins. brier, crisis_log, reliability : of a crisis period, if one was defined. past : mean CRPS before the test, on which
    the choice rests (None for a model that was not there).
    """

    crps: float
    by_horizon: tuple[float | None, ...]
    coverage80: float
    closed80: float
    log_score: float
    brier: float | None = None
    crisis_log: float | None = None
    reliability: tuple[tuple[float, float, int], ...] = ()
    past: float | None = None


@dataclass(frozen=True)
class Loss(Frozen):
    """One case of a backtest: a unit in a period, forecast from an origin. observed : its value. crps : by model."""

    origin: str
    unit: tuple[str, ...]
    period: str
    observed: float
    crps: Mapping[str, float]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        origin : the last period that was known
        unit : the names of the unit
        observed : what came
        """
        return told(self, "origin unit period observed crps")


@dataclass(frozen=True)
class Backtest(Frozen):
    """Rolling-origin scores of all models.

    baseline : the simple forecast with the lowest CRPS in the test, in hindsight. chosen : the model fixed before it.
    skill : 1 - CRPS(chosen) / CRPS(baseline). interval : its block-bootstrap interval (None where there was nothing to
    resample). p_value : of the paired test. against : skill and p-value against every simple forecast. weights : of the
    mixture, means over the horizons. chosen_on : earlier origins that choice and weights rest on. first, last : tested
    origins as written. cases : how many values were scored. crisis, crises : what counts as one, and how many were. profile :
    what was taken for granted. losses : every case, where they were asked for.
    """

    source: str
    by: str
    horizon: int
    first: str
    last: str
    origins: int
    units: int
    cases: int
    seed: int
    missing: str
    models: Mapping[str, ModelScore]
    baseline: str
    chosen: str
    skill: float
    interval: tuple[float, float] | None
    p_value: float | None
    against: Mapping[str, tuple[float, float | None]]
    weights: Mapping[str, float]
    chosen_on: int
    crisis: str | None = None
    crises: int | None = None
    notes: tuple[str, ...] = field(default=(), repr=False)
    profile: Judgements = field(default_factory=plain_profile, repr=False)
    losses: tuple[Loss, ...] = field(default=(), repr=False)

    def to_dict(self, *, detail: bool = False) -> dict[str, object]:
        """The keys of ``detente forecast --backtest --json``; with `detail`, those of ``--detail`` as well.

        by : month, week, day or period
        horizon : periods ahead
        origins : how many were scored
        units : how many units
        missing : how a missing row was read
        crisis : what counts as a crisis, in words, or `null`
        crises : how many scored values were one, or `null`
        interval : its 95% interval; `null` for one unit from one origin
        chosen : the model that was fixed without the tested periods
        against.ID.skill, against.ID.p_value : the skill over each simple forecast, and the test against it
        models.ID.crps : mean CRPS over all tested origins, horizons and units
        models.ID.by_horizon[] : the same one period ahead, two, and so on; `null` where nothing was scored
        models.ID.coverage80 : how much of what came lay in the middle 80% of the forecast, a lump by its share inside; 0.8 is
            right
        models.ID.closed80 : the share of values between the quantiles at 10% and 90%, ends included
        models.ID.log_score : mean log score over bins of past values
        models.ID.past : mean CRPS before the test, on which the choice rests; `null` without any
        models.ID.brier, models.ID.crisis_log : mean Brier and log score of the chance of a crisis
        models.ID.reliability[].forecast : by tenths of that chance: its mean
        models.ID.reliability[].observed : the share that was a crisis
        models.ID.reliability[].number : how many forecasts
        """
        told_of = self._to_dict(detail)
        return told_of | {"losses": [x.to_dict() for x in self.losses]} if self.losses else told_of

    def _to_dict(self, detail: bool) -> dict[str, object]:
        scores = "crps by_horizon coverage80" + (" closed80 log_score past" if detail else "")
        models = {name: told(m, scores, figures=FIGURES) for name, m in self.models.items()}
        out = {"models": models, **told(self, "baseline skill interval chosen", figures=FIGURES)}
        if not detail:
            return out
        for name, m in self.models.items() if self.crisis is not None else ():
            told_of = [{"forecast": p, "observed": f, "number": n} for p, f, n in m.reliability]
            models[name] |= plain({"brier": m.brier, "crisis_log": m.crisis_log, "reliability": told_of}, figures=FIGURES)
        against = {n: {"skill": s, "p_value": p} for n, (s, p) in self.against.items()}
        how = "source by horizon first last origins units cases seed missing crisis crises notes profile"
        return {
            **out,
            **told(self, "p_value", figures=FIGURES),
            "against": plain(against, figures=FIGURES),
            **told(self, "weights chosen_on", figures=FIGURES),
            **told(self, how),
        }

    def _repr_html_(self) -> str:
        from detente.base.parts import notebook
        from detente.forecast.telling import show_backtest

        return notebook(*show_backtest(self))


@dataclass(frozen=True)
class Ahead(Frozen):
    """The forecast of one period. quantiles : by level. mean : of the distribution. crisis : its chance, if one was defined."""

    period: str
    quantiles: Mapping[str, float]
    mean: float
    crisis: float | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return told(self, "period mean quantiles crisis", figures=FIGURES)


@dataclass(frozen=True)
class Break(Frozen):
    """A last value outside the 95% interval that the same model had put around it one period before.

    period, value : the last known. interval : of the forecast made one period before. no_change : the forecasts of `no-change`
    from here, beside the model's. own : the past CRPS of this unit alone, of the model and of `no-change` (None: too new).
    """

    period: str
    value: float
    interval: tuple[float, float]
    no_change: tuple[Ahead, ...]
    own: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        period : the last period; `break` is `null` if its value lies in the 95% interval forecast for it
        value : its value
        own.crps, own.no_change : the same for the model and `no-change`
        no_change : the forecast if the change lasts
        """
        return {
            **told(self, "period value interval no_change", figures=FIGURES),
            "own": self.own and plain(dict(zip(("crps", "no_change"), self.own, strict=True)), figures=FIGURES),
        }


@dataclass(frozen=True)
class Forecast(Frozen):
    """The forecast of one unit with the past score of the model that makes it.

    unit : its names. origin : the last period known. model : what forecasts, fixed by past scores. ahead : by period.
    history : the known values, oldest first, with their periods (None: not known). past : the backtest beside which the
    forecast stands; own : the CRPS of this unit alone there, of the model and of the best simple forecast. broken : where the
    last value breaks with its forecast.
    """

    unit: tuple[str, ...]
    origin: str
    by: str
    model: str
    ahead: tuple[Ahead, ...]
    history: tuple[tuple[str, float | None], ...] = field(repr=False)
    past: Backtest = field(repr=False)
    own: tuple[float, float] | None = None
    notes: tuple[str, ...] = field(default=(), repr=False)
    broken: Break | None = None

    def to_dict(self) -> dict[str, object]:
        """The keys of ``detente forecast --json``.

        own.crps, own.baseline : the past error of the model and of the best simple forecast for this unit; `own` is `null` for
            a unit too new
        """
        return {
            **told(self, "unit origin model ahead"),
            "own": self.own and plain(dict(zip(("crps", "baseline"), self.own, strict=True)), figures=FIGURES),
            "break": self.broken and self.broken.to_dict(),
            "past": self.past.to_dict(detail=True),
            "notes": list(self.notes),
        }
