"""Every row of a roadmap in many draws, kept as sums over its measures, so that a changed roadmap is tried by what it changes.

To a party every side of every row is a sum over measures, and what a measure adds depends on its entry phase and on its own
worth alone (module `worth`). So for N draws the sums are kept, and a roadmap that differs in a few entries is tried by adding
the difference. The sums of one party, by draw n and phase t:

    slack[n,t,0]        V - W;   slack[n,t,L]   V - D[L],  L = 1 .. the longest own lag
    exposure[n,t,j,L]   E[j,t,L], against odds[j,t] (V - W) and the red line

Odds depend on the draw only where trust is a range, by a factor. Draws that broke often before are tried first, so that a
roadmap that breaks in too many is given up early; the count, where it is not given up, does not depend on that.

This is a way to search. What is reported is counted by the kernel on other draws, and what is shown has its certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.base.uncounted import kernel
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.plan.tables.layout import Layout, factors, layout
from detente.plan.tables.layout import odds as odds_of
from detente.plan.tables.party_rows import TOLERANCE
from detente.plan.tables.worth import constants, effects_of

__all__ = ["Change", "Sums", "sample_that_fits"]

MEMORY = 400e6  # bytes for the tables
_LEAST = 50
_NEAR = 100  # times the tolerance: rows this narrow are for the certificate to judge
_RENEW = 200  # changes after which sums are worked out anew

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Change = Mapping[int, int]
"""New entry phases by the place of a measure; T: never."""


@dataclass
class _Side:
    """The sums of one party, for N draws; C figures: V - W, V - D[1] .., then exposures.

    table : of shape (pairs, N, T + 1, C), what each touching measure adds: at 0 once in force, at 1 + wait before.
    pair : of shape (M,), the place in the table, or -1. sums : of shape (N, T + 1, C). trusted : of shape (exposures,), which
    of the other parties. odds : of shape (P, T + 1), before the factor of the draw, of shape (N, P). floor : of shape
    (N,). last : the last phase with a broken row, -1: none.
    """

    layout: Layout
    table: Floats
    pair: Ints
    constant: Floats
    trusted: Ints
    floor: Floats
    sums: Floats
    odds: Floats
    factor: Floats
    last: Ints


class Sums:
    """A roadmap in N draws.

    Parameters
    ----------
    values : of shape (N, Q), the draws of `quantities`. certain : how many of them, from the first on, may not break at all.
    trust, red_lines : False leaves these rows out.
    """

    def __init__(
        self,
        instance: Instance,
        quantities: tuple[Quantity, ...],
        values: Floats,
        *,
        certain: int = 0,
        trust: bool = True,
        red_lines: bool = True,
    ) -> None:
        self.instance, self.certain, self.trust, self.red_lines = instance, certain, trust, red_lines
        self.count = len(values)
        self.tried = self._taken = 0
        self._sides = [self._side(p.id, quantities, values) for p in instance.parties]
        self._order = np.arange(self.count)
        self._often = np.zeros(self.count, dtype=np.int64)
        self.entry = np.array([-1 if m.in_force else instance.phases for m in instance.measures], dtype=np.int64)
        self.place(self.entry)

    def place(self, entry: Ints) -> None:
        """Take a roadmap, of shape (M,) (-1 in force, T never), and work its sums out anew."""
        self.entry = entry.copy()
        for side in self._sides:
            side.sums[:] = side.constant[:, None, :]
            side.odds = odds_of(side.layout, entry)
            for m in np.flatnonzero((entry < self.instance.phases) & (side.pair >= 0)):
                _add(side.sums, side.table[side.pair[m]], int(entry[m]), 1.0)
            _last_broken(side.sums, side.odds, side.factor, side.trusted, side.floor, *self._asked(side), side.last)
        self._taken = 0
        self._reorder()

    def take(self, change: Change) -> None:
        """Take the roadmap with these changes; after many of them work the sums out anew, so that rounding cannot grow."""
        entry = self.entry.copy()
        entry[list(change)] = list(change.values())
        self._taken += 1
        if self._taken >= _RENEW:
            self.place(entry)
            return
        signs = self._signs(change)
        for side in self._sides:
            members = [m for m in change if side.pair[m] >= 0]
            for m in members:
                table = side.table[side.pair[m]]
                if self.entry[m] < self.instance.phases:
                    _add(side.sums, table, int(self.entry[m]), -1.0)
                if entry[m] < self.instance.phases:
                    _add(side.sums, table, int(entry[m]), 1.0)
            if signs:
                side.odds = odds_of(side.layout, entry)
            if members or (signs and self.trust):
                _last_broken(side.sums, side.odds, side.factor, side.trusted, side.floor, *self._asked(side), side.last)
        self.entry = entry
        self._reorder()

    def _reorder(self) -> None:
        often = -self._often
        often[: self.certain] = -np.iinfo(np.int64).max
        self._order = np.argsort(often, kind="stable")

    def is_tight(self) -> bool:
        """Whether some row of a certain draw is so narrow that rounding could decide it."""
        for side in self._sides:
            x = side.sums[: self.certain]
            longest, trust, red_line = self._asked(side)
            exposure = x[:, :, longest:]
            odds = side.odds[side.trusted].T * side.factor[: self.certain, None, side.trusted]
            rows = [x[:, :, :longest], odds * x[:, :, :1] - exposure if trust else exposure[:, :, :0], red_line - exposure]
            near = _NEAR * side.floor[: self.certain, None, None]
            if any((abs(r) < -near * (1 + abs(r))).any() for r in rows):
                return True
        return False

    def broken(self) -> int:
        """In how many draws the roadmap breaks; one more than there are where it breaks in a certain one."""
        return self.breaks({}, self.count)

    def breaks(self, change: Change, most: int) -> int:
        """In how many draws the roadmap with these changes breaks; more than `most`: given up, or broken in a certain draw."""
        self.tried += 1
        entry = self.entry.copy()
        entry[list(change)] = list(change.values())
        signs = self._signs(change)
        flags = np.zeros(self.count, dtype=bool)
        touched = []
        for side in self._sides:
            members = np.array([m for m in change if side.pair[m] >= 0], dtype=np.int64)
            if len(members) or (self.trust and signs):
                touched.append((side, members))
            else:
                flags |= side.last >= 0
        if flags[: self.certain].any() or flags.sum() > most:
            return self.count + 1
        touched.sort(key=lambda s: -int((s[0].last >= 0).sum()))
        broken = int(flags.sum())
        for side, members in touched:
            odds = odds_of(side.layout, entry) if signs else side.odds
            until = self.instance.phases
            if not signs and len(members):
                ends = np.maximum(self.entry[members], entry[members])
                until = int(ends.max())
            broken = _count(
                side.sums, side.table, side.pair[members], self.entry[members], entry[members], odds, side.factor,
                side.trusted, side.floor, *self._asked(side), side.last, until, self._order, flags, self._often, broken, most,
                self.certain,
            )  # fmt: skip
            if broken > most:
                return self.count + 1
        return broken

    def _asked(self, side: _Side) -> tuple[int, bool, float]:
        longest = side.sums.shape[2] - len(side.trusted)
        return longest, self.trust, side.layout.red_line if self.red_lines else np.nan

    def _signs(self, change: Change) -> bool:
        return any(self.instance.measures[m].signal > 1 for m in change)

    def _side(self, party: str, quantities: tuple[Quantity, ...], values: Floats) -> _Side:
        a, phases = layout(self.instance, party, quantities), self.instance.phases
        loss = np.full(self.count, a.breakdown) if a.breakdown_at < 0 else values[:, a.breakdown_at]
        figures, d = a.figures.size, a.discount
        constant = np.empty((self.count, figures))
        _fixed(loss, d, a.figures, constant)
        pair = np.full(len(self.instance.measures), -1)
        tables: list[Floats] = []
        known: dict[str, int] = {}
        scale = np.zeros(self.count)
        for n, m in enumerate(self.instance.measures):
            if a.value_at[n] < 0 and a.once_at[n] < 0 and a.value[n] == 0 and a.once[n] == 0:
                continue
            v = np.full(self.count, a.value[n]) if a.value_at[n] < 0 else values[:, a.value_at[n]] * a.share[n]
            k = np.full(self.count, a.once[n]) if a.once_at[n] < 0 else values[:, a.once_at[n]] * a.share[n]
            scale += abs(v) + abs(k)
            if m.whole not in known:
                known[m.whole] = len(tables)
                tables.append(np.empty((self.count, phases + 1, figures)))
                _written_out(a, v, k, n, np.empty((a.figures.depth + 1, figures)), tables[-1])
            pair[n] = known[m.whole]
        shape = (self.count, phases + 1, figures)
        return _Side(
            layout=a,
            table=np.stack(tables) if tables else np.zeros((0, *shape)),
            pair=pair,
            constant=constant,
            trusted=a.figures.toward,
            floor=-TOLERANCE * (scale / (1 - d) + loss),
            sums=np.zeros(shape),
            odds=np.zeros((len(a.theirs), phases + 1)),
            factor=factors(a, values),
            last=np.full(self.count, -1, dtype=np.int64),
        )


def sample_that_fits(instance: Instance, wanted: int) -> int:
    """How many draws fit into the memory that the tables may take, at least a few."""
    draw = 0
    for p in instance.parties:
        touching = len({m.whole for m in instance.measures if m.touches(p.id)})
        lags = sum(len(instance.lags(j)) for j in instance.acting if j != p.id)
        draw += touching * (1 + max(instance.lags(p.id), default=0) + lags)
    each = 8 * draw * (instance.phases + 1)
    return max(_LEAST, min(wanted, int(MEMORY // max(each, 1))))


@kernel
def _fixed(loss, d, figures, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (N, C), with what the breakdown loss, of shape (N,), adds to V - W, V - D and E."""
    for n in range(len(loss)):
        constants(loss[n], d, figures, out[n])
        for c in range(figures.longest + 1):
            out[n, c] = -out[n, c]


