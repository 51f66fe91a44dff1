"""Draws by their number: row n of a seed is the same whoever computes it, and however the rows are cut into chunks.

    x[n, q] = Q_q(u),   u = u(seed, n; purpose 100 + a, q, 0)  of `base.splitmix`, attempt a = 0

Q_q is the inverse of the marginal's distribution, on a table of 2048 equal steps of u with straight lines in between: no
quantile is off by more than its step, 1/2048, in u, and the ends are exact. The number of a quantity does not depend on its
range, so that the same draw under wider ranges is the same quantile.

A tied set is drawn by rejection: all its members anew, attempt after attempt, until every comparison holds. Accepted points
have exactly the density that is wanted (the product of the marginals within what the comparisons leave), and rows remain
independent of each other. Where fewer than one in 64 of the first 4096 attempts of seed 0 is accepted it would take too long,
and the set is left to hit-and-run (module `hit_and_run`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.base.splitmix import key_of, u
from detente.base.uncounted import kernel

__all__ = ["STEPS", "acceptance", "fill", "fill_tied"]

STEPS = 2048  # of a table
LEAST_ACCEPTED = 1 / 64
_PURPOSE = 100
_TRIED = 4096
_ROWS = 256  # at a time
_MOST_ATTEMPTS = 1 << 16  # at the least acceptance a row fails once in 10^400

Floats = NDArray[np.float64]


def fill(out: Floats, tables: Floats, columns: Sequence[int], seed: int, first: int) -> None:
    """Fill some columns of `out`, of shape (N, Q), with the rows from `first` on. tables : of shape (Q, STEPS + 1)."""
    _fill(out, tables, np.asarray(columns, dtype=np.int64), np.empty(_ROWS, dtype=np.uint64), seed, first)


def fill_tied(
    out: Floats, tables: Floats, columns: Sequence[int], rows: Floats, constants: Floats, seed: int, first: int
) -> None:
    """The same for a set of D columns. rows, constants : of shape (R, D) and (R,); rows @ x + constants >= 0."""
    _fill_tied(out, tables, np.asarray(columns, dtype=np.int64), rows, constants, np.empty(len(columns)), seed, first)


def acceptance(tables: Floats, columns: Sequence[int], rows: Floats, constants: Floats) -> float:
    """The share of the first attempts in which the comparisons of a set hold."""
    out = np.empty((_TRIED, len(tables)))
    fill(out, tables, columns, 0, 0)
    return float((out[:, list(columns)] @ rows.T + constants >= 0).all(axis=1).mean())


@kernel(inline="always")
def _quantile(table, x):  # type: ignore[no-untyped-def]
    """The value below which the share x in [0, 1) lies."""
    place = x * (len(table) - 1)
    cell = int(place)
    return table[cell] + (place - cell) * (table[cell + 1] - table[cell])


@kernel
def _fill(out, tables, columns, keys, seed, first):  # type: ignore[no-untyped-def]
    """Shapes as of `fill`. Quantity by quantity within some rows, so that a table is read while it is near; keys : room for
    theirs."""
    for start in range(0, len(out), len(keys)):
        many = min(len(keys), len(out) - start)
        for n in range(many):
            keys[n] = key_of(seed, first + start + n)
        for q in columns:
            for n in range(many):
                out[start + n, q] = _quantile(tables[q], u(keys[n], _PURPOSE, q, 0))


@kernel
def _fill_tied(out, tables, columns, rows, constants, x, seed, first):  # type: ignore[no-untyped-def]
    """Shapes as of `fill_tied`; x : room for D numbers."""
    for n in range(len(out)):
        key = key_of(seed, first + n)
        for attempt in range(_MOST_ATTEMPTS):
            for d in range(len(columns)):
                x[d] = _quantile(tables[columns[d]], u(key, _PURPOSE + attempt, columns[d], 0))
            holds = True
            for r in range(len(constants)):
                room = constants[r]
                for d in range(len(columns)):
                    room += rows[r, d] * x[d]
                holds = holds and room >= 0.0
            if holds:
                break
        for d in range(len(columns)):
            out[n, columns[d]] = x[d]
