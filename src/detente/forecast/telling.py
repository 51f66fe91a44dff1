"""A backtest and a forecast as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import from_to, number, percent, rounded
from detente.forecast.baselines import BASELINES
from detente.forecast.result import Backtest, Forecast, figure

__all__ = ["show_backtest", "show_forecast"]


def show_backtest(found: Backtest) -> Iterator[Part]:
    """What was tested, the scores of all models, the skill with its interval, notes."""
    yield strong(
        f"{found.source}: {found.units:,} units, {found.origins} origins from {found.first} to {found.last}, 1 to "
        f"{found.horizon} "
        f"{found.by}s ahead, {found.cases:,} forecasts scored"
    )
    yield _scores(found)
    yield f"Chosen before the test: {found.chosen}, {_rests(found)}."
    yield f"{_skill(found)}{_tested(found.p_value)}"
    others = [
        f"{name} {percent(s, 1)}"
        for name, (s, _) in found.against.items()
        if name != found.baseline and name in ("no-change", "climatology")
    ]
    if others:
        yield f"Skill over others: {', '.join(others)}."
    if found.crisis is not None:
        yield from _crisis(found)
    for note in found.notes:
        yield quiet(note)


def _scores(found: Backtest) -> Part:
    shown = sorted({1, (found.horizon + 1) // 2, found.horizon})
    crisis = ["Brier"] if found.crisis is not None else []
    table = Table("", "Model", "CRPS", *(f"{h} ahead" for h in shown), "80% covers", "Log score", *crisis)
    for name, m in sorted(found.models.items(), key=lambda x: x[1].crps):
        ahead = [_number(m.by_horizon[h - 1]) for h in shown]
        mark = f"{name} *" if name == found.chosen else f"{name} (simple)" if name in BASELINES else name
        table.add(
            mark,
            _number(m.crps),
            *ahead,
            percent(m.coverage80),
            rounded(m.log_score, 3),
            *([rounded(m.brier or 0.0, 4)] if crisis else []),
        )
    return table


def _rests(found: Backtest) -> str:
    if not found.chosen_on:
        return "unseen: there was too little history for past scores"
    used = ", ".join(f"{n} {percent(w, 1)}" for n, w in sorted(found.weights.items(), key=lambda x: -x[1]) if w >= 0.005)
    weights = f"; the mixture is {used}" if found.chosen == "mixture" else ""
    return f"by its scores at {found.chosen_on} earlier origins{weights}"


def _skill(found: Backtest) -> str:
    interval = "" if found.interval is None else f" (95% interval {from_to(*found.interval, 1)})"
    word = "lower" if found.skill >= 0 else "higher"
    compared = f"Its CRPS is {percent(abs(found.skill), 1)} {word} than that of the best simple forecast, {found.baseline}"
    return f"{compared}; skill {percent(found.skill, 1)}{interval}."


def _tested(p: float | None) -> str:
    return "" if p is None else f" Paired test: p = {number(p)}."


def _crisis(found: Backtest) -> Iterator[Part]:
    yield (
        f"A crisis {found.by} is one with a value of {found.crisis}: {found.crises:,} of {found.cases:,}. The chosen "
        "model's chances came true so often:"
    )
    table = Table("", "Forecast", "Came true", "Number")
    for p, f, n in found.models[found.chosen].reliability:
        table.add(percent(p), percent(f), f"{n:,}")
    yield table


def show_forecast(found: Forecast) -> Iterator[Part]:
    """The quantiles ahead and, right under them, the past score."""
    yield strong(f"{', '.join(found.unit)}: forecast from {found.origin} by {found.model}")
    crisis = found.ahead[0].crisis is not None
    table = Table("", found.by.capitalize(), "Middle", "80% between", "95% between", *(["Chance of crisis"] if crisis else []))
    for a in found.ahead:
        q = a.quantiles
        wide = [f"{_number(q[x])} to {_number(q[y])}" for x, y in (("0.1", "0.9"), ("0.025", "0.975"))]
        table.add(a.period, _number(q["0.5"]), *wide, *([percent(a.crisis or 0.0)] if crisis else []))
    yield table
    p = found.past
    m = p.models[found.model]
    yield (
        f"Past score of {found.model} at {p.origins} origins from {p.first} to {p.last}, {p.units:,} units: CRPS "
        f"{_number(m.crps)}, best simple forecast "
        f"({p.baseline}) {_number(p.models[p.baseline].crps)}; the 80% interval covered {percent(m.coverage80)}."
    )
    if found.broken is not None:
        yield strong(found.broken.sentence(found.model))
    if found.own is not None:
        mine, simple = found.own
        yield f"For {', '.join(found.unit)} alone: CRPS {_number(mine)}, {p.baseline} {_number(simple)}."
    for note in (*found.notes, *p.notes):
        yield quiet(note)


def _number(x: float | None) -> str:
    return "-" if x is None else figure(x)
