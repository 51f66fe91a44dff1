"""Every row of one roadmap for many draws of one party's values, in floating point.

The rows are those of `plan/certificate` but for coalitions, as sums over the measures of what each adds to V, W, D, E and U
(module `worth`, which says what is decided in every draw anew and what is not). What is the same in all draws (schedule, odds,
which rows there are, measures whose worth is fixed) is laid out once, and each draw is one pass over the measures and one over
the phases. Where lags are drawn, which rows there are is the draw's own, and its odds are where lags or signals are. It proves
nothing; a roadmap that is shown as safe has passed the certificate.

A row counts as broken where its slack is below -1e-11 of the party's scale: the sum of |v| + |k| of the measures that enter,
held for ever, plus B and the drift. That is far above what rounding can do and far below what a value is known to.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.base.uncounted import kernel
from detente.plan.tables.layout import (
    Floats,
    Ints,
    Layout,
    asked,
    entries,
    factors,
    lags_in,
    layout,
    longest_in,
    odds,
    signals_in,
)
from detente.plan.tables.worth import Figures, Starters, add_alone, add_up, add_work, constants, effects_of, worth_begun

__all__ = [
    "DOUBT",
    "INCENTIVE",
    "KINDS",
    "RED_LINE",
    "TOLERANCE",
    "TRUST",
    "Ints",
    "Layout",
    "entries",
    "factors",
    "layout",
    "odds",
    "rows",
]

KINDS = ("incentive", "trust", "doubt", "red_line")
INCENTIVE, TRUST, DOUBT, RED_LINE = range(4)
TOLERANCE = 1e-11


def rows(layout: Layout, entry: Ints, draws: Floats, *, trust: bool = True, red_lines: bool = True) -> tuple[Ints, Floats]:
    """Check one party's rows in every draw.

    Parameters
    ----------
    entry : of shape (M,), as `entries` makes it.
    draws : of shape (N, Q), the quantities for which the layout was made.
    trust, red_lines : False leaves these rows out; doubt is a matter of trust.

    Returns
    -------
    first : ndarray(int, ndim=2), of shape (N, 4)
        The first phase in which a row of each kind is broken (`KINDS`); T + 1 where none is.
    least : ndarray(float, ndim=2), of shape (N, 4)
        The least slack of the rows of each kind, in the party's units; infinity where there is no such row.
    """
    a, T, kinds = layout, layout.phases, len(KINDS)
    if not red_lines:
        a = a._replace(red_line=np.nan)
    first, least = np.full((len(draws), kinds), T + 1, dtype=np.int64), np.full((len(draws), kinds), np.inf)
    lags = lags_in(a, draws)
    there = asked(a, entry, lags)
    if not there[:, 0].any():
        return first, least
    longest, often, factor = longest_in(a, lags), odds(a, entry, lags, signals_in(a, draws)), factors(a, draws)
    if len(lags) == 1:
        _checked(a, entry, draws, lags, longest, often, factor, there, trust, first, least)
        return first, least
    alike = np.concatenate([longest[:, None], there[:, 1:].any(axis=2)], axis=1)
    for key in np.unique(alike, axis=0):
        n, x = np.flatnonzero((alike == key).all(axis=1)), np.flatnonzero(key[1:])
        b = a._replace(figures=_of_draw(a.figures, int(key[0]), x), anew=np.ones(len(entry), dtype=bool), anew_alone=True)
        part = np.full((len(n), kinds), T + 1, dtype=np.int64), np.full((len(n), kinds), np.inf)
        asked_of = np.ascontiguousarray(there[np.ix_(n, np.concatenate([[0], 1 + x]))])
        odds_of = often[n] if len(often) > 1 else often
        _checked(b, entry, draws[n], lags[n], longest[n], odds_of, factor[n], asked_of, trust, *part)
        first[n], least[n] = part
    return first, least


def _of_draw(f: Figures, longest: int, kept: Ints) -> Figures:
    """The figures of draws with this longest lag of the party's own, and of these exposures: of many that lags could ask for,
    those that are asked for."""
    place = np.full(len(f.toward), -1)
    place[kept] = np.arange(len(kept))
    y = np.flatnonzero((place[f.doubted] >= 0) & (f.found < longest + f.length[f.doubted]))
    deviations = max([longest, *map(int, f.found[y])])
    return Figures(longest, deviations, f.toward[kept], f.length[kept], place[f.doubted[y]], f.found[y])


def _checked(
    a: Layout,
    entry: Ints,
    draws: Floats,
    lags: Ints,
    longest: Ints,
    odds: Floats,
    factor: Floats,
    there: NDArray[np.bool_],
    trust: bool,
    first: Ints,
    least: Floats,
) -> None:
    T, C = a.phases, a.figures.size
    room = np.empty(C), np.empty((T + 1, C + 1)), np.empty(T + 1), np.empty((T + 1, C))
    depth = a.figures.depth + a.work
    effects = a.effects.copy() if a.effects.shape[2] == C else np.empty((len(entry), depth + 1, C))
    last = np.full(len(entry), T - 1)
    drawn = a.value.copy(), a.once.copy(), effects
    _rows(a, entry, last, draws, lags, longest, odds, factor, there, trust, *drawn, *room, first, least)


@kernel
def _rows(  # type: ignore[no-untyped-def]
    a, entry, last, draws, lags, longest, odds, factor, asked, trust, v, k, effects, fixed, before, value, figures, first, least
):  # fmt: skip
    """`rows`. lags : (N or 1, M). longest : (N or 1,). odds : (N or 1, P, T + 1). factor : (N, P). asked : (N or 1, 1 + X,
    T + 1). v, k, effects : those of a draw. fixed, before, value, figures : see `add_up`."""
    T, acts = a.phases, a.acts
    exposures, doubts = 1 + a.figures.deviations, 1 + a.figures.deviations + len(a.figures.toward)
    starters = Starters(a.starters.place[:0] if a.anew_alone else a.starters.place, a.starters.begun)
    for n in range(len(draws)):
        scale, d = 0.0, a.discount if a.discount_at < 0 else draws[n, a.discount_at]
        by_lag, by_sign = n % len(lags), n % len(odds)
        own = longest[by_lag]
        for m in range(len(entry)):
            if entry[m] >= T and acts.ready[m] < 0:
                continue
            if a.value_at[m] >= 0:
                v[m] = draws[n, a.value_at[m]] * a.share[m]
            if a.once_at[m] >= 0:
                k[m] = draws[n, a.once_at[m]] * a.share[m]
            if v[m] == 0.0 and k[m] == 0.0:
                continue
            if a.anew[m]:
                r = a.irreversible[m] if a.irreversible_at[m] < 0 else draws[n, a.irreversible_at[m]]
                effects_of(
                    v[m], k[m], r, lags[by_lag, m], a.own[m], acts.kept[m], acts.ready[m] >= 0, a.theirs, m, d, a.figures,
                    effects[m], a.takes[m],
                )  # fmt: skip
            scale += abs(v[m]) + abs(k[m])
        B = a.breakdown if a.breakdown_at < 0 else draws[n, a.breakdown_at]
        drift = (a.stalemate if a.stalemate_at < 0 else draws[n, a.stalemate_at]) / (1.0 - d)
        floor = -TOLERANCE * (scale / (1.0 - d) + B + abs(drift))
        constants(drift - B, d, a.figures, fixed)
        add_up(v, k, effects, starters, entry, last, d, 0, fixed, before, value, figures)
        if a.work:
            add_work(v, k, a.early, entry, last, d, 0, value)
        for z in range(len(a.starters.place) if a.anew_alone else 0):
            m = a.starters.place[z]
            G = worth_begun(v[m], k[m], a.early[m], d)
            add_alone(a.begins[z], lags[by_lag, m], a.own[m], a.theirs, m, d, a.figures, G, entry[m], T, 0, figures, a.takes[m])
        for t in range(T + 1):
            slack = value[t] - figures[t, 0]
            for length in range(1, own + 1):
                slack = min(slack, value[t] - figures[t, length])
            _note(first, least, n, INCENTIVE, t, slack, floor)
            for x in range(len(a.figures.toward)):
                if not asked[by_lag, 1 + x, t]:
                    continue
                exposure = figures[t, exposures + x]
                if trust:
                    o = odds[by_sign, a.figures.toward[x], t] * factor[n, a.figures.toward[x]]
                    _note(first, least, n, TRUST, t, o * (value[t] - figures[t, 0]) - exposure, floor * (1.0 + o))
                if not np.isnan(a.red_line):
                    _note(first, least, n, RED_LINE, t, a.red_line - exposure, floor)
            for y in range(len(a.figures.found)):
                x = a.figures.doubted[y]
                if trust and a.figures.found[y] < own + a.figures.length[x] and asked[by_lag, 1 + x, t]:
                    o = odds[by_sign, a.figures.toward[x], t] * factor[n, a.figures.toward[x]]
                    loyalty = value[t] - figures[t, a.figures.found[y]]
                    _note(first, least, n, DOUBT, t, o * loyalty - figures[t, doubts + y], floor * (1.0 + o))


@kernel
def _note(first, least, n, kind, t, slack, floor):  # type: ignore[no-untyped-def]
    """A row of phase t of draw n into the results."""
    least[n, kind] = min(least[n, kind], slack)
    if slack < floor and first[n, kind] > t:
        first[n, kind] = t
