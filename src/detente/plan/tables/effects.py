"""What one measure adds to each side of each row, by how long before or after the row's phase it enters.

Every quantity of the model is a sum over measures; what measure m adds at phase t depends on t and on its entry phase e only
through the wait w = e - t, and for w < 0 ("in force before") not at all, except for the signals, which are seen `lag` phases
after entry. So a table over waits w = -A .. T-1, with A the longest lag, holds all of it. With run(w, s) the worth of a
measure that runs in phases t .. t+s-1 and then falls to what remains of it (rest: c per phase for ever):

    run(w, s) = d^max(w,0) (k [w >= 0] + v (1 - d^(s - max(w,0))) / (1-d)) + d^s c / (1-d)   for w < s,   0 otherwise

    V    d^max(w,0) (k [w >= 0] + v / (1-d))
    W    c / (1-d) for w < 0;   c = v for the party's sole act if worth having, else r v
    D    the others': run(w, L).   Own: the largest over s = max(0, L - lag) .. L, with c = r v where it is withheld, s < L
    E    W minus: j's own r v / (1-d) for w < 0; anything else run(w, L)
    seen log signal for w <= -lag (not for a measure in force from the start)

This is the textbook way to write the rows, measure by measure; it shares no code with the solver's groups of measures (`rows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance, Party

__all__ = ["Added", "Effects", "Table", "added"]

Table = NDArray[np.float64]
"""Of shape (M, A + T): measure by wait -A .. T-1."""


class Effects:
    """The tables of an instance, with the constants that no measure changes.

    continuation[i], stepping_out[i], deviation[i, L], exposure[i, j, L], seen[i, j]; constant_out[i] etc. are the parts that
    come from the breakdown loss.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.longest = max((m.lag for m in instance.measures), default=1)
        self.wait = np.arange(-self.longest, instance.phases)
        self.continuation: dict[str, Table] = {}
        self.stepping_out: dict[str, Table] = {}
        self.deviation: dict[tuple[str, int], Table] = {}
        self.exposure: dict[tuple[str, str, int], Table] = {}
        self.seen: dict[tuple[str, str], Table] = {}
        self.constant_out: dict[str, float] = {}
        self.constant_deviation: dict[tuple[str, int], float] = {}
        self.constant_exposure: dict[tuple[str, str, int], float] = {}
        self._share = np.array([float(m.irreversible) for m in instance.measures])
        self._lag = np.array([m.lag for m in instance.measures])
        self._log_signal = np.log([1.0 if m.in_force else float(m.signal) for m in instance.measures])
        for party in instance.parties:
            self._add(party)

    def index(self, entry: Any, phase: Any) -> Any:
        """The place in a table's second axis for entry phases (-1: in force from the start) seen from phases 0 .. T."""
        return np.maximum(np.asarray(entry) - phase, -self.longest) + self.longest

    def total(self, table: Table, entry: Mapping[str, int | None], phase: int) -> float:
        """The sum of a table over the measures of a roadmap, seen from a phase."""
        entered = [(n, entry[m.id]) for n, m in enumerate(self.instance.measures)]
        return float(sum(table[n, self.index(e, phase)] for n, e in entered if e is not None))

    def _add(self, party: Party) -> None:
        instance, i = self.instance, party.id
        theirs = {j: np.array([j in m.actors for m in instance.measures], dtype=bool) for j in instance.acting if j != i}
        found = added(
            np.array([float(m.value.get(i, 0)) for m in instance.measures]),
            np.array([float(m.once.get(i, 0)) for m in instance.measures]),
            irreversible=self._share,
            lag=self._lag,
            own=np.array([i in m.actors for m in instance.measures], dtype=bool),
            alone=np.array([m.actors == (i,) for m in instance.measures], dtype=bool),
            theirs=theirs,
            discount=float(party.discount),
            longest=max(instance.lags(i), default=0),
            lags={j: instance.lags(j) for j in theirs},
            wait=self.wait,
        )
        d, loss = float(party.discount), float(party.breakdown)
        self.continuation[i], self.stepping_out[i] = found.continuation, found.stepping_out
        self.constant_out[i] = -loss
        for length, table in found.deviation.items():
            self.deviation[i, length] = table
            self.constant_deviation[i, length] = -(d**length) * loss
        for j, its in theirs.items():
            self.seen[i, j] = np.where(its, self._log_signal, 0.0)[:, None] * (self.wait <= -self._lag[:, None])
        for (j, length), table in found.exposure.items():
            self.exposure[i, j, length] = table
            self.constant_exposure[i, j, length] = d**length * loss - loss


@dataclass(frozen=True)
class Added:
    """What each of M entries in a table adds to the sides of a party's rows, each of shape (M, waits).

    deviation : by L. exposure : by the other party and L.
    """

    continuation: Table
    stepping_out: Table
    deviation: Mapping[int, Table]
    exposure: Mapping[tuple[str, int], Table]


def added(
    v: NDArray[np.float64],
    k: NDArray[np.float64],
    *,
    irreversible: NDArray[np.float64],
    lag: NDArray[np.int64],
    own: NDArray[np.bool_],
    alone: NDArray[np.bool_],
    theirs: Mapping[str, NDArray[np.bool_]],
    discount: float,
    longest: int,
    lags: Mapping[str, Sequence[int]],
    wait: NDArray[np.int64],
) -> Added:
    """The tables of one party, for M measures, or for one measure in M draws of its worth.

    Parameters
    ----------
    v, k, irreversible, lag, own, alone : of shape (M,); own: the party acts; alone: nobody else does.
    theirs : by other party that acts, whether it acts in the measure. lags : by the same, those of its measures.
    longest : the longest lag of the party's own measures; 0: it has none.
    """
    d = discount
    share = irreversible * v
    kept = np.where(alone & (v > 0), v, share)
    before = wait < 0
    late = np.maximum(wait, 0)

    def run(length: int, rest: NDArray[np.float64]) -> Table:
        flow = np.outer(v, d**late * (1 - d ** np.maximum(length - late, 0)) / (1 - d)) + np.outer(k, d**late * ~before)
        return (flow + (d**length / (1 - d) * rest)[:, None]) * (wait < length)

    deviation, exposure = {}, {}
    stepping_out = np.outer(kept / (1 - d), before)
    for length in range(1, longest + 1):
        best = run(length, kept)
        for held in range(length):
            may = own & (held >= length - lag)
            best[may] = np.maximum(best[may], run(held, share)[may])
        deviation[length] = best
    for j, its in theirs.items():
        for length in lags[j]:
            without = np.where(its[:, None], np.outer(share / (1 - d), before), run(length, kept))
            exposure[j, length] = stepping_out - without
    continuation = np.outer(v / (1 - d), d**late) + np.outer(k, d**late * ~before)
    return Added(continuation, stepping_out, deviation, exposure)
