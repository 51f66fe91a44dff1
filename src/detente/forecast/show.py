"""A backtest and a forecast as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.show import ruled
from detente.forecast.baselines import BASELINES
from detente.forecast.result import Backtest, Forecast, figure

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_backtest", "show_forecast"]


def show_backtest(found: Backtest) -> Iterator[RenderableType]:
    """What was tested, the scores of all models, the skill with its interval, notes."""
    from rich.text import Text

    yield Text(
        f"{found.source}: {found.units:,} units, {found.origins} origins from {found.first} to {found.last}, 1 to "
        f"{found.horizon} "
        f"{found.by}s ahead, {found.cases:,} forecasts scored",
        style="bold",
    )
    yield _scores(found)
    yield Text(f"Chosen before the test: {found.chosen}, {_rests(found)}.")
    yield Text(f"{_skill(found)}{_tested(found.p_value)}")
    others = [
        f"{name} {_percent(s)}"
        for name, (s, _) in found.against.items()
        if name != found.baseline and name in ("no-change", "climatology")
    ]
    if others:
        yield Text(f"Skill over others: {', '.join(others)}.")
    if found.crisis is not None:
        yield from _crisis(found)
    for note in found.notes:
        yield Text(note, style="dim")


def _scores(found: Backtest) -> RenderableType:
    shown = sorted({1, (found.horizon + 1) // 2, found.horizon})
    crisis = ["Brier"] if found.crisis is not None else []
    table = ruled("", "Model", "CRPS", *(f"{h} ahead" for h in shown), "80 % covers", "Log score", *crisis)
    for name, m in sorted(found.models.items(), key=lambda x: x[1].crps):
        ahead = [_number(m.by_horizon[h - 1]) for h in shown]
        mark = f"{name} *" if name == found.chosen else f"{name} (simple)" if name in BASELINES else name
        table.add_row(
            mark,
            _number(m.crps),
            *ahead,
            f"{100 * m.coverage80:.0f} %",
            f"{m.log_score:.3f}",
            *([f"{m.brier:.4f}"] if crisis else []),
        )
    return table


def _rests(found: Backtest) -> str:
    if not found.chosen_on:
        return "unseen: there was too little history for past scores"
    used = ", ".join(f"{n} {_percent(w)}" for n, w in sorted(found.weights.items(), key=lambda x: -x[1]) if w >= 0.005)
    weights = f"; the mixture is {used}" if found.chosen == "mixture" else ""
    return f"by its scores at {found.chosen_on} earlier origins{weights}"


def _skill(found: Backtest) -> str:
    interval = (
        "" if found.interval is None else f" (95 % interval {_percent(found.interval[0])} to {_percent(found.interval[1])})"
    )
    word = "lower" if found.skill >= 0 else "higher"
    compared = f"Its CRPS is {_percent(abs(found.skill))} {word} than that of the best simple forecast, {found.baseline}"
    return f"{compared}; skill {_percent(found.skill)}{interval}."


def _tested(p: float | None) -> str:
    return "" if p is None else f" Paired test: p = {p:.2g}."


def _crisis(found: Backtest) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(
        f"A crisis {found.by} is one with a value of {found.crisis}: {found.crises:,} of {found.cases:,}. The chosen "
        "model's chances came true so often:"
    )
    table = ruled("", "Forecast", "Came true", "Number")
    for p, f, n in found.models[found.chosen].reliability:
        table.add_row(f"{100 * p:.0f} %", f"{100 * f:.0f} %", f"{n:,}")
    yield table


def show_forecast(found: Forecast) -> Iterator[RenderableType]:
    """The quantiles ahead and, right under them, the past score."""
    from rich.text import Text

    yield Text(f"{', '.join(found.unit)}: forecast from {found.origin} by {found.model}", style="bold")
    crisis = found.ahead[0].crisis is not None
    table = ruled(
        "", found.by.capitalize(), "Middle", "80 % between", "95 % between", *(["Chance of crisis"] if crisis else [])
    )
    for a in found.ahead:
        q = a.quantiles
        wide = [f"{_number(q[x])} to {_number(q[y])}" for x, y in (("0.1", "0.9"), ("0.025", "0.975"))]
        table.add_row(a.period, _number(q["0.5"]), *wide, *([f"{100 * (a.crisis or 0.0):.0f} %"] if crisis else []))
    yield table
    p = found.past
    m = p.models[found.model]
    yield Text(
        f"Past score of {found.model} at {p.origins} origins from {p.first} to {p.last}, {p.units:,} units: CRPS "
        f"{_number(m.crps)}, best simple forecast "
        f"({p.baseline}) {_number(p.models[p.baseline].crps)}; the 80 % interval covered {100 * m.coverage80:.0f} %."
    )
    if found.broken is not None:
        yield Text(found.broken.sentence(found.model), style="bold")
    if found.own is not None:
        mine, simple = found.own
        yield Text(f"For {', '.join(found.unit)} alone: CRPS {_number(mine)}, {p.baseline} {_number(simple)}.")
    for note in (*found.notes, *p.notes):
        yield Text(note, style="dim")


def _number(x: float | None) -> str:
    return "-" if x is None else figure(x)


def _percent(x: float) -> str:
    return f"{100 * x:.1f} %".replace("-0.0 %", "0.0 %").replace("-", "\u2212")
