"""How well forecasts would have done on issues whose outcome is known, and how sure that is.

- With a profile, every issue of the table is forecast with it as it stands. Nothing is fitted; baselines are dressed with the
  residuals that the profile holds. If the table is the file that the profile was fitted on, the figures are said to be in
  sample.
- Without one, by nested cross-validation. Groups are dealt into outer folds; each fold is forecast by a profile fitted on the
  other folds only. Whether that profile has an effect for each actor is decided inside these other folds, by cross-validation
  among them, for the smaller mean CRPS. Residuals for dressing come from the same other folds. No group is in two folds.

Figures are means over issues, in hundredths of each issue's range. The interval of a difference is the grouped bootstrap:
groups are drawn with replacement, as many as there are; the 2.5 and 97.5% points of the mean over the issues so drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from detente.base.crps import crps
from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.errors import PositionsError
from detente.positions.fit import baselines, fit_panel
from detente.positions.mixture import GRID, distribution
from detente.positions.panel import Panel, panel
from detente.positions.profile import Constant, PositionsProfile, read_profile
from detente.positions.scores import SHARE, dressed, median, shortest
from detente.positions.table import Issue, Table, read_table
from detente.positions.weights import features, weights

if TYPE_CHECKING:
    from detente.positions.challenge import Variant
    from detente.positions.panel import Floats

__all__ = ["Backtest", "backtest", "fit", "interval"]

OUTER, INNER = 10, 5
RESAMPLES = 10_000
BASELINE = "weighted_mean"


@dataclass(frozen=True)
class Backtest(Frozen):
    """Scores of every model on the same issues.

    n, groups : issues with an outcome, and groups of them
    mae, crps : by model; `mixture` is the one that the others are compared with
    difference : `mae` and `crps` of the mixture less the weighted mean's: the mean, and its 95% interval
    coverage80 : share of the outcomes within the mixture's 80% interval
    profile : its name; None: nested cross-validation
    effects : the share of outer folds whose inner ones chose effects of actors; None with a profile
    folds, resamples, seed : how it was done
    notes : what was left out or assumed
    """

    n: int
    groups: int
    mae: Mapping[str, float]
    crps: Mapping[str, float]
    difference: Mapping[str, tuple[float, float, float]]
    coverage80: float
    profile: str | None
    effects: float | None
    folds: int | None
    resamples: int
    seed: int
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The keys of `detente positions backtest --json`.

        n : issues scored
        groups : groups that they belong to
        mae : by model (`mixture`, `weighted_mean`, `weighted_median`, `mean`, and `challenge` if asked for), the mean absolute
            error
        crps : the continuous ranked probability score; baselines are dressed with the residuals of the fitted issues
        folds : outer folds; `null` with a profile
        resamples : of the bootstrap
        seed : where folds and bootstrap begin
        """
        return told(self)


def fit(
    source: str | Path | IO[Any] | Table,
    *,
    outcome: str = "outcome",
    group: str | None = None,
    span: tuple[float, float] | None = None,
    salience_max: float = 100.0,
    constants: Sequence[str | Constant] = (),
    effects: bool | None = None,
    name: str = "",
    about: str = "",
    origin: str = "",
    date: str | None = None,
    seed: int = 0,
) -> PositionsProfile:
    """A profile from a table with outcomes.

    Parameters
    ----------
    outcome, group : columns. constants : ``actor`` or ``actor:column=value``. effects : whether each actor gets an
        effect of its own; None: as cross-validation among the table's groups says, in folds that begin with `seed`.
    name, about, origin, date : what the profile says of itself; the date is today's where none is given.

    Raises
    ------
    PositionsError
        If the table has faults, fewer than ten issues with an outcome, or names an actor or column that is not there.
    """
    import datetime

    table = read_table(source, outcome=outcome, group=group, span=span, salience_max=salience_max)
    issues = _decided(table, 10)
    stated = tuple(c if isinstance(c, Constant) else _constant(c, issues, table.source) for c in constants)
    of = panel(issues, salience_max=salience_max)
    fitted = {
        "file": Path(table.source).name,
        "sha256": table.sha256,
        "issues": of.count,
        "groups": len(of.groups),
        "actors": len(of.names),
        "date": date or datetime.date.today().isoformat(),
    }
    stem = name or Path(table.source).stem
    if effects is None:
        rng = np.random.default_rng(seed)
        effects = len(of.groups) >= OUTER and _effects(issues, of, stated, salience_max, rng)
    return fit_panel(
        of, name=stem, constants=stated, effects=effects, about=about, source=origin or fitted["file"], fitted=fitted
    )


