"""The worlds that are believed in: draws of the uncertain values under the answers.

M worlds are drawn once from the case as it stands, and kept. Under answers only what they touch is drawn again. What
comparisons tie together is a group; groups are independent of each other, so each is drawn by itself:

    no answer in the group    as it was drawn from the case
    one quantity, answered    the n-th smallest of its M values becomes the quantile (n + 1/2)/M of what was answered; of the
                              answers of several people, of their mean (`believed`)
    comparisons               all members from their own distributions, again and again; kept are the draws in which every
                              comparison holds (rejection: they have exactly the density that is wanted). Where fewer than M
                              come of the attempts, those which are there are repeated

Where fewer than the least number of the profile are kept, or a value is only compared and has no range, the group is too narrow
for that: the case is written with its answers and drawn as any other, by hit-and-run.

Ranges of the case are too narrow, as experts' ranges are: those that nobody was asked about are taken wider about their likely
value, by the factor at which shares of draws are told a second time (`case.draws.widen.wider`). An answer says how sure it is,
and is taken at its word, or by what its author's calibration says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.ask.believed import Believed, marginals
from detente.base.text import Path
from detente.case.draws.quantities import Preference, Quantity

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["STREAM", "Worlds", "covering", "drawn"]

Floats = NDArray[np.float64]
STREAM = 500
"""Of the draws and plays of asking, among those of a seed."""
_STEPS = 2048
_BLOCK = 1 << 14
_MOST_BLOCKS = 16


def drawn(case: Case, names: Sequence[str], count: int, seed: int, widen: float = 1.0) -> Floats:
    """Draws of a case, of shape (count, Q), of the quantities of these names; one that is certain in it is what it is.

    widen : by what every range is multiplied.

    Raises
    ------
    CaseError, SolverError
        As `case.draws.draw`.
    """
    from detente.case.draws.draw import uncertainty
    from detente.case.draws.quantities import stated

    known = uncertainty(case, widen)
    values = known.draw(count, seed, stream=STREAM).values
    at = {q.name: n for n, q in enumerate(known.quantities)}
    fixed = {q.name: float(q.likely) for q in stated(case, known.spans)}
    columns = [values[:, at[x]] if x in at else np.full(count, fixed.get(x, 0.0)) for x in names]
    return np.stack(columns, axis=1) if columns else np.zeros((count, 0))


def covering(quantities: Sequence[Quantity], values: Floats) -> tuple[Quantity, ...]:
    """The quantities with ranges of lags that hold all values, (N, Q): rows and plays are laid out for the lags in these ranges
    and for no other, and answers may lie beyond those of the case."""
    out = list(quantities)
    for n, q in enumerate(out):
        if q.kind == "lag" and q.low is not None and q.high is not None and len(values):
            low, high = (Fraction(int(x)) for x in (values[:, n].min(), values[:, n].max()))
            out[n] = replace(q, low=min(q.low, low), high=max(q.high, high))
    return tuple(out)


class Worlds:
    """The worlds of one case. base : (M, Q), as drawn from the case. quantities : with the ranges from which they were drawn.
    shape : of its ranges."""

    def __init__(self, base: Floats, quantities: Sequence[Quantity], shape: str, seed: int, least: int) -> None:
        self.base, self.quantities, self.shape, self.seed, self.least = base, tuple(quantities), shape, seed, least
        self._place: Mapping[Path, int] = {q.path: n for n, q in enumerate(self.quantities)}

    def tied(self, preferences: Sequence[Preference]) -> list[tuple[int, ...]]:
        """The places of quantities that comparisons tie together."""
        groups: list[set[int]] = []
        for p in preferences:
            own = {self._place[q.path] for q in (p.upper, p.lower) if q.path in self._place}
            for g in [g for g in groups if g & own]:
                groups.remove(g)
                own |= g
            if own:
                groups.append(own)
        return [tuple(sorted(g)) for g in groups]

    def under(self, made: Believed, first: int) -> tuple[Floats, list[tuple[int, ...]]]:
        """The worlds under answers, (M, Q), and the groups that are too narrow for it. first : how many of the comparisons are
        the case's own."""
        out, narrow = self.base.copy(), list[tuple[int, ...]]()
        new = {self._place[q.path] for p in made.preferences[first:] for q in (p.upper, p.lower) if q.path in self._place}
        groups = self.tied(made.preferences)
        bound = {q for g in groups for q in g}
        levels = (np.arange(len(out)) + 0.5) / max(1, len(out))
        for q in set(made.spans) - bound:
            order = np.argsort(self.base[:, q], kind="stable")
            out[order, q] = self._at(made, q, levels)
        for g in groups:
            if not (set(g) & (new | set(made.spans))):
                continue
            found = self._rejected(made, g)
            if found is None:
                narrow.append(g)
            else:
                out[:, list(g)] = found
        lags = [n for n, q in enumerate(self.quantities) if q.kind == "lag"]
        out[:, lags] = np.floor(out[:, lags] + 0.5)
        return out, narrow

    def _at(self, made: Believed, q: int, levels: Floats) -> Floats:
        """Quantiles of what is believed of a quantity; of several people's answers those of the mean of their distributions."""
        ranges = made.spans.get(q) or (self.quantities[q],)
        table = marginals(self.shape, ranges).quantiles(_STEPS)
        return np.asarray(np.quantile(table.ravel(), levels) if len(table) > 1 else np.interp(levels, _LEVELS, table[0]))

    def _rejected(self, made: Believed, group: tuple[int, ...]) -> Floats | None:
        """Draws of a group in which every comparison holds, (M, D); None: too few were found."""
        if any(self.quantities[q].low is None and q not in made.spans for q in group):
            return None
        own = [p for p in made.preferences if {self._place.get(q.path, -1) for q in (p.upper, p.lower)} & set(group)]
        rng = np.random.default_rng([self.seed, STREAM, *group])
        kept, many, count = [], 0, len(self.base)
        for _ in range(_MOST_BLOCKS):
            levels = rng.random((_BLOCK, len(group)))
            block = np.stack([self._at(made, q, levels[:, k]) for k, q in enumerate(group)], axis=1)
            kept.append(block[self._agrees(block, group, own)])
            many += len(kept[-1])
            if many >= count:
                break
        if many < min(self.least, count):
            return None
        return np.resize(np.concatenate(kept), (count, len(group)))

    def _agrees(self, block: Floats, group: tuple[int, ...], preferences: Sequence[Preference]) -> NDArray[np.bool_]:
        at = {self.quantities[q].path: k for k, q in enumerate(group)}
        out = np.ones(len(block), dtype=bool)
        for p in preferences:
            upper, lower = (block[:, at[q.path]] if q.path in at else float(q.likely) for q in (p.upper, p.lower))
            out &= float(p.more) * upper >= float(p.less) * lower
        return out


_LEVELS = np.linspace(0, 1, _STEPS + 1)
