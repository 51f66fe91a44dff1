"""What a forecast says, always beside its past score: pictures and sentences for the brief and for a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from detente.base.words import MINUS, count, isolated, number, percent
from detente.brief.charts.fan import fan_chart, score_bars
from detente.brief.charts.reliability import reliability_chart
from detente.brief.context import Context
from detente.forecast.baselines import BASELINES
from detente.forecast.result import Forecast

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
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...]
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
    unit = " and ".join(isolated(x) for x in found.unit)
    last, past = found.ahead[-1], found.past
    q = last.quantiles
    lead = (
        f"From what was recorded to {found.origin}, the value of {last.period} is as likely above as below {number(q['0.5'])}; "
        f"four times in five it should lie between {number(q['0.1'])} and {number(q['0.9'])}."
    )
    mine, simple = past.models[found.model], past.models[past.baseline]
    skill = 1 - mine.crps / simple.crps if simple.crps else 0.0
    better = f"{percent(abs(skill))} {'lower' if skill >= 0 else 'higher'}" if round(abs(skill), 3) else "the same"
    score = (
        f"Made the same way at {count(past.origins, 'earlier date')} from {past.first} to {past.last} for "
        f"{count(past.units, 'unit')}, the error "
        f"(CRPS) was {better}{' than' if round(abs(skill), 3) else ' as'} that of the best simple forecast, "
        f"{past.baseline.replace('-', ' ')}. The 80% interval "
        f"covered {percent(mine.coverage80)} of what came."
    )
    chances = [a.crisis for a in found.ahead if a.crisis is not None]
    crisis = ""
    if chances and past.crisis is not None:
        crisis = (
            f"A {found.by} with a value of {past.crisis.replace('-', MINUS)} counts as a crisis. Its chance in {last.period} "
            f"is put at {percent(chances[-1])}; of the {past.cases:,} forecasts scored, {past.crises:,} turned out to be one."
        )
    return ForecastPart(
        unit=unit,
        lead=lead,
        fan={name: _fan(found, width, name, threshold) for name, width in _WIDTHS.items()},
        bars={name: _bars(found, width, name) for name, width in _BARS.items()},
        score=score,
        own=_own(found, unit),
        crisis=crisis,
        reliability=_reliable(found) if crisis else None,
        rows=tuple(_row(a.period, a.quantiles, a.crisis) for a in found.ahead),
        head=(found.by.capitalize(), "Middle", "80% between", "95% between", *(["Chance of a crisis"] if chances else [])),
        notes=(*found.notes, *past.notes),
    )


def _fan(found: Forecast, width: float, name: str, threshold: float | None) -> Markup:
    shown = found.history[-(MOST_HISTORY if name == "medium" else MOST_HISTORY // 2) :]
    last = found.ahead[-1].quantiles
    between = f"{number(last['0.1'])} to {number(last['0.9'])} four times in five"
    said = f"The series to {found.origin}, then the forecast: in {found.ahead[-1].period} {between}."
    ahead = [(a.period, dict(a.quantiles)) for a in found.ahead]
    return fan_chart(
        f"fan-{name}", shown, ahead, width, title="What was and what is forecast", description=said, threshold=threshold
    )


def _bars(found: Forecast, width: float, name: str) -> Markup:
    ranked = sorted(found.past.models.items(), key=lambda x: (x[1].crps, x[0]))
    rows = [(f"{n.replace('-', ' ')}{' (simple)' if n in BASELINES else ''}", m.crps, n == found.model) for n, m in ranked]
    said = "; ".join(f"{n} {number(v)}" for n, v, _ in rows)
    return score_bars(f"scores-{name}", rows, width, title="Past error of each model", description=said)


def _own(found: Forecast, unit: str) -> str:
    broken = "" if found.broken is None else found.broken.sentence(found.model)
    if found.own is None:
        return broken
    mine, simple = found.own
    own = f"For {unit} alone the error was {number(mine)}, that of {found.past.baseline.replace('-', ' ')} {number(simple)}."
    return f"{broken} {own}".strip()


def _reliable(found: Forecast) -> Markup:
    dots = found.past.models[found.model].reliability
    said = "; ".join(f"forecast {percent(p)}: came true {percent(f)} of {n:,}" for p, f, n in dots)
    return reliability_chart("reliability", dots, title="How often forecast chances of a crisis came true", description=said)


def _row(period: str, q: Mapping[str, float], crisis: float | None) -> tuple[str, ...]:
    wide = [f"{number(q[a])} to {number(q[b])}" for a, b in (("0.1", "0.9"), ("0.025", "0.975"))]
    return (period, number(q["0.5"]), *wide, *([percent(crisis)] if crisis is not None else []))
