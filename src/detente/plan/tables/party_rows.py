"""Every row of one roadmap for many draws of one party's values, in floating point.

The rows are those of `plan/certificate`, as sums over the measures of what each adds to V, W, D and E (module `worth`); signs
are decided in every draw anew. What is the same in all draws (schedule, odds, measures whose worth is fixed) is laid out once,
and each draw is one pass over the measures and one over the phases. It proves nothing; a roadmap that is shown as safe has
passed the certificate.

A row counts as broken where its slack is below -1e-11 of the party's scale: the sum of |v| + |k| of the measures that enter,
held for ever, plus B. That is far above what rounding can do and far below what a value is known to.
"""

from __future__ import annotations

import numpy as np

from detente.base.uncounted import kernel
from detente.plan.tables.layout import Floats, Ints, Layout, entries, factors, layout, odds
from detente.plan.tables.worth import add_up, constants, effects_of

__all__ = [
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

KINDS = ("incentive", "trust", "red_line")
INCENTIVE, TRUST, RED_LINE = range(3)
TOLERANCE = 1e-11


def rows(layout: Layout, entry: Ints, draws: Floats, *, trust: bool = True, red_lines: bool = True) -> tuple[Ints, Floats]:
    """Check one party's rows in every draw.

    Parameters
    ----------
    entry : of shape (M,), as `entries` makes it.
    draws : of shape (N, Q), the quantities for which the layout was made.
    trust, red_lines : False leaves these rows out.

    Returns
    -------
    first : ndarray(int, ndim=2), of shape (N, 3)
        The first phase in which a row of each kind is broken (`KINDS`); T + 1 where none is.
    least : ndarray(float, ndim=2), of shape (N, 3)
        The least slack of the rows of each kind, in the party's units; infinity where there is no such row.
    """
    a, T, C = layout, layout.phases, layout.figures.size
    if not red_lines:
        a = a._replace(red_line=np.nan)
    first, least = np.full((len(draws), 3), T + 1, dtype=np.int64), np.full((len(draws), 3), np.inf)
    room = np.empty(C), np.empty((T + 1, C + 1)), np.empty(T + 1), np.empty((T + 1, C))
    last, often = np.full(len(entry), T - 1), odds(a, entry)
    drawn = a.value.copy(), a.once.copy(), a.effects.copy()
    _rows(a, entry, last, draws, often, factors(a, draws), trust, *drawn, *room, first, least)
    return first, least


@kernel
def _rows(a, entry, last, draws, odds, factor, trust, v, k, effects, fixed, before, value, figures, first, least):  # type: ignore[no-untyped-def]
    """`rows`. odds : (P, T + 1). factor : (N, P). v, k, effects : those of a draw. fixed, before, value, figures : see
    `add_up`."""
    d, T, own = a.discount, a.phases, a.figures.longest
    for n in range(len(draws)):
        scale = 0.0
        for m in range(len(entry)):
            if entry[m] >= T:
                continue
            if a.value_at[m] >= 0 or a.once_at[m] >= 0:
                if a.value_at[m] >= 0:
                    v[m] = draws[n, a.value_at[m]] * a.share[m]
                if a.once_at[m] >= 0:
                    k[m] = draws[n, a.once_at[m]] * a.share[m]
                effects_of(v[m], k[m], a.irreversible[m], a.lag[m], a.own[m], a.alone[m], a.theirs, m, d, a.figures, effects[m])
            scale += abs(v[m]) + abs(k[m])
        B = a.breakdown if a.breakdown_at < 0 else draws[n, a.breakdown_at]
        floor = -TOLERANCE * (scale / (1.0 - d) + B)
        constants(B, d, a.figures, fixed)
        add_up(v, k, effects, entry, last, d, 0, fixed, before, value, figures)
        for t in range(T + 1):
            slack = value[t] - figures[t, 0]
            for length in range(1, own + 1):
                slack = min(slack, value[t] - figures[t, length])
            _note(first, least, n, INCENTIVE, t, slack, floor)
            for x in range(len(a.figures.toward)):
                exposure = figures[t, 1 + own + x]
                if trust:
                    o = odds[a.figures.toward[x], t] * factor[n, a.figures.toward[x]]
                    _note(first, least, n, TRUST, t, o * (value[t] - figures[t, 0]) - exposure, floor * (1.0 + o))
                if not np.isnan(a.red_line):
                    _note(first, least, n, RED_LINE, t, a.red_line - exposure, floor)


@kernel
def _note(first, least, n, kind, t, slack, floor):  # type: ignore[no-untyped-def]
    """A row of phase t of draw n into the results."""
    least[n, kind] = min(least[n, kind], slack)
    if slack < floor and first[n, kind] > t:
        first[n, kind] = t
