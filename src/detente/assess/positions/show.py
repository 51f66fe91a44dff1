"""Forecasts, fits and backtests as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.assess.positions.backtest import Backtest
from detente.assess.positions.challenge import Challenge
from detente.assess.positions.influence import Influence
from detente.assess.positions.profile import Profile
from detente.assess.positions.result import Forecast, Positions
from detente.case.show import ruled

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["figure", "show_backtest", "show_positions", "show_profile"]

MOST_INFLUENCES = 10
MODELS = {
    "mixture": "mixture over held positions",
    "weighted_mean": "weighted mean",
    "weighted_median": "weighted median",
    "mean": "plain mean",
    "challenge": "challenge model",
}


def figure(x: float, width: float) -> str:
    """A place on a scale of this length, to a thousandth of it at the finest, without idle zeros."""
    digits = 0 if width >= 500 else 1 if width >= 50 else 2 if width >= 5 else 3 if width >= 0.5 else 6
    text = f"{x:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\u2212") if text != "-0" else "0"


def show_positions(found: Positions, *, trace: bool = False) -> Iterator[RenderableType]:
    """One issue in full, several as a table."""
    from rich.text import Text

    if len(found.forecasts) == 1:
        yield from _one(found.forecasts[0], trace)
    else:
        yield _several(found)
        for f in found.forecasts if trace else ():
            if f.challenge:
                yield Text(f"\n{f.issue}", style="bold")
                yield from _trace(f.challenge)
    if found.profile:
        fitted = found.profile["fitted"]
        said = f"fitted on {fitted['issues']} issues, {fitted['date']}" if fitted else "its fit is not stated"
        yield Text(f"Profile {found.profile['profile']}: {said}; {found.profile['source']}", style="dim")
    for note in found.notes:
        yield Text(note, style="dim")


def _several(found: Positions) -> RenderableType:
    table = ruled("", "Issue", "Range")
    heads = (["Median", "80 %", "Mean"] if found.profile else []) + ["Weighted mean", "Weighted median"]
    played = any(f.challenge for f in found.forecasts)
    known = any(f.outcome is not None for f in found.forecasts)
    for head in (*heads, *(["Challenge"] if played else []), *(["Outcome"] if known else [])):
        table.add_column(head, justify="right")
    for f in found.forecasts:
        wide = f.high - f.low
        cells = [f.title or f.issue, f"{figure(f.low, wide)} to {figure(f.high, wide)}"]
        d = f.distribution
        if found.profile:
            cells += ["", "", ""] if d is None else [figure(d.median, wide), _span(f), figure(d.mean, wide)]
        cells += [figure(f.weighted_mean, wide), figure(f.weighted_median, wide)]
        cells += [figure(f.challenge.forecast, wide) if f.challenge else ""] if played else []
        cells += [figure(f.outcome, wide) if f.outcome is not None else ""] if known else []
        table.add_row(*cells)
    return table


def _span(f: Forecast) -> str:
    assert f.distribution is not None
    return " to ".join(figure(x, f.high - f.low) for x in f.distribution.interval)


def _one(f: Forecast, trace: bool) -> Iterator[RenderableType]:
    from rich.text import Text

    wide = f.high - f.low
    yield Text(
        f"{f.title or f.issue}: {len(f.holders)} actors, from {figure(f.low, wide)} to {figure(f.high, wide)}", style="bold"
    )
    answers = ruled("", "Forecast")
    answers.add_column("", justify="right")
    d = f.distribution
    if d is not None:
        answers.add_row("Median", figure(d.median, wide))
        answers.add_row("Mean", figure(d.mean, wide))
        answers.add_row("80 % interval", _span(f))
    answers.add_row("Weighted mean (baseline)", figure(f.weighted_mean, wide))
    answers.add_row("Weighted median (baseline)", figure(f.weighted_median, wide))
    if f.challenge is not None:
        answers.add_row(f"Challenge model, {len(f.challenge.rounds)} rounds", figure(f.challenge.forecast, wide))
    if f.outcome is not None:
        answers.add_row("Outcome", figure(f.outcome, wide))
    yield answers
    yield _holders(f)
    yield from _influences(f)
    if f.spread is not None:
        n = f.spread.noise
        stated = [f"{k} {getattr(n, k):g}" for k in ("position", "salience", "capability") if getattr(n, k)]
        if any(h.within for h in f.holders):
            stated.insert(0, "stated ranges of positions")
        points = f.spread.median or f.spread.weighted_mean
        what = "median" if f.spread.median else "weighted mean"
        yield Text(
            f"If the inputs are inexact ({', '.join(stated) or 'no noise stated'}), the {what} lies from "
            f"{figure(points[0], wide)} to {figure(points[2], wide)} in 80 % of {n.draws} draws (seed {n.seed})."
        )
    if f.challenge is not None:
        medians = ", ".join(figure(r.median, wide) for r in f.challenge.rounds)
        yield Text(f"Challenge model, weighted median after each round: {medians or 'nobody moves'}.")
        if trace:
            yield from _trace(f.challenge)


def _holders(f: Forecast) -> RenderableType:
    wide = f.high - f.low
    table = ruled("", "Actor")
    for head in ("Position", "Salience", "Capability", "Weight"):
        table.add_column(head, justify="right")
    for h in sorted(f.holders, key=lambda h: (h.position, -h.weight)):
        salience = f"{h.salience:.3g}{' (mean)' if h.unknown else ''}"
        table.add_row(h.actor, figure(h.position, wide), salience, f"{h.capability:.4g}", f"{100 * h.weight:.1f} %")
    return table


def _influences(f: Forecast) -> Iterator[RenderableType]:
    from rich.text import Text

    wide = f.high - f.low
    some = [i for i in f.influence or () if abs(i.moves) > 1e-9 * (wide or 1)]
    if not some:
        return
    what = "median" if f.distribution else "weighted mean"
    yield Text(f"Changes by one actor that move the {what} most")
    table = ruled("", "Actor", "Change")
    table.add_column(what.capitalize(), justify="right")
    table.add_column("Moves by", justify="right")
    for i in some[:MOST_INFLUENCES]:
        change = _change(i, wide)
        sign = "+" if i.moves > 0 else ""
        table.add_row(i.actor, change, figure(i.answer, wide), f"{sign}{figure(i.moves, wide)}")
    yield table


def _change(i: Influence, wide: float) -> str:
    if i.to is None:
        return "abstains"
    return f"moves to {figure(i.to, wide)}" if i.change == "position" else f"salience {i.to:g}"


def _trace(challenge: Challenge) -> Iterator[RenderableType]:
    table = ruled("", "Round", "Actor", "Faces", "From")
    for head in ("Would move to", "E(i,j)", "E(j,i)", ""):
        table.add_column(head, justify="right")
    for r in challenge.rounds:
        for o in r.offers:
            taken = "taken" if o.taken else ""
            table.add_row(str(r.number), o.actor, o.kind, o.to, f"{o.position:.4g}", f"{o.gains:.3f}", f"{o.theirs:.3f}", taken)
    yield table


def show_profile(profile: Profile, path: str) -> Iterator[RenderableType]:
    """Coefficients, and where they went."""
    from rich.text import Text

    fitted = profile.fitted
    yield Text(
        f"Profile {profile.name}: {fitted['issues']} issues, {fitted['groups']} groups, {fitted['actors']} actors", style="bold"
    )
    table = ruled("", "Coefficient")
    table.add_column("", justify="right")
    for name, value in (*profile.weights.items(), *((c.name, c.weight) for c in profile.constants), *profile.mixture.items()):
        table.add_row(name, f"{value:.3f}")
    yield table
    yield Text(f"{len(profile.actors)} effects of actors." if profile.actors else "No effects of actors.", style="dim")
    yield Text(f"Written to {path}")


def show_backtest(found: Backtest) -> Iterator[RenderableType]:
    """Scores by model, and the difference with its interval."""
    from rich.text import Text

    how = f"profile {found.profile}" if found.profile else f"nested cross-validation, {found.folds} outer folds"
    yield Text(f"{found.n} issues in {found.groups} groups, {how}", style="bold")
    table = ruled("", "Model")
    table.add_column("Mean absolute error", justify="right")
    table.add_column("CRPS", justify="right")
    for model, mae in found.mae.items():
        table.add_row(MODELS[model], f"{mae:.2f}", f"{found.crps[model]:.2f}" if model in found.crps else "")
    yield table
    for key, word in (("mae", "Absolute error"), ("crps", "CRPS")):
        if key in found.difference:
            d, low, high = (f"{x:+.2f}".replace("-", "\u2212") for x in found.difference[key])
            yield Text(f"{word}, mixture less weighted mean: {d} (95 % interval {low} to {high}, groups redrawn)")
    yield Text(f"Outcomes within the mixture's 80 % interval: {100 * found.coverage80:.0f} %")
    if found.effects is not None:
        yield Text(f"Effects of actors were chosen in {100 * found.effects:.0f} % of the outer folds.", style="dim")
    yield Text("In hundredths of each issue's range; less is better.", style="dim")
    for note in found.notes:
        yield Text(note, style="dim")
