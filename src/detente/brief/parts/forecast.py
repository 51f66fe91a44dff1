"""What a forecast says, always beside its past score: pictures and sentences for the brief and for a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from detente.base.parts import Table
from detente.base.words import isolated, number, percent
from detente.brief.charts.fan import fan_chart, score_bars
from detente.brief.charts.reliability import reliability_chart
from detente.brief.context import Context
from detente.forecast.baselines import BASELINES
from detente.forecast.result import Forecast
from detente.forecast.telling import ahead, break_in_words, crisis, lead, own, plain, score, unit

__all__ = ["ForecastPart", "forecast_part", "forecasts"]

MOST_HISTORY = 48
_WIDTHS = {"medium": 680.0, "narrow": 340.0}
_BARS = {"medium": 680.0, "narrow": 340.0}


@dataclass(frozen=True)
class ForecastPart:
    """Everything that the template shows."""

    unit: str
    lead: str
    fan: Mapping[str, Markup]
    bars: Mapping[str, Markup]
    score: str
    own: str
    crisis: str
    reliability: Markup | None
    table: Table
    notes: tuple[str, ...]
    title: str = ""
    key: str = ""


def forecasts(context: Context) -> tuple[ForecastPart, ...]:
    """Those of the brief, cooperation before conflict; none where none was asked for."""
    by_code = {party.code: party.name for party in context.case.parties.values() if party.code}
    parts = []
    for what, found in zip(("cooperation", "conflict"), context.forecasts, strict=False):
        who, whom = (by_code.get(code, code) for code in found.unit)
        title = f"Events of {what}, {isolated(who)} towards {isolated(whom)}"
        parts.append(replace(forecast_part(found), title=title, key=f"-{what}"))
    return tuple(parts)


def forecast_part(found: Forecast, *, threshold: float | None = None) -> ForecastPart:
    """The part of a forecast. `threshold`: where the line of a crisis is drawn, if one was defined."""
    broken = "" if found.broken is None else break_in_words(found.broken, found.model)
    return ForecastPart(
        unit=unit(found),
        lead=lead(found),
        fan={name: _fan(found, width, name, threshold) for name, width in _WIDTHS.items()},
        bars={name: _bars(found, width, name) for name, width in _BARS.items()},
        score=score(found),
        own=f"{broken} {own(found)}".strip(),
        crisis=crisis(found),
        reliability=_reliable(found) if crisis(found) else None,
        table=ahead(found),
        notes=(*found.notes, *found.past.notes),
    )


def _fan(found: Forecast, width: float, name: str, threshold: float | None) -> Markup:
    shown = found.history[-(MOST_HISTORY if name == "medium" else MOST_HISTORY // 2) :]
    last = found.ahead[-1].quantiles
    between = f"{number(last['0.1'])} to {number(last['0.9'])} four times in five"
    said = f"The series to {found.origin}, then the forecast: in {found.ahead[-1].period} {between}."
    periods = [(a.period, dict(a.quantiles)) for a in found.ahead]
    return fan_chart(
        f"fan-{name}", shown, periods, width, title="What was and what is forecast", description=said, threshold=threshold
    )


def _bars(found: Forecast, width: float, name: str) -> Markup:
    ranked = sorted(found.past.models.items(), key=lambda x: (x[1].crps, x[0]))
    rows = [(f"{plain(n)}{' (simple)' if n in BASELINES else ''}", m.crps, n == found.model) for n, m in ranked]
    said = "; ".join(f"{n} {number(v)}" for n, v, _ in rows)
    return score_bars(f"scores-{name}", rows, width, title="Past error of each model", description=said)


def _reliable(found: Forecast) -> Markup:
    dots = found.past.models[found.model].reliability
    said = "; ".join(f"forecast {percent(p)}: came true {percent(f)} of {n:,}" for p, f, n in dots)
    return reliability_chart("reliability", dots, title="How often forecast chances of a crisis came true", description=said)
