"""A forecast of one unit, beside the past score of what makes it.

The model is chosen at the origin as in a backtest: by past scores up to then. Its past score is that of a backtest whose
last target is the origin: the last third of the table, at most 24 origins. A table too short for that gets no forecast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from detente.case.profile import Judgements
from detente.errors import InputError
from detente.forecast.backtest import Tally, check_numbers, names_of, panel_from, tested
from detente.forecast.baselines import baseline_names
from detente.forecast.models import MIXTURE, check_extra, fit, simple
from detente.forecast.panel import Panel, Series
from detente.forecast.past import past
from detente.forecast.periods import label
from detente.forecast.quantiles import quantile
from detente.forecast.result import Ahead, Break, Forecast
from detente.forecast.rolling import choose, mixed
from detente.forecast.scores import Crisis

__all__ = ["SHOWN", "forecast"]

SHOWN = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_MOST_ORIGINS = 24


def forecast(
    table: str | Path | Panel,
    of: str | Sequence[str],
    *,
    date: str = "date",
    unit: str | Sequence[str] = (),
    value: str | None = None,
    by: str = "month",
    as_of: str | None = None,
    horizon: int = 6,
    missing: str = "zero",
    crisis: str | float | None = None,
    seed: int = 0,
    profile: str | Path | Mapping[str, Any] | Judgements | None = None,
) -> Forecast:
    """Forecast one unit of a long table, 1..H periods after its end, and say how such forecasts did before.

    Parameters
    ----------
    table, date, unit, value, by, horizon, missing, crisis, seed, profile : as for `backtest`.
    of : the unit, one name for each unit column. The models learn from all units of the table.
    as_of : the last period that is used; None: the table's last.

    Raises
    ------
    InputError
        If there is no such unit, or too little history for a past score.
    """
    check_extra()
    check_numbers(horizon, seed)
    event = None if crisis is None else Crisis.of(crisis)
    panel = panel_from(table, date=date, unit=unit, value=value, by=by, missing=missing, profile=profile)
    u = panel.place(names_of(of))
    origin = panel.periods - 1 if as_of is None else panel.time(as_of)
    if panel.born[u] > origin:
        raise InputError(
            f"{panel.source}: {panel.name(u)} first appears in {panel.label(int(panel.born[u]))}, after {panel.label(origin)}"
        )
    needed = int(panel.judged["fewest_periods"]) + 1
    if origin + 1 < needed:
        raise InputError(
            f"{panel.source}: got {origin + 1} {panel.by}s up to {panel.label(origin)}, wanted at least {needed}: "
            "without a past score "
            "there is no forecast"
        )
    cut = replace(panel, y=panel.y[:, : origin + 1])
    first = max(needed - 2, origin - min(_MOST_ORIGINS, max(horizon, (origin + 1) // 3)))
    past_scores, _, tallies = tested(cut, first, origin - 1, horizon, event, seed, losses=False)
    known = past(cut, origin)
    choice = choose(cut, origin, horizon, seed)
    found = simple(baseline_names(known), known, horizon) | fit(known, horizon, seed).predict(known, horizon)
    found[MIXTURE] = mixed(choice, found, known)
    model = choice.chosen if choice.chosen in past_scores.models else MIXTURE
    at = int(np.flatnonzero(known.who == u)[0])
    ahead = _ahead(found[model][at], panel, origin, event)
    history = tuple((panel.label(t), float(x) if np.isfinite(x) else None) for t, x in enumerate(cut.y[u]))
    own = _own(tallies[model], tallies[past_scores.baseline], u, cut, first, horizon)
    stay = _ahead(found["no-change"][at], panel, origin, event)
    broken = _broken(cut, u, tallies[model], stay, _own(tallies[model], tallies["no-change"], u, cut, first, horizon))
    return Forecast(
        panel.units[u],
        panel.label(origin),
        panel.by,
        model,
        ahead,
        history,
        past_scores,
        own,
        tuple(_notes(cut, u, own is None)),
        broken,
    )


def _ahead(values: Series, panel: Panel, origin: int, event: Crisis | None) -> tuple[Ahead, ...]:
    return tuple(
        Ahead(
            label(panel.first + origin + h + 1, panel.by),
            {f"{level:g}": float(quantile(x, level)) for level in SHOWN},
            float(x.mean()),
            None if event is None else float(event.chance(x)),
        )
        for h, x in enumerate(values)
    )


def _broken(panel: Panel, u: int, model: Tally, stay: tuple[Ahead, ...], own: tuple[float, float] | None) -> Break | None:
    """Whether the last value lies outside the 95% interval that the last scored origin, one period before, had for it."""
    origin = panel.periods - 1
    before = np.flatnonzero(np.flatnonzero(panel.born < origin) == u)  # its place among the units that existed then
    value = float(panel.y[u, origin])
    if not len(before) or not np.isfinite(value):
        return None
    low, high = (float(quantile(model.latest[int(before[0]), 0], level)) for level in (SHOWN[0], SHOWN[-1]))
    return None if low <= value <= high else Break(panel.label(origin), value, (low, high), stay, own)


def _own(model: Tally, simple_one: Tally, u: int, panel: Panel, first: int, horizon: int) -> tuple[float, float] | None:
    """The mean CRPS of this unit alone, of the model and of the best simple forecast."""
    cases = sum(
        int(np.isfinite(panel.y[u, o + 1 : o + 1 + horizon]).sum())
        for o in range(first, panel.periods - 1)
        if panel.born[u] <= o
    )
    if not cases:
        return None
    a, b = (float(np.nansum([row[u] for row in t.by_unit])) / cases for t in (model, simple_one))
    return a, b


def _notes(panel: Panel, u: int, unscored: bool) -> list[str]:
    values = panel.y[u][np.isfinite(panel.y[u])]
    notes = []
    if len(np.unique(values)) == 1:
        notes.append(
            f"{panel.name(u)} has had the one value {values[0]:g} throughout; the spread of its forecast comes from "
            "other units."
        )
    if len(values) < 12:
        notes.append(f"Of {panel.name(u)} only {len(values)} {panel.by}s are known.")
    if unscored:
        notes.append(
            f"{panel.name(u)} is too new to have a past score of its own; that of all units stands beside its forecast."
        )
    return notes
