"""Backtest: every model from every tested origin, scored by what came after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.base.crps import crps
from detente.case.profile import Judgements
from detente.errors import InputError
from detente.forecast.baselines import BASELINES
from detente.forecast.models import LEARNED, MIXTURE, check_extra
from detente.forecast.panel import Panel, Series, panel_of
from detente.forecast.past import Past
from detente.forecast.profile import forecast_profile
from detente.forecast.quantiles import K
from detente.forecast.result import Backtest, Loss, ModelScore
from detente.forecast.rolling import Choice, choose, forecasts, mixed
from detente.forecast.scores import (
    Crisis,
    bins_of,
    brier,
    closed,
    coverage,
    log_score,
    paired_test,
    reliability,
    skill_interval,
)
from detente.forecast.table import read_table

__all__ = ["Tally", "backtest", "check_numbers", "names_of", "panel_from", "tested"]


def backtest(
    table: str | Path | Panel,
    *,
    date: str = "date",
    unit: str | Sequence[str] = (),
    value: str | None = None,
    by: str = "month",
    origins: str | None = None,
    horizon: int = 6,
    missing: str = "zero",
    crisis: str | float | None = None,
    seed: int = 0,
    profile: str | Path | Mapping[str, Any] | Judgements | None = None,
    losses: bool = False,
) -> Backtest:
    """Score all models on a long table by rolling origin.

    Parameters
    ----------
    table : a file (csv, csv.gz, parquet), or a panel made before; of a file, `date`, `unit` and `value` name columns.
    origins : FROM:TO, the first and last origin; an origin is the last period whose values are used. None: the last third of
    the table.
    horizon : how many periods ahead, 1..H.
    missing : what a unit without a row in a period had: `zero` or `gap` (not known).
    crisis : what makes a period a crisis: a value of at least, or (``<=-100``) at most so much. None: no such score.
    profile : what is taken for granted, by name, path or as it is; None: `plain`, or that of the panel.
    losses : keep the loss of every model in every case, so that a model of one's own can be paired with them.

    Raises
    ------
    InputError
        If the table, the origins or a number cannot be used, or an extra is missing.
    """
    check_extra()
    check_numbers(horizon, seed)
    event = None if crisis is None else Crisis.of(crisis)
    panel = panel_from(table, date=date, unit=unit, value=value, by=by, missing=missing, profile=profile)
    first, last = _span(panel, origins, horizon)
    return tested(panel, first, last, horizon, event, seed, losses=losses)[0]


def check_numbers(horizon: int, seed: int) -> None:
    """Refuse a horizon or seed that means nothing."""
    if not 1 <= horizon <= 60:
        raise InputError(f"horizon: got {horizon}, wanted a whole number from 1 to 60")
    if not 0 <= seed < 2**63:
        raise InputError(f"seed: got {seed}, wanted a whole number from 0 to {2**63 - 1}")


def names_of(given: str | Sequence[str]) -> tuple[str, ...]:
    """Names from a sequence, or from one text with commas between them."""
    return tuple(x.strip() for x in (given.split(",") if isinstance(given, str) else given))


def panel_from(
    table: str | Path | Panel,
    *,
    date: str,
    unit: str | Sequence[str],
    value: str | None,
    by: str,
    missing: str,
    profile: str | Path | Mapping[str, Any] | Judgements | None = None,
) -> Panel:
    """The panel of a file, or the panel itself, with what a profile takes for granted."""
    judged = None if profile is None else forecast_profile(profile)
    if not isinstance(table, Panel):
        table = panel_of(read_table(table, date=date, unit=names_of(unit), value=value, by=by), missing=missing)
    return table if judged is None else replace(table, judged=judged)


def _span(panel: Panel, origins: str | None, horizon: int) -> tuple[int, int]:
    """The first and last tested origin."""
    last, needed = panel.periods - 2, int(panel.judged["fewest_periods"])
    if origins is None:
        first = max(needed - 1, panel.periods - 1 - max(horizon, panel.periods // 3))
    else:
        parts = origins.split(":")
        if len(parts) != 2:
            raise InputError(f"origins: got {origins!r}, wanted FROM:TO such as {panel.label(0)}:{panel.label(last)}")
        first, last = (panel.time(p) for p in parts)
        if first > last:
            raise InputError(f"origins: got {origins!r}, whose end lies before its beginning (swap them)")
    if first < needed - 1:
        raise InputError(
            f"origins: got {panel.label(first)} as the first, wanted at least {needed} known {panel.by}s before "
            "any forecast: "
            f"{panel.label(min(needed - 1, panel.periods - 1))} or later ({panel.source} begins in {panel.label(0)})"
        )
    if first > panel.periods - 2:
        raise InputError(
            f"origins: got {panel.label(first)} as the first, after which {panel.source} has no {panel.by} to score a "
            "forecast by"
        )
    return first, min(last, panel.periods - 2)


@dataclass
class Tally:
    """Running sums of one model's scores. latest : the last forecast, of shape (N, H, K). kept : losses by origin, if asked."""

    horizon: int
    bounds: Series
    event: Crisis | None
    loss: Series = field(init=False)
    count: Series = field(init=False)
    covered: float = 0.0
    within: float = 0.0
    logs: float = 0.0
    by_unit: list[Series] = field(default_factory=list)
    chances: list[Series] = field(default_factory=list)
    happened: list[NDArray[np.bool_]] = field(default_factory=list)
    latest: Series = field(default_factory=lambda: np.empty((0, 0, K)))
    kept: list[Series] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loss, self.count = np.zeros(self.horizon), np.zeros(self.horizon)

    def add(self, values: Series, y: Series, who: NDArray[np.int64], units: int, *, keep: bool = False) -> None:
        """Score forecasts of shape (N, H, K) by observations of shape (N, h), h <= H."""
        far = y.shape[1]
        cut = values[:, :far]
        loss = crps(cut, y)
        self.latest = values
        if keep:
            self.kept.append(loss)
        seen = np.isfinite(y)
        self.loss[:far] += np.where(seen, loss, 0.0).sum(axis=0)
        self.count[:far] += seen.sum(axis=0)
        self.covered += float(np.nansum(coverage(cut, y)))
        self.within += float(np.nansum(closed(cut, y)))
        self.logs += float(np.nansum(log_score(cut, y, self.bounds)))
        row = np.full(units, np.nan)
        row[who] = np.where(seen, loss, 0.0).sum(axis=1)
        self.by_unit.append(row)
        if self.event is not None:
            self.chances.append(self.event.chance(cut)[seen])
            self.happened.append(self.event.holds(y)[seen])

    def score(self, past: float | None) -> ModelScore:
        """The means."""
        cases = self.count.sum()
        told: dict[str, object] = {}
        if self.event is not None:
            p, z = np.concatenate(self.chances), np.concatenate(self.happened)
            safe = (100 * p + 0.5) / 101
            told = {
                "brier": float(brier(p, z).mean()),
                "crisis_log": float(-np.log(np.where(z, safe, 1 - safe)).mean()),
                "reliability": tuple(reliability(p, z)),
            }
        return ModelScore(
            float(self.loss.sum() / cases),
            tuple(float(x / n) if n else None for x, n in zip(self.loss, self.count, strict=True)),
            self.covered / cases,
            self.within / cases,
            self.logs / cases,
            past=past,
            **told,  # type: ignore[arg-type]
        )


