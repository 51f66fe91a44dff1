"""`positions`: for each issue of a table, where the bargain is likely to end.

The two baselines always; a distribution with its median, mean and 80% interval where a profile of coefficients is named. For
one issue (a table of one, or one that is asked for) also who could move the answer, and the spread under stated noise of the
inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from detente.base.wording import suggestion
from detente.base.words import count
from detente.case.case import Case
from detente.errors import CaseError, PositionsError
from detente.positions.baselines import influence_weights, weighted_mean, weighted_median
from detente.positions.challenge import Variant, challenge
from detente.positions.from_case import questions, table_of
from detente.positions.influence import Influence, influences
from detente.positions.mixture import GRID, distribution
from detente.positions.noise import Noise, spread
from detente.positions.panel import Panel, panel
from detente.positions.profile import PositionsProfile, read_profile
from detente.positions.result import NO_PROFILE, Distribution, Forecast, Holder, Positions
from detente.positions.scores import SHARE, median, shortest
from detente.positions.single import Single
from detente.positions.table import Issue, Table, read_table
from detente.positions.weights import features, weights

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["positions"]


def positions(
    source: str | Path | IO[Any] | Table | Case,
    *,
    profile: str | Path | PositionsProfile | None = None,
    issue: str | None = None,
    span: tuple[float, float] | None = None,
    salience_max: float = 100.0,
    noise: Noise | None = None,
    challenge: Variant | None = None,
    outcome: str | None = None,
) -> Positions:
    """Forecast the issues of a table of actors' positions, salience and capability.

    Parameters
    ----------
    source : the path of a CSV or xlsx file, ``-`` for standard input, an open file, a table, or a case with questions
        of positions (each is forecast with the profile that it names, unless another is named here).
    profile : coefficients by name (`eu-council`), by path or as they are; None: the two baselines only, and the answer says so.
    issue : this one only, in detail; the others of its proposal still count. span : the ends of the scale of issues that state
        none. salience_max : the end of the scale of salience. noise : how inexact the inputs are. challenge : play this
        variant of the challenge model as well. outcome : a column that holds what came of it, to be shown beside the forecast.

    Raises
    ------
    PositionsError
        If the table, the profile or an option cannot be used, or the case has no such question.
    CaseError
        If a question of the case names a profile that there is not.
    """
    if isinstance(source, Case):
        return _of_case(source, None if profile is None else read_profile(profile), issue, noise=noise, challenge=challenge)
    table = read_table(source, outcome=outcome, span=span, salience_max=salience_max)
    known = None if profile is None else read_profile(profile)
    shown = _shown(table, issue)
    of = panel(table.issues, salience_max=salience_max)
    found = features(of, known.constants if known else ())
    plain = influence_weights(of)
    means, medians = weighted_mean(of, plain), weighted_median(of, plain)
    w = plain if known is None else weights(of, found, known)
    P = None if known is None else distribution(of, w, known)
    made = []
    for m in shown:
        given, at = table.issues[m], of.issue == m
        low, width = float(of.low[m]), float(of.width[m])
        single = Single(of, m, found, known) if len(shown) == 1 else None
        made.append(
            Forecast(
                given.id,
                given.low,
                given.high,
                _holders(given, of, at, w, salience_max),
                low + width * float(means[m]) / 100,
                low + width * float(medians[m]) / 100,
                None if P is None else _distribution(P[m], of.x[at], low, width),
                _influences(single, given, w[at], low, width, salience_max),
                _spread(single, given, noise, low, width),
                None if challenge is None else _challenged(given, of, at, challenge),
                outcome=given.outcome,
            )
        )
    notes = [*([NO_PROFILE] if known is None else []), *table.notes]
    if of.unknown.any():
        unknown = int(of.unknown[np.isin(of.issue, shown)].sum())
        notes += [f"{count(unknown, 'salience')} not known, and taken to be the mean of the issue."] if unknown else []
    kept = ("profile", "about", "source", "fitted")
    origin = None if known is None else {k: v for k, v in known.to_dict().items() if k in kept}
    return Positions(tuple(made), origin, tuple(notes))


def _of_case(case: Case, profile: PositionsProfile | None, issue: str | None, **options: Any) -> Positions:
    """The questions of a case, each with the profile that it names, or all with the one given."""
    asked = questions(case, issue)
    found, profiles = [], []
    notes: list[str] = []
    for q in asked:
        try:
            one = positions(table_of(q), profile=profile or q.profile, **options)
        except PositionsError as err:
            line, column = case.where(f"positions[{case.positions.index(q)}].profile")
            message = f"{case.source}:{line}:{column}: positions.{q.id}: {err}"
            raise (PositionsError if profile else CaseError)(message, source=case.source) from None
        found.append(replace(one.forecasts[0], title=q.title))
        profiles.append(one.profile)
        notes += [n for n in one.notes if n not in notes]
    alike = all(p == profiles[0] for p in profiles)
    if not alike:
        notes += [f"{f.title}: coefficients {p['profile']}." for f, p in zip(found, profiles, strict=True) if p]
    return Positions(tuple(found), profiles[0] if alike else None, tuple(notes))


def _shown(table: Table, issue: str | None) -> Sequence[int]:
    ids = [i.id for i in table.issues]
    if issue is None:
        return range(len(ids))
    if issue not in ids:
        hint = suggestion(issue, ids) or f"it has {', '.join(ids[:10])}{' ..' if ids[10:] else ''}"
        raise PositionsError(f"{table.source}: has no issue {issue} ({hint})", source=table.source)
    return [ids.index(issue)]


def _holders(given: Issue, of: Panel, at: Any, w: Floats, salience_max: float) -> tuple[Holder, ...]:
    return tuple(
        Holder(row.actor, row.position, float(s) * salience_max / 100, row.capability, float(v), bool(u), row.within)
        for row, s, v, u in zip(given.rows, of.s[at], w[at], of.unknown[at], strict=True)
    )


def _distribution(P: Floats, x: Floats, low: float, width: float) -> Distribution:
    """The distribution in the units of the issue; a median that stands beside a held position is that position."""

    def units(value: float) -> float:
        near = x[np.argmin(np.abs(x - value))]
        return low + width * float(near if abs(near - value) < 0.5 else value) / 100

    lowest, highest = shortest(GRID, P[None], SHARE)
    return Distribution(
        units(float(median(GRID, P[None])[0])),
        low + width * float(P @ GRID) / 100,
        (units(float(lowest[0])), units(float(highest[0]))),
        tuple((low + width * GRID / 100).tolist()),
        tuple(P.tolist()),
    )


def _influences(
    single: Single | None, given: Issue, w: Floats, low: float, width: float, top: float
) -> tuple[Influence, ...] | None:
    return None if single is None else influences(single, tuple(r.actor for r in given.rows), w, low, width, top)


def _spread(single: Single | None, given: Issue, noise: Noise | None, low: float, width: float) -> Any:
    ranges = np.array([r.within or (np.nan, np.nan) for r in given.rows])
    if single is None or (noise is None and np.isnan(ranges).all()):
        return None
    return spread(single, noise or Noise(), 100 * (ranges - low) / (width or 1.0), low, width)


def _challenged(given: Issue, of: Panel, at: Any, variant: Variant) -> Any:
    x = np.array([r.position for r in given.rows])
    names = tuple(r.actor for r in given.rows)
    return challenge(x, of.s[at] / 100, of.c[at] * of.share[at], names, variant)
