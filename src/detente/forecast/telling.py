"""A backtest and a forecast in sentences and tables, the forecast always beside its past score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import MINUS, count, figure, from_to, isolated, joined, number, percent, rounded, sentence
from detente.forecast.baselines import BASELINES

if TYPE_CHECKING:
    from detente.forecast.result import Backtest, Break, Forecast

__all__ = ["ahead", "break_in_words", "crisis", "lead", "own", "plain", "score", "show_backtest", "show_forecast", "unit"]


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
    """What is ahead and, right under it, how such forecasts did before."""
    yield strong(f"{unit(found)}: forecast from {found.origin} by {found.model}")
    yield lead(found)
    yield ahead(found)
    yield score(found)
    if found.broken is not None:
        yield strong(break_in_words(found.broken, found.model))
    for said in (own(found), crisis(found)):
        if said:
            yield said
    for note in (*found.notes, *found.past.notes):
        yield quiet(note)


def lead(found: Forecast) -> str:
    """The last period ahead, in a sentence."""
    last = found.ahead[-1]
    q = last.quantiles
    return (
        f"From what was recorded to {found.origin}, the value of {last.period} is as likely above as below {number(q['0.5'])}; "
        f"four times in five it should lie between {number(q['0.1'])} and {number(q['0.9'])}."
    )


def ahead(found: Forecast) -> Table:
    """The quantiles of every period ahead."""
    chances = any(a.crisis is not None for a in found.ahead)
    out = Table("", sentence(found.by), "Middle", "80% between", "95% between", *(["Chance of a crisis"] if chances else []))
    for a in found.ahead:
        q = a.quantiles
        wide = [f"{_number(q[x])} to {_number(q[y])}" for x, y in (("0.1", "0.9"), ("0.025", "0.975"))]
        out.add(a.period, _number(q["0.5"]), *wide, *([percent(a.crisis or 0.0)] if chances else []))
    return out


def score(found: Forecast) -> str:
    """How forecasts made the same way did before."""
    past = found.past
    mine, simple = past.models[found.model], past.models[past.baseline]
    skill = 1 - mine.crps / simple.crps if simple.crps else 0.0
    better = f"{percent(abs(skill))} {'lower' if skill >= 0 else 'higher'} than" if round(abs(skill), 3) else "the same as"
    return (
        f"Made the same way at {count(past.origins, 'earlier date')} from {past.first} to {past.last} for "
        f"{count(past.units, 'unit')}, the error (CRPS) was {_number(mine.crps)}, {better} that of the best simple forecast, "
        f"{plain(past.baseline)} ({_number(simple.crps)}). The 80% interval covered {percent(mine.coverage80)} of what came."
    )


def own(found: Forecast) -> str:
    """The same for this unit alone; empty where it was not counted."""
    if found.own is None:
        return ""
    mine, simple = found.own
    return f"For {unit(found)} alone the error was {_number(mine)}, that of {plain(found.past.baseline)} {_number(simple)}."


def crisis(found: Forecast) -> str:
    """What counts as a crisis, and its chance in the last period; empty where none was defined."""
    last, past = found.ahead[-1], found.past
    if last.crisis is None or past.crisis is None:
        return ""
    return (
        f"A {found.by} with a value of {past.crisis.replace('-', MINUS)} counts as a crisis. Its chance in {last.period} is "
        f"put at {percent(last.crisis)}; of the {past.cases:,} forecasts scored, {past.crises:,} turned out to be one."
    )


def break_in_words(found: Break, model: str) -> str:
    """What a reader has to know before the forecast of `model` is used."""
    q, last = found.no_change[-1].quantiles, found.no_change[-1].period
    low, high = map(_number, found.interval)
    said = (
        f"The last value, {_number(found.value)} in {found.period}, lies outside our previous 95% ({low} to {high}): something "
        f"may have changed that the past does not show. If the change lasts (no-change), the middle for {last} is "
        f"{_number(q['0.5'])}, with 80% between {_number(q['0.1'])} and {_number(q['0.9'])}."
    )
    if found.own is None:
        return said
    mine, simple = map(_number, found.own)
    return f"{said} Past CRPS of this unit alone: {model} {mine}, no-change {simple}."


def unit(found: Forecast) -> str:
    """What the series is of."""
    return joined([isolated(x) for x in found.unit])


def plain(model: str) -> str:
    """The name of a model in a sentence."""
    return model.replace("-", " ")


def _number(x: float | None) -> str:
    return "-" if x is None else figure(x, 4)
