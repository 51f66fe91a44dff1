"""Forecasts, fits and backtests in sentences and tables, for the command and for pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import as_written, count, isolated, percent, rounded, sentence
from detente.base.words import figure as significant

if TYPE_CHECKING:
    from detente.positions.backtest import Backtest
    from detente.positions.challenge import Challenge
    from detente.positions.influence import Influence
    from detente.positions.profile import PositionsProfile
    from detente.positions.result import Forecast, Positions

__all__ = [
    *("amount", "answer", "figure", "heading", "holders", "moves", "notes"),
    *("show_backtest", "show_positions", "show_profile"),
]

MOST_INFLUENCES = 6
MODELS = {
    "mixture": "mixture over held positions",
    "weighted_mean": "weighted mean",
    "weighted_median": "weighted median",
    "mean": "plain mean",
    "challenge": "challenge model",
}


def figure(x: float, f: Forecast) -> str:
    """A place on the issue's scale: to a hundredth of the range or so; as it is written where somebody holds it or it is an
    end, unless that is much longer."""
    if any(abs(x - held) <= 1e-9 * (f.high - f.low) for held in (f.low, f.high, *(h.position for h in f.holders))):
        written = f"{x:.10g}"
        if len(written.partition(".")[2]) <= _digits(f) + 2:
            return written.replace("-", "\u2212")
    return amount(x, f)


def amount(x: float, f: Forecast) -> str:
    """A length on the issue's scale, without idle zeros."""
    text = rounded(x, _digits(f))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _digits(f: Forecast) -> int:
    """Decimals of a computed figure."""
    wide = f.high - f.low
    return max(0, math.ceil(1.7 - math.log10(wide))) if wide > 0 else 2


def show_positions(found: Positions, *, trace: bool = False) -> Iterator[Part]:
    """One issue in full, several as a table."""
    if len(found.forecasts) == 1:
        yield from _one(found.forecasts[0], trace)
    else:
        yield _several(found)
        for f in found.forecasts if trace else ():
            if f.challenge:
                yield strong(f"\n{f.issue}")
                yield from _trace(f.challenge)
    for note in notes(found):
        yield quiet(note)


def _several(found: Positions) -> Part:
    heads = (["Median", "80%", "Mean"] if found.profile else []) + ["Weighted mean", "Weighted median"]
    played = any(f.challenge for f in found.forecasts)
    known = any(f.outcome is not None for f in found.forecasts)
    table = Table("", "Issue", "Range", *heads, *(["Challenge"] if played else []), *(["Outcome"] if known else []))
    for f in found.forecasts:
        cells = [f.title or f.issue, f"{figure(f.low, f)} to {figure(f.high, f)}"]
        d = f.distribution
        if found.profile:
            cells += ["", "", ""] if d is None else [figure(d.median, f), _span(f), figure(d.mean, f)]
        cells += [figure(f.weighted_mean, f), figure(f.weighted_median, f)]
        cells += [figure(f.challenge.forecast, f) if f.challenge else ""] if played else []
        cells += [figure(f.outcome, f) if f.outcome is not None else ""] if known else []
        table.add(*cells)
    return table


def _span(f: Forecast) -> str:
    assert f.distribution is not None
    return " to ".join(figure(x, f) for x in f.distribution.interval)


def _one(f: Forecast, trace: bool) -> Iterator[Part]:
    yield strong(heading(f))
    yield from answer(f)
    yield from moves(f)
    yield holders(f)
    if f.challenge is not None:
        medians = ", ".join(figure(r.median, f) for r in f.challenge.rounds)
        yield f"Challenge model, weighted median after each round: {medians or 'nobody moves'}."
        if trace:
            yield from _trace(f.challenge)


def heading(f: Forecast) -> str:
    """What is asked, of how many, on which scale."""
    return f"{f.title or f.issue}: {count(len(f.holders), 'actor')}, from {figure(f.low, f)} to {figure(f.high, f)}"


def answer(f: Forecast) -> Iterator[Part]:
    """The forecast, the two baselines beside it, and what came of it, where that is known."""
    out = Table("", "Forecast", "")
    d = f.distribution
    if d is not None:
        out.add("Median", figure(d.median, f))
        out.add("Mean", figure(d.mean, f))
        out.add("80% interval", _span(f))
    out.add("Weighted mean (baseline)", figure(f.weighted_mean, f))
    out.add("Weighted median (baseline)", figure(f.weighted_median, f))
    if f.challenge is not None:
        out.add(f"Challenge model, {count(len(f.challenge.rounds), 'round')}", figure(f.challenge.forecast, f))
    if f.outcome is not None:
        out.add("Outcome", figure(f.outcome, f))
    yield out
    if d is not None:
        yield "With a chance of 80% the bargain ends in the interval, if the coefficients fit this kind of bargain."


