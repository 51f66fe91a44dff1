"""What one measure adds to each side of each row, by how long before or after the row's phase it enters.

Every quantity of the model is a sum over measures; what measure m adds at phase t depends on t and on its entry phase e only
through the wait w = e - t, and for w < 0 ("in force before") not at all, except for the signals, which are seen `lag` phases
after entry. With worth(w, s) what a measure is worth that runs in phases t .. t+s-1 and then falls to what remains of it, c per
phase for ever:

    worth(w, s) = d^max(w,0) (k [w >= 0] + v (1 - d^(s - max(w,0))) / (1-d)) + d^s c / (1-d)   for w < s,   0 otherwise

    V    d^max(w,0) (k [w >= 0] + v / (1-d))
    W    worth(w, 0): c / (1-d) for w < 0;   c = v for the party's sole act if worth having, else r v
    D    worth(w, L) of the others'. Own: the largest over s = max(0, L - lag) .. L, with c = r v where it is withheld, s < L
    E    W minus: j's own r v / (1-d) for w < 0; anything else worth(w, L)
    odds signal for w <= -lag (not for a measure in force from the start)

Only two of the s of an own measure can be best. One that is worth having (v > 0, or v = 0 < k) is kept up, or, if it costs more
to begin than it brings, not begun: s = L, or the first. One that is not is dropped as soon as that can go unseen, or begun for
one phase if beginning pays more than that costs: the first s, or w + 1. If both are as good, what is worth having is kept up.

But for V all this is 0 from w = the longest lag on, so that W, D and E fit into a table of a few waits: the one compiled form
of the model, in which draws, plays, walks and contingencies are reckoned. It shares no code with the certificate or the
programme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.base.uncounted import kernel
from detente.case.instance import Instance

__all__ = ["Figures", "add_up", "constants", "effects_of", "figures_of", "fill", "phases_kept"]

Ints = NDArray[np.int64]


class Figures(NamedTuple):
    """Which figures a party's rows are made of: W, D[1] .. D[longest], then E by other party and lag; C of them.

    longest : the longest lag of the party's own measures, 0 where it has none. toward, length : of shape (X,), by exposure the
    other party, as the caller counts them, and L. depth : the longest of all these lags.
    """

    longest: int
    toward: Ints
    length: Ints

    @property
    def size(self) -> int:
        return 1 + self.longest + len(self.toward)

    @property
    def depth(self) -> int:
        return max([self.longest, *map(int, self.length)])


def figures_of(instance: Instance, party: str, place: Mapping[str, int]) -> Figures:
    """The figures of a party; `place` numbers the other parties that can act."""
    pairs = [(n, lag) for j, n in place.items() if j != party for lag in instance.lags(j)]
    toward, length = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Figures(max(instance.lags(party), default=0), np.ascontiguousarray(toward), np.ascontiguousarray(length))


@kernel
def worth(v, k, left, d, w, s):  # type: ignore[no-untyped-def]
    """What a measure of wait w is worth that runs for s phases and is then worth `left`; in the party's units."""
    if w >= s:
        return 0.0
    x = left
    for _ in range(s - max(w, 0)):
        x = v + d * x
    if w >= 0:
        x += k
        for _ in range(w):
            x *= d
    return x


@kernel
def phases_kept(v, k, r, lag, own, alone, d, w, length):  # type: ignore[no-untyped-def]
    """For how many phases from now on the party keeps a measure of wait w up if it cheats and is found out after `length`;
    `length`: it does not withhold it. own, alone : whether the party acts in it; whether nobody else does."""
    if not own:
        return length
    first = max(0, length - lag)
    ahead = first <= w < length
    if v < 0.0 or (v == 0.0 and k <= 0.0):
        return w + 1 if ahead and k > 0.0 and worth(v, k, r * v / (1.0 - d), d, w, w + 1) > 0.0 else first
    if ahead and k < 0.0:
        kept = v if alone else r * v
        return first if worth(v, k, kept / (1.0 - d), d, w, length) < 0.0 else length
    return length


@kernel
def effects_of(v, k, r, lag, own, alone, theirs, m, d, figures, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (A + 1, C), with what a measure adds to each figure at the waits -1 (any before) .. A - 1.

    v, k : its worth to the party per phase and once. theirs : of shape (others, M), who acts; m : its place there. figures :
    see `Figures`.
    """
    dropped = r * v / (1.0 - d)  # what is left for ever: if it is withheld, and if it is kept up
    kept = v / (1.0 - d) if own and alone and v > 0.0 else dropped
    for row in range(out.shape[0]):
        w = row - 1
        out[row, 0] = worth(v, k, kept, d, w, 0)
        for length in range(1, figures.longest + 1):
            s = phases_kept(v, k, r, lag, own, alone, d, w, length)
            out[row, length] = worth(v, k, kept if s == length else dropped, d, w, s)
        for x in range(len(figures.toward)):
            stops = theirs[figures.toward[x], m]
            left = worth(v, k, dropped, d, w, 0) if stops else worth(v, k, kept, d, w, figures.length[x])
            out[row, 1 + figures.longest + x] = out[row, 0] - left


@kernel
def fill(v, k, r, lag, own, alone, theirs, d, figures, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (M, A + 1, C), with the effects of M measures; every argument of a measure is of shape (M,)."""
    for m in range(len(v)):
        effects_of(v[m], k[m], r[m], lag[m], own[m], alone[m], theirs, m, d, figures, out[m])


@kernel
def constants(B, d, figures, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (C,), with what the breakdown loss B, 0 or more, adds to each figure."""
    out[0] = -B
    lost = B
    for length in range(1, figures.longest + 1):
        lost *= d
        out[length] = -lost
    for x in range(len(figures.toward)):
        out[1 + figures.longest + x] = d ** figures.length[x] * B - B


@kernel
def add_up(v, k, effects, entry, last, d, start, fixed, before, value, figures):  # type: ignore[no-untyped-def]
    """Sum the effects of a schedule over its measures; slot s stands for phase start + s, and for all later ones if it is the
    last and nothing enters then.

    effects : (M, A + 1, C), as `effects_of` makes them. entry : (M,), counted up to `last`, (M,). fixed : (C,), of
    `constants`. before : (S, C + 1), room. value : (S,), filled with V. figures : (S, C), filled with W, D, E.
    """
    slots, C, depth = len(value), len(fixed), effects.shape[1] - 1
    for s in range(slots):
        value[s] = before[s, C] = 0.0
        for c in range(C):
            before[s, c] = 0.0
            figures[s, c] = fixed[c]
    for m in range(len(entry)):
        if entry[m] > last[m] or (v[m] == 0.0 and k[m] == 0.0):
            continue
        s, held = entry[m] - start, v[m] / (1.0 - d)
        if s >= 0:
            value[s] += k[m] + held
            for w in range(min(depth, s + 1)):
                for c in range(C):
                    figures[s - w, c] += effects[m, w + 1, c]
        at = max(s + 1, 0)
        before[at, C] += held
        for c in range(C):
            before[at, c] += effects[m, 0, c]
    for s in range(slots - 2, -1, -1):
        value[s] += d * value[s + 1]
    for s in range(slots):
        if s:
            for c in range(C + 1):
                before[s, c] += before[s - 1, c]
        value[s] += before[s, C]
        for c in range(C):
            figures[s, c] += before[s, c]