def _decided(table: Table, least: int) -> list[Issue]:
    """Issues whose outcome is known and whose scale has a length."""
    issues = [i for i in table.issues if i.outcome is not None and i.high > i.low]
    if len(issues) < least:
        message = f"{table.source}: got {len(issues)} issues with an outcome, wanted at least {least}"
        raise PositionsError(f"{message} (name the column with --outcome)", source=table.source)
    return issues


def _constant(text: str, issues: Sequence[Issue], source: str) -> Constant:
    actor, *conditions = text.split(":")
    where = {}
    for condition in conditions:
        column, equals, value = condition.partition("=")
        if not equals or not column:
            message = f"got the constant {text!r}, wanted ACTOR or ACTOR:COLUMN=VALUE"
            raise PositionsError(message, source=source)
        where[column.lower()] = value
    rows = [row for issue in issues for row in issue.rows if row.whole == actor]
    if not any(all(row.other.get(k) == v for k, v in where.items()) for row in rows):
        message = f"{source}: no line has {text!r} (see the columns actor{''.join(f' and {k}' for k in where)})"
        raise PositionsError(message, source=source)
    return Constant(actor, where)


def backtest(
    source: str | Path | IO[Any] | Table,
    *,
    outcome: str = "outcome",
    group: str | None = None,
    profile: str | Path | PositionsProfile | None = None,
    span: tuple[float, float] | None = None,
    salience_max: float = 100.0,
    constants: Sequence[str | Constant] = (),
    challenge: Variant | None = None,
    seed: int = 0,
) -> Backtest:
    """Score the mixture and the baselines on a table with outcomes.

    Parameters
    ----------
    outcome, group : columns. profile : by name, path or as it is; None: nested, grouped cross-validation inside the table.
    constants : with cross-validation, as for `fit`. challenge : score this variant of the challenge model as well.
    seed : where the folds and the bootstrap start.

    Raises
    ------
    PositionsError
        If the table or the profile cannot be used.
    """
    table = read_table(source, outcome=outcome, group=group, span=span, salience_max=salience_max)
    known = read_profile(profile) if profile is not None else None
    issues = _decided(table, 1 if known else 20)
    of = panel(issues, salience_max=salience_max)
    notes = [*table.notes]
    left = len(table.issues) - len(issues)
    if left:
        notes.append(f"{left} issue{'s' if left > 1 else ''} without an outcome {'were' if left > 1 else 'was'} not scored.")
    if known is not None:
        scores = _scores(of, known)
        if known.fitted.get("sha256") and known.fitted["sha256"] == table.sha256:
            notes.append("This is the file that the profile was fitted on: the figures are in sample and flatter it.")
        share = None
    else:
        if len(of.groups) < OUTER:
            message = f"{table.source}: got {len(of.groups)} groups, wanted at least {OUTER} for cross-validation"
            raise PositionsError(f"{message} (name the column with --group)", source=table.source)
        stated = tuple(c if isinstance(c, Constant) else _constant(c, issues, table.source) for c in constants)
        scores, share = _nested(issues, of, stated, salience_max, seed)
    if challenge is not None:
        from detente.positions.challenge import forecasts

        scores |= forecasts(of, challenge)
    return _summary(of, scores, known, share, seed, tuple(notes))