def moves(f: Forecast) -> Iterator[Part]:
    """Which changes by one actor alone move the answer most, and how far inexact inputs spread it."""
    what = "median" if f.distribution else "weighted mean"
    some = [i for i in f.influence or () if abs(i.moves) > 1e-9 * ((f.high - f.low) or 1)]
    if some:
        out = Table(f"Changes by one actor that move the {what} most", "Actor", "Change", sentence(what), "Moves by")
        for i in some[:MOST_INFLUENCES]:
            sign = "+" if i.moves > 0 else ""
            out.add(isolated(i.actor), _change(i, f), figure(i.answer, f), f"{sign}{amount(i.moves, f)}")
        yield out
    if f.spread is not None:
        yield _spread(f)


def _spread(f: Forecast) -> str:
    assert f.spread is not None
    n = f.spread.noise
    stated = ["stated ranges of positions"] if any(h.within for h in f.holders) else []
    if n.position:
        stated.append(f"positions off by {as_written(n.position)} hundredths of the range")
    if n.salience:
        stated.append(f"saliences by {as_written(n.salience)}")
    if n.capability:
        stated.append(f"capabilities by {percent(n.capability, 1)}")
    points, what = (f.spread.median, "median") if f.spread.median else (f.spread.weighted_mean, "weighted mean")
    return (
        f"If the inputs are inexact ({', '.join(stated) or 'no noise stated'}), the {what} lies from "
        f"{figure(points[0], f)} to {figure(points[2], f)} in 80% of {n.draws:,} draws (seed {n.seed})."
    )


def holders(f: Forecast) -> Table:
    """Who stands where, in which range if one is stated, how much it matters to them, what they bring to bear."""
    out = Table("Who holds what", "Actor", "Position", "Salience", "Capability", "Weight")
    for h in sorted(f.holders, key=lambda h: (h.position, -h.weight)):
        within = "" if h.within is None else f" ({' to '.join(figure(x, f) for x in h.within)})"
        salience = f"{significant(h.salience, 3)}{' (mean)' if h.unknown else ''}"
        out.add(isolated(h.actor), figure(h.position, f) + within, salience, significant(h.capability, 4), percent(h.weight, 1))
    return out


def notes(found: Positions) -> Iterator[str]:
    """What the forecasts rest on."""
    if found.profile:
        p = found.profile
        fitted = p["fitted"]
        said = f"fitted on {fitted['issues']} issues, {fitted['date']}" if fitted else "its fit is not stated"
        yield f"Profile {p['profile']}: {said}; {p['source']}"
        if p["about"]:
            yield str(p["about"])
    yield from found.notes


def _change(i: Influence, f: Forecast) -> str:
    if i.to is None:
        return "takes no part"
    return f"moves to {figure(i.to, f)}" if i.change == "position" else f"has a salience of {as_written(i.to)}"


def _trace(challenge: Challenge) -> Iterator[Part]:
    table = Table("", "Round", "Actor", "Faces", "From", "Would move to", "E(i,j)", "E(j,i)", "")
    for r in challenge.rounds:
        for o in r.offers:
            taken = "taken" if o.taken else ""
            table.add(
                str(r.number),
                o.actor,
                o.kind,
                o.to,
                significant(o.position, 4),
                rounded(o.gains, 3),
                rounded(o.theirs, 3),
                taken,
            )
    yield table


def show_profile(profile: PositionsProfile, path: str) -> Iterator[Part]:
    """Coefficients, and where they went."""
    fitted = profile.fitted
    yield strong(f"Profile {profile.name}: {fitted['issues']} issues, {fitted['groups']} groups, {fitted['actors']} actors")
    table = Table("", "Coefficient", "")
    for name, value in (*profile.weights.items(), *((c.name, c.weight) for c in profile.constants), *profile.mixture.items()):
        table.add(name, rounded(value, 3))
    yield table
    yield quiet(f"{len(profile.actors)} effects of actors." if profile.actors else "No effects of actors.")
    yield f"Written to {path}"


def show_backtest(found: Backtest) -> Iterator[Part]:
    """Scores by model, and the difference with its interval."""
    how = f"profile {found.profile}" if found.profile else f"nested cross-validation, {found.folds} outer folds"
    yield strong(f"{found.n} issues in {found.groups} groups, {how}")
    table = Table("", "Model", "Mean absolute error", "CRPS")
    for model, mae in found.mae.items():
        table.add(MODELS[model], rounded(mae, 2), rounded(found.crps[model], 2) if model in found.crps else "")
    yield table
    for key, word in (("mae", "Absolute error"), ("crps", "CRPS")):
        if key in found.difference:
            d, low, high = (rounded(x, 2, sign=True) for x in found.difference[key])
            yield f"{word}, mixture less weighted mean: {d} (95% interval {low} to {high}, groups redrawn)"
    yield f"Outcomes within the mixture's 80% interval: {percent(found.coverage80)}"
    if found.effects is not None:
        yield quiet(f"Effects of actors were chosen in {percent(found.effects)} of the outer folds.")
    yield quiet("In hundredths of each issue's range; less is better.")
    for note in found.notes:
        yield quiet(note)