def tested(
    panel: Panel, first: int, last: int, horizon: int, event: Crisis | None, seed: int, *, losses: bool
) -> tuple[Backtest, Choice, dict[str, Tally]]:
    """Choose before `first`, then score the origins from `first` to `last`."""
    choice = weighed = choose(panel, first, horizon, seed)
    known_before = panel.y[:, : first + 1]
    if not np.isfinite(known_before).any():
        raise InputError(f"{panel.source}: got no value up to {panel.label(first)}, wanted some before the first forecast")
    bounds = bins_of(known_before)
    tallies: dict[str, Tally] = {}
    units, scored = set[int](), []
    cases: list[tuple[Past, Series]] = []
    for known, found in forecasts(panel, list(range(first, last + 1)), horizon, seed):
        y = panel.y[known.who, known.origin + 1 : known.origin + 1 + horizon]
        if not np.isfinite(y).any():
            continue
        scored.append(np.isfinite(y).sum())
        units |= set(known.who.tolist())
        if losses:
            cases.append((known, y))
        mixture = mixed(weighed.at(known.origin, horizon), found, known)
        weighed = weighed.with_origin(known, found, y)
        for name, values in [*found.items(), (MIXTURE, mixture)]:
            if len(scored) > 1 and name not in tallies:
                continue  # a model that could not learn in time for the first origin
            tallies.setdefault(name, Tally(horizon, bounds, event)).add(values, y, known.who, len(panel.units), keep=losses)
    if not scored:
        raise InputError(f"{panel.source}: got no known value after the origins, wanted some to score forecasts by")
    models = {name: t.score(choice.past.get(name)) for name, t in tallies.items()}
    baseline = min((n for n in models if n in BASELINES), key=lambda n: models[n].crps)
    chosen = choice.chosen if choice.chosen in models else MIXTURE
    weight = np.array(scored, dtype=np.float64)
    lost = {n: np.stack(t.by_unit) for n, t in tallies.items()}
    means = {n: np.nansum(x, axis=1) / weight for n, x in lost.items()}

    def against(name: str) -> tuple[float, float | None]:
        return _skill(models[chosen].crps, models[name].crps), paired_test(means[chosen], means[name], horizon)

    skill, p_value = against(baseline)
    crises = None if event is None else int(np.concatenate(tallies[chosen].happened).sum())
    result = Backtest(
        source=panel.source,
        by=panel.by,
        horizon=horizon,
        first=panel.label(first),
        last=panel.label(last),
        origins=len(scored),
        units=len(units),
        cases=int(weight.sum()),
        seed=seed,
        missing=panel.missing,
        models=models,
        baseline=baseline,
        chosen=chosen,
        skill=skill,
        interval=skill_interval(lost[chosen], lost[baseline], horizon, seed),
        p_value=p_value,
        against={n: against(n) for n in models if n in BASELINES},
        weights={n: float(w) for n, w in zip(choice.names, choice.weights.mean(axis=0), strict=True)},
        chosen_on=choice.origins,
        crisis=None if event is None else str(event),
        crises=crises,
        notes=tuple(_notes(panel, choice, models, first, last, horizon)),
        profile=panel.judged,
        losses=tuple(_losses(panel, cases, tallies)),
    )
    return result, choice, tallies


