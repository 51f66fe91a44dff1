"""Every row of one roadmap for many draws of one party's values, in floating point.

The rows are those of `plan/certificate` but for coalitions, as sums over the measures of what each adds to V, W, D, E and U
(module `worth`, which says what is decided in every draw anew and what is not). What is the same in all draws (schedule, odds,
which rows there are, measures whose worth is fixed) is laid out once, and each draw is one pass over the measures and one over
the phases. It proves nothing; a roadmap that is shown as safe has passed the certificate.

A row counts as broken where its slack is below -1e-11 of the party's scale: the sum of |v| + |k| of the measures that enter,
held for ever, plus B and the drift. That is far above what rounding can do and far below what a value is known to.
"""

from __future__ import annotations

import numpy as np

from detente.base.uncounted import kernel
from detente.plan.tables.layout import Floats, Ints, Layout, asked, entries, factors, layout, odds
from detente.plan.tables.worth import add_up, constants, effects_of

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
    a, T, C, kinds = layout, layout.phases, layout.figures.size, len(KINDS)
    if not red_lines:
        a = a._replace(red_line=np.nan)
    first, least = np.full((len(draws), kinds), T + 1, dtype=np.int64), np.full((len(draws), kinds), np.inf)
    there = asked(a, entry)
    if not there[0].any():
        return first, least
    room = np.empty(C), np.empty((T + 1, C + 1)), np.empty(T + 1), np.empty((T + 1, C))
    last, often = np.full(len(entry), T - 1), odds(a, entry)
    drawn = a.value.copy(), a.once.copy(), a.effects.copy()
    _rows(a, entry, last, draws, often, factors(a, draws), there, trust, *drawn, *room, first, least)
    return first, least


@kernel
def _rows(  # type: ignore[no-untyped-def]
    a, entry, last, draws, odds, factor, asked, trust, v, k, effects, fixed, before, value, figures, first, least
):  # fmt: skip
    """`rows`. odds : (P, T + 1). factor : (N, P). asked : (1 + X, T + 1). v, k, effects : those of a draw. fixed, before,
    value, figures : see `add_up`."""
    d, T, own, acts = a.discount, a.phases, a.figures.longest, a.acts
    exposures, doubts = 1 + a.figures.deviations, 1 + a.figures.deviations + len(a.figures.toward)
    for n in range(len(draws)):
        scale = 0.0
        for m in range(len(entry)):
            if entry[m] >= T and acts.ready[m] < 0:
                continue
            if a.value_at[m] >= 0 or a.once_at[m] >= 0:
                if a.value_at[m] >= 0:
                    v[m] = draws[n, a.value_at[m]] * a.share[m]
                if a.once_at[m] >= 0:
                    k[m] = draws[n, a.once_at[m]] * a.share[m]
                if a.side[m] and min(a.side[m] * v[m], a.side[m] * k[m]) < 0.0:
                    effects_of(
                        v[m], k[m], a.irreversible[m], a.lag[m], True, acts.kept[m], acts.ready[m] >= 0, a.theirs, m, d,
                        a.figures, effects[m],
                    )  # fmt: skip
                else:
                    for row in range(effects.shape[1]):
                        for c in range(effects.shape[2]):
                            effects[m, row, c] = v[m] * a.per_value[m, row, c] + k[m] * a.per_once[m, row, c]
            scale += abs(v[m]) + abs(k[m])
        B = a.breakdown if a.breakdown_at < 0 else draws[n, a.breakdown_at]
        drift = (a.stalemate if a.stalemate_at < 0 else draws[n, a.stalemate_at]) / (1.0 - d)
        floor = -TOLERANCE * (scale / (1.0 - d) + B + abs(drift))
        constants(drift - B, d, a.figures, fixed)
        add_up(v, k, effects, a.starters, entry, last, d, 0, fixed, before, value, figures)
        for t in range(T + 1):
            slack = value[t] - figures[t, 0]
            for length in range(1, own + 1):
                slack = min(slack, value[t] - figures[t, length])
            _note(first, least, n, INCENTIVE, t, slack, floor)
            for x in range(len(a.figures.toward)):
                if not asked[1 + x, t]:
                    continue
                exposure = figures[t, exposures + x]
                if trust:
                    o = odds[a.figures.toward[x], t] * factor[n, a.figures.toward[x]]
                    _note(first, least, n, TRUST, t, o * (value[t] - figures[t, 0]) - exposure, floor * (1.0 + o))
                if not np.isnan(a.red_line):
                    _note(first, least, n, RED_LINE, t, a.red_line - exposure, floor)
            for y in range(len(a.figures.found)):
                x = a.figures.doubted[y]
                if trust and asked[1 + x, t]:
                    o = odds[a.figures.toward[x], t] * factor[n, a.figures.toward[x]]
                    loyalty = value[t] - figures[t, a.figures.found[y]]
                    _note(first, least, n, DOUBT, t, o * loyalty - figures[t, doubts + y], floor * (1.0 + o))


@kernel
def _note(first, least, n, kind, t, slack, floor):  # type: ignore[no-untyped-def]
    """A row of phase t of draw n into the results."""
    least[n, kind] = min(least[n, kind], slack)
    if slack < floor and first[n, kind] > t:
        first[n, kind] = t