@kernel
def _written_out(a, v, k, m, effects, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (N, T + 1, C), with what measure m adds to V - W, V - D and E by draw and wait -1 .. T - 1.

    a : `Layout`. v, k : of shape (N,). effects : of shape (A + 1, C), room.
    """
    d = a.discount
    for n in range(len(v)):
        effects_of(v[n], k[n], a.irreversible[m], a.lag[m], a.own[m], a.alone[m], a.theirs, m, d, a.figures, effects)
        going_on = v[n] / (1.0 - d)
        for row in range(out.shape[1]):
            if row == 1:
                going_on += k[n]
            elif row > 1:
                going_on *= d
            for c in range(out.shape[2]):
                x = effects[row, c] if row < effects.shape[0] else 0.0
                out[n, row, c] = x if c > a.figures.longest else going_on - x


@compiled
def _add(sums, table, entry, sign):  # type: ignore[no-untyped-def]
    """Add `sign` times what a measure that enters in phase `entry` brings to the sums. sums, table : of shape (N, T + 1,
    C), the table by wait (`_Side`)."""
    for n in range(sums.shape[0]):
        for t in range(sums.shape[1]):
            w = 0 if entry < t else 1 + entry - t
            for c in range(sums.shape[2]):
                sums[n, t, c] += sign * table[n, w, c]


@compiled
def _breaks(x, odds, factor, t, trusted, floor, longest, trust, red_line):  # type: ignore[no-untyped-def]
    """Whether some row of a party's phase t breaks; x: its figures there."""
    for c in range(longest):
        if x[c] < floor:
            return True
    for e in range(len(trusted)):
        exposure = x[longest + e]
        if trust:
            o = odds[trusted[e], t] * factor[trusted[e]]
            if o * x[0] - exposure < floor * (1.0 + o):
                return True
        if red_line - exposure < floor:  # never so where there is none (nan)
            return True
    return False


@compiled
def _last_broken(sums, odds, factor, trusted, floor, longest, trust, red_line, last):  # type: ignore[no-untyped-def]
    """Set last, of shape (N,), to the last phase with a broken row in each draw, -1: none. sums .. red_line : as in `_Side`."""
    for n in range(sums.shape[0]):
        last[n] = -1
        for t in range(sums.shape[1] - 1, -1, -1):
            if _breaks(sums[n, t], odds, factor[n], t, trusted, floor[n], longest, trust, red_line):
                last[n] = t
                break


@compiled
def _count(  # type: ignore[no-untyped-def]
    sums, table, pairs, old, new, odds, factor, trusted, floor, longest, trust, red_line, last, until, order, flags, often,
    broken, most, certain,
):  # fmt: skip
    """Flag the draws that break with the changes, beyond those flagged already; stops above `most`."""
    phases, figures, never = sums.shape[1], sums.shape[2], sums.shape[1] - 1
    x = np.empty(figures)
    for n in order:
        if flags[n]:
            continue
        bad = last[n] > until
        t = 0
        while not bad and t <= until and t < phases:
            for c in range(figures):
                x[c] = sums[n, t, c]
            for q in range(len(pairs)):
                if old[q] < never:
                    w = 0 if old[q] < t else 1 + old[q] - t
                    for c in range(figures):
                        x[c] -= table[pairs[q], n, w, c]
                if new[q] < never:
                    w = 0 if new[q] < t else 1 + new[q] - t
                    for c in range(figures):
                        x[c] += table[pairs[q], n, w, c]
            bad = _breaks(x, odds, factor[n], t, trusted, floor[n], longest, trust, red_line)
            t += 1
        if bad:
            flags[n] = True
            often[n] += 1
            broken += 1
            if n < certain:
                return most + 1
            if broken > most:
                return broken
    return broken
