"""Every row of a roadmap in many draws, kept as sums over its measures, so that a changed roadmap is tried by what it changes.

To a party every side of every row is a sum over measures, and what a measure adds depends on its entry phase and on its own
worth alone (module `worth`); an act that is taken alone adds something even where the roadmap leaves it out. So for N draws the
sums are kept, and a roadmap that differs in a few entries is tried by adding the difference. The sums of one party, by draw n
and phase t:

    slack[n,t,0]        V - W;   slack[n,t,L]   V - D[L]
    exposure[n,t,j,M]   E[j,t,M], against odds[j,t] (V - W) and the red line
    doubt[n,t,j,M,L]    U[j,t,M,L], against odds[j,t] (V - D[L])

Which rows there are depends on the roadmap alone (module `duties`), and on lags where these are drawn; a roadmap that is no
process has none. Odds depend on the draw where trust is a range, by a factor, and where signals or lags are. Draws that
broke often before are tried first, so that a roadmap that breaks in too many is given up early; the count, where it is not
given up, does not depend on that.

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
from detente.plan.tables.layout import Layout, asked, factors, lags_in, layout, longest_in, odds, possible_lags, signals_in
from detente.plan.tables.party_rows import TOLERANCE
from detente.plan.tables.worth import Figures, begins_of, begun_alone, begun_worth, constants, effects_of, figures_of, worth

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
    """The sums of one party, for N draws; C figures: V - W, V - D[1] .., then exposures, then doubts.

    table : of shape (pairs, N, T + 1, C), what each touching measure adds: at 0 once in force, at 1 + wait before.
    pair : of shape (M,), the place in the table, or -1. starter : of shape (M,), the place among acts taken alone, or -1.
    ahead : of shape (Z, N), their G. begun : of shape (N or 1, Z, T + 1, A + 1, C), what G is multiplied by. concerns : of
    shape (M,), whether any row depends on a measure. signs : of shape (M,), whether any odds do. lags, signals : of shape (N or
    1, M). longest : of shape (N or 1,), the longest lag of the party's own measures. sums : of shape (N, T + 1, C). asked : of
    shape (N or 1, 1 + X, T + 1), which rows there are. odds : of shape (N or 1, P, T + 1), before the factor of the draw, of
    shape (N, P). floor : of shape (N,). last : the last phase with a broken row, -1: none.
    """

    layout: Layout
    table: Floats
    pair: Ints
    starter: Ints
    ahead: Floats
    begun: Floats
    concerns: NDArray[np.bool_]
    signs: NDArray[np.bool_]
    lags: Ints
    signals: Floats
    longest: Ints
    constant: Floats
    floor: Floats
    sums: Floats
    asked: NDArray[np.bool_]
    odds: Floats
    factor: Floats
    last: Ints

    @property
    def figures(self) -> Figures:
        return self.layout.figures

    def odds_of(self, entry: Ints) -> Floats:
        return odds(self.layout, entry, self.lags, self.signals)

    def asked_of(self, entry: Ints) -> NDArray[np.bool_]:
        return asked(self.layout, entry, self.lags)

    def add(self, m: int, entry: int, sign: float) -> None:
        """Add `sign` times what a measure that enters in phase `entry` brings; what is taken alone brings something anyway."""
        if self.pair[m] >= 0 and entry < self.layout.phases:
            _add(self.sums, self.table[self.pair[m]], entry, sign)
        if self.starter[m] >= 0:
            _add_begun(self.sums, self.begun[:, self.starter[m]], self.ahead[self.starter[m]], entry, sign)


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
            side.odds, side.asked = side.odds_of(entry), side.asked_of(entry)
            for m in range(len(entry)):
                side.add(m, int(entry[m]), 1.0)
            self._judge(side)
        self._taken = 0
        self._reorder()

    def take(self, change: Change) -> None:
        """Take the roadmap with these changes; after many of them work the sums out anew, so that rounding cannot grow."""
        entry = self._changed(change)
        self._taken += 1
        if self._taken >= _RENEW:
            self.place(entry)
            return
        for side in self._sides:
            for m in change:
                side.add(m, int(self.entry[m]), -1.0)
                side.add(m, int(entry[m]), 1.0)
            side.odds, side.asked = side.odds_of(entry), side.asked_of(entry)
            self._judge(side)
        self.entry = entry
        self._reorder()

    def _changed(self, change: Change) -> Ints:
        entry = self.entry.copy()
        entry[list(change)] = list(change.values())
        return entry

    def _judge(self, side: _Side) -> None:
        rows = side.figures, side.longest, side.asked, *self._asked(side)
        _last_broken(side.sums, side.odds, side.factor, side.floor, *rows, side.last)

    def _reorder(self) -> None:
        often = -self._often
        often[: self.certain] = -np.iinfo(np.int64).max
        self._order = np.argsort(often, kind="stable")

    def is_tight(self) -> bool:
        """Whether some row of a certain draw is so narrow that rounding could decide it."""
        return any(self._is_tight(side, n) for side in self._sides for n in range(self.certain))

    def _is_tight(self, side: _Side, n: int) -> bool:
        x, f, odds = side.sums[n], side.figures, side.odds[n % len(side.odds)] * side.factor[n][:, None]
        exposures, doubts = 1 + f.deviations, 1 + f.deviations + len(f.toward)
        trust, red_line = self._asked(side)
        own, there = side.asked[n % len(side.asked)][0], side.asked[n % len(side.asked)][1:].T
        longest, exposure = int(side.longest[n % len(side.longest)]), x[:, exposures:doubts]
        rows = [x[own, : longest + 1].ravel(), (red_line - exposure)[there]]
        if trust:
            rows.append((odds[f.toward].T * x[:, :1] - exposure)[there])
            doubted = odds[f.toward[f.doubted]].T * x[:, f.found] - x[:, doubts:]
            rows.append(doubted[there[:, f.doubted] & (f.found < longest + f.length[f.doubted])])
        near = _NEAR * side.floor[n]
        return any(bool((abs(r) < -near * (1 + abs(r))).any()) for r in rows)

    def broken(self) -> int:
        """In how many draws the roadmap breaks; one more than there are where it breaks in a certain one."""
        return self.breaks({}, self.count)

    def breaks(self, change: Change, most: int) -> int:
        """In how many draws the roadmap with these changes breaks; more than `most`: given up, or broken in a certain draw."""
        self.tried += 1
        entry = self._changed(change)
        places = np.array(list(change), dtype=np.int64)
        flags = np.zeros(self.count, dtype=bool)
        touched = []
        for side in self._sides:
            there, signs = side.asked_of(entry), bool(side.signs[places].any())
            if side.concerns[places].any() or (self.trust and signs) or there[0, 0, 0] != side.asked[0, 0, 0]:
                touched.append((side, there, signs))
            else:
                flags |= side.last >= 0
        if flags[: self.certain].any() or flags.sum() > most:
            return self.count + 1
        touched.sort(key=lambda s: -int((s[0].last >= 0).sum()))
        broken = int(flags.sum())
        for side, there, signs in touched:
            often = side.odds_of(entry) if signs else side.odds
            until = self.instance.phases
            if not signs and there[0, 0, 0] == side.asked[0, 0, 0]:
                until = min(until, int(np.maximum(self.entry[places], entry[places]).max(initial=0)))
            broken = _count(
                side.sums, side.table, side.pair[places], side.starter[places], side.ahead, side.begun, self.entry[places],
                entry[places], often, side.factor, side.floor, side.figures, side.longest, there, *self._asked(side), side.last,
                until, self._order, flags, self._often, broken, most, self.certain,
            )  # fmt: skip
            if broken > most:
                return self.count + 1
        return broken

    def _asked(self, side: _Side) -> tuple[bool, float]:
        return self.trust, side.layout.red_line if self.red_lines else np.nan

    def _side(self, party: str, quantities: tuple[Quantity, ...], values: Floats) -> _Side:
        a, phases = layout(self.instance, party, quantities), self.instance.phases

        def drawn(likely: float, at: int) -> Floats:
            return np.full(self.count, likely) if at < 0 else values[:, at]

        loss, figures, d = drawn(a.breakdown, a.breakdown_at), a.figures.size, drawn(a.discount, a.discount_at)
        drift = drawn(a.stalemate, a.stalemate_at) / (1 - d)
        lags, signals = lags_in(a, values), signals_in(a, values)
        constant = np.empty((self.count, figures))
        _fixed(drift - loss, d, a.figures, constant)
        pair, starter = np.full((2, len(self.instance.measures)), -1)
        starter[a.starters.place] = np.arange(len(a.starters.place))
        ahead = np.zeros((len(a.starters.place), self.count))
        begun = np.repeat(a.starters.begun[None], self.count if a.anew_alone else 1, axis=0)
        for z, n in enumerate(a.starters.place if a.anew_alone else ()):
            lag = np.broadcast_to(lags[:, n], self.count)
            _begun_in_draws(a.begins[z], lag, a.own[n], a.theirs, n, d, a.figures, a.takes[n], begun[:, z])
        begun[..., : a.figures.deviations + 1] *= -1
        tables: list[Floats] = []
        known: dict[tuple[str, bool], int] = {}
        scale = np.zeros(self.count)
        for n, m in enumerate(self.instance.measures):
            if a.value_at[n] < 0 and a.once_at[n] < 0 and a.value[n] == 0 and a.once[n] == 0:
                continue
            v = drawn(a.value[n], a.value_at[n]) * (1 if a.value_at[n] < 0 else a.share[n])
            k = drawn(a.once[n], a.once_at[n]) * (1 if a.once_at[n] < 0 else a.share[n])
            scale += abs(v) + abs(k)
            alike = m.whole, bool(starter[n] >= 0)
            if alike not in known:
                known[alike] = len(tables)
                tables.append(np.empty((self.count, phases + 1, figures)))
                terms = drawn(a.irreversible[n], a.irreversible_at[n]), np.broadcast_to(lags[:, n], self.count), d
                _written_out(a, v, k, *terms, n, np.empty((a.figures.depth + a.work + 1, figures)), tables[-1])
            pair[n] = known[alike]
            if starter[n] >= 0:
                ahead[starter[n]] = begun_worth(v, k, a.early[n], d)
        shape = (self.count, phases + 1, figures)
        return _Side(
            layout=a,
            table=np.stack(tables) if tables else np.zeros((0, *shape)),
            pair=pair,
            starter=starter,
            ahead=ahead,
            begun=begun,
            concerns=(pair >= 0) | (a.due != 0).any(axis=0),
            signs=(signals != 1).any(axis=0) & a.theirs.any(axis=0),
            lags=lags,
            signals=signals,
            longest=longest_in(a, lags),
            constant=constant,
            floor=-TOLERANCE * (scale / (1 - d) + loss + abs(drift)),
            sums=np.zeros(shape),
            asked=np.zeros((1, 1, 1), dtype=bool),
            odds=np.zeros((1, 1, 1)),
            factor=factors(a, values),
            last=np.full(self.count, -1, dtype=np.int64),
        )


def sample_that_fits(instance: Instance, quantities: tuple[Quantity, ...], wanted: int) -> int:
    """How many draws fit into the memory that the tables may take, at least a few."""
    each, lags = 0, possible_lags(instance, quantities)
    for p in instance.parties:
        f = figures_of(instance, p.id, {j: n for n, j in enumerate(instance.acting)}, lags)
        touching = len({m.whole for m in instance.measures if m.touches(p.id)})
        alone = len(begins_of(instance, 0)) if any(q.kind in ("discount", "lag") for q in quantities) else 0
        each += 8 * f.size * (instance.phases + 1) * (touching + alone * (f.depth + 1))
    return max(_LEAST, min(wanted, int(MEMORY // max(each, 1))))


@kernel
def _fixed(after, d, figures, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (N, C), with what the drift less the breakdown loss, of shape (N,), adds to each figure."""
    for n in range(len(after)):
        constants(after[n], d[n], figures, out[n])
        for c in range(figures.deviations + 1):
            out[n, c] = -out[n, c]


