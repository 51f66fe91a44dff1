"""Small series for the tests of forecasts, made from a seed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from detente.forecast.panel import Panel


def write(path: Path, rows: Iterable[tuple[object, ...]], head: str = "date,a,b,value") -> Path:
    """A CSV file."""
    path.write_text("\n".join([head, *(",".join(str(x) for x in r) for r in rows)]) + "\n", encoding="utf-8")
    return path


def panel(units: int = 6, periods: int = 30, seed: int = 1, *, signed: bool = False) -> Panel:
    """Dyads of four parties, each with its own level and some memory."""
    draw = np.random.default_rng(seed)
    names = [(a, b) for a in "abcd" for b in "abcd" if a != b][:units]
    level = draw.gamma(2.0, 4.0, units)
    y = np.empty((units, periods))
    state = np.log(level)
    for t in range(periods):
        state = 0.8 * state + 0.2 * np.log(level) + draw.normal(0, 0.3, units)
        y[:, t] = draw.normal(0, np.exp(state)) if signed else draw.poisson(np.exp(state))
    return Panel("made.csv", "month", ("a", "b"), tuple(names), 12 * 2018, y, np.zeros(units, dtype=np.int64))