def _summary(
    of: Panel,
    scores: Mapping[str, Floats],
    known: PositionsProfile | None,
    share: float | None,
    seed: int,
    notes: tuple[str, ...],
) -> Backtest:
    mae = {k.removeprefix("ae:"): float(v.mean()) for k, v in scores.items() if k.startswith("ae:")}
    proper = {k.removeprefix("crps:"): float(v.mean()) for k, v in scores.items() if k.startswith("crps:")}
    difference = {}
    for key, score in (("mae", "ae"), ("crps", "crps")):
        if f"{score}:{BASELINE}" in scores:
            difference[key] = interval(scores[f"{score}:mixture"] - scores[f"{score}:{BASELINE}"], of.group, seed)
        else:
            notes = (*notes, f"The profile holds no residuals of the weighted mean: it has no {key.upper()}.")
    covered = float(scores["covered"].mean())
    folds = None if known else OUTER
    name = known.name if known else None
    return Backtest(of.count, len(of.groups), mae, proper, difference, covered, name, share, folds, RESAMPLES, seed, notes)


def _scores(of: Panel, profile: PositionsProfile) -> dict[str, Floats]:
    """Absolute errors, CRPS and coverage of each issue, by model."""
    P = distribution(of, weights(of, features(of, profile.constants), profile), profile)
    y = of.outcome
    low, high = shortest(GRID, P, SHARE)
    out = {
        "ae:mixture": np.abs(median(GRID, P) - y),
        "crps:mixture": crps(GRID, y, P),
        "covered": ((low <= y + 0.5) & (y - 0.5 <= high)).astype(float),
    }
    for name, forecast in baselines(of).items():
        out[f"ae:{name}"] = np.abs(forecast - y)
        if profile.residuals.get(name):
            out[f"crps:{name}"] = crps(dressed(forecast, np.array(profile.residuals[name])), y)
    return out


def _folds(groups: int, count: int, rng: np.random.Generator) -> Floats:
    """A fold for each group, as even as can be."""
    found: Floats = rng.permutation(np.arange(groups) % count)
    return found


def _nested(
    issues: Sequence[Issue], of: Panel, constants: tuple[Constant, ...], salience_max: float, seed: int
) -> tuple[dict[str, Floats], float]:
    rng = np.random.default_rng(seed)
    fold = _folds(len(of.groups), OUTER, rng)[of.group]
    scores: dict[str, Floats] = {}
    chosen = 0
    for k in range(OUTER):
        inside, outside = np.flatnonzero(fold != k).tolist(), np.flatnonzero(fold == k).tolist()
        training = panel([issues[n] for n in inside], salience_max=salience_max)
        effects = _effects([issues[n] for n in inside], training, constants, salience_max, rng)
        chosen += effects
        profile = fit_panel(training, constants=constants, effects=effects)
        for key, values in _scores(panel([issues[n] for n in outside], salience_max=salience_max), profile).items():
            scores.setdefault(key, np.full(of.count, np.nan))[outside] = values
    return scores, chosen / OUTER


def _effects(
    issues: Sequence[Issue], of: Panel, constants: tuple[Constant, ...], salience_max: float, rng: np.random.Generator
) -> bool:
    """Whether an effect for each actor lowers the CRPS on groups that the fit has not seen."""
    fold = _folds(len(of.groups), INNER, rng)[of.group]
    total = {False: 0.0, True: 0.0}
    for k in range(INNER):
        training = panel([issues[n] for n in np.flatnonzero(fold != k).tolist()], salience_max=salience_max)
        test = panel([issues[n] for n in np.flatnonzero(fold == k).tolist()], salience_max=salience_max)
        for effects in total:
            profile = fit_panel(training, constants=constants, effects=effects)
            total[effects] += float(_scores(test, profile)["crps:mixture"].sum())
    return total[True] < total[False]


def interval(values: Floats, group: Any, seed: int) -> tuple[float, float, float]:
    """The mean over issues and its 95% interval by drawing groups with replacement."""
    sums, counts = np.bincount(group, weights=values), np.bincount(group)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES)
    means = (drawn @ sums) / (drawn @ counts)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)