@kernel
def _written_out(a, v, k, r, lag, d, m, effects, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (N, T + 1, C), with what measure m adds to each figure by draw and wait -1 .. T - 1.

    a : `Layout`. v, k, r, lag, d : of shape (N,). effects : of shape (A + 1, C), room.
    """
    kept, starter = a.acts.kept[m], a.acts.ready[m] >= 0
    for n in range(len(v)):
        effects_of(v[n], k[n], r[n], lag[n], a.own[m], kept, starter, a.theirs, m, d[n], a.figures, effects, a.takes[m])
        held = going_on = v[n] / (1.0 - d[n])
        for row in range(out.shape[1]):
            if row == 1:
                going_on += k[n]
            elif row > 1:
                going_on *= d[n]
            if row and a.early[m]:
                going_on = worth(v[n], k[n], held, d[n], row - 1, row, a.early[m])
            for c in range(out.shape[2]):
                x = effects[row, c] if row < effects.shape[0] else 0.0
                out[n, row, c] = x if c > a.figures.deviations else going_on - x


@kernel
def _begun_in_draws(begins, lag, own, theirs, m, d, figures, takes, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (N, T + 1, A + 1, C), with what an act adds by beginning alone. lag, d : of shape (N,)."""
    for n in range(len(d)):
        begun_alone(begins, lag[n], own, theirs, m, d[n], figures, out[n], takes)


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
def _add_begun(sums, begun, ahead, entry, sign):  # type: ignore[no-untyped-def]
    """The same for what an act adds by beginning alone. begun : of shape (N or 1, T + 1, A + 1, C). ahead : of shape (N,)."""
    T, most = sums.shape[1] - 1, begun.shape[2] - 1
    for n in range(sums.shape[0]):
        factors = begun[n % len(begun)]
        for t in range(T + 1):
            w = most if entry >= T else min(entry - t, most)
            if w >= 0:
                for c in range(sums.shape[2]):
                    sums[n, t, c] += sign * ahead[n] * factors[t, w, c]


@compiled
def _breaks(x, odds, factor, t, floor, f, longest, asked, trust, red_line):  # type: ignore[no-untyped-def]
    """Whether some row of a party's phase t breaks in a draw; x: its figures there. f : `Figures`."""
    if not asked[0, t]:
        return False
    for c in range(longest + 1):
        if x[c] < floor:
            return True
    exposures, doubts = 1 + f.deviations, 1 + f.deviations + len(f.toward)
    for e in range(len(f.toward)):
        if asked[1 + e, t]:
            exposure = x[exposures + e]
            o = odds[f.toward[e], t] * factor[f.toward[e]]
            if trust and o * x[0] - exposure < floor * (1.0 + o):
                return True
            if red_line - exposure < floor:  # never so where there is none (nan)
                return True
    for y in range(len(f.found) if trust else 0):
        e = f.doubted[y]
        if asked[1 + e, t] and f.found[y] < longest + f.length[e]:
            o = odds[f.toward[e], t] * factor[f.toward[e]]
            if o * x[f.found[y]] - x[doubts + y] < floor * (1.0 + o):
                return True
    return False


@compiled
def _last_broken(sums, odds, factor, floor, f, longest, asked, trust, red_line, last):  # type: ignore[no-untyped-def]
    """Set last, of shape (N,), to the last phase with a broken row in each draw, -1: none. sums .. red_line : as in `_Side`."""
    for n in range(sums.shape[0]):
        last[n] = -1
        o, rows, own = odds[n % len(odds)], asked[n % len(asked)], longest[n % len(longest)]
        for t in range(sums.shape[1] - 1, -1, -1):
            if _breaks(sums[n, t], o, factor[n], t, floor[n], f, own, rows, trust, red_line):
                last[n] = t
                break


@compiled
def _count(  # type: ignore[no-untyped-def]
    sums, table, pairs, starters, ahead, begun, old, new, odds, factor, floor, f, longest, asked, trust, red_line, last, until,
    order, flags, often, broken, most, certain,
):  # fmt: skip
    """Flag the draws that break with the changes, beyond those flagged already; stops above `most`."""
    phases, figures, never = sums.shape[1], sums.shape[2], sums.shape[1] - 1
    depth = begun.shape[3] - 1
    x = np.empty(figures)
    for n in order:
        if flags[n]:
            continue
        o, rows, own = odds[n % len(odds)], asked[n % len(asked)], longest[n % len(longest)]
        alone = begun[n % len(begun)]
        bad = last[n] > until
        t = 0
        while not bad and t <= until and t < phases:
            for c in range(figures):
                x[c] = sums[n, t, c]
            for q in range(len(pairs)):
                for side in range(2):
                    entry, sign = (old[q], -1.0) if side == 0 else (new[q], 1.0)
                    if pairs[q] >= 0 and entry < never:
                        w = 0 if entry < t else 1 + entry - t
                        for c in range(figures):
                            x[c] += sign * table[pairs[q], n, w, c]
                    if starters[q] >= 0 and entry >= t:
                        w = depth if entry >= never else min(entry - t, depth)
                        for c in range(figures):
                            x[c] += sign * ahead[starters[q], n] * alone[starters[q], t, w, c]
            bad = _breaks(x, o, factor[n], t, floor[n], f, own, rows, trust, red_line)
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