def _losses(panel: Panel, cases: Sequence[tuple[Past, Series]], tallies: Mapping[str, Tally]) -> Iterator[Loss]:
    for n, (known, y) in enumerate(cases):
        for u, h in np.argwhere(np.isfinite(y)).tolist():
            crpses = {name: float(t.kept[n][u, h]) for name, t in tallies.items()}
            unit, period = panel.units[known.who[u]], panel.label(known.origin + 1 + h)
            yield Loss(panel.label(known.origin), unit, period, float(y[u, h]), crpses)


def _skill(a: float, b: float) -> float:
    """1 - a / b; against a forecast without any error 0 if there is none here either, else -1."""
    return 1 - a / b if b else (0.0 if not a else -1.0)


def _notes(panel: Panel, choice: Choice, models: dict[str, ModelScore], first: int, last: int, horizon: int) -> list[str]:
    notes = list(panel.notes)
    late = int((panel.born > first).sum())
    if late:
        notes.append(
            f"{late:,} of {len(panel.units):,} units first appear after {panel.label(first)}; each is forecast from its "
            "first row on."
        )
    if not choice.origins:
        notes.append(
            "There is too little history before the first origin to weigh models by past scores: half the weight is on the "
            "decaying past, half on the models that learn, and the mixture is chosen unseen."
        )
    elif choice.origins < panel.judged["independent"]:
        notes.append(f"The choice rests on {choice.origins} past origins only.")
    if not set(LEARNED) & set(models):
        notes.append(
            "There is too little history at the first origin for the models that learn; only simple forecasts are compared."
        )
    if any(not m.crps for n, m in models.items() if n in BASELINES):
        notes.append("A simple forecast made no error at all: skill is 0 if the chosen model made none either, else -1.")
    if last + horizon > panel.periods - 1:
        notes.append(
            f"The last origins are scored at the shorter horizons only: the table ends in {panel.label(panel.periods - 1)}."
        )
    return notes
